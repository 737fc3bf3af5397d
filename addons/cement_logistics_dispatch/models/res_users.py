# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import access


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_cement_guards(self):
        """Override of `cement_base`: passes and change requests are seen by whoever
        sees their order."""
        by_order = access.GuardFields(
            "partner_id",
            agreement="agreement_id",
            site="site_id",
            author="ordered_by_id",
        )
        return {
            **super()._get_cement_guards(),
            "cement.change.request": by_order,
            "cement.loading.pass": by_order,
        }
