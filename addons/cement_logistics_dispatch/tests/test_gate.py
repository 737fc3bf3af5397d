# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import cement_loading_pass_gate
from .common import INSIDE, LEFT, CementDispatchCommon


@tagged("post_install", "-at_install")
class TestGate(CementDispatchCommon):
    """What the guard sees and does; every scan is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_pickup()
        cls.picking = cls.order.picking_ids
        cls.entry = cls._book_now(cls.order)

    def _scan(self, text, user=None):
        passes = self.env["cement.loading.pass"].with_user(user or self.guard)
        return passes._gate_scan(text)

    def test_who_comes_too_early_is_told_about(self):
        self.plant.gate_early_minutes = 60
        start = fields.Datetime.now().replace(hour=8, minute=0, second=0, microsecond=0)
        slot = self._create_slot(start + timedelta(days=1))
        entry = self._book(self._create_pickup(), slot)
        with freeze_time(start + timedelta(days=1, hours=-1, minutes=-24)):
            result = self._scan(entry._get_code())
        self.assertEqual((result["verdict"], result["can_enter"]), ("early", True))
        self.assertIn("It is 06:36", result["advice"])
        self.assertIn("works from 07:00", result["advice"])
        self.assertIn("08:00–09:00", result["advice"])
        self.assertFalse(self._scan(self.entry._get_code())["advice"])

    def test_the_whole_way(self):
        result = self._scan(self.entry._get_url())
        self.assertEqual((result["verdict"], result["can_enter"]), ("valid", True))
        self.assertEqual(result["driver"], "Ivan Petrov")
        self._gate(self.entry, "enter")
        self.assertState(self.entry, INSIDE)
        self.assertEqual(self.picking.shipment_state, "loading")
        result = self._scan(self.entry._get_code())
        self.assertEqual((result["verdict"], result["can_leave"]), ("inside", True))
        with self.assertRaisesRegex(UserError, "Weigh"):
            self._gate(self.entry, "leave")
        for tare, gross in (("20", "10"), ("x", "30"), ("0", "30"), ("15", "500")):
            with self.assertRaises(UserError):
                self._gate(self.entry, "leave", tare=tare, gross=gross)
        result = self._gate(self.entry, "leave", tare="14,5", gross="34,48")
        self.assertEqual(result["net"], 19.98)
        self.assertState(self.entry, LEFT)
        # what the client has collected has arrived
        self.assertIn("left", self.picking.shipment_event_ids.mapped("state"))
        self.assertIn(self.picking.shipment_state, ("left", "done"))
        self.assertEqual(self.picking.net_mass, 19.98)
        # nobody comes in twice on one pass
        result = self._gate(self.entry, "enter")
        self.assertEqual((result["verdict"], result["refused"]), ("used", "enter"))
        self.assertState(self.entry, LEFT)
        log = self.env["cement.gate.scan"].search([("pass_id", "=", self.entry.id)])
        self.assertEqual(
            [(scan.action, scan.is_refused) for scan in log.sorted("id")],
            [
                ("scan", False),
                ("enter", False),
                ("scan", False),
                ("leave", False),
                ("enter", True),
            ],
        )
        self.assertEqual(log.user_id, self.guard)

    def test_let_in_twice(self):
        self._gate(self.entry, "enter")
        result = self._gate(self.entry, "enter")
        self.assertEqual(result["refused"], "enter")
        self.assertEqual(
            len(
                self.picking.shipment_event_ids.filtered(
                    lambda event: event.state == "loading"
                )
            ),
            1,
        )

    def test_out_before_in(self):
        result = self._gate(self.entry, "leave", tare="10", gross="30")
        self.assertEqual(result["refused"], "leave")
        self.assertFalse(self.picking.net_mass)

    def _move_slot(self, **delta):
        slot = self.entry.slot_id
        start = slot.start + timedelta(**delta)
        slot.write(
            {"start": start, "stop": start + timedelta(hours=1), "day": start.date()}
        )

    def test_wrong_day_and_expired(self):
        self._move_slot(days=2)
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "wrong_day")
        self.assertEqual(self._gate(self.entry, "enter")["refused"], "enter")
        self._move_slot(days=-4)
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "expired")
        self.assertEqual(self._gate(self.entry, "enter")["refused"], "enter")
        self.assertEqual(self.picking.shipment_state, "planned")

    def test_cancelled_and_held(self):
        self.order.is_on_hold = True
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "held")
        self.entry._cancel_open()
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "cancelled")

    def test_forged_codes(self):
        code = self.entry._get_code()
        number, secret, signature = code.split("-", 1)[0], "a" * 22, "0" * 32
        for forged in (
            f"{number}-{secret}-{signature}",
            code[:-1] + ("0" if code[-1] != "0" else "1"),
            "",
            "x" * 400,
            None,
            "1 OR 1=1",
        ):
            self.assertEqual(self._scan(forged)["verdict"], "unknown")
        # a secret that was taken back no longer counts, whatever its signature
        self.entry.secret = "b" * 22
        self.assertEqual(self._scan(code)["verdict"], "unknown")

    def test_by_number_and_plate(self):
        self.assertEqual(self._scan(self.entry.name)["entry"]["id"], self.entry.id)
        self.assertEqual(self._scan("A123BC 196")["entry"]["id"], self.entry.id)
        self.assertEqual(self._scan("У999УУ 99")["verdict"], "unknown")

    def test_lists(self):
        page = self.env["cement.loading.pass"].with_user(self.guard)._gate_page()
        self.assertIn(self.entry.id, [entry["id"] for entry in page["expected"]])
        self._gate(self.entry, "enter")
        page = self.env["cement.loading.pass"].with_user(self.guard)._gate_page()
        self.assertIn(self.entry.id, [entry["id"] for entry in page["inside"]])

    def test_today_is_not_cut_by_old_passes(self):
        """However many were not used before or come tomorrow."""
        slots = [
            self._create_slot(self.entry.start + timedelta(days=days))
            for days in (1, 2)
        ]
        for slot in slots:
            self._book(self._create_pickup(), slot)
        yesterday = self.entry.start - timedelta(days=1)
        slots[1].write(
            {
                "start": yesterday,
                "stop": yesterday + timedelta(hours=1),
                "day": yesterday.date(),
            }
        )
        passes = self.env["cement.loading.pass"].with_user(self.guard)
        with patch.object(cement_loading_pass_gate, "GATE_ROWS", 1):
            page = passes._gate_page()
        self.assertEqual([e["id"] for e in page["expected"]], [self.entry.id])
        self.assertEqual(page["expected_count"], 1)
        self.assertFalse(page["inside"])

    def test_gate_is_for_guards(self):
        for user in (self.owner, self.manager, self.stranger):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._scan(self.entry._get_code(), user)
                passes = self.env["cement.loading.pass"].with_user(user)
                with self.assertRaises(AccessError):
                    passes._gate_move(self.entry._get_code(), "enter")
                with self.assertRaises(AccessError):
                    passes._gate_page()
        self._scan(self.entry._get_code(), self.dispatcher)

    def test_gate_of_another_company(self):
        stranger = self._create_guard("guard2", self.supplier2)
        for text in (self.entry._get_code(), self.entry.name, "А123ВС196"):
            self.assertEqual(self._scan(text, stranger)["verdict"], "unknown")
        passes = self.env["cement.loading.pass"].with_user(stranger)
        with self.assertRaises(UserError):
            passes._gate_move(self.entry._get_code(), "enter")
        self.assertEqual(self.entry.state, "booked")

    def test_guard_reads_nothing_else(self):
        self.assertTrue(self.guard.share)
        for model in (
            "cement.loading.pass",
            "cement.gate.scan",
            "cement.loading.point",
            "cement.plant.shift",
            "cement.change.rule",
            "cement.change.request",
            "cement.driver",
            "cement.member",
            "cement.specification",
            "stock.picking",
            "sale.order",
        ):
            with self.subTest(model):
                try:
                    found = self.env[model].with_user(self.guard).search([])
                except AccessError:
                    continue
                self.assertFalse(found)

    def test_guard_may_be_of_one_plant(self):
        other = self.env["cement.plant"].create(
            {"name": "Other", "code": "OTH", "gate_user_ids": self.guard.ids}
        )
        for text in (self.entry._get_code(), self.entry.name, "А123ВС196"):
            self.assertEqual(self._scan(text)["verdict"], "unknown")
        with self.assertRaises(UserError):
            self._gate(self.entry, "enter")
        passes = self.env["cement.loading.pass"].with_user(self.guard)
        self.assertFalse(passes._gate_page()["expected"])
        other.gate_user_ids = False
        self.plant.gate_user_ids = self.guard
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "valid")

    # === The goods ===

    def _leave(self, net, tare="14"):
        return self._gate(
            self.entry, "leave", tare=tare, gross=str(round(float(tare) + net, 3))
        )

    def _told(self):
        return self.picking.activity_ids

    def test_leaving_moves_the_goods(self):
        self._gate(self.entry, "enter")
        self._leave(19.9)
        move = self.picking.move_ids
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(
            (move.state, move._get_cement_mass(move.quantity)), ("done", 19.9)
        )
        line = self.order.order_line
        self.assertEqual(round(line.qty_delivered * line.product_id.uom_mass, 3), 19.9)
        # the rest is within the tolerance: no second vehicle, nobody is asked
        self.assertEqual(self.order.picking_ids, self.picking)
        self.assertFalse(self._told())
        self.assertEqual(self.order.cement_state, "delivered")

    def test_quantity_in_the_unit_of_the_product(self):
        kg = self.env.ref("uom.product_uom_kgm")
        move = self.picking.move_ids
        self.assertNotEqual(move.product_uom, kg)
        move.write(
            {
                "product_uom_qty": move.product_uom._compute_quantity(20, kg),
                "product_uom": kg.id,
            }
        )
        self.assertEqual(self.picking._get_mass(), 20.0)
        self._gate(self.entry, "enter")
        self._leave(20.1)
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(move.quantity, 20100)
        line = self.order.order_line
        self.assertEqual(round(line.qty_delivered, 3), 20.1)

    def test_more_than_ordered_stays(self):
        self._gate(self.entry, "enter")
        result = self._leave(59.98)
        self.assertEqual(result["refused"], "leave")
        self.assertIn("unload the surplus", result["reason"])
        self.assertState(self.entry, INSIDE)
        self.assertEqual(
            (self.picking.net_mass, self.picking.shipment_state), (0.0, "loading")
        )
        self.assertNotEqual(self.picking.state, "done")
        self.assertEqual(len(self._told()), 1)
        self.assertIn("59.98", self._told().note)
        # once more: one activity, not two
        self._leave(49.98)
        self.assertEqual(len(self._told()), 1)
        self.assertIn("49.98", self._told().note)
        # unloaded to what the tolerance allows
        self.assertEqual(self._leave(20.6)["done"], "leave")
        self.assertEqual(self.picking.state, "done")

    def test_what_the_law_forbids_stays(self):
        self._gate(self.entry, "enter")
        weighed, words = [], "Overloaded by 12 %."

        def refuse(pickings):
            weighed.append(pickings.net_mass)
            raise UserError(words)

        with patch.object(type(self.env["stock.picking"]), "_cement_weighed", refuse):
            result = self._leave(20)
        self.assertEqual(weighed, [20.0])
        self.assertEqual(result["reason"], words)
        self.assertState(self.entry, INSIDE)
        self.assertEqual(self.picking.net_mass, 0.0)
        self.assertNotIn("left", self.picking.shipment_event_ids.mapped("state"))
        self.assertIn("Overloaded", self._told().note)
        self.assertTrue(self._told().user_id.has_group("cement_base.group_dispatcher"))
        log = self.env["cement.gate.scan"].search([("pass_id", "=", self.entry.id)])
        self.assertTrue(log[0].is_refused)

    def test_packages_are_counted_not_weighed(self):
        order = self._create_package_pickup()
        self.point.cargo_form_ids = False
        start = self.entry.start + timedelta(minutes=1)
        entry = self._book(order, self._create_slot(start))
        picking, move = order.picking_ids, order.picking_ids.move_ids
        self._gate(entry, "enter")
        result = self._gate(entry, "leave", tare="14", gross="20")
        self.assertIn("what is missing", result["reason"])
        self.assertEqual((move.quantity, entry.state), (0.0, INSIDE))
        result = self._gate(entry, "leave", tare="14", gross="24.1")
        self.assertEqual(result["done"], "leave")
        self.assertEqual((picking.state, move.quantity), ("done", 10.0))
        self.assertEqual(order.picking_ids, picking)

    def test_rest_is_a_shipment_of_its_own(self):
        self._gate(self.entry, "enter")
        self.assertEqual(self._leave(12)["done"], "leave")
        self.assertEqual(self.picking.state, "done")
        rest = self.order.picking_ids - self.picking
        self.assertEqual((len(rest), rest._get_mass()), (1, 8.0))
        self.assertFalse(rest.pass_id)
        self.assertIn(rest.name, self._told().note)
        self.assertEqual(self.order.cement_state, "shipping")

    def test_no_rest_where_the_transfers_leave_none(self):
        self.picking.picking_type_id.create_backorder = "never"
        self._gate(self.entry, "enter")
        self._leave(12)
        self.assertEqual(self.order.picking_ids, self.picking)
        self.assertEqual(self.order.cement_state, "delivered")

    # === Shipments that went another way ===

    def _validate_by_hand(self):
        self.picking.net_mass = 20.0
        self.picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.picking.state, "done")

    def test_pass_of_a_validated_shipment(self):
        slot = self.entry.slot_id
        self.assertEqual(slot.booked, 1)
        self._validate_by_hand()
        self.assertEqual(slot.booked, 0)
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "used")
        self.assertEqual(self._gate(self.entry, "enter")["refused"], "enter")
        self.assertFalse(self.entry.entered_at)

    def test_pass_of_a_delivered_order(self):
        for state in ("shipped", "delivered", "closed"):
            with self.subTest(state), self.cr.savepoint() as savepoint:
                self.order._cement_set_state(state, "onec")
                self.assertEqual(self.entry.slot_id.booked, 0)
                self.assertEqual(self._scan(self.entry._get_code())["verdict"], "used")
                self.assertEqual(self._gate(self.entry, "enter")["refused"], "enter")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_pass_of_a_cancelled_shipment(self):
        self.picking.action_cancel()
        self.assertEqual(self.entry.slot_id.booked, 0)
        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "cancelled")
        self.assertEqual(self._gate(self.entry, "enter")["refused"], "enter")

    def test_judge_looks_at_the_shipment_itself(self):
        """Whatever forgot to close the pass: it is good for nothing."""
        for table, vals in (
            (self.picking, {"shipment_state": "left"}),
            (self.picking, {"shipment_state": "done"}),
            (self.order, {"cement_state": "closed"}),
        ):
            (name, value), *_rest = vals.items()
            before = table[name]
            self.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(table._table),
                    SQL.identifier(name),
                    value,
                    table.id,
                )
            )
            table.invalidate_recordset()
            self.assertState(self.entry, "booked")
            with self.subTest(name=name, value=value):
                self.assertEqual(self.entry._judge(), "used")
                self.assertEqual(self._gate(self.entry, "enter")["refused"], "enter")
            table[name] = before
            table.flush_recordset()

    def test_judged_under_the_lock(self):
        """What another has done while the guard waited for the rows counts."""
        passes = type(self.entry)
        lock = passes._lock

        def slow_lock(entry):
            self.env.execute_query(
                SQL(
                    "UPDATE stock_picking SET state = 'done', shipment_state = 'done' "
                    "WHERE id = %s RETURNING id",
                    entry.picking_id.id,
                )
            )
            return lock(entry)

        self.assertEqual(self._scan(self.entry._get_code())["verdict"], "valid")
        with patch.object(passes, "_lock", slow_lock):
            result = self._gate(self.entry, "enter")
        self.assertEqual((result["verdict"], result["refused"]), ("used", "enter"))

    def test_who_is_inside_gets_out(self):
        self._gate(self.entry, "enter")
        self._validate_by_hand()
        self.assertState(self.entry, INSIDE)
        result = self._scan(self.entry._get_code())
        self.assertTrue(result["can_leave"] and result["weighed"])
        self.assertEqual(self._gate(self.entry, "leave")["done"], "leave")
        self.assertState(self.entry, LEFT)

    def test_cancelled_while_inside(self):
        self._gate(self.entry, "enter")
        self.picking.action_cancel()
        result = self._scan(self.entry._get_code())
        self.assertFalse(result["weighed"])
        self.assertIn("leaves empty", result["warning"])
        for tare, gross in ((None, None), ("14.5", None), ("14.5", "500")):
            with self.assertRaisesRegex(UserError, "weigh the vehicle all the same"):
                self._gate(self.entry, "leave", tare=tare, gross=gross)
        result = self._gate(self.entry, "leave", tare="14.5", gross="14.52")
        self.assertEqual(result["done"], "leave")
        self.assertIn("without goods", self._told().summary)

    def test_loaded_vehicle_of_a_cancelled_shipment_stays(self):
        self._gate(self.entry, "enter")
        self.picking.action_cancel()
        result = self._leave(20, tare="14.5")
        self.assertEqual(result["refused"], "leave")
        self.assertIn("unload them", result["reason"])
        self.assertState(self.entry, INSIDE)
        self.assertIn("34.5", self._told().note)
        self.assertNotIn("without goods", self._told().summary)
        # weighed by the dispatcher before: the guard types nothing
        self.picking.write({"tare_mass": 14.5, "gross_mass": 34.5, "net_mass": 20.0})
        self.assertEqual(self._gate(self.entry, "leave")["refused"], "leave")
        # unloaded
        result = self._gate(self.entry, "leave", tare="14.5", gross="14.5")
        self.assertEqual(result["done"], "leave")
        self.assertState(self.entry, LEFT)

    def test_order_is_not_cancelled_while_its_vehicle_is_inside(self):
        self._gate(self.entry, "enter")
        boss = self._create_internal_user(
            "dispatch-boss",
            "cement_base.group_sales_manager",
            "cement_base.group_gate_override",
        )
        order = self.order.with_user(boss)
        ways = (
            order.action_cancel,
            order._action_cancel,
            self.order._action_cancel,
            lambda: self.order._cement_set_state("cancelled", "onec", force=True),
        )
        for cancel in ways:
            with self.assertRaisesRegex(UserError, "is on the premises"):
                cancel()
        self.assertEqual(self.order.state, "sale")
        self.assertNotEqual(self.picking.state, "cancel")
        # the way that the words show
        self.picking.action_cancel()
        with self.assertRaisesRegex(UserError, "is on the premises"):
            order.action_cancel()
        self._gate(self.entry, "leave", tare="14.5", gross="14.5")
        order.action_cancel()
        self.assertEqual(self.order.state, "cancel")

    def test_order_is_not_cancelled_while_it_is_loaded(self):
        order = self._create_order(20.0)
        order.picking_ids._cement_set_shipment_state("loading", "dispatcher")
        with self.assertRaisesRegex(UserError, "is being loaded"):
            order._cement_set_state("cancelled", "manager", force=True)
        order.picking_ids.action_cancel()
        order._cement_set_state("cancelled", "manager", force=True)
        self.assertEqual(order.state, "cancel")

    def test_day_of_the_plants_zone(self):
        self.plant.tz = "Asia/Vladivostok"
        self.assertEqual(self.entry._judge(fields.Datetime.now()), "valid")
        self.assertEqual(
            self.entry._judge(self.entry.start - timedelta(hours=30)), "wrong_day"
        )
