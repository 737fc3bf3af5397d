# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The legal maximum: vectors of the reference (section 3.3) and what always holds."""

import unittest
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.cement_logistics_axle.tools import payload
from odoo.addons.cement_logistics_axle.tools.law import Law
from odoo.addons.cement_logistics_axle.tools.season import rules_on

from .vehicles import REGULATION, piece, rule, truck_a, truck_b, vehicles

law = settings(max_examples=200, deadline=None, derandomize=True)
APRIL = date(2027, 4, 10)
TUESDAY = date(2027, 3, 30)


def most(vehicle, *pieces, rules=(), day=APRIL):
    """Return the answer on *pieces* with *rules* in the year."""
    return payload.most_of(
        payload.frames(vehicle),
        REGULATION,
        [(one, rules_on(rules, one, day)) for one in pieces],
    )


class TestVectors(unittest.TestCase):
    """Each line is a row of the table; masses in tonnes to two places."""

    def _check(self, answer, tonnes, what, axle_numbers, source):
        # the reference rounds to ten kilograms, the kernel goes down to a whole one
        self.assertAlmostEqual(answer.kg, tonnes * 1000, delta=5)
        self.assertEqual(answer.limit.what, what)
        self.assertEqual(answer.limit.axles, axle_numbers)
        self.assertEqual(answer.limit.source, source)

    def test_a_on_a_10_t_road(self):
        self._check(most(truck_a(), piece(100)), 21.49, "group", (2,), "act")

    def test_a_with_the_load_further_back(self):
        answer = most(truck_a(air=True, payload_mm=4_200), piece(100))
        self.assertEqual(round(answer.kg / 1000, 2), 25.07)
        self.assertEqual(answer.limit.axles, (2,))

    def test_a_on_an_11_5_t_road(self):
        answer = most(truck_a(), piece(115))
        self._check(answer, 25.80, "gross", (), "act")
        self.assertEqual(answer.kg, 25_800)

    def test_b_on_a_10_t_road(self):
        self._check(most(truck_b(), piece(100)), 24.77, "group", (4, 5, 6), "act")

    def test_b_on_air(self):
        self._check(
            most(truck_b(air=True), piece(100)), 27.08, "group", (4, 5, 6), "act"
        )

    def test_a_in_spring(self):
        answer = most(truck_a(), piece(115), rules=[rule()])
        self._check(answer, 7.43, "group", (1,), "order")
        self.assertEqual(answer.limit.rule, "r")

    def test_b_in_spring(self):
        answer = most(truck_b(), piece(115), rules=[rule()])
        self._check(answer, 8.16, "group", (1,), "order")

    def test_the_same_truck_three_times(self):
        """25.8 t, 21.5 t, 7.4 t: one and the same truck."""
        self.assertEqual(
            [
                round(answer.kg / 1000, 1)
                for answer in (
                    most(truck_a(), piece(115)),
                    most(truck_a(), piece(100)),
                    most(truck_a(), piece(115), rules=[rule()]),
                )
            ],
            [25.8, 21.5, 7.4],
        )

    def test_the_weakest_piece_decides(self):
        answer = most(truck_a(), piece(115), piece(100, region="x"), piece(115))
        self.assertEqual(answer.kg, 21_485)
        self.assertEqual(answer.limit.piece.region, "x")

    def test_gross_form(self):
        gross = rule(single_kg=0, double_kg=0, triple_kg=0, gross_kg=15_000)
        answer = most(truck_a(), piece(115), rules=[gross])
        self.assertEqual((answer.kg, answer.limit.what), (800, "gross"))
        self.assertEqual(answer.limit.source, "order")

    def test_empty_may_not_go(self):
        answer = most(truck_a(), piece(115), rules=[rule(single_kg=5_000)])
        self.assertTrue(answer.empty_forbidden)
        self.assertEqual(answer.kg, 0)

    def test_the_maker_is_heard_too(self):
        answer = most(truck_a(payload_kg=20_000), piece(115))
        self.assertEqual((answer.kg, answer.limit.what), (20_000, "plate"))
        vehicle = truck_a()
        strong = type(vehicle)(
            key="k",
            geometry=vehicle.geometry,
            axles=vehicle.axles,
            payload_kg=60_000,
            kingpin_limit_kg=10_500,
            bogie_limit_kg=20_000,
        )
        answer = most(strong, piece(115))
        # (20,000 − 4,900) × 6.0 / 3.9 = 23,230
        self.assertEqual((answer.kg, answer.limit.what), (23_230, "bogie"))

    def test_lift_axles_are_used_as_helps(self):
        """With the axle down three axles carry; raised it would be less."""
        vehicle = truck_a()
        lifting = type(vehicle)(
            key="l",
            geometry=vehicle.geometry,
            axles=tuple(
                type(axle)(
                    number=axle.number,
                    position_mm=axle.position_mm,
                    support=axle.support,
                    tyres=axle.tyres,
                    lift=axle.number == 3,
                )
                for axle in vehicle.axles
            ),
            payload_kg=60_000,
        )
        down = most(vehicle, piece(100))
        answer = most(lifting, piece(100))
        self.assertEqual(answer.kg, down.kg)
        self.assertFalse(answer.lifted)

    def test_unknown_cells_are_named(self):
        # a spacing of 2.5 m in the bogie is in the table, a road of 8 t is not
        answer = most(truck_a(), piece(80))
        self.assertEqual(answer.unknown, ((1,), (2,), (3, 4, 5)))
        self.assertEqual(answer.limit.what, "gross")


