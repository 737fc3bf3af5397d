# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From columns of cells to rows of values.

The work goes column by column, and each distinct cell is understood once: a report
of 5,000 wagons holds some hundred stations, operations and days.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import repeat, zip_longest

from .. import codes
from . import cells
from .model import Column, Line, Problem, Row

MASS_MAX_T = 80.0

# Fields whose cell holds a code, a name, or a name with its code in brackets.
_CODED = ("origin", "destination", "station", "road", "operation", "cargo")
_STATIONS = ("origin", "destination", "station")


def _keep(function: Callable) -> Callable:
    return lambda value, unit, near: function(value)


def _text_of(function: Callable) -> Callable:
    def convert(value, unit, near):
        return None if cells.is_empty(value) else function(value) or None

    return convert


_CONVERTERS: dict[str, Callable] = {
    "wagon": _text_of(codes.normalise_wagon),
    "waybill": _text_of(codes.normalise_waybill),
    "waybill_forward": _text_of(codes.normalise_waybill),
    "uno": _text_of(codes.normalise_uno),
    "uno_forward": _text_of(codes.normalise_uno),
    "trip_start": lambda value, unit, near: cells.moment(value, near),
    "trip_end": lambda value, unit, near: cells.moment(value, near),
    "departed": lambda value, unit, near: cells.moment(value, near),
    "arrived": lambda value, unit, near: cells.moment(value, near),
    "operation_time": lambda value, unit, near: cells.moment(value, near),
    "due_date": lambda value, unit, near: cells.day(value, near),
    "km_left": _keep(cells.kilometres),
    "km_total": _keep(cells.kilometres),
    "km_done": _keep(cells.kilometres),
    "run_left_km": _keep(cells.number),
    "idle": lambda value, unit, near: cells.idle_minutes(value, unit),
    "train_index": _text_of(codes.normalise_train_index),
    "train_number": _text_of(codes.digits_of),
    "train_position": _keep(cells.whole),
    "loaded": lambda value, unit, near: cells.loaded(value, unit),
    "working": lambda value, unit, near: cells.working(value, unit),
    "mass": lambda value, unit, near: cells.tonnes(value, unit),
    "consignee_okpo": _text_of(codes.okpo_key),
    "shipper_okpo": _text_of(codes.okpo_key),
    "consignee_code": _text_of(codes.digits_of),
    "fault": lambda value, unit, near: cells.fault(value, unit),
    "latitude": _keep(cells.number),
    "longitude": _keep(cells.number),
    "coordinates": _keep(cells.coordinates),
    "tariff": lambda value, unit, near: cells.roubles(value, unit),
}
_CONVERTERS.update((name, _keep(cells.coded)) for name in _CODED)
_BAD = {
    "trip_start": "bad_date",
    "trip_end": "bad_date",
    "departed": "bad_date",
    "arrived": "bad_date",
    "operation_time": "bad_date",
    "due_date": "bad_date",
}
# Names of Row that differ from those of the headings.
_RENAMED = {"mass": "mass_t", "tariff": "tariff_rub", "idle": "idle_minutes"}
_ROW_FIELDS = tuple(
    name for name in Row.__slots__ if name not in ("number", "digest", "problems")
)


