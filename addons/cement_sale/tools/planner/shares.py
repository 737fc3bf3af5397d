# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""How a divisible mass is spread over vehicles that are already chosen."""

from collections.abc import Sequence


def full_shares(mass_kg: int, capacities: Sequence[int]) -> list[int]:
    """Return the mass for each vehicle: full ones first, the remainder in the last."""
    shares = []
    for capacity in capacities:
        shares.append(min(mass_kg, capacity))
        mass_kg -= shares[-1]
    return shares


def even_shares(mass_kg: int, capacities: Sequence[int], step_kg: int) -> list[int]:
    """Return equal masses, rounded to ``step_kg``, that add up exactly.

    A vehicle too small for the equal share goes full and the others share the rest.
    Those that share differ by at most one step. Where a whole step would push a
    vehicle over its capacity, the step is made finer for this spread.
    """
    shares = [0] * len(capacities)
    smallest_first = sorted(range(len(capacities)), key=lambda i: capacities[i])
    for position, i in enumerate(smallest_first):
        count = len(smallest_first) - position
        if capacities[i] * count > mass_kg:
            equal = _equal_shares(mass_kg, count, capacities[i], step_kg)
            for j, share in zip(sorted(smallest_first[position:]), equal, strict=True):
                shares[j] = share
            break
        shares[i] = capacities[i]
        mass_kg -= capacities[i]
    return shares


def _equal_shares(mass_kg: int, count: int, limit_kg: int, step_kg: int) -> list[int]:
    """Return ``count`` masses, largest first, none above ``limit_kg``."""
    while True:
        steps, crumbs = divmod(mass_kg, step_kg)
        each, ahead = divmod(steps, count)
        shares = [(each + 1) * step_kg] * ahead + [each * step_kg] * (count - ahead)
        # The crumbs are less than a step: on the first of the lighter vehicles they
        # keep the spread within one step.
        shares[ahead] += crumbs
        if step_kg == 1 or (max(shares) <= limit_kg and min(shares) > 0):
            return shares
        step_kg = max(1, step_kg // 10)