class TestCheck(unittest.TestCase):
    def _verdict(self, kg, rules=(), **options):
        return payload.check_mass(
            payload.frames(truck_a()),
            REGULATION,
            [(piece(115), rules_on(rules, piece(115), APRIL))],
            kg,
            **options,
        )

    def test_thresholds(self):
        self.assertEqual(self._verdict(25_800).state, "ok")
        self.assertEqual(self._verdict(25_801).state, "warn")
        # 44 t is ten percent over 40 t: not more than ten, so no block yet
        self.assertEqual(self._verdict(29_000).state, "warn")
        self.assertEqual(self._verdict(32_000).state, "block")
        self.assertEqual(self._verdict(26_000, block_percent=0).state, "block")
        self.assertEqual(self._verdict(26_000, warn_percent=2).state, "ok")

    def test_worst_row(self):
        verdict = self._verdict(25_000, [rule()])
        self.assertEqual(verdict.state, "block")
        # bogie 21.15 of 12 t, drive axle 11.025 of 6 t: 84 percent over
        self.assertEqual(verdict.worst.limit.axles, (2,))
        self.assertEqual(round(float(verdict.excess_percent)), 84)

    def _check(self, kg, *vehicles, rules=(), rating=115):
        return payload.check_mass(
            [payload.Frame(vehicle) for vehicle in vehicles],
            REGULATION,
            [(piece(rating), rules_on(rules, piece(rating), APRIL))],
            kg,
        )

    def test_the_maker_does_not_silence_the_law(self):
        """The kingpin is more over than the gross mass, but the gross mass blocks."""
        vehicle = replace(truck_a(), kingpin_limit_kg=9_000)
        verdict = self._check(32_000, vehicle)
        self.assertEqual(verdict.state, "block")
        self.assertEqual(
            (verdict.worst.limit.source, verdict.worst.limit.what), ("act", "gross")
        )
        self.assertEqual(round(float(verdict.excess_percent), 1), 15.5)
        # where the law warns it is named too, where it is kept the maker is
        verdict = self._check(27_000, vehicle)
        self.assertEqual((verdict.state, verdict.worst.limit.source), ("warn", "act"))
        verdict = self._check(22_000, vehicle)
        self.assertEqual((verdict.state, verdict.worst.limit.source), ("warn", "maker"))

    def test_the_most_lawful_way_counts(self):
        """A way that only the maker dislikes goes before one that the law forbids."""
        liked = replace(truck_b(), kingpin_limit_kg=6_000)
        for ways in ((truck_a(), liked), (liked, truck_a())):
            verdict = self._check(32_000, *ways)
            self.assertEqual(verdict.state, "warn")
            self.assertEqual(verdict.worst.limit.source, "act")

    def test_what_the_law_alone_allows(self):
        vehicle = replace(truck_a(), kingpin_limit_kg=3_000)
        ways = payload.frames(vehicle)
        on_road = (REGULATION, [(piece(115), ())])
        self.assertLess(payload.most_of(ways, *on_road).kg, 5_000)
        lawful = payload.most_of(ways, *on_road, with_maker=False)
        self.assertEqual((lawful.kg, lawful.limit.what), (25_800, "gross"))
        nothing = payload.most_of(ways, None, (), with_maker=False)
        self.assertEqual((nothing.kg, nothing.limit.what), (60_000, "plate"))

    @law
    @given(vehicles(lift=True), st.integers(0, 60_000), st.integers(1, 20_000))
    def test_the_verdict_is_that_of_the_lawful_rows(self, vehicle, kg, kingpin):
        """Whatever the maker says, state and words are those of the law."""
        pieces = [(piece(115), ())]
        free = payload.check_mass(payload.frames(vehicle), REGULATION, pieces, kg)
        bound = payload.check_mass(
            payload.frames(replace(vehicle, kingpin_limit_kg=kingpin)),
            REGULATION,
            pieces,
            kg,
        )
        self.assertEqual(bound.state == "block", free.state == "block")
        if free.state != "ok":
            self.assertEqual(bound.state, free.state)
            if free.worst.limit.source != "maker":
                self.assertEqual(bound.worst.limit, free.worst.limit)

    def test_percent_is_never_shown_less(self):
        self.assertEqual(payload.round_up_percent(Fraction(10_0001, 10_000)), 10.01)


