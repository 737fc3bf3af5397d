# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A table from outside is hostile until read."""

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ..tools import table_import as ti

HEADINGS = {
    "артикул": "article",
    "кол во": "quantity",
    "количество т": "quantity",
    "дата": "day",
    "пункт доставки": "site",
}


def workbook(rows, **options):
    book = Workbook(**options)
    sheet = book.active
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return stream.getvalue()


def read(data):
    return [row.values for row in ti.read_table(data, HEADINGS)]


class TestReadTable(TestCase):
    def _refused(self, code, data):
        with self.assertRaises(ti.TableError) as caught:
            ti.read_table(data, HEADINGS)
        self.assertEqual(caught.exception.code, code)

    def test_pasted_range(self):
        rows = ti.read_table(
            "Артикул\tКол-во\tДата\tПункт доставки\nM500\t27,5\t02.03.2026\tNorth\n"
            "\nM400\t10\n",
            HEADINGS,
        )
        self.assertEqual([row.number for row in rows], [2, 4])
        self.assertEqual(
            rows[0].values,
            {
                "article": "M500",
                "quantity": "27,5",
                "day": "02.03.2026",
                "site": "North",
            },
        )
        self.assertEqual(rows[1].values, {"article": "M400", "quantity": "10"})

    def test_without_headings(self):
        self.assertEqual(
            read("M500\t27,5\t02.03.2026"),
            [{"article": "M500", "quantity": "27,5", "day": "02.03.2026"}],
        )

    def test_columns_in_any_order_and_case(self):
        self.assertEqual(
            read("ДАТА;Прочее; КОЛИЧЕСТВО, Т ;артикул\n01.02.2026;x;5;M500"),
            [{"day": "01.02.2026", "quantity": "5", "article": "M500"}],
        )

    def test_csv_of_excel_in_russian(self):
        data = "Артикул;Кол-во;Дата\r\nЦЕМ I;1 284,50;02.03.2026\r\n".encode("cp1251")
        self.assertEqual(
            read(data),
            [{"article": "ЦЕМ I", "quantity": "1 284,50", "day": "02.03.2026"}],
        )

    def test_csv_with_mark_of_utf8(self):
        data = "\ufeffАртикул;Кол-во\nЦЕМ;5".encode()
        self.assertEqual(read(data), [{"article": "ЦЕМ", "quantity": "5"}])

    def test_quoted_cells(self):
        self.assertEqual(
            read('Артикул;Кол-во\n"ЦЕМ; мешки ""50""";5'),
            [{"article": 'ЦЕМ; мешки "50"', "quantity": "5"}],
        )

    def test_commas_as_separators(self):
        self.assertEqual(
            read("Артикул,Кол-во,Дата\nM500,27.5,02.03.2026"),
            [{"article": "M500", "quantity": "27.5", "day": "02.03.2026"}],
        )

    def test_workbook(self):
        day = datetime(2026, 3, 2)
        rows = read(
            workbook([["Артикул", "Кол-во", "Дата"], ["M500", 27.5, day], [500, 3]])
        )
        self.assertEqual(rows[0], {"article": "M500", "quantity": 27.5, "day": day})
        self.assertEqual(rows[1]["article"], 500)

    def test_formula_gives_its_value_or_nothing(self):
        rows = read(workbook([["Артикул", "Кол-во"], ["M500", "=1+1"]]))
        self.assertEqual(rows[0]["quantity"], None)

    def test_broken_workbooks(self):
        good = workbook([["Артикул", "Кол-во"], ["M500", 1]])
        for data in (
            good[: len(good) // 2],
            b"PK" + b"\x00" * 100,
            b"PK\x03\x04broken",
            archive(xl__workbook_xml="<not xml"),
            archive(xl__workbook_xml="<workbook/>"),
            archive(other_txt="x"),
            good.replace(b"xl/worksheets", b"xl/worksheetz"),
        ):
            self._refused("not_a_table", data)

    def test_declared_bomb(self):
        data = archive(
            xl__workbook_xml="<workbook/>",
            xl__worksheets__sheet1_xml=b"0" * (ti.MAX_UNPACKED_BYTES + 1),
        )
        self.assertLess(len(data), 200_000)
        self._refused("bomb", data)

    def test_bomb_that_lies_about_its_size(self):
        """The size in the directory is what the sender wrote; the unpacking must
        not believe it."""
        book = workbook([["Артикул", "Кол-во"]] + [["M" * 400, 1]] * 10)
        real = ti.MAX_UNPACKED_BYTES * 3
        sheet = (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
            b'2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
            + b"A" * real
            + b"</t></is></c></row></sheetData></worksheet>"
        )
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(book)) as source,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for name in source.namelist():
                content = source.read(name)
                target.writestr(name, sheet if name.endswith("sheet1.xml") else content)
        data = _lie_about_sizes(stream.getvalue(), len(sheet), 1000)
        self.assertLess(len(data), 500_000)
        tracemalloc.start()
        try:
            with self.assertRaises(ti.TableError):
                ti.read_table(data, HEADINGS)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLess(peak, 3 * ti.MAX_UNPACKED_BYTES)

    def test_entities_are_not_expanded(self):
        """A «billion laughs» inside the workbook is refused, not unfolded."""
        laughs = "".join(
            f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">'
            for n in range(10)
        )
        book = workbook([["Артикул", "Кол-во"], ["M500", 1]])
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(book)) as source,
            zipfile.ZipFile(stream, "w") as target,
        ):
            for name in source.namelist():
                content = source.read(name)
                if name.endswith("sheet1.xml"):
                    content = (
                        f"<?xml version='1.0'?><!DOCTYPE w [{laughs}]>"
                        '<worksheet xmlns="http://schemas.openxmlformats.org/'
                        'spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" '
                        't="inlineStr"><is><t>&l9;</t></is></c></row></sheetData>'
                        "</worksheet>"
                    ).encode()
                target.writestr(name, content)
        began = time.monotonic()
        self._refused("not_a_table", stream.getvalue())
        self.assertLess(time.monotonic() - began, 5)

    def test_twenty_megabytes(self):
        self._refused("too_big", b"x" * 20 * 1024 * 1024)
        self._refused("too_big", "x" * 20 * 1024 * 1024)

    def test_too_many_rows(self):
        self._refused("too_many_rows", "M500;1\n" * (ti.MAX_ROWS + 1))
        self._refused("too_many_rows", "\n;\n" * ti.MAX_ROWS * 2 + "M500;1\n")
        self.assertEqual(len(read("M500;1\n" * ti.MAX_ROWS)), ti.MAX_ROWS)

    def test_nothing_in_it(self):
        for data in ("", " \n \n", b"", "Артикул;Кол-во\n", workbook([])):
            self._refused("empty", data)

    def test_binary_rubbish(self):
        self._refused("not_a_table", b"\x00\x01\x02" * 100)
        self._refused("not_a_table", b"M500;1\n" * 2000 + b"\x00")
        self._refused("not_a_table", "M500;1\nM\x00;2\n")
        self._refused("not_a_table", b"\xff\xd8\xff\xe0\x00\x10JFIF")

    def test_wide_and_long_cells_are_cut(self):
        (row,) = read("x" * 100_000 + ";5;" + ";" * 10_000)
        self.assertEqual(len(row["article"]), ti.MAX_CELL)

    @given(st.text(max_size=400))
    def test_any_text_is_read_or_refused(self, text):
        try:
            rows = ti.read_table(text, HEADINGS)
        except ti.TableError:
            return
        self.assertTrue(rows)

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, data):
        for payload in (data, b"PK\x03\x04" + data):
            try:
                ti.read_table(payload, HEADINGS)
            except ti.TableError:
                continue


