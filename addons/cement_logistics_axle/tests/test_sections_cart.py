# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.cement_logistics_axle.tools import payload
from odoo.addons.cement_logistics_axle.tools.reasons import LegalReason

from .common import CementAxleCommon

# Full, the load lies at 3.9 m as that of the plain silo does.
SECTIONS = ((1.5, 9.0), (3.9, 9.0), (6.0, 8.0))


@tagged("post_install", "-at_install")
class TestSections(CementAxleCommon):
    """A silo of three sections: planned, told, ordered, weighed by one fill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.today
        cls.pneumatic = cls.env.ref("cement_base.unloading_pneumatic")
        # roads for 10 t: the drive axle binds
        cls.env["cement.road.rating"].search([("state_id", "=", cls.perm.id)]).write(
            {"rating": "10"}
        )
        cls._divide(cls.silo)

    @classmethod
    def _divide(cls, vehicle, sections=SECTIONS):
        vehicle.section_ids = [
            Command.clear(),
            *(
                Command.create({"place": place, "capacity": capacity})
                for place, capacity in sections
            ),
        ]

    def _cart(self, tonnes=22.8, **row):
        return self._create_cart(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": tonnes,
                    "day": self.env["cement.specification.line"]
                    .browse(self.line_bulk.id)
                    ._get_first_day(self.env.cr.now()),
                    "unloading_way_id": self.pneumatic.id,
                    **row,
                }
            ]
        )

    def test_sections_carry_more_than_an_even_load(self):
        with_sections = self._reason().kg
        self.silo.section_ids.unlink()
        plain = self._reason().kg
        self.assertEqual(plain, 21_485)
        self.assertGreater(with_sections, 22_500)

    def test_the_cart_says_how_to_fill(self):
        cart = self._cart()
        plan = cart._plan()
        self.assertEqual([load.mass_kg for load in plan.loads], [22_800])
        view = cart._get_plan_view()["groups"][0]["loads"][0]
        text = view["loading"]
        self.assertIn("section 1 – ", text)
        self.assertIn("section 2 – 8.9", text)
        # the front one is filled less than its share of 7.89 t
        self.assertIn("section 1 – 5.", text)

    def test_even_loads_need_no_words(self):
        view = self._cart(15.0)._get_plan_view()["groups"][0]["loads"][0]
        self.assertEqual(view["loading"], "")

    def test_sections_hold_less_than_the_plate(self):
        self._divide(self.silo, ((3.0, 6.0), (5.0, 6.0)))
        cart = self._cart(20.0, vehicle_type_id=self.silo.id)
        loads = [
            load for load in cart._plan().loads if load.vehicle_key == self.silo.id
        ]
        for load in loads:
            self.assertLessEqual(load.mass_kg, 12_000)
        reason = self._reason()
        self.assertIsInstance(reason, LegalReason)
        self.assertEqual((reason.kg, reason.limit.what), (12_000, payload.SECTION))
        self.assertEqual(
            self.law._describe_reason(reason), "the sections of the body hold 12\u202ft"
        )

    def test_sections_of_a_vehicle_that_is_not_described(self):
        self.silo.kind = False
        self._divide(self.silo, ((3.0, 6.0), (5.0, 6.0)))
        reason = self.law._get_gross_reason(self.silo, self.day)
        self.assertEqual((reason.kg, reason.limit.what), (12_000, payload.SECTION))
        self.assertIn("12", self.law._describe_reason(reason))

    def test_order_and_evidence_keep_the_fill(self):
        order = self._cart()._confirm("portal_desktop").sudo().with_env(self.env)
        told = order.section_fill["masses"]
        self.assertEqual(sum(told), 22_800)
        self.assertFalse(order.section_fill["even"])
        self.assertIn("section 1 – 5.", order.section_text)
        self.env["stock.quant"]._update_available_quantity(
            self.cement, self.warehouse.lot_stock_id, 1000.0
        )
        picking = order.picking_ids
        self.assertEqual(picking.section_text, order.section_text)
        # a plan made today is kept although the sections would be filled otherwise now
        self.env["cement.road.rating"].search([("state_id", "=", self.perm.id)]).write(
            {"rating": "11.5"}
        )
        picking.write({"gross_mass": 14.2 + 22.9, "tare_mass": 14.2})
        picking.action_check_axles()
        check = picking.axle_check_ids
        loads = [section["load_kg"] for section in check.inputs["sections"]]
        self.assertEqual(sum(loads), 22_900)
        self.assertTrue(check.inputs["sections_planned"])
        for mass, before in zip(loads, told, strict=True):
            self.assertLess(abs(mass - before * 22.9 / 22.8), 1)
        self.assertEqual(
            [section["mass"] for section in check.results["sections"]],
            [mass / 1000 for mass in loads],
        )
        self.assertAlmostEqual(
            sum(row["load"] for row in check.results["axles"]), 37.1, 3
        )
        self.assertIn("Section, from the front", str(check.result_html))
        self.assertTrue(check.is_genuine)

    def test_another_mass_is_planned_anew(self):
        order = self._cart()._confirm("portal_desktop").sudo().with_env(self.env)
        order.order_line.product_uom_qty = 10.0
        fill = order._get_section_fill()
        self.assertEqual((fill.kg, fill.is_even), (10_000, True))

    def test_products_lie_apart(self):
        other = self._create_product("bulk")
        line = self._create_specification(
            self.agreement, [{"product_id": other.id}]
        ).line_ids
        order = self._create_quotation(
            9.0,
            vehicle_type_id=self.silo.id,
            delivery_method_id=self.road_delivery.id,
            plant_id=self.plant.id,
        )
        order.order_line = [
            Command.create(
                {
                    "product_id": other.id,
                    "product_uom_qty": 8.0,
                    "specification_line_id": line.id,
                }
            )
        ]
        fill = order._get_section_fill()
        self.assertEqual(set(fill.goods) - {None}, {self.cement.id, other.id})
        self.assertIn(f"({other.name})", order.section_text)
        self.assertIsNone(order._get_section_finding(0))
        order.order_line[1].product_uom_qty = 9.5
        order.order_line[0].product_uom_qty = 9.5
        finding = order._get_section_finding(0)
        self.assertEqual(finding.code, "axle_sections")
        words = self.env["cement.order.gate"]._describe(finding)
        self.assertIn("2 products do not go into 3 sections", words["message"])

    def test_wrong_sections(self):
        for sections, words in (
            (((7.0, 9.0),), "between 0"),
            (((1.0, 1.0),) * 9, "at most 8"),
        ):
            with self.assertRaises(ValidationError) as caught:
                self._divide(self.silo, sections)
            self.assertIn(words, str(caught.exception))

    def test_a_changed_section_changes_the_answer(self):
        before = self._reason().kg
        self.silo.section_ids[0].capacity = 1.0
        self.assertLess(self._reason().kg, before)
        self.silo.section_ids[0].place = 5.0
        self.assertGreater(self._reason().kg, 0)
