# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Estimates of arrival, demurrage, and the checks of a whole report."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ..tools import demurrage, eta, guards
from ..tools.reader import Row
from .kernel import KernelCase

NOW = datetime(2026, 8, 10, 12, 0)


class TestEta(KernelCase):
    def _estimate(self, km=1200.0, profile=None, idle=0, train=True, **kwargs):
        return eta.estimate(
            profile or eta.Profile(), km, NOW, idle, train, False, NOW, **kwargs
        )

    def test_default_speed(self):
        """F29: 600 km a day where nothing was learnt."""
        estimate = self._estimate()
        self.assertEqual(estimate.arrival, NOW + timedelta(days=2))
        self.assertEqual(estimate.source, "default")

    def test_idle_and_no_train(self):
        estimate = self._estimate(idle=600, train=False)
        self.assertEqual(estimate.arrival, NOW + timedelta(hours=48 + 10 + 12))

    def test_unknown_distance(self):
        estimate = self._estimate(km=None)
        self.assertEqual(estimate.arrival, NOW + timedelta(hours=72))
        self.assertEqual(estimate.source, "no_km")

    def test_learnt_by_bands(self):
        """F29: the last hundreds of kilometres are slower than those before."""
        legs = [eta.Leg(2000, 1000, 2 * 1440)] * 3 + [eta.Leg(100, 0, 1440)] * 9
        profile = eta.Profile.learn(legs)
        self.assertAlmostEqual(profile.hours(1000) - profile.hours(900), 4.0)
        self.assertAlmostEqual(profile.hours(2000) - profile.hours(1000), 48.0)
        self.assertAlmostEqual(profile.hours(100), 24.0)
        self.assertEqual(self._estimate(1500.0, profile).source, "profile")
        self.assertEqual(eta.Profile.load(profile.dump()), profile)
        self.assertEqual(eta.Profile.load({"bands": [1]}), eta.Profile())

    def test_never_in_the_past(self):
        estimate = eta.estimate(
            eta.Profile(), 10.0, NOW - timedelta(days=9), 0, True, False, NOW
        )
        self.assertEqual(estimate.arrival, NOW)

    def test_error_of_the_past_is_the_band(self):
        profile = eta.Profile({}, error_hours=20.0)
        estimate = self._estimate(profile=profile)
        self.assertEqual(estimate.high - estimate.arrival, timedelta(hours=20))
        self.assertEqual(estimate.error_hours, 20.0)

    def test_errors(self):
        """F29: mean, bias and what eight of ten stay within."""
        past = [(NOW, NOW + timedelta(hours=hours)) for hours in (1, -1, 2, 3, 10)]
        report = eta.errors(past)
        self.assertEqual(report, eta.ErrorReport(5, 3.4, 3.0, 3.0))
        self.assertEqual(eta.errors([]).count, 0)

    @given(
        st.lists(
            st.builds(
                eta.Leg,
                st.floats(0, 5000),
                st.floats(0, 5000),
                st.floats(0, 100_000),
            ),
            max_size=20,
        ),
        st.floats(0, 10_000),
        st.floats(0, 10_000),
    )
    def test_farther_is_never_sooner(self, legs, one, other):
        profile = eta.Profile.learn(legs)
        near, far = sorted((one, other))
        self.assertLessEqual(profile.hours(near), profile.hours(far) + 1e-9)
        self.assertGreaterEqual(profile.hours(near), 0)


TARIFF = demurrage.Tariff(
    date(2026, 1, 1),
    date(2026, 12, 31),
    36.0,
    ((0, Decimal("50")), (24, Decimal("100"))),
)


class TestDemurrage(KernelCase):
    def test_free_hours_then_steps(self):
        """F28: 36 h free, a day at 50 ₽, then 100 ₽ an hour."""
        begin = NOW
        for hours, amount in (
            (0, "0"),
            (36, "0"),
            (36.5, "50"),
            (60, "1200"),
            (62, "1400"),
        ):
            with self.subTest(hours):
                charge = demurrage.charge(
                    [TARIFF], begin, begin + timedelta(hours=hours)
                )
                self.assertEqual(charge.amount, Decimal(amount))
                self.assertEqual(charge.starts_at, begin + timedelta(hours=36))

    def test_tariff_of_the_day(self):
        later = demurrage.Tariff(date(2026, 8, 1), None, 24.0, ((0, Decimal(70)),))
        charge = demurrage.charge([TARIFF, later], NOW, NOW + timedelta(hours=25))
        self.assertIs(charge.tariff, later)
        self.assertEqual(charge.amount, Decimal(70))
        early = demurrage.charge([later], datetime(2026, 7, 1), NOW)
        self.assertIsNone(early.tariff)
        self.assertEqual(early.amount, 0)

    def test_warning_before_it_starts(self):
        """F28: the warning comes while the wagon may still be unloaded free."""
        self.assertEqual(
            demurrage.warning_at([TARIFF], NOW, 12), NOW + timedelta(hours=24)
        )
        self.assertEqual(demurrage.warning_at([TARIFF], NOW, 48), NOW)
        self.assertIsNone(demurrage.warning_at([], NOW, 12))

    @given(st.floats(0, 3000), st.floats(0, 3000))
    def test_longer_is_never_cheaper(self, one, other):
        short, long = sorted((one, other))
        cheap, dear = (
            demurrage.charge([TARIFF], NOW, NOW + timedelta(hours=hours)).amount
            for hours in (short, long)
        )
        self.assertLessEqual(cheap, dear)


