# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which orders hold where and when (section 2 of the reference)."""

import unittest
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.cement_logistics_axle.tools.season import (
    clash,
    heat_forbids,
    heat_rules_on,
    problem_of_dates,
    rules_on,
)

from .vehicles import piece, rule

law = settings(max_examples=200, deadline=None, derandomize=True)
APRIL = date(2027, 4, 10)


class TestSeason(unittest.TestCase):
    def _on(self, rules, day=APRIL, exempt=None, **where):
        return [found.key for found in rules_on(rules, piece(**where), day, exempt)]

    def test_days_are_inclusive(self):
        for day, expected in (
            (date(2027, 3, 31), []),
            (date(2027, 4, 1), ["r"]),
            (date(2027, 4, 30), ["r"]),
            (date(2027, 5, 1), []),
            (date(2028, 4, 10), []),
        ):
            self.assertEqual(self._on([rule()], day), expected, day)

    def test_region_and_road(self):
        self.assertFalse(self._on([rule()], region="samara"))
        # spring limits do not touch federal roads unless an order says so
        self.assertFalse(self._on([rule()], road_class="federal"))
        self.assertTrue(self._on([rule()], road_class="local"))
        everywhere = rule(classes=frozenset({"federal", "regional"}))
        self.assertTrue(self._on([everywhere], road_class="federal"))

    def test_zones(self):
        """Two zones of one region; where the zone is not known both hold."""
        zones = [rule(key="south", zone="s"), rule(key="north", zone="n")]
        self.assertEqual(self._on(zones, zone="s"), ["south"])
        self.assertEqual(self._on(zones), ["south", "north"])

    def test_pavement(self):
        rules = [rule(key="gravel", pavement="gravel"), rule(key="all")]
        self.assertEqual(self._on(rules, pavement="asphalt"), ["all"])
        self.assertEqual(self._on(rules, pavement="gravel"), ["gravel", "all"])
        self.assertEqual(self._on(rules), ["gravel", "all"])

    def test_section_goes_before_region(self):
        """10 t on nine roads, 5 t on the others; and a corridor left open."""
        rules = [
            rule(key="region", single_kg=5_000),
            rule(key="road", section="A", single_kg=10_000),
            rule(key="corridor", section="M", is_open=True, single_kg=0),
        ]
        self.assertEqual(self._on(rules), ["region"])
        self.assertEqual(self._on(rules, section="A"), ["road"])
        self.assertEqual(self._on(rules, section="M"), [])
        self.assertEqual(self._on(rules, section="B"), ["region"])

    def test_exempt_goods(self):
        rules = [rule(exempt=frozenset({"feed", "seed"}))]
        self.assertFalse(self._on(rules, exempt="feed"))
        self.assertTrue(self._on(rules, exempt="mail"))
        self.assertTrue(self._on(rules))

    def test_forms_of_limits(self):
        three = rule()
        self.assertEqual(
            [three.limit(n) for n in (1, 2, 3, 4)], [6_000, 10_000, 12_000, 16_000]
        )
        one = rule(double_kg=0, triple_kg=0)
        self.assertEqual([one.limit(n) for n in (1, 2, 3)], [6_000, 12_000, 18_000])
        two = rule(triple_kg=0)
        self.assertEqual(two.limit(3), 15_000)
        gross = rule(single_kg=0, double_kg=0, triple_kg=0, gross_kg=15_000)
        self.assertFalse(gross.limits_axles)
        self.assertEqual(gross.limit(1), 0)

    def test_dates_of_a_rule(self):
        self.assertIsNone(problem_of_dates(date(2027, 4, 1), date(2027, 4, 1)))
        self.assertEqual(problem_of_dates(date(2027, 4, 2), date(2027, 4, 1)), "order")
        self.assertEqual(problem_of_dates(date(2026, 12, 1), date(2027, 1, 9)), "year")
        with self.assertRaises(ValueError):
            rule(date_from=date(2026, 12, 1), date_to=date(2027, 1, 9))

    def test_clash(self):
        self.assertTrue(clash(rule(), rule(date_from=date(2027, 4, 30))))
        after = rule(date_from=date(2027, 5, 1), date_to=date(2027, 5, 9))
        self.assertFalse(clash(rule(), after))
        self.assertFalse(clash(rule(), rule(section="A")))
        self.assertFalse(clash(rule(), rule(kind="heat")))
        self.assertFalse(clash(rule(), rule(classes=frozenset({"federal"}))))

    @law
    @given(st.dates(date(2026, 1, 1), date(2029, 12, 31)))
    def test_a_rule_holds_on_its_days_only(self, day):
        self.assertEqual(
            bool(self._on([rule()], day)), date(2027, 4, 1) <= day <= date(2027, 4, 30)
        )


class TestHeat(unittest.TestCase):
    heat = rule(
        key="heat",
        kind="heat",
        date_from=date(2027, 5, 20),
        date_to=date(2027, 8, 31),
        hour_from=10.0,
        hour_to=22.0,
        temperature=32.0,
    )

    def test_it_lowers_no_payload(self):
        self.assertFalse(rules_on([self.heat], piece(), date(2027, 7, 1)))
        self.assertTrue(heat_rules_on([self.heat], piece(), date(2027, 7, 1)))
        self.assertFalse(heat_rules_on([self.heat], piece(), date(2027, 9, 1)))

    def test_who_may_not_go(self):
        for hour, temperature, over, forbidden in (
            (12, 33, True, True),
            (12, 32, True, False),
            (9.9, 35, True, False),
            (22, 35, True, False),
            (10, 35, True, True),
            (12, 35, False, False),
        ):
            self.assertEqual(
                heat_forbids(self.heat, hour, temperature, over),
                forbidden,
                (hour, temperature, over),
            )

    def test_hours_over_midnight(self):
        night = rule(kind="heat", hour_from=22.0, hour_to=6.0)
        self.assertTrue(heat_forbids(night, 23, 0, True))
        self.assertTrue(heat_forbids(night, 5, 0, True))
        self.assertFalse(heat_forbids(night, 12, 0, True))
