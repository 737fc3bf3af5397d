# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Files that are no reports, or worse: each is refused by name, quickly."""

import io
import json
import random
import time
import zipfile
from contextlib import suppress
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import reader
from ..tools.reader import textual, workbook
from . import reports
from .kernel import KernelCase

_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>%s</sheetData></worksheet>"
)
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006'
    '/content-types"><Default Extension="rels" ContentType="application/vnd.'
    'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.'
    'main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application'
    '/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006'
    '/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml'
    '/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.'
    'org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def _xlsx(rows: str, **more: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET % rows)
        for name, data in more.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


class TestHostile(KernelCase):
    def _code(self, data, limits=None, seconds=8.0):
        began = time.monotonic()
        with self.assertRaises(reader.ReportError) as caught:
            reader.read_report(data, "x.xlsx", reports.HEADINGS, limits)
        self.assertLess(time.monotonic() - began, seconds)
        return caught.exception.code

    def test_too_big_is_not_read(self):
        """B: a csv of 200 MB is refused at once."""
        data = bytes(200 << 20)
        self.assertEqual(self._code(data, seconds=0.5), "too_big")

    def test_empty(self):
        self.assertEqual(self._code(b""), "empty")
        self.assertEqual(self._code(b"  \r\n"), "empty")

    def test_random_xlsx(self):
        """B: random bytes behind the first ones of an archive."""
        noise = random.Random(1).randbytes(5000)
        self.assertEqual(self._code(b"PK\x03\x04" + noise), "broken")
        self.assertEqual(self._code(workbook.OLE_MAGIC + noise), "broken")

    def test_truncated(self):
        """B: a file cut off anywhere is refused or, cut in its tail, read."""
        data = reports.lk_wagon_xlsx(reports.make_facts(20))
        for part in (0.1, 0.5, 0.9, 0.99):
            with self.subTest(part):
                self.assertEqual(self._code(data[: int(len(data) * part)]), "broken")
        whole = reports.cabinet_json(reports.make_facts(20))
        self.assertEqual(self._code(whole[:-40]), "broken")
        xml = reports.location_xml(reports.make_facts(20))
        self.assertEqual(self._code(xml[:-40]), "broken")

    def test_zip_bomb(self):
        """B: 300 MB of spaces in 300 kB."""
        data = _xlsx(" " * (300 << 20))
        self.assertLess(len(data), 1 << 20)
        self.assertEqual(self._code(data), "bomb")

    def test_size_in_the_header_may_lie(self):
        data = bytearray(_xlsx(" " * (250 << 20)))
        central = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x05\x06"))
        # the size after unpacking stands 24 bytes into the entry of the directory
        data[central + 24 : central + 28] = (1000).to_bytes(4, "little")
        self.assertIn(self._code(bytes(data)), ("bomb", "broken"))

    def test_many_members(self):
        more = {f"xl/media/{number}.png": b"" for number in range(600)}
        self.assertEqual(self._code(_xlsx("", **more)), "bomb")

    def test_far_cell(self):
        """A cell in the last corner: calamine would lay out 17 thousand millions."""
        row = _cell("A1", "Номер вагона") + _cell("B1", "Дата операции")
        far = f'<row r="1">{row}</row><row r="1048576">{_cell("XFD1048576", "x")}</row>'
        self.assertIn(
            self._code(_xlsx(far), seconds=30),
            ("too_many_rows", "too_many_columns", "too_slow"),
        )

    def test_far_cell_in_other_spellings(self):
        """No spelling of a far reference reaches calamine."""
        for cell in (
            "<c r='XFD1048576'><v>1</v></c>",
            '<c\tr="XFD1048576"><v>1</v></c>',
            '<c\nr="XFD1048576"><v>1</v></c>',
            '<c r ="XFD1048576"><v>1</v></c>',
            '<c r= "XFD1048576"><v>1</v></c>',
            '<c r="xfd1048576"><v>1</v></c>',
            '<c s="1" r="A1048576"><v>1</v></c>',
            '<c r="&#88;FD1"><v>1</v></c>',
        ):
            part = (_SHEET % f'<row r="1">{cell}</row>').encode()
            with self.subTest(cell):
                self.assertFalse(
                    workbook._is_plain({"xl/worksheets/s.xml": part}, reader.Limits())
                )

    def test_plain_file_is_read_by_the_fast_reader(self):
        parts = workbook.unpack(
            reports.lk_wagon_xlsx(reports.make_facts(3)), reader.Limits()
        )
        self.assertTrue(workbook._is_plain(parts, reader.Limits()))

    def test_both_readers_agree(self):
        """What the fast reader gives the slow one gives too."""
        data = reports.lk_wagon_xlsx(reports.make_facts(30))
        fast = reader.read_report(data, "", reports.HEADINGS)
        plain = workbook._is_plain
        workbook._is_plain = lambda parts, limits: False
        try:
            slow = reader.read_report(data, "", reports.HEADINGS)
        finally:
            workbook._is_plain = plain
        for one, other in zip(fast.rows, slow.rows, strict=True):
            other.digest = one.digest
            self.assertEqual(one, other)

    def test_repeated_long_string(self):
        """One string of a megabyte named by each cell is not copied into each."""
        shared = '<sst xmlns="x"><si><t>' + "я" * 500_000 + "</t></si></sst>"
        part = (
            _SHEET % ('<row r="1">' + '<c r="A1" t="s"/>' * 400 + "</row>")
        ).encode()
        self.assertFalse(
            workbook._is_plain(
                {"xl/worksheets/s.xml": part, "xl/sharedStrings.xml": shared.encode()},
                reader.Limits(),
            )
        )

    def test_file_of_another_firm(self):
        """B: a table without wagons: the columns seen are told."""
        data = reports.workbook([["Сотрудник", "Оклад"], ["Иванов", 100]])
        with self.assertRaises(reader.ReportError) as caught:
            reader.read_report(data, "", reports.HEADINGS)
        self.assertEqual(caught.exception.code, "no_wagon_heading")
        self.assertIn("Сотрудник", caught.exception.params["found"])

    def test_headings_only(self):
        data = reports.workbook([["Номер вагона", "Дата и время операции"]])
        self.assertEqual(self._code(data), "no_rows")

    def test_other_zip(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        self.assertEqual(self._code(stream.getvalue()), "not_a_report")

    def test_deep_json(self):
        self.assertIn(self._code(b"[" * 100_000), ("too_deep", "broken"))
        deep = b'{"data":' * 2000 + b"[]" + b"}" * 2000
        self.assertIn(self._code(deep), ("too_deep", "broken"))
        self.assertEqual(self._code(b"[" + b"[]," * 700_000 + b"[]]"), "bomb")

    def test_nonsense_json(self):
        for value in ({"ok": True}, [1, 2], {"data": None}, {"wagons": ["x"]}):
            with self.subTest(value):
                self.assertEqual(self._code(json.dumps(value).encode()), "not_a_report")

    def test_xml_entities(self):
        bomb = (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b '
            b'"&a;&a;">]><data><vagon><vagon_no>&b;</vagon_no></vagon></data>'
        )
        self.assertEqual(self._code(bomb), "bomb")
        self.assertIn(
            self._code(bomb.decode().encode("utf-16")),
            ("bomb", "broken", "no_wagon_heading"),
        )
        self.assertEqual(self._code(b"<html><body>502</body></html>"), "not_a_report")

    def test_rows_and_columns(self):
        few = reader.Limits(rows=10, columns=8)
        wide = ";".join(["Номер вагона", "Дата операции", *map(str, range(30))])
        self.assertEqual(self._code(wide.encode(), few), "too_many_columns")
        long = "Номер вагона;Дата операции\n" + "93014207;01.08.2026\n" * 100
        self.assertEqual(self._code(long.encode(), few), "too_many_rows")
        xlsx = reports.workbook([["Номер вагона", "Дата операции"]] + [["1", "2"]] * 99)
        self.assertEqual(self._code(xlsx, few), "too_many_rows")

    def test_lines_are_counted_before_anything_is_copied(self):
        """Millions of short lines: the text alone would take a gigabyte."""
        data = "Номер вагона;Дата\n".encode() + b"1;2\n" * 1_000_000
        with patch.object(textual, "decode", side_effect=AssertionError):
            self.assertEqual(self._code(data), "too_many_rows")

    def test_long_cell_is_cut(self):
        text = "Номер вагона;Дата операции;Особые отметки\n93014207;01.08.2026 10:00;"
        report = reader.read_report(
            (text + "ж" * 50_000).encode(), "", reports.HEADINGS
        )
        self.assertLessEqual(len(report.rows[0].remark), 4000)

    def test_encrypted(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("xl/workbook.xml", "x")
        data = bytearray(stream.getvalue())
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        self.assertEqual(self._code(bytes(data)), "encrypted")

    @settings(max_examples=60)
    @given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
    def test_any_bytes(self, data):
        """Nothing but ReportError leaves the reader."""
        for start in (b"", b"PK\x03\x04", b"{", b"<", workbook.OLE_MAGIC):
            with suppress(reader.ReportError):
                reader.read_report(start + data, "", reports.HEADINGS)

    @settings(max_examples=40)
    @given(st.data())
    def test_damaged_reports(self, data):
        """A report with some bytes changed is read or refused."""
        name = data.draw(st.sampled_from(sorted(reports.DIALECTS)))
        whole = bytearray(_written(name))
        for _time in range(data.draw(st.integers(1, 8))):
            place = data.draw(st.integers(0, len(whole) - 1))
            whole[place] = data.draw(st.integers(0, 255))
        with suppress(reader.ReportError):
            reader.read_report(bytes(whole), "", reports.HEADINGS)


_KEPT: dict[str, bytes] = {}


def _written(name: str) -> bytes:
    if name not in _KEPT:
        _KEPT[name] = reports.DIALECTS[name][0](reports.make_facts(3))
    return _KEPT[name]
