# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.http import request, route

from odoo.addons.cement_portal.controllers.carts import CementCarts
from odoo.addons.cement_portal.controllers.orders import CementOrders


class CementDispatchCarts(CementCarts):
    """Wished hours on the lines of the cart, and weeks that repeat."""

    @staticmethod
    def _get_line_fields():
        """Override of `cement_portal` to let the hours be changed."""
        return CementCarts._get_line_fields() | {"desired_from", "desired_to"}

    @route(
        "/my/cement/cart/weeks",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_weeks(self, cart_id=None, weeks=None, page=1, **_kwargs):
        """Repeat the request in each of the next weeks; ``added`` lines go away
        again by «undo»."""
        cart = self._get_cart(cart_id)
        report = cart._repeat_weeks(weeks)
        return self._answer(cart, page, added=report["line_ids"])


class CementDispatchOrders(CementOrders):
    def _clean_changes(self, changes):
        """Override of `cement_portal` to take the wished hours."""
        clean = super()._clean_changes(changes)
        if isinstance(changes, dict):
            clean |= {
                name: self._as_text(changes[name], 8)
                for name in ("desired_from", "desired_to")
                if name in changes
            }
        return clean

    @route(
        "/my/cement/order/<int:order_id>/changes",
        type="jsonrpc",
        auth="user",
        readonly=True,
    )
    def cement_order_changes(self, order_id):
        """Return the requests and the pick-up of an open page as they are now."""
        order = self._browse("sale.order", order_id)
        values = {
            "changes": request.env["cement.change.request"]._portal_rows_of(order),
            "pickup": order._portal_pickup(),
            "order": order._member_sudo(),
        }
        return {
            "changes": self._render_fragment(
                "cement_logistics_dispatch.order_changes", values
            ),
            "pickup": self._render_fragment(
                "cement_logistics_dispatch.order_pickup", values
            ),
        }
