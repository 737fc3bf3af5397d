# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a cell means: moments, numbers, codes with names, idle time, flags.

Each converter takes whatever a reader of files gives (text, number, moment) and
returns a value, or ``None`` for an empty cell; it raises ``ValueError`` when there is
something that it cannot take.
"""

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation

from .. import codes

_EMPTY = frozenset(
    {"", "-", "–", "—", "none", "null", "nan", "nat", "н/д", "нет данных", "#н/д"}
)
_EXCEL_EPOCH = datetime(1899, 12, 30)
_MOSCOW = timezone(timedelta(hours=3))
_DAY = timedelta(days=1)
_RUSSIAN = re.compile(
    r"(\d{1,2})[./](\d{1,2})[./](\d{2}|\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_AMERICAN = re.compile(r"(\d{2})-(\d{2})-(\d{4})(?: +(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(?: +(\d{1,2}):(\d{2}))?")
_CODED = re.compile(r"(.*?)\s*\(\s*(\d{1,8})\s*\)\s*", re.DOTALL)
_CODE_FIRST = re.compile(r"(\d{1,8})\s*[-–—:.]?\s+(\D.*)", re.DOTALL)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?", re.ASCII)
_DHM = re.compile(r"(\d+):(\d{1,2}):(\d{1,2})")
_HM = re.compile(r"(\d+):(\d{1,2})")
_WORDS = re.compile(
    r"(?:(\d+)\s*(?:сут|дн|д)\w*\.?)?\s*(?:(\d+)\s*ч\w*\.?)?\s*(?:(\d+)\s*м\w*\.?)?",
    re.IGNORECASE,
)


def is_empty(value: object) -> bool:
    """Whether the cell says nothing («None», «null» and dashes are texts for it)."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.strip().lower() in _EMPTY
    return isinstance(value, float) and value != value


def text(value: object) -> str | None:
    """Return text without NUL and half surrogates, spaces collapsed."""
    if is_empty(value):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    cleaned = str(value).replace("\x00", "").encode("utf-8", "ignore").decode()
    return " ".join(cleaned.split()) or None


def moment(
    value: object, near: datetime | None = None, is_past: bool = True
) -> datetime | None:
    """Return a naive Moscow moment.

    :param near: moment of the report, for ``dd.mm`` without a year: it is the one that
        brings them together, so that the 31st of December is yesterday on New Year's
        Day. Without it such a cell is no date.
    :param is_past: the cell tells what has happened, at most a day after *near*.
    """
    if is_empty(value):
        return None
    if isinstance(value, str):
        # the two shapes that fill live reports, without a regular expression
        if len(value) == 16 and value[2] == "." == value[5] and value[13] == ":":
            with suppress(ValueError):
                return datetime(
                    int(value[6:10]),
                    int(value[3:5]),
                    int(value[:2]),
                    int(value[11:13]),
                    int(value[14:16]),
                )
        return _moment_of_text(value.strip(), near, is_past)
    if isinstance(value, datetime):
        if value.tzinfo:
            value = value.astimezone(_MOSCOW).replace(tzinfo=None)
        return _sane(value)
    if isinstance(value, date):
        return _sane(datetime.combine(value, time()))
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not value:
            return None
        if 20_000 < value < 80_000:  # days since 1900, as Excel counts
            minutes = round(value * 1440)
            return _EXCEL_EPOCH + timedelta(minutes=minutes)
        if 1_000_000_000 < value < 4_000_000_000:  # seconds since 1970
            return datetime.fromtimestamp(value, _MOSCOW).replace(tzinfo=None)
    raise ValueError(value)


