# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestLifecycle(CementLogisticsCommon):
    """Scales, leaving, arriving, and the order that follows."""

    def test_a_new_shipment_waits(self):
        self.assertEqual(self.shipment.shipment_state, "planned")
        self.assertEqual(self.shipment.counterparty_id, self.client)
        self.assertEqual(self.shipment.ordered_by_id, self.owner)
        self.assertEqual(self.shipment.shipment_mass, 20.0)
        self.assertEqual(self.shipment.shipment_day, self.order.requested_date)

    # === Scales ===

    def test_weighed_mass_is_shipped(self):
        self._leave(gross_mass=34.86, tare_mass=15.0)
        move = self.shipment.move_ids
        self.assertEqual(self.shipment.net_mass, 19.86)
        self.assertEqual(self.shipment.shipment_mass, 19.86)
        self.assertAlmostEqual(move.quantity, 19.86)
        self.assertEqual(self.order.order_line.mass_shipped, 19.86)
        self.assertEqual(self.order.picking_ids, self.shipment)

    def test_masses_must_agree(self):
        with self.assertRaises(ValidationError):
            self.shipment.write({"gross_mass": 10.0, "tare_mass": 15.0})
        with self.assertRaises(ValidationError):
            self.shipment.write(
                {"gross_mass": 40.0, "tare_mass": 15.0, "net_mass": 20.0}
            )

    def test_packages_are_counted_not_weighed(self):
        order = self._create_order(18.0, line=self.line_big_bag)
        shipment = self._leave(order.picking_ids, gross_mass=33.4)
        self.assertEqual(shipment.net_mass, 18.4)
        self.assertAlmostEqual(
            shipment.move_ids._get_cement_mass(shipment.move_ids.quantity), 18.0
        )

    def test_weighing_hook_is_called_before_leaving(self):
        states = []
        pickings = type(self.shipment)
        with patch.object(
            pickings,
            "_cement_weighed",
            lambda shipments: states.extend(shipments.mapped("state")),
        ):
            self._leave()
        self.assertIn("assigned", states)
        self.assertNotIn("done", states)

    # === Partial shipments (F208) ===

    def test_partial_shipment(self):
        self.shipment.move_ids.quantity = 12.0
        self.shipment.move_ids.picked = True
        self.shipment._action_done()
        rest = self.order.picking_ids - self.shipment
        self.assertEqual(self.shipment.shipment_state, "left")
        self.assertEqual(self.shipment.shipment_mass, 12.0)
        self.assertEqual(rest.shipment_state, "planned")
        self.assertEqual(rest.shipment_mass, 8.0)
        self.assertFalse(rest.vehicle_plate)
        self.assertEqual(self.order.cement_state, "shipping")
        # 1C may call the order shipped: the second vehicle stays at the plant
        self.order._cement_set_state("shipped", "onec")
        self.assertEqual(rest.shipment_state, "planned")
        self._leave(rest)
        self.assertEqual(rest.shipment_state, "left")
        page = self.as_user(self.owner)._portal_page()
        self.assertEqual([row["id"] for row in page["siblings"]], rest.ids)

    def test_scales_far_below_the_order_ask(self):
        self.shipment.write({"gross_mass": 27.0, "tare_mass": 15.0})
        action = self.shipment.action_cement_leave()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        self.assertNotEqual(self.shipment.state, "done")

    # === The way ===

    def test_order_follows(self):
        self.shipment.action_cement_loading()
        self.assertEqual(self.order.cement_state, "shipping")
        self._leave()
        self.assertEqual(self.shipment.shipment_state, "left")
        self.assertEqual(self.order.cement_state, "shipped")
        self.shipment.with_user(self.dispatcher).action_cement_arrive()
        self.assertTrue(self.shipment.arrived_date)
        self.assertEqual(self.order.cement_state, "shipped")
        self.shipment.with_user(self.dispatcher).action_cement_deliver()
        self.assertEqual(self.order.cement_state, "delivered")
        states = self.shipment.shipment_event_ids.mapped("state")
        self.assertEqual(states, ["loading", "left", "arrived", "done"])

    def test_order_is_not_taken_back(self):
        self.order._cement_set_state("closed", "onec")
        self.assertEqual(self.shipment.shipment_state, "done")
        self.assertTrue(self.shipment.shipment_event_ids.is_estimated)
        self._leave()
        self.assertEqual(self.order.cement_state, "closed")

    def test_1c_leads_the_shipment(self):
        when = self.now - timedelta(hours=3)
        self.order._cement_set_state("shipped", "onec", date=when)
        self.assertEqual(self.shipment.shipment_state, "left")
        event = self.shipment.shipment_event_ids
        self.assertEqual((event.source, event.date), ("onec", when))
        self.assertEqual(len(self.order.status_event_ids), 2)

    def test_messages_come_twice_and_late(self):
        self._leave()
        near = self.shipment._cement_set_shipment_state("near", "tracker")
        self.assertTrue(near)
        self.assertFalse(self.shipment._cement_set_shipment_state("near", "tracker"))
        self.assertFalse(self.shipment._cement_set_shipment_state("on_way", "tracker"))
        self.assertEqual(self.shipment.shipment_state, "near")

    def test_cancel(self):
        self.order._cement_set_state("cancelled", "manager")
        self.assertEqual(self.shipment.shipment_state, "cancelled")
        self.assertFalse(self.shipment._cement_set_shipment_state("left", "tracker"))

    def test_nothing_arrives_that_has_not_left(self):
        with self.assertRaises(UserError):
            self.shipment.action_cement_arrive()

    def test_pick_up_is_handed_over_at_the_gate(self):
        self.order.delivery_method_id = self.road_pickup
        self._leave()
        self.assertEqual(self.shipment.shipment_state, "done")
        self.assertFalse(self.shipment.arrived_date)
        self.assertEqual(self.order.cement_state, "delivered")

    def test_drag_to_another_day_is_a_promise(self):
        day = self.day + timedelta(days=2)
        self.shipment.with_user(self.dispatcher).shipment_day = day
        self.assertEqual(self.order.promised_date, day)
        self.assertEqual(self.shipment.shipment_day, day)
        self.assertIn("Promised day", self.order.message_ids[0].body)
        self.assertEqual(
            self.order.message_ids[0].author_id, self.dispatcher.partner_id
        )

    def test_who_may_not_promise_a_day(self):
        day = self.day + timedelta(days=2)
        storeman = self._create_internal_user("storeman", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.shipment.with_user(storeman).shipment_day = day
        self.assertFalse(self.order.promised_date)

    def test_which_day_is_not_promised(self):
        mine = self.shipment.with_user(self.dispatcher)
        past = fields.Date.today() - timedelta(days=400)
        day = self.day + timedelta(days=2)
        with self.assertRaises(UserError):
            mine.shipment_day = past
        self.shipment._cement_set_shipment_state("loading", "dispatcher")
        with self.assertRaises(UserError):
            mine.shipment_day = day
        self.assertFalse(self.order.promised_date)

    def test_states_of_before_this_addon(self):
        shipments = self.shipment | self.buyer_shipment
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET cement_state = 'delivered' WHERE id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        self.env["stock.picking"]._cement_init_states()
        self.env["stock.picking"]._cement_init_states()
        self.assertEqual(shipments.mapped("shipment_state"), ["done", "planned"])
        self.assertEqual(len(self.shipment.shipment_event_ids), 1)

    # === Positions ===

    def test_positions_in_one_go(self):
        shipments = self.shipment | self.buyer_shipment | self.other_shipment
        positions = {
            shipment.id: {
                "latitude": 56.0 + number,
                "longitude": 60.0,
                "position_date": self.now,
                "position_text": f"km {number}",
            }
            for number, shipment in enumerate(shipments)
        }
        moved = shipments._cement_update_positions(positions)
        self.assertEqual(moved, shipments)
        self.env.invalidate_all()
        self.assertEqual(shipments.mapped("latitude"), [56.0, 57.0, 58.0])
        # the same again is nothing new
        self.assertFalse(shipments._cement_update_positions(positions))
        self.assertEqual(
            shipments._cement_update_positions({self.shipment.id: {"eta_date": False}}),
            shipments.browse(),
        )

    def test_queries_do_not_grow_with_the_vehicles(self):
        shipments = self._create_cart([(self.line_bulk, 300.0)])._confirm(
            "portal_desktop"
        )
        shipments = shipments.sudo().with_env(self.env).picking_ids
        self.assertGreater(len(shipments), 9)

        def measure(some, shift):
            positions = {
                shipment.id: {"latitude": 50.0 + shift + n, "longitude": 60.0}
                for n, shipment in enumerate(some)
            }
            return self.count_queries(lambda: some._cement_update_positions(positions))

        measure(shipments[:1], 0.1)
        few, many = measure(shipments[:2], 0.2), measure(shipments, 0.3)
        self.assertLessEqual(many, few + 1)

    # === Bus ===

    def _announced(self, run):
        sent = []

        def note(channel, kind, message):
            if kind == "cement.shipment":
                sent.append((channel, message["ids"]))

        with (
            patch.object(type(self.env["res.users"]), "_bus_send", note),
            patch.object(type(self.env["res.groups"]), "_bus_send", note),
        ):
            run()
        return sent

    def test_who_hears(self):
        sent = self._announced(
            lambda: self.buyer_shipment._cement_set_shipment_state("loading", "system")
        )
        users = {channel for channel, _ids in sent if channel._name == "res.users"}
        expected = self.owner | self.buyer | self.viewer
        expected |= self.accountant | self.privileged
        self.assertEqual(users, set(expected))
        groups = [channel for channel, _ids in sent if channel._name == "res.groups"]
        self.assertEqual(groups, [self.env.ref("cement_base.group_dispatcher")])
        self.assertEqual({tuple(ids) for _c, ids in sent}, {(self.buyer_shipment.id,)})
        # a sibling buyer and a stranger hear nothing of the owner's
        sent = self._announced(lambda: self._place(self.shipment))
        users = {channel for channel, _ids in sent if channel._name == "res.users"}
        self.assertNotIn(self.buyer, users)
        self.assertNotIn(self.stranger, users)

    def test_nothing_new_is_not_told(self):
        self._place()
        self.assertFalse(self._announced(self._place))
