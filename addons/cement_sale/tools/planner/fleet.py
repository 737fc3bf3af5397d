# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Choice of vehicles for goods that fill a vehicle exactly: bulk, or equal packages."""

from collections.abc import Sequence


def choose_fleet(offers: Sequence[tuple[int, int]], need: int) -> list[int]:
    """Return the vehicles for ``need`` units: as few as can be, then as cheap.

    ``offers`` is (units a vehicle takes, its cost) for each type; the answer holds
    indexes into it, largest vehicle first. Exact in both aims. Among equal costs the
    earlier offer wins, so the order of offers is the last tie-break.

    The fewest is k = need / largest, rounded up. Taking k of the largest leaves
    ``spare`` units free, less than one vehicle; each smaller vehicle put in the place
    of a largest eats some of the spare and saves some cost. What remains is a knapsack
    over the spare, small because the spare is.

    :raises ValueError: when no offer takes a unit.
    """
    largest = max((units for units, _cost in offers), default=0)
    if largest <= 0:
        raise ValueError("no vehicle takes a unit")
    count = -(-need // largest)
    base = min(
        (i for i, (units, _cost) in enumerate(offers) if units == largest),
        key=lambda i: offers[i][1],
    )
    swaps = [
        (largest - units, offers[base][1] - cost, i)
        for i, (units, cost) in enumerate(offers)
        if 0 < units < largest and cost < offers[base][1]
    ]
    chosen = _best_swaps(swaps, count, count * largest - need)
    fleet = [base] * (count - len(chosen)) + list(chosen)
    return sorted(fleet, key=lambda i: (-offers[i][0], i))


def choose_even_fleet(offers: Sequence[tuple[int, int]], need: int) -> list[int]:
    """Return the vehicles that carry ``need`` units in equal shares: as few as can be,
    each with room for its share, then as cheap.

    ``offers`` and answer are those of ``choose_fleet``, and so is the number of
    vehicles: a smaller one in the place of a largest saves cost but not a vehicle, and
    would leave the others more than their share.

    :raises ValueError: when no offer takes a unit.
    """
    largest = max((units for units, _cost in offers), default=0)
    if largest <= 0:
        raise ValueError("no vehicle takes a unit")
    count = -(-need // largest)
    share = -(-need // count)
    roomy = (i for i, (units, _cost) in enumerate(offers) if units >= share)
    return [min(roomy, key=lambda i: offers[i][1])] * count


def _best_swaps(swaps, most: int, spare: int) -> tuple[int, ...]:
    """Return the swaps that save most within ``spare``, at most ``most`` of them."""
    best_saving, best = 0, ()
    # eaten spare -> (saving, swaps), for exactly as many swaps as rounds went by.
    reached = {0: (0, ())}
    for _round in range(most):
        following = {}
        for eaten, (saving, taken) in reached.items():
            for weight, gain, index in swaps:
                if eaten + weight > spare:
                    continue
                known = following.get(eaten + weight)
                if known is None or saving + gain > known[0]:
                    following[eaten + weight] = saving + gain, (*taken, index)
        if not following:
            break
        for saving, taken in following.values():
            if saving > best_saving:
                best_saving, best = saving, taken
        reached = following
    return best
