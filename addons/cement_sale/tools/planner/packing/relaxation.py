# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""How many bins are needed when bins may be cut: the bound of Gilmore and Gomory.

The linear programme "which contents how often" is solved by column generation. Its
value, rounded up, is nearly always the number of bins of the best packing, and its
contents, rounded down, nearly always a good part of one.

Where some kinds go into some boxes only, the boxes that take them are counted first, by
themselves, and that number is rounded up: 2.3 small trucks are three. These *quotas*
become rows of the programme.

The simplex works in floats, and that is harmless: floats only *suggest* prices. The
bound is then proven in integers: if no bin can be worth more than V, then packages and
quotas worth W together need at least W / V bins (Farley, 1990).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .knapsack import most_valuable
from .problem import Bin, Content, Problem

_SCALE = 10**9
# In units of 1/_SCALE bin: below it a content does not improve the programme.
_TOLERANCE = 1_000
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``least`` bins are of these boxes, in every packing."""

    boxes: frozenset
    least: int


@dataclass(frozen=True, slots=True)
class Prices:
    """What packages and quotas are worth, such that no bin is worth above ``of_bin``.

    A bin is worth its packages and, for each quota that it serves, the price of that.
    Kinds that only a small vehicle takes, or that use up the places, are dear.
    """

    of_kind: tuple[int, ...]
    of_bin: int
    quotas: tuple[Quota, ...] = ()
    of_quota: tuple[int, ...] = ()

    def of(self, content: Content) -> int:
        return sum(map(int.__mul__, content, self.of_kind))

    def of_quotas(self, missing: Sequence[int]) -> int:
        """Return what so many bins still missing from each quota are worth."""
        return sum(map(int.__mul__, missing, self.of_quota))

    def after(self, missing: Sequence[int], box: int) -> tuple[int, ...]:
        """Return what is missing from the quotas after one more bin of this box."""
        return tuple(
            n - 1 if n and box in quota.boxes else n
            for n, quota in zip(missing, self.quotas, strict=True)
        )

    @property
    def least(self) -> tuple[int, ...]:
        return tuple(quota.least for quota in self.quotas)

    def total(self, content: Content) -> int:
        """Return what a content and the whole quotas are worth."""
        return self.of(content) + self.of_quotas(self.least)

    def bins_for(self, content: Content) -> int:
        """Return the number of bins that these packages need at least."""
        return -(-self.total(content) // self.of_bin)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The bins of the cut packing with their amounts, and the prices that bound it."""

    prices: Prices
    bins: tuple[tuple[Bin, float], ...]


def relax(
    problem: Problem, boxes: Sequence[int], counts: Content, enough: int | None = None
) -> Relaxation:
    """Solve the relaxation for ``counts``; stops when the bound reaches ``enough``."""
    quotas = _quotas(problem, boxes, counts)
    programme = _Programme(problem, boxes, counts, quotas)
    best = None
    for _pivot in range(50 + 20 * programme.size):
        row = programme.overfull_quota()
        if row is not None:
            if not programme.enter(None, row):
                break
            continue
        values, quota_values = programme.values()
        value, bound, entering = _best_bin(
            problem, boxes, values, quotas, quota_values, counts
        )
        prices = Prices(values, bound, quotas, quota_values)
        if best is None or (
            prices.total(counts) * best.of_bin > best.total(counts) * prices.of_bin
        ):
            best = prices
        if enough is not None and best.bins_for(counts) >= enough:
            break
        if value <= _SCALE + _TOLERANCE or not programme.enter(entering):
            break
    if best is None:
        best = Prices(problem.sizes, max(problem.boxes[b].capacity for b in boxes))
    return Relaxation(best, programme.bins())


def _quotas(problem: Problem, boxes: Sequence[int], counts: Content):
    """Return the quotas of the kinds that not every box takes."""
    homes = {
        kind: frozenset(b for b in boxes if problem.takes(problem.boxes[b], kind))
        for kind, count in enumerate(counts)
        if count
    }
    quotas = []
    for home in dict.fromkeys(homes.values()):
        if len(home) == len(boxes):
            continue
        bound_to_it = tuple(
            count if count and homes[kind] <= home else 0
            for kind, count in enumerate(counts)
        )
        inside = relax(problem, sorted(home), bound_to_it)
        quotas.append(Quota(home, inside.prices.bins_for(bound_to_it)))
    return tuple(quotas)


