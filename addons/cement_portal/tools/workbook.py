# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A table as an xlsx file, written row by row in constant memory.

Text goes in as text whatever it begins with: ``=CMD()`` in the name of a site
must not become a formula on the reader's machine.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

import xlsxwriter

# XML 1.0 knows no control characters but tab, line feed and carriage return.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MAX_CELL: Final = 32_767
_LEADERS: Final = ("=", "+", "-", "@", "\t", "\r")

TEXT: Final = "text"
MASS: Final = "mass"
MONEY: Final = "money"
DAY: Final = "day"
MOMENT: Final = "moment"
# A figure to be typed in; text that only explains.
ENTRY: Final = "entry"
HINT: Final = "hint"

_FORMATS: Final = {
    MASS: {"num_format": "#,##0.000"},
    MONEY: {"num_format": "#,##0.00"},
    DAY: {"num_format": "dd.mm.yyyy"},
    MOMENT: {"num_format": "dd.mm.yyyy hh:mm"},
    ENTRY: {"num_format": "0.###"},
    HINT: {"font_color": "#59646c"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its kind of values and its width in characters."""

    title: str
    kind: str = TEXT
    width: int = 14


def clean_text(value: object) -> str:
    """Return *value* as text that a spreadsheet shows and never runs.

    A leading apostrophe keeps text that looks like a formula harmless even after
    the file is saved as csv and opened again.
    """
    text = _UNWRITABLE.sub("", str(value))[: MAX_CELL - 1]
    return f"'{text}" if text.startswith(_LEADERS) else text


def write(
    target: BinaryIO,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    note: str = "",
) -> int:
    """Write *rows* under the heads of *columns* into *target*.

    :param rows: values in the order of the columns; ``None`` leaves a cell empty.
    :param note: a line below the table.
    :return: how many rows were written.
    """
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "in_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {kind: book.add_format(look) for kind, look in _FORMATS.items()}
    for index, column in enumerate(columns):
        # cells that are left empty are filled in by people
        sheet.set_column(index, index, column.width, formats.get(column.kind))
        sheet.write_string(0, index, clean_text(column.title), head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, start=1):
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, count, index, value, formats.get(column.kind))
    if count:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    if note:
        sheet.write_string(count + 2, 0, clean_text(note))
    book.close()
    return count


def _write_cell(sheet, row, column, value, cell_format):
    if value is None or value is False or value == "":
        return
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, cell_format)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, cell_format)
    else:
        sheet.write_string(row, column, clean_text(value), cell_format)


def _sheet_name(title: str) -> str:
    """Return *title* as Excel takes it: 31 characters, none of ``[]:*?/\\``."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1"
