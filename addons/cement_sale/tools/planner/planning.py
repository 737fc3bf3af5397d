# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""``plan``: from the lines of a cart to trucks and wagons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .bulk import bulk_loads
from .drafts import Draft, GroupDraft
from .errors import InvalidOption
from .intake import Accepted, Intake
from .model import (
    EVEN,
    STRATEGIES,
    CapacityFunction,
    DemandLine,
    Explanation,
    Finding,
    Group,
    Hint,
    Load,
    VehicleType,
    default_capacity,
)
from .packaged import packaged_loads
from .rules import DEFAULT_RULES, RuleSet

# 10,000 t in one line is some 400 trucks or two long trains: a slip of the keyboard.
MAX_LINE_KG = 10_000_000
STEP_KG = 100
# Steps of the exact search in a plan, some seconds of them, shared out among the
# groups. A count, not a time: the answer must not depend on how busy the machine is.
EFFORT = 300_000
LEAST_EFFORT = 50_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``plan`` answers.

    ``loads`` in the order of their groups, groups in the order of their first line,
    fullest load first. ``unplaced`` are the keys of lines that are in no load, each
    with a blocking finding. ``explanations`` say for each group but the first of its
    rule what keeps it apart from the group before.
    """

    loads: tuple[Load, ...]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    unplaced: tuple
    explanations: tuple[Explanation, ...]
    _lines: dict = field(repr=False, compare=False)
    _rules: RuleSet = field(repr=False, compare=False)

    def loads_of(self, line_key) -> tuple[Load, ...]:
        """Return the loads that carry something of this line."""
        return tuple(load for load in self.loads if line_key in load.line_keys)

    def explain_split(self, line_a, line_b) -> Explanation:
        """Say why two lines, given by key, do or do not share a vehicle.

        :raises KeyError: for a key that was not in the input.
        """
        differences = self._rules.differences(self._lines[line_a], self._lines[line_b])
        if line_a in self.unplaced or line_b in self.unplaced:
            return Explanation(line_a, line_b, "unplaced", differences)
        if differences:
            return Explanation(line_a, line_b, "attributes", differences)
        together = tuple(
            load.index
            for load in self.loads
            if line_a in load.line_keys and line_b in load.line_keys
        )
        kind = "shared" if together else "capacity"
        return Explanation(line_a, line_b, kind, (), together)


def plan(
    lines: Sequence[DemandLine],
    vehicle_types: Iterable[VehicleType],
    rules: RuleSet = DEFAULT_RULES,
    *,
    strategy: str = EVEN,
    capacity: CapacityFunction = default_capacity,
    step_kg: int = STEP_KG,
    max_line_kg: int = MAX_LINE_KG,
    effort: int = EFFORT,
) -> Plan:
    """Return the loads for these lines: the same input gives the same plan, always.

    :param lines: their order breaks ties and is the order of loading.
    :param vehicle_types: how many there are of each is not limited.
    :param strategy: ``even`` (equal masses) or ``full`` (full ones and a remainder).
    :param capacity: what a vehicle may take for a line. Lines that differ only in
        key, masses and preferred vehicle are asked about once.
    :param step_kg: to what even masses of bulk are rounded.
    :param max_line_kg: above this a line is taken for a slip.
    :param effort: limit of the exact search, in steps. One group in a thousand needs
        more than the first few; a group that ran out says so (``Group.proven``).
    :raises PlannerError: for wrong use; wrong data of a line is a finding instead.
    """
    if strategy not in STRATEGIES:
        raise InvalidOption(f"unknown strategy {strategy!r}")
    if step_kg < 1:
        raise InvalidOption(f"step_kg must be at least 1, not {step_kg!r}")
    lines = tuple(lines)
    accepted, findings = Intake(vehicle_types, capacity, max_line_kg).sort(lines)
    by_group = {}
    for one in accepted:
        by_group.setdefault(rules.group_key(one.line), []).append(one)
    share = max(LEAST_EFFORT, effort // max(1, len(by_group)))
    loads, groups = [], []
    for group_key, members in by_group.items():
        if members[0].line.is_bulk:
            draft = bulk_loads(members, strategy, step_kg)
        else:
            draft = packaged_loads(members, strategy, share)
        group = _group(len(groups), len(loads), group_key, members, draft, rules)
        groups.append(group)
        loads.extend(_loads(group, members, draft))
    placed = {one.line.key for one in accepted}
    return Plan(
        loads=tuple(loads),
        groups=tuple(groups),
        findings=tuple(findings),
        unplaced=tuple(line.key for line in lines if line.key not in placed),
        explanations=_explanations(by_group, rules),
        _lines={line.key: line for line in lines},
        _rules=rules,
    )


def _group(index, first_load, group_key, members, draft: GroupDraft, rules) -> Group:
    capacity = sum(load.option.kg for load in draft.loads)
    mass = sum(one.line.mass_kg for one in members)
    if members[0].line.is_bulk:
        fill_last = capacity - mass
    else:
        fill_last = _hint(draft.loads[-1], _sorts_of_package(members)).kg
    return Group(
        index=index,
        rule_name=group_key[0],
        attributes=rules.named(group_key),
        line_keys=tuple(one.line.key for one in members),
        load_indexes=tuple(range(first_load, first_load + len(draft.loads))),
        mass_kg=mass,
        capacity_kg=capacity,
        fill_last_kg=fill_last,
        lower_bound=draft.lower_bound,
    )


def _loads(group: Group, members, draft: GroupDraft):
    sorts = _sorts_of_package(members)
    for index, load in zip(group.load_indexes, draft.loads, strict=True):
        yield Load(
            index=index,
            group_index=group.index,
            vehicle_key=load.option.vehicle.key,
            transport=load.option.vehicle.transport,
            capacity_kg=load.option.kg,
            capacity_reason=load.option.reason,
            max_packages=load.option.vehicle.max_packages,
            mass_kg=load.mass_kg,
            parts=load.parts,
            attributes=group.attributes,
            hint=_hint(load, sorts),
        )


def _sorts_of_package(members: Sequence[Accepted]) -> tuple:
    """Return the different (unit mass, takes a place) of a group, () for bulk."""
    if members[0].line.is_bulk:
        return ()
    return tuple(
        dict.fromkeys((m.line.unit_mass_kg, m.line.takes_a_place) for m in members)
    )


def _hint(load: Draft, sorts: tuple) -> Hint:
    """Return what more of the goods of this group would fit on the load."""
    free = load.option.kg - load.mass_kg
    if not sorts:
        return Hint("add_mass", free) if free else Hint("full")
    best = Hint("full")
    for unit, takes_a_place in sorts:
        number = free // unit
        if takes_a_place and load.free_places is not None:
            number = min(number, load.free_places)
        if number * unit > best.kg:
            best = Hint("add_packages", number * unit, number, unit)
    return best


def _explanations(by_group, rules: RuleSet) -> tuple[Explanation, ...]:
    """Return what keeps each group apart from the one before under the same rule."""
    explanations, before = [], {}
    for (rule_name, _values), members in by_group.items():
        line = members[0].line
        if rule_name in before:
            other = before[rule_name]
            differences = rules.differences(other, line)
            explanations.append(
                Explanation(other.key, line.key, "attributes", differences)
            )
        before[rule_name] = line
    return tuple(explanations)
