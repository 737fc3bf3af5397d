# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementDispatchCommon


@tagged("post_install", "-at_install")
class TestToursPhone(CementDispatchCommon, CementPortalHttpCommon):
    browser_size = "360x740"
    touch_enabled = True

    def test_change_and_pickup(self):
        order = self._create_pickup()
        # too late to edit the order, not to ask
        order._cement_set_state("reserve_allowed", "manager")
        slot = self._create_slot()
        self.start_tour(
            f"/my/orders/{order.id}",
            "cement_dispatch_client",
            login=self.owner.login,
            timeout=120,
        )
        request = order.change_request_ids
        self.assertEqual((request.kind, request.new_quantity), ("quantity", 15.0))
        self.assertEqual(slot.booked, 1)
        self.assertEqual(order.picking_ids.pass_id.driver_name, "Ivan")


@tagged("post_install", "-at_install")
class TestToursDesk(CementDispatchCommon, CementPortalHttpCommon):
    def test_board(self):
        order = self._create_order()
        order.promised_date = self.today
        self.dispatcher.company_id = self.supplier
        self.start_tour(
            "/odoo/action-cement_logistics_dispatch.cement_dispatch_board_action"
            f"?cids={self.supplier.id}",
            "cement_dispatch_board",
            login=self.dispatcher.login,
            timeout=120,
        )
        self.assertEqual((order.promised_date - self.today).days, 1)

    def test_weeks_in_the_cart(self):
        cart = self._create_cart()
        self.start_tour(
            f"/my/carts/{cart.id}",
            "cement_dispatch_weeks",
            login=self.owner.login,
            timeout=120,
        )
        self.assertEqual(len(cart.line_ids), 3)
        self.assertEqual(cart.line_ids.mapped("desired_from"), [8.5] * 3)
