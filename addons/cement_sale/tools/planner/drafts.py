# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Steps that bulk and packaged loads have in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .fleet import choose_even_fleet, choose_fleet
from .intake import Accepted, Option
from .model import EVEN, Part

# Dearer than all the capacity of any fleet: a wish outweighs spare kilograms, and the
# number of vehicles, decided before costs are looked at, outweighs the wish.
_AGAINST_THE_WISH = 10**12


@dataclass(frozen=True, slots=True)
class Draft:
    """A load before it gets its number: a vehicle and what is on it.

    ``free_places`` is ``None`` where the places of the vehicle are not limited.
    """

    option: Option
    parts: tuple[Part, ...]
    free_places: int | None = None

    @property
    def mass_kg(self) -> int:
        return sum(part.mass_kg for part in self.parts)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """All loads of one group, and the number of vehicles no plan can do without."""

    loads: tuple[Draft, ...]
    lower_bound: int


def vehicle_cost(option: Option, wish) -> int:
    """Return the cost by which fleets of one size are compared, in kg of capacity."""
    penalty = 0 if wish is None or option.vehicle.key == wish else _AGAINST_THE_WISH
    return option.kg + penalty


def first_wish(lines: Iterable[Accepted]):
    """Return the preferred vehicle of the first line that has one that fits it."""
    for accepted in lines:
        wish = accepted.line.preferred_vehicle_key
        if wish is not None and any(o.vehicle.key == wish for o in accepted.options):
            return wish
    return None


def fleet_for(
    options: Sequence[Option], units: Sequence[int], need: int, wish, strategy: str
) -> list[int]:
    """Return the vehicles for ``need`` units, as indexes into ``options``.

    Even shares need vehicles that have room for them. A wish that some vehicle can
    meet counts for more than evenness: the person asked for that vehicle by name.

    :param units: how many units each option takes.
    """
    offers = [
        (number, vehicle_cost(option, wish))
        for number, option in zip(units, options, strict=True)
    ]
    fleet = choose_fleet(offers, need)
    wished = any(options[i].vehicle.key == wish for i in fleet)
    if strategy != EVEN or (wish is not None and wished):
        return fleet
    return choose_even_fleet(offers, need)


def distinct_options(option_sets: Iterable[tuple[Option, ...]]) -> list[Option]:
    """Return each vehicle once for each capacity that it has among the goods.

    The law may allow one product more than another on the same vehicle. A load that
    mixes them has the lower limit, a pure one the higher: two options.
    """
    distinct = {}
    for options in option_sets:
        for option in options:
            distinct.setdefault((option.rank, option.kg), option)
    return [distinct[key] for key in sorted(distinct)]


def pour(lines: Sequence[tuple[object, int]], shares: Sequence[int]) -> list[list]:
    """Fill vehicles from lines in their order.

    :param lines: (line key, amount) pairs, the amounts adding up to the shares.
    :return: for each share the (line key, amount) pairs that make it up.
    """
    source = iter(lines)
    key, left = next(source)
    filled = []
    for share in shares:
        parts = []
        while share:
            if not left:
                key, left = next(source)
                continue
            taken = min(left, share)
            parts.append((key, taken))
            left -= taken
            share -= taken
        filled.append(parts)
    return filled
