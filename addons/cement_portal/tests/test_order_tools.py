# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
import unittest
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_base.tools.access import GuardFields, Scope, guard_domain
from odoo.addons.cement_portal.tools import (
    amount_words,
    charts,
    status_line,
    visibility,
    workbook,
)
from odoo.addons.cement_sale.tools import lifecycle


class TestStatusLine(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.start = datetime(2026, 11, 2, 9, 0)

    def _events(self, *states):
        return [
            status_line.Event(state, self.start + timedelta(hours=index))
            for index, state in enumerate(states)
        ]

    def test_on_the_way(self):
        steps = status_line.build(
            "assembling", self._events("new", "processing", "assembling")
        )
        self.assertEqual(
            [step.progress for step in steps],
            ["done", "done", "skipped", "current", *["future"] * 4],
        )
        self.assertEqual(steps[3].when, self.start + timedelta(hours=2))
        self.assertIsNone(steps[2].when)

    def test_answers_on_the_reserve_share_a_step(self):
        steps = status_line.build(
            "reserve_partial", self._events("new", "reserve_refused", "reserve_partial")
        )
        self.assertEqual(steps[2].state, "reserve_partial")
        self.assertEqual(steps[2].tone, "attention")
        self.assertEqual(len(steps), len(status_line.STEPS))

    def test_cancelled_ends_where_it_stood(self):
        steps = status_line.build(
            "cancelled", self._events("new", "processing", "cancelled")
        )
        self.assertEqual(
            [step.code for step in steps], ["new", "processing", "cancelled"]
        )

    def test_moved_back_forgets_what_came_after(self):
        steps = status_line.build(
            "processing", self._events("new", "processing", "assembling", "processing")
        )
        self.assertEqual(steps[3].progress, "future")
        self.assertIsNone(steps[3].when)

    @given(
        st.sampled_from(lifecycle.STATES),
        st.lists(st.sampled_from(lifecycle.STATES), max_size=12),
    )
    def test_any_history_makes_a_line(self, state, history):
        self.start = datetime(2026, 1, 1)
        steps = status_line.build(state, self._events(*history))
        if state == lifecycle.CANCELLED:
            self.assertEqual(steps[-1].code, lifecycle.CANCELLED)
        else:
            self.assertEqual([step.code for step in steps], list(status_line.STEPS))
        self.assertLessEqual(sum(step.progress == "current" for step in steps), 1)


IDS = st.integers(min_value=1, max_value=4)


class TestVisibility(unittest.TestCase):
    """The answer for one order is that of the record rule's domain."""

    def _matches(self, domain, row):
        """Evaluate a flat prefix domain on the values of one row."""
        stack = []
        for item in reversed(domain):
            if item == "&":
                stack.append(stack.pop() & stack.pop())
            elif item == "|":
                stack.append(stack.pop() | stack.pop())
            else:
                name, operator, value = item
                present = row.get(name, name)
                if operator == "=":
                    stack.append((present or False) == (value or False))
                else:
                    stack.append(present in value)
        result = True
        for value in stack:
            result &= value
        return result

    @given(
        st.sampled_from(sorted(roles.ROLE_CAPABILITIES)),
        IDS,
        st.lists(IDS, max_size=2),
        st.lists(IDS, max_size=2),
        st.fixed_dictionaries(
            {
                "partner_id": IDS,
                "agreement_id": st.one_of(st.none(), IDS),
                "site_id": st.one_of(st.none(), IDS),
                "author_id": st.one_of(st.none(), IDS),
            }
        ),
    )
    def test_agrees_with_the_record_rule(self, role, partner, agreements, sites, row):
        user_id = 2
        scope = Scope(partner, role, tuple(agreements), tuple(sites))
        guard = GuardFields(
            "partner_id", agreement="agreement_id", site="site_id", author="author_id"
        )
        domain = guard_domain([scope], guard, user_id)
        self.assertEqual(
            visibility.may_see_order(scope, user_id, **row),
            self._matches(domain, row),
        )


class TestWorkbook(unittest.TestCase):
    def _write(self, rows, columns=None, **options):
        target = io.BytesIO()
        columns = columns or [workbook.Column("A")]
        count = workbook.write(target, "Orders", columns, rows, **options)
        target.seek(0)
        return count, load_workbook(target).active

    def test_values_keep_their_kind(self):
        columns = [
            workbook.Column("Name"),
            workbook.Column("Mass", workbook.MASS),
            workbook.Column("Day", workbook.DAY),
        ]
        count, sheet = self._write([("Cement", 25.8, date(2026, 11, 2))], columns)
        self.assertEqual(count, 1)
        self.assertEqual(sheet["A2"].value, "Cement")
        self.assertEqual(sheet["B2"].value, 25.8)
        self.assertEqual(sheet["C2"].value.date(), date(2026, 11, 2))

    def test_formulas_stay_text(self):
        evil = ["=1+1", "+7", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "{=1}"]
        _count, sheet = self._write([(text,) for text in evil])
        for index, text in enumerate(evil, start=2):
            cell = sheet.cell(index, 1)
            self.assertEqual(cell.data_type, "s", text)
            self.assertFalse(str(cell.value).startswith(("=", "+", "-", "@", "\t")))

    def test_control_characters_and_long_text(self):
        _count, sheet = self._write([("a\x00b\x0bc",), ("x" * 40_000,)])
        self.assertEqual(sheet["A2"].value, "abc")
        self.assertLess(len(sheet["A3"].value), 32_768)

    def test_empty_cells_wait_for_what_is_typed(self):
        columns = [
            workbook.Column("Quantity", workbook.ENTRY),
            workbook.Column("What it is", workbook.HINT),
        ]
        _count, sheet = self._write([(None, "Cement")], columns)
        self.assertEqual(sheet.column_dimensions["A"].number_format, "0.###")
        self.assertEqual(sheet["B2"].font.color.rgb, "FF59646C")

    def test_note_below(self):
        _count, sheet = self._write([("a",)], note="There is more")
        self.assertEqual(sheet["A4"].value, "There is more")

    @given(st.text(max_size=40))
    def test_clean_text_never_leads_with_a_formula(self, text):
        clean = workbook.clean_text(text)
        self.assertFalse(clean.startswith(("=", "+", "-", "@", "\t", "\r")))


class TestCharts(unittest.TestCase):
    @given(st.floats(min_value=0.001, max_value=1e9))
    def test_scale_holds_the_value(self, value):
        top = charts.nice_ceiling(value)
        self.assertGreaterEqual(top, value * (1 - 1e-6))
        self.assertLessEqual(top, value * 2.6)

    @given(st.lists(st.floats(min_value=-10, max_value=1e6), max_size=24))
    def test_bars_stay_within_the_drawing(self, values):
        chart = charts.bars(values)
        self.assertEqual(len(chart.bars), len(values))
        for bar in chart.bars:
            self.assertGreaterEqual(bar.y, -0.01)
            self.assertLessEqual(bar.y + bar.height, chart.height + 0.02)
            self.assertLessEqual(bar.x + bar.width, chart.width + 0.1)

    def test_shares(self):
        self.assertEqual(charts.shares([30, 10]), (75.0, 25.0))
        self.assertEqual(charts.shares([0, 0]), (0.0, 0.0))
        self.assertEqual(charts.shares([]), ())


class TestAmountWords(unittest.TestCase):
    def test_known_sums(self):
        for amount, words in {
            0: "Ноль рублей 00 копеек",
            1: "Один рубль 00 копеек",
            2.01: "Два рубля 01 копейка",
            11: "Одиннадцать рублей 00 копеек",
            21.22: "Двадцать один рубль 22 копейки",
            1000: "Одна тысяча рублей 00 копеек",
            2000: "Две тысячи рублей 00 копеек",
            280_000: "Двести восемьдесят тысяч рублей 00 копеек",
            1_000_000: "Один миллион рублей 00 копеек",
            1_234_567.89: "Один миллион двести тридцать четыре тысячи пятьсот "
            "шестьдесят семь рублей 89 копеек",
            416_325: "Четыреста шестнадцать тысяч триста двадцать пять рублей "
            "00 копеек",
        }.items():
            self.assertEqual(amount_words.roubles(amount), words)

    def test_out_of_range(self):
        for amount in (-1, 10**12):
            with self.assertRaises(ValueError):
                amount_words.roubles(amount)

    @given(st.integers(min_value=0, max_value=10**12 - 1))
    def test_every_whole_sum_ends_well(self, amount):
        text = amount_words.roubles(amount)
        self.assertTrue(text.endswith("00 копеек"))
        self.assertNotIn("  ", text)
