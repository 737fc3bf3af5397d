# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Loads for big bags, pallets and bags: whole packages, several masses together."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from .drafts import (
    Draft,
    GroupDraft,
    distinct_options,
    first_wish,
    fleet_for,
    pour,
    vehicle_cost,
)
from .intake import Accepted, Option
from .model import EVEN, Part
from .packing import Box, Problem, pack
from .shares import even_shares, full_shares


@dataclass(frozen=True, slots=True)
class _Kind:
    """Packages that are the same to the planner: mass, place and vehicles."""

    unit_mass_kg: int
    places: int
    options: tuple[Option, ...]


def packaged_loads(lines: Sequence[Accepted], strategy: str, effort: int) -> GroupDraft:
    """Return the loads for packaged lines of one group."""
    kinds = _kinds(lines)
    wish = first_wish(lines)
    if len(kinds) == 1:
        return _loads_of_one_kind(*next(iter(kinds.items())), wish, strategy)
    return _loads_of_kinds(kinds, wish, strategy, effort)


def _kinds(lines: Sequence[Accepted]) -> dict:
    """Return the lines by kind of package, in the order of input."""
    kinds = {}
    for accepted in lines:
        line = accepted.line
        places = int(line.takes_a_place)
        kind = (line.unit_mass_kg, places, accepted.options)
        kinds.setdefault(kind, []).append(accepted)
    return {_Kind(*kind): same for kind, same in kinds.items()}


def _packages(kind: _Kind, lines: Sequence[Accepted]) -> list:
    """Return (line key, number of packages) pairs."""
    return [(a.line.key, a.line.mass_kg // kind.unit_mass_kg) for a in lines]


def _loads_of_one_kind(kind, lines, wish, strategy) -> GroupDraft:
    """Return the loads for equal packages: nothing to combine, only to count."""
    packages = _packages(kind, lines)
    count = sum(number for _key, number in packages)
    room = [_room(kind, option) for option in kind.options]
    fleet = fleet_for(kind.options, room, count, wish, strategy)
    capacities = [room[i] for i in fleet]
    if strategy == EVEN:
        shares = even_shares(count, capacities, 1)
    else:
        shares = full_shares(count, capacities)
    loads = tuple(
        _draft(kind.options[i], [(kind, parts)])
        for i, parts in zip(fleet, pour(packages, shares), strict=True)
    )
    return GroupDraft(loads, len(loads))


def _room(kind: _Kind, option: Option) -> int:
    """Return how many packages of one kind a vehicle takes."""
    by_mass = option.kg // kind.unit_mass_kg
    places = option.vehicle.max_packages
    if not kind.places or places is None:
        return by_mass
    return min(by_mass, places)


def _loads_of_kinds(kinds, wish, strategy, effort) -> GroupDraft:
    """Return the loads for packages of several masses: bin packing."""
    options = distinct_options(kind.options for kind in kinds)
    # What few vehicles may carry is packed first and the rest fills the gaps; among
    # equals the heaviest first, as small packages find a gap easily.
    order = sorted(
        kinds,
        key=lambda kind: (
            sum(_may_carry(o, kind) for o in options),
            -kind.unit_mass_kg,
        ),
    )
    kinds = {kind: kinds[kind] for kind in order}
    packages = {kind: _packages(kind, lines) for kind, lines in kinds.items()}
    counts = tuple(sum(n for _key, n in numbers) for numbers in packages.values())
    problem = Problem(
        sizes=tuple(kind.unit_mass_kg for kind in kinds),
        places=tuple(kind.places for kind in kinds),
        counts=counts,
        boxes=tuple(_box(option, kinds, counts, wish) for option in options),
    )
    packing = pack(
        problem, even=strategy == EVEN, effort=effort, any_boxes=wish is None
    )
    # For each kind in turn its lines are poured into the loads that carry it.
    columns = [
        pour(numbers, [content[column] for _box_index, content in packing.bins])
        for column, numbers in enumerate(packages.values())
    ]
    loads = tuple(
        _draft(
            options[box_index],
            [(kind, col[row]) for kind, col in zip(kinds, columns, strict=True)],
        )
        for row, (box_index, _content) in enumerate(packing.bins)
    )
    return GroupDraft(loads, packing.lower_bound)


def _draft(option: Option, contents) -> Draft:
    """Return a load of (kind, [(line key, packages)]) contents."""
    parts = tuple(
        Part(key, number * kind.unit_mass_kg, number)
        for kind, numbers in contents
        for key, number in numbers
    )
    places = option.vehicle.max_packages
    if places is not None:
        places -= sum(
            kind.places * n for kind, numbers in contents for _k, n in numbers
        )
    return Draft(option, parts, places)


def _may_carry(option: Option, kind: _Kind) -> bool:
    """Say whether the vehicle, at this limit, may have such a package on board."""
    return kind.unit_mass_kg <= option.kg and option.allowed_by(kind.options)


def _box(option: Option, kinds, counts, wish) -> Box:
    places = option.vehicle.max_packages
    # No content weighs anything but a multiple of the common divisor of the masses.
    divisor = gcd(*(kind.unit_mass_kg for kind in kinds))
    return Box(
        capacity=option.kg - option.kg % divisor,
        places=sum(counts) if places is None else places,
        accepts=tuple(_may_carry(option, kind) for kind in kinds),
        cost=vehicle_cost(option, wish),
    )