class TestGuards(KernelCase):
    def _codes(self, rules=None, **facts):
        values = {"formed_at": NOW, "now": NOW, "wagons": frozenset("abcdefghij")}
        found = guards.check(guards.Facts(**values | facts), rules or guards.Rules())
        return [(item.code, item.hard) for item in found]

    def test_fine(self):
        self.assertEqual(self._codes(), [])

    def test_older_than_last(self):
        """F30: a report older than the accepted one is refused."""
        self.assertEqual(
            self._codes(last_formed_at=NOW + timedelta(minutes=1)),
            [("older_than_last", True)],
        )

    def test_half_a_file(self):
        """F30: more than 30 % of the wagons gone."""
        before = frozenset("abcdefghijklmn")
        self.assertEqual(self._codes(previous_wagons=before), [])
        before = frozenset("abcdefghijklmno")
        self.assertEqual(self._codes(previous_wagons=before), [("rows_lost", True)])
        self.assertEqual(self._codes(previous_wagons=before, kind="history"), [])
        # of so few, one more or less may be true: said, not refused
        few = {"previous_wagons": frozenset("abc"), "wagons": frozenset("a")}
        self.assertEqual(self._codes(**few), [("rows_lost", False)])
        self.assertEqual(self._codes(previous_wagons={"x"}), [])

    def test_unknown_consignee(self):
        """F30: the file of another firm."""
        facts = {"consignees": {"1126022": "ООО"}, "known_consignees": {"99"}}
        self.assertEqual(self._codes(**facts), [("unknown_consignee", True)])
        facts["known_consignees"] = set()
        self.assertEqual(self._codes(**facts), [])

    def test_age(self):
        self.assertEqual(
            self._codes(formed_at=NOW - timedelta(minutes=61)), [("stale", False)]
        )
        self.assertEqual(
            self._codes(last_formed_at=NOW - timedelta(minutes=5)),
            [("too_soon", False)],
        )
        self.assertEqual(
            self._codes(formed_at=NOW + timedelta(days=2)), [("from_future", True)]
        )

    def test_rows_of_the_future(self):
        """One «2062» for «2026» costs that row, not the wagon's next reports."""
        typo = NOW.replace(year=2062)
        rows = [
            Row(1, b"", wagon="93014207", operation_time=typo),
            Row(2, b"", wagon="93014215", operation_time=NOW, arrived=typo),
            Row(3, b"", wagon="93014223", operation_time=NOW + timedelta(hours=23)),
        ]
        guards.refuse_future(rows, NOW, NOW, 24)
        self.assertEqual([row.usable for row in rows], [False, True, True])
        self.assertIsNone(rows[1].arrived)
        self.assertEqual(
            [(item.code, item.field) for row in rows for item in row.problems],
            [("future", "operation_time"), ("future", "arrived")],
        )
        # a report that does not say when it was formed is of now at the latest
        row = Row(4, b"", wagon="93014207", operation_time=NOW + timedelta(hours=25))
        guards.refuse_future([row], None, NOW, 24)
        self.assertFalse(row.usable)

    def test_rows_that_contradict_each_other(self):
        """One wagon, one minute, two destinations: said, not decided in silence."""
        same = {"wagon": "93014207", "operation_time": NOW, "waybill": "ЭЦ000001"}
        rows = [
            Row(1, b"", **same, destination_code="784502"),
            Row(2, b"", **same, destination_code="763108"),
            Row(3, b"", **same),
            Row(4, b"", **same | {"operation_time": NOW + timedelta(minutes=1)}),
            Row(5, b"", **same | {"waybill": "ЭЦ000002"}, container="TKRU1234567"),
        ]
        guards.note_contradictions(rows)
        found = [item for row in rows for item in row.problems]
        self.assertEqual(
            [(item.code, item.number, item.field) for item in found],
            [("contradiction", 2, "destination_code")],
        )
        self.assertIn("784502", found[0].value)
