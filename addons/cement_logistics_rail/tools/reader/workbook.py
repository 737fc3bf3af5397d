# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Cells of a workbook: xlsx by calamine when it is safe, by openpyxl else; xls.

Calamine is five times as fast and has no limits: it unpacks what there is, lays a
sheet out as a full rectangle up to its farthest cell, and copies a shared string into
each cell that names it. So the parts are unpacked here first, metered, and looked
through; a sheet with far cells, unusual spelling or long strings goes to openpyxl,
which streams rows and is stopped at the limits. See docs/decisions/0006.
"""

import hashlib
import html
import io
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from .model import Grid, Limits, ReportError

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A reference beyond 208 columns or 39,999 rows, or in small letters: any but those
# that are surely near.
_FAR_REFERENCE = re.compile(rb' r="(?![A-G]?[A-Z]?[1-3]?[0-9]{1,4}")')
# Spellings of the attribute that the expression above does not look at, by a byte
# without which there is none of them: one byte is found much faster than two.
_UNUSUAL = {
    b"'": (b"='",),
    b"\t": (b"\tr", b"r=\t"),
    b"\n": (b"\nr", b"r=\n"),
    b"\r": (b"\rr", b"r=\r"),
    b" ": (b"r =", b"r= "),
    b">": (b"<c>",),
    b"&": (b'r="&',),
}
_KEPT_PARTS = ("xl/worksheets/", "xl/sharedStrings", "xl/styles", "xl/workbook")
_CALAMINE_CELLS = 6_000_000
_CALAMINE_TEXT = 300_000_000
_XLS_BYTES = 15 << 20


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin a ZIP archive, as xlsx does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read_xlsx(
    data: bytes,
    limits: Limits,
    choose: Callable[[list[list]], bool],
    deadline: float,
    parts: dict[str, bytes],
) -> Grid:
    """Return the cells of the last sheet that *choose* agrees to, else of the last.

    :param choose: told the first rows of a sheet.
    :param parts: what :func:`unpack` gave of *data*.
    :raises ReportError: whatever is wrong with the file.
    """
    reader = _read_calamine if _is_plain(parts, limits) else _read_openpyxl
    try:
        grid = reader(data, limits, choose, deadline)
        grid.parts = parts
        return grid
    except ReportError:
        raise
    except MemoryError as error:
        raise ReportError("bomb") from error
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything
        raise ReportError("broken", detail=type(error).__name__) from error


def sign(parts: dict[str, bytes], header_row: int) -> tuple[str, list[str]] | None:
    """Return the signature of the rows from the headings on, and the texts above.

    Two workbooks with the same signature hold the same rows; the rows above the
    headings, where the moment of the report stands, may differ. ``None`` when the
    workbook is not of the simple kind that this can tell of: one sheet, its rows in
    order, no string above the headings that is used below them as well.

    :param header_row: number of the heading row, from 1.
    """
    sheets = [name for name in parts if name.startswith("xl/worksheets/")]
    if len(sheets) != 1 or header_row < 2:
        return None
    sheet = parts[sheets[0]]
    mark = b'<row r="%d"' % header_row
    place = sheet.find(mark)
    if place < 0 or sheet.find(mark, place + 1) >= 0:
        return None
    start = sheet.find(b"<sheetData")
    if start < 0 or start > place:
        return None
    above, below = sheet[start:place], memoryview(sheet)[place:]
    if _ROW_NUMBER.findall(above) != sorted(_ROW_NUMBER.findall(above), key=int):
        return None
    strings = parts.get("xl/sharedStrings.xml", b"")
    texts: list[str] = []
    indexes: set[int] = set()
    for cell in _ABOVE_CELL.finditer(above):
        if cell["kind"] == b"s":
            indexes.add(int(cell["value"] or 0))
        else:
            texts.append(html.unescape((cell["value"] or cell["text"]).decode()))
    if above.count(b"<v>") + above.count(b"<t>") != len(
        list(_ABOVE_CELL.finditer(above))
    ):
        return None  # something there is written in another way
    digest = hashlib.blake2b(digest_size=20)
    if indexes:
        items = strings.split(b"<si>")
        for index in sorted(indexes):
            if index + 1 >= len(items) or (
                sheet.find(b"<v>%d</v>" % index, place) >= 0
            ):
                return None
            texts += [
                html.unescape(text.decode())
                for text in _STRING_TEXT.findall(items[index + 1])
            ]
            items[index + 1] = b""
        digest.update(b"<si>".join(items))
    else:
        digest.update(strings)
    digest.update(below)
    for name in sorted(parts):
        if name.startswith(("xl/styles", "xl/workbook")):
            digest.update(parts[name])
    return digest.hexdigest(), texts


_ROW_NUMBER = re.compile(rb'<row r="(\d+)"')
_ABOVE_CELL = re.compile(
    rb'<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="(?P<kind>\w+)")?>'
    rb"(?:<v>(?P<value>[^<]*)</v>|<is><t>(?P<text>[^<]*)</t></is>)</c>"
)
_STRING_TEXT = re.compile(rb"<t[^>]*>([^<]*)</t>")


def unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Return what the sheets and strings unpack to; all parts are metered.

    The sizes that an archive declares are not believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if len(infos) > limits.members or len(names) != len(infos):
                raise ReportError("bomb")
            if "xl/workbook.xml" not in names:
                raise ReportError("not_a_report", detail="zip")
            if any(info.flag_bits & 0x1 for info in infos):
                raise ReportError("encrypted")
            budget = limits.unpacked_bytes
            parts: dict[str, bytes] = {}
            for info in infos:
                floor = max(limits.ratio_floor, info.compress_size * limits.ratio)
                allowed = min(budget, floor)
                if info.file_size > allowed:
                    raise ReportError("bomb")
                # one byte more shows that the declared size was a lie
                with archive.open(info) as stream:
                    part = stream.read(allowed + 1)
                if len(part) > allowed:
                    raise ReportError("bomb")
                budget -= len(part)
                if info.filename.startswith(_KEPT_PARTS) and info.filename.endswith(
                    ".xml"
                ):
                    parts[info.filename] = part
            return parts
    except ReportError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        KeyError,
    ) as error:
        raise ReportError("broken", detail="zip") from error


def _is_plain(parts: dict[str, bytes], limits: Limits) -> bool:
    """Whether the rectangle and the texts that calamine makes are small enough."""
    cells = longest = 0
    for name, part in parts.items():
        if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!" in part[:1000]:
            return False
        if name.startswith("xl/worksheets/"):
            if b"<c " not in part and b"<row" in part:
                return False  # prefixed or unusual: nothing is known of its size
            cells += part.count(b"<c ")
            if _is_unusual(part) or _FAR_REFERENCE.search(part):
                return False
        elif name.startswith("xl/sharedStrings"):
            longest = max(map(len, part.split(b"<si>")), default=0)
    return cells <= _CALAMINE_CELLS and cells * longest <= _CALAMINE_TEXT


def _is_unusual(part: bytes) -> bool:
    start = 0
    if part.startswith(b"<?xml"):
        # a line break after the declaration is usual
        start = max(part.find(b"<", 1, 200), 0)
    return any(
        part.find(mark, start) >= 0
        for byte, marks in _UNUSUAL.items()
        if part.find(byte, start) >= 0
        for mark in marks
    )


def _read_calamine(
    data: bytes,
    limits: Limits,
    choose: Callable[[list[list]], bool],
    deadline: float,
) -> Grid:
    # here, because text needs no workbook reader
    from python_calamine import CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        last: Grid | None = None
        for name in reversed(workbook.sheet_names):
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height > limits.rows + limits.heading_rows:
                raise ReportError("too_many_rows", limit=limits.rows)
            grid = Grid(rows=sheet.to_python(skip_empty_area=False), sheet=name)
            if choose(grid.rows[: limits.heading_rows]):
                return grid
            last = last or grid
            _check_time(deadline, limits)
    except BaseException as error:
        # a panic in Rust is no Exception
        if type(error).__name__ == "PanicException":
            raise ReportError("broken", detail="PanicException") from error
        raise
    return last or Grid(rows=[])


def _read_openpyxl(
    data: bytes,
    limits: Limits,
    choose: Callable[[list[list]], bool],
    deadline: float,
) -> Grid:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    last: Grid | None = None
    for sheet in reversed(workbook.worksheets):
        # a sheet may claim a million rows; only its cells are believed
        sheet.reset_dimensions()
        rows = _collect(
            (list(row) for row in sheet.iter_rows(values_only=True)), limits, deadline
        )
        grid = Grid(rows=rows, sheet=sheet.title)
        if choose(rows[: limits.heading_rows]):
            return grid
        last = last or grid
    return last or Grid(rows=[])


def _collect(rows: Iterable[list], limits: Limits, deadline: float) -> list[list]:
    """Return the rows up to the last that is not empty, within the limits."""
    result: list[list] = []
    filled = 0
    for row in rows:
        while row and row[-1] is None:
            row.pop()
        if len(row) > limits.columns:
            raise ReportError("too_many_columns", limit=limits.columns)
        result.append(row)
        if row:
            filled = len(result)
        if len(result) > limits.rows + limits.heading_rows:
            raise ReportError("too_many_rows", limit=limits.rows)
        if len(result) % 500 == 0:
            _check_time(deadline, limits)
    del result[filled:]
    return result


def _check_time(deadline: float, limits: Limits) -> None:
    if time.monotonic() > deadline:
        raise ReportError("too_slow", seconds=int(limits.seconds))


def read_xls(
    data: bytes,
    limits: Limits,
    choose: Callable[[list[list]], bool],
    deadline: float,
) -> Grid:
    """Return the cells of an old workbook (BIFF); texts without a page are cp1251.

    Read by xlrd: it shares strings and knows ragged rows, so a small file stays
    small in memory.

    :raises ReportError: whatever is wrong with the file.
    """
    import xlrd

    if len(data) > _XLS_BYTES:
        raise ReportError("too_big", limit_mb=_XLS_BYTES >> 20)
    log = io.StringIO()
    try:
        workbook = xlrd.open_workbook(
            file_contents=data, on_demand=True, ragged_rows=True, logfile=log
        )
        if workbook.biff_version < 80 and not workbook.codepage:
            workbook = xlrd.open_workbook(
                file_contents=data,
                on_demand=True,
                ragged_rows=True,
                logfile=log,
                encoding_override="cp1251",
            )
        last: Grid | None = None
        for name in reversed(workbook.sheet_names()):
            sheet = workbook.sheet_by_name(name)
            rows = _collect(_xls_rows(sheet, workbook.datemode), limits, deadline)
            grid = Grid(rows=rows, sheet=name)
            if choose(rows[: limits.heading_rows]):
                return grid
            last = last or grid
            workbook.unload_sheet(name)
        return last or Grid(rows=[])
    except ReportError:
        raise
    except MemoryError as error:
        raise ReportError("bomb") from error
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything
        if "ncrypt" in str(error) or "ncrypt" in log.getvalue():
            raise ReportError("encrypted") from error
        raise ReportError("broken", detail=type(error).__name__) from error


def _xls_rows(sheet, datemode: int) -> Iterable[list]:
    import xlrd

    for index in range(sheet.nrows):
        row: list = []
        for cell in sheet.row(index):
            value = cell.value
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                value = None
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                value = None
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif cell.ctype == xlrd.XL_CELL_DATE:
                # else a number with a date's format, such as an idle time
                with suppress(ValueError, xlrd.XLDateError):
                    value = datetime(*xlrd.xldate_as_tuple(value, datemode)[:6])
            row.append(value)
        yield row
