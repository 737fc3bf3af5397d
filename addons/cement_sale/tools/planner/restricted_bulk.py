# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Vehicles for bulk when not every line may travel on the same ones.

Rare: one member keeps a line to small trucks, another line of the same product to the
same place may go on any. Mass can be divided, so a fleet will do exactly when for every
set of vehicle types their capacity covers the lines that may go on nothing else (the
condition of Hall). That leaves only the numbers of each type to be searched.
"""

from collections.abc import Iterator, Sequence

# Numbers of vehicles looked at, for one group; then the best so far is taken.
_STEPS = 20_000
# 2 to the power of this many conditions are written out.
_MOST_BOXES = 10

Offer = tuple[int, int]  # capacity in kg, cost


def fewest_fleet(
    demands: Sequence[tuple[int, frozenset]], offers: Sequence[Offer]
) -> tuple[list[int], int] | None:
    """Return (vehicles as indexes into ``offers``, proven lower bound on their number).

    :param demands: (mass, indexes of the offers that may carry it).
    :return: the fewest, then the cheapest; None when there are too many types to tell.
    """
    if len(offers) > _MOST_BOXES:
        return None
    conditions = _conditions(demands, len(offers))
    total = sum(mass for mass, _boxes in demands)
    count = -(-total // max(capacity for capacity, _cost in offers))
    bound, steps = count, [_STEPS]
    while steps[0] > 0:
        best = min(
            (
                (sum(n * offers[i][1] for i, n in enumerate(numbers)), order, numbers)
                for order, numbers in enumerate(_numbers(offers, count, total, steps))
                if _suffices(numbers, offers, conditions)
            ),
            default=None,
        )
        if best is not None:
            fleet = [i for i, n in enumerate(best[2]) for _vehicle in range(n)]
            return sorted(fleet, key=lambda i: (-offers[i][0], i)), bound
        count += 1
        if steps[0] > 0:
            bound = count
    return None


def _conditions(demands, boxes: int) -> list[tuple[tuple[int, ...], int]]:
    """Return (set of boxes, mass that may go on nothing else) pairs."""
    conditions = []
    for mask in range(1, 1 << boxes):
        inside = tuple(i for i in range(boxes) if mask >> i & 1)
        mass = sum(kg for kg, allowed in demands if allowed <= set(inside))
        if mass:
            conditions.append((inside, mass))
    return conditions


def _suffices(numbers, offers, conditions) -> bool:
    return all(
        sum(numbers[i] * offers[i][0] for i in inside) >= mass
        for inside, mass in conditions
    )


def _numbers(offers, count: int, total: int, steps: list[int]) -> Iterator[tuple]:
    """Yield how many of each offer, ``count`` in all, with room for the total."""
    numbers = [0] * len(offers)

    def descend(i: int, left: int, mass: int) -> Iterator[tuple]:
        steps[0] -= 1
        if steps[0] <= 0:
            return
        if left * max((capacity for capacity, _c in offers[i:]), default=0) < mass:
            return
        if i == len(offers) - 1:
            numbers[i] = left
            yield tuple(numbers)
            return
        for n in range(left, -1, -1):
            numbers[i] = n
            yield from descend(i + 1, left - n, mass - n * offers[i][0])

    yield from descend(0, count, total)


def spread(
    masses: Sequence[int],
    allowed: Sequence[Sequence[bool]],
    capacities: Sequence[int],
) -> list[list[int]] | None:
    """Return how much of each mass goes on each vehicle, None when they do not fit.

    A maximum flow by augmenting paths: mass is put where it may go, and moved over
    from vehicle to vehicle to make room for what has less choice.

    :param allowed: for each mass whether each vehicle may carry it.
    :return: a row for each mass with a column for each vehicle.
    """
    flow = [[0] * len(capacities) for _mass in masses]
    free = list(capacities)

    def push(source: int, amount: int, seen: set[int]) -> int:
        """Put up to ``amount`` of a mass on vehicles; return how much was put."""
        for vehicle, may in enumerate(allowed[source]):
            if not may or vehicle in seen:
                continue
            seen.add(vehicle)
            if free[vehicle]:
                put = min(amount, free[vehicle])
                free[vehicle] -= put
                flow[source][vehicle] += put
                return put
            for other in range(len(masses)):
                if other != source and flow[other][vehicle]:
                    moved = push(other, min(amount, flow[other][vehicle]), seen)
                    if moved:
                        flow[other][vehicle] -= moved
                        flow[source][vehicle] += moved
                        return moved
        return 0

    for source, mass in enumerate(masses):
        while mass:
            put = push(source, mass, set())
            if not put:
                return None
            mass -= put
    return flow
