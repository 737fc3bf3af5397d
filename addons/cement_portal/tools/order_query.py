# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a person asks of the list of orders, read from the address of the page.

The address is typed by anybody, so every value is read into its type and what
does not fit falls back to the default: a list never fails for its address.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

MAX_TEXT: Final = 100
MAX_ID: Final = 2**31 - 1
MAX_PAGE: Final = 1_000_000

# Columns of the list that can be sorted by.
SORTS: Final = (
    "number",
    "ref",
    "date",
    "product",
    "mass",
    "plant",
    "state",
    "requested",
    "promised",
    "amount",
    "author",
    "manager",
    "site",
)
DEFAULT_SORT: Final = "date"
# Named sets of states beside the states themselves.
UNDER_WAY: Final = "under_way"
FINISHED: Final = "finished"

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_DAY = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """The filters, the order and the page of a list of orders.

    :param text: looked for in the number, the client's own number and the products.
    :param status: a state, ``under_way``, ``finished`` or nothing.
    :param month: ``2026-11``; wins over the two dates.
    :param date_from: first day of ordering, the day itself included.
    :param date_to: last day of ordering, the day itself included.
    """

    text: str = ""
    status: str = ""
    plant_id: int = 0
    manager_id: int = 0
    month: str = ""
    date_from: date | None = None
    date_to: date | None = None
    mine: bool = False
    favourite: bool = False
    sort: str = DEFAULT_SORT
    descending: bool = True
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order and the page differs from the default."""
        return bool(
            self.text
            or self.status
            or self.plant_id
            or self.manager_id
            or self.days != (None, None)
            or self.mine
            or self.favourite
        )

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

    def sorted_by(self, column: str) -> "OrderQuery":
        """Return the query after a click on the head of *column*.

        The first click on a column of words sorts upwards, on one of figures or
        days downwards: that is what people look for; the second click turns it.
        """
        if self.sort == column:
            return replace(self, descending=not self.descending, page=1)
        return replace(
            self,
            sort=column,
            descending=column in _LARGEST_FIRST,
            page=1,
        )

    def to_params(self, **changes) -> dict[str, str]:
        """Return the query, with *changes*, as parameters of an address."""
        query = replace(self, **changes)
        params = {}
        for name, parameter in _PARAMETERS.items():
            value = getattr(query, name)
            if value == _DEFAULTS[name]:
                continue
            params[parameter] = _write(value)
        if query.sort != DEFAULT_SORT or not query.descending:
            params["sort"] = query.sort
            params["dir"] = "desc" if query.descending else "asc"
        return params


_LARGEST_FIRST: Final = frozenset(
    {"number", "date", "mass", "requested", "promised", "amount"}
)
_PARAMETERS: Final = {
    "text": "q",
    "status": "status",
    "plant_id": "plant",
    "manager_id": "manager",
    "month": "month",
    "date_from": "from",
    "date_to": "to",
    "mine": "mine",
    "favourite": "fav",
    "page": "page",
}
_DEFAULTS: Final = {field.name: field.default for field in fields(OrderQuery)}


def parse(params: Mapping[str, object], states: frozenset[str]) -> OrderQuery:
    """Return the query that *params* spell.

    :param states: the states that orders may have.
    """

    def text(name: str) -> str:
        value = params.get(name)
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""

    status = text("status")
    sort = text("sort")
    month = text("month")
    known_sort = sort in SORTS
    return OrderQuery(
        text=text("q")[:MAX_TEXT],
        status=status if status in states | {UNDER_WAY, FINISHED} else "",
        plant_id=_read_int(text("plant"), MAX_ID),
        manager_id=_read_int(text("manager"), MAX_ID),
        month=month if _MONTH.fullmatch(month) else "",
        date_from=_read_day(text("from")),
        date_to=_read_day(text("to")),
        mine=text("mine") == "1",
        favourite=text("fav") == "1",
        sort=sort if known_sort else DEFAULT_SORT,
        descending=text("dir") != "asc" if known_sort else True,
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
    if value is True:
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
