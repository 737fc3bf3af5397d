"""The packing problem in numbers, free of trucks and products.

A *kind* is a set of equal packages. Kinds are numbered from the heaviest; a *content*
is a tuple with the number of packages of each kind in one bin (or still to pack).
"""

from dataclasses import dataclass

Content = tuple[int, ...]


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
    """Packages to pack: ``counts`` of ``sizes`` kg that take ``places`` each.

    Every kind is accepted by at least one box that is large enough for it.
    """

    sizes: tuple[int, ...]
    places: tuple[int, ...]
    counts: Content
    boxes: tuple[Box, ...]

    def mass(self, content: Content) -> int:
        return sum(n * size for n, size in zip(content, self.sizes, strict=True))

    def places_of(self, content: Content) -> int:
        return sum(n * p for n, p in zip(content, self.places, strict=True))

    def fits(self, content: Content, box: Box) -> bool:
        return (
            self.mass(content) <= box.capacity
            and self.places_of(content) <= box.places
            and all(ok or not n for ok, n in zip(box.accepts, content, strict=True))
        )


@dataclass(frozen=True, slots=True)
class Packing:
    """The answer: (box index, content) for each bin, and what no packing can beat."""

    bins: tuple[tuple[int, Content], ...]
    lower_bound: int
