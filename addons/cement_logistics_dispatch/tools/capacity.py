# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""How much of a plant's day is taken, and the first day with room.

A plant works in shifts, except on named days.  A loading point takes some cargo
forms and means of transport, at most so many tonnes and so many vehicles an hour.
A vehicle stands at one point for as long as the slower of the two limits asks.

Pure functions: days and hours are the plant's own, masses integer kilograms.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

HOURS: Final = 24.0
# Hours are sums of quotients: what differs by less is equal.
_EPSILON: Final = 1e-9

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Working hours that repeat on weekdays (Monday = 0) while they are valid."""

    weekdays: frozenset[int]
    start: float
    stop: float
    valid_from: date | None = None
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        return (
            day.weekday() in self.weekdays
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a plant loads.

    :param shifts: none at all means around the clock: nothing was entered yet.
    :param exceptions: days with hours of their own; no hours: the plant is closed.
    """

    shifts: tuple[Shift, ...] = ()
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    def hours(self, day: date) -> tuple[Interval, ...]:
        """Return the working hours of *day*, merged and in order."""
        if day in self.exceptions:
            return merge(self.exceptions[day])
        if not self.shifts:
            return ((0.0, HOURS),)
        return merge(
            (shift.start, shift.stop) for shift in self.shifts if shift.covers(day)
        )

    def is_open(self, day: date) -> bool:
        return bool(self.hours(day))

    def first_open(self, start: date, horizon: int = 60) -> date | None:
        """Return the first working day from *start* on, within *horizon* days."""
        for offset in range(horizon + 1):
            day = start + timedelta(offset)
            if self.is_open(day):
                return day
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place where vehicles are loaded.

    :param forms: cargo forms that it loads; ``None``: any.
    :param transports: ``road``, ``rail``; ``None``: both.
    :param tonnes_per_hour: 0: not limited.
    :param vehicles_per_hour: 0: not limited.
    """

    key: Hashable
    forms: frozenset | None = None
    transports: frozenset | None = None
    start: float = 0.0
    stop: float = HOURS
    tonnes_per_hour: float = 0.0
    vehicles_per_hour: float = 0.0
    valid_from: date | None = None
    valid_to: date | None = None

    def takes(self, load: "Load") -> bool:
        return (self.forms is None or load.form in self.forms) and (
            self.transports is None or load.transport in self.transports
        )

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def hours_for(self, kg: int) -> float:
        """Return how long a vehicle with *kg* stands here."""
        by_mass = kg / 1000 / self.tonnes_per_hour if self.tonnes_per_hour > 0 else 0.0
        by_count = 1 / self.vehicles_per_hour if self.vehicles_per_hour > 0 else 0.0
        return max(by_mass, by_count)


@dataclass(frozen=True, slots=True)
class Load:
    """One vehicle to be loaded."""

    kg: int
    form: Hashable = None
    transport: str = "road"


@dataclass(slots=True)
class PointDay:
    """What a point does on a day: hours it has and hours that are taken."""

    point: Point
    hours: float
    taken: float = 0.0
    kg: int = 0
    vehicles: int = 0

    @property
    def is_over(self) -> bool:
        return self.taken > self.hours + _EPSILON

    @property
    def tonnes_capacity(self) -> float:
        """Tonnes that the day could take; 0: not limited by mass."""
        return self.hours * self.point.tonnes_per_hour

    @property
    def vehicles_capacity(self) -> int:
        return int(self.hours * self.point.vehicles_per_hour + _EPSILON)


@dataclass(slots=True)
class DayLoad:
    """A day of the plant.

    :param unlimited: loads for which no point is known: nothing limits them.
    """

    day: date
    is_open: bool
    points: list[PointDay]
    unlimited: list[Load] = field(default_factory=list)

    @property
    def taken(self) -> float:
        return sum(entry.taken for entry in self.points)

    @property
    def hours(self) -> float:
        return sum(entry.hours for entry in self.points)

    @property
    def share(self) -> float:
        """How full the fullest point is, 1.0 = full; 0 without points."""
        return max(
            (
                entry.taken / entry.hours if entry.hours else float(entry.taken > 0) * 2
                for entry in self.points
            ),
            default=0.0,
        )

    @property
    def is_over(self) -> bool:
        """Whether more is promised than can be loaded, or a closed day has work."""
        has_work = any(entry.vehicles for entry in self.points) or self.unlimited
        return any(entry.is_over for entry in self.points) or bool(
            has_work and not self.is_open
        )

    @property
    def kg(self) -> int:
        return sum(entry.kg for entry in self.points) + sum(
            load.kg for load in self.unlimited
        )

    @property
    def vehicles(self) -> int:
        return sum(entry.vehicles for entry in self.points) + len(self.unlimited)

    def room_for(self, load: Load) -> PointDay | None:
        """Return the point that can still take *load*, or ``None``."""
        return _choose(self._fitting(load), load, only_free=True)

    def has_room(self, load: Load) -> bool:
        """Whether *load* can be loaded on this day beside what is there."""
        if not self.is_open:
            return False
        return not self._known(load) or self.room_for(load) is not None

    def add(self, load: Load) -> PointDay | None:
        """Put *load* on the day, over the edge when there is no room.

        :return: the point that takes it; ``None`` when no point is known for it.
        """
        entry = _choose(self._fitting(load), load, only_free=False)
        if entry is None:
            entry = _choose(self._known(load), load, only_free=False)
        if entry is None:
            self.unlimited.append(load)
            return None
        entry.taken += entry.point.hours_for(load.kg)
        entry.kg += load.kg
        entry.vehicles += 1
        return entry

    def _known(self, load: Load) -> list[PointDay]:
        return [entry for entry in self.points if entry.point.takes(load)]

    def _fitting(self, load: Load) -> list[PointDay]:
        return [entry for entry in self._known(load) if entry.hours > 0]


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return *intervals* in order, overlapping and touching ones as one."""
    merged: list[Interval] = []
    for start, stop in sorted(intervals):
        if stop <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return tuple(merged)


