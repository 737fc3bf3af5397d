"""Exact search: do these packages fit into that many bins?

Bin completion (Martello and Toth 1990, Korf 2003): the heaviest package left has to
lie somewhere, so one bin after another is chosen among the contents that hold it. Three
things keep it small: a bin must be so full that the rest can still fit; only maximal
contents count; what is left over and failed once is not tried again.
"""

from collections.abc import Iterator, Sequence

from .contents import fullest_content, worthwhile_contents
from .problem import Bin, Content, Problem

# Deeper than this Python's own recursion limit comes near; large problems get here
# only after their greater part was fixed by the relaxation.
_DEEPEST = 150
# Contents compared at one step, so that one step cannot eat all the effort.
_WIDEST = 2_000


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

    def into(self, counts: Content, bins: int) -> list[Bin] | None:
        """Return a packing into at most ``bins`` bins, None when there is none.

        :raises GaveUp: when the effort does not suffice to know.
        """
        largest = max(self._problem.boxes[b].capacity for b in self._boxes)
        roomiest = max(self._problem.boxes[b].places for b in self._boxes)
        return self._run(counts, (bins,), largest, roomiest)

    def into_fleet(self, counts: Content, fleet: Sequence[int]) -> list[Bin] | None:
        """Return a packing into exactly these boxes (``fleet[i]`` of box ``i``).

        :raises GaveUp: when the effort does not suffice to know.
        """
        return self._run(counts, tuple(fleet), None, None)

    def _run(self, counts, stock, largest, roomiest):
        count = sum(stock)
        if count > _DEEPEST:
            raise GaveUp
        problem = self._problem
        failed = set()
        chosen = []

        def capacities(stock):
            """Return the (mass, places) that the bins in stock take."""
            if largest is not None:
                return stock[0] * largest, stock[0] * roomiest
            return (
                sum(
                    n * box.capacity
                    for n, box in zip(stock, problem.boxes, strict=True)
                ),
                sum(
                    n * box.places for n, box in zip(stock, problem.boxes, strict=True)
                ),
            )

        def descend(left: Content, stock) -> bool:
            lead = next((i for i, n in enumerate(left) if n), None)
            if lead is None:
                return True
            mass, places = capacities(stock)
            spare = mass - problem.mass(left)
            if spare < 0 or problem.places_of(left) > places:
                return False
            if (left, stock) in failed:
                return False
            for b, content in self._candidates(left, stock, largest, lead, spare):
                chosen.append((b, content))
                rest = tuple(map(int.__sub__, left, content))
                if descend(rest, _without(stock, b, largest)):
                    return True
                chosen.pop()
            failed.add((left, stock))
            return False

        self._cut_short = False
        if descend(counts, stock):
            return chosen
        if self._cut_short:
            raise GaveUp
        return None

    def _candidates(self, left, stock, largest, lead, spare) -> Iterator[Bin]:
        """Yield the bins worth trying for the lead, fullest first."""
        problem = self._problem
        boxes = [
            b
            for b in self._boxes
            if (largest is not None or stock[b])
            and problem.takes(problem.boxes[b], lead)
        ]
        if not boxes:
            return
        # The fullest alone leads to the goal so often that the rest is listed only
        # when it did not.
        first = max(
            (
                (b, fullest_content(problem, problem.boxes[b], left, lead)[0])
                for b in boxes
            ),
            key=lambda one: problem.mass(one[1]),
        )
        yield first
        found = {}
        for b in boxes:
            box = problem.boxes[b]
            floor = (box.capacity if largest is None else largest) - spare
            contents = worthwhile_contents(problem, box, left, lead, floor, self._spend)
            for content in contents:
                if len(found) == _WIDEST:
                    self._cut_short = True
                    break
                # A fleet tells its boxes apart, a bare number of bins does not.
                found.setdefault((content, b if largest is None else None), b)
        found.pop((first[1], first[0] if largest is None else None), None)
        bins = [(b, content) for (content, _b), b in found.items()]
        bins.sort(key=lambda one: (problem.mass(one[1]), one[1]), reverse=True)
        yield from bins


def _without(stock, box: int, largest):
    """Return the stock after one bin was used."""
    if largest is not None:
        return (stock[0] - 1,)
    return (*stock[:box], stock[box] - 1, *stock[box + 1 :])
