# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A body of sections: the most it may hold, how it is filled, and what always holds."""

import unittest
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.cement_logistics_axle.tools import payload
from odoo.addons.cement_logistics_axle.tools.law import Law
from odoo.addons.cement_logistics_axle.tools.season import rules_on
from odoo.addons.cement_logistics_axle.tools.sections import Body, Bound, scaled
from odoo.addons.cement_logistics_axle.tools.statics import Section

from .vehicles import REGION, REGULATION, piece, rule, truck_a, vehicles

law = settings(max_examples=150, deadline=None, derandomize=True)
DAY = date(2027, 4, 10)
# Full, the load lies at 3.9 m: case A of the reference.
THREE = (Section(1_500, 9_000), Section(3_900, 9_000), Section(6_000, 8_000))
EVEN = Fraction(9_000 * 1_500 + 9_000 * 3_900 + 8_000 * 6_000, 26_000)


def tank(sections=THREE, **changes):
    return replace(truck_a(**changes), sections=sections)


def most(vehicle, *pieces, rules=()):
    return payload.most_of(
        payload.frames(vehicle),
        REGULATION,
        [(one, rules_on(rules, one, DAY)) for one in pieces],
    )


def fill(vehicle, masses, *pieces, rules=()):
    return payload.best_fill(
        payload.frames(vehicle),
        REGULATION,
        [(one, rules_on(rules, one, DAY)) for one in pieces],
        masses,
    )


def check(vehicle, kg, *pieces, rules=(), **options):
    return payload.check_mass(
        payload.frames(vehicle),
        REGULATION,
        [(one, rules_on(rules, one, DAY)) for one in pieces],
        kg,
        **options,
    )


class TestVectors(unittest.TestCase):
    def test_one_section_is_a_plain_body(self):
        """The same truck with its load at 3.9 m: 21.485 t on a road for 10 t."""
        plain = most(truck_a(), piece(100))
        one = most(tank((Section(3_900, 26_000),)), piece(100))
        self.assertEqual((one.kg, one.limit), (plain.kg, plain.limit))

    def test_best_fill_carries_more_than_an_even_one(self):
        """By hand: the drive axle (10 t, of it 3.733 t empty) bears (5/6) of what is on
        the kingpin. With 8 t in the rear (x = Ls, nothing on the kingpin) 26.0 t would
        be allowed by it only with the front section emptier."""
        road = piece(100)
        even = most(truck_a(payload_mm=EVEN), road)
        best = most(tank(), road)
        self.assertGreater(best.kg, even.kg)
        self.assertEqual(best.limit.what, payload.GROUP)
        found = fill(tank(), {"M500": best.kg}, road)
        self.assertFalse(found.is_even)
        self.assertEqual(found.kg, best.kg)
        self.assertEqual(check(tank(), best.kg, road).state, payload.OK)
        # the rear ones are full and the front one takes what the axles leave
        self.assertEqual(found.masses[2], 8_000)
        self.assertLess(found.masses[0], 9_000)
        by_hand = (found.masses[0] * Fraction(4_500, 6_000)) + (
            found.masses[1] * Fraction(2_100, 6_000)
        )
        drive = 2_400 + (1_600 + by_hand) * Fraction(5, 6)
        self.assertTrue(9_995 < drive <= 10_000, drive)

    def test_even_where_the_law_lets_it(self):
        found = fill(tank(), {"M500": 10_400}, piece(115))
        self.assertTrue(found.is_even)
        self.assertEqual(found.masses, (3_600, 3_600, 3_200))
        self.assertEqual(found.goods, ("M500",) * 3)

    def test_sections_hold_less_than_the_plate(self):
        small = tank((Section(3_000, 6_000), Section(5_000, 6_000)))
        answer = most(small, piece(115))
        self.assertEqual((answer.kg, answer.limit.what), (12_000, payload.SECTION))
        self.assertEqual(answer.limit.source, payload.BY_MAKER)

    def test_plate_is_heard(self):
        answer = most(tank(payload_kg=5_000), piece(115))
        self.assertEqual((answer.kg, answer.limit.what), (5_000, payload.PLATE))

    def test_spring(self):
        spring = rule()
        answer = most(tank(), piece(115), rules=[spring])
        self.assertEqual(answer.limit.source, payload.BY_ORDER)
        self.assertGreater(answer.kg, most(truck_a(), piece(115), rules=[spring]).kg)

    def test_empty_may_not_go(self):
        answer = most(tank(), piece(115), rules=[rule(single_kg=5_000)])
        self.assertTrue(answer.empty_forbidden)
        self.assertEqual(answer.kg, 0)
        # and yet it is told how it would lie
        found = fill(tank(), {"M500": 9_000}, piece(115), rules=[rule(single_kg=5_000)])
        self.assertEqual(found.kg, 9_000)

    def test_more_than_lawful_goes_where_there_is_room(self):
        found = fill(tank(), {"M500": 25_900}, piece(100))
        self.assertEqual(found.kg, 25_900)
        self.assertTrue(
            all(
                mass <= section.capacity_kg
                for mass, section in zip(found.masses, THREE, strict=True)
            )
        )
        over = check(tank(), 25_900, piece(100))
        self.assertNotEqual(over.state, payload.OK)

    def test_overfilled_section_has_its_row_and_never_blocks(self):
        verdict = check(tank(), 10_000, piece(115), fill=(10_000, 0, 0))
        self.assertEqual(verdict.fill, (10_000, 0, 0))
        self.assertIn(payload.SECTION, [row.limit.what for row in verdict.rows])
        self.assertNotEqual(verdict.state, payload.BLOCK)

    def test_fill_as_it_was_told_is_what_is_checked(self):
        """All in the front section presses the drive axle, evenly it does not."""
        even = check(tank(), 9_000, piece(60))
        front = check(tank(), 9_000, piece(60), fill=(9_000, 0, 0))
        self.assertGreater(
            max(row.excess_percent for row in front.rows),
            max(row.excess_percent for row in even.rows),
        )


