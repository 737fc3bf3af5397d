# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

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
        stranger = self._create_internal_user(
            "guard2",
            "cement_logistics_dispatch.group_gate_guard",
            companies=self.supplier2,
        )
        for text in (self.entry._get_code(), self.entry.name, "А123ВС196"):
            self.assertEqual(self._scan(text, stranger)["verdict"], "unknown")
        passes = self.env["cement.loading.pass"].with_user(stranger)
        with self.assertRaises(UserError):
            passes._gate_move(self.entry._get_code(), "enter")
        self.assertEqual(self.entry.state, "booked")

    def test_guard_reads_nothing_else(self):
        for model in ("cement.loading.pass", "cement.gate.scan", "sale.order"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.guard).search([]).mapped("display_name")

    def test_day_of_the_plants_zone(self):
        self.plant.tz = "Asia/Vladivostok"
        self.assertEqual(self.entry._judge(fields.Datetime.now()), "valid")
        self.assertEqual(
            self.entry._judge(self.entry.start - timedelta(hours=30)), "wrong_day"
        )