def _lie_about_sizes(data, real, told):
    """Write another unpacked size into the headers of the archive."""
    return data.replace(real.to_bytes(4, "little"), told.to_bytes(4, "little"))


class TestCells(TestCase):
    def test_quantities(self):
        for text, value in (
            ("27,5", "27.5"),
            ("27.5", "27.5"),
            ("1 284,50", "1284.50"),
            ("1\u00a0284,5", "1284.5"),
            ("1\u202f284.5 т", "1284.5"),
            ("30 тонн", "30"),
            ("30т.", "30"),
            ("+5", "5"),
            ("-5", "-5"),
            (" 5 ", "5"),
            (5, "5"),
            (27.917, "27.917"),
        ):
            self.assertEqual(ti.parse_quantity(text), Decimal(value), text)

    def test_no_quantities(self):
        for text in (
            "",
            None,
            "много",
            "1,2,3",
            "5 кг",
            "1e5",
            "NaN",
            "inf",
            float("nan"),
            float("inf"),
            True,
            "５",
            "--5",
            "5 5x",
            [],
        ):
            with self.assertRaises(ValueError, msg=repr(text)):
                ti.parse_quantity(text)

    def test_days(self):
        for value, day in (
            ("02.03.2026", date(2026, 3, 2)),
            ("2026-03-02", date(2026, 3, 2)),
            ("02.03.26", date(2026, 3, 2)),
            ("02/03/2026", date(2026, 3, 2)),
            (46083, date(2026, 3, 2)),
            (46083.75, date(2026, 3, 2)),
            (datetime(2026, 3, 2, 23, 59), date(2026, 3, 2)),
            (date(2026, 3, 2), date(2026, 3, 2)),
        ):
            self.assertEqual(ti.parse_day(value), day, value)
        self.assertIsNone(ti.parse_day(""))
        self.assertIsNone(ti.parse_day(None))

    def test_no_days(self):
        for value in (
            "завтра",
            "32.01.2026",
            5,
            10**9,
            -1,
            True,
            "2026",
            [],
            float("nan"),
        ):
            with self.assertRaises(ValueError, msg=repr(value)):
                ti.parse_day(value)

    @given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    def test_every_day_survives_being_written(self, day):
        for text in (day.strftime("%d.%m.%Y"), day.isoformat()):
            self.assertEqual(ti.parse_day(text), day)
        self.assertEqual(ti.parse_day((day - date(1899, 12, 30)).days), day)

    def test_fold(self):
        self.assertEqual(ti.fold(" Объём,\u00a0Т: "), "объем т")
        self.assertEqual(ti.fold(None), "")
