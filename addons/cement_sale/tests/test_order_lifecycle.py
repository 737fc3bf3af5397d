# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools import lifecycle
from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestOrderLifecycle(CementSaleCommon):
    """F85, F165, F166, F201 to F204: the states and what they allow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_manager()
        cls.order = cls._create_order(20)
        cls.inside = cls.order.with_user(cls.manager)
        cls.mine = cls.order.with_env(cls.portal_env(cls.owner))

    def test_whole_way(self):
        for state in (
            "processing",
            "reserve_partial",
            "reserve_allowed",
            "assembling",
            "shipping",
            "shipped",
            "delivered",
            "closed",
        ):
            self.inside._cement_set_state(state, "onec", note="as told")
            self.assertEqual(self.order.cement_state, state)
        self.assertEqual(len(self.order.status_event_ids), 9)
        event = self.order.status_event_ids[-1]
        self.assertEqual(
            (event.state, event.source, event.note, event.user_id),
            ("closed", "onec", "as told", self.manager),
        )

    def test_not_backwards(self):
        self.inside._cement_set_state("shipping", "onec")
        with self.assertRaisesRegex(UserError, self.order.name):
            self.inside._cement_set_state("processing", "onec")
        with self.assertRaises(UserError):
            self.inside._cement_set_state("processing", "manager", force=True)
        lifter = self._create_manager("lifter", "cement_base.group_gate_override")
        self.order.with_user(lifter)._cement_set_state(
            "processing", "manager", force=True
        )
        self.assertEqual(self.order.cement_state, "processing")

    def test_twice_is_once(self):
        self.inside._cement_set_state("processing", "onec")
        self.assertFalse(self.inside._cement_set_state("processing", "onec"))
        self.assertEqual(len(self.order.status_event_ids), 2)

    def test_time_of_the_books(self):
        self.inside._cement_set_state("shipped", "onec", date="2026-01-15 10:00:00")
        self.assertEqual(str(self.order.cement_state_date), "2026-01-15 10:00:00")

    def test_unknown_state(self):
        with self.assertRaises(UserError):
            self.inside._cement_set_state("paid", "onec")

    def test_allowed_actions(self):
        labels = dict(self.order._selection_cement_state())
        for state in lifecycle.STATES:
            self.order.sudo().cement_state = state
            order = self.mine
            order.invalidate_recordset()
            self.assertEqual(order.can_edit, lifecycle.can_edit(state), state)
            self.assertEqual(order.can_cancel, lifecycle.can_cancel(state), state)
            self.assertTrue(order.can_copy)
            self.assertEqual(bool(order.edit_reason), not order.can_edit)
            self.assertEqual(bool(order.cancel_reason), not order.can_cancel)
            if order.edit_reason:
                self.assertIn(labels[state], order.edit_reason)

    def test_edit_is_closed_in_assembling(self):
        self.inside._cement_set_state("assembling", "onec")
        with self.assertRaises(UserError):
            self.mine._cement_edit({"quantities": {self.order.order_line.id: 5}})
        with self.assertRaises(UserError):
            self.mine._cement_cancel()
        with self.assertRaises(UserError):
            self.inside.action_cancel()
        self.assertEqual(self.order.state, "sale")

    def test_cancel_by_the_member(self):
        self.mine._cement_cancel("\x00changed our plans")
        self.assertEqual(
            (self.order.state, self.order.cement_state), ("cancel", "cancelled")
        )
        self.assertEqual(self.order.picking_ids.mapped("state"), ["cancel"])
        event = self.order.status_event_ids[-1]
        self.assertEqual((event.source, event.note), ("portal", "changed our plans"))
        self.assertEqual(event.user_id, self.owner)

    def test_cancel_from_a_list(self):
        """The dialog of the list obeys the life cycle and moves the status."""
        wizard = self.inside.env["sale.mass.cancel.orders"]
        wizard.create({"sale_order_ids": self.inside.ids}).action_mass_cancel()
        self.assertEqual(
            (self.order.state, self.order.cement_state), ("cancel", "cancelled")
        )
        late = self._create_order(20.0)
        late._cement_set_state("assembling", "onec")
        with self.assertRaises(UserError):
            wizard.create({"sale_order_ids": late.ids}).action_mass_cancel()
        with self.assertRaises(AccessError):
            late.with_env(self.inside.env).write({"state": "cancel"})
        self.assertEqual((late.state, late.cement_state), ("sale", "assembling"))

    def test_two_clients_never_share_an_order(self):
        stranger = self._create_counterparty("Stranger")
        for vals in (
            {"partner_id": stranger.id},
            {"site_id": self._create_site(stranger).id},
            {"agreement_id": self._create_agreement(stranger).id},
        ):
            with self.assertRaises(ValidationError, msg=vals), self.env.cr.savepoint():
                self.inside.write(vals)

    def test_cancel_by_the_manager(self):
        self.inside.action_cancel()
        self.assertEqual(self.order.cement_state, "cancelled")
        self.assertEqual(self.line_bulk.volume_ordered, 0)

    def test_cancelled_comes_back_by_right_only(self):
        self.inside.action_cancel()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.inside.action_draft()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "cancel")
        lifter = self._create_manager("lifter", "cement_base.group_gate_override")
        order = self.order.with_user(lifter)
        order.action_draft()
        self.assertEqual((order.state, order.cement_state), ("draft", "new"))
        order.action_confirm()
        self.assertEqual((order.state, order.cement_state), ("sale", "new"))

    def test_cancel_when_goods_have_left(self):
        picking = self.order.picking_ids
        picking.move_ids.write({"quantity": 20, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        # with the logistics addons the order is shipped by then, and says so
        with self.assertRaisesRegex(UserError, "left|Shipped"):
            self.mine._cement_cancel()
        boss = self._create_internal_user("boss", "cement_base.group_cement_admin")
        with self.assertRaises(UserError):
            self.order.with_user(boss).action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")

    def test_buttons_of_the_manager(self):
        self.inside.action_cement_processing()
        seen = [self.order.cement_state]
        for _step in range(6):
            self.inside.action_cement_next()
            seen.append(self.order.cement_state)
        self.assertEqual(
            seen,
            [
                "processing",
                "reserve_allowed",
                "assembling",
                "shipping",
                "shipped",
                "delivered",
                "closed",
            ],
        )
        self.inside.action_cement_next()
        self.assertEqual(self.order.cement_state, "closed")

    def test_locked_orders_are_cancelled_too(self):
        self.order.action_lock()
        self.mine._cement_cancel()
        self.assertEqual(self.order.state, "cancel")

    def test_colleague_and_stranger(self):
        buyer = self._create_member(self.client, "buyer").user_id
        privileged = self._create_member(self.client, "privileged").user_id
        viewer = self._create_member(self.client, "viewer").user_id
        stranger = self._create_member(self._create_counterparty(), "owner").user_id
        for user in (buyer, viewer, stranger):
            with self.assertRaises(AccessError):
                self.order.with_env(self.portal_env(user))._cement_cancel()
        self.order.with_env(self.portal_env(privileged))._cement_cancel()
        self.assertEqual(self.order.cement_state, "cancelled")

    def test_buyer_changes_the_own_order(self):
        buyer = self._create_member(self.client, "buyer").user_id
        order = self._create_order(10, buyer)
        mine = order.with_env(self.portal_env(buyer))
        mine._cement_edit({"quantities": {order.order_line.id: 12}})
        self.assertEqual(order.load_mass, 12)

    def test_favourite(self):
        """F13: marked by each person for oneself."""
        self.assertTrue(self.mine._toggle_favourite())
        self.assertEqual(self.order.favourite_user_ids, self.owner)
        viewer = self._create_member(self.client, "viewer").user_id
        self.order.with_env(self.portal_env(viewer))._toggle_favourite()
        self.assertEqual(self.order.favourite_user_ids, self.owner | viewer)
        self.assertFalse(self.mine._toggle_favourite())
        self.assertEqual(self.order.favourite_user_ids, viewer)

    def test_plain_orders_are_left_alone(self):
        product = self.env["product.product"].create({"name": "Pen"})
        form = Form(self.env["sale.order"].with_user(self.manager))
        form.partner_id = self.client
        with form.order_line.new() as line:
            line.product_id = product
        order = form.save()
        self.assertFalse(order.is_cement)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.can_edit)
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        order.action_draft()
