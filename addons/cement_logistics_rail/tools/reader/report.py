# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reading a dislocation report of any dialect.

:func:`open_report` reads the cells, finds the headings and digests each line;
:meth:`Report.parse` turns lines into rows. Lines whose digest is known are left
alone: of the next report of a day most are.
"""

import hashlib
import marshal
import re
import time
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter

from . import cells, textual, workbook
from .headings import IGNORED, HeadingMap, fold
from .model import SNAPSHOT, Column, Grid, Limits, Line, Problem, ReportError, Row
from .rows import KNOWN_FIELDS, build_rows

_DIGEST = 16
# Dialects whose station codes come without the check digit.
_FIVE_DIGITS = frozenset({"plant_d"})
# These differ in each report although nothing has happened to the wagon.
_NOT_DIGESTED = frozenset({"report_date", "report_time", "line_number"})
_MARKERS = ("дислокация вагонов", "дислокация", "сформирован", "дата формирования")


@dataclass(slots=True)
class Report:
    """A report whose cells have been read."""

    kind: str = SNAPSHOT
    dialect: str = ""
    digest: str = ""
    sheet: str = ""
    formed_at: datetime | None = None
    header_row: int = 0
    # of the rows from the headings on; empty when it cannot be told, see sign()
    signature: str = ""
    headings: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    unknown_headings: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    unchanged: list[bytes] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    # the last line is not there as a whole
    is_cut: bool = False

    @property
    def matched(self) -> dict[str, list[str]]:
        """Which headings were taken for which field."""
        result: dict[str, list[str]] = {}
        for column in self.columns:
            if column.field != IGNORED:
                result.setdefault(column.field, []).append(column.heading)
        return result

    def parse(
        self, known: Container[bytes] = frozenset(), now: datetime | None = None
    ) -> list[Row]:
        """Return the rows of the lines whose digest is not in *known*.

        The digests of the others are then in ``unchanged``, the problems of the
        rows in ``warnings``, the rows in ``rows``.

        :param now: gives days without a year theirs, in a report that does not tell
            when it was formed.
        """
        fresh: list[Line] = []
        self.unchanged = []
        for line in self.lines:
            if line.digest in known:
                self.unchanged.append(line.digest)
            else:
                fresh.append(line)
        self.rows = build_rows(
            fresh,
            self.columns,
            near=self.formed_at or now,
            # owners' reports tell where a wagon is, not since when
            moment=None if self.has_operation_time else self.formed_at,
            five_digits=self.dialect in _FIVE_DIGITS,
        )
        if self.is_cut and self.rows and self.rows[-1].number == self.lines[-1].number:
            last = self.rows[-1]
            last.problems += (Problem("cut_off", last.number),)
        self.warnings = [problem for row in self.rows for problem in row.problems]
        return self.rows

    @property
    def has_operation_time(self) -> bool:
        """Whether a column tells when the wagon was where it is said to be."""
        return any(column.field == "operation_time" for column in self.columns)

    def raw(self, number: int) -> dict[str, object]:
        """Return the cells of the line *number* under their headings."""
        for line in self.lines:
            if line.number == number:
                return {
                    heading: cell
                    for heading, cell in zip(self.headings, line.cells, strict=False)
                    if heading and cell not in (None, "")
                }
        return {}


def read_report(
    data: bytes,
    filename: str = "",
    headings: HeadingMap | None = None,
    limits: Limits | None = None,
) -> Report:
    """Return the report with all its rows.

    :raises ReportError: when the file as a whole cannot be taken.
    """
    report = open_report(data, filename, headings, limits)
    report.parse()
    return report


def open_report(
    data: bytes,
    filename: str = "",
    headings: HeadingMap | None = None,
    limits: Limits | None = None,
    outlined: "Outline | None" = None,
) -> Report:
    """Return the report with its lines, rows not yet made.

    What the file is shows in its bytes; the name is a hint for the date only.

    :param outlined: what :func:`outline` said of the same bytes: they need not be
        unpacked again.
    :raises ReportError: when the file as a whole cannot be taken.
    """
    limits = limits or Limits()
    headings = headings or HeadingMap()
    if len(data) > limits.max_bytes:
        raise ReportError("too_big", limit_mb=limits.max_bytes >> 20)
    if not data.strip(b" \t\r\n\x00"):
        raise ReportError("empty")
    deadline = time.monotonic() + limits.seconds
    grid = _read(data, headings, limits, deadline, outlined)
    head = _find_headings(grid, headings, limits)
    cells_of_head = [_heading(cell) for cell in grid.rows[head]]
    if len(grid.rows) - head - 1 > limits.rows:
        raise ReportError("too_many_rows", limit=limits.rows)
    if max(map(len, grid.rows), default=0) > limits.columns:
        raise ReportError("too_many_columns", limit=limits.columns)
    dialect, columns, unknown = headings.match(cells_of_head, grid.dialect)
    report = Report(
        kind=grid.kind,
        dialect=dialect,
        digest=hashlib.sha256(data).hexdigest(),
        sheet=grid.sheet,
        header_row=grid.first_number + head,
        headings=cells_of_head,
        columns=columns,
        unknown_headings=unknown,
        lines=_lines(grid, head, columns, limits),
        is_cut=grid.is_cut,
    )
    if not report.lines:
        raise ReportError("no_rows")
    report.formed_at = grid.formed_at or _formed_at(grid, head, report, filename)
    if outlined and outlined.header_row == report.header_row:
        report.signature = outlined.signature
    elif grid.parts:
        signed = workbook.sign(grid.parts, report.header_row)
        report.signature = _with_headings(signed[0], headings) if signed else ""
    return report


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a workbook whose rows have not been read."""

    signature: str
    formed_at: datetime | None
    header_row: int = 0
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)