class TestPlace(unittest.TestCase):
    def test_further_back(self):
        place, kg = payload.best_place(
            truck_a(air=True), REGULATION, [(piece(100), ())], 3_500, 4_600
        )
        self.assertGreater(kg, most(truck_a(air=True), piece(100)).kg)
        self.assertGreater(place, 3_900)
        self.assertLessEqual(place, 4_600)


class TestProperties(unittest.TestCase):
    @law
    @given(
        vehicles(),
        st.sampled_from([60, 100, 115]),
        st.booleans(),
        st.integers(2_000, 9_000),
    )
    def test_the_legal_maximum_is_tight(self, vehicle, rating, in_season, single):
        """At the maximum every limit is kept; a kilogram more breaks one.

        The load's centre lies within the beam (the generator sees to it): else more
        payload could relieve the axle that binds.
        """
        rules = [rule(single_kg=single, double_kg=0, triple_kg=0)] if in_season else []
        pieces = [(piece(rating), rules_on(rules, piece(rating), APRIL))]
        ways = payload.frames(vehicle)
        answer = payload.most_of(ways, REGULATION, pieces)
        limits, _unknown = ways[0].limits(REGULATION, pieces)
        over = [
            row for row in ways[0].rows(limits, answer.kg) if row.load > row.limit.kg
        ]
        self.assertEqual(bool(over), answer.empty_forbidden)
        more = answer.kg + 1
        broken = more > vehicle.payload_kg or any(
            row.load > row.limit.kg for row in ways[0].rows(limits, more)
        )
        self.assertTrue(broken)

    @law
    @given(vehicles(lift=True), st.sampled_from([60, 100, 115]))
    def test_lift_axles_never_cost_payload(self, vehicle, rating):
        ways = payload.frames(vehicle)
        both = payload.most_of(ways, REGULATION, [(piece(rating), ())])
        for way in ways:
            alone = payload.most_of([way], REGULATION, [(piece(rating), ())])
            self.assertGreaterEqual(both.kg, alone.kg)

    @law
    @given(
        vehicles(), st.lists(st.sampled_from([60, 100, 115]), min_size=1, max_size=4)
    )
    def test_more_road_never_allows_more(self, vehicle, ratings):
        pieces = [(piece(rating), ()) for rating in ratings]
        whole = payload.most_of(payload.frames(vehicle), REGULATION, pieces)
        each = [
            payload.most_of(payload.frames(vehicle), REGULATION, [one]).kg
            for one in pieces
        ]
        self.assertEqual(whole.kg, min(each))

    @law
    @given(vehicles(), st.integers(0, 60_000))
    def test_check_agrees_with_the_maximum(self, vehicle, kg):
        pieces = [(piece(100), ())]
        answer = payload.most_of(payload.frames(vehicle), REGULATION, pieces)
        verdict = payload.check_mass(payload.frames(vehicle), REGULATION, pieces, kg)
        if not answer.empty_forbidden and kg <= vehicle.payload_kg:
            self.assertEqual(verdict.state == "ok", kg <= answer.kg)


