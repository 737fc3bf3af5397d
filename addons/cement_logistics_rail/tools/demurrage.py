# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a wagon's stay costs: dated tariffs, free hours, steps of price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import NamedTuple

_HOUR = timedelta(hours=1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Tariff:
    """Price of a wagon's stay.

    :param steps: (paid hour from which it holds, roubles a wagon-hour), ascending;
        the hours before the first step cost nothing.
    """

    valid_from: date | None = None
    valid_to: date | None = None
    free_hours: float = 0.0
    steps: Sequence[tuple[float, Decimal]] = field(default_factory=tuple)
    source: str = ""

    def covers(self, day: date) -> bool:
        """Whether the tariff holds on *day*."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class Charge(NamedTuple):
    """What a stay comes to; a begun paid hour counts whole."""

    hours: float
    free_hours: float
    paid_hours: int
    amount: Decimal
    tariff: Tariff | None
    starts_at: datetime | None


def find_tariff(tariffs: Iterable[Tariff], day: date) -> Tariff | None:
    """Return the tariff of *day*: of several the one that began last."""
    return max(
        (tariff for tariff in tariffs if tariff.covers(day)),
        key=lambda tariff: tariff.valid_from or date.min,
        default=None,
    )


def charge(tariffs: Iterable[Tariff], begin: datetime, end: datetime) -> Charge:
    """Return what the stay from *begin* to *end* costs.

    The tariff of the day on which the stay began holds for all of it.
    """
    hours = max(0.0, (end - begin) / _HOUR)
    tariff = find_tariff(tariffs, begin.date())
    if tariff is None:
        return Charge(hours, 0.0, 0, Decimal(0), None, None)
    starts_at = begin + timedelta(hours=tariff.free_hours)
    paid = max(0, ceil(round((end - starts_at) / _HOUR, 6)))
    amount = Decimal(0)
    steps = sorted(tariff.steps)
    for index, (since, price) in enumerate(steps):
        until = steps[index + 1][0] if index + 1 < len(steps) else paid
        part = min(paid, until) - since
        if part > 0:
            amount += Decimal(str(part)) * price
    return Charge(
        hours,
        tariff.free_hours,
        paid,
        amount.quantize(_CENT, ROUND_HALF_UP),
        tariff,
        starts_at,
    )


def warning_at(
    tariffs: Iterable[Tariff], begin: datetime, ahead_hours: float
) -> datetime | None:
    """Return when to warn before the stay begins to cost; none without a tariff."""
    tariff = find_tariff(tariffs, begin.date())
    if tariff is None or not tariff.steps:
        return None
    warning = begin + timedelta(hours=tariff.free_hours - ahead_hours)
    return max(warning, begin)
