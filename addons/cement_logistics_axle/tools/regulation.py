# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a dated act allows: gross mass by axles, axle loads by group.

Every number comes in as data; nothing of the law is written here but how its
tables are read: the limit of two and three axles is that of the group, from four
axles on and for axles with eight wheels that of one axle.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .groups import GAP_MM, Group
from .statics import EIGHT, TWIN

SOLO: Final = "solo"
TRAIN: Final = "train"
# A limit of this many axles holds for more of them, and for each axle.
MANY: Final = 4


@dataclass(frozen=True, slots=True)
class MassLimit:
    """Gross mass of a solo vehicle or train with so many axles (or more, for the
    greatest number in the table)."""

    kind: str
    axles: int
    kg: int
    key: object = None


@dataclass(frozen=True, slots=True)
class AxleLimit:
    """One cell of the table of axle loads.

    :param axles: 1, 2 or 3; 4 stands for four and more.
    :param spacing_mm: upper bound of the mean spacing, inclusive; ``None`` = any.
    :param rating: rating of the road in hundreds of kg per axle (60, 100, 115).
    :param air: holds only when all axles of the group have air suspension.
    """

    axles: int
    tyres: str
    spacing_mm: int | None
    rating: int
    kg: int
    air: bool = False
    key: object = None


@dataclass(frozen=True, slots=True)
class Found:
    """A limit and the cell it came from."""

    kg: int
    key: object


class Regulation:
    """An act in force from a day to a day (both inclusive; ``None`` = open)."""

    __slots__ = (
        "_axle",
        "_found",
        "_mass",
        "country",
        "gap_mm",
        "key",
        "name",
        "valid_from",
        "valid_to",
    )

    def __init__(
        self,
        key: object,
        name: str,
        masses: Iterable[MassLimit],
        axles: Iterable[AxleLimit],
        *,
        valid_from: date | None = None,
        valid_to: date | None = None,
        country: str = "RU",
        gap_mm: int = GAP_MM,
    ):
        self.key = key
        self.name = name
        self.valid_from = valid_from
        self.valid_to = valid_to
        self.country = country
        self.gap_mm = gap_mm
        self._mass: dict[str, list[MassLimit]] = {}
        for limit in sorted(masses, key=lambda limit: limit.axles):
            self._mass.setdefault(limit.kind, []).append(limit)
        self._found: dict[tuple, Found | None] = {}
        self._axle: dict[tuple, list[AxleLimit]] = {}
        for cell in sorted(axles, key=lambda cell: cell.spacing_mm or 10**9):
            name_ = (cell.axles, cell.tyres, cell.rating, cell.air)
            self._axle.setdefault(name_, []).append(cell)

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def gross(self, is_train: bool, axles: int) -> Found | None:
        """Return the limit of the gross mass, ``None`` when the table has none.

        More axles than the table knows count as the most it knows.
        """
        rows = self._mass.get(TRAIN if is_train else SOLO, ())
        fitting = [row for row in rows if row.axles <= axles]
        return Found(fitting[-1].kg, fitting[-1].key) if fitting else None

    def group(self, group: Group, rating: int) -> Found | None:
        """Return the limit of the whole *group* in kg, ``None`` when unknown."""
        key = (group.count, group.tyres, rating, group.spacing_mm, group.air)
        if key not in self._found:
            self._found[key] = self._find_group(group, rating)
        return self._found[key]

    def _find_group(self, group: Group, rating: int) -> Found | None:
        count = min(group.count, MANY)
        tyres = group.tyres
        best = self._cell(count, tyres, rating, group.spacing_mm, group.air)
        if best is None and tyres == EIGHT:
            # a table without eight-wheel axles: they are no worse than twin ones
            tyres = TWIN
            best = self._cell(count, tyres, rating, group.spacing_mm, group.air)
        if best is None:
            return None
        per_axle = count == MANY or (tyres == EIGHT and best.axles == MANY)
        return Found(best.kg * (group.count if per_axle else 1), best.key)

    def axle(self, tyres: str, rating: int, air: bool) -> Found | None:
        """Return the limit of an axle alone: the most loaded one of a group must
        keep it too."""
        key = (tyres, rating, air)
        if key not in self._found:
            self._found[key] = self._find_axle(tyres, rating, air)
        return self._found[key]

    def _find_axle(self, tyres: str, rating: int, air: bool) -> Found | None:
        cell = self._cell(1, tyres, rating, 0, air)
        if cell is None and tyres == EIGHT:
            cell = self._cell(1, TWIN, rating, 0, air)
        return Found(cell.kg, cell.key) if cell else None

    def _cell(self, count, tyres, rating, spacing, air) -> AxleLimit | None:
        # eight-wheel axles stand in one row whatever their number
        counts = (count, MANY) if tyres == EIGHT else (count,)
        found = []
        for number in dict.fromkeys(counts):
            for with_air in (True, False) if air else (False,):
                for cell in self._axle.get((number, tyres, rating, with_air), ()):
                    if cell.spacing_mm is None or spacing <= cell.spacing_mm:
                        found.append(cell)
                        break
            if found:
                break
        return max(found, key=lambda cell: cell.kg, default=None)


def in_force(regulations: Iterable[Regulation], day: date) -> Regulation | None:
    """Return the act that holds on *day*, the youngest when several do."""
    covering = [act for act in regulations if act.covers(day)]
    return max(covering, key=lambda act: act.valid_from or date.min, default=None)


def first_gap(regulations: Iterable[Regulation], today: date, days: int) -> date | None:
    """Return the first day from *today* on, within so many *days*, on which no act
    holds; ``None`` when there is none."""
    acts = tuple(regulations)
    day, last = today, today + timedelta(days)
    while day <= last:
        ends = [act.valid_to for act in acts if act.covers(day)]
        if not ends:
            return day
        if None in ends:
            return None
        day = max(ends) + timedelta(1)
    return None
