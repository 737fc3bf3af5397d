# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which part of a shipment one vehicle may take. Pure: masses in whole kilograms."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

NOTHING: Final = "nothing"
FOREIGN: Final = "foreign"
TOO_MUCH: Final = "too_much"
TOO_SMALL: Final = "too_small"
TOO_MANY: Final = "too_many"
PACKAGE: Final = "package"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the shipment.

    :param kg: what waits of it.
    :param package_kg: mass of a package that cannot be opened; 0 for bulk.
    """

    kg: int
    package_kg: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a part may not be taken, and of which line that is said, if of one."""

    code: str
    line: Hashable = None


def find_fault(
    taken: Mapping[Hashable, int],
    lines: Mapping[Hashable, Line],
    least_kg: int,
    parts: int,
    most_parts: int,
) -> Fault | None:
    """Return what is wrong with taking so much of each line; ``None`` when nothing.

    The whole may always be taken, whatever was parted before.

    :param least_kg: neither part may be smaller.
    :param parts: shipments that the order was parted into so far.
    """
    for key, kg in taken.items():
        if key not in lines:
            return Fault(FOREIGN, key)
        if not 0 <= kg <= lines[key].kg:
            return Fault(TOO_MUCH, key)
    total = sum(taken.values())
    whole = sum(line.kg for line in lines.values())
    if not total:
        return Fault(NOTHING)
    if total == whole:
        return None
    if min(total, whole - total) < least_kg:
        return Fault(TOO_SMALL)
    if parts >= most_parts:
        return Fault(TOO_MANY)
    for key, kg in taken.items():
        line = lines[key]
        if line.package_kg and kg < line.kg and kg % line.package_kg:
            return Fault(PACKAGE, key)
    return None
