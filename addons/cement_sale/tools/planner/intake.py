# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Checks each line and finds the vehicles that may carry it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from .errors import InvalidCapacity, InvalidLine, InvalidVehicle
from .model import (
    FORMS,
    Capacity,
    CapacityFunction,
    DemandLine,
    Finding,
    VehicleType,
)

# For one line. A law that leaves a truck a few kilograms must not make a million loads.
_MOST_VEHICLES = 2_000

# What a capacity may depend on: everything of a line but its key, its mass and its
# package. Lines equal in these are asked about once.
_context_of = attrgetter(
    "product_key",
    "form",
    "transport",
    "specification_key",
    "day",
    "warehouse_key",
    "consignee_key",
    "site_key",
    "method_key",
    "unloading_key",
    "accounting_category_key",
    "packaging_rule_key",
    "allowed_vehicle_keys",
    "density_kg_m3",
)


@dataclass(frozen=True, slots=True)
class Option:
    """A vehicle that may carry a line, with what it may take for that line.

    ``rank`` is the place of the vehicle in the order of keys, for the last tie.
    """

    vehicle: VehicleType
    rank: int
    kg: int
    reason: object

    def allowed_by(self, options: "tuple[Option, ...]") -> bool:
        """Say whether goods with these options may be on this vehicle at its limit."""
        return any(own.rank == self.rank and own.kg >= self.kg for own in options)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A line without fault and the vehicles for it, at least one."""

    line: DemandLine
    options: tuple[Option, ...]


class Intake:
    """The door of the planner: sorts lines into accepted ones and findings.

    :raises InvalidVehicle: two vehicle types with one key, or a contradictory one.
    """

    def __init__(
        self,
        vehicle_types: Iterable[VehicleType],
        capacity: CapacityFunction,
        max_line_kg: int,
    ):
        self._vehicles = _checked_vehicles(vehicle_types)
        self._capacity = capacity
        self._max_line_kg = max_line_kg
        self._options = {}

    def sort(self, lines: Sequence[DemandLine]):
        """Return (accepted lines, findings), each in the order of input."""
        accepted, findings, seen = [], [], set()
        for line in lines:
            if not isinstance(line, DemandLine):
                raise InvalidLine(f"not a DemandLine: {line!r}")
            if line.key in seen:
                raise InvalidLine(f"two lines with the key {line.key!r}")
            seen.add(line.key)
            finding = self._fault(line)
            if finding is None:
                options, finding = self._fitting(line)
            if finding is not None:
                findings.append(finding)
                continue
            accepted.append(Accepted(line, options))
            wish = line.preferred_vehicle_key
            if wish is not None and all(o.vehicle.key != wish for o in options):
                findings.append(
                    Finding(
                        "preferred_vehicle_unfit",
                        line.key,
                        "warning",
                        (("vehicle_key", wish),),
                    )
                )
        return accepted, findings

    def _fault(self, line: DemandLine) -> Finding | None:
        """Return what is wrong with the line in itself."""
        mass, unit = line.mass_kg, line.unit_mass_kg
        if type(mass) is not int or (unit is not None and type(unit) is not int):
            raise InvalidLine(f"line {line.key!r}: masses are whole kilograms")
        if line.form not in FORMS:
            raise InvalidLine(f"line {line.key!r}: unknown form {line.form!r}")
        if mass <= 0:
            return _block("non_positive_mass", line, mass_kg=mass)
        if mass > self._max_line_kg:
            return _block("absurd_mass", line, mass_kg=mass, limit_kg=self._max_line_kg)
        if line.is_bulk:
            return None
        if unit is None or unit <= 0:
            return _block("unit_mass_missing", line, form=line.form)
        if mass % unit:
            lower = mass - mass % unit
            return _block(
                "not_whole_packages",
                line,
                mass_kg=mass,
                unit_mass_kg=unit,
                lower_kg=lower,
                upper_kg=lower + unit,
            )
        return None

    def _fitting(self, line: DemandLine):
        """Return (options, None), or ((), the finding that says why there is none)."""
        context = _context_of(line)
        if context not in self._options:
            self._options[context] = self._compute_options(line)
        options, refusal = self._options[context]
        if not options:
            return (), _block("no_vehicle", line, **refusal)
        unit = 1 if line.is_bulk else line.unit_mass_kg
        strong = options
        if any(option.kg < unit for option in options):
            strong = tuple(option for option in options if option.kg >= unit)
        if not strong:
            best = max(options, key=attrgetter("kg"))
            return (), _block(
                "package_too_heavy",
                line,
                unit_mass_kg=unit,
                capacity_kg=best.kg,
                reason=best.reason,
            )
        best = max(strong, key=attrgetter("kg"))
        vehicles = -(-line.mass_kg // best.kg)
        if vehicles > _MOST_VEHICLES:
            return (), _block(
                "too_many_vehicles",
                line,
                vehicles=vehicles,
                limit=_MOST_VEHICLES,
                capacity_kg=best.kg,
                reason=best.reason,
            )
        return strong, None

    def _compute_options(self, line: DemandLine):
        """Return (options, refusal): the refusal names what left no vehicle."""
        allowed = line.allowed_vehicle_keys
        takes_place = line.takes_a_place
        sieves = (
            ("transport", line.transport, lambda v: v.transport == line.transport),
            ("form", line.form, lambda v: line.form in v.forms),
            (
                "unloading",
                line.unloading_key,
                lambda v: (
                    line.unloading_key is None
                    or v.unloading is None
                    or line.unloading_key in v.unloading
                ),
            ),
            ("allowed", allowed, lambda v: allowed is None or v.key in allowed),
            (
                "capacity",
                0,
                lambda v: not takes_place or v.max_packages is None or v.max_packages,
            ),
        )
        left = list(enumerate(self._vehicles))
        for criterion, value, passes in sieves:
            left = [(rank, vehicle) for rank, vehicle in left if passes(vehicle)]
            if not left:
                return (), {"criterion": criterion, "value": value}
        options = [
            Option(vehicle, rank, limit.kg, limit.reason)
            for rank, vehicle in left
            for limit in (self._checked_capacity(vehicle, line),)
        ]
        usable = tuple(option for option in options if option.kg > 0)
        reason = None if usable else options[0].reason
        return usable, {"criterion": "capacity", "value": 0, "reason": reason}

    def _checked_capacity(self, vehicle: VehicleType, line: DemandLine) -> Capacity:
        limit = self._capacity(vehicle, line)
        if not isinstance(limit, Capacity) or type(limit.kg) is not int:
            raise InvalidCapacity(f"vehicle {vehicle.key!r}: {limit!r}")
        return limit


def _checked_vehicles(vehicle_types: Iterable[VehicleType]) -> tuple[VehicleType, ...]:
    """Return the vehicle types in the order of their keys."""
    vehicles = tuple(vehicle_types)
    for vehicle in vehicles:
        places = vehicle.max_packages
        if type(vehicle.payload_kg) is not int or vehicle.payload_kg < 0:
            raise InvalidVehicle(f"vehicle {vehicle.key!r}: payload in whole kilograms")
        if places is not None and (type(places) is not int or places < 0):
            raise InvalidVehicle(f"vehicle {vehicle.key!r}: max_packages {places!r}")
        if not vehicle.forms <= FORMS:
            raise InvalidVehicle(f"vehicle {vehicle.key!r}: unknown form")
    if len({vehicle.key for vehicle in vehicles}) < len(vehicles):
        raise InvalidVehicle("two vehicle types with one key")
    try:
        return tuple(sorted(vehicles, key=attrgetter("key")))
    except TypeError as error:
        raise InvalidVehicle(f"vehicle keys cannot be sorted: {error}") from error


def _block(code: str, line: DemandLine, **params) -> Finding:
    return Finding(code, line.key, params=tuple(params.items()))
