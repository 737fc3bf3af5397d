# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a dislocation report is once it is read.

Moments are naive and Moscow's, as all reports are; mass is in tonnes, distance in
kilometres, idle time in minutes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

SNAPSHOT = "snapshot"
HISTORY = "history"


class ReportError(ValueError):
    """The file as a whole cannot be taken.

    :param code: ``too_big`` (limit_mb), ``empty``, ``not_a_report`` (detail),
        ``bomb``, ``too_many_rows`` (limit), ``too_many_columns`` (limit),
        ``too_deep``, ``encrypted``, ``broken`` (detail), ``no_wagon_heading``
        (found), ``no_rows`` or ``too_slow`` (seconds); the texts hang on it.
    """

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost before it is refused."""

    max_bytes: int = 30 << 20
    unpacked_bytes: int = 200 << 20
    ratio: int = 200
    ratio_floor: int = 4 << 20  # small texts may be packed better than that
    members: int = 500
    rows: int = 40_000
    columns: int = 200
    cell: int = 4_000
    depth: int = 40
    heading_rows: int = 60  # the heading row is looked for in so many
    seconds: float = 60.0


class Problem(NamedTuple):
    """Something in one row that could not be taken as it stands."""

    code: str
    number: int
    field: str = ""
    value: str = ""


class Column(NamedTuple):
    """A column of the file and what it was taken for."""

    index: int
    heading: str
    field: str
    unit: str = ""
    dialect: str = ""


class Line(NamedTuple):
    """A row of the file as it stands; *number* is what a person sees."""

    number: int
    digest: bytes
    cells: list


@dataclass(slots=True)
class Row:
    """One wagon (or one operation of it) in terms that do not depend on the file."""

    number: int
    digest: bytes
    wagon: str = ""
    container: str | None = None
    waybill: str | None = None
    waybill_forward: str | None = None
    uno: str | None = None
    uno_forward: str | None = None
    dispatch_id: str | None = None
    trip_start: datetime | None = None
    trip_end: datetime | None = None
    departed: datetime | None = None
    arrived: datetime | None = None
    origin_code: str | None = None
    origin_name: str | None = None
    destination_code: str | None = None
    destination_name: str | None = None
    station_code: str | None = None
    station_name: str | None = None
    road_code: str | None = None
    road_name: str | None = None
    operation_code: str | None = None
    operation_mnemonic: str | None = None
    operation_name: str | None = None
    operation_time: datetime | None = None
    km_left: float | None = None
    km_total: float | None = None
    km_done: float | None = None
    idle_minutes: int | None = None
    train_index: str | None = None
    train_number: str | None = None
    train_position: int | None = None
    loaded: bool | None = None
    working: bool | None = None
    fault: str | None = None
    wagon_kind: str | None = None
    cargo_code: str | None = None
    cargo_name: str | None = None
    mass_t: float | None = None
    consignee_okpo: str | None = None
    consignee_code: str | None = None
    consignee_name: str | None = None
    shipper_okpo: str | None = None
    shipper_name: str | None = None
    due_date: date | None = None
    owner: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    tariff_rub: Decimal | None = None
    run_left_km: float | None = None
    remark: str | None = None
    problems: tuple[Problem, ...] = ()
    wagon_ok: bool = True

    @property
    def usable(self) -> bool:
        """Whether the row says what happened to which wagon and when."""
        return bool(self.wagon) and self.wagon_ok and self.operation_time is not None

    @property
    def key(self) -> tuple[str, datetime | None, str, str]:
        """What makes an operation one: a minute may hold several of them."""
        return (
            self.wagon,
            self.operation_time,
            self.operation_code or self.operation_mnemonic or "",
            self.station_code or "",
        )


@dataclass(slots=True)
class Grid:
    """Cells of a file before they are understood."""

    rows: list[list]
    sheet: str = ""
    first_number: int = 1
    dialect: str = ""  # known from the shape of the file, not from headings
    kind: str = SNAPSHOT
    formed_at: datetime | None = None
    heading_row: int | None = None  # index in rows, when the shape tells it
    is_cut: bool = False  # the last row is not there as a whole
    # unpacked parts of a workbook, for its signature
    parts: dict[str, bytes] = field(default_factory=dict)
