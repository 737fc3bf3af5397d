# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Why a vehicle may carry so much and no more: a value that travels through the
load planner as the reason of a capacity and is put into words on the page."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from .payload import BY_ORDER, Limit


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on, another payload."""

    day: date
    kg: int
    limit: Limit


@dataclass(frozen=True, slots=True)
class LegalReason:
    """What binds a vehicle on a route on a day.

    :param normal_kg: what it might carry if no order were in force.
    :param change: the next change soon to come.
    """

    vehicle: Hashable
    day: date
    kg: int
    normal_kg: int
    limit: Limit
    change: Change | None = None

    @property
    def is_seasonal(self) -> bool:
        return self.limit.source == BY_ORDER and self.kg < self.normal_kg
