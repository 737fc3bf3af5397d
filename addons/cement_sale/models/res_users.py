# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.fields import Domain

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

    def _get_cement_guard_cement_cart(self) -> list:
        """The own requests, and of colleagues those that hold nothing from outside
        the own limits: the page of a request shows all its lines with prices."""
        outside = [
            Domain("partner_id", "=", scope.partner_id)
            & Domain.OR(
                [
                    *(
                        [Domain("agreement_id", "not in", scope.agreement_ids)]
                        if scope.agreement_ids
                        else []
                    ),
                    *(
                        [
                            Domain("site_id", "!=", False)
                            & Domain("site_id", "not in", scope.site_ids)
                        ]
                        if scope.site_ids
                        else []
                    ),
                ]
            )
            for scope in self._cement_scopes()
            if scope.agreement_ids or scope.site_ids
        ]
        domain = self._get_cement_guard("cement.cart")
        if not outside:
            return domain
        return [
            "&",
            "|",
            ("user_id", "=", self.id),
            ("line_ids", "not any", list(Domain.OR(outside))),
            *domain,
        ]

    def _get_cement_guard_sale_order_line(self) -> list:
        return [("order_id", "any", self._get_cement_guard("sale.order"))]

    def _get_cement_guard_cement_order_event(self) -> list:
        return [("order_id", "any", self._get_cement_guard("sale.order"))]

    def _get_cement_guard_account_move(self) -> list:
        """Invoices name no contract and no site: who is limited to some sees those
        of the orders within the limits only."""
        guards = self._get_cement_guards()
        limited, free = [], []
        for scope in self._cement_scopes():
            is_limited = scope.agreement_ids or scope.site_ids
            (limited if is_limited else free).append(scope)
        domain = access.guard_domain(free, guards["account.move"], self.id)
        if not limited:
            return domain
        orders = access.guard_domain(limited, guards["sale.order"], self.id)
        within = [("sale_line_ids", "any", [("order_id", "any", orders)])]
        beyond = [("sale_line_ids", "any", [("order_id", "not any", orders)])]
        return [
            "|",
            *domain,
            "&",
            "&",
            ("line_ids", "any", within),
            ("line_ids", "not any", beyond),
            *access.guard_domain(limited, guards["account.move"], self.id),
        ]

    def _get_cement_guard_account_move_line(self) -> list:
        return [("move_id", "any", self._get_cement_guard_account_move())]

    def _get_cement_guard_stock_picking(self) -> list:
        return [("sale_id", "any", self._get_cement_guard("sale.order"))]