def _moment_of_text(
    value: str, near: datetime | None, is_past: bool
) -> datetime | None:
    if value.startswith(("0001-", "0000-", "00.00.", "01.01.0001", "1900-01-0")):
        return None
    if found := _ISO.fullmatch(value):
        parts = [int(part) if part else 0 for part in found.groups()[:6]]
        result = datetime(*parts)
        if found[7]:
            zone = datetime.fromisoformat(
                "2000-01-01T00:00:00" + found[7].upper().replace("Z", "+00:00")
            ).tzinfo
            result = result.replace(tzinfo=zone).astimezone(_MOSCOW)
        return _sane(result.replace(tzinfo=None))
    if found := _RUSSIAN.fullmatch(value):
        day, month, full, *clock = (int(part) if part else 0 for part in found.groups())
        full += 2000 if full < 100 else 0
        return _sane(datetime(full, month, day, *clock))
    if found := _AMERICAN.fullmatch(value):
        month, day, full, *clock = (int(part) if part else 0 for part in found.groups())
        return _sane(datetime(full, month, day, *clock))
    if near and (found := _DAY_MONTH.fullmatch(value)):
        day, month, *clock = (int(part) if part else 0 for part in found.groups())
        return _nearest(near, is_past, month, day, *clock)
    if re.fullmatch(r"\d{5}([.,]\d+)?|\d{10}", value, re.ASCII):
        return moment(float(value.replace(",", ".")))
    raise ValueError(value)


def _nearest(near: datetime, is_past: bool, *parts: int) -> datetime:
    """Return the moment of *parts* (month, day, clock) in the year nearest to *near*.

    :raises ValueError: there is no such day.
    """
    found = []
    for year in (near.year - 1, near.year, near.year + 1):
        with suppress(ValueError):  # the 29th of February
            found.append(datetime(year, *parts))
    if is_past:
        found = [value for value in found if value <= near + _DAY]
    if not found:
        raise ValueError(parts)
    return min(found, key=lambda value: abs(value - near))


def _sane(value: datetime) -> datetime | None:
    if value.year <= 1901:
        return None  # what databases write for nothing
    if not 1990 <= value.year <= 2100:
        raise ValueError(value)
    return value.replace(microsecond=0)


def day(value: object, near: datetime | None = None) -> date | None:
    """Return the date of a moment that may lie ahead."""
    result = moment(value, near, is_past=False)
    return result and result.date()


def decimal(value: object) -> Decimal | None:
    """Return a number out of ``0000006094``, ``1 284,50``, ``74900.0``."""
    if is_empty(value):
        return None
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, int | float):
        result = Decimal(str(value))
        if not result.is_finite():
            raise ValueError(value)
        return result
    if not isinstance(value, str):
        raise ValueError(value)
    raw = _SPACES.sub("", value)
    if "," in raw:
        # the last mark is the decimal one: 1.284,50 and 1,284.50
        if "." in raw and raw.rfind(".") > raw.rfind(","):
            raw = raw.replace(",", "")
        else:
            raw = raw.replace(".", "").replace(",", ".")
    if len(raw) > 40 or not _NUMBER.fullmatch(raw):
        raise ValueError(value)
    try:
        return Decimal(raw)
    except InvalidOperation as error:
        raise ValueError(value) from error


def number(value: object) -> float | None:
    """Return a number as float."""
    if type(value) is float and value == value and abs(value) < 1e15:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return float(value[:40])
    result = decimal(value)
    return None if result is None else float(result)


def kilometres(value: object) -> float | None:
    """Return a distance that is not below zero."""
    if isinstance(value, str) and value.lower().endswith("км"):
        value = value[:-2]
    result = number(value)
    if result is not None and not 0 <= result < 30_000:
        raise ValueError(value)
    return result


def whole(value: object) -> int | None:
    """Return a whole number."""
    result = number(value)
    if result is None:
        return None
    if abs(result) > 2_000_000_000:
        raise ValueError(value)
    return int(result)


def tonnes(value: object, unit: str) -> float | None:
    """Return a mass in tonnes.

    :param unit: ``kg`` or ``t``; without one what is above a hundred is kilograms.
    """
    result = number(value)
    if result is None:
        return None
    if unit == "kg" or (not unit and result > 100):
        result /= 1000
    return round(result, 3)


def roubles(value: object, unit: str) -> Decimal | None:
    """Return money in roubles out of kopecks or roubles."""
    result = decimal(value)
    return result and (result / 100 if unit == "kopeck" else result)


def coded(value: object) -> tuple[str | None, str | None]:
    """Return code and name of «ЧЕМСКОЙ (850308)», of a bare code or a bare name."""
    if is_empty(value):
        return None, None
    if not isinstance(value, str):
        return codes.digits_of(value) or None, None
    cleaned = " ".join(value.split())
    if cleaned.isascii() and cleaned.replace(".0", "").isdigit():
        return codes.digits_of(cleaned), None
    if found := _CODED.fullmatch(cleaned):
        return found[2], found[1] or None
    if found := _CODE_FIRST.fullmatch(cleaned):
        return found[1], found[2]
    return None, text(cleaned)


