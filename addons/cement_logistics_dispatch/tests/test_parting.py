# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which part of a shipment may be taken, and the shipment of several products."""

import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cement_logistics_dispatch.tools import parting
from odoo.addons.cement_logistics_dispatch.tools.parting import Line, find_fault

from .common import CementDispatchCommon

law = settings(max_examples=200, deadline=None, derandomize=True)
LINES = {"bulk": Line(12_000), "bags": Line(8_000, 1_000)}


class TestParting(unittest.TestCase):
    def _code(self, taken, parts=1, least=1_000, most=4):
        fault = find_fault(taken, LINES, least, parts, most)
        return fault and (fault.code, fault.line)

    def test_faults(self):
        for taken, expected in (
            ({"bulk": 5_000, "bags": 3_000}, None),
            ({"bulk": 5_000}, None),
            ({"bulk": 0, "bags": 8_000}, None),
            ({}, (parting.NOTHING, None)),
            ({"bulk": 0, "bags": 0}, (parting.NOTHING, None)),
            ({"sand": 1_000}, (parting.FOREIGN, "sand")),
            ({"bulk": 12_001}, (parting.TOO_MUCH, "bulk")),
            ({"bulk": 5_000, "bags": -1_000}, (parting.TOO_MUCH, "bags")),
            ({"bulk": 999}, (parting.TOO_SMALL, None)),
            ({"bulk": 11_500, "bags": 8_000}, (parting.TOO_SMALL, None)),
            ({"bags": 3_500}, (parting.PACKAGE, "bags")),
        ):
            with self.subTest(taken):
                self.assertEqual(self._code(taken), expected)

    def test_the_whole_is_always_allowed(self):
        whole = {key: line.kg for key, line in LINES.items()}
        self.assertIsNone(self._code(whole, parts=99, least=10**6))

    def test_most_parts(self):
        self.assertEqual(self._code({"bulk": 5_000}, parts=4), (parting.TOO_MANY, None))
        # a rest that is odd for its package may go as it is
        lines = {"bags": Line(3_500, 1_000), "bulk": Line(5_000)}
        self.assertIsNone(find_fault({"bags": 3_500}, lines, 0, 1, 2))

    @law
    @given(st.data())
    def test_what_is_let_through(self, data):
        keys = st.sampled_from("abc")
        lines = data.draw(
            st.dictionaries(
                keys,
                st.builds(
                    Line, st.integers(1, 30_000), st.sampled_from([0, 50, 1_000])
                ),
                min_size=1,
            )
        )
        taken = data.draw(st.dictionaries(keys, st.integers(-1, 30_001)))
        least = data.draw(st.integers(0, 5_000))
        parts = data.draw(st.integers(1, 3))
        fault = find_fault(taken, lines, least, parts, 3)
        total = sum(taken.values())
        whole = sum(line.kg for line in lines.values())
        if fault:
            self.assertNotEqual(
                {key: kg for key, kg in taken.items() if kg},
                {key: line.kg for key, line in lines.items()},
            )
            return
        self.assertTrue(taken.keys() <= lines.keys())
        self.assertTrue(0 < total <= whole)
        for key, kg in taken.items():
            left = lines[key].kg - kg
            self.assertGreaterEqual(left, 0)
            if lines[key].package_kg and kg and left:
                self.assertEqual(kg % lines[key].package_kg, 0)
        if total < whole:
            self.assertLess(parts, 3)
            self.assertGreaterEqual(min(total, whole - total), least)


