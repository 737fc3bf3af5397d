# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The checks of the order gate, as pure functions of facts.

A *demand* is what is asked for by one line of a cart or of an order, with every
fact the checks need.  A *load* is one vehicle of the plan.  Each check takes
the facts and yields findings; none reads the clock or a database.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from .findings import INFO, WARN, Finding

# A request of more than this is a slip of the finger, not an order: it is the
# load of thirty whole trains.
ABSURD_KG = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one line asks for.  Masses are integer kilograms.

    :param counted_kg: what the agreed volume holds already for this line, when
        an order that exists is changed.
    :param local_now: the present moment in the plant's time zone, naive.
    :param access_weekdays: weekdays (Monday = 0) when the site takes goods.
    :param unit_mass_kg: mass of a package that cannot be opened; 0 for bulk, and
        where the planner has seen to it.
    """

    key: Hashable
    label: str
    line_key: Hashable
    mass_kg: int
    day: date | None
    counted_kg: int = 0
    unit_mass_kg: int = 0
    line_active: bool = True
    line_from: date | None = None
    line_to: date | None = None
    specification_number: str = ""
    agreement_number: str = ""
    agreement_active: bool = True
    agreement_from: date | None = None
    agreement_to: date | None = None
    allowed_for_member: bool = True
    volume_agreed_kg: int = 0
    volume_remaining_kg: int = 0
    min_lot_kg: int = 0
    local_now: datetime | None = None
    cutoff_hour: float = 24.0
    lead_days: int = 0
    site_required: bool = True
    site_name: str = ""
    site_known: bool = True
    site_active: bool = True
    site_fits_method: bool = True
    access_weekdays: frozenset[int] = frozenset(range(7))
    unloading_name: str = ""
    unloading_fits_site: bool = True
    price_seen: float | None = None
    price_now: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFacts:
    """One planned vehicle.

    :param min_lots: ``(demand key, kg of it aboard, least kg)`` of its lines.
    """

    index: int
    vehicle_name: str
    mass_kg: int
    gross_kg: int
    site_name: str = ""
    site_max_gross_kg: int = 0
    vehicle_fits_site: bool = True
    capacity_kg: int = 0
    parts: tuple[tuple[Hashable, int, int], ...] = ()


@dataclass(slots=True, kw_only=True)
class GateContext:
    """Everything one run of the gate looks at.

    :param records: demand key -> the record behind it, for checks of addons
        that need more facts than a demand holds.
    :param amounts: contract key -> what the demands cost with VAT.
    """

    demands: list[Demand]
    loads: list[LoadFacts] = field(default_factory=list)
    records: dict[Hashable, object] = field(default_factory=dict)
    amounts: dict[Hashable, Decimal] = field(default_factory=dict)
    channel: str = ""


def check_quantity(demands: Iterable[Demand]) -> Iterator[Finding]:
    """Nothing, less than nothing, more than a plant makes in a year, and packages
    cut open."""
    for demand in demands:
        if demand.mass_kg <= 0:
            yield _finding("quantity_not_positive", demand)
        elif demand.mass_kg > ABSURD_KG:
            yield _finding("quantity_absurd", demand, limit=ABSURD_KG / 1000)
        elif demand.unit_mass_kg and demand.mass_kg % demand.unit_mass_kg:
            lower = demand.mass_kg - demand.mass_kg % demand.unit_mass_kg
            yield _finding(
                "not_whole_packages",
                demand,
                unit=demand.unit_mass_kg / 1000,
                lower=lower / 1000,
                upper=(lower + demand.unit_mass_kg) / 1000,
            )


def check_terms(demands: Iterable[Demand]) -> Iterator[Finding]:
    """Contract and specification must be in force on the day of shipment."""
    for demand in demands:
        if not demand.allowed_for_member:
            yield _finding("line_not_allowed", demand)
            continue
        if not demand.agreement_active or not _within(
            demand.day, demand.agreement_from, demand.agreement_to
        ):
            yield _finding(
                "agreement_not_valid",
                demand,
                number=demand.agreement_number,
                until=demand.agreement_to,
            )
        if not demand.line_active or not _within(
            demand.day, demand.line_from, demand.line_to
        ):
            yield _finding(
                "specification_not_valid",
                demand,
                number=demand.specification_number,
                since=demand.line_from,
                until=demand.line_to,
            )


def check_volume(demands: Iterable[Demand]) -> Iterator[Finding]:
    """All demands on one specification line together must fit what is left."""
    by_line: dict[Hashable, list[Demand]] = defaultdict(list)
    for demand in demands:
        if demand.volume_agreed_kg:
            by_line[demand.line_key].append(demand)
    for of_line in by_line.values():
        first = of_line[0]
        asked = sum(demand.mass_kg for demand in of_line)
        left = first.volume_remaining_kg + sum(demand.counted_kg for demand in of_line)
        if asked > left:
            yield Finding(
                "volume_exceeded",
                params={
                    "label": first.label,
                    "number": first.specification_number,
                    "asked": asked / 1000,
                    "left": max(left, 0) / 1000,
                    "over": (asked - max(left, 0)) / 1000,
                },
                keys=tuple(demand.key for demand in of_line),
            )


def check_days(demands: Iterable[Demand]) -> Iterator[Finding]:
    """A day must be named, not be past, and be reached before the cut-off.

    The cut-off hour holds for the next day: until it the plant still plans the
    loading of tomorrow.  Today is never possible.
    """
    for demand in demands:
        if demand.day is None:
            yield _finding("day_missing", demand)
            continue
        if demand.local_now is None:
            continue
        today = demand.local_now.date()
        first = first_day(demand.local_now, demand.cutoff_hour)
        if demand.day < today:
            yield _finding("day_past", demand, day=demand.day, first=first)
        elif demand.day < first:
            yield _finding(
                "cutoff_passed",
                demand,
                day=demand.day,
                first=first,
                hour=_hour_text(demand.cutoff_hour),
            )
        elif demand.lead_days and demand.day < today + timedelta(demand.lead_days):
            yield _finding(
                "lead_time",
                demand,
                severity=WARN,
                day=demand.day,
                days=demand.lead_days,
                first=today + timedelta(demand.lead_days),
            )


def check_sites(demands: Iterable[Demand]) -> Iterator[Finding]:
    """The site must be known, reachable by the method, and open on the day."""
    for demand in demands:
        if not demand.site_name:
            if demand.site_required:
                yield _finding("site_missing", demand)
            continue
        params = {"site": demand.site_name}
        if not demand.site_known or not demand.site_active:
            yield _finding("site_not_allowed", demand, **params)
        elif not demand.site_fits_method:
            yield _finding("site_method", demand, **params)
        elif demand.day and demand.day.weekday() not in demand.access_weekdays:
            yield _finding("site_closed", demand, day=demand.day, **params)
        elif not demand.unloading_fits_site:
            yield _finding(
                "site_unloading", demand, unloading=demand.unloading_name, **params
            )


def check_prices(demands: Iterable[Demand]) -> Iterator[Finding]:
    """Say so when the price is not the one the person saw."""
    for demand in demands:
        if demand.price_seen is None or demand.price_now is None:
            continue
        if round(demand.price_seen * 100) != round(demand.price_now * 100):
            yield _finding(
                "price_changed",
                demand,
                severity=WARN,
                seen=demand.price_seen,
                now=demand.price_now,
            )


def check_loads(loads: Iterable[LoadFacts]) -> Iterator[Finding]:
    """Each vehicle must be let in at the site and carry the minimum lots."""
    for load in loads:
        keys = tuple(key for key, _mass, _least in load.parts)
        if not load.vehicle_fits_site or (
            load.site_max_gross_kg and load.gross_kg > load.site_max_gross_kg
        ):
            yield Finding(
                "vehicle_site",
                params={
                    "site": load.site_name,
                    "vehicle": load.vehicle_name,
                    "gross": load.gross_kg / 1000,
                    "limit": load.site_max_gross_kg / 1000,
                },
                keys=keys,
            )
        if load.capacity_kg and load.mass_kg > load.capacity_kg:
            yield Finding(
                "vehicle_overload",
                params={
                    "vehicle": load.vehicle_name,
                    "index": load.index + 1,
                    "mass": load.mass_kg / 1000,
                    "limit": load.capacity_kg / 1000,
                },
                keys=keys,
            )
        for key, mass, least in load.parts:
            if mass < least:
                yield Finding(
                    "min_lot",
                    params={
                        "vehicle": load.vehicle_name,
                        "index": load.index + 1,
                        "mass": mass / 1000,
                        "least": least / 1000,
                    },
                    keys=(key,),
                )


def check_fill(loads: Iterable[LoadFacts], least_fill: float) -> Iterator[Finding]:
    """Mention vehicles that go half empty: the freight is paid all the same.

    :param least_fill: share of the capacity below which a word is due, 0 to 1.
    """
    for load in loads:
        if load.capacity_kg and load.mass_kg < load.capacity_kg * least_fill:
            yield Finding(
                "poor_fill",
                severity=INFO,
                params={
                    "vehicle": load.vehicle_name,
                    "index": load.index + 1,
                    "mass": load.mass_kg / 1000,
                    "free": (load.capacity_kg - load.mass_kg) / 1000,
                },
                keys=tuple(key for key, _mass, _least in load.parts),
            )


def first_day(local_now: datetime, cutoff_hour: float) -> date:
    """Return the first day for which the plant still takes orders."""
    hour = local_now.hour + local_now.minute / 60 + local_now.second / 3600
    return local_now.date() + timedelta(1 if hour < cutoff_hour else 2)


def _within(day: date | None, start: date | None, end: date | None) -> bool:
    return day is None or (
        (start is None or start <= day) and (end is None or day <= end)
    )


def _hour_text(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _finding(code: str, demand: Demand, severity: str = "block", **params) -> Finding:
    return Finding(code, severity, {"label": demand.label, **params}, (demand.key,))
