# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestPlan(CementSaleCommon):
    """What a cart becomes, as the pages show it."""

    def _findings(self, cart):
        return {
            finding["code"]: finding for finding in cart._get_plan_view()["findings"]
        }

    def test_empty(self):
        view = self._create_cart([])._get_plan_view()
        self.assertEqual((view["groups"], view["can_confirm"]), ([], False))
        self.assertEqual(view["totals"]["total"], 0.0)

    def test_bulk_by_the_truck(self):
        """F15 to F17, F21: vehicles with capacity, filling and cost."""
        view = self._create_cart([(self.line_bulk, 70)])._get_plan_view()
        self.assertTrue(view["can_confirm"])
        (group,) = view["groups"]
        self.assertEqual(
            (group["site"], group["warehouse"], group["consignee"]),
            ("Site North", self.warehouse.name, self.client.name),
        )
        self.assertEqual(view["totals"]["mass"], 70)
        self.assertEqual(view["totals"]["vehicles"], len(group["loads"]))
        self.assertEqual(round(sum(load["mass"] for load in group["loads"]), 3), 70)
        for load in group["loads"]:
            self.assertLessEqual(load["mass"], load["capacity"])
            self.assertAlmostEqual(load["free"], load["capacity"] - load["mass"], 3)
        self.assertEqual(view["totals"]["untaxed"], 350_000)
        self.assertAlmostEqual(
            sum(load["total"] for load in group["loads"]), view["totals"]["total"], 2
        )

    def test_full_vehicles_and_the_rest(self):
        cart = self._create_cart([(self.line_bulk, 60)])
        cart._set_options(strategy="full")
        masses = [load["mass"] for load in cart._get_plan_view()["groups"][0]["loads"]]
        self.assertEqual(masses[0], max(masses))
        self.assertGreater(masses[0] - masses[-1], 5)

    def test_packed_goods_share_a_vehicle(self):
        """F18 to F20: pallets of two lines in one vehicle, big bags apart."""
        line = self._create_specification(
            self.agreement,
            [{"product_id": self._create_product("pallet").id}],
        ).line_ids
        # of one specification only
        self.line_pallet.specification_id.line_ids = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "plant_id": self.plant.id,
                    "delivery_method_id": self.road_delivery.id,
                    "price_unit": 6000,
                }
            )
        ]
        mate = self.specification.line_ids.sorted("id")[-1]
        view = self._create_cart(
            [
                (self.line_pallet, 6),
                (mate, 9),
                (self.line_big_bag, 4),
                (line, 3),
            ]
        )._get_plan_view()
        parts = [
            {part["product"] for part in load["parts"]}
            for group in view["groups"]
            for load in group["loads"]
        ]
        self.assertIn({self.pallet.name, mate.product_id.name}, parts)
        self.assertEqual(len(parts), 3)
        packages = [
            part["packages"]
            for group in view["groups"]
            for load in group["loads"]
            for part in load["parts"]
            if part["product"] == self.big_bag.name
        ]
        self.assertEqual(packages, [4])

    def test_accounting_categories_never_share(self):
        """F137: two categories, two orders."""
        mix = self._create_product(
            "pallet",
            accounting_category_id=self.env.ref("cement_base.accounting_mix").id,
        )
        specification = self._create_specification(
            self.agreement, [{"product_id": self.pallet.id}, {"product_id": mix.id}]
        )
        view = self._create_cart(
            [(line, 3) for line in specification.line_ids]
        )._get_plan_view()
        self.assertEqual(view["totals"]["vehicles"], 2)

    def test_not_whole_packages(self):
        cart = self._create_cart([(self.line_pallet, 4)])
        finding = self._findings(cart)["not_whole_packages"]
        self.assertEqual(finding["severity"], "block")
        self.assertIn("1.5", finding["message"])
        self.assertIn("3", finding["remedy"])
        self.assertIn("4.5", finding["remedy"])
        self.assertEqual(finding["keys"], cart.sudo().line_ids.ids)

    def test_site_lets_in_no_heavy_vehicle(self):
        self.site.max_vehicle_mass = 30
        view = self._create_cart([(self.line_bulk, 25)])._get_plan_view()
        for load in view["groups"][0]["loads"]:
            vehicle = self.env["cement.vehicle.type"].search(
                [("code", "=", load["vehicle_code"])]
            )
            self.assertLessEqual(load["mass"] + vehicle.tare, 30)
        self.assertTrue(view["can_confirm"], view["findings"])

    def test_no_vehicle_fits(self):
        self.site.max_vehicle_mass = 5
        cart = self._create_cart([(self.line_bulk, 25)])
        self.assertEqual(self._findings(cart)["no_vehicle"]["severity"], "block")
        self.assertFalse(cart._get_plan_view()["can_confirm"])

    def test_price_changed_since(self):
        cart = self._create_cart()
        self.line_bulk.price_unit = 5100
        finding = self._findings(cart)["price_changed"]
        self.assertEqual(finding["severity"], "warn")
        self.assertIn("5,100.00", finding["message"])
        self.assertTrue(cart._get_plan_view()["can_confirm"])
        cart._accept_prices()
        self.assertNotIn("price_changed", self._findings(cart))

    def test_expired_specification_in_the_cart(self):
        cart = self._create_cart()
        self.specification.date_end = self.today
        finding = self._findings(cart)["specification_not_valid"]
        self.assertIn(self.specification.name, finding["message"])
        self.assertTrue(finding["remedy"])

    def test_days(self):
        rows = [
            {
                "specification_line_id": self.line_bulk.id,
                "quantity": 20 + step,
                "day": self.day + timedelta(step),
            }
            for step in (1, 0)
        ]
        days = self._create_cart(rows)._get_plan_view()["days"]
        self.assertEqual(
            [(day["day"], day["mass"]) for day in days],
            [(self.day, 20.0), (self.day + timedelta(1), 21.0)],
        )

    def test_day_missing_is_told(self):
        cart = self._create_cart([])
        cart._add_rows([{"specification_line_id": self.line_bulk.id, "quantity": 5}])
        self.assertEqual(self._findings(cart)["day_missing"]["severity"], "block")
        self.assertEqual(cart._get_plan_view()["days"][0]["day"], False)

    def test_vat_included(self):
        self.specification.price_include_vat = True
        totals = self._create_cart([(self.line_bulk, 20)])._get_plan_view()["totals"]
        self.assertEqual(totals["total"], 100_000)
        self.assertEqual(totals["tax"] + totals["untaxed"], 100_000)

    def test_rail(self):
        station = self._create_station()
        yard = self._create_site(self.client, "Yard", station=station)
        line = self._create_specification(
            self.agreement, [{"delivery_method_id": self.rail_delivery.id}]
        ).line_ids
        row = {"specification_line_id": line.id, "quantity": 138, "site_id": yard.id}
        view = self._create_cart([row])._get_plan_view()
        loads = view["groups"][0]["loads"]
        self.assertEqual({load["transport"] for load in loads}, {"rail"})
        self.assertEqual(len(loads), 2)
        # a wagon does not go to a street
        cart = self._create_cart([{**row, "site_id": self.site.id}])
        self.assertIn("site_method", self._findings(cart))

    def test_same_texts_in_russian(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        cart = self._create_cart([(self.line_bulk, 1005)])
        cart = cart.with_context(lang="ru_RU")
        message = self._findings(cart)["volume_exceeded"]["message"]
        self.assertNotIn("%(", message)
        self.assertIn("1\xa0005", message.replace("\u202f", "\xa0"))

    def test_colleague_changes_rules(self):
        """The rule set is data: without «same site» two sites share a vehicle."""
        rule = self.env.ref("cement_sale.rule_packaged")
        second = self._create_site(self.client, "Site South")
        rows = [
            {
                "specification_line_id": self.line_pallet.id,
                "quantity": 3,
                "site_id": site.id,
            }
            for site in (self.site, second)
        ]
        cart = self._create_cart(rows)
        self.assertEqual(cart._get_plan_view()["totals"]["vehicles"], 2)
        rule.write({"same_site": False, "same_consignee": False})
        self.assertEqual(cart._get_plan_view()["totals"]["vehicles"], 1)