class TestLaw(unittest.TestCase):
    route = (piece(115),)

    def setUp(self):
        super().setUp()
        self.law = Law(
            [REGULATION],
            [rule()],
            [truck_a(payload_kg=25_800), truck_b(payload_kg=28_000)],
            {"A": (3_500, 4_600)},
        )

    def test_tuesday_and_the_first_of_april(self):
        self.assertEqual(self.law.answer("A", self.route, TUESDAY).kg, 25_800)
        self.assertEqual(self.law.answer("A", self.route, APRIL).kg, 7_428)
        self.assertEqual(self.law.normal("A", self.route, APRIL).kg, 25_800)
        change = self.law.next_change("A", self.route, TUESDAY, 30)
        self.assertEqual(
            (change.date_from, change.date_to, change.answer.kg),
            (date(2027, 4, 1), date(2027, 4, 29), 7_428),
        )
        self.assertIsNone(self.law.next_change("A", self.route, TUESDAY, 1))

    def test_spans_of_a_year(self):
        spans = list(
            self.law.spans("A", self.route, date(2027, 1, 1), date(2027, 12, 31))
        )
        self.assertEqual([span.answer.kg for span in spans], [25_800, 7_428, 25_800])
        days = sum((span.date_to - span.date_from).days + 1 for span in spans)
        self.assertEqual(days, 365)

    def test_spans_agree_with_every_day(self):
        for span in self.law.spans("B", self.route, TUESDAY, date(2027, 5, 10)):
            day = span.date_from
            while day <= span.date_to:
                self.assertEqual(
                    self.law.answer("B", self.route, day).kg, span.answer.kg
                )
                day += timedelta(1)

    def test_what_helps(self):
        advice = self.law.advice("A", self.route, APRIL, others=["A", "B", "none"])
        self.assertEqual(advice.vehicle, ("B", 8_163))
        self.assertEqual(advice.day, (date(2027, 5, 1), 25_800))
        self.assertEqual(advice.place[0] > 3_900, advice.place[1] > 7_428)
        free = self.law.advice("B", self.route, TUESDAY, others=["A"])
        self.assertEqual((free.vehicle, free.day), (None, None))

    def test_exempt_goods(self):
        free = Law([REGULATION], [rule(exempt=frozenset({"feed"}))], [truck_a()])
        self.assertEqual(free.answer("A", self.route, APRIL, "feed").kg, 25_800)
        self.assertEqual(free.answer("A", self.route, APRIL).kg, 7_428)

    def test_no_act_no_road(self):
        nothing = Law([], [], [truck_a(payload_kg=25_800)])
        answer = nothing.answer("A", (), APRIL)
        self.assertEqual((answer.kg, answer.limit.what), (25_800, "plate"))

    def test_as_the_scales_found_it(self):
        heavy = truck_a().with_tare(15_000)
        verdict = self.law.check(heavy, self.route, TUESDAY, 25_500)
        self.assertEqual(verdict.state, "warn")
        self.assertEqual(verdict.worst.limit.what, "gross")
        self.assertEqual(self.law.check("A", self.route, TUESDAY, 25_500).state, "ok")

    def test_heat_is_told(self):
        hot = Law(
            [REGULATION],
            [rule(kind="heat", date_from=date(2027, 6, 1), date_to=date(2027, 8, 31))],
            [truck_a()],
        )
        self.assertEqual(len(hot.heat_rules(self.route, date(2027, 7, 1))), 1)
        self.assertEqual(hot.answer("A", self.route, date(2027, 7, 1)).kg, 25_800)

    def test_unknown_vehicle(self):
        with self.assertRaises(KeyError):
            self.law.answer("none", self.route, APRIL)