@tagged("post_install", "-at_install")
class TestSeveralProducts(CementDispatchCommon):
    """A pick-up of packages of two products, parted by waybills (F207, F208)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._create_product("big_bag")
        cls.lines = cls._create_specification(
            cls.agreement,
            [
                {
                    "product_id": product.id,
                    "delivery_method_id": cls.road_pickup.id,
                    "volume_agreed": 5000.0,
                }
                for product in (cls.big_bag, other)
            ],
        ).line_ids
        cart = cls._create_cart(
            [
                {"specification_line_id": line.id, "quantity": mass, "site_id": False}
                for line, mass in zip(cls.lines, (6.0, 4.0), strict=True)
            ]
        )
        cls.order = cart._confirm("portal_desktop").sudo().with_env(cls.env)
        cls.order.ensure_one()
        cls.picking = cls.order.picking_ids
        cls.first, cls.second = cls.picking.move_ids

    def _make(self, mass, picking=None):
        env = self.portal_env(self.owner)
        shipment = env["stock.picking"].browse((picking or self.picking).id)
        return shipment._make_waybill(mass).with_env(self.env)

    def _withdraw(self, part):
        part.with_env(self.portal_env(self.owner)).sudo(False)._withdraw_waybill()

    def _masses(self, picking):
        return {
            move.product_id: move._get_cement_mass(move.product_uom_qty)
            for move in picking.move_ids
            if move.state != "cancel"
        }

    def test_masses_by_line(self):
        part = self._make({self.first.id: "2", self.second.id: "3"})
        self.assertNotEqual(part, self.picking)
        first, second = self.lines.product_id
        self.assertEqual(self._masses(part), {first: 2.0, second: 3.0})
        self.assertEqual(self._masses(self.picking), {first: 4.0, second: 1.0})
        self.assertEqual(part.move_ids.sale_line_id, self.order.order_line)
        self.assertEqual(part._get_mass(), 5.0)
        self.assertEqual(self.order.load_mass, 10.0)
        # the rest by a waybill of its own, as one mass
        whole = self._make("5")
        self.assertEqual(whole, self.picking)

    def test_a_whole_line_goes_over(self):
        part = self._make({self.first.id: "", self.second.id: "4"})
        first, second = self.lines.product_id
        self.assertEqual(self._masses(part), {second: 4.0})
        self.assertEqual(self._masses(self.picking), {first: 6.0})
        self.assertEqual(self.second.picking_id, part)
        self.assertFalse(self.picking._portal_pickup_row()["lines"])

    def test_taken_back(self):
        before = self._masses(self.picking)
        for typed in (("2", "3"), ("", "4"), ("6", "1")):
            with self.subTest(typed):
                moves = self.picking.move_ids.filtered(
                    lambda move: move.state != "cancel"
                ).sorted(lambda move: move.sale_line_id.id)
                part = self._make(dict(zip(moves.ids, typed, strict=True)))
                self._withdraw(part)
                self.assertEqual(part.state, "cancel")
                self.assertEqual(self._masses(self.picking), before)

    def test_refused(self):
        foreign = self._create_pickup().picking_ids.move_ids
        for typed, words in (
            ("5", "of each product"),
            ({}, "above zero"),
            ({self.first.id: "", self.second.id: ""}, "above zero"),
            ({self.first.id: "2.5"}, "whole packages"),
            ({self.first.id: "7"}, "nor above"),
            ({self.first.id: "-1", self.second.id: "3"}, "nor above"),
            ({self.first.id: "many"}, "not a mass"),
            ({foreign.id: "1"}, "changed meanwhile"),
            ({10**9: "1"}, "changed meanwhile"),
        ):
            with self.subTest(typed), self.assertRaisesRegex(UserError, words):
                self._make(typed)
        self.assertEqual(self.order.picking_ids, self.picking)
        self.supplier.cement_waybill_parts = 1
        with self.assertRaisesRegex(UserError, "the limit"):
            self._make({self.first.id: "2"})

    def test_least_mass_is_that_of_the_vehicle(self):
        self.supplier.cement_waybill_least = 3.0
        with self.assertRaisesRegex(UserError, "at least"):
            self._make({self.first.id: "1", self.second.id: "1"})
        part = self._make({self.first.id: "1", self.second.id: "2"})
        self.assertEqual(part._get_mass(), 3.0)

    def test_row_asks_by_line(self):
        lines = self.picking._portal_pickup_row()["lines"]
        self.assertEqual(
            [(line["mass"], line["package"]) for line in lines],
            [(6.0, 1.0), (4.0, 1.0)],
        )
        self.assertFalse(
            self._create_pickup().picking_ids._portal_pickup_row()["lines"]
        )