class TestSeveralProducts(unittest.TestCase):
    def test_each_in_its_own(self):
        found = fill(tank(), {"M400": 8_000, "M500": 9_000}, piece(115))
        self.assertEqual(found.kg, 17_000)
        of = {}
        for goods, mass in zip(found.goods, found.masses, strict=True):
            of[goods] = of.get(goods, 0) + mass
        self.assertEqual(
            {key: mass for key, mass in of.items() if key},
            {"M400": 8_000, "M500": 9_000},
        )

    def test_more_products_than_sections(self):
        masses = dict.fromkeys("abcd", 1_000)
        self.assertIsNone(fill(tank(), masses, piece(115)))

    def test_a_product_too_much_for_its_sections(self):
        # 9.5 t need two sections; then 8.5 t of the other do not go into one of 8 t,
        # but do into one of 9 t
        found = fill(tank(), {"a": 9_500, "b": 8_500}, piece(115))
        self.assertIn("b", found.goods)
        self.assertIsNone(fill(tank(), {"a": 9_500, "b": 9_500}, piece(115)))

    def test_the_law_decides_who_lies_where(self):
        """On a weak road the heavy product has to lie at the rear."""
        two = tank((Section(1_000, 12_000), Section(5_500, 12_000)))
        road = piece(100)
        found = fill(two, {"light": 3_000, "heavy": 11_000}, road)
        self.assertEqual(found.goods, ("light", "heavy"))
        self.assertEqual(check(two, 14_000, road, fill=found.masses).state, payload.OK)


