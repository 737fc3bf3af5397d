# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.tests import tagged

from .common import RailCommon


@tagged("post_install", "-at_install")
class TestWords(RailCommon):
    """What the dispatcher reads of a report: no word of the program."""

    def test_kind_of_report_has_a_name(self):
        record = self._receive([self._row(1)])
        kinds = dict(record._fields["dialect"]._description_selection(self.env))
        self.assertEqual(kinds[record.dialect], "Railway cabinet: wagons")

    def test_columns_are_told_in_words(self):
        record = self._receive([self._row(1)])
        self.assertIn("Номер вагона: Wagon number", record.matched_headings)

    def test_every_heading_has_words(self):
        """Fields, units and kinds of the shipped headings are all among the words."""
        headings = self.env["cement.report.heading"].search([])
        for name in ("field", "unit", "dialect"):
            words = dict(headings._fields[name]._description_selection(self.env))
            self.assertFalse(set(headings.mapped(name)) - {False} - set(words), name)

    def test_result_in_one_sentence(self):
        record = self._receive([self._row(1), self._row(2)])
        self.assertEqual(record.result_text, "Accepted: 0 changed, 2 new, 0 unchanged.")
        refused = self.env["cement.dislocation.import"]._receive(b"nothing", "a.csv")
        self.assertFalse(refused.result_text)

    def test_moments_are_named(self):
        """Who reads that a report is too old or too soon sees of which moments."""
        now = self.now - timedelta(minutes=20)
        first = self._receive([self._row(1)], now)
        soon = self._receive([self._row(2)], now + timedelta(minutes=5))
        self.assertIn(f"{now:%d.%m.%Y %H:%M}", soon.warning)
        older = self._receive([self._row(3)], now - timedelta(minutes=5))
        self.assertEqual(older.reason_code, "older_than_last")
        self.assertIn(f"{now + timedelta(minutes=5):%d.%m.%Y %H:%M}", older.reason)
        self.assertTrue(first.result_text)
