# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A body of several sections: how much of a load to put into each.

Every limit is a bound of a sum over the sections, fixed + Σ slope × mass, so the most
that may be carried is a linear programme of as many unknowns as there are sections.
It is solved exactly, in fractions. Sections are filled in whole kilograms: each limit
keeps the little that rounding may move from one section to another.

What is lawful is convex and holds the empty body, so with the best fill every smaller
mass has a lawful fill too: that is what lets the planner load less than the most.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor
from typing import Final

from .statics import Section

# Parted among so many sections at most; tank trucks have two to four.
MAX_SECTIONS: Final = 8


@dataclass(frozen=True, slots=True)
class Bound:
    """What a limit leaves to the sections: Σ slopes × masses ≤ room.

    :param room: in kg, what is left beside the empty vehicle.
    :param source: the limit, for whoever asks what binds.
    """

    slopes: tuple[Fraction, ...]
    room: Fraction
    source: object = None

    def load(self, masses: Sequence[int | Fraction]) -> Fraction:
        return sum(
            (slope * mass for slope, mass in zip(self.slopes, masses, strict=True)),
            Fraction(0),
        )

    def with_slack(self) -> "Bound":
        """Return it so much tighter that masses rounded to kilograms, their sum kept,
        still keep the limit."""
        spread = max(self.slopes) - min(self.slopes)
        # at most half of the sections go up by less than a kilogram, as many down
        slack = spread * (len(self.slopes) // 2)
        # the empty body is lawful to the last kilogram
        room = max(self.room - slack, min(self.room, Fraction(0)))
        return Bound(self.slopes, room, self.source)


@dataclass(frozen=True, slots=True)
class Fill:
    """How a load lies in the sections.

    :param masses: kg in each section, in the order of the sections.
    :param goods: what lies in each section, ``None`` in an empty one.
    :param is_even: each section has its share of the load, as people fill a body when
        nobody tells them otherwise.
    """

    masses: tuple[int, ...]
    goods: tuple[Hashable, ...]
    is_even: bool = True

    @property
    def kg(self) -> int:
        return sum(self.masses)


class Body:
    """Sections under limits: the most they may hold, and the fill of each mass.

    :param sections: at least one.
    :param bounds: what limits them beside their own capacities.
    """

    __slots__ = ("_best", "_bounds", "_sections", "binding", "kg")

    def __init__(self, sections: Sequence[Section], bounds: Iterable[Bound]):
        self._sections = tuple(sections)
        self._bounds = tuple(bound.with_slack() for bound in bounds)
        rooms = [Fraction(section.capacity_kg) for section in self._sections]
        found = _maximise(self._bounds, rooms)
        #: the bound that binds; ``None`` when the sections themselves do
        self.binding: Bound | None = found.binding
        #: the most, -1 when even the empty vehicle breaks a limit
        self.kg: int = floor(found.total) if found.total >= 0 else -1
        self._best = tuple(found.masses)

    @property
    def capacity_kg(self) -> int:
        return sum(section.capacity_kg for section in self._sections)

    def fill(self, payload_kg: int, goods: Hashable = None) -> Fill:
        """Return how to fill the sections with one product.

        Even where the limits allow; else as near to even as they do. More than may be
        carried lies where there is room left, and then evenly over.
        """
        if payload_kg <= 0:
            return Fill((0,) * len(self._sections), (None,) * len(self._sections))
        even = self._spread(Fraction(payload_kg), range(len(self._sections)))
        total = sum(self._best)
        if payload_kg > self.kg:
            masses = self._overfilled(payload_kg, even)
        else:
            lawful = [mass * payload_kg / total for mass in self._best]
            masses = self._nearest(even, lawful)
        return self._rounded(masses, even, payload_kg, goods)

    def fill_goods(self, masses: Mapping[Hashable, int]) -> Fill | None:
        """Return how to fill the sections with several products, each in sections of
        its own; ``None`` when they do not go in, or not lawfully.
        """
        goods = [key for key, mass in masses.items() if mass > 0]
        if len(goods) < 2:
            key = goods[0] if goods else None
            kg = masses[key] if goods else 0
            return self.fill(kg, key) if kg <= self.kg else None
        best = None
        for owners in self._partings(goods):
            fill = self._fill_owned(owners, masses)
            if fill is None:
                continue
            if fill.is_even:
                return fill
            best = best or fill
        return best

    def _partings(self, goods: Sequence) -> Iterator[tuple]:
        """Yield whose each section is: every product has one, in the order of
        sections as far as can be."""
        count = len(self._sections)
        if count > MAX_SECTIONS or len(goods) > count:
            return
        for owners in product(goods, repeat=count):
            if set(owners) == set(goods):
                yield owners

    def _fill_owned(self, owners: tuple, masses: Mapping) -> Fill | None:
        """Return the fill when each section is its owner's; ``None`` when unlawful."""
        even = [Fraction(0)] * len(owners)
        for key in set(owners):
            own = [i for i, owner in enumerate(owners) if owner == key]
            room = sum(self._sections[i].capacity_kg for i in own)
            if masses[key] > room:
                return None
            shares = self._spread(Fraction(masses[key]), own)
            even = [a + b for a, b in zip(even, shares, strict=True)]
        if self._keeps(even):
            chosen = even
        else:
            wanted = [
                Bound(
                    tuple(Fraction(owner == key) for owner in owners),
                    Fraction(masses[key]),
                )
                for key in set(owners)
            ]
            rooms = [Fraction(section.capacity_kg) for section in self._sections]
            found = _maximise((*self._bounds, *wanted), rooms)
            if found.total < sum(masses[key] for key in set(owners)):
                return None
            chosen = self._nearest(even, found.masses)
        whole = [0] * len(owners)
        for key in set(owners):
            own = [i for i, owner in enumerate(owners) if owner == key]
            for i, mass in zip(
                own, _whole([chosen[i] for i in own], masses[key]), strict=True
            ):
                whole[i] = mass
        if not self._fits(whole):
            return None
        held = (
            owner if mass else None for owner, mass in zip(owners, whole, strict=True)
        )
        return Fill(tuple(whole), tuple(held), chosen is even)

    def _spread(self, kg: Fraction, places: Iterable[int]) -> list[Fraction]:
        """Return *kg* over the sections at *places*, each by its capacity."""
        own = set(places)
        room = sum(self._sections[i].capacity_kg for i in own)
        return [
            kg * section.capacity_kg / room if i in own else Fraction(0)
            for i, section in enumerate(self._sections)
        ]

    def _overfilled(self, payload_kg: int, even: list[Fraction]) -> list[Fraction]:
        """Return the fill of more than is lawful: the best one and what is left over
        in the free room, so that no section is over before all are full."""
        if payload_kg >= self.capacity_kg or self.kg < 0:
            return even
        free = [
            section.capacity_kg - mass
            for section, mass in zip(self._sections, self._best, strict=True)
        ]
        share = (payload_kg - sum(self._best)) / sum(free)
        return [
            mass + room * share for mass, room in zip(self._best, free, strict=True)
        ]

    def _nearest(self, wanted, lawful) -> list[Fraction]:
        """Return the lawful fill nearest to *wanted* on the way from it to *lawful*."""
        way = Fraction(0)
        for bound in self._bounds:
            over = bound.load(wanted) - bound.room
            if over > 0:
                way = max(way, over / (bound.load(wanted) - bound.load(lawful)))
        if not way:
            return wanted
        return [a + (b - a) * way for a, b in zip(wanted, lawful, strict=True)]

    def _keeps(self, masses) -> bool:
        return all(bound.load(masses) <= bound.room for bound in self._bounds)

    def _fits(self, masses: Sequence[int]) -> bool:
        """Say whether whole masses go into their sections; the slack of the bounds
        was made for one sum of the whole, not for one of each product."""
        return self._keeps(masses) and all(
            mass <= section.capacity_kg
            for mass, section in zip(masses, self._sections, strict=True)
        )

    def _rounded(self, masses, even, payload_kg: int, goods) -> Fill:
        whole = _whole(masses, payload_kg)
        held = tuple(goods if mass else None for mass in whole)
        return Fill(tuple(whole), held, masses is even)


def scaled(masses: Sequence[int], payload_kg: int) -> tuple[int, ...]:
    """Return *masses* in the same proportion, summing to *payload_kg*: the load as it
    was told, as much of it as the scales have found."""
    total = sum(masses)
    if not total:
        return tuple(masses)
    return tuple(_whole([Fraction(m * payload_kg, total) for m in masses], payload_kg))


def _whole(masses: Sequence[Fraction], total: int) -> list[int]:
    """Return *masses* in whole kilograms, none moved by a kilogram or more."""
    whole = [floor(mass) for mass in masses]
    by_rest = sorted(
        range(len(whole)), key=lambda i: masses[i] - whole[i], reverse=True
    )
    for i in by_rest[: total - sum(whole)]:
        whole[i] += 1
    return whole


@dataclass(frozen=True, slots=True)
class _Found:
    total: Fraction
    masses: list[Fraction]
    binding: Bound | None


def _maximise(bounds: Sequence[Bound], rooms: Sequence[Fraction]) -> _Found:
    """Return the masses of the greatest sum that keep all *bounds* and *rooms*.

    The simplex method from the empty body on, by Bland's rule, which cannot cycle. The
    total is -1 when the empty body breaks a bound.
    """
    count = len(rooms)
    broken = next((bound for bound in bounds if bound.room < 0), None)
    if broken:
        return _Found(Fraction(-1), [Fraction(0)] * count, broken)
    rows = [[*bound.slopes, bound.room] for bound in bounds]
    rows += [
        [*(Fraction(i == place) for i in range(count)), room]
        for place, room in enumerate(rooms)
    ]
    gains = [Fraction(1)] * count
    total = Fraction(0)
    # unknowns first, then what each row has left
    inside = list(range(count))
    basis = [count + number for number in range(len(rows))]
    while True:
        entering = min(
            (column for column in range(count) if gains[column] > 0),
            key=inside.__getitem__,
            default=None,
        )
        if entering is None:
            break
        leaving = min(
            (number for number, row in enumerate(rows) if row[entering] > 0),
            key=lambda number: (
                rows[number][-1] / rows[number][entering],
                basis[number],
            ),
        )
        total = _pivot(rows, gains, total, leaving, entering)
        inside[entering], basis[leaving] = basis[leaving], inside[entering]
    masses = [Fraction(0)] * count
    for number, name in enumerate(basis):
        if name < count:
            masses[name] = rows[number][-1]
    # what a kilogram more of a limit would bring
    worth = {
        name - count: -gain
        for name, gain in zip(inside, gains, strict=True)
        if count <= name < count + len(bounds) and gain < 0
    }
    binding = max(worth, key=lambda number: (worth[number], -number), default=None)
    return _Found(total, masses, None if binding is None else bounds[binding])


def _pivot(rows, gains, total, leaving: int, entering: int) -> Fraction:
    """Exchange an unknown for a basic one, in place; return the new total."""
    pivot = rows[leaving]
    factor = pivot[entering]
    pivot[entering] = Fraction(1)
    rows[leaving] = pivot = [value / factor for value in pivot]
    for number, row in enumerate(rows):
        scale = row[entering]
        if number == leaving or not scale:
            continue
        row[entering] = Fraction(0)
        rows[number] = [a - scale * b for a, b in zip(row, pivot, strict=True)]
    scale = gains[entering]
    gains[entering] = Fraction(0)
    for column in range(len(gains)):
        gains[column] -= scale * pivot[column]
    return total + scale * pivot[-1]
