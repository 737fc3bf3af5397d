"""Loads for bulk: one product, a mass that can be divided at any kilogram."""

from collections.abc import Sequence

from .drafts import Draft, GroupDraft, first_wish, pour, vehicle_cost
from .fleet import choose_fleet
from .intake import Accepted
from .model import EVEN, Part
from .shares import even_shares, full_shares


def bulk_loads(lines: Sequence[Accepted], strategy: str, step_kg: int) -> GroupDraft:
    """Return the loads for bulk lines of one group."""
    by_options = {}
    for accepted in lines:
        by_options.setdefault(accepted.options, []).append(accepted)
    drafts = [_loads(same, strategy, step_kg) for same in by_options.values()]
    loads = tuple(load for draft in drafts for load in draft)
    return GroupDraft(loads, len(loads))


def _loads(lines: Sequence[Accepted], strategy: str, step_kg: int) -> list[Draft]:
    """Return the loads for lines that the same vehicles may carry."""
    options, wish = lines[0].options, first_wish(lines)
    mass = sum(accepted.line.mass_kg for accepted in lines)
    offers = [(option.kg, vehicle_cost(option, wish)) for option in options]
    fleet = [options[i] for i in choose_fleet(offers, mass)]
    capacities = [option.kg for option in fleet]
    if strategy == EVEN:
        shares = even_shares(mass, capacities, step_kg)
    else:
        shares = full_shares(mass, capacities)
    poured = pour([(a.line.key, a.line.mass_kg) for a in lines], shares)
    return [
        Draft(option, tuple(Part(key, kg) for key, kg in parts))
        for option, parts in zip(fleet, poured, strict=True)
    ]
