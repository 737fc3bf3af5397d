# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From a problem to its packing: fewest bins, then least cost, then even if wished."""

from .fewest import fewest_bins
from .greedy import evened
from .problem import Packing, Problem
from .savings import cheaper

# Another vehicle costs more than spare capacity does: the effort goes to the number.
_SAVINGS_EFFORT = 5_000


def pack(problem: Problem, *, even: bool, effort: int) -> Packing:
    """Return the packing with the fewest bins, then the least cost.

    The cost is the least wherever the packing is small enough to be sure of it.

    :param even: whether masses should then be made more equal, in the same boxes.
    :param effort: limit of the exact search, in steps.
    """
    bins, lower_bound = fewest_bins(problem, effort)
    bins = cheaper(problem, bins, min(effort, _SAVINGS_EFFORT))
    if even:
        bins = evened(problem, bins)
    fullest_first = sorted(
        bins,
        key=lambda one: (problem.boxes[one[0]].capacity - problem.mass(one[1]), one[0]),
    )
    return Packing(tuple(fullest_first), lower_bound)
