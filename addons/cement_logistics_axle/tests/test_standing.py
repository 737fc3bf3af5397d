# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import unittest
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.cement_logistics_axle.tools import payload
from odoo.addons.cement_logistics_axle.tools.law import Law
from odoo.addons.cement_logistics_axle.tools.regulation import (
    MassLimit,
    Regulation,
    first_gap,
)
from odoo.addons.cement_logistics_axle.tools.standing import Checked, standing

from .vehicles import REGULATION, piece, rule, truck_a

APRIL = date(2027, 4, 20)
AUGUST = date(2027, 8, 20)


def counted(count=5, tare=15_000, plate=25_000):
    return payload.Counted("C", count, tare, plate)


class TestNoAnswer(unittest.TestCase):
    """Where the law has no answer, none is made up."""

    def _check(self, kg, regulation=None, rules=(), rating=115):
        return payload.check_mass(
            payload.frames(truck_a(payload_kg=25_800)),
            regulation,
            [(piece(rating), rules)],
            kg,
        )

    def test_no_act(self):
        for kg in (1_000, 25_000, 75_800):
            verdict = self._check(kg)
            self.assertEqual((verdict.state, verdict.missing), ("unknown", "act"))
        answer = payload.most_of(payload.frames(truck_a()), None, [(piece(115), ())])
        self.assertEqual(answer.missing, "act")

    def test_an_order_forbids_without_an_act_too(self):
        self.assertEqual(self._check(25_000, rules=[rule()]).state, "block")
        self.assertEqual(self._check(1_000, rules=[rule()]).state, "unknown")

    def test_an_act_without_figures(self):
        empty = Regulation("E", "Empty", [], [])
        verdict = self._check(20_000, empty)
        self.assertEqual((verdict.state, verdict.missing), ("unknown", "figures"))
        masses_only = Regulation("M", "Masses", [MassLimit("train", 5, 40_000)], [])
        self.assertEqual(self._check(20_000, masses_only).missing, "figures")
        self.assertEqual(self._check(20_000, REGULATION, rating=80).missing, "figures")
        self.assertEqual(self._check(20_000, REGULATION).missing, "")

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(st.integers(25_801, 60_000), st.integers(0, 50))
    def test_more_than_the_type_takes_is_never_fine(self, kg, warn):
        wide = Regulation("W", "Wide", [MassLimit("train", 5, 900_000)], [])
        verdict = payload.check_mass(
            payload.frames(truck_a(payload_kg=25_800)),
            wide,
            [],
            kg,
            warn_percent=warn,
            block_percent=90,
        )
        self.assertEqual(verdict.state, "warn")
        self.assertEqual(verdict.worst.limit.what, "plate")

    def test_first_gap(self):
        today = date(2030, 1, 10)
        act = Regulation("A", "A", [], [], valid_to=date(2030, 2, 28))
        later = Regulation("B", "B", [], [], valid_from=date(2030, 3, 1))
        late = Regulation("C", "C", [], [], valid_from=date(2030, 3, 5))
        self.assertEqual(first_gap([act], today, 60), date(2030, 3, 1))
        self.assertIsNone(first_gap([act], today, 30))
        self.assertIsNone(first_gap([act, later], today, 60))
        self.assertEqual(first_gap([act, late], today, 60), date(2030, 3, 1))
        self.assertEqual(first_gap([], today, 60), today)
        self.assertEqual(first_gap([late], today, 60), today)
        self.assertIsNone(first_gap([late], date(2030, 3, 5), 60))


