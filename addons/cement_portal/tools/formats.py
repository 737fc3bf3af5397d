# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""How figures are written on the portal's pages.

Pure functions from values to text. Groups of digits and units are parted by a
narrow no-break space, so that a number never breaks over two lines.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

THIN: Final = "\u202f"
NBSP: Final = "\u00a0"
NO_VALUE: Final = "—"
MINUS: Final = "\u2212"


def number(value, digits: int = 2, *, point: str = ",", trim: bool = False) -> str:
    """Return *value* with *digits* decimals: ``1 284,50``.

    :param trim: leave zeros at the end out: ``25,8`` instead of ``25,80``.
    """
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value or 0)).quantize(step, ROUND_HALF_UP)
    whole, _dot, fraction = f"{abs(rounded):f}".partition(".")
    if trim:
        fraction = fraction.rstrip("0")
    groups = f"{int(whole):,}".replace(",", THIN)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{groups}{point}{fraction}" if fraction else f"{sign}{groups}"


def tonnes(value, *, point: str = ",") -> str:
    """Return a mass: ``1 284,50``; with kilograms when there are any."""
    kilograms = Decimal(str(value or 0)).quantize(Decimal("0.001"), ROUND_HALF_UP)
    digits = 2 if kilograms == kilograms.quantize(Decimal("0.01")) else 3
    return number(kilograms, digits, point=point)


def money(value, symbol: str, *, point: str = ",", before: bool = False) -> str:
    """Return a sum: ``280 000,00 ₽``."""
    text = number(value, 2, point=point)
    return f"{symbol}{THIN}{text}" if before else f"{text}{THIN}{symbol}"


def window(start: datetime | None, stop: datetime | None, day: str) -> str:
    """Return local hours in short: ``07.10.2020 14:00–17:00``.

    Without one end the other; a whole day is its date; over midnight both days.

    :param day: how a date is written, for `strftime`.
    """
    if not start or not stop:
        moment = start or stop
        return moment.strftime(f"{day} %H:%M") if moment else NO_VALUE
    last = stop.strftime("%H:%M")
    if last == "00:00" and stop.date() == start.date() + timedelta(1):
        if start.strftime("%H:%M") == last:
            return start.strftime(day)
        return f"{start.strftime(f'{day} %H:%M')}–24:00"
    if start.date() == stop.date():
        return f"{start.strftime(f'{day} %H:%M')}–{last}"
    return f"{start.strftime(f'{day} %H:%M')} – {stop.strftime(f'{day} %H:%M')}"


def plural(count: int, forms: Sequence[str]) -> str:
    """Return the form of a word that goes with *count*.

    :param forms: two (one, many), or three as Slavic languages need (one, few,
        many).
    """
    if len(forms) < 3:
        return forms[0] if abs(count) == 1 else forms[-1]
    rest = abs(count) % 100
    if rest % 10 == 1 and rest != 11:
        return forms[0]
    if rest % 10 in (2, 3, 4) and rest not in (12, 13, 14):
        return forms[1]
    return forms[2]


def since(moment: datetime, now: datetime) -> tuple[str, int]:
    """Return how long ago *moment* was: a kind and its count.

    Kinds: ``now``, ``minutes``, ``hours``, ``yesterday``, ``days``, ``date`` (too
    long ago, or in the future, to be told so). Both moments are of one zone.
    """
    seconds = (now - moment).total_seconds()
    if seconds < -60:
        return "date", 0
    if seconds < 60:
        return "now", 0
    if seconds < 3600:
        return "minutes", int(seconds // 60)
    days = (now.date() - moment.date()).days
    if seconds < 12 * 3600 or days == 0:
        return "hours", int(seconds // 3600)
    if days == 1:
        return "yesterday", 1
    if days < 7:
        return "days", days
    return "date", 0


def days_left(until: date | None, today: date) -> int | None:
    """Return the days that remain, the last one included; ``None``: without end."""
    return (until - today).days + 1 if until else None
