# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.cement_logistics_axle.tools.reasons import LegalReason

from .common import CementAxleCommon


@tagged("post_install", "-at_install")
class TestAxleCart(CementAxleCommon):
    """The load planner within the law of the route and the day (F16, F17, F36, F37)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pneumatic = cls.env.ref("cement_base.unloading_pneumatic")

    def _plan(self, tonnes=25.0, **row):
        cart = self._create_cart(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": tonnes,
                    "unloading_way_id": self.pneumatic.id,
                    **row,
                }
            ]
        )
        return cart, cart._plan()

    def test_one_vehicle_on_a_usual_day(self):
        cart, plan = self._plan()
        self.assertEqual([load.mass_kg for load in plan.loads], [25_000])
        self.assertEqual(plan.loads[0].capacity_kg, 25_800)
        view = cart._get_plan_view()["groups"][0]["loads"][0]
        self.assertEqual(view["capacity_reason"], "gross mass with 5 axles: 40\u202ft")
        self.assertFalse(view["is_seasonal"])

    def test_four_vehicles_in_spring(self):
        """25 t are refused to one vehicle, four take them."""
        self._create_season()
        cart, plan = self._plan()
        self.assertEqual(len(plan.loads), 4)
        for load in plan.loads:
            self.assertEqual(load.vehicle_key, self.silo.id)
            self.assertLessEqual(load.mass_kg, 7_428)
            self.assertEqual(load.capacity_kg, 7_428)
        self.assertIn("axle_season", self.codes(plan.findings))
        finding = cart._get_findings()[0]
        self.assertEqual(finding["severity"], "warn")
        for words in ("7.42", "25.8", "112-од", "4", self.perm.name):
            self.assertIn(words, finding["message"])
        self.assertIn("25.8", finding["remedy"])
        self.assertTrue(cart._get_plan_view()["can_confirm"])

    def test_confirmed_orders_carry_the_legal_capacity(self):
        """Each order has its own capacity (F16)."""
        self._create_season()
        cart, _plan = self._plan()
        orders = cart._confirm("portal_desktop").sudo()
        self.assertEqual(len(orders), 4)
        self.assertEqual(set(orders.mapped("load_capacity")), {7.428})

    def test_the_change_is_told_before_it_comes(self):
        order = self._create_season(start=self.day + timedelta(3))
        cart, plan = self._plan()
        self.assertEqual(len(plan.loads), 1)
        text = cart._get_plan_view()["groups"][0]["loads"][0]["capacity_reason"]
        self.assertIn("7.42\u202ft from", text)
        self.assertIn("112-од", text)
        order.action_unconfirm()
        text = cart._get_plan_view()["groups"][0]["loads"][0]["capacity_reason"]
        self.assertNotIn("112-од", text)

    def test_unconfirmed_orders_limit_nothing(self):
        self._create_season(confirm=False)
        _cart, plan = self._plan()
        self.assertEqual(len(plan.loads), 1)

    def test_the_road_decides(self):
        self.site.route_piece_ids = [
            (0, 0, {"state_id": self.perm.id, "rating": "10"}),
            (0, 0, {"state_id": self.perm.id, "rating": "11.5"}),
        ]
        cart, plan = self._plan(tonnes=21.4)
        self.assertEqual(plan.loads[0].capacity_kg, 21_485)
        text = cart._get_plan_view()["groups"][0]["loads"][0]["capacity_reason"]
        self.assertEqual(text, "axle 2 of the tractor, road for 10\u202ft: 10\u202ft")
        self.assertEqual(cart._get_plan_view()["groups"][0]["loads"][0]["free"], 0.085)

    def test_help_to_fill_up_to_what_is_allowed(self):
        """The hint of the page counts from the legal capacity (F17)."""
        self._create_season()
        cart, _plan = self._plan(tonnes=7.0)
        load = cart._get_plan_view()["groups"][0]["loads"][0]
        self.assertEqual(load["hint"]["kind"], "add_mass")
        self.assertEqual(load["hint"]["mass"], 0.428)

    def test_no_region_no_limit_but_gross(self):
        self.site.state_id = False
        self.plant.state_id = False
        self._create_season()
        _cart, plan = self._plan()
        self.assertEqual(plan.loads[0].capacity_kg, 25_800)

    def test_a_wished_vehicle_gets_a_word(self):
        """Of a vehicle that the plan does not even use."""
        self._create_season()
        solo = self.env.ref("cement_base.vehicle_silo_solo")
        _cart, plan = self._plan(tonnes=12.0, vehicle_type_id=solo.id)
        self.assertNotIn(solo.id, [load.vehicle_key for load in plan.loads])
        self.assertIn("axle_wish", self.codes(plan.findings))
        _cart, plan = self._plan(tonnes=7.0, vehicle_type_id=self.silo.id)
        self.assertNotIn("axle_wish", self.codes(plan.findings))

    def test_an_order_is_told_once(self):
        """Not as a warning and as a hint both."""
        self._create_season()
        cart, plan = self._plan(vehicle_type_id=self.silo.id)
        codes = [code for code in self.codes(plan.findings) if "axle" in code]
        self.assertEqual(codes, ["axle_season"])
        told = [f for f in cart._get_findings() if "112-од" in f["message"]]
        self.assertEqual(len(told), 1)
        # with the vehicles, not at the line as well
        asked = cart._get_page()["asked"]["groups"][0]["lines"][0]
        self.assertFalse([m for m in asked["marks"] if "112-од" in m["message"]])

    def test_without_a_day_nobody_speaks_of_one(self):
        """Today's order says nothing about the day that will be chosen."""
        self._create_season(start=self.today)
        cart, plan = self._plan(day=False, vehicle_type_id=self.silo.id)
        self.assertFalse([c for c in self.codes(plan.findings) if "axle" in c])
        self.assertEqual(len(plan.loads), 1)
        self.assertEqual(plan.loads[0].capacity_kg, 25_800)
        view = cart._get_plan_view()["groups"][0]["loads"][0]
        self.assertEqual(view["capacity_reason"], "gross mass with 5 axles: 40\u202ft")
        self.assertFalse(view["is_seasonal"])

    def test_even_the_empty_vehicle_may_not_go(self):
        self._create_season(limit_single=3.0)
        cart, plan = self._plan()
        self.assertFalse(plan.loads)
        finding = cart._get_findings()[0]
        self.assertEqual(finding["code"], "axle_no_vehicle")
        self.assertIn("112-од", finding["message"])

    def test_exempt_goods(self):
        feed = self.env.ref("cement_logistics_axle.exemption_feed")
        self._create_season()
        self.cement.season_exemption_id = feed
        _cart, plan = self._plan()
        self.assertEqual(len(plan.loads), 1)

    def test_packed_goods(self):
        """Big bags go by the curtain trailer; its front axle has no room at all."""
        self._create_season()
        cart = self._create_cart([(self.line_big_bag, 20.0)])
        plan = cart._plan()
        self.assertGreater(len(plan.loads), 1)
        for load in plan.loads:
            self.assertIsInstance(load.capacity_reason, LegalReason)

    def test_rail_is_left_alone(self):
        self._create_season()
        legal = self.env["cement.cart"]._get_legal_function(
            self.env["cement.cart.line"], self.silo
        )
        self.assertTrue(callable(legal))
        wagon = self.env.ref("cement_base.vehicle_wagon_hopper")
        self.assertNotIn(wagon.id, self.law._read_law().vehicles)

    def test_queries_do_not_grow_with_lines(self):
        self._create_season()
        sites = self.env["cement.site"]
        for number in range(12):
            sites |= self._create_site(self.client, f"S{number}", state_id=self.perm.id)

        def queries(count):
            cart = self._create_cart(
                [
                    {
                        "specification_line_id": self.line_bulk.id,
                        "quantity": 25.0,
                        "site_id": site.id,
                    }
                    for site in sites[:count]
                ]
            )
            cart._plan()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cart._plan()
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(2), queries(12))
