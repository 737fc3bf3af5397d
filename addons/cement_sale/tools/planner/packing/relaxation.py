"""How many bins are needed when bins may be cut: the bound of Gilmore and Gomory.

The linear programme "which contents how often" is solved by column generation. Its
value, rounded up, is nearly always the number of bins of the best packing, and its
contents, rounded down, nearly always a good part of one.

The simplex works in floats, and that is harmless: floats only *suggest* values for the
kinds. The bound is then proven in integers: if no content is worth more than V, then
packages worth W together need at least W / V bins (Farley, 1990).
"""

from dataclasses import dataclass

from .knapsack import most_valuable
from .problem import Bin, Content, Problem

_SCALE = 10**9
# In units of 1/_SCALE bin: below it a content does not improve the programme.
_TOLERANCE = 1_000
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Prices:
    """What each package is worth, such that no bin can hold more than ``of_bin``.

    Packages worth W in total need W / ``of_bin`` bins, whatever their masses: kinds
    that only a small vehicle takes, or that use up the places, are dear.
    """

    of_kind: tuple[int, ...]
    of_bin: int

    def of(self, content: Content) -> int:
        return sum(map(int.__mul__, content, self.of_kind))

    def bins_for(self, content: Content) -> int:
        """Return the number of bins that this content needs at least."""
        return -(-self.of(content) // self.of_bin)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The bins of the cut packing with their amounts, and the prices that bound it."""

    prices: Prices
    bins: tuple[tuple[Bin, float], ...]


def relax(problem: Problem, boxes, counts: Content, enough: int) -> Relaxation:
    """Solve the relaxation for ``counts``; stops when the bound reaches ``enough``."""
    kinds = [i for i, n in enumerate(counts) if n]
    columns = [_only(problem, boxes, counts, i) for i in kinds]
    amounts = [
        counts[i] / column[1][i] for i, column in zip(kinds, columns, strict=True)
    ]
    inverse = [
        [1 / columns[r][1][kinds[r]] if r == c else 0.0 for c in range(len(kinds))]
        for r in range(len(kinds))
    ]
    best = Prices(problem.sizes, max(problem.boxes[b].capacity for b in boxes))
    for _pivot in range(50 + 20 * len(kinds)):
        values = [0] * len(counts)
        for c, i in enumerate(kinds):
            values[i] = max(0, round(sum(row[c] for row in inverse) * _SCALE))
        value, bound, entering = _best_bin(problem, boxes, values, counts)
        prices = Prices(tuple(values), bound)
        if prices.of(counts) * best.of_bin > best.of(counts) * prices.of_bin:
            best = prices
        if best.bins_for(counts) >= enough or value <= _SCALE + _TOLERANCE:
            break
        row = _pivot_row(inverse, amounts, [entering[1][i] for i in kinds])
        if row is None:
            break
        columns[row] = entering
    return Relaxation(best, tuple(zip(columns, amounts, strict=True)))


def _only(problem: Problem, boxes, counts: Content, kind: int) -> Bin:
    """Return the bin that holds most of one kind alone."""

    def number(b):
        box = problem.boxes[b]
        if not problem.takes(box, kind):
            return 0
        by_mass = min(counts[kind], box.capacity // problem.sizes[kind])
        return min(by_mass, box.places) if problem.places[kind] else by_mass

    best = max(boxes, key=number)
    content = [0] * len(counts)
    content[kind] = number(best)
    return best, tuple(content)


def _best_bin(problem: Problem, boxes, values, counts: Content):
    """Return (value, bound, bin) over all boxes."""
    found = [
        (b, most_valuable(problem, problem.boxes[b], values, counts)) for b in boxes
    ]
    best, (value, _bound, content) = max(found, key=lambda pair: pair[1][0])
    return value, max(bound for _b, (_v, bound, _c) in found), (best, content)


def _pivot_row(inverse, amounts, column) -> int | None:
    """Bring a column into the basis, in place; return the row that it took over."""
    rows = range(len(amounts))
    direction = [sum(map(float.__mul__, inverse[r], map(float, column))) for r in rows]
    leaving = [r for r in rows if direction[r] > _EPSILON]
    if not leaving:
        return None
    pivot = min(leaving, key=lambda r: amounts[r] / direction[r])
    scale = direction[pivot]
    inverse[pivot] = [cell / scale for cell in inverse[pivot]]
    amounts[pivot] = max(0.0, amounts[pivot] / scale)
    for r in rows:
        if r != pivot and direction[r]:
            factor = direction[r]
            inverse[r] = [
                a - factor * b for a, b in zip(inverse[r], inverse[pivot], strict=True)
            ]
            amounts[r] = max(0.0, amounts[r] - factor * amounts[pivot])
    return pivot