def outline(
    data: bytes,
    header_row: int,
    filename: str = "",
    headings: HeadingMap | None = None,
    limits: Limits | None = None,
) -> Outline | None:
    """Return signature and moment of a workbook without reading its rows.

    A report whose signature is that of the last one holds the same rows: several
    times as quick to tell as to read them. ``None`` when this cannot tell.

    :param header_row: of the last report.
    :raises ReportError: the file is hostile or broken.
    """
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise ReportError("too_big", limit_mb=limits.max_bytes >> 20)
    if not workbook.is_zip(data):
        return None
    parts = workbook.unpack(data, limits)
    signed = workbook.sign(parts, header_row)
    if signed is None:
        return None
    signature, texts = signed
    grid = Grid(rows=[[text] for text in texts])
    formed = _formed_at(grid, len(texts), Report(), filename)
    return Outline(
        _with_headings(signature, headings or HeadingMap()), formed, header_row, parts
    )


def _with_headings(signature: str, headings: HeadingMap) -> str:
    """Headings entered since make the same rows mean something else."""
    return f"{signature}{headings.digest.hex()[:8]}"


def _read(
    data: bytes,
    headings: HeadingMap,
    limits: Limits,
    deadline: float,
    outlined: Outline | None,
) -> Grid:
    def choose(rows: list[list]) -> bool:
        return _best_row(rows, headings)[0] >= 0

    if workbook.is_zip(data):
        parts = outlined.parts if outlined else workbook.unpack(data, limits)
        return workbook.read_xlsx(data, limits, choose, deadline, parts)
    if data.startswith(workbook.OLE_MAGIC):
        return workbook.read_xls(data, limits, choose, deadline)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return textual.read_json(data, limits)
    if start == b"<":
        return textual.read_xml(data, limits, deadline)
    return textual.read_csv(data, limits, deadline)


def _heading(cell: object) -> str:
    return " ".join(str(cell or "").strip("\ufeff").split())[:200]


def _find_headings(grid: Grid, headings: HeadingMap, limits: Limits) -> int:
    """Return the index of the heading row: a wagon number and most known names."""
    if grid.heading_row is not None:
        if not headings.score(grid.rows[grid.heading_row]):
            raise _no_wagon(grid.rows[grid.heading_row])
        return grid.heading_row
    rows = grid.rows[: limits.heading_rows]
    best, score = _best_row(rows, headings)
    # a lone «Вагон» above a table of something else is no report
    if best < 0 or score < 2:
        raise _no_wagon(max(rows, key=_filled, default=[]))
    return best


def _best_row(rows: list[list], headings: HeadingMap) -> tuple[int, int]:
    """Return index and score of the heading row; -1 when there is none."""
    best, best_score = -1, 0
    for index, row in enumerate(rows):
        score = headings.score(row)
        if score > best_score:
            best, best_score = index, score
        if score > 2 and score * 2 > _filled(row):
            break  # what follows are wagons
    return best, best_score


