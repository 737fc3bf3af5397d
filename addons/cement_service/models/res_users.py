# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import access


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_cement_guards(self):
        """Override of `cement_base` to guard claims as orders are guarded."""
        return {
            **super()._get_cement_guards(),
            "cement.claim": access.GuardFields(
                "partner_id",
                agreement="agreement_id",
                site="site_id",
                author="author_id",
            ),
        }
