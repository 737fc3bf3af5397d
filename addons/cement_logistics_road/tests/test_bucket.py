# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import secret
from ..tools.bucket import Bucket, Limits, take

NOW = datetime(2026, 11, 20, 6, 0)


class TestBucket(TestCase):
    def test_fifteen_at_once_then_one_by_one(self):
        bucket, limits = Bucket(), Limits()
        for _request in range(15):
            bucket, wait = take(bucket, limits, NOW)
            self.assertEqual(wait, 0)
        bucket, wait = take(bucket, limits, NOW)
        self.assertAlmostEqual(wait, 1 / 15)
        bucket, wait = take(bucket, limits, NOW + timedelta(seconds=0.07))
        self.assertEqual(wait, 0)

    def test_five_thousand_an_hour(self):
        limits = Limits(1000, 5000)
        bucket, waits = Bucket(), []
        for request in range(5001):
            moment = NOW + timedelta(seconds=request * 0.1)
            bucket, wait = take(bucket, limits, moment)
            waits.append(wait)
        self.assertEqual(waits[:5000], [0] * 5000)
        self.assertAlmostEqual(waits[-1], 3100, delta=1)
        _bucket, wait = take(bucket, limits, NOW + timedelta(hours=1))
        self.assertEqual(wait, 0)

    @given(
        st.lists(st.floats(0, 30), min_size=1, max_size=200),
        st.integers(1, 20),
        st.integers(1, 100),
    )
    def test_never_more_than_allowed(self, gaps, per_second, per_hour):
        bucket, limits, now, gone = Bucket(), Limits(per_second, per_hour), NOW, []
        for gap in gaps:
            now += timedelta(seconds=gap)
            bucket, wait = take(bucket, limits, now)
            self.assertGreaterEqual(wait, 0)
            if not wait:
                gone.append(now)
        for moment in gone:
            after = timedelta(0)
            hour = [at for at in gone if after <= at - moment < timedelta(hours=1)]
            # the counted hours touch, so an hour laid across two holds two counts
            self.assertLessEqual(len(hour), 2 * per_hour)
            second = [at for at in gone if after <= at - moment < timedelta(seconds=1)]
            self.assertLessEqual(len(second), 2 * per_second)

    def test_clock_that_goes_back(self):
        bucket, _wait = take(Bucket(), Limits(), NOW)
        _bucket, wait = take(bucket, Limits(), NOW - timedelta(hours=3))
        self.assertEqual(wait, 0)


class TestSecrets(TestCase):
    def test_masks(self):
        self.assertEqual(secret.mask("key=abc&x=abc", "abc", None), "key=***&x=***")
        self.assertEqual(secret.mask_phone("79001234567"), "79…4567")
        self.assertEqual(secret.mask_phone(None), "")
