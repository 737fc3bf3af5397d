# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The most valuable content of one bin, by branch and bound."""

from collections.abc import Sequence

from .contents import most
from .problem import Box, Content, Problem

# Steps for one bin; beyond them the value is bounded from above instead of found.
_STEPS = 20_000


def most_valuable(
    problem: Problem, box: Box, values: Sequence[int], counts: Content
) -> tuple[int, int, Content]:
    """Return (value, bound, content): the best content found, no content above bound.

    ``values`` are non-negative integers, one for each kind. The bound equals the value
    unless the search stopped at its limit.
    """
    # Dearest kilogram first: the bound below is tight then.
    kinds = sorted(
        (i for i in range(len(counts)) if values[i] and counts[i]),
        key=lambda i: (-values[i] * 10**6 // problem.sizes[i], i),
    )
    kinds = [i for i in kinds if problem.takes(box, i)]
    content = [0] * len(counts)
    best_value, best, steps = 0, tuple(content), 0

    def bound(position: int, room: int) -> int:
        """Return the value when the last package of the rest may be cut."""
        total = 0
        for i in kinds[position:]:
            size = problem.sizes[i]
            number = min(counts[i], room // size)
            total += number * values[i]
            room -= number * size
            if number < counts[i]:
                return total + room * values[i] // size
        return total

    def descend(position: int, value: int, room: int, places: int) -> None:
        nonlocal best_value, best, steps
        steps += 1
        if value > best_value:
            best_value, best = value, tuple(content)
        if position == len(kinds) or steps > _STEPS:
            return
        if value + bound(position, room) <= best_value:
            return
        i = kinds[position]
        for number in range(most(problem, box, i, counts[i], room, places), -1, -1):
            content[i] = number
            descend(
                position + 1,
                value + number * values[i],
                room - number * problem.sizes[i],
                places - number * problem.places[i],
            )
        content[i] = 0

    descend(0, 0, box.capacity, box.places)
    if steps <= _STEPS:
        return best_value, best_value, best
    return best_value, max(best_value, bound(0, box.capacity)), best