class TestScaled(unittest.TestCase):
    def test_as_much_of_it_as_was_weighed(self):
        self.assertEqual(scaled((9_000, 6_000, 0), 10_000), (6_000, 4_000, 0))
        self.assertEqual(scaled((0, 0), 5), (0, 0))

    @law
    @given(
        st.lists(st.integers(0, 20_000), min_size=1, max_size=4), st.integers(0, 60_000)
    )
    def test_nothing_is_lost(self, masses, kg):
        found = scaled(masses, kg)
        if any(masses):
            self.assertEqual(sum(found), kg)
        for before, after in zip(masses, found, strict=True):
            self.assertEqual(bool(after) and not before, False)


# === What always holds ===


@st.composite
def tanks(draw, most_sections=4):
    """Any truck or saddle train, with two to four sections between its supports."""
    vehicle = draw(vehicles(kinds=("solo", "saddle")))
    beam = vehicle.geometry.beam_mm
    places = draw(
        st.lists(
            st.integers(0, beam), min_size=2, max_size=most_sections, unique=True
        ).map(sorted)
    )
    return replace(
        vehicle,
        sections=tuple(
            Section(place, draw(st.integers(500, 15_000))) for place in places
        ),
    )


roads = st.sampled_from([60, 100, 115]).map(piece)
maybe_rules = st.sampled_from(
    [(), (rule(),), (rule(single_kg=8_000, double_kg=0, triple_kg=0),)]
)


def excess(vehicle, kg, masses, road, rules):
    verdict = check(vehicle, kg, road, rules=rules, fill=masses)
    return max((row.excess_percent for row in verdict.rows), default=Fraction(-1))


class TestEveryTank(unittest.TestCase):
    @law
    @given(tanks(), roads, maybe_rules, st.data())
    def test_every_mass_up_to_the_most_is_lawful(self, vehicle, road, rules, data):
        answer = most(vehicle, road, rules=rules)
        self.assertLessEqual(
            answer.kg,
            min(vehicle.payload_kg, sum(s.capacity_kg for s in vehicle.sections)),
        )
        if not answer.kg:
            return
        for kg in (answer.kg, data.draw(st.integers(1, answer.kg))):
            found = fill(vehicle, {"M500": kg}, road, rules=rules)
            self.assertEqual(found.kg, kg)
            self.assertTrue(
                all(
                    0 <= mass <= section.capacity_kg
                    for mass, section in zip(
                        found.masses, vehicle.sections, strict=True
                    )
                )
            )
            self.assertLessEqual(excess(vehicle, kg, found.masses, road, rules), 0)
            self.assertEqual(check(vehicle, kg, road, rules=rules).state, payload.OK)

    @law
    @given(tanks(), roads, maybe_rules, st.data())
    def test_no_lawful_fill_holds_more(self, vehicle, road, rules, data):
        """Beside any fill tried at random: the most is the most, but for the few
        kilograms kept for rounding."""
        answer = most(vehicle, road, rules=rules)
        masses = tuple(
            data.draw(st.integers(0, section.capacity_kg))
            for section in vehicle.sections
        )
        kg = sum(masses)
        if not kg or kg > vehicle.payload_kg:
            return
        if excess(vehicle, kg, masses, road, rules) <= 0:
            self.assertGreaterEqual(answer.kg, _rounding_of(vehicle, kg))

    @law
    @given(tanks(), roads, maybe_rules)
    def test_even_fill_is_never_better(self, vehicle, road, rules):
        """What a body at the even centre may carry, the sections may carry too."""
        room = sum(section.capacity_kg for section in vehicle.sections)
        centre = Fraction(sum(s.centre_mm * s.capacity_kg for s in vehicle.sections))
        plain = replace(vehicle.with_payload_at(centre / room), sections=())
        expected = min(most(plain, road, rules=rules).kg, room)
        answer = most(vehicle, road, rules=rules).kg
        self.assertGreaterEqual(answer, _rounding_of(vehicle, expected))

    @law
    @given(tanks(), roads, maybe_rules, st.data())
    def test_even_when_told_to_be_even(self, vehicle, road, rules, data):
        answer = most(vehicle, road, rules=rules)
        if not answer.kg:
            return
        kg = data.draw(st.integers(1, answer.kg))
        found = fill(vehicle, {"M500": kg}, road, rules=rules)
        if not found.is_even:
            return
        room = sum(section.capacity_kg for section in vehicle.sections)
        for mass, section in zip(found.masses, vehicle.sections, strict=True):
            self.assertLess(abs(mass - Fraction(kg * section.capacity_kg, room)), 1)

    @law
    @given(tanks(most_sections=3), roads, maybe_rules, st.data())
    def test_one_product_a_section(self, vehicle, road, rules, data):
        masses = {
            name: data.draw(st.integers(1, 12_000))
            for name in "abc"[: data.draw(st.integers(2, 3))]
        }
        found = fill(vehicle, masses, road, rules=rules)
        if found is None:
            return
        carried = dict.fromkeys(masses, 0)
        for goods, mass, section in zip(
            found.goods, found.masses, vehicle.sections, strict=True
        ):
            self.assertLessEqual(mass, section.capacity_kg)
            self.assertEqual(goods is None, mass == 0)
            if goods:
                carried[goods] += mass
        self.assertEqual(carried, masses)
        kg = sum(masses.values())
        self.assertLessEqual(kg, most(vehicle, road, rules=rules).kg)
        self.assertLessEqual(excess(vehicle, kg, found.masses, road, rules), 0)

    @law
    @given(tanks(), roads, maybe_rules)
    def test_the_same_question_has_the_same_answer(self, vehicle, road, rules):
        answer = most(vehicle, road, rules=rules)
        remembered = Law([REGULATION], rules, [vehicle])
        self.assertEqual(remembered.answer(vehicle.key, (road,), DAY).kg, answer.kg)
        if answer.kg:
            masses = {"M500": answer.kg}
            self.assertEqual(
                remembered.fill(vehicle.key, (road,), DAY, masses),
                fill(vehicle, masses, road, rules=rules),
            )
        self.assertEqual(road.region, REGION)


