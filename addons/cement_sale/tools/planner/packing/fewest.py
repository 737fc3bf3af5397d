# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The fewest bins: greedy first, and the heavy tools only where greedy is in doubt."""

from collections.abc import Iterator, Sequence

from .contents import fullest_content
from .greedy import first_fit_decreasing, fullest_bins
from .problem import Bin, Content, Problem
from .relaxation import Relaxation, relax
from .search import GaveUp, Search

# Steps for what is left after rounding down: it is small, and there are several tries.
_REMAINDER_EFFORT = 10_000


def fewest_bins(problem: Problem, effort: int) -> tuple[list[Bin], int]:
    """Return (bins, proven lower bound on their number)."""
    boxes = _largest_boxes(problem)
    # Each stage costs more than the one before and is seldom needed.
    bins = first_fit_decreasing(problem, boxes, problem.counts)
    bound = -(-problem.mass(problem.counts) // _largest_capacity(problem))
    if len(bins) == bound:
        return bins, bound
    bins = min(bins, fullest_bins(problem, boxes, problem.counts), key=len)
    bound = _simple_bound(problem, boxes)
    if len(bins) == bound:
        return bins, bound
    relaxed = relax(problem, boxes, problem.counts, enough=len(bins))
    bound = max(bound, relaxed.prices.bins_for(problem.counts))
    while bound < len(bins):
        try:
            better = _into(problem, boxes, relaxed, bound, effort)
        except GaveUp:
            break
        if better is not None:
            return better, bound
        bound += 1
    return bins, bound


def _largest_capacity(problem: Problem) -> int:
    return max(box.capacity for box in problem.boxes)


def _largest_boxes(problem: Problem) -> list[int]:
    """Return the boxes that no other can stand in for: the others only save cost."""
    boxes = problem.boxes
    return [
        i
        for i, box in enumerate(boxes)
        if not any(
            other.covers(box) and (j < i or not box.covers(other))
            for j, other in enumerate(boxes)
            if j != i
        )
    ]


def _simple_bound(problem: Problem, boxes: Sequence[int]) -> int:
    """Return the bins needed by mass and by places.

    By mass a bin counts for what the fullest content makes of it: of pallets of 1.8 t
    a truck of 20 t takes 19.8.
    """
    by_mass, by_places = 0, 0
    for b in boxes:
        box = problem.boxes[b]
        content, exact = fullest_content(problem, box, problem.counts, None)
        by_mass = max(by_mass, problem.mass(content) if exact else box.capacity)
        by_places = max(by_places, box.places)
    mass, places = problem.mass(problem.counts), problem.places_of(problem.counts)
    needed = -(-mass // by_mass)
    return max(needed, -(-places // by_places)) if places else needed


def _into(problem, boxes, relaxed: Relaxation, bins: int, effort: int):
    """Return a packing into ``bins`` bins, None when it is proven that there is none.

    :raises GaveUp: when the effort ends before that.
    """
    for fixed, left in _rounded(problem, relaxed):
        free = bins - len(fixed)
        for greedy in (first_fit_decreasing, fullest_bins):
            rest = greedy(problem, boxes, left)
            if len(rest) <= free:
                return fixed + rest
        try:
            search = Search(problem, boxes, min(effort, _REMAINDER_EFFORT))
            missing = relaxed.prices.least
            for box, _content in fixed:
                missing = relaxed.prices.after(missing, box)
            found = search.into(left, free, relaxed.prices, missing)
        except GaveUp:
            continue
        if found is not None:
            return fixed + found
    search = Search(problem, boxes, effort)
    prices = relaxed.prices
    return search.into(problem.counts, bins, prices, prices.least)


def _rounded(
    problem: Problem, relaxed: Relaxation
) -> Iterator[tuple[list[Bin], Content]]:
    """Yield (fixed bins, what is left): the cut packing rounded down, then loosened.

    Loosening frees one bin of each content in turn, so that the search may choose
    again.
    """
    whole = [(one, int(amount + 1e-9)) for one, amount in relaxed.bins]
    variants = [whole]
    for row, (one, times) in enumerate(whole):
        if times:
            variants.append([*whole[:row], (one, times - 1), *whole[row + 1 :]])
    variants.append([(one, max(0, times - 1)) for one, times in whole])
    variants.append([(one, max(0, times - 2)) for one, times in whole])
    for variant in variants:
        fixed, left = [], list(problem.counts)
        for (box, content), times in variant:
            for _time in range(times):
                if any(n > have for n, have in zip(content, left, strict=True)):
                    break
                fixed.append((box, content))
                left = [have - n for n, have in zip(content, left, strict=True)]
        yield fixed, tuple(left)
