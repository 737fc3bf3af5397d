# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a person asks of the list of shipments, read from the address of the page.

The address is typed by anybody: what does not fit falls back to the default.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

from . import lifecycle

MAX_TEXT: Final = 100
MAX_ID: Final = 2**31 - 1
MAX_PAGE: Final = 1_000_000

# Columns of the list that can be sorted by.
SORTS: Final = (
    "state",
    "vehicle",
    "product",
    "mass",
    "waybill",
    "date",
    "site",
    "arrival",
    "plant",
)
# What matters now: under way first, then what leaves next, then the delivered.
DEFAULT_SORT: Final = "now"
# Named sets of states beside the states themselves.
UNDER_WAY: Final = "under_way"
WAITING: Final = "waiting"
LATE: Final = "late"
TRANSPORTS: Final = ("road", "rail")

STATE_SETS: Final[dict[str, tuple[str, ...]]] = {
    UNDER_WAY: lifecycle.UNDER_WAY,
    WAITING: (lifecycle.PLANNED, lifecycle.LOADING),
}

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_DAY = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class ShipmentQuery:
    """The filters, the order and the page of a list of shipments.

    :param text: looked for in plate, wagon, waybill, products and order numbers.
    :param status: a state, ``under_way``, ``waiting``, ``late`` or nothing.
    :param month: ``2026-11``; wins over the two dates.
    :param date_from: first day of shipment, the day itself included.
    :param date_to: last day of shipment, the day itself included.
    """

    text: str = ""
    status: str = ""
    transport: str = ""
    plant_id: int = 0
    site_id: int = 0
    month: str = ""
    date_from: date | None = None
    date_to: date | None = None
    sort: str = DEFAULT_SORT
    descending: bool = False
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order and the page differs from the default."""
        return bool(
            self.text
            or self.status
            or self.transport
            or self.plant_id
            or self.site_id
            or self.days != (None, None)
        )

    @property
    def states(self) -> tuple[str, ...]:
        """The states that the query asks for; empty means any."""
        if self.status in ("", LATE):
            return ()
        return STATE_SETS.get(self.status, (self.status,))

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that the query asks for."""
        match = _MONTH.fullmatch(self.month)
        if not match:
            return self.date_from, self.date_to
        year, month = int(match[1]), int(match[2])
        return date(year, month, 1), date(
            year, month, calendar.monthrange(year, month)[1]
        )

    def sorted_by(self, column: str) -> "ShipmentQuery":
        """Return the query after a click on the head of *column*: words go upwards
        first, figures and days downwards; the second click turns it."""
        if self.sort == column:
            return replace(self, descending=not self.descending, page=1)
        return replace(self, sort=column, descending=column in ("mass", "date"), page=1)

    def to_params(self, **changes) -> dict[str, str]:
        """Return the query, with *changes*, as parameters of an address."""
        query = replace(self, **changes)
        params = {
            parameter: _write(getattr(query, name))
            for name, parameter in _PARAMETERS.items()
            if getattr(query, name) != _DEFAULTS[name]
        }
        if query.sort != DEFAULT_SORT:
            params["sort"] = query.sort
            params["dir"] = "desc" if query.descending else "asc"
        return params


_PARAMETERS: Final = {
    "text": "q",
    "status": "status",
    "transport": "by",
    "plant_id": "plant",
    "site_id": "site",
    "month": "month",
    "date_from": "from",
    "date_to": "to",
    "page": "page",
}
_DEFAULTS: Final = {field.name: field.default for field in fields(ShipmentQuery)}


def parse(params: Mapping[str, object]) -> ShipmentQuery:
    """Return the query that *params* spell."""

    def text(name: str) -> str:
        value = params.get(name)
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""

    status, transport = text("status"), text("by")
    sort, month = text("sort"), text("month")
    known_sort = sort in SORTS
    known = {*lifecycle.STATES, *STATE_SETS, LATE}
    return ShipmentQuery(
        text=text("q")[:MAX_TEXT],
        status=status if status in known else "",
        transport=transport if transport in TRANSPORTS else "",
        plant_id=_read_int(text("plant"), MAX_ID),
        site_id=_read_int(text("site"), MAX_ID),
        month=month if _MONTH.fullmatch(month) else "",
        date_from=_read_day(text("from")),
        date_to=_read_day(text("to")),
        sort=sort if known_sort else DEFAULT_SORT,
        descending=known_sort and text("dir") != "asc",
        page=_read_int(text("page"), MAX_PAGE) or 1,
    )


def _read_int(value: str, limit: int) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 10:
        return 0
    number = int(value)
    return number if number <= limit else 0


def _read_day(value: str) -> date | None:
    match = _DAY.fullmatch(value)
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _write(value) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
