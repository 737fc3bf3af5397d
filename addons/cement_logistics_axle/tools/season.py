# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Orders of the regions: what they take away, where and when.

A rule holds from a day to a day of one year (both inclusive): the order is issued
anew each year, so no rule runs over New Year's Eve. Its limits come in the forms
that orders have: one number for every axle; three numbers for an axle alone, an
axle of two and an axle of three; the gross mass; or several of these at once.

Heat rules hold for hours and temperatures and touch only vehicles that are over
the normal limits anyway (those with a permit), so they never lower the legal
payload.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

SPRING: Final = "spring"
HEAT: Final = "heat"
FEDERAL: Final = "federal"
REGIONAL: Final = "regional"
LOCAL: Final = "local"
ROAD_CLASSES: Final = (FEDERAL, REGIONAL, LOCAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a route.

    :param rating: rating of the road in hundreds of kg per axle; 0 = not known.
    :param zone: ``None`` when not known: then the rules of every zone hold.
    :param section: the named road or section, ``None`` for any other.
    :param pavement: ``None`` when not known: then the rules of every one hold.
    """

    region: Hashable
    road_class: str = REGIONAL
    rating: int = 0
    zone: Hashable = None
    section: Hashable = None
    pavement: str | None = None
    key: Hashable = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of an order. Limits are kg, 0 = none of that form.

    :param classes: classes of road it holds on.
    :param single_kg: for an axle alone, and for every axle when the others are 0.
    :param double_kg: for each axle of two.
    :param triple_kg: for each axle of three and more.
    :param is_open: the order leaves this section open (a transit corridor).
    :param hour_from: for heat rules the hours of the ban, may run over midnight.
    :param exempt: goods that the order lets pass.
    """

    key: Hashable
    region: Hashable
    date_from: date
    date_to: date
    kind: str = SPRING
    classes: frozenset[str] = frozenset({REGIONAL, LOCAL})
    zone: Hashable = None
    section: Hashable = None
    pavement: str | None = None
    single_kg: int = 0
    double_kg: int = 0
    triple_kg: int = 0
    gross_kg: int = 0
    is_open: bool = False
    hour_from: float = 0.0
    hour_to: float = 24.0
    temperature: float | None = None
    exempt: frozenset[Hashable] = frozenset()

    def __post_init__(self):
        problem = problem_of_dates(self.date_from, self.date_to)
        if problem:
            raise ValueError(problem)

    @property
    def limits_axles(self) -> bool:
        return bool(self.single_kg or self.double_kg or self.triple_kg)

    def limit(self, count: int) -> int:
        """Return what a group of *count* axles may carry in kg; 0 = not limited."""
        form = {1: self.single_kg, 2: self.double_kg}.get(count, self.triple_kg)
        if not form and count > 2:
            form = self.double_kg
        return (form or self.single_kg) * count


def problem_of_dates(date_from: date, date_to: date) -> str | None:
    """Return what is wrong with the dates of a rule: ``order`` or ``year``."""
    if date_from > date_to:
        return "order"
    if date_from.year != date_to.year:
        return "year"
    return None


def rules_on(
    rules: Iterable[Rule], piece: Piece, day: date, exempt: Hashable = None
) -> tuple[Rule, ...]:
    """Return the rules that lower the limits on *piece* on *day*.

    What is said of the named section goes before what is said of the region: that
    is how an order opens a corridor or gives one road its own number.

    :param exempt: the kind of goods, when it may be exempt.
    """
    found = [
        rule for rule in rules if rule.kind == SPRING and _touches(rule, piece, day)
    ]
    own = [rule for rule in found if rule.section is not None]
    return tuple(
        rule
        for rule in own or found
        if not rule.is_open and (exempt is None or exempt not in rule.exempt)
    )


def heat_rules_on(rules: Iterable[Rule], piece: Piece, day: date) -> tuple[Rule, ...]:
    """Return the heat rules of *piece* on *day*."""
    return tuple(
        rule for rule in rules if rule.kind == HEAT and _touches(rule, piece, day)
    )


def heat_forbids(
    rule: Rule, hour: float, temperature: float, over_normal: bool
) -> bool:
    """Whether a heat *rule* keeps a vehicle off the road.

    :param hour: local hour of the day, 0 to 24.
    :param temperature: of the air, °C.
    :param over_normal: whether the vehicle is over the limits of the act; one
        within them is free.
    """
    if not over_normal:
        return False
    if rule.temperature is not None and temperature <= rule.temperature:
        return False
    if rule.hour_from <= rule.hour_to:
        return rule.hour_from <= hour < rule.hour_to
    return hour >= rule.hour_from or hour < rule.hour_to


def clash(one: Rule, other: Rule) -> bool:
    """Whether two rules say two things of the same roads on the same day."""
    return (
        one.kind == other.kind
        and one.region == other.region
        and one.zone == other.zone
        and one.section == other.section
        and one.pavement == other.pavement
        and bool(one.classes & other.classes)
        and one.date_from <= other.date_to
        and other.date_from <= one.date_to
    )


def _touches(rule: Rule, piece: Piece, day: date) -> bool:
    return (
        rule.date_from <= day <= rule.date_to
        and rule.region == piece.region
        and piece.road_class in rule.classes
        and (rule.zone is None or piece.zone is None or rule.zone == piece.zone)
        and (rule.section is None or rule.section == piece.section)
        and (
            rule.pavement is None
            or piece.pavement is None
            or rule.pavement == piece.pavement
        )
    )