class TestBody(unittest.TestCase):
    @law
    @given(
        st.lists(st.integers(1, 9), min_size=2, max_size=2),
        st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40)),
            max_size=4,
        ),
    )
    def test_beside_trying_all(self, rooms, rows):
        """Two small sections: no corner of what is lawful is better."""
        sections = [Section(number, room) for number, room in enumerate(rooms)]
        bounds = [
            Bound((Fraction(a), Fraction(b)), Fraction(room)) for a, b, room in rows
        ]
        body = Body(sections, bounds)
        tight = [bound.with_slack() for bound in bounds]
        lines = [(b.slopes[0], b.slopes[1], b.room) for b in tight]
        lines += [(1, 0, rooms[0]), (0, 1, rooms[1]), (1, 0, 0), (0, 1, 0)]
        best = Fraction(0)
        for place, (a, b, c) in enumerate(lines):
            for d, e, f in lines[place + 1 :]:
                det = a * e - b * d
                if not det:
                    continue
                x, y = Fraction(c * e - b * f) / det, Fraction(a * f - c * d) / det
                inside = 0 <= x <= rooms[0] and 0 <= y <= rooms[1]
                if inside and all(bound.load((x, y)) <= bound.room for bound in tight):
                    best = max(best, x + y)
        self.assertEqual(body.kg, best // 1)


def _rounding_of(vehicle, kg):
    """Return *kg* less what the slack for rounding may cost: a few kilograms of each
    axle, as much payload as presses them so."""
    beam = vehicle.geometry.beam_mm
    nearest = min(
        max(section.centre_mm for section in vehicle.sections),
        beam - min(section.centre_mm for section in vehicle.sections),
    )
    lever = Fraction(beam, max(nearest, 1))
    return kg - 4 * max(1, lever) * max(1, len(vehicle.sections))
