# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reading a table of order lines: pasted text, csv, or xlsx.

What comes in is hostile until read: size, rows, columns, cell length and the
size of what an archive unpacks to are limited, and nothing but values is read
from a workbook.  A row that cannot be read is reported with its number; the
rows beside it are not lost.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 50
# characters of a heading that is told back
MAX_HEADING = 60
MAX_CELL = 500

# Excel counts days from here (and believes that 1900 was a leap year).
_EXCEL_EPOCH = date(1899, 12, 30)
_DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y")


class TableError(ValueError):
    """The whole table cannot be read.

    :param code: ``too_big``, ``not_a_table``, ``bomb``, ``too_many_rows``,
        ``empty`` or ``no_columns``; the texts hang on it.
    """

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(slots=True)
class TableRow:
    """One row as read: *number* is what the person sees in the file (from 1)."""

    number: int
    values: dict[str, object] = field(default_factory=dict)


class Table(list):
    """The rows of a table, and what of its headings was not understood."""

    def __init__(self, rows: list[TableRow], unknown: tuple[str, ...] = ()):
        super().__init__(rows)
        self.unknown = unknown


def read_table(
    data: bytes | str,
    headings: dict[str, str],
    *,
    key: str = "quantity",
    default: tuple[str, ...] = ("article", "quantity", "day", "site"),
) -> Table:
    """Return the rows of a table.

    :param data: bytes of a csv or xlsx file, or pasted text.
    :param headings: folded heading -> field name; see :func:`fold`.
    :param key: a row that names this field is the heading row.
    :param default: the columns of a table without a heading row; empty when such a
        table cannot be read.
    :raises TableError: when the whole cannot be read.
    """
    if len(data) > MAX_BYTES:
        raise TableError("too_big", limit=MAX_BYTES // 1024 // 1024)
    if isinstance(data, str):
        grid = _text_grid(data)
    else:
        grid = _xlsx_grid(data) if data[:2] == b"PK" else _bytes_grid(data)
    return _rows(grid, headings, key, default)


def clean_text(value: object, size: int) -> str:
    """Return *value* as text that a database column takes: no NUL, no half of a
    surrogate pair, at most *size* characters."""
    text = str(value or "").replace("\x00", "")
    return text.encode("utf-8", "ignore").decode().strip()[:size]


def fold(text: object) -> str:
    """Return *text* as headings are compared: lower case, letters and digits."""
    folded = str(text or "").strip().lower().replace("ё", "е")
    return re.sub(r"[^0-9a-zа-я]+", " ", folded).strip()


def parse_quantity(value: object) -> Decimal:
    """Return tonnes from what people type: ``27,5``, ``1 284.50``, ``30 т``.

    :raises ValueError: when it is no number.
    """
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
    else:
        text = re.sub(r"(?i)\s*(тонн\w*|тн|т|t)\.?\s*$", "", str(value or "").strip())
        text = re.sub(r"[\s\u00a0\u202f]", "", text)
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII):
            raise ValueError(value)
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise ValueError(value) from error
    if not number.is_finite():
        raise ValueError(value)
    return number


def parse_day(value: object) -> date | None:
    """Return the day from a cell; ``None`` for an empty one.

    :raises ValueError: when it is no date.
    """
    if value is None or value is False or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 20_000 < value < 80_000:
            raise ValueError(value)
        return _EXCEL_EPOCH + timedelta(days=int(value))
    text = str(value).strip()
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ValueError(value)


def _bytes_grid(data: bytes) -> Iterator[list]:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return _text_grid(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise TableError("not_a_table")


def _text_grid(text: str) -> Iterator[list]:
    if "\x00" in text:
        raise TableError("not_a_table")
    head = text[:4096]
    # a pasted range is parted by tabs, a Russian csv by semicolons
    delimiter = max("\t;,", key=lambda mark: (head.count(mark), mark == "\t"))
    if delimiter == "," and re.search(r"\d,\d", head) and ";" not in head:
        # a decimal comma in a single column is no separator
        delimiter = "\t" if not re.search(r",\D", head) else ","
    reader = csv.reader(io.StringIO(text.strip("\ufeff\r\n")), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise TableError("not_a_table") from error


def _xlsx_grid(data: bytes) -> Iterator[list]:
    # the import is here: text needs no workbook reader
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise TableError("not_a_table") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise TableError("bomb")
    if "xl/workbook.xml" not in names:
        raise TableError("not_a_table")
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        # a workbook may claim a million empty rows; believe the cells only
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
            yield list(row)
    except TableError:
        raise
    except (InvalidFileException, KeyError, ValueError, TypeError, IndexError) as error:
        raise TableError("not_a_table") from error
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        SyntaxError,
        AttributeError,
    ) as error:
        # SyntaxError is the base of xml.etree's ParseError
        raise TableError("not_a_table") from error


def _rows(
    grid: Iterator[list], headings: dict[str, str], key: str, default: tuple[str, ...]
) -> Table:
    columns: dict[int, str] | None = None
    rows: list[TableRow] = []
    unknown: tuple[str, ...] = ()
    for number, cells in enumerate(grid, start=1):
        if number > MAX_ROWS * 2:
            raise TableError("too_many_rows", limit=MAX_ROWS)
        cells = [_cell(cell) for cell in cells[:MAX_COLUMNS]]
        if all(cell in (None, "") for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells, headings, key)
            if columns:
                unknown = tuple(
                    str(cell)[:MAX_HEADING]
                    for index, cell in enumerate(cells)
                    if index not in columns and fold(cell)
                )
                continue
            if not default:
                raise TableError("no_columns")
            columns = dict(enumerate(default))
        if len(rows) >= MAX_ROWS:
            raise TableError("too_many_rows", limit=MAX_ROWS)
        rows.append(
            TableRow(
                number,
                {
                    name: cells[index]
                    for index, name in columns.items()
                    if index < len(cells)
                },
            )
        )
    if not rows:
        raise TableError("empty")
    return Table(rows, unknown)


def _cell(value: object) -> object:
    return clean_text(value, MAX_CELL) if isinstance(value, str) else value


def _columns(cells: list, headings: dict[str, str], key: str) -> dict[int, str]:
    """Return the columns named by a heading row; empty when it is none."""
    columns = {
        index: headings[fold(cell)]
        for index, cell in enumerate(cells)
        if isinstance(cell, str) and fold(cell) in headings
    }
    return columns if key in columns.values() else {}
