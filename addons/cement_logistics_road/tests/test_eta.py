# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import eta

NOW = datetime(2026, 11, 20, 6, 0)
MINUTE = timedelta(minutes=1)
SPEEDS = st.lists(st.floats(5, 110), min_size=24, max_size=24).map(tuple)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))


class TestDrive(TestCase):
    def test_by_the_hour(self):
        speeds = (60.0,) * 24
        self.assertEqual(eta.drive(90, NOW, speeds), NOW + timedelta(hours=1.5))
        self.assertEqual(eta.drive(0, NOW, speeds), NOW)
        # 30 km in the hour before seven, then 10 km/h
        slow = tuple(10.0 if hour == 7 else 60.0 for hour in range(24))
        start = NOW.replace(minute=30)
        self.assertEqual(
            eta.drive(35, start, slow), NOW.replace(hour=7) + timedelta(minutes=30)
        )

    def test_local_hours(self):
        slow = tuple(10.0 if hour == 11 else 60.0 for hour in range(24))
        late = eta.drive(30, NOW, slow, timedelta(hours=5))
        self.assertEqual(late, NOW + timedelta(hours=1, minutes=20))

    @given(st.floats(0, 3000), st.floats(0, 500), MOMENTS, SPEEDS)
    def test_farther_is_never_earlier(self, distance, more, start, speeds):
        near = eta.drive(distance, start, speeds)
        self.assertGreaterEqual(near, start)
        self.assertGreaterEqual(eta.drive(distance + more, start, speeds), near)

    @given(st.floats(1, 2000), MOMENTS, SPEEDS, st.floats(1, 1.5))
    def test_faster_is_never_later(self, distance, start, speeds, factor):
        faster = tuple(speed * factor for speed in speeds)
        self.assertLessEqual(
            eta.drive(distance, start, faster) - MINUTE / 600,
            eta.drive(distance, start, speeds),
        )

    def test_senseless_speeds_end(self):
        limit = NOW + timedelta(days=eta.MAX_DAYS)
        self.assertEqual(eta.drive(1e9, NOW, (0.0,) * 24), limit)


class TestEstimates(TestCase):
    def test_own(self):
        estimate = eta.own_estimate(100, NOW, speeds=(50.0,) * 24, error_share=0.1)
        self.assertAlmostEqual(estimate.distance_km, 125)
        self.assertEqual(estimate.at, NOW + timedelta(hours=2.5))
        self.assertAlmostEqual(estimate.error, 15)
        self.assertAlmostEqual(estimate.speed, 50)
        self.assertEqual(eta.own_estimate(0, NOW).error, eta.MIN_ERROR)

    def test_of_the_provider(self):
        estimate = eta.provider_estimate(470, 10, NOW)
        self.assertEqual(estimate.at, NOW + timedelta(hours=10))
        self.assertEqual(estimate.error, 90)
        self.assertIsNone(eta.provider_estimate(470, None, NOW))
        self.assertIsNone(eta.provider_estimate(470, 5000, NOW))
        self.assertIsNone(eta.provider_estimate(470, float("nan"), NOW))


class TestSlip(TestCase):
    def test_levels(self):
        begin, end = NOW, NOW + timedelta(hours=2)
        for minutes, level in (
            (-121, eta.EARLY),
            (-119, eta.IN_TIME),
            (0, eta.IN_TIME),
            (135, eta.IN_TIME),
            (136, eta.LATE),
            (240, eta.LATE),
            (241, eta.VERY_LATE),
        ):
            found = eta.slip(NOW + minutes * MINUTE, begin, end)
            self.assertEqual(found, level, minutes)
        self.assertEqual(eta.slip(None, begin, end), eta.IN_TIME)
        self.assertEqual(eta.slip(NOW, None, None), eta.IN_TIME)

    @given(st.integers(-10_000, 10_000), st.integers(0, 10_000))
    def test_later_is_never_less_late(self, minutes, more):
        def rank(shift):
            at = NOW + shift * MINUTE
            return eta.SLIP_RANK[eta.slip(at, NOW, NOW + 60 * MINUTE)]

        self.assertLessEqual(rank(minutes), rank(minutes + more))
