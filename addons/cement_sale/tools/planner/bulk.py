# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Loads for bulk: one product, a mass that can be divided at any kilogram."""

from collections.abc import Sequence

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
from .restricted_bulk import fewest_fleet, spread
from .shares import even_shares, full_shares


def bulk_loads(lines: Sequence[Accepted], strategy: str, step_kg: int) -> GroupDraft:
    """Return the loads for bulk lines of one group."""
    by_options = {}
    for accepted in lines:
        by_options.setdefault(accepted.options, []).append(accepted)
    if len(by_options) > 1:
        draft = _loads_jointly(by_options, first_wish(lines), strategy, step_kg)
        if draft is not None:
            return draft
    loads = [_loads(same, strategy, step_kg) for same in by_options.values()]
    together = tuple(load for some in loads for load in some)
    return GroupDraft(together, len(together) if len(loads) == 1 else 1)


def _loads(lines: Sequence[Accepted], strategy: str, step_kg: int) -> list[Draft]:
    """Return the loads for lines that the same vehicles may carry."""
    options, wish = lines[0].options, first_wish(lines)
    mass = sum(accepted.line.mass_kg for accepted in lines)
    room = [option.kg for option in options]
    fleet = [options[i] for i in fleet_for(options, room, mass, wish, strategy)]
    shares = _shares(mass, fleet, strategy, step_kg)
    poured = pour([(a.line.key, a.line.mass_kg) for a in lines], shares)
    return [_draft(option, parts) for option, parts in zip(fleet, poured, strict=True)]


def _loads_jointly(by_options, wish, strategy: str, step_kg: int) -> GroupDraft | None:
    """Return the loads for lines that different vehicles may carry, sharing some.

    None when there are too many types of vehicle to find the best fleet.
    """
    options = distinct_options(by_options)
    demands = [
        (
            sum(accepted.line.mass_kg for accepted in lines),
            frozenset(i for i, o in enumerate(options) if o.allowed_by(own)),
        )
        for own, lines in by_options.items()
    ]
    offers = [(option.kg, vehicle_cost(option, wish)) for option in options]
    answer = fewest_fleet(demands, offers)
    if answer is None:
        return None
    indexes, lower_bound = answer
    masses = [mass for mass, _boxes in demands]
    fleets = [indexes]
    wished = wish is not None and any(options[i].vehicle.key == wish for i in indexes)
    if strategy == EVEN and not wished:
        fleets[:0] = _even_fleet(demands, offers, len(indexes))
    indexes, flow = _flow(masses, demands, options, fleets, strategy, step_kg)
    fleet = [options[i] for i in indexes]
    parts = [[] for _vehicle in fleet]
    for row, lines in zip(flow, by_options.values(), strict=True):
        for own, poured in zip(
            parts, pour([(a.line.key, a.line.mass_kg) for a in lines], row), strict=True
        ):
            own.extend(poured)
    loads = tuple(_draft(o, own) for o, own in zip(fleet, parts, strict=True) if own)
    return GroupDraft(loads, lower_bound)


def _even_fleet(demands, offers, count: int) -> list[list[int]]:
    """Return the fleet of ``count`` vehicles of which each has room for an even share,
    in a list, empty when the restrictions leave no such fleet."""
    share = -(-sum(mass for mass, _boxes in demands) // count)
    roomy = [i for i, (kg, _cost) in enumerate(offers) if kg >= share]
    place = {i: number for number, i in enumerate(roomy)}
    kept = [
        (mass, frozenset(place[i] for i in boxes if i in place))
        for mass, boxes in demands
    ]
    if not all(boxes for _mass, boxes in kept):
        return []
    answer = fewest_fleet(kept, [(share, offers[i][1]) for i in roomy])
    if answer is None or len(answer[0]) != count:
        return []
    return [[roomy[number] for number in answer[0]]]


def _flow(masses, demands, options, fleets, strategy: str, step_kg: int):
    """Return (fleet, what each mass puts on each vehicle of it).

    The wished shares may ask for what the restrictions forbid: then finer ones are
    tried, and at last only the capacities count.
    """
    for indexes in fleets:
        allowed = [[i in boxes for i in indexes] for _mass, boxes in demands]
        fleet = [options[i] for i in indexes]
        for step in dict.fromkeys((step_kg, 1)):
            shares = _shares(sum(masses), fleet, strategy, step)
            flow = spread(masses, allowed, shares)
            if flow is not None:
                return indexes, flow
    return indexes, spread(masses, allowed, [option.kg for option in fleet])


def _shares(mass: int, fleet: Sequence[Option], strategy: str, step_kg: int):
    """Return the mass for each vehicle of the fleet."""
    capacities = [option.kg for option in fleet]
    if strategy == EVEN:
        return even_shares(mass, capacities, step_kg)
    return full_shares(mass, capacities)


def _draft(option: Option, parts) -> Draft:
    return Draft(option, tuple(Part(key, kg) for key, kg in parts))
