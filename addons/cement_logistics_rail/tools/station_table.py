# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reads a table of stations with coordinates, as OpenStreetMap extracts give it.

Columns are found by their headings in any order; one code may stand in several
rows, then the one in operation (status 1) wins over the rest, and a station over
a halt.
"""

import csv
import io
from dataclasses import dataclass, field
from typing import Final

from odoo.addons.cement_base.tools.stations import esr_check_digit, is_esr

MAX_BYTES: Final = 20 << 20

_HEADINGS: Final = {
    "code": ("esr", "esr:user", "esr_code", "код еср", "код", "code"),
    "latitude": ("lat", "latitude", "широта"),
    "longitude": ("lon", "lng", "longitude", "долгота"),
    "name": ("name", "название", "станция", "наименование"),
    "status": ("status", "статус"),
    "kind": ("railway", "type", "тип"),
}


class TableError(ValueError):
    """The file is no table of stations.

    :param code: ``empty``, ``too_big`` or ``no_columns`` (detail: what was found).
    """

    def __init__(self, code: str, detail: str = ""):
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Station:
    code: str
    name: str
    latitude: float
    longitude: float
    rank: tuple[int, int]


@dataclass(slots=True)
class Table:
    """What was read: one station a code, and what was left out."""

    stations: dict[str, Station] = field(default_factory=dict)
    rows: int = 0
    doubles: int = 0
    refused: int = 0
    doubtful: list[str] = field(default_factory=list)


def read(data: bytes) -> Table:
    """Return the stations of a csv file.

    The separator is guessed (semicolon, comma, tab), UTF-8 and cp1251 are read,
    codes get lost leading zeros back.

    :raises TableError: no content, too much of it, or no columns to be found.
    """
    if not data.strip():
        raise TableError("empty")
    if len(data) > MAX_BYTES:
        raise TableError("too_big")
    text = _decode(data)
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    headings = [cell.strip().strip('"').lower() for cell in next(reader, [])]
    columns = _find_columns(headings)
    if not {"code", "latitude", "longitude"} <= columns.keys():
        raise TableError("no_columns", ", ".join(headings[:12])[:200])
    table = Table()
    try:
        for cells in reader:
            if any(cells):
                table.rows += 1
                _take(table, columns, cells)
    except csv.Error as error:
        raise TableError("no_columns", str(error)) from error
    table.doubtful = sorted(code for code in table.stations if not is_esr(code))
    return table


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def _find_columns(headings: list[str]) -> dict[str, int]:
    columns = {}
    for name, known in _HEADINGS.items():
        for heading in known:
            if heading in headings:
                columns[name] = headings.index(heading)
                break
    return columns


def _complete(code: str) -> str:
    """Return six digits: a table program drops leading zeros, old lists leave the
    check digit out."""
    padded = code.zfill(6)
    if len(code) == 5 and not is_esr(padded):
        return code + str(esr_check_digit(code))
    return padded


def _take(table: Table, columns: dict[str, int], cells: list[str]):
    def get(name: str) -> str:
        index = columns.get(name)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    code = get("code").removesuffix(".0")
    if not (code.isascii() and code.isdigit() and 4 <= len(code) <= 6):
        table.refused += 1
        return
    code = _complete(code)
    try:
        latitude = float(get("latitude").replace(",", "."))
        longitude = float(get("longitude").replace(",", "."))
    except ValueError:
        table.refused += 1
        return
    # written so that "nan" is refused as well
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        table.refused += 1
        return
    rank = (get("status") == "1", get("kind").lower() != "halt")
    station = Station(code, get("name"), round(latitude, 6), round(longitude, 6), rank)
    known = table.stations.get(code)
    if known:
        table.doubles += 1
    if not known or station.rank > known.rank:
        table.stations[code] = station
