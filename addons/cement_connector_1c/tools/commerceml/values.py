# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Text as 1C writes it, to values and back (1C sheet, sections 1.5-1.7 and 9).

Readers here are tolerant, because exports are dirty: decimal commas, no-break
spaces in sums, ``T`` for an empty date, Latin look-alikes in names. They answer
``None`` for what is empty and raise ``ValueError`` for what cannot be understood.
"""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# The complement of the "Char" production of XML 1.0, section 2.2.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"\s+")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

EMPTY_GUID = "00000000-0000-0000-0000-000000000000"

# Letters that look alike: 1C users type «Номер по 1С» with either C.
_LOOK_ALIKE = str.maketrans("aceopxykmthb", "асеорхукмтнв")

_TRUE = frozenset({"true", "1", "да", "истина", "yes", "y"})
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d.%m.%y")
_TIME_FORMATS = ("%H:%M:%S", "%H:%M", "%H%M%S")
_DIGITS_MAX = 40  # longer "numbers" are an attack, not a price


def strip_illegal(text: str) -> str:
    """Return ``text`` without the characters that XML 1.0 forbids."""
    return _ILLEGAL.sub("", text)


def clean_text(text: str | None, limit: int | None = None) -> str:
    """Return legal text with ``\\n`` line ends, cut to ``limit`` characters."""
    cleaned = strip_illegal(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return cleaned.strip()[:limit].rstrip()


def clean_line(text: str | None, limit: int | None = None) -> str:
    """Return legal text on one line with single spaces, cut to ``limit``."""
    return _SPACES.sub(" ", strip_illegal(text or "")).strip()[:limit].rstrip()


def fold_name(text: str) -> str:
    """Return a key under which spellings of one requisite name fall together."""
    return clean_line(text).lower().translate(_LOOK_ALIKE).replace("ё", "е")


def parse_decimal(text: str | None) -> Decimal | None:
    """Return the number, or None when empty; a comma and blanks are accepted.

    :raises ValueError: not a finite number
    """
    compact = _SPACES.sub("", text or "").replace("\u202f", "").replace("'", "")
    if not compact:
        return None
    if len(compact) > _DIGITS_MAX:
        raise ValueError(f"number too long: {compact[:_DIGITS_MAX]}…")
    try:
        value = Decimal(compact.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"not a number: {compact}") from None
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS_MAX:
        raise ValueError(f"not a usable number: {compact}")
    return value


def parse_bool(text: str | None) -> bool:
    """Return the switch; absence is false (1C writes only what is true)."""
    return (text or "").strip().lower() in _TRUE


def parse_date(text: str | None) -> date | None:
    """Return the date; ``T``, ``0001-01-01`` and absence are None.

    :raises ValueError: neither a date nor one of the empty spellings
    """
    moment = parse_moment(text)
    return moment.date() if moment else None


def parse_moment(text: str | None) -> datetime | None:
    """Return local date and time without zone, as 1C means it.

    :raises ValueError: neither a date nor one of the empty spellings
    """
    raw = clean_line(text)
    if raw.upper() in {"", "T", "-"}:
        return None
    if len(raw) == 14 and raw.isdigit():
        raw = f"{raw[:8]} {raw[8:]}"
    day_text, _sep, time_text = raw.replace("T", " ", 1).partition(" ")
    day = _first_format(day_text, _DATE_FORMATS)
    if day is None:
        raise ValueError(f"not a date: {raw[:40]}")
    if day.year <= 1:  # 0001-01-01 is the empty date of 1C
        return None
    return datetime.combine(day.date(), parse_time(time_text) or time())


def parse_time(text: str | None) -> time | None:
    """Return the time of day; fractions and zone suffixes are ignored.

    :raises ValueError: not a time
    """
    raw = re.sub(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$", "", clean_line(text).lstrip("T"))
    if not raw:
        return None
    if len(raw) > 1 and raw[1] == ":":  # 9:05:00
        raw = f"0{raw}"
    moment = _first_format(raw, _TIME_FORMATS)
    if moment is None:
        raise ValueError(f"not a time: {raw[:40]}")
    return moment.time()


def _first_format(text: str, formats: tuple[str, ...]) -> datetime | None:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


def is_guid(text: str | None) -> bool:
    """Tell whether the text is an identifier 1C can turn into a reference."""
    return bool(text and _GUID.fullmatch(text.lower()))


def split_item_id(text: str | None) -> tuple[str, str]:
    """Return item and characteristic of ``item#characteristic``, lower case.

    ``guid#`` has no characteristic; the Bitrix habit ``guid#guid`` (one and the
    same) means the item itself (1C sheet 1.4.1: "creates a bogus характеристика").
    """
    item, _sep, variant = clean_line(text).lower().partition("#")
    item, variant = item.strip(), variant.strip()
    return (item, "") if variant in (item, EMPTY_GUID) else (item, variant)


def money(value: Decimal) -> Decimal:
    """Return the sum rounded half up to kopecks."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def format_money(value: Decimal) -> str:
    """Return a sum as type СуммаТип wants it: point, two digits, no exponent."""
    return f"{money(value):f}"


def format_quantity(value: Decimal) -> str:
    """Return a quantity with three digits, as the registers of 1C hold it."""
    return f"{value.quantize(Decimal('0.001'), rounding=ROUND_HALF_UP):f}"


def format_bool(value: bool) -> str:
    """Return the switch as ПереключательТип spells it."""
    return "true" if value else "false"