def idle_minutes(value: object, unit: str) -> int | None:
    """Return idle time in minutes.

    :param unit: ``dhm`` for days:hours:minutes, ``hm`` for hours:minutes, ``days``,
        ``hours`` or ``minutes`` for a number. Three parts are always days, hours,
        minutes; two parts are hours and minutes.
    """
    if is_empty(value):
        return None
    if isinstance(value, timedelta):
        return _idle(value.total_seconds() // 60, value)
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    if isinstance(value, str):
        cleaned = value.strip()
        if found := _DHM.fullmatch(cleaned):
            days, hours, minutes = map(int, found.groups())
            return _idle(days * 1440 + hours * 60 + minutes, value)
        if found := _HM.fullmatch(cleaned):
            return _idle(int(found[1]) * 60 + int(found[2]), value)
        if re.search("[а-яА-Я]", cleaned) and (found := _WORDS.fullmatch(cleaned)):
            days, hours, minutes = (int(part or 0) for part in found.groups())
            return _idle(days * 1440 + hours * 60 + minutes, value)
    result = number(value)
    if result is None:
        return None
    scale = {"minutes": 1, "hours": 60, "hm": 60}.get(unit, 1440)
    return _idle(result * scale, value)


def _idle(minutes: float, value: object) -> int:
    if not 0 <= minutes < 20_000_000:  # a lifetime
        raise ValueError(value)
    return int(minutes)


_YES = frozenset({"1", "1.0", "да", "true", "y", "yes", "+", "груж", "гр", "x", "х"})
_NO = frozenset({"0", "0.0", "нет", "false", "n", "no", "пор", "п"})


def flag(value: object) -> bool | None:
    """Return yes or no; ``None`` for an empty cell."""
    if is_empty(value):
        return None
    if isinstance(value, bool | int | float):
        return bool(value)
    cleaned = str(value).strip().lower()
    if cleaned in _YES:
        return True
    if cleaned in _NO or not cleaned.strip("0"):
        return False
    raise ValueError(value)


def loaded(value: object, unit: str) -> bool | None:
    """Return whether the wagon is loaded.

    :param unit: ``empty_flag`` when 1 means empty, ``loaded_flag`` when 1 means
        loaded; a flag of 0 says nothing, the other one does.
    """
    if is_empty(value):
        return None
    if unit in ("empty_flag", "loaded_flag"):
        return (unit == "loaded_flag") if flag(value) else None
    cleaned = str(value).strip().lower()
    if cleaned.startswith("пор") or cleaned == "п":
        return False
    if cleaned.startswith(("груж", "гр", "погр")) or cleaned == "г":
        return True
    if unit == "state":
        return None  # the column tells of other states too
    return flag(value)


def fault(value: object, unit: str) -> str | None:
    """Return what is wrong with the wagon in words.

    :param unit: ``flag`` when the cell is yes or no.
    """
    if unit == "flag":
        return "+" if flag(value) else None
    result = text(value)
    return None if result in ("0", "нет", "Нет", "НЕТ") else result


def working(value: object, unit: str) -> bool | None:
    """Return whether the wagon is in the working park.

    :param unit: ``nrp_flag`` when yes means out of it, ``rp_flag`` when in it.
    """
    if is_empty(value):
        return None
    cleaned = str(value).strip().lower()
    if cleaned.startswith(("нераб", "нрп", "не раб")):
        return False
    if cleaned.startswith("раб") or cleaned == "рп":
        return True
    if unit in ("nrp_flag", "rp_flag"):
        return (unit == "rp_flag") if flag(value) else None
    return None  # «Тип парка» holds other words too: they say nothing of this


def coordinates(value: object) -> tuple[float | None, float | None]:
    """Return latitude and longitude of a pair."""
    if is_empty(value):
        return None, None
    if isinstance(value, str):
        value = [
            part.replace(",", ".")
            for part in re.findall(r"-?\d+(?:[.,]\d+)?", value.replace(", ", " "))
        ]
    if not isinstance(value, list | tuple) or len(value) < 2:
        return None, None
    latitude, longitude = number(value[0]), number(value[1])
    if latitude is None or longitude is None or not (latitude or longitude):
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(value)
    return latitude, longitude