def _best_bin(problem: Problem, boxes, values, quotas, quota_values, counts: Content):
    """Return (value, bound, bin) over all boxes, quotas served included."""
    found = []
    for b in boxes:
        served = sum(
            value
            for quota, value in zip(quotas, quota_values, strict=True)
            if b in quota.boxes
        )
        value, bound, content = most_valuable(problem, problem.boxes[b], values, counts)
        found.append((value + served, bound + served, (b, content)))
    value, _bound, entering = max(found, key=lambda one: one[0])
    return value, max(bound for _v, bound, _bin in found), entering


class _Programme:
    """The simplex tableau: a row for each kind, then a row for each quota.

    A column is a bin (cost 1), the surplus of a quota (cost 0), or, at the start only,
    what is missing from a quota (cost 2: dearer than the bin that would mend it).
    """

    def __init__(self, problem: Problem, boxes, counts: Content, quotas):
        self._kinds = [i for i, n in enumerate(counts) if n]
        self._number_of_kinds = len(counts)
        self._quotas = quotas
        self._columns = [_only(problem, boxes, counts, i) for i in self._kinds]
        own = [
            content[i]
            for i, (_b, content) in zip(self._kinds, self._columns, strict=True)
        ]
        self._amounts = [counts[i] / n for i, n in zip(self._kinds, own, strict=True)]
        self._costs = [1.0] * len(self._kinds)
        self.size = len(self._kinds) + len(quotas)
        self._inverse = [[0.0] * self.size for _row in range(self.size)]
        for r, n in enumerate(own):
            self._inverse[r][r] = 1 / n
        for r, quota in enumerate(quotas, start=len(self._kinds)):
            self._start_quota(r, quota, own)

    def _start_quota(self, row: int, quota: Quota, own: list[int]) -> None:
        serving = [
            r for r, (b, _c) in enumerate(self._columns[: len(own)]) if b in quota.boxes
        ]
        surplus = sum(self._amounts[r] for r in serving) - quota.least
        sign = -1.0 if surplus >= 0 else 1.0
        self._columns.append(None)
        self._amounts.append(abs(surplus))
        self._costs.append(0.0 if surplus >= 0 else 2.0)
        self._inverse[row][row] = sign
        for r in serving:
            self._inverse[row][r] = -sign / own[r]

    def _duals(self) -> list[float]:
        return [
            sum(
                cost * row[c]
                for cost, row in zip(self._costs, self._inverse, strict=True)
            )
            for c in range(self.size)
        ]

    def values(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return (value of each kind, value of each quota), in 1/_SCALE of a bin."""
        scaled = [max(0, round(dual * _SCALE)) for dual in self._duals()]
        values = [0] * self._number_of_kinds
        for i, value in zip(self._kinds, scaled, strict=False):
            values[i] = value
        return tuple(values), tuple(scaled[len(self._kinds) :])

    def overfull_quota(self) -> int | None:
        """Return the row of a quota that it would pay to exceed."""
        duals = self._duals()
        for row in range(len(self._kinds), self.size):
            if duals[row] < -_TOLERANCE / _SCALE:
                return row
        return None

    def enter(self, one: Bin | None, surplus_of: int | None = None) -> bool:
        """Bring a bin or the surplus of a quota into the basis; False if it cannot."""
        if one is None:
            column = [0.0] * self.size
            column[surplus_of] = -1.0
        else:
            box, content = one
            column = [float(content[i]) for i in self._kinds]
            column += [float(box in quota.boxes) for quota in self._quotas]
        inverse, amounts, rows = self._inverse, self._amounts, range(self.size)
        direction = [sum(map(float.__mul__, inverse[r], column)) for r in rows]
        leaving = [r for r in rows if direction[r] > _EPSILON]
        if not leaving:
            return False
        pivot = min(leaving, key=lambda r: amounts[r] / direction[r])
        scale = direction[pivot]
        inverse[pivot] = [cell / scale for cell in inverse[pivot]]
        amounts[pivot] = max(0.0, amounts[pivot] / scale)
        for r in rows:
            factor = direction[r]
            if r != pivot and factor:
                inverse[r] = [
                    a - factor * b
                    for a, b in zip(inverse[r], inverse[pivot], strict=True)
                ]
                amounts[r] = max(0.0, amounts[r] - factor * amounts[pivot])
        self._columns[pivot] = one
        self._costs[pivot] = 0.0 if one is None else 1.0
        return True

    def bins(self) -> tuple[tuple[Bin, float], ...]:
        return tuple(
            (one, amount)
            for one, amount in zip(self._columns, self._amounts, strict=True)
            if one is not None and any(one[1])
        )


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
