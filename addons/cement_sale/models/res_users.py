# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import access, roles


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_cement_guards(self):
        """Override of `cement_base` to guard orders, carts and their documents."""
        return {
            **super()._get_cement_guards(),
            "cement.cart": access.GuardFields(
                "partner_id", author="user_id", capability=roles.ORDER
            ),
            "cement.cart.line": access.GuardFields(
                "partner_id",
                agreement="agreement_id",
                site="site_id",
                author="author_id",
                capability=roles.ORDER,
            ),
            "sale.order": access.GuardFields(
                "counterparty_id",
                agreement="agreement_id",
                site="site_id",
                author="ordered_by_id",
                extra=(("is_cement", "=", True), ("state", "!=", "draft")),
            ),
            "account.move": access.GuardFields(
                "commercial_partner_id",
                capability=roles.FINANCE,
                extra=(
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ),
            ),
        }

    def _get_cement_guard_sale_order_line(self) -> list:
        return [("order_id", "any", self._get_cement_guard("sale.order"))]

    def _get_cement_guard_cement_order_event(self) -> list:
        return [("order_id", "any", self._get_cement_guard("sale.order"))]

    def _get_cement_guard_account_move_line(self) -> list:
        return [("move_id", "any", self._get_cement_guard("account.move"))]

    def _get_cement_guard_stock_picking(self) -> list:
        return [("sale_id", "any", self._get_cement_guard("sale.order"))]