class TestCounted(unittest.TestCase):
    """Only the number of axles is known: gross mass alone speaks."""

    def setUp(self):
        super().setUp()
        self.law = Law([REGULATION], [rule(gross_kg=14_999, single_kg=0)], [])

    def _state(self, kg, day=AUGUST, vehicle=None):
        return self.law.check(vehicle or counted(), (piece(115),), day, kg)

    def test_gross_mass(self):
        self.assertEqual(self._state(25_000).state, "ok")
        self.assertEqual(self._state(25_000, vehicle=counted(plate=30_000)).state, "ok")
        self.assertEqual(
            self._state(25_001, vehicle=counted(plate=30_000)).state, "warn"
        )
        verdict = self._state(45_000)
        self.assertEqual((verdict.state, verdict.worst.limit.what), ("block", "gross"))
        self.assertEqual(float(verdict.excess_percent), 50.0)
        # two axles: 18 t by the act
        self.assertEqual(self._state(10_000, vehicle=counted(2)).state, "block")

    def test_orders_of_the_region(self):
        self.assertEqual(self._state(5_000, APRIL).worst.limit.source, "order")
        self.assertEqual(self.law.most(counted(), (piece(115),), APRIL).kg, 0)
        self.assertEqual(self.law.most(counted(), (piece(115),), AUGUST).kg, 25_000)
        self.assertEqual(
            self.law.lawful(counted(plate=9_000), (piece(115),), AUGUST).kg, 25_000
        )

    def test_the_tare_of_the_scales(self):
        heavy = counted().with_tare(16_000)
        self.assertEqual(self._state(25_000, vehicle=heavy).state, "warn")

    def test_no_act_and_more_than_the_type(self):
        nothing = Law([], [], [])
        verdict = nothing.check(counted(), (), AUGUST, 1_000)
        self.assertEqual((verdict.state, verdict.missing), ("unknown", "act"))
        self.assertEqual(self._state(9_001, vehicle=counted(plate=9_000)).state, "warn")


class TestStanding(unittest.TestCase):
    """A check that found too much does not vanish."""

    too_much = Checked("block", 30_000, 25_800)
    excused = Checked("block", 30_000, 25_800, is_excused=True)
    fine = Checked("ok", 25_000, 25_800)
    coarse = Checked("ok", 30_000, 31_000, by_gross=True)
    light = Checked("ok", 25_000, 31_000, by_gross=True)
    coarse_block = Checked("block", 45_000, 25_000, by_gross=True)
    nobody_knows = Checked("unknown", 25_000, 0)

    def test_standing(self):
        for checks, present, place in (
            ([], None, None),
            ([self.fine], None, None),
            ([self.too_much], None, 0),
            ([self.excused, self.too_much], None, None),
            ([self.too_much, self.excused], None, 0),
            ([self.fine, self.too_much], None, None),
            # a duller look clears only what was lawful for the sharper one
            ([self.coarse, self.too_much], None, 1),
            ([self.light, self.too_much], None, None),
            ([self.coarse, self.coarse_block], None, None),
            ([self.coarse_block, self.fine], None, 0),
            # nothing can be checked any more
            ([self.too_much], 30_000, 0),
            ([self.too_much], 25_800, None),
            ([self.nobody_knows], None, 0),
            ([self.nobody_knows], 1_000, 0),
            ([self.light, self.nobody_knows], None, None),
            ([self.coarse, self.nobody_knows, self.too_much], None, 2),
        ):
            with self.subTest(checks=checks, present=present):
                self.assertEqual(standing(checks, present), place)

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(
        st.lists(
            st.builds(
                Checked,
                st.sampled_from(["ok", "warn", "unknown", "block"]),
                st.integers(0, 40_000),
                st.integers(0, 40_000),
                st.booleans(),
                st.booleans(),
            ),
            max_size=6,
        )
    )
    def test_what_stands_was_not_excused(self, checks):
        place = standing(checks)
        if place is not None:
            self.assertIn(checks[place].state, ("block", "unknown"))
            self.assertFalse(any(one.is_excused for one in checks[: place + 1]))
        elif checks and checks[0].state == "block":
            self.assertTrue(checks[0].is_excused)


class TestSpans(unittest.TestCase):
    def test_a_year_tells_where_it_is_not_known(self):
        act = Regulation(
            "A",
            "A",
            [MassLimit("train", 5, 40_000)],
            [],
            valid_to=AUGUST,
        )
        law = Law([act], [], [truck_a(payload_kg=30_000)])
        spans = list(law.spans("A", (), AUGUST, AUGUST + timedelta(9)))
        self.assertEqual([span.answer.missing for span in spans], ["", "act"])
