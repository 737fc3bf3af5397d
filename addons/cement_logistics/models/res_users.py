# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import access


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_cement_guards(self):
        """Override of `cement_base` to guard shipments by columns of their own."""
        return {
            **super()._get_cement_guards(),
            "stock.picking": access.GuardFields(
                "counterparty_id",
                agreement="agreement_id",
                site="site_id",
                author="ordered_by_id",
                extra=(("is_cement", "=", True),),
            ),
        }

    def _get_cement_guard_stock_picking(self) -> list:
        """Override of `cement_sale`: stored columns instead of a walk to the order."""
        return self._get_cement_guard("stock.picking")
