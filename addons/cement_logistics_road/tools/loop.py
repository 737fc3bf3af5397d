# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The way of a trip as its fixes tell it: left the plant, an hour away, arrived,
unloading, gone again.

A value in, a value out: :func:`advance` takes what was known (:class:`Memory`) and one
fix, and returns what is known now and the steps it proves. States only go forward. A
fence is entered or left when two fixes in a row say so, and a fix that no truck could
have driven to is put aside until the next one confirms it: a GSM fix that jumps
to another mast changes nothing.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from odoo.addons.cement_logistics.tools import lifecycle

from . import geo
from .geo import Fence, Sight

# A fix whose middle is outside by no more than this share of its circle is near.
COARSE: Final = 0.5
# Who stays near a fence for so long has come, though no fix fell into it.
STAND: Final = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Fix:
    """One position. :param eta_minutes: minutes to the site, when known."""

    at: datetime
    latitude: float
    longitude: float
    accuracy: float | None = None
    eta_minutes: float | None = None

    @property
    def place(self) -> geo.Point:
        return (self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Rules:
    """:param near: minutes to the site at which a truck counts as near.
    :param dwell: minutes in the site's fence after which it unloads.
    :param stay: minutes there without which leaving is only driving past.
    :param on_way: metres beyond the plant's fence after which it is on its way.
    :param max_speed: km/h; a fix that a truck must be faster for is a jump."""

    near: float = 60.0
    dwell: float = 15.0
    stay: float = 10.0
    on_way: float = 3000.0
    max_speed: float = 140.0


@dataclass(frozen=True, slots=True)
class Zone:
    """What is known of one fence: which side since when, the side that the last fix
    spoke for against it, and since when fixes have only been near it."""

    inside: bool | None = None
    since: datetime | None = None
    pending: bool | None = None
    pending_at: datetime | None = None
    near_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept between fixes. *last* is the last believed one, *suspect* a jump
    that waits for the next."""

    state: str = lifecycle.LOADING
    plant: Zone = Zone()
    site: Zone = Zone()
    last: Fix | None = None
    suspect: Fix | None = None
    was_at_plant: bool = False
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    state: str
    at: datetime
    is_estimated: bool = False


def advance(
    memory: Memory,
    fix: Fix,
    plant: Fence | None,
    site: Fence | None,
    rules: Rules = Rules(),  # noqa: B008 frozen
) -> tuple[Memory, list[Step]]:
    """Take one fix into account.

    A fix that is not newer than the last believed one changes nothing.
    """
    if memory.state in lifecycle.FINAL or not geo.is_place(*fix.place):
        return memory, []
    known = memory.last
    if known and fix.at <= known.at:
        return memory, []
    if known and not _can_be(known, fix, rules):
        suspect = memory.suspect
        if suspect is None or fix.at <= suspect.at or not _can_be(suspect, fix, rules):
            return replace(memory, suspect=fix), []
        # two that agree with each other: the one believed before was the wrong one
    memory = replace(
        memory,
        plant=_update(memory.plant, plant, fix),
        site=_update(memory.site, site, fix),
        last=fix,
        suspect=None,
    )
    memory = replace(
        memory, was_at_plant=memory.was_at_plant or bool(memory.plant.inside)
    )
    return _conclude(memory, fix, plant, rules)


def _conclude(memory, fix, plant, rules) -> tuple[Memory, list[Step]]:
    """Return the steps that the zones and the arrival prove."""
    steps: list[Step] = []

    def move(state, at, is_estimated=False):
        nonlocal memory
        if memory.state != state and lifecycle.can_move(memory.state, state):
            memory = replace(memory, state=state)
            steps.append(Step(state, at, is_estimated))

    # only who was seen at the plant can leave it: before the loading the truck may
    # still stand at the site of its last trip
    if memory.was_at_plant and memory.plant.inside is False:
        move(lifecycle.LEFT, memory.plant.since or fix.at)
    if lifecycle.STEPS[memory.state] < lifecycle.STEPS[lifecycle.LEFT]:
        return memory, steps
    if plant and geo.edge_distance(plant, fix.place) > rules.on_way + _radius(fix):
        move(lifecycle.ON_WAY, fix.at)
    if memory.site.inside:
        move(lifecycle.ARRIVED, memory.site.since or fix.at)
        arrived_at = memory.arrived_at or memory.site.since or fix.at
        memory = replace(memory, arrived_at=arrived_at)
        if fix.at - (memory.site.since or fix.at) >= timedelta(minutes=rules.dwell):
            move(lifecycle.UNLOADING, fix.at)
        return memory, steps
    if memory.arrived_at and memory.site.inside is False:
        gone_at = memory.site.since or fix.at
        if gone_at - memory.arrived_at >= timedelta(minutes=rules.stay):
            # seen to leave, not seen to pour: a person may say otherwise
            move(lifecycle.DONE, gone_at, is_estimated=True)
        else:
            memory = replace(memory, arrived_at=None)  # it only drove past
        return memory, steps
    if fix.eta_minutes is not None and fix.eta_minutes <= rules.near:
        move(lifecycle.NEAR, fix.at)
    return memory, steps


def _radius(fix: Fix) -> float:
    return fix.accuracy if fix.accuracy and fix.accuracy > 0 else geo.DEFAULT_ACCURACY


def _can_be(before: Fix, after: Fix, rules: Rules) -> bool:
    """Tell whether a truck can have driven from one fix to the other."""
    slack = _radius(before) + _radius(after)
    metres = max(0.0, geo.haversine(before.place, after.place) - slack)
    hours = abs((after.at - before.at).total_seconds()) / 3600
    return metres / 1000 <= rules.max_speed * hours


def _update(zone: Zone, fence: Fence | None, fix: Fix) -> Zone:
    """Return the zone after one more fix: two in a row turn it over."""
    if fence is None:
        return zone
    sight = geo.look(fence, fix.place, fix.accuracy)
    if sight is Sight.UNSURE:
        return _update_unsure(zone, fence, fix)
    verdict = sight is not Sight.OUTSIDE
    if verdict == zone.inside:
        return replace(zone, pending=None, pending_at=None, near_at=None)
    if zone.pending == verdict:
        return Zone(inside=verdict, since=zone.pending_at)
    return replace(zone, pending=verdict, pending_at=fix.at, near_at=None)


def _update_unsure(zone: Zone, fence: Fence, fix: Fix) -> Zone:
    """Return the zone after a fix that may be on either side.

    The mast may stand beside the yard, so that no fix ever falls into it: a truck
    that stays that near for long enough has come.
    """
    if zone.inside:
        return zone
    if geo.edge_distance(fence, fix.place) > COARSE * _radius(fix):
        return replace(zone, near_at=None)
    if zone.near_at is None:
        return replace(zone, near_at=fix.at)
    if fix.at - zone.near_at >= STAND:
        return Zone(inside=True, since=zone.near_at)
    return zone


# === Keeping the memory ===


def dump(memory: Memory) -> dict:
    """Return the memory as JSON can keep it."""
    return _plain(asdict(memory))


def load(kept: dict | None, state: str) -> Memory:
    """Return the memory kept by :func:`dump`, in the present *state*.

    What cannot be read is forgotten: two fixes later it is known again.
    """
    try:
        return replace(_read(kept or {}), state=state)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Memory(state=state)


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    return value.isoformat() if isinstance(value, datetime) else value


def _read(kept: dict) -> Memory:
    def moment(values, key):
        return datetime.fromisoformat(values[key]) if values.get(key) else None

    def zone(values):
        return Zone(
            inside=values.get("inside"),
            since=moment(values, "since"),
            pending=values.get("pending"),
            pending_at=moment(values, "pending_at"),
            near_at=moment(values, "near_at"),
        )

    def fix(values):
        if not values:
            return None
        return Fix(**{**values, "at": datetime.fromisoformat(values["at"])})

    return Memory(
        plant=zone(kept.get("plant") or {}),
        site=zone(kept.get("site") or {}),
        last=fix(kept.get("last")),
        suspect=fix(kept.get("suspect")),
        was_at_plant=bool(kept.get("was_at_plant")),
        arrived_at=moment(kept, "arrived_at"),
    )
