# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Fast packings that are usually the best one already."""

from collections.abc import Iterable, Sequence

from .contents import fullest_content, most
from .problem import Bin, Box, Content, Problem


def first_fit_decreasing(
    problem: Problem, boxes: Sequence[int], counts: Content
) -> list[Bin]:
    """Return bins filled one after the other from the heaviest kind down."""
    return _bin_by_bin(problem, boxes, counts, _downward)


def fullest_bins(problem: Problem, boxes: Sequence[int], counts: Content) -> list[Bin]:
    """Return bins of which each holds the heaviest package left and is then made as
    full as can be (the "minimum bin slack" rule of Gupta and Ho, 1999)."""
    return _bin_by_bin(problem, boxes, counts, lambda *args: fullest_content(*args)[0])


def _bin_by_bin(problem, boxes, counts, fill) -> list[Bin]:
    """Return bins as ``fill(problem, box, left, lead)`` fills them.

    A content that can be had again is repeated at once, so the work grows with the
    number of different contents and not of packages.
    """
    bins, left = [], list(counts)
    for lead in range(len(left)):
        while left[lead]:
            candidates = [
                (b, fill(problem, problem.boxes[b], left, lead))
                for b in boxes
                if problem.takes(problem.boxes[b], lead)
            ]
            box, content = max(candidates, key=lambda pair: problem.mass(pair[1]))
            times = min(left[i] // n for i, n in enumerate(content) if n)
            bins.extend([(box, content)] * times)
            for i, n in enumerate(content):
                left[i] -= n * times
    return bins


def _downward(problem: Problem, box: Box, left: Sequence[int], lead: int) -> Content:
    """Return the content that takes of each kind, heaviest first, what still fits."""
    content = [0] * len(left)
    room, places = box.capacity, box.places
    for i in range(lead, len(left)):
        number = most(problem, box, i, left[i], room, places)
        content[i] = number
        room -= number * problem.sizes[i]
        places -= number * problem.places[i]
    return tuple(content)


def evened(problem: Problem, bins: Sequence[Bin]) -> list[Bin]:
    """Return the same packages in the same boxes with masses nearer to each other.

    Each package, heaviest first, goes to the lightest bin that takes it. When one
    finds no bin, or nothing is won, the packing stays as it was.
    """
    counts = [
        sum(column) for column in zip(*(content for _b, content in bins), strict=True)
    ]
    filled = [[0] * len(counts) for _bin in bins]
    mass, places = [0] * len(bins), [0] * len(bins)
    for kind, count in enumerate(counts):
        size, place = problem.sizes[kind], problem.places[kind]
        for portion in _portions(count, len(bins)):
            fitting = [
                i
                for i, (b, _content) in enumerate(bins)
                if problem.boxes[b].accepts[kind]
                and mass[i] + portion * size <= problem.boxes[b].capacity
                and places[i] + portion * place <= problem.boxes[b].places
            ]
            if not fitting:
                return list(bins)
            i = min(fitting, key=mass.__getitem__)
            filled[i][kind] += portion
            mass[i] += portion * size
            places[i] += portion * place
    before = [problem.mass(content) for _b, content in bins]
    if min(mass) == 0 or max(mass) - min(mass) >= max(before) - min(before):
        return list(bins)
    return [(b, tuple(own)) for (b, _c), own in zip(bins, filled, strict=True)]


def _portions(count: int, bins: int) -> Iterable[int]:
    """Return ``count`` in portions: handfuls while there are many, then one by one."""
    while count:
        portion = max(1, count // (bins * 4))
        yield portion
        count -= portion
