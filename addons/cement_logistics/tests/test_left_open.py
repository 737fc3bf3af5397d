# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.stock_picking_open import TASK
from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestLeftOpen(CementLogisticsCommon):
    """Goods that leave by a tracker, the railway, the accounting system or a button
    while their transfer stays open."""

    def _get_tasks(self, shipments):
        kind = self.env.ref(TASK)
        return shipments.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_every_door_leaves_one_task(self):
        for source in ("tracker", "rail", "onec", "dispatcher", "client"):
            with self.subTest(source=source):
                shipment = self._create_order(5.0).picking_ids
                for state in ("left", "on_way", "arrived", "done"):
                    shipment._cement_set_shipment_state(state, source)
                task = self._get_tasks(shipment)
                self.assertEqual(len(task), 1)
                self.assertEqual(task.summary, "Left without the transfer")
                self.assertEqual(task.user_id, self.dispatcher)

    def test_orders_that_lead_leave_one_too(self):
        self.order._cement_set_state("delivered", "onec")
        self.assertEqual(self.shipment.shipment_state, "done")
        self.assertEqual(len(self._get_tasks(self.shipment)), 1)

    def test_no_task_for_a_validated_transfer(self):
        self._leave()
        self.shipment._cement_set_shipment_state("done", "tracker")
        self.assertFalse(self._get_tasks(self.shipment))

    def test_without_a_dispatcher_the_manager_is_told(self):
        self.env["res.users"].search(
            [("group_ids", "in", self.env.ref("cement_base.group_dispatcher").ids)]
        ).active = False
        self.shipment._cement_set_shipment_state("left", "tracker")
        self.assertEqual(
            self._get_tasks(self.shipment).user_id, self.order.user_id or self.env.user
        )

    def test_many_at_once_cost_no_query_each(self):
        def leave(count):
            shipments = self.env["stock.picking"].union(
                *(self._create_order(1.0).picking_ids for _number in range(count))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            shipments.mapped("sale_id.picking_ids.state")
            before = self.env.cr.sql_log_count
            shipments._cement_ask_for_transfers()
            self.env.flush_all()
            nothing = self.env.cr.sql_log_count - before
            self.env["stock.picking"].browse(shipments.ids).write(
                {"shipment_state": "left"}
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            shipments._cement_ask_for_transfers()
            self.env.flush_all()
            self.assertEqual(len(self._get_tasks(shipments)), count)
            return nothing, self.env.cr.sql_log_count - before

        leave(2)
        nothing, few = leave(3)
        self.assertLessEqual(nothing, 2)
        _nothing, many = leave(12)
        self.assertLessEqual(many, few + 2)

    def test_validating_closes_the_task(self):
        """The stock learns of it, as of the day on which the goods left."""
        gone = self.now - timedelta(days=2)
        self.shipment._cement_set_shipment_state("left", "tracker", date=gone)
        self.shipment._cement_set_shipment_state("done", "tracker")
        self.shipment.write({"gross_mass": 34.8, "tare_mass": 15.0})
        chosen = (self.shipment | self.buyer_shipment).with_user(self.dispatcher)
        chosen.action_cement_validate_left()
        self.assertEqual(self.buyer_shipment.shipment_state, "planned")
        with self.assertRaises(UserError):
            chosen.action_cement_validate_left()
        self.assertEqual(self.shipment.state, "done")
        self.assertFalse(self._get_tasks(self.shipment))
        self.assertEqual(self.shipment.date_done, gone)
        self.assertEqual(self.shipment.shipment_state, "done")
        self.assertEqual(self.order.order_line.mass_shipped, 19.8)

    def test_what_has_left_is_not_cancelled(self):
        self.shipment._cement_set_shipment_state("left", "tracker")
        for run in (
            self.shipment.action_cancel,
            self.shipment.move_ids._action_cancel,
            self.shipment.unlink,
        ):
            with self.assertRaises(UserError) as caught:
                run()
            self.assertIn("have left", str(caught.exception))
            self.assertNotEqual(self.shipment.state, "cancel")
        self.buyer_shipment.action_cancel()
        self.assertEqual(self.buyer_shipment.shipment_state, "cancelled")

    def test_filter_of_the_list(self):
        self.shipment._cement_set_shipment_state("left", "tracker")
        self._leave(self.buyer_shipment)
        view = self.env["stock.picking"].get_view(
            self.env.ref("cement_logistics.stock_picking_view_search_shipment").id,
            "search",
        )
        self.assertIn('name="left_open"', view["arch"])
        found = self.env["stock.picking"].search(
            [
                ("shipment_state", "in", ["left", "done"]),
                ("state", "not in", ["done", "cancel"]),
                ("id", "in", (self.shipment | self.buyer_shipment).ids),
            ]
        )
        self.assertEqual(found, self.shipment)

    def test_receipt_of_what_nobody_weighed(self):
        """Ordered is taken for sent only when nothing else is known, and it is said."""
        self.shipment._cement_set_shipment_state(
            "left", "tracker", date=self.now - timedelta(hours=6)
        )
        receipt = self._confirm(mass="19.5")
        self.assertTrue(receipt.is_sent_by_order)
        self.assertEqual(receipt.sent_mass, 20.0)
        self.assertTrue(receipt._prepare_receipt()["is_by_order"])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "cement_logistics.action_report_delivery", receipt.ids
        )[0]
        self.assertIn(b"not weighed", html)

    def test_receipt_of_what_was_weighed(self):
        self.shipment._cement_set_shipment_state(
            "left", "tracker", date=self.now - timedelta(hours=6)
        )
        self.shipment.write({"gross_mass": 34.6, "tare_mass": 15.0})
        receipt = self._confirm(mass="19.5")
        self.assertFalse(receipt.is_sent_by_order)
        self.assertEqual(receipt.sent_mass, 19.6)
