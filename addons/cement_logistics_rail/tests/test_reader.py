# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The reader gives back what was written, in every dialect."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import reader
from . import reports
from .kernel import KernelCase


class TestReaderRoundTrip(KernelCase):
    def _check(self, name, items):
        writer, dialect, names = reports.DIALECTS[name]
        report = reader.read_report(writer(items), "report", reports.HEADINGS)
        self.assertEqual(report.dialect, dialect)
        self.assertEqual(report.unknown_headings, [])
        self.assertEqual(len(report.rows), len(items))
        for fact, row in zip(items, report.rows, strict=True):
            self.assertTrue(row.wagon_ok)
            self.assertEqual(reports.expected(fact, names), reports.actual(row, names))
            codes = {problem.code for problem in row.problems}
            allowed = {"station_check"}
            if not report.has_operation_time:
                allowed.add("no_time")
            self.assertLessEqual(codes, allowed)
        return report

    def test_dialects(self):
        """F30: each dialect on facts that fill its columns."""
        for name in reports.DIALECTS:
            with self.subTest(name):
                self._check(name, reports.make_facts(5))

    @settings(max_examples=25)
    @given(st.data())
    def test_dialects_any_facts(self, data):
        """F30: the same on any facts."""
        name = data.draw(st.sampled_from(sorted(reports.DIALECTS)))
        items = data.draw(st.lists(reports.facts(), min_size=1, max_size=4))
        self._check(name, items)

    def test_new_year(self):
        """Days without a year are those around the report."""
        head = ["Номер вагона", "Дата операции", "Станция операции"]
        head.append("Нормативный срок доставки")
        row = ["93014207", "31.12 23:50", "ЧЕМСКОЙ (850308)", "05.01"]
        formed = {"formed": "01.01.2027 02:00"}
        silent = {"top": 2}
        by_name = (silent, "wagons_2027-01-01_0200.xlsx")
        for above, name in ((formed, ""), by_name, (silent, "")):
            with self.subTest(above=above, name=name):
                data = reports.workbook([head, row], **above)
                report = reader.open_report(data, name, reports.HEADINGS)
                (found,) = report.parse(now=datetime(2027, 1, 1, 3, 0))
                self.assertEqual(found.operation_time, datetime(2026, 12, 31, 23, 50))
                self.assertEqual(found.due_date, date(2027, 1, 5))

    def test_history(self):
        """F30: history 601 has the wagon above its operations."""
        items = reports.make_facts(3)
        report = reader.read_report(
            reports.history_json(items), "601.json", reports.HEADINGS
        )
        self.assertEqual(report.kind, reader.HISTORY)
        self.assertEqual({row.wagon for row in report.rows}, {items[0].wagon})
        self.assertEqual(
            [row.operation_time for row in report.rows],
            [fact.operation_time for fact in items],
        )

    def test_formed_at(self):
        """The moment of the report is found where each dialect keeps it."""
        items = reports.make_facts(2)
        for name in (
            "lk_wagon_xlsx",
            "lk_container_xlsx",
            "cabinet_json",
            "wagons_json",
            "lessor_c_csv",
        ):
            with self.subTest(name):
                writer = reports.DIALECTS[name][0]
                report = reader.open_report(writer(items), "", reports.HEADINGS)
                self.assertEqual(report.formed_at, reports.FORMED)
        report = reader.open_report(
            reports.location_xml(items), "d_2026-08-03_0232.xml", reports.HEADINGS
        )
        self.assertEqual(report.formed_at, reports.FORMED)

    def test_owner_report_without_times(self):
        """Owners tell where a wagon is, not since when: the report's moment holds."""
        report = reader.read_report(
            reports.owner_b_csv(reports.make_facts(1)),
            "вагоны 03.08.2026 0232.csv",
            reports.HEADINGS,
        )
        self.assertFalse(report.has_operation_time)
        self.assertEqual(report.rows[0].operation_time, reports.FORMED)
        self.assertIsNone(report.rows[0].mass_t, "«вес» is the capacity here")

    def test_tariff_and_coordinates(self):
        """Kopecks become roubles, the pair becomes latitude and longitude."""
        report = reader.read_report(
            reports.cabinet_json(reports.make_facts(1)), "", reports.HEADINGS
        )
        row = report.rows[0]
        self.assertEqual(row.tariff_rub, Decimal("183185"))
        self.assertEqual((row.latitude, row.longitude), (51.77, 55.1))


class TestOutline(KernelCase):
    """F30: a report with the rows of the last one is known without reading them."""

    def _rows(self, count=20):
        return reports.lk_wagon_rows(reports.make_facts(count))

    def _outline(self, data, header_row=4):
        return reader.outline(data, header_row, "", reports.HEADINGS)

    def test_same_rows_formed_later(self):
        rows = self._rows()
        first = reader.open_report(reports.workbook(rows), "", reports.HEADINGS)
        self.assertTrue(first.signature)
        later = self._outline(reports.workbook(rows, formed="03.08.2026 05:00"))
        self.assertEqual(later.signature, first.signature)
        self.assertEqual(later.formed_at, datetime(2026, 8, 3, 5, 0))

    def test_any_change_of_a_row_is_seen(self):
        rows = self._rows()
        first = self._outline(reports.workbook(rows)).signature
        for row, column, value in ((1, 0, 93014207), (20, 18, "x"), (0, 3, "Дата")):
            changed = [list(item) for item in rows]
            changed[row][column] = value
            with self.subTest(row=row, column=column):
                other = self._outline(reports.workbook(changed))
                self.assertNotEqual(other and other.signature, first)
        fewer = self._outline(reports.workbook(rows[:-1]))
        self.assertNotEqual(fewer.signature, first)

    def test_headings_entered_since_count(self):
        data = reports.workbook(self._rows())
        other = reader.HeadingMap.build([("Номер вагона", "wagon", "", "", 1)])
        self.assertNotEqual(
            self._outline(data).signature,
            reader.outline(data, 4, "", other).signature,
        )

    def test_what_it_cannot_tell(self):
        """Several sheets, another heading row, a moment that stands below as well."""
        rows = self._rows()
        self.assertIsNone(self._outline(reports.workbook(rows, first_sheet=True)))
        self.assertIsNone(self._outline(reports.workbook(rows), header_row=9999))
        rows[3][3] = "03.08.2026 02:32"
        self.assertIsNone(self._outline(reports.workbook(rows)))
        self.assertIsNone(self._outline("Номер вагона;x".encode()))


