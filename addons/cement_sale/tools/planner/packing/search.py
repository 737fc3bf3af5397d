# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Exact search: do these packages fit into that many bins?

Bin completion (Martello and Toth 1990, Korf 2003): the heaviest package left has to
lie somewhere, so one bin after another is chosen among the contents that hold it. Three
things keep it small: a bin must be so full that the rest can still fit; only maximal
contents count; what is left over and failed once is not tried again.
"""

from collections.abc import Iterator, Sequence

from .contents import fullest_content, worthwhile_contents
from .problem import Bin, Box, Content, Problem
from .relaxation import Prices

# Deeper than this Python's own recursion limit comes near; large problems get here
# only after their greater part was fixed by the relaxation.
_DEEPEST = 150
# Contents compared at one step, so that one step cannot eat all the effort.
_WIDEST = 2_000
# Spent on the first content to try: it need not be the very fullest.
_FULLEST_STEPS = 100


class GaveUp(Exception):
    """The effort is used up: neither a packing nor a proof."""


class Search:
    """One budget of effort, shared by all the questions asked.

    ``effort`` counts steps: unlike a time limit it gives the same answer on a busy
    machine.
    """

    def __init__(self, problem: Problem, boxes: Sequence[int], effort: int):
        self._problem = problem
        self._boxes = tuple(boxes)
        self._effort = effort
        self._cut_short = False

    def _spend(self) -> None:
        self._effort -= 1
        if self._effort < 0:
            raise GaveUp

    def into(
        self,
        counts: Content,
        bins: int,
        prices: Prices,
        missing: tuple[int, ...],
    ) -> list[Bin] | None:
        """Return a packing into at most ``bins`` bins, None when there is none.

        :param missing: how many bins the quotas of the prices still want.
        :raises GaveUp: when the effort does not suffice to know.
        """
        return self._run(counts, _Number(self._problem, bins, prices, missing))

    def into_fleet(self, counts: Content, fleet: Sequence[int]) -> list[Bin] | None:
        """Return a packing into exactly these boxes (``fleet[i]`` of box ``i``).

        :raises GaveUp: when the effort does not suffice to know.
        """
        return self._run(counts, _Fleet(self._problem, tuple(fleet)))

    def _run(self, counts: Content, stock) -> list[Bin] | None:
        if stock.count > _DEEPEST:
            raise GaveUp
        failed, chosen = set(), []
        self._cut_short = False

        def descend(left: Content, stock) -> bool:
            lead = next((i for i, n in enumerate(left) if n), None)
            if lead is None:
                return True
            if not stock.could_take(left) or (left, stock.key) in failed:
                return False
            for box, content in self._candidates(left, stock, lead):
                chosen.append((box, content))
                rest = tuple(map(int.__sub__, left, content))
                if descend(rest, stock.without(box)):
                    return True
                chosen.pop()
            failed.add((left, stock.key))
            return False

        if descend(counts, stock):
            return chosen
        if self._cut_short:
            raise GaveUp
        return None

    def _candidates(self, left: Content, stock, lead: int) -> Iterator[Bin]:
        """Yield the bins worth trying for the lead, fullest first."""
        problem = self._problem
        boxes = [
            b
            for b in self._boxes
            if stock.has(b) and problem.takes(problem.boxes[b], lead)
        ]
        if not boxes:
            return
        # The fullest alone leads to the goal so often that the rest is listed only
        # when it did not.
        fullest = [(b, self._fullest(problem.boxes[b], left, lead)) for b in boxes]
        first = max(fullest, key=lambda one: problem.mass(one[1]))
        yield first
        found = {}
        for b in boxes:
            contents = worthwhile_contents(
                problem,
                problem.boxes[b],
                left,
                lead,
                stock.worth,
                stock.floor(b, left),
                self._spend,
            )
            for content in contents:
                if len(found) == _WIDEST:
                    self._cut_short = True
                    break
                found.setdefault(stock.name(b, content), (b, content))
        found.pop(stock.name(*first), None)
        yield from sorted(
            found.values(),
            key=lambda one: (stock.value(one[1]), one[1]),
            reverse=True,
        )

    def _fullest(self, box: Box, left: Content, lead: int) -> Content:
        self._spend()
        content, _exact = fullest_content(
            self._problem, box, left, lead, most_steps=_FULLEST_STEPS
        )
        return content


class _Number:
    """So many bins, each of any box: what is asked when bins are to be fewest."""

    def __init__(self, problem: Problem, count: int, prices: Prices, missing):
        self._problem, self._prices, self._missing = problem, prices, missing
        # What is missing from the quotas is no part of the key: it only proves the
        # sooner what holds for these packages in so many bins however one came here.
        self.count = self.key = count
        self.worth = prices.of_kind

    def could_take(self, left: Content) -> bool:
        wanted = self._prices.of(left) + self._prices.of_quotas(self._missing)
        return wanted <= self.count * self._prices.of_bin

    def has(self, _box: int) -> bool:
        return self.count > 0

    def floor(self, box: int, left: Content) -> int:
        """Return the least worth of a bin that leaves no more than others can take."""
        missing = self._prices.after(self._missing, box)
        wanted = self._prices.of(left) + self._prices.of_quotas(missing)
        return wanted - (self.count - 1) * self._prices.of_bin

    def value(self, content: Content) -> tuple:
        return self._prices.of(content), self._problem.mass(content)

    def name(self, box: int, content: Content):
        """Return what tells bins apart: the box only where quotas count boxes."""
        return (box, content) if self._missing else content

    def without(self, box: int) -> "_Number":
        missing = self._prices.after(self._missing, box)
        return _Number(self._problem, self.count - 1, self._prices, missing)


class _Fleet:
    """Given boxes: what is asked when the number is known and cost is to be least."""

    def __init__(self, problem: Problem, fleet: tuple[int, ...]):
        self._problem = problem
        self.key = fleet
        # No prices here: a kilogram is worth a kilogram.
        self.worth = problem.sizes
        self.count = sum(fleet)
        boxes = problem.boxes
        self._capacity = sum(n * b.capacity for n, b in zip(fleet, boxes, strict=True))
        self._places = sum(n * b.places for n, b in zip(fleet, boxes, strict=True))

    def could_take(self, left: Content) -> bool:
        return (
            self._problem.mass(left) <= self._capacity
            and self._problem.places_of(left) <= self._places
        )

    def has(self, box: int) -> bool:
        return self.key[box] > 0

    def floor(self, box: int, left: Content) -> int:
        others = self._capacity - self._problem.boxes[box].capacity
        return self._problem.mass(left) - others

    def value(self, content: Content) -> int:
        return self._problem.mass(content)

    def name(self, box: int, content: Content):
        return box, content

    def without(self, box: int) -> "_Fleet":
        fleet = (*self.key[:box], self.key[box] - 1, *self.key[box + 1 :])
        return _Fleet(self._problem, fleet)
