# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which axles count together, and how the law reads a group.

Rules of reading (section 1.2 of the logistics facts of the project): axles no
further apart than 2.5 m are a group; unequal spacings count by their arithmetic
mean; mixed tyres make the whole group single-tyred; air suspension counts when
every axle of the group has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .statics import EIGHT, SINGLE, TWIN, Axle

# Axles further apart than this carry alone.
GAP_MM: Final = 2500


@dataclass(frozen=True, slots=True)
class Group:
    """Axles that the law counts together.

    :param places: places of its axles in the list of axles.
    :param spacing_mm: mean distance of neighbours, up to a whole mm (bounds are
        whole, so nothing changes by that); 0 for an axle alone.
    """

    places: tuple[int, ...]
    numbers: tuple[int, ...]
    spacing_mm: int
    tyres: str
    air: bool

    @property
    def count(self) -> int:
        return len(self.places)


def group_axles(axles: Sequence[Axle], gap_mm: int = GAP_MM) -> tuple[Group, ...]:
    """Return the groups of *axles*, which come in order of their positions."""
    runs: list[list[int]] = []
    for place, axle in enumerate(axles):
        near = place and axle.position_mm - axles[place - 1].position_mm <= gap_mm
        if near:
            runs[-1].append(place)
        else:
            runs.append([place])
    return tuple(_group(axles, run) for run in runs)


def group_tyres(tyres: Sequence[str]) -> str:
    """Return how the tyres of a group count: mixed ones as single.

    Eight-wheel axles beside twin-tyred ones count as twin: the lesser of the two.
    """
    kinds = set(tyres)
    if len(kinds) == 1:
        return kinds.pop()
    return TWIN if kinds == {TWIN, EIGHT} else SINGLE


def _group(axles: Sequence[Axle], run: list[int]) -> Group:
    own = [axles[place] for place in run]
    length = own[-1].position_mm - own[0].position_mm
    return Group(
        places=tuple(run),
        numbers=tuple(axle.number for axle in own),
        spacing_mm=-(-length // max(len(own) - 1, 1)),
        tyres=group_tyres([axle.tyres for axle in own]),
        air=all(axle.air for axle in own),
    )
