# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import gate
from ..tools.findings import BLOCK, INFO, WARN

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 2, 26, 12, 0)


def demand(**values):
    return gate.Demand(
        **{
            "key": 1,
            "label": "M500",
            "line_key": 10,
            "mass_kg": 20_000,
            "day": MONDAY,
            "local_now": NOON,
            "cutoff_hour": 16.0,
            "site_name": "North",
            **values,
        }
    )


def load(**values):
    return gate.LoadFacts(
        **{
            "index": 0,
            "vehicle_name": "Silo",
            "mass_kg": 20_000,
            "gross_kg": 34_000,
            "capacity_kg": 25_000,
            "parts": ((1, 20_000, 0),),
            **values,
        }
    )


class TestGate(TestCase):
    def _codes(self, check, *items):
        return [(finding.code, finding.severity) for finding in check(items)]

    def test_all_is_well(self):
        for check in (
            gate.check_quantity,
            gate.check_terms,
            gate.check_volume,
            gate.check_days,
            gate.check_sites,
            gate.check_prices,
        ):
            self.assertEqual(self._codes(check, demand()), [], check.__name__)
        self.assertEqual(self._codes(gate.check_loads, load()), [])

    def test_quantity(self):
        for mass in (0, -1):
            self.assertEqual(
                self._codes(gate.check_quantity, demand(mass_kg=mass)),
                [("quantity_not_positive", BLOCK)],
            )
        self.assertEqual(
            self._codes(gate.check_quantity, demand(mass_kg=gate.ABSURD_KG + 1)),
            [("quantity_absurd", BLOCK)],
        )

    def test_terms(self):
        day_before, day_after = MONDAY - timedelta(1), MONDAY + timedelta(1)
        for values, code in (
            ({"allowed_for_member": False}, "line_not_allowed"),
            ({"agreement_active": False}, "agreement_not_valid"),
            ({"agreement_to": day_before}, "agreement_not_valid"),
            ({"agreement_from": day_after}, "agreement_not_valid"),
            ({"line_active": False}, "specification_not_valid"),
            ({"line_to": day_before}, "specification_not_valid"),
            ({"line_from": day_after}, "specification_not_valid"),
        ):
            self.assertEqual(
                self._codes(gate.check_terms, demand(**values)), [(code, BLOCK)], values
            )
        # the last and the first day count
        self.assertFalse(
            self._codes(gate.check_terms, demand(line_to=MONDAY, line_from=MONDAY))
        )

    def test_foreign_line_says_nothing_more(self):
        """A line of somebody else gives away neither its contract nor its dates."""
        found = list(
            gate.check_terms(
                [demand(allowed_for_member=False, agreement_number="SECRET")]
            )
        )
        self.assertEqual(len(found), 1)
        self.assertNotIn("SECRET", str(found[0].params))

    def test_volume_of_all_demands_together(self):
        half = demand(
            mass_kg=6_000, volume_agreed_kg=100_000, volume_remaining_kg=10_000
        )
        self.assertFalse(self._codes(gate.check_volume, half))
        other = gate.Demand(**{**_values(half), "key": 2})
        (finding,) = gate.check_volume([half, other])
        self.assertEqual(finding.code, "volume_exceeded")
        self.assertEqual(finding.keys, (1, 2))
        self.assertEqual(finding.params["over"], 2.0)

    def test_volume_counts_what_the_order_holds_already(self):
        changed = demand(
            mass_kg=12_000,
            counted_kg=10_000,
            volume_agreed_kg=100_000,
            volume_remaining_kg=2_000,
        )
        self.assertFalse(self._codes(gate.check_volume, changed))

    @given(
        st.lists(st.integers(1, 50_000), min_size=1, max_size=6),
        st.integers(-20_000, 200_000),
    )
    def test_volume_blocks_exactly_when_it_is_too_much(self, masses, left):
        demands = [
            demand(
                key=key, mass_kg=mass, volume_agreed_kg=10**6, volume_remaining_kg=left
            )
            for key, mass in enumerate(masses)
        ]
        self.assertEqual(bool(list(gate.check_volume(demands))), sum(masses) > left)

    def test_unlimited_volume(self):
        self.assertFalse(
            self._codes(
                gate.check_volume, demand(volume_agreed_kg=0, volume_remaining_kg=0)
            )
        )

    def test_days(self):
        today = NOON.date()
        for day, code in (
            (None, "day_missing"),
            (today - timedelta(1), "day_past"),
            (today, "cutoff_passed"),
        ):
            self.assertEqual(
                self._codes(gate.check_days, demand(day=day)), [(code, BLOCK)]
            )
        tomorrow = today + timedelta(1)
        self.assertFalse(self._codes(gate.check_days, demand(day=tomorrow)))
        late = demand(day=tomorrow, local_now=NOON.replace(hour=16))
        self.assertEqual(self._codes(gate.check_days, late), [("cutoff_passed", BLOCK)])

    def test_cutoff_to_the_minute(self):
        before = datetime(2026, 2, 26, 15, 59, 59)
        self.assertEqual(gate.first_day(before, 16.0), date(2026, 2, 27))
        self.assertEqual(
            gate.first_day(datetime(2026, 2, 26, 16, 0), 16.0), date(2026, 2, 28)
        )
        self.assertEqual(gate.first_day(before, 0.0), date(2026, 2, 28))
        self.assertEqual(
            gate.first_day(datetime(2026, 2, 26, 23, 59), 24.0), date(2026, 2, 27)
        )

    def test_lead_time_warns(self):
        self.assertEqual(
            self._codes(gate.check_days, demand(lead_days=14)), [("lead_time", WARN)]
        )

    def test_sites(self):
        for values, code in (
            ({"site_name": ""}, "site_missing"),
            ({"site_known": False}, "site_not_allowed"),
            ({"site_active": False}, "site_not_allowed"),
            ({"site_fits_method": False}, "site_method"),
            ({"access_weekdays": frozenset({1, 2})}, "site_closed"),
            ({"unloading_fits_site": False}, "site_unloading"),
        ):
            self.assertEqual(
                self._codes(gate.check_sites, demand(**values)), [(code, BLOCK)]
            )
        pickup = demand(site_name="", site_required=False)
        self.assertFalse(self._codes(gate.check_sites, pickup))

    def test_prices(self):
        changed = demand(price_seen=5000.0, price_now=5100.0)
        self.assertEqual(
            self._codes(gate.check_prices, changed), [("price_changed", WARN)]
        )
        same = demand(price_seen=5000.001, price_now=5000.0)
        self.assertFalse(self._codes(gate.check_prices, same))

    def test_loads(self):
        for values, code in (
            ({"vehicle_fits_site": False}, "vehicle_site"),
            ({"site_max_gross_kg": 33_000}, "vehicle_site"),
            ({"mass_kg": 25_001}, "vehicle_overload"),
            ({"parts": ((1, 20_000, 21_000),)}, "min_lot"),
        ):
            self.assertEqual(
                self._codes(gate.check_loads, load(**values)), [(code, BLOCK)], values
            )

    def test_fill(self):
        poor = list(gate.check_fill([load(mass_kg=5_000)], 0.6))
        self.assertEqual([(f.code, f.severity) for f in poor], [("poor_fill", INFO)])
        self.assertEqual(poor[0].params["free"], 20.0)
        self.assertFalse(list(gate.check_fill([load()], 0.6)))


def _values(item):
    return {name: getattr(item, name) for name in gate.Demand.__dataclass_fields__}
