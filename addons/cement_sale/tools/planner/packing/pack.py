# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From a problem to its packing: fewest bins, then even if wished, then least cost."""

from .fewest import fewest_bins
from .greedy import evened
from .problem import Packing, Problem
from .savings import cheaper, in_cheapest_boxes

# Another vehicle costs more than spare capacity does: the effort goes to the number.
_SAVINGS_EFFORT = 5_000


def pack(
    problem: Problem, *, even: bool, effort: int, any_boxes: bool = True
) -> Packing:
    """Return the packing with the fewest bins, then the least cost.

    The cost is the least wherever the packing is small enough to be sure of it.

    :param even: whether masses should be made more equal before cost is looked at.
    :param effort: limit of the exact search, in steps.
    :param any_boxes: whether other boxes may be taken to that end; else the masses
        are made more equal in those of the least cost.
    """
    fewest, lower_bound = fewest_bins(problem, effort)
    bins = cheaper(problem, fewest, min(effort, _SAVINGS_EFFORT))
    if even:
        bins = evened(problem, bins)
        if any_boxes:
            # a smaller box saves cost, but leaves the others more than their share
            roomy = in_cheapest_boxes(problem, evened(problem, fewest))
            bins = min(bins, roomy, key=lambda some: _spread(problem, some))
    fullest_first = sorted(
        bins,
        key=lambda one: (problem.boxes[one[0]].capacity - problem.mass(one[1]), one[0]),
    )
    return Packing(tuple(fullest_first), lower_bound)


def _spread(problem: Problem, bins) -> int:
    """Return the difference between the heaviest and the lightest bin."""
    masses = [problem.mass(content) for _box, content in bins]
    return max(masses) - min(masses)
