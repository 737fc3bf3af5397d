# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The packing problem in numbers, free of trucks and products.

A *kind* is a set of equal packages. Kinds are numbered in the order in which they are
packed: those that few boxes accept first, then the heaviest. A *content* is a tuple
with the number of packages of each kind in one bin (or still to pack); a *bin* is a
pair of box index and content.
"""

from dataclasses import dataclass

Content = tuple[int, ...]
Bin = tuple[int, Content]


@dataclass(frozen=True, slots=True)
class Box:
    """A type of bin: what it takes by mass, by places and by kind, and its cost."""

    capacity: int
    places: int
    accepts: tuple[bool, ...]
    cost: int

    def covers(self, other: "Box") -> bool:
        """Say whether all that fits ``other`` fits this one."""
        return (
            self.capacity >= other.capacity
            and self.places >= other.places
            and all(a >= b for a, b in zip(self.accepts, other.accepts, strict=True))
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Packages to pack: ``counts`` of ``sizes`` kg that take ``places`` each (0 or 1).

    Every kind is accepted by at least one box that is large enough for it.
    """

    sizes: tuple[int, ...]
    places: tuple[int, ...]
    counts: Content
    boxes: tuple[Box, ...]

    def mass(self, content: Content) -> int:
        return sum(map(int.__mul__, content, self.sizes))

    def places_of(self, content: Content) -> int:
        return sum(map(int.__mul__, content, self.places))

    def takes(self, box: Box, kind: int) -> bool:
        """Say whether one package of a kind fits an empty box."""
        return (
            box.accepts[kind]
            and self.sizes[kind] <= box.capacity
            and self.places[kind] <= box.places
        )

    def fits(self, content: Content, box: Box) -> bool:
        return (
            self.mass(content) <= box.capacity
            and self.places_of(content) <= box.places
            and all(ok or not n for ok, n in zip(box.accepts, content, strict=True))
        )


@dataclass(frozen=True, slots=True)
class Packing:
    """The answer: the bins, fullest first, and a number of bins no packing can beat."""

    bins: tuple[Bin, ...]
    lower_bound: int