def _filled(row: list) -> int:
    return sum(isinstance(cell, str) and bool(cell.strip()) for cell in row)


def _no_wagon(row: list) -> ReportError:
    found = [_heading(cell)[:60] for cell in row if cell not in (None, "")]
    return ReportError("no_wagon_heading", found=found[:12])


def _lines(grid: Grid, head: int, columns: list[Column], limits: Limits) -> list[Line]:
    """Return the lines below the headings that hold anything."""
    skipped = {column.index for column in columns if column.field in _NOT_DIGESTED}
    width = len(grid.rows[head])
    pick = (
        itemgetter(*(index for index in range(width) if index not in skipped))
        if skipped and width - len(skipped) > 1
        else None
    )
    blake = hashlib.blake2b
    dumps = _dump
    result = []
    append = result.append
    limit = limits.cell
    first = grid.first_number
    for index, row in enumerate(grid.rows[head + 1 :], start=head + 1):
        if not any(row):
            continue
        content = row
        if pick:
            if len(row) < width:
                row = row + [None] * (width - len(row))
            content = list(pick(row))
        raw = dumps(content)
        if len(raw) > limit:
            row = [
                cell[:limit] if isinstance(cell, str) and len(cell) > limit else cell
                for cell in row
            ]
        append(Line(first + index, blake(raw, digest_size=_DIGEST).digest(), row))
    return result


_PLAIN = frozenset({str, float, int, bool, type(None), list})


def _dump(content: list) -> bytes:
    """Return bytes that tell these cells from any others."""
    try:
        # moments and what else marshal does not know go as text
        return marshal.dumps(
            [cell if type(cell) in _PLAIN else f"{cell!r}" for cell in content], 2
        )
    except ValueError:
        return repr(content).encode("utf-8", "replace")


def _formed_at(grid: Grid, head: int, report: Report, filename: str) -> datetime | None:
    """Return when the report was formed, from above the headings, else from its rows.

    Above the headings the moment beside or below a marker counts, else the first.
    """
    first = None
    below = False
    for row in grid.rows[:head]:
        for cell in row:
            found = _moment_in(cell)
            if found:
                if below:
                    return found
                first = first or found
            if isinstance(cell, str) and fold(cell).startswith(_MARKERS):
                below = True
    return first or _report_columns(report) or _in_filename(filename)


def _moment_in(cell: object) -> datetime | None:
    if cell in (None, "") or isinstance(cell, int | float):
        return None
    with suppress(ValueError):
        return cells.moment(cell)
    found = re.search(
        r"\d{1,2}\.\d{1,2}\.\d{4}(?: +\d{1,2}:\d{2})?"
        r"|\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2})?",
        str(cell)[:200],
    )
    if not found:
        return None
    try:
        return cells.moment(re.sub(" +", " ", found[0]))
    except ValueError:
        return None


def _report_columns(report: Report) -> datetime | None:
    """Return the moment of the columns «Дата отчета» and «Время отчета»."""
    found: dict[str, object] = {}
    for column in report.columns:
        if column.field in ("report_date", "report_time") and report.lines:
            row = report.lines[0].cells
            found[column.field] = row[column.index] if column.index < len(row) else None
    try:
        moment = cells.moment(found.get("report_date"))
        minutes = cells.idle_minutes(found.get("report_time"), "hm")
    except ValueError:
        return None
    if moment and minutes and minutes < 1440:
        moment = moment.replace(hour=0, minute=0) + timedelta(minutes=minutes)
    return moment


def _in_filename(filename: str) -> datetime | None:
    """Return the moment in a name such as ``dislocation_2026-08-01_0837.xlsx``."""
    name = filename[-200:]
    for pattern in (
        r"(?P<y>20\d\d)[-_.]?(?P<m>\d\d)[-_.]?(?P<d>\d\d)"
        r"[-_ T]+(?P<H>\d\d)[-_:.]?(?P<M>\d\d)",
        r"(?P<d>\d\d)[-_.](?P<m>\d\d)[-_.](?P<y>20\d\d)"
        r"[-_ T]+(?P<H>\d\d)[-_:.]?(?P<M>\d\d)",
    ):
        if found := re.search(pattern, name):
            try:
                return datetime(*(int(found[part]) for part in "ymdHM"))
            except ValueError:
                continue
    return None


__all__ = [
    "KNOWN_FIELDS",
    "Outline",
    "Report",
    "outline",
    "open_report",
    "read_report",
]
