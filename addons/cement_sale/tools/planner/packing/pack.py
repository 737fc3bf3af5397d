"""From a problem to its packing: fewest bins, then least cost, then even if wished."""

from .fewest import fewest_bins
from .greedy import evened
from .problem import Packing, Problem
from .savings import cheaper

# Another vehicle costs more than spare capacity does: most effort goes to the number.
_SAVINGS_SHARE = 10


def pack(problem: Problem, *, even: bool, effort: int) -> Packing:
    """Return the packing with the fewest bins, then the least cost.

    :param even: whether masses should then be made more equal, in the same boxes.
    :param effort: limit of the exact search, in steps.
    """
    bins, lower_bound = fewest_bins(problem, effort)
    bins = cheaper(problem, bins, effort // _SAVINGS_SHARE)
    if even:
        bins = evened(problem, bins)
    fullest_first = sorted(
        bins,
        key=lambda one: (problem.boxes[one[0]].capacity - problem.mass(one[1]), one[0]),
    )
    return Packing(tuple(fullest_first), lower_bound)
