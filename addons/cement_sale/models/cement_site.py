# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models

from odoo.addons.cement_base.models.cement_site import ACCESS_DAYS


class CementSite(models.Model):
    _inherit = "cement.site"

    def _prepare_demand_facts(self, specification_line, partner) -> dict:
        """Return the facts of this site (or of none) for the order gate."""
        if not self:
            return {"site_name": ""}
        self.ensure_one()
        agreed_site = specification_line.site_id
        return {
            "site_name": self.name,
            "site_known": self.partner_id == partner
            and (not agreed_site or agreed_site == self),
            "site_active": self.active,
            "site_fits_method": self._fits_method(
                specification_line.delivery_method_id
            ),
            "access_weekdays": frozenset(
                weekday for weekday, name in enumerate(ACCESS_DAYS) if self[name]
            ),
        }
