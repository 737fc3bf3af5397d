# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CementAxleCommon


@tagged("post_install", "-at_install")
class TestAxleGate(CementAxleCommon):
    """Orders made elsewhere: warned and blocked by the thresholds (F38)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.act = cls.env.ref("cement_logistics_axle.regulation_2060")
        cls.manager = cls._create_manager("axle-manager")

    def _order(self, tonnes, **vals):
        return self._create_quotation(
            tonnes,
            vehicle_type_id=self.silo.id,
            delivery_method_id=self.road_delivery.id,
            plant_id=self.plant.id,
            **vals,
        )

    def _codes(self, order):
        return {
            finding.code: finding.severity for finding in order._get_gate_findings()
        }

    def test_within_the_law(self):
        self.assertNotIn("axle_overload", self._codes(self._order(25.8)))

    def test_warning_below_the_threshold(self):
        self.plant.state_id = self.sverdlovsk  # 10 t by default
        # drive axle 10.3 of 10 t: three percent
        found = self._codes(self._order(22.5))
        self.assertEqual(found["axle_overload"], "warn")

    def test_block_above_the_threshold(self):
        self._create_season()
        order = self._order(25.0)
        finding = next(
            f for f in order._get_gate_findings() if f.code == "axle_overload"
        )
        self.assertEqual(finding.severity, "block")
        words = self.env["cement.order.gate"]._describe(finding)
        self.assertTrue(words["liftable"])
        self.assertIn("7.42", words["message"])
        self.assertIn("83.75", words["message"])
        self.assertIn("from", words["remedy"])
        with self.assertRaisesRegex(UserError, "the law allows"):
            order.with_user(self.manager).action_confirm()

    def test_the_maker_does_not_silence_the_law(self):
        """The kingpin is further over than the axles: the law is named all the same,
        with what the law allows."""
        self._create_season()
        self.silo.kingpin_limit = 2.0
        finding = next(
            f
            for f in self._order(25.0)._get_gate_findings()
            if f.code == "axle_overload"
        )
        self.assertEqual(finding.severity, "block")
        message = self.env["cement.order.gate"]._describe(finding)["message"]
        self.assertIn("112-од", message)
        self.assertIn("7.42", message)
        self.assertIn("83.75", message)
        # only the maker is against it: no matter of the road
        self.assertNotIn("axle_overload", self._codes(self._order(7.0)))

    def test_the_day_is_that_of_the_plant(self):
        order = self._order(25.0)
        order.requested_date = order.promised_date = False
        self.plant.tz = "Asia/Yekaterinburg"
        order = order.with_context(tz="UTC")
        with freeze_time("2027-04-30 20:00:00"):
            self.assertEqual(order._get_axle_day(), date(2027, 5, 1))

    def test_thresholds_are_data(self):
        self._create_season()
        self.act.write({"warn_percent": 90.0, "block_percent": 200.0})
        self.assertNotIn("axle_overload", self._codes(self._order(25.0)))
        self.act.write({"warn_percent": 5.0, "block_percent": 200.0})
        self.assertEqual(self._codes(self._order(25.0))["axle_overload"], "warn")

    def test_lifted_by_right_with_a_reason(self):
        self._create_season()
        order = self._order(12.0)
        boss = self._create_manager("axle-boss", "cement_base.group_gate_override")
        action = order.with_user(boss).action_confirm()
        self.assertEqual(action["res_model"], "cement.gate.lift")
        self.env["cement.gate.lift"].with_user(boss).create(
            {"order_id": order.id, "reason": "Special permit no. 5"}
        ).action_lift()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.override_ids.code, "axle_overload")
        # lifted once, no worse later
        self.assertNotIn("axle_overload", self._codes(order))
        order.order_line.product_uom_qty = 14.0
        self.assertIn("axle_overload", self._codes(order))

    def test_another_day_is_another_law(self):
        self._create_season(start=self.day + timedelta(10))
        order = self._order(25.0)
        self.assertNotIn("axle_overload", self._codes(order))
        order.promised_date = self.day + timedelta(12)
        self.assertEqual(self._codes(order)["axle_overload"], "block")

    def test_own_route_of_an_order(self):
        self._create_season()
        order = self._order(25.0)
        order.action_own_route()
        self.assertEqual(order.route_piece_ids.state_id, self.perm)
        order.route_piece_ids.road_class = "federal"
        self.assertNotIn("axle_overload", self._codes(order))
        self.assertIn("11.5", order.route_text)
        self.assertFalse(self.site.route_piece_ids)

    def test_planned_for_less_than_the_law_allows_now(self):
        """The capacity of the day of planning does not bind on another day."""
        self._create_season()
        cart = self._create_cart([(self.line_bulk, 7.4)])
        order = cart._confirm("portal_desktop").sudo().with_env(self.env)
        order.requested_date = self.day + timedelta(30)
        order.order_line.product_uom_qty = 20.0
        self.assertNotIn("vehicle_overload", self._codes(order))
        self.assertNotIn("axle_overload", self._codes(order))
        order.order_line.product_uom_qty = 27.0
        self.assertIn("vehicle_overload", self._codes(order))

    def test_button(self):
        self._create_season()
        order = self._order(25.0)
        self.assertEqual(order.action_check_axles()["params"]["type"], "danger")
        order.requested_date = self.day + timedelta(40)
        self.assertEqual(order.action_check_axles()["params"]["type"], "success")
        order.vehicle_type_id = False
        with self.assertRaises(UserError):
            order.action_check_axles()

    def test_advice_names_a_better_vehicle(self):
        self._create_season()
        order = self._order(25.0)
        order.vehicle_type_id = self.env.ref("cement_base.vehicle_silo_solo")
        order.order_line.product_uom_qty = 13.0
        finding = next(
            f for f in order._get_gate_findings() if f.code == "axle_overload"
        )
        self.assertIn(self.silo.name, finding.params["help"])

    def test_day_to_be_promised_is_judged_by_its_own_law(self):
        order = self._order(25.0, requested_date=self.day)
        self._create_season()
        gate = self.env["cement.order.gate"]
        after = self.day + timedelta(20)
        (finding,) = gate._get_day_blocks(order, self.day)
        self.assertEqual(
            (finding.code, finding.params["day"]), ("axle_overload", self.day)
        )
        self.assertFalse(gate._get_day_blocks(order, after))
        order.requested_date = after
        self.assertTrue(gate._get_day_blocks(order, self.day))

    def test_board_of_days_asks_and_passes_over_the_season(self):
        if "cement.dispatch.board" not in self.env:
            self.skipTest("there is no board of days")
        order = self._order(25.0, requested_date=self.day)
        order.action_confirm()
        order.promised_date = False
        season = self._create_season()
        board = self.env["cement.dispatch.board"].with_user(self.dispatcher)
        answer = board.move_order(order.id, self.day.isoformat())
        self.assertIn("the law allows", answer["ask"])
        self.assertFalse(order.promised_date)
        board.propose(order.ids)
        self.assertEqual(order.proposed_date, season.rule_ids.date_to + timedelta(1))
