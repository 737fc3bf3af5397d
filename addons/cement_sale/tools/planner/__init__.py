# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Load planner: from cart lines to trucks and wagons. Pure Python, no Odoo.

Masses are integer kilograms; ``kg_from_tonnes`` and ``tonnes_from_kg`` stand at the
edge. Keys are opaque (record ids will do). The answer depends on the input alone: not
on the hash seed, the clock or the machine.

    >>> from decimal import Decimal
    >>> silo = VehicleType(key="silo", payload_kg=25_000, forms=frozenset({BULK}))
    >>> flat = VehicleType(
    ...     key="flat", payload_kg=20_000, forms=frozenset({BIG_BAG}), max_packages=22
    ... )
    >>> lines = [
    ...     DemandLine(key=1, product_key="M500", form=BULK,
    ...                mass_kg=kg_from_tonnes(Decimal("70"))),
    ...     DemandLine(key=2, product_key="M500", form=BIG_BAG, unit_mass_kg=1_000,
    ...                mass_kg=12_000),
    ...     DemandLine(key=3, product_key="M400", form=BIG_BAG, unit_mass_kg=1_500,
    ...                mass_kg=6_000),
    ... ]
    >>> answer = plan(lines, [silo, flat], strategy=EVEN)
    >>> [(load.vehicle_key, load.mass_kg) for load in answer.loads]
    [('silo', 23400), ('silo', 23300), ('silo', 23300), ('flat', 18000)]
    >>> answer.loads[3].hint
    Hint(kind='add_packages', kg=2000, packages=2, unit_mass_kg=1000)
    >>> answer.groups[0].fill_last_kg
    5000
    >>> [d.attribute for d in answer.explain_split(1, 2).differences]
    ['form']

In: ``plan(lines, vehicle_types, rules=DEFAULT_RULES, *, strategy, capacity, step_kg,
max_line_kg, effort)``.
Out: ``Plan`` with ``loads`` (one will become one order), ``groups`` (lines that may
share, with what would fill the last vehicle), ``findings`` (what is wrong with a line;
a blocking one leaves the line in ``unplaced``), ``explanations`` and
``explain_split(line_key, line_key)``.

The files: ``model`` values, ``rules`` who may share, ``intake`` checks and fitting
vehicles, ``bulk`` and ``packaged`` loads of one group, ``fleet`` choice of vehicles,
``shares`` even or full, ``packing`` bin packing, ``planning`` puts them together.
"""

from .errors import (
    InvalidCapacity,
    InvalidLine,
    InvalidOption,
    InvalidRules,
    InvalidVehicle,
    PlannerError,
)
from .mass import kg_from_tonnes, tonnes_from_kg
from .model import (
    BAG,
    BIG_BAG,
    BULK,
    EVEN,
    FULL,
    PALLET,
    RAIL,
    ROAD,
    Capacity,
    CapacityFunction,
    DemandLine,
    Difference,
    Explanation,
    Finding,
    Group,
    Hint,
    Load,
    Part,
    VehicleType,
    default_capacity,
)
from .planning import Plan, plan
from .rules import ATTRIBUTES, DEFAULT_RULES, ConsolidationRule, RuleSet

__all__ = [
    "ATTRIBUTES",
    "BAG",
    "BIG_BAG",
    "BULK",
    "DEFAULT_RULES",
    "EVEN",
    "FULL",
    "PALLET",
    "RAIL",
    "ROAD",
    "Capacity",
    "CapacityFunction",
    "ConsolidationRule",
    "DemandLine",
    "Difference",
    "Explanation",
    "Finding",
    "Group",
    "Hint",
    "InvalidCapacity",
    "InvalidLine",
    "InvalidOption",
    "InvalidRules",
    "InvalidVehicle",
    "Load",
    "Part",
    "Plan",
    "PlannerError",
    "RuleSet",
    "VehicleType",
    "default_capacity",
    "kg_from_tonnes",
    "plan",
    "tonnes_from_kg",
]
