# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import unittest
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.cement_portal.tools import (
    colours,
    ending,
    formats,
    plan_folding,
    reasons,
)

THIN = formats.THIN


class TestFormats(unittest.TestCase):
    def test_numbers_are_grouped_by_a_space_that_does_not_break(self):
        self.assertEqual(formats.number(1284.5), f"1{THIN}284,50")
        self.assertEqual(formats.number(1234567, 0), f"1{THIN}234{THIN}567")
        self.assertEqual(formats.number(25.8, 3, trim=True), "25,8")
        self.assertEqual(formats.number(30, 3, trim=True), "30")
        self.assertEqual(formats.number(1.5, point="."), "1.50")

    def test_half_a_kopeck_goes_up_and_zero_has_no_sign(self):
        self.assertEqual(formats.number(0.125), "0,13")
        self.assertEqual(formats.number(2.675), "2,68")
        self.assertEqual(formats.number(-0.001), "0,00")
        self.assertEqual(formats.number(None), "0,00")
        self.assertEqual(formats.number(-3), f"{formats.MINUS}3,00")

    def test_tonnes_show_kilograms_only_when_there_are_any(self):
        self.assertEqual(formats.tonnes(25.8), "25,80")
        self.assertEqual(formats.tonnes(25.801), "25,801")
        self.assertEqual(formats.tonnes(0.1 + 0.2), "0,30")

    def test_money(self):
        self.assertEqual(formats.money(280000, "₽"), f"280{THIN}000,00{THIN}₽")
        self.assertEqual(formats.money(1, "$", before=True), f"${THIN}1,00")

    def test_plural_of_three_forms(self):
        forms = ("машина", "машины", "машин")
        words = {0: "машин", 1: "машина", 2: "машины", 5: "машин", 11: "машин"}
        words |= {12: "машин", 21: "машина", 22: "машины", 111: "машин", 101: "машина"}
        for count, word in words.items():
            self.assertEqual(formats.plural(count, forms), word, count)
        self.assertEqual(formats.plural(1, ("line", "lines")), "line")
        self.assertEqual(formats.plural(21, ("line", "lines")), "lines")

    def test_since(self):
        now = datetime(2026, 3, 1, 10, 0)
        cases = {
            timedelta(seconds=20): ("now", 0),
            timedelta(minutes=5): ("minutes", 5),
            timedelta(hours=2): ("hours", 2),
            timedelta(hours=11): ("hours", 11),
            timedelta(hours=20): ("yesterday", 1),
            timedelta(days=3): ("days", 3),
            timedelta(days=30): ("date", 0),
            timedelta(hours=-5): ("date", 0),
        }
        for age, expected in cases.items():
            self.assertEqual(formats.since(now - age, now), expected, age)

    @given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
    def test_a_number_reads_back(self, value):
        text = formats.number(value, 3)
        plain = text.replace(THIN, "").replace(",", ".").replace(formats.MINUS, "-")
        self.assertAlmostEqual(float(plain), float(value), places=3)
        self.assertNotIn(" ", text)


class TestWindow(unittest.TestCase):
    def test_as_short_as_it_may_be(self):
        morning = datetime(2026, 11, 22, 1, 57)
        midnight = datetime(2026, 11, 23)
        for start, stop, text in (
            (morning, morning + timedelta(hours=3), "22.11.2026 01:57–04:57"),
            (morning, midnight, "22.11.2026 01:57–24:00"),
            (midnight - timedelta(1), midnight, "22.11.2026"),
            (
                midnight - timedelta(hours=1),
                midnight + timedelta(hours=1),
                "22.11.2026 23:00 – 23.11.2026 01:00",
            ),
            (morning, None, "22.11.2026 01:57"),
            (None, midnight, "23.11.2026 00:00"),
            (None, None, formats.NO_VALUE),
        ):
            self.assertEqual(formats.window(start, stop, "%d.%m.%Y"), text)


class TestReasons(unittest.TestCase):
    def test_a_reason_is_told_once_with_all_that_it_stops(self):
        actions = [
            {"label": "Change", "reason": "Gone."},
            {"label": "Repeat", "reason": ""},
            {"label": "Cancel", "reason": "Not yours."},
            {"label": "Replace", "reason": "Gone."},
            {"label": "Change", "reason": "Gone."},
        ]
        self.assertEqual(
            reasons.group(actions),
            [("Gone.", ["Change", "Replace"]), ("Not yours.", ["Cancel"])],
        )
        self.assertEqual(reasons.group([]), [])


class TestColours(unittest.TestCase):
    def test_only_colours_pass(self):
        self.assertEqual(colours.normalize("#ABC"), "#aabbcc")
        self.assertEqual(colours.normalize(" 1f5673 "), "#1f5673")
        for text in (None, "", "red", "#12", "#fff;}body{", "rgb(1,2,3)"):
            self.assertIsNone(colours.normalize(text), text)

    @given(st.from_regex(r"\A#[0-9a-f]{6}\Z"))
    def test_any_accent_can_be_read(self, accent):
        palette = colours.accent_palette(accent)
        self.assertGreaterEqual(
            colours.contrast(palette["accent_text"], "#ffffff"), colours.AA
        )
        self.assertGreaterEqual(
            colours.contrast(palette["accent_text"], palette["accent_soft"]), colours.AA
        )
        self.assertGreaterEqual(
            colours.contrast(palette["on_accent"], palette["accent"]), colours.AA
        )


class TestEnding(unittest.TestCase):
    today = date(2026, 3, 1)

    def _reasons(self, agreed=0.0, remaining=0.0, until=None):
        return ending.reasons(
            agreed=agreed, remaining=remaining, until=until, today=self.today
        )

    def test_volume(self):
        self.assertEqual(self._reasons(1000, 500), ())
        self.assertEqual(self._reasons(1000, 90), (ending.VOLUME,))
        self.assertEqual(self._reasons(300, 40), (ending.VOLUME,))
        self.assertEqual(self._reasons(1000, 0), (ending.USED_UP,))
        self.assertEqual(self._reasons(1000, -5), (ending.USED_UP,))
        # a small line is not «ending» on its first day
        self.assertEqual(self._reasons(40, 40), ())
        # without a limit nothing runs out
        self.assertEqual(self._reasons(0, 0), ())

    def test_term(self):
        self.assertEqual(self._reasons(until=self.today), (ending.TERM,))
        self.assertEqual(
            self._reasons(until=self.today + timedelta(13)), (ending.TERM,)
        )
        self.assertEqual(self._reasons(until=self.today + timedelta(14)), ())


class TestFolding(unittest.TestCase):
    def _load(self, number, mass=25.8, product="Cement"):
        return {
            "number": number,
            "vehicle": "Silo",
            "capacity": 25.8,
            "capacity_reason": "payload",
            "mass": mass,
            "total": 100.0,
            "parts": [{"product": product, "mass": mass}],
        }

    def test_alike_neighbours_are_told_once(self):
        loads = [self._load(number) for number in range(1, 39)]
        loads.append(self._load(39, mass=4.0))
        runs = plan_folding.fold(loads)
        self.assertEqual([run["count"] for run in runs], [38, 1])
        self.assertEqual(runs[0]["last_number"], 38)
        self.assertAlmostEqual(runs[0]["run_total"], 3800.0)
        self.assertAlmostEqual(sum(run["run_mass"] for run in runs), 38 * 25.8 + 4)

    def test_another_product_is_another_run(self):
        runs = plan_folding.fold([self._load(1), self._load(2, product="Lime")])
        self.assertEqual(len(runs), 2)
        self.assertEqual(plan_folding.fold([]), [])