def cut(intervals: Iterable[Interval], start: float, stop: float) -> tuple:
    """Return what of *intervals* lies between *start* and *stop*."""
    return merge((max(start, begin), min(stop, end)) for begin, end in intervals)


def length(intervals: Iterable[Interval]) -> float:
    """Return the hours in *intervals*."""
    return sum(end - begin for begin, end in intervals)


def _choose(entries: Sequence[PointDay], load: Load, *, only_free: bool):
    """Return the point for *load*: free ones first, then the most special one, then
    the one that is done first."""

    def after(entry: PointDay) -> float:
        return entry.taken + entry.point.hours_for(load.kg)

    def is_free(entry: PointDay) -> bool:
        return after(entry) <= entry.hours + _EPSILON

    if only_free:
        entries = [entry for entry in entries if is_free(entry)]
    return min(
        entries,
        key=lambda entry: (
            not is_free(entry),
            entry.point.forms is None,
            len(entry.point.forms or ()),
            entry.point.transports is None,
            after(entry) / entry.hours if entry.hours else float("inf"),
        ),
        default=None,
    )


def fill_day(
    day: date, calendar: Calendar, points: Iterable[Point], loads: Iterable[Load]
) -> DayLoad:
    """Return *day* with *loads* on it.

    Large loads are placed first; the answer does not depend on their order.
    """
    hours = calendar.hours(day)
    filled = DayLoad(
        day=day,
        is_open=bool(hours),
        points=[
            PointDay(point, length(cut(hours, point.start, point.stop)))
            for point in points
            if point.is_valid(day)
        ],
    )
    for load in sorted(loads, key=_order):
        filled.add(load)
    return filled


def _order(load: Load) -> tuple:
    return (-load.kg, str(load.form), load.transport)


def first_day(
    loads: Sequence[Load],
    start: date,
    get_day: Callable[[date], DayLoad],
    horizon: int = 30,
) -> date | None:
    """Return the first day from *start* on that takes all *loads* at once.

    :param get_day: the day as it stands now, without the *loads*; it may be changed.
    :param horizon: how many days are looked at.
    :return: ``None`` when none of them has room.
    """
    for offset in range(horizon + 1):
        day = start + timedelta(offset)
        if fits(loads, get_day(day)):
            return day
    return None


def fits(loads: Iterable[Load], filled: DayLoad) -> bool:
    """Whether all *loads* find room on the day; those that do are put there."""
    for load in sorted(loads, key=_order):
        if not filled.has_room(load):
            return False
        filled.add(load)
    return True


@dataclass(frozen=True, slots=True)
class Wish:
    """An order that waits for its promised day."""

    key: Hashable
    load: Load
    earliest: date


def propose(
    wishes: Iterable[Wish],
    get_day: Callable[[date], DayLoad],
    horizon: int = 30,
    is_barred: Callable[[Hashable, date], bool] | None = None,
) -> dict[Hashable, date | None]:
    """Return the day for each of *wishes*, in the order they are given.

    Each gets the first day with room that is not before its earliest one; what was
    given to those before it is taken.

    :param get_day: each day as it stands now; a day is asked for once.
    :param is_barred: whether something other than room forbids a day to a wish; it is
        asked about days with room only.
    """
    days: dict[date, DayLoad] = {}
    answer: dict[Hashable, date | None] = {}
    for wish in wishes:
        answer[wish.key] = None
        for offset in range(horizon + 1):
            day = wish.earliest + timedelta(offset)
            if day not in days:
                days[day] = get_day(day)
            if days[day].has_room(wish.load) and not (
                is_barred and is_barred(wish.key, day)
            ):
                days[day].add(wish.load)
                answer[wish.key] = day
                break
    return answer


def slots(
    intervals: Iterable[Interval], minutes: int, vehicles_per_hour: float
) -> list[tuple[float, float, int]]:
    """Return ``(start hour, stop hour, places)`` of the slots in *intervals*.

    A rest shorter than a slot is left out, and so is a slot in which no vehicle gets
    done: never more places are given than the rate allows up to the end of a slot.
    """
    step = minutes / 60
    if step <= 0:
        return []
    found = []
    for begin, end in merge(intervals):
        count, given = int((end - begin) / step + _EPSILON), 0
        for index in range(count):
            places = int(vehicles_per_hour * step * (index + 1) + _EPSILON) - given
            given += places
            if places:
                found.append((begin + index * step, begin + (index + 1) * step, places))
    return found
