# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import roles


class CementPortalShell(models.AbstractModel):
    _inherit = "cement.portal.shell"

    @api.model
    def _get_cement_nav(self, partner):
        """Override of `cement_portal` to add the shipments."""
        entries = super()._get_cement_nav(partner)
        if partner and self._can(roles.SEE, partner):
            entries.append(
                {
                    "key": "shipments",
                    "label": self.env._("Shipments"),
                    "url": "/my/shipments",
                    "icon": "truck",
                    "sequence": 35,
                    "phone": 3.5,
                    "pages": ("shipment",),
                }
            )
        return entries
