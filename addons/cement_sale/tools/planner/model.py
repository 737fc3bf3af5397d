# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The values that enter and leave the planner. All immutable, all masses integer kg.

Keys (product, site, vehicle...) are opaque: the planner only compares them for
equality. Line keys must be hashable; vehicle keys must also be sortable among
themselves, because the last tie is broken by them.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date

BULK = "bulk"
BIG_BAG = "big_bag"
PALLET = "pallet"
BAG = "bag"
FORMS = frozenset({BULK, BIG_BAG, PALLET, BAG})
# Loose bags are stacked by hand on any free floor: they take no package place.
FORMS_TAKING_A_PLACE = frozenset({BIG_BAG, PALLET})

ROAD = "road"
RAIL = "rail"

EVEN = "even"
FULL = "full"
STRATEGIES = frozenset({EVEN, FULL})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLine:
    """One line of a cart: so much of a product, to a site, on a day.

    ``unit_mass_kg`` is the mass of one package that cannot be opened (``None`` for
    bulk). ``allowed_vehicle_keys`` is a hard limit (``None``: any vehicle that fits);
    ``preferred_vehicle_key`` a wish that never costs an additional vehicle.
    ``unloading_key`` ``None`` means that any way of unloading will do.
    ``density_kg_m3`` lets the default capacity respect the volume of a silo.
    """

    key: Hashable
    product_key: Hashable
    form: str
    mass_kg: int
    transport: str = ROAD
    unit_mass_kg: int | None = None
    specification_key: Hashable = None
    day: date | None = None
    warehouse_key: Hashable = None
    consignee_key: Hashable = None
    site_key: Hashable = None
    method_key: Hashable = None
    unloading_key: Hashable = None
    accounting_category_key: Hashable = None
    packaging_rule_key: Hashable = None
    allowed_vehicle_keys: frozenset | None = None
    preferred_vehicle_key: Hashable = None
    density_kg_m3: int | None = None

    @property
    def is_bulk(self) -> bool:
        return self.form == BULK

    @property
    def takes_a_place(self) -> bool:
        return self.form in FORMS_TAKING_A_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleType:
    """A kind of truck or wagon; there are as many of them as the plan needs.

    ``unloading`` ``None`` means that the vehicle serves every way of unloading.
    ``max_packages`` counts the places for big bags and pallets; loose bags take none.
    ``volume_l`` (litres) limits bulk whose density is known.
    """

    key: Hashable
    payload_kg: int
    forms: frozenset
    transport: str = ROAD
    unloading: frozenset | None = None
    max_packages: int | None = None
    volume_l: int | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much one vehicle may take, and the limit that binds (shown to people)."""

    kg: int
    reason: Hashable = "payload"


CapacityFunction = Callable[[VehicleType, DemandLine], Capacity]


def default_capacity(vehicle: VehicleType, line: DemandLine) -> Capacity:
    """Return the payload, or for bulk what fits the vessel when that is less."""
    if line.is_bulk and vehicle.volume_l and line.density_kg_m3:
        by_volume = vehicle.volume_l * line.density_kg_m3 // 1000
        if by_volume < vehicle.payload_kg:
            return Capacity(by_volume, "volume")
    return Capacity(vehicle.payload_kg, "payload")


@dataclass(frozen=True, slots=True)
class Part:
    """What one load carries of one line; ``packages`` is ``None`` for bulk."""

    line_key: Hashable
    mass_kg: int
    packages: int | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What would still fit on a load.

    ``kind`` is ``full`` (nothing fits), ``add_mass`` (bulk) or ``add_packages``:
    then ``packages`` units of ``unit_mass_kg``, ``kg`` in total.
    """

    kind: str
    kg: int = 0
    packages: int = 0
    unit_mass_kg: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """One truck or wagon as planned. ``plan.loads[load.index] is load``."""

    index: int
    group_index: int
    vehicle_key: Hashable
    transport: str
    capacity_kg: int
    capacity_reason: Hashable
    max_packages: int | None
    mass_kg: int
    parts: tuple[Part, ...]
    attributes: tuple[tuple[str, Hashable], ...]
    hint: Hint

    @property
    def free_kg(self) -> int:
        return self.capacity_kg - self.mass_kg

    @property
    def fill(self) -> float:
        """Share of the capacity in use, 0 to 1: for the fill bar, not for decisions."""
        return self.mass_kg / self.capacity_kg

    @property
    def packages(self) -> int | None:
        """Number of packages on board, ``None`` for bulk."""
        if self.parts[0].packages is None:
            return None
        return sum(part.packages for part in self.parts)

    @property
    def line_keys(self) -> tuple[Hashable, ...]:
        return tuple(part.line_key for part in self.parts)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that may share vehicles, and what they came to.

    ``fill_last_kg``: how much more would fill the last vehicle (for bulk: all the
    vehicles of the group, which is the same thing under both strategies; for packages:
    what fits the last one in whole packages of a mass already in the group).
    ``lower_bound``: vehicles that no plan can do without; ``proven`` says that the
    plan is known to be the least, i.e. the number of loads equals it.
    """

    index: int
    rule_name: str
    attributes: tuple[tuple[str, Hashable], ...]
    line_keys: tuple[Hashable, ...]
    load_indexes: tuple[int, ...]
    mass_kg: int
    capacity_kg: int
    fill_last_kg: int
    lower_bound: int

    @property
    def proven(self) -> bool:
        return len(self.load_indexes) == self.lower_bound


@dataclass(frozen=True, slots=True)
class Difference:
    """An attribute in which two lines differ although their rule wants it equal."""

    attribute: str
    value_a: Hashable
    value_b: Hashable


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two lines do or do not share a vehicle.

    ``kind``: ``shared`` (they do; ``load_indexes`` says where), ``capacity`` (they may,
    but travel apart because of the masses), ``attributes`` (``differences`` forbid it),
    ``unplaced`` (at least one of them is in no load: see its finding).
    """

    line_a: Hashable
    line_b: Hashable
    kind: str
    differences: tuple[Difference, ...] = ()
    load_indexes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a line that a person should know.

    ``severity``: ``block`` (the line is in no load) or ``warning``. ``params`` holds
    what a message needs, as pairs. Codes and their parameters:

    - ``non_positive_mass``: mass_kg
    - ``absurd_mass``: mass_kg, limit_kg
    - ``unit_mass_missing``: form
    - ``not_whole_packages``: mass_kg, unit_mass_kg, lower_kg, upper_kg (the two nearest
      whole masses)
    - ``no_vehicle``: criterion (``transport``, ``form``, ``unloading``, ``allowed``,
      ``capacity``: the one that left no vehicle), value; for ``capacity`` also reason
    - ``package_too_heavy``: unit_mass_kg, capacity_kg (of the strongest), reason
    - ``too_many_vehicles``: vehicles, limit, capacity_kg (of the strongest), reason
    - ``preferred_vehicle_unfit`` (warning): vehicle_key
    """

    code: str
    line_key: Hashable
    severity: str = "block"
    params: tuple[tuple[str, Hashable], ...] = field(default=())

    def param(self, name: str) -> Hashable:
        """Return one parameter, ``None`` when this finding has none of that name."""
        return dict(self.params).get(name)
