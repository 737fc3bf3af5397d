# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a person asks of a list, read from the address of its page.

A list declares its filters as the fields of a dataclass::

    class OrderQuery(ListQuery):
        SORTS = ("number", "date")
        status: str = choice("status", {"new", "done"})

The address is typed by anybody, so every value is read into its type and what
does not fit falls back to the default: a list never fails for its address.
"""

import calendar
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from datetime import date
from typing import Any, ClassVar, Final, Self

MAX_TEXT: Final = 100
MAX_ID: Final = 2**31 - 1
MAX_PAGE: Final = 1_000_000

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_DAY = re.compile(r"(20[0-9]{2})-([0-9]{2})-([0-9]{2})")
_PARAMETER: Final = "parameter"
_READ: Final = "read"


# === Kinds of filters ===


def _declare(parameter: str, default: Any, read: Callable[[str], Any]) -> Any:
    """Return a field of a query.

    :param parameter: its name in the address.
    :param read: gives its value from a text; the default for what does not fit.
    """
    return field(default=default, metadata={_PARAMETER: parameter, _READ: read})


def search_text(parameter: str) -> Any:
    """Declare words to look for."""
    return _declare(parameter, "", lambda text: text[:MAX_TEXT].strip())


def choice(parameter: str, allowed: Collection[str]) -> Any:
    """Declare one of the values *allowed*, or nothing."""
    known = frozenset(allowed)
    return _declare(parameter, "", lambda text: text if text in known else "")


def record_id(parameter: str) -> Any:
    """Declare the id of a record; 0 means any."""
    return _declare(parameter, 0, lambda text: _read_number(text, MAX_ID))


def flag(parameter: str) -> Any:
    """Declare something that is asked for or not."""
    return _declare(parameter, False, lambda text: text == "1")


def month(parameter: str) -> Any:
    """Declare a month, ``2026-11``."""
    return _declare(parameter, "", lambda text: text if _MONTH.fullmatch(text) else "")


def day(parameter: str) -> Any:
    """Declare a day, ``2026-11-02``."""
    return _declare(parameter, None, lambda text: _read_day(text))


def page_number(parameter: str) -> Any:
    """Declare the number of the page."""
    return _declare(parameter, 1, lambda text: _read_number(text, MAX_PAGE) or 1)


# === Query ===


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """The filters, the order and the page of a list.

    :param text: looked for wherever the list looks.
    :param month: wins over the two dates.
    :param date_from: first day, the day itself included.
    :param date_to: last day, the day itself included.
    :param sort: a column of ``SORTS``, or the default of the list.
    """

    # Columns of the list that can be sorted by.
    SORTS: ClassVar[tuple[str, ...]] = ()
    # Of them those on which the first click shows the largest first.
    LARGEST_FIRST: ClassVar[Collection[str]] = ()

    text: str = search_text("q")
    month: str = month("month")
    date_from: date | None = day("from")
    date_to: date | None = day("to")
    page: int = page_number("page")
    sort: str = ""
    descending: bool = False

    @classmethod
    def parse(cls, params: Mapping[str, object]) -> Self:
        """Return the query that *params* spell."""
        values = {
            declared.name: declared.metadata[_READ](
                _as_text(params.get(declared.metadata[_PARAMETER]))
            )
            for declared in cls._declared()
        }
        sort = _as_text(params.get("sort"))
        if sort in cls.SORTS:
            values["sort"] = sort
            values["descending"] = _as_text(params.get("dir")) != "asc"
        return cls(**values)

    @classmethod
    def _declared(cls) -> list[Field]:
        """Return the fields that have a parameter of their own."""
        return [one for one in fields(cls) if _PARAMETER in one.metadata]

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order and the page differs from the default."""
        return any(
            getattr(self, declared.name) != declared.default
            for declared in self._declared()
            if declared.name != "page"
        )

    @property
    def is_sorted(self) -> bool:
        """Whether the order differs from the default."""
        defaults = {one.name: one.default for one in fields(self)}
        return (self.sort, self.descending) != (
            defaults["sort"],
            defaults["descending"],
        )

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that the query asks for."""
        match = _MONTH.fullmatch(self.month)
        if not match:
            return self.date_from, self.date_to
        first = date(int(match[1]), int(match[2]), 1)
        length = calendar.monthrange(first.year, first.month)[1]
        return first, first.replace(day=length)

    def sorted_by(self, column: str) -> Self:
        """Return the query after a click on the head of *column*.

        The first click on a column of words sorts upwards, on one of figures or
        days downwards: that is what people look for; the second click turns it.
        """
        if self.sort == column:
            return replace(self, descending=not self.descending, page=1)
        return replace(
            self, sort=column, descending=column in self.LARGEST_FIRST, page=1
        )

    def to_params(self, **changes) -> dict[str, str]:
        """Return the query, with *changes*, as parameters of an address."""
        query = replace(self, **changes)
        params = {
            declared.metadata[_PARAMETER]: _write(getattr(query, declared.name))
            for declared in query._declared()
            if getattr(query, declared.name) != declared.default
        }
        if query.is_sorted:
            params["sort"] = query.sort
            params["dir"] = "desc" if query.descending else "asc"
        return params


# === Reading and writing of values ===


def _as_text(value: object) -> str:
    """Return a value of an address as text that the database takes.

    Numbers come where the router has read them; lists and the like are nothing.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) <= MAX_ID else ""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode(errors="ignore").decode().strip()


def _read_number(text: str, limit: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        return 0
    number = int(text)
    return number if number <= limit else 0


def _read_day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _write(value: object) -> str:
    if value is True:
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)