class _Builder:
    """Columns of values for some lines of one file."""

    def __init__(
        self, lines: Sequence[Line], near: datetime | None, plain: bool
    ) -> None:
        self.lines = lines
        self.near = near
        # stations of this dialect have five digits
        self.five_digits = plain
        # by column
        self.cells = list(zip_longest(*(line.cells for line in lines)))
        self.problems: dict[int, list[Problem]] = {}
        self.values: dict[str, list] = {}

    def report(self, position: int, code: str, name: str, value: object) -> None:
        number = self.lines[position].number
        self.problems.setdefault(position, []).append(
            Problem(code, number, name, str(value)[:80])
        )

    def convert(self, column: Column) -> list:
        """Return the values of one column; what cannot be taken becomes a problem."""
        function = _CONVERTERS.get(column.field, _keep(cells.text))
        index, unit, near = column.index, column.unit, self.near
        if index >= len(self.cells):
            return [None] * len(self.lines)
        found = self.cells[index]
        try:
            distinct = set(found)
        except TypeError:  # a list: JSON tells coordinates so
            found = [str(cell) if type(cell) is list else cell for cell in found]
            distinct = set(found)
        known: dict = {None: None, "": None}
        failed: dict = {}
        for cell in distinct:
            if cell is None or cell == "":
                continue
            try:
                known[cell] = function(cell, unit, near)
            except (ValueError, OverflowError, ArithmeticError, TypeError):
                known[cell] = (None, None) if column.field in _PAIRS else None
                failed[cell] = _BAD.get(column.field, "bad_number")
        if failed:
            for position, cell in enumerate(found):
                if cell in failed:
                    self.report(position, failed[cell], column.field, cell)
        return [known[cell] for cell in found]

    def put(self, name: str, values: list) -> None:
        """Fill what earlier columns of the same meaning left open."""
        mine = self.values.get(name)
        if mine is None:
            self.values[name] = values
        else:
            self.values[name] = [
                new if old is None else old
                for old, new in zip(mine, values, strict=True)
            ]

    def take(self, columns: Sequence[Column]) -> None:
        """Convert all columns, in the order in which they are preferred."""
        parts: list[list] = []
        for column in columns:
            if column.field in _CODED:
                pairs = self.convert(column)
                self.put(column.field + "_code", [pair and pair[0] for pair in pairs])
                self.put(column.field + "_name", [pair and pair[1] for pair in pairs])
            elif column.field == "coordinates":
                pairs = self.convert(column)
                self.put("latitude", [pair and pair[0] for pair in pairs])
                self.put("longitude", [pair and pair[1] for pair in pairs])
            elif column.field == "idle" and column.unit.startswith("part_"):
                parts.append(self.convert(column._replace(unit=column.unit[5:])))
            else:
                self.put(_RENAMED.get(column.field, column.field), self.convert(column))
        if parts:
            # days, hours and minutes in three columns
            self.put(
                "idle_minutes",
                [
                    None
                    if all(part is None for part in row)
                    else sum(filter(None, row))
                    for row in zip(*parts, strict=True)
                ],
            )

    def each(self, name: str, function: Callable) -> None:
        """Apply *function* to the distinct values of a field."""
        if name in self.values:
            known = {None: None}
            for value in self.values[name]:
                if value not in known:
                    known[value] = function(value)
            self.values[name] = [known[value] for value in self.values[name]]

    def check(self) -> None:
        """Normalise codes and report what looks wrong."""
        for name in _STATIONS:
            self.each(
                name + "_code",
                lambda code: codes.normalise_esr(code, self.five_digits) or None,
            )
            self._check_codes(name + "_code", codes.is_esr, "station_check")
        self.each("cargo_code", self._cargo)
        self.each("operation_code", lambda code: str(code).lstrip("0") or "0")
        self.each("road_code", lambda code: str(code).zfill(2))
        self.each("waybill", lambda number: number if number.strip("0") else None)
        for position, mass in enumerate(self.values.get("mass_t", ())):
            if mass is not None and not 0 <= mass <= MASS_MAX_T:
                self.report(position, "mass_range", "mass_t", mass)
                self.values["mass_t"][position] = None
        for name, limit in (("latitude", 90), ("longitude", 180)):
            for position, value in enumerate(self.values.get(name, ())):
                if value is not None and not -limit <= value <= limit:
                    self.report(position, "bad_number", name, value)
                    self.values[name][position] = None

    def _cargo(self, code: str) -> str | None:
        """Return a cargo code of six digits: it is checked as stations are."""
        return codes.normalise_esr(code, self.five_digits) or None

    def _check_codes(self, name: str, function: Callable, problem: str) -> None:
        values = self.values.get(name, ())
        wrong = {value for value in set(values) if value and not function(value)}
        if wrong:
            for position, value in enumerate(values):
                if value in wrong:
                    self.report(position, problem, name, value)

    def fill_wagons(self) -> None:
        """Give a blank wagon number that of the row above: cells were merged.

        Only where the row tells something of a wagon: a line of totals does not.
        """
        wagons = self.values.setdefault("wagon", [None] * len(self.lines))
        stations = self.values.get("station_code") or repeat(None)
        names = self.values.get("station_name") or repeat(None)
        moments = self.values.get("operation_time") or repeat(None)
        last = None
        for position, (wagon, station, name, moment) in enumerate(
            zip(wagons, stations, names, moments, strict=False)
        ):
            if wagon is None:
                if last and (moment or station or name):
                    wagons[position] = last
                else:
                    self.report(position, "no_wagon", "wagon", "")
            else:
                last = wagon

    def rows(self) -> list[Row]:
        """Return the rows with their problems."""
        count = len(self.lines)
        wagons = self.values["wagon"]
        fine = [bool(wagon) and codes.is_wagon(wagon) for wagon in wagons]
        for position, (wagon, is_fine) in enumerate(zip(wagons, fine, strict=True)):
            if not wagon:
                wagons[position] = ""
            elif not is_fine:
                looks = len(wagon) == 8 and wagon.isascii() and wagon.isdigit()
                self.report(
                    position, "wagon_check" if looks else "bad_wagon", "wagon", wagon
                )
        for position, moment in enumerate(
            self.values.get("operation_time") or [None] * count
        ):
            if moment is None and wagons[position]:
                self.report(position, "no_time", "operation_time", "")
        self.values["wagon_ok"] = fine
        nothing = [None] * count
        columns = [self.values.get(name, nothing) for name in _ROW_FIELDS[:-1]]
        problems: list[tuple] = [()] * count
        for position, found in self.problems.items():
            problems[position] = tuple(found)
        return [
            Row(line.number, line.digest, *values)
            for line, *values in zip(self.lines, *columns, problems, fine, strict=True)
        ]


_PAIRS = frozenset({*_CODED, "coordinates"})


def build_rows(
    lines: Sequence[Line],
    columns: Sequence[Column],
    near: datetime | None = None,
    five_digits: bool = False,
    moment: datetime | None = None,
) -> list[Row]:
    """Return the rows of *lines* as *columns* explain them.

    Nothing is lost: a line that cannot be used becomes a row with its problems.

    :param near: moment of the report, for days without a year.
    :param moment: when the wagons were seen, for a report that does not say it.
    """
    if not lines:
        return []
    builder = _Builder(lines, near, five_digits)
    builder.take([column for column in columns if column.field in KNOWN_FIELDS])
    if moment:
        builder.put("operation_time", [moment] * len(lines))
    builder.check()
    builder.fill_wagons()
    return builder.rows()


# What a heading may stand for.
KNOWN_FIELDS = frozenset(
    {
        *_CONVERTERS,
        *(name + "_code" for name in _CODED),
        *(name + "_name" for name in _CODED),
        *(name for name in _ROW_FIELDS if name not in ("wagon_ok",)),
    }
)
# What a heading may be entered for: the reader's fields, and what is known of a
# column without being a value of the wagon.
HEADING_FIELDS = KNOWN_FIELDS | {
    "ignored",
    "idle",
    "line_number",
    "report_date",
    "report_time",
}
