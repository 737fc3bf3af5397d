# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from unittest import TestCase

from ..tools import findings as fnd
from ..tools.findings import Finding


class TestFindings(TestCase):
    def test_order_and_block(self):
        items = [Finding("a", fnd.INFO), Finding("b", fnd.WARN), Finding("c")]
        self.assertEqual(
            [item.code for item in fnd.by_severity(items)], ["c", "b", "a"]
        )
        self.assertTrue(fnd.is_blocked(items))
        self.assertFalse(fnd.is_blocked(items[:2]))

    def _covered(self, code, before, now):
        kept = fnd.snapshot(Finding(code, params=before))
        return fnd.is_covered(Finding(code, params=now), code, kept)

    def test_lifted_overdraft_must_not_grow(self):
        before = {"label": "M500", "asked": 110.0, "left": 100.0, "over": 10.0}
        self.assertTrue(
            self._covered("volume_exceeded", before, {**before, "over": 10.0})
        )
        self.assertTrue(
            self._covered(
                "volume_exceeded", before, {**before, "asked": 90.0, "over": 5.0}
            )
        )
        self.assertFalse(
            self._covered("volume_exceeded", before, {**before, "over": 10.001})
        )
        self.assertFalse(
            self._covered(
                "volume_exceeded", before, {**before, "label": "M400", "over": 1.0}
            )
        )

    def test_lifted_minimum_lot_must_not_shrink(self):
        before = {"index": 1, "vehicle": "Silo", "mass": 10.0, "least": 20.0}
        self.assertTrue(self._covered("min_lot", before, {**before, "mass": 12.0}))
        self.assertFalse(self._covered("min_lot", before, {**before, "mass": 9.0}))
        self.assertFalse(self._covered("min_lot", before, {**before, "least": 30.0}))

    def test_lifted_day_is_that_day(self):
        before = {"label": "M500", "day": "2026-03-02", "first": "2026-03-03"}
        self.assertTrue(
            self._covered("cutoff_passed", before, {**before, "first": "2026-03-04"})
        )
        self.assertFalse(
            self._covered("cutoff_passed", before, {**before, "day": "2026-03-01"})
        )

    def test_other_code_and_broken_record(self):
        finding = Finding("site_closed", params={"day": 1})
        self.assertFalse(fnd.is_covered(finding, "site_missing", fnd.snapshot(finding)))
        self.assertFalse(fnd.is_covered(finding, "site_closed", "{broken"))
        self.assertFalse(fnd.is_covered(finding, "site_closed", ""))
        self.assertFalse(
            fnd.is_covered(
                Finding("volume_exceeded", params={"over": 1.0}), "volume_exceeded", ""
            )
        )
