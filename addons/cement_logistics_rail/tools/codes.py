# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Numbers and codes of the railway: wagons, waybills, stations, cargo, trains."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from odoo.addons.cement_base.tools.stations import esr_check_digit, is_esr

# The railway day begins in the evening before: 18:00 to 23:59 count as tomorrow.
DAY_BEGINS: Final = time(18, 0)
CEMENT_PREFIX: Final = "281"
# Wagons on own axles, to repair, to washing; and the empty return.
EMPTY_RUN_PREFIXES: Final = ("421", "693157")

_HOMOGLYPHS: Final = str.maketrans(
    "ABCEHKMOPTXYabcehkmoptxy", "АВСЕНКМОРТХУавсенкмортху"
)
_WAYBILL = re.compile(r"Э[А-Я]\d{6}")
_DOUBLED: Final = {ord(d): sum(divmod(int(d) * 2, 10)) for d in "0123456789"}
_PLAIN: Final = {ord(d): int(d) for d in "0123456789"}


def wagon_check_digit(first7: str) -> int:
    """Return the check digit of a wagon number's first seven digits.

    :raises ValueError: when these are not seven digits.
    """
    if len(first7) != 7 or not (first7.isascii() and first7.isdigit()):
        raise ValueError(f"seven digits expected, got {first7!r}")
    total = sum(
        sum(divmod(int(digit) * weight, 10))
        for digit, weight in zip(first7, (2, 1, 2, 1, 2, 1, 2), strict=True)
    )
    return -total % 10


def is_wagon(number: str | None) -> bool:
    """Whether *number* is eight digits with the right last one."""
    if not number or len(number) != 8 or not (number.isascii() and number.isdigit()):
        return False
    a, b, c, d, e, f, g, check = number.encode()
    total = (
        _DOUBLED[a]
        + _PLAIN[b]
        + _DOUBLED[c]
        + _PLAIN[d]
        + _DOUBLED[e]
        + _PLAIN[f]
        + _DOUBLED[g]
        + _PLAIN[check]
    )
    return total % 10 == 0


def digits_of(value: object) -> str:
    """Return the digits of an identifier that a spreadsheet may have made a number.

    ``63499578.0``, ``6.3499578E7`` and ``6349 9578`` give ``63499578``; what holds
    anything but digits gives the text as it stands, trimmed.
    """
    if type(value) is str and value.isascii() and value.isdigit():
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == value and abs(value) < 1e16 else ""
    text = str(value).strip().strip("'").replace("\u00a0", "").replace("\u202f", "")
    if text.isascii() and text.isdigit():
        return text
    if text and not (text[0].isdigit() or text[0].isspace()):
        return text
    if re.fullmatch(r"\d+[.,]0*", text, re.ASCII):
        return re.split("[.,]", text)[0]
    if re.fullmatch(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}", text, re.ASCII):
        return str(int(float(text.replace(",", "."))))
    squeezed = "".join(text.split())
    return squeezed if squeezed.isascii() and squeezed.isdigit() else text


def normalise_wagon(value: object) -> str:
    """Return the wagon number as eight digits; else what was there, trimmed.

    Lost leading zeros are put back (a passenger or a special wagon begins with 0).
    """
    if isinstance(value, str) and len(value) == 8 and value.isdigit():
        return value
    text = digits_of(value)
    if 6 <= len(text) < 8 and text.isdigit() and is_wagon(text.zfill(8)):
        return text.zfill(8)
    return text


def cyrillic(text: str) -> str:
    """Return *text* with Latin letters that look Cyrillic made Cyrillic."""
    return text.translate(_HOMOGLYPHS)


def normalise_waybill(value: object) -> str:
    """Return a waybill number for comparing: upper case, no spaces, no Latin.

    Live reports hold ``ЭX077532`` with a Latin X.
    """
    text = digits_of(value)
    return cyrillic("".join(text.split()).replace("№", "").upper())


def is_waybill(number: str | None) -> bool:
    """Whether *number* looks like an electronic waybill: Э, a letter, six digits."""
    return bool(number and _WAYBILL.fullmatch(number))


def normalise_uno(value: object) -> str:
    """Return the waybill identifier as twelve digits (spreadsheets drop zeros)."""
    text = digits_of(value)
    if not (text.isascii() and text.isdigit()):
        return text
    return text.zfill(12) if text.strip("0") else ""


def okpo_key(value: object) -> str:
    """Return an OKPO as it is compared: digits without leading zeros."""
    text = digits_of(value)
    return text.lstrip("0") if text.isascii() and text.isdigit() else ""


def is_etsng(code: str | None) -> bool:
    """Whether *code* is a cargo code: six digits, the station codes' check digit."""
    return is_esr(code)


def is_cement_cargo(code: str | None) -> bool:
    """Whether the cargo code is cement's."""
    return bool(code) and code.startswith(CEMENT_PREFIX)


def is_empty_run_cargo(code: str | None) -> bool:
    """Whether the cargo code says that the wagon itself is what is carried."""
    return bool(code) and code.startswith(EMPTY_RUN_PREFIXES)


def normalise_esr(value: object, five_digits: bool = False) -> str:
    """Return a station code of six digits, or what was there.

    :param five_digits: the report is known to hold codes without the check digit;
        otherwise five digits are first taken for a lost leading zero.
    """
    text = digits_of(value)
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        return ""
    if len(text) == 5:
        if not five_digits and is_esr("0" + text):
            return "0" + text
        return f"{text}{esr_check_digit(text)}"
    if len(text) == 4 and not five_digits and is_esr("00" + text):
        return "00" + text
    return text


def road_of(code: str | None, roads: Mapping[str, str]) -> str:
    """Return what *roads* holds for the first two digits of a station code."""
    return roads.get((code or "")[:2], "")


def railway_day(moment: datetime) -> date:
    """Return the railway's date of a Moscow *moment*: from 18:00 it is tomorrow."""
    if moment.time() >= DAY_BEGINS:
        return moment.date() + timedelta(days=1)
    return moment.date()


def normalise_train_index(value: object) -> str:
    """Return the fifteen digits of a train index; empty when not in a train.

    ``8725-178-9857`` and ``8725 178 9857`` are filled up with check digits.
    """
    text = str(value or "").strip()
    parts = re.findall(r"\d+", text) if not re.search(r"[A-Za-zА-Яа-я]", text) else []
    if [len(part) for part in parts] == [4, 3, 4]:
        return f"{parts[0]}00{parts[1]}{parts[2]}00" if any(map(int, parts)) else ""
    digits = digits_of(value)
    if isinstance(value, float) and len(digits) == 14:
        digits = "0" + digits
    if len(digits) == 15 and digits.isdigit() and digits.strip("0"):
        return digits
    return ""


def format_train_index(index: str | None) -> str:
    """Return the index as people read it: ``8725-178-9857``."""
    if not index or len(index) != 15:
        return ""
    return f"{index[:4]}-{index[6:9]}-{index[9:13]}"
