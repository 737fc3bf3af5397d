# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The least cost at a given number of bins: smaller boxes where they do."""

from collections.abc import Iterator, Sequence

from .contents import fullest_content
from .problem import Bin, Box, Problem
from .search import GaveUp, Search

# Fleets put to the exact search, cheapest first.
_FLEETS_TRIED = 40
# Steps spent on listing the fleets that would be cheaper.
_LISTING_STEPS = 5_000


def cheaper(problem: Problem, bins: Sequence[Bin], effort: int) -> list[Bin]:
    """Return as many bins at the least cost that the effort lets find."""
    best = in_cheapest_boxes(problem, bins)
    useful = _useful_boxes(problem)
    if len(useful) == 1 or len(bins) == 1:
        return best
    search = Search(problem, useful, effort)
    for fleet in _cheaper_fleets(problem, useful, len(bins), _cost(problem, best)):
        try:
            found = search.into_fleet(problem.counts, fleet)
        except GaveUp:
            return best
        if found is not None:
            return in_cheapest_boxes(problem, found)
    return best


def in_cheapest_boxes(problem: Problem, bins: Sequence[Bin]) -> list[Bin]:
    """Return the same contents, each in the cheapest box that takes it."""
    return [(_cheapest_box(problem, content), content) for _b, content in bins]


def _cost(problem: Problem, bins: Sequence[Bin]) -> int:
    return sum(problem.boxes[b].cost for b, _content in bins)


def _cheapest_box(problem: Problem, content) -> int:
    fitting = (b for b, box in enumerate(problem.boxes) if problem.fits(content, box))
    return min(fitting, key=lambda b: problem.boxes[b].cost)


def _most_mass(problem: Problem, box: Box) -> int:
    content, exact = fullest_content(problem, box, problem.counts, None)
    return problem.mass(content) if exact else box.capacity


def _useful_boxes(problem: Problem) -> list[int]:
    """Return the boxes that no box at the same cost or less can stand in for."""
    boxes = problem.boxes
    return [
        i
        for i, box in enumerate(boxes)
        if not any(
            other.covers(box) and (other.cost, j) < (box.cost, i)
            for j, other in enumerate(boxes)
            if j != i
        )
    ]


def _cheaper_fleets(problem, useful, count: int, cost_limit: int) -> list[tuple]:
    """Return fleets of ``count`` boxes below a cost that could take all, cheap first.

    A fleet is a tuple with the number of each box of the problem.
    """
    listed = []
    for fleet in _fleets(problem, useful, count, cost_limit):
        cost = sum(n * box.cost for n, box in zip(fleet, problem.boxes, strict=True))
        # Of equal costs the fleet with more of the earlier boxes comes first.
        listed.append((cost, tuple(-n for n in fleet), fleet))
    return [fleet for _cost, _order, fleet in sorted(listed)[:_FLEETS_TRIED]]


def _fleets(problem: Problem, useful, count: int, cost_limit: int) -> Iterator[tuple]:
    """Yield, in no particular order, the fleets below a cost that are not too small."""
    mass, places = problem.mass(problem.counts), problem.places_of(problem.counts)
    boxes = [problem.boxes[b] for b in useful]
    # A box counts for what these packages can make of it, not for its whole capacity.
    masses = [_most_mass(problem, box) for box in boxes]
    steps = 0

    def descend(position, left, mass, places, budget, fleet):
        nonlocal steps
        steps += 1
        if steps > _LISTING_STEPS:
            return
        if not left:
            if mass <= 0 and places <= 0 and budget > 0:
                yield tuple(fleet)
            return
        rest = boxes[position:]
        if (
            not rest
            or left * max(masses[position:]) < mass
            or left * max(box.places for box in rest) < places
            or left * min(box.cost for box in rest) >= budget
        ):
            return
        box = boxes[position]
        numbers = range(left, -1, -1) if len(rest) > 1 else (left,)
        for number in numbers:
            fleet[useful[position]] = number
            yield from descend(
                position + 1,
                left - number,
                mass - number * masses[position],
                places - number * box.places,
                budget - number * box.cost,
                fleet,
            )
        fleet[useful[position]] = 0

    yield from descend(0, count, mass, places, cost_limit, [0] * len(problem.boxes))