class TestReaderParts(KernelCase):
    def _read(self, rows, **kwargs):
        return reader.read_report(
            reports.workbook(rows, **kwargs), "", reports.HEADINGS
        )

    def _lk(self, count=3):
        return reports.lk_wagon_rows(reports.make_facts(count))

    def test_known_lines_are_left_alone(self):
        """An unchanged line is not understood again; a changed one is."""
        items = reports.make_facts(10)
        first = reader.open_report(reports.lk_wagon_xlsx(items), "", reports.HEADINGS)
        known = {line.digest for line in first.lines}
        self.assertEqual(first.parse(known), [])
        self.assertEqual(len(first.unchanged), 10)
        rows = reports.lk_wagon_rows(items)
        rows[4][0] = float(reports.wagon(500))
        second = reader.open_report(reports.workbook(rows), "", reports.HEADINGS)
        fresh = second.parse(known)
        self.assertEqual([row.wagon for row in fresh], [reports.wagon(500)])
        self.assertEqual(len(second.unchanged), 9)

    def test_heading_row_anywhere(self):
        """F30: titles of any height, blank columns before, an extra column."""
        rows = [[None, None, *row, "x"] for row in self._lk()]
        rows[0][-1] = "Что-то новое"
        report = self._read([["Примечание"], [], *rows], top=3)
        self.assertEqual(report.header_row, 6)
        self.assertEqual(report.unknown_headings, ["Что-то новое"])
        self.assertEqual([row.number for row in report.rows], [7, 8, 9])
        self.assertEqual(report.raw(7)["Что-то новое"], "x")

    def test_merged_wagon_cells(self):
        """A blank number is that of the row above; a line of totals is not a wagon."""
        rows = self._lk(2)
        second = list(rows[1])
        second[0] = None
        total = [None] * len(second)
        total[1] = "Итого"
        report = self._read([*rows[:2], second, total])
        self.assertEqual(report.rows[0].wagon, report.rows[1].wagon)
        self.assertEqual(
            [problem.code for problem in report.rows[2].problems], ["no_wagon"]
        )
        self.assertFalse(report.rows[2].usable)

    def test_wrong_check_digit_is_reported(self):
        """B: a wagon number with a wrong digit is a row with a remark, not lost."""
        rows = self._lk(2)
        rows[1][0] = "93000001"
        rows[2][0] = "вагон 5"
        report = self._read(rows)
        self.assertEqual(
            [row.problems[0].code for row in report.rows], ["wagon_check", "bad_wagon"]
        )
        self.assertFalse(any(row.usable for row in report.rows))
        self.assertEqual(report.warnings[0].number, 5)

    def test_station_check_digit_warns(self):
        rows = self._lk(1)
        rows[1][5] = "СТАНЦИЯ (045495)"
        report = self._read(rows)
        self.assertEqual(report.rows[0].origin_code, "045495")
        self.assertTrue(report.rows[0].usable)
        self.assertEqual(report.rows[0].problems[0].code, "station_check")

    def test_impossible_values_are_reported(self):
        """What cannot be is told with its row and column, the rest is taken."""
        rows = self._lk(1)
        head = rows[0]
        rows[1][head.index("Вес груза (кг)")] = "749000"
        rows[1][head.index("Нормативный срок доставки")] = "вчера"
        rows[1][head.index("Расстояние оставшееся (км)")] = "далеко"
        report = self._read(rows)
        row = report.rows[0]
        self.assertEqual(
            {(problem.code, problem.field) for problem in row.problems},
            {
                ("mass_range", "mass_t"),
                ("bad_date", "due_date"),
                ("bad_number", "km_left"),
            },
        )
        self.assertTrue(row.usable)
        self.assertIsNone(row.mass_t)

    def test_ambiguous_heading_follows_dialect(self):
        """«Вес груза» without a unit: above a hundred it is kilograms."""
        items = reports.make_facts(1)
        report = reader.read_report(reports.plant_d_csv(items), "", reports.HEADINGS)
        self.assertEqual(report.rows[0].mass_t, items[0].mass_kg / 1000)

    def test_heading_beginning_with_a_known_one(self):
        rows = self._lk(1)
        rows[0][15] = "Дата и время операции (МСК)"
        report = self._read(rows)
        self.assertEqual(
            report.matched["operation_time"], ["Дата и время операции (МСК)"]
        )

    def test_latin_letters_in_headings(self):
        rows = self._lk(1)
        rows[0][0] = "Hомер вaгонa"
        report = self._read(rows)
        self.assertTrue(report.rows[0].usable)

    def test_pattern_heading(self):
        """F30: an administrator may enter a part of a heading."""
        headings = reader.HeadingMap.build(
            [
                ("Номер вагона", "wagon", "", "", 10),
                ("*время*опер*", "operation_time", "", "", 10),
            ]
        )
        report = reader.read_report(
            "Номер вагона;Время последней операции\n93014207;01.08.2026 08:37".encode(),
            "",
            headings,
        )
        self.assertEqual(report.rows[0].operation_time, datetime(2026, 8, 1, 8, 37))
