# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A wagon's trip: what its operations make of it.

Operations come late, twice, out of order and with gaps. The newest decides where the
wagon is; an older one only adds to the history and fills what nobody knew. What feeds
flicker about (an arrival, an idle or abandoned wagon) is held while the wagon is at
the same station. Moments are Moscow's and naive.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final, NamedTuple

from . import codes
from .reader.model import Row

LOADING: Final = "loading"
WAITING: Final = "waiting"
READY: Final = "ready"
MOVING: Final = "moving"
IDLE: Final = "idle"
ABANDONED: Final = "abandoned"
CANDIDATE: Final = "candidate"
ARRIVED: Final = "arrived"
UNLOADED: Final = "unloaded"
EMPTY: Final = "empty"
FAULTY: Final = "faulty"
LOST: Final = "lost"
WRITTEN_OFF: Final = "written_off"
STATUSES: Final = (
    LOADING,
    WAITING,
    READY,
    MOVING,
    IDLE,
    ABANDONED,
    CANDIDATE,
    ARRIVED,
    UNLOADED,
    EMPTY,
    FAULTY,
    LOST,
    WRITTEN_OFF,
)
ACTIVE: Final = frozenset(STATUSES) - {UNLOADED, WRITTEN_OFF}
# Before the wagon has left its first station.
BEFORE_START: Final = frozenset({LOADING, WAITING, READY})
# Held while the wagon stays where it is; the higher may follow, never the lower.
_STICKY: Final = {IDLE: 4, ABANDONED: 5}
_STANDING: Final = frozenset({IDLE, ABANDONED, FAULTY})
_AT_END: Final = frozenset({CANDIDATE, ARRIVED})
_MASS_TOLERANCE_T: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What codes mean, and thresholds; all of it is data.

    :param stages: of operation codes: ``loading``, ``departed``, ``moving``,
        ``arrived``, ``unloading``, ``faulty``, ``repaired``, ``readdress``,
        ``abandoned``, ``raised``, ``written_off``, ``other``.
    :param mnemonics: the same for mnemonics, where the code is missing.
    :param aliases: station code to a name shared by the stations of one place.
    :param absent_hours: a wagon that had arrived and that two reports so far apart,
        or all between them, do not name was unloaded.
    """

    stages: Mapping[str, str] = field(default_factory=dict)
    mnemonics: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    idle_minutes: int = 720
    lost_days: int = 7
    absent_hours: float = 2.0
    excluded_codes: Set[str] = frozenset({"72"})
    max_age_days: int = 60


@dataclass(slots=True)
class State:
    """What is known of a wagon's trip now."""

    wagon: str = ""
    waybill: str | None = None
    first_waybill: str | None = None
    uno: str | None = None
    dispatch_id: str | None = None
    origin_code: str | None = None
    destination_code: str | None = None
    trip_start: datetime | None = None
    departed: datetime | None = None
    arrived: datetime | None = None
    due_date: date | None = None
    loaded: bool | None = None
    cargo_code: str | None = None
    mass_t: float | None = None
    consignee_okpo: str | None = None
    status: str = MOVING
    status_since: datetime | None = None
    operation_time: datetime | None = None
    operation_code: str | None = None
    operation_mnemonic: str | None = None
    station_code: str | None = None
    road_code: str | None = None
    km_left: float | None = None
    km_total: float | None = None
    idle_minutes: int | None = None
    train_index: str | None = None
    train_number: str | None = None
    unloaded_at: datetime | None = None
    unload_estimated: bool = False
    # first report that did not name the wagon; one that had arrived is absent only
    lost_since: datetime | None = None
    finished: bool = False
    # a person has set the arrival: reports leave it alone
    arrived_locked: bool = False
    # the caller's own key, carried through
    id: Any = None

    def twin(self) -> "State":
        """Return a copy; a state that was handed in is never changed."""
        return State(*_values(self))


_NAMES: Final = tuple(item.name for item in fields(State))
_values: Callable = attrgetter(*_NAMES)


class Event(NamedTuple):
    """Something that happened to a trip.

    Kinds: ``new_trip``, ``left``, ``arrived``, ``absent``, ``unloaded`` (estimated),
    ``finished``, ``resumed`` (an estimated unloading was none), ``readdressed``
    (before, after), ``forwarded`` (waybill), ``faulty``, ``repaired``, ``abandoned``,
    ``raised``, ``lost``, ``found``, ``written_off``, ``status`` (before, after).
    """

    kind: str
    time: datetime | None
    params: Mapping = {}


class IdleEpisode(NamedTuple):
    """A stay; ``end`` is open while it lasts. Station and begin make it one."""

    station_code: str | None
    begin: datetime
    end: datetime | None = None


@dataclass(slots=True)
class Change:
    """What the rows of a report did to one trip of a wagon.

    A wagon that began a new trip gives a change for it; what happened to the trip
    before is in ``previous`` with its own events and stays.
    """

    wagon: str
    state: State
    is_new_trip: bool = False
    previous: State | None = None
    # of the same trip; none of a new one
    before: State | None = None
    operations: list[Row] = field(default_factory=list)
    late: list[Row] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    idle: list[IdleEpisode] = field(default_factory=list)
    previous_events: list[Event] = field(default_factory=list)
    previous_idle: list[IdleEpisode] = field(default_factory=list)

    @property
    def fields(self) -> frozenset[str]:
        """Names of what differs from the trip before the report."""
        if self.before is None:
            return frozenset(_NAMES)
        return _difference(self.before, self.state)


# --- rows to states -----------------------------------------------------------------


def advance(
    states: Mapping[str, State], rows: Iterable[Row], rules: Rules
) -> list[Change]:
    """Return what the *rows* change.

    Rows may come in any order and several a wagon; those that cannot be used are
    passed over. The same rows a second time change nothing.
    """
    by_wagon: dict[str, list[Row]] = {}
    for row in rows:
        if row.wagon_ok and row.wagon and row.operation_time is not None:
            mine = by_wagon.get(row.wagon)
            if mine is None:
                by_wagon[row.wagon] = [row]
            else:
                mine.append(row)
    changes: list[Change] = []
    for wagon, mine in by_wagon.items():
        if len(mine) > 1:
            mine.sort(key=_order)
        state = states.get(wagon)
        change: Change | None = None
        seen: set = set()
        for row in mine:
            if len(mine) > 1:
                key = row.key
                if key in seen and row.container is None:
                    continue
                seen.add(key)
            if state is None or _begins_new_trip(state, row, rules):
                if change is not None:
                    changes.append(change)
                change = _new_trip(state, row, rules)
            else:
                if change is None:
                    change = Change(wagon, state)
                _take(change, row, rules)
            state = change.state
        if change is not None:
            changes.append(change)
    for change in changes:
        if not change.is_new_trip:
            change.before = states.get(change.wagon)
    return changes


def _order(row: Row) -> tuple[datetime, int]:
    return row.operation_time, row.number


def _difference(before: State, after: State) -> frozenset[str]:
    if before is after:
        return frozenset()
    return frozenset(
        name
        for name, old, new in zip(_NAMES, _values(before), _values(after), strict=True)
        if old != new
    )


def _begins_new_trip(state: State, row: Row, rules: Rules) -> bool:
    """Whether the row tells of another trip than the present one.

    A trip is wagon, origin and the railway's day of its start (18:00 rule); a new
    waybill on the same trip is a readdressing.
    """
    if state.operation_time and row.operation_time < state.operation_time:
        return False  # late news is history
    if row.trip_start and state.trip_start:
        before = codes.railway_day(state.trip_start)
        after = codes.railway_day(row.trip_start)
        if after != before:
            # an earlier start than the known one is a correction, no new trip
            return after > before and (
                state.finished
                or _differs(state.waybill, row.waybill)
                or not row.waybill
                or _differs(state.origin_code, row.origin_code)
            )
        return state.finished and _differs(state.origin_code, row.origin_code)
    other_end = _differs(state.destination_code, row.destination_code)
    other_papers = _differs(state.waybill, row.waybill) and row.waybill not in (
        state.first_waybill,
        row.waybill_forward,
    )
    if state.finished or state.status in (ARRIVED, UNLOADED):
        # without dates: other papers or another way after the end of the last one
        return (other_papers or other_end) and _stage(row, rules) != "readdress"
    return other_papers and _differs(state.origin_code, row.origin_code)


def _differs(before: object, after: object) -> bool:
    """Whether both are known and not the same."""
    return bool(before) and bool(after) and before != after


def _new_trip(previous: State | None, row: Row, rules: Rules) -> Change:
    state = State(
        wagon=row.wagon,
        waybill=row.waybill,
        first_waybill=row.waybill,
        origin_code=row.origin_code,
        destination_code=row.destination_code,
    )
    change = Change(row.wagon, state, is_new_trip=True)
    if previous is not None:
        ended = previous.twin()
        _finish(ended, row, change)
        change.previous = ended
    _merge(state, row)
    change.operations.append(row)
    change.events.append(Event("new_trip", row.operation_time))
    _decide(change, None, row, rules)
    return change


def _finish(state: State, row: Row, change: Change) -> None:
    """End the trip before: a wagon that had come was unloaded between two reports."""
    when = row.trip_start or row.operation_time
    floor = state.arrived or state.operation_time
    if floor and when < floor:
        when = row.operation_time
    if not state.finished:
        stay = _stay(state)
        if state.status in _AT_END and state.unloaded_at is None:
            # the first report that did not name it is nearest to the unloading
            when = max(filter(None, (state.lost_since or when, state.arrived)))
            _estimate_unloading(state, when)
            change.previous_events.append(Event("unloaded", when, {"estimated": True}))
        if stay:
            change.previous_idle.append(stay._replace(end=when))
        change.previous_events.append(Event("finished", when))
    elif state.unload_estimated:
        # what was only likely is certain now: the wagon is on another trip
        change.previous_events.append(
            Event("unloaded", state.unloaded_at, {"estimated": True})
        )
    state.finished = True
    state.lost_since = None


def _estimate_unloading(state: State, when: datetime) -> None:
    state.status = UNLOADED
    state.status_since = state.unloaded_at = when
    state.unload_estimated = True
    state.finished = True
    state.lost_since = None


def _resume(change: Change, row: Row, rules: Rules) -> State | None:
    """Return the trip as it was before its unloading was estimated.

    :return: none when the row shows that the wagon was unloaded indeed.
    """
    state = change.state.twin()
    unloading = _stage(row, rules) == "unloading"
    elsewhere = _differs(state.station_code, row.station_code) and not _same_place(
        state.station_code, row.station_code, rules
    )
    if row.loaded is False or unloading or (elsewhere and row.loaded is None):
        # the moment is known better only when the operation itself is told
        state.unload_estimated = False
        if unloading:
            state.unloaded_at = state.status_since = row.operation_time
        state.operation_time = row.operation_time
        when = state.unloaded_at
        change.events.append(Event("unloaded", when, {"estimated": False}))
        change.state = state
        return None
    state.finished = False
    state.unload_estimated = False
    state.unloaded_at = None
    state.status = ARRIVED
    state.status_since = state.arrived
    change.events.append(Event("resumed", row.operation_time))
    return state


def _take(change: Change, row: Row, rules: Rules) -> None:
    """Take a row of the present trip into ``change.state``."""
    before = change.state
    newest = before.operation_time
    if newest is not None and row.operation_time < newest:
        change.late.append(row)
        _fill(change, row)
        return
    same_time = newest is not None and row.operation_time == newest
    repeated = (
        same_time
        and _code(row) == (before.operation_code or before.operation_mnemonic or "")
        and (row.station_code or "") == (before.station_code or "")
    )
    if not repeated:
        change.operations.append(row)
    resumed = None
    if before.finished:
        if before.unload_estimated:
            resumed = _resume(change, row, rules)
        elif before.status == LOST:
            # given up, and there it is
            resumed = before.twin()
            resumed.finished = False
        elif not repeated and before.status != WRITTEN_OFF:
            # what follows the end of a trip belongs to it and changes nothing of it
            state = before.twin()
            state.operation_time = row.operation_time
            change.state = state
        if resumed is None:
            return
        before = resumed
    state = before.twin()
    if before.lost_since is not None:
        state.lost_since = None
        change.events.append(Event("found", row.operation_time))
    _note_papers(change, state, row, rules)
    _merge(state, row)
    change.state = state
    _decide(change, before, row, rules)
    stay = _stay(state)
    if resumed is not None and stay and stay not in change.idle:
        change.idle.append(stay)  # it goes on


def _fill(change: Change, row: Row) -> None:
    """Take from late news what is not known yet; it never moves the wagon."""
    before = change.state
    if before.finished and before.trip_start is None:
        return
    filled = {}
    for name in ("departed", "due_date", "trip_start", "origin_code", "mass_t"):
        value = getattr(row, name)
        if value is not None and getattr(before, name) is None:
            filled[name] = value
    if (
        row.arrived
        and before.arrived is None
        and not before.arrived_locked
        and not _differs(before.waybill, row.waybill)
        and (before.departed is None or row.arrived >= before.departed)
    ):
        filled["arrived"] = row.arrived
    if filled:
        state = before.twin()
        for name, value in filled.items():
            setattr(state, name, value)
        if "arrived" in filled:
            change.events.append(Event("arrived", row.arrived))
        change.state = state


def _note_papers(change: Change, state: State, row: Row, rules: Rules) -> None:
    """Keep the first waybill when the trip goes on under another one."""
    if row.waybill_forward and row.waybill_forward != state.waybill:
        change.events.append(
            Event("forwarded", row.operation_time, {"waybill": row.waybill_forward})
        )
    if _differs(state.destination_code, row.destination_code) and not _same_place(
        state.destination_code, row.destination_code, rules
    ):
        change.events.append(
            Event(
                "readdressed",
                row.operation_time,
                {"before": state.destination_code, "after": row.destination_code},
            )
        )
        # an arrival at the station before is none at the new one
        if not state.arrived_locked and not row.arrived:
            state.arrived = None


def _merge(state: State, row: Row) -> None:
    """Take the values of a row that is not older than the state."""
    state.operation_time = row.operation_time
    state.operation_code = row.operation_code
    state.operation_mnemonic = row.operation_mnemonic
    state.station_code = row.station_code or state.station_code
    state.road_code = row.road_code or state.road_code
    state.train_index = row.train_index
    state.train_number = row.train_number
    state.idle_minutes = row.idle_minutes
    state.km_left = row.km_left
    if row.km_total is not None:
        state.km_total = row.km_total
    if row.waybill_forward:
        state.waybill = row.waybill_forward
    elif row.waybill:
        state.waybill = row.waybill
    if not state.first_waybill:
        state.first_waybill = row.waybill
    for name in _KEPT:
        value = getattr(row, name)
        if value is not None:
            setattr(state, name, value)
    if row.arrived is not None and not state.arrived_locked:
        state.arrived = row.arrived


# Held when a report does not tell them.
_KEPT: Final = (
    "uno",
    "dispatch_id",
    "origin_code",
    "destination_code",
    "trip_start",
    "departed",
    "due_date",
    "loaded",
    "cargo_code",
    "mass_t",
    "consignee_okpo",
)


def _code(row: Row) -> str:
    return row.operation_code or row.operation_mnemonic or ""


def _stage(row: Row, rules: Rules) -> str:
    stage = rules.stages.get(row.operation_code) if row.operation_code else None
    if stage is None and row.operation_mnemonic:
        stage = rules.mnemonics.get(row.operation_mnemonic.upper())
    return stage or "other"


# --- status -------------------------------------------------------------------------


def _same_place(one: str | None, other: str | None, rules: Rules) -> bool:
    if not one or not other:
        return False
    if one == other:
        return True
    aliases = rules.aliases
    group = aliases.get(one)
    return group is not None and group == aliases.get(other)


def is_at_destination(state: State, rules: Rules) -> bool:
    """Whether the wagon is where it goes.

    The code of the operation's station may be another one of the same place; no
    distance left means arrival only together with its date.
    """
    if _same_place(state.station_code, state.destination_code, rules):
        return True
    return state.km_left == 0 and state.arrived is not None


def decide_status(state: State, before: State | None, row: Row, rules: Rules) -> str:
    """Return the status: the first rule that fits, what flickers being held."""
    stage = _stage(row, rules)
    if stage == "written_off" or _code(row) in rules.excluded_codes:
        return WRITTEN_OFF
    same_station = before is not None and before.station_code == state.station_code
    if _is_faulty(before, row, stage, same_station):
        return FAULTY
    at_destination = is_at_destination(state, rules)
    if state.loaded is not True and _is_empty_run(state):
        return EMPTY
    if at_destination and (
        stage == "unloading" or (state.loaded is False and _came_loaded(before))
    ):
        return UNLOADED
    if same_station and before.status in _AT_END and state.loaded is False:
        # the feed names the way back already
        return UNLOADED
    if state.loaded is False:
        at_origin = _same_place(state.station_code, state.origin_code, rules)
        return LOADING if stage == "loading" and at_origin else EMPTY
    if at_destination:
        return ARRIVED if state.arrived is not None else CANDIDATE
    status = _on_the_way(state, row, stage, rules)
    if (
        before is not None
        and same_station
        and stage not in ("raised", "departed")
        and _STICKY.get(before.status, 0) > _STICKY.get(status, 0)
    ):
        return before.status
    return status


def _is_faulty(before: State | None, row: Row, stage: str, same_station: bool) -> bool:
    if stage == "faulty":
        return True
    if stage in ("repaired", "departed") or row.working is True:
        return False
    if row.working is False:
        return True
    return before is not None and before.status == FAULTY and same_station


def _is_empty_run(state: State) -> bool:
    """The empty wagon itself is the cargo; the weight may be of the last load."""
    return codes.is_empty_run_cargo(state.cargo_code)


def _came_loaded(before: State | None) -> bool:
    """Whether an empty wagon at its destination has been unloaded there."""
    return before is None or before.loaded is not False


def _on_the_way(state: State, row: Row, stage: str, rules: Rules) -> str:
    if stage == "abandoned":
        return ABANDONED
    if _same_place(state.station_code, state.origin_code, rules):
        if stage == "loading":
            return LOADING
        if stage not in ("departed", "moving"):
            return READY if state.train_index else WAITING
    if (state.idle_minutes or 0) >= rules.idle_minutes:
        return IDLE
    return MOVING


def _decide(change: Change, before: State | None, row: Row, rules: Rules) -> None:
    """Set the status of ``change.state`` and note what follows from it."""
    state = change.state
    status = decide_status(state, before, row, rules)
    old = before.status if before is not None else None
    if status == UNLOADED:
        state.unloaded_at = state.unloaded_at or row.operation_time
        state.unload_estimated = False
        if state.arrived is None and not state.arrived_locked:
            # seen unloaded, never seen arriving
            state.arrived = row.operation_time
    if status != old or state.status_since is None:
        state.status = status
        state.status_since = (
            state.arrived if status == ARRIVED and state.arrived else row.operation_time
        )
    if status in (UNLOADED, WRITTEN_OFF):
        state.finished = True
    _note_events(change, before, row)
    _note_stay(change, before)


def _note_events(change: Change, before: State | None, row: Row) -> None:
    state = change.state
    old = before.status if before is not None else None
    when = row.operation_time
    events = change.events
    if state.status in (MOVING, IDLE, ABANDONED) and (
        old is None or old in BEFORE_START
    ):
        events.append(Event("left", state.departed or when))
        if state.departed is None:
            state.departed = when if old in BEFORE_START else None
    if state.arrived is not None and (before is None or before.arrived is None):
        events.append(Event("arrived", state.arrived))
    if state.status == old:
        return
    if old is not None:
        events.append(Event("status", when, {"before": old, "after": state.status}))
    if state.status == UNLOADED:
        events.append(Event("unloaded", state.unloaded_at, {"estimated": False}))
        events.append(Event("finished", state.unloaded_at))
    elif state.status in (FAULTY, ABANDONED, WRITTEN_OFF):
        events.append(Event(state.status, when))
    if old == FAULTY:
        events.append(Event("repaired", when))
    elif old == ABANDONED and state.status != WRITTEN_OFF:
        events.append(Event("raised", when))


def _stay(state: State) -> IdleEpisode | None:
    """Return the stay that the state is in, if it stands anywhere."""
    if state.status in _STANDING and state.status_since:
        return IdleEpisode(state.station_code, state.status_since)
    if state.status in _AT_END:
        begin = state.arrived or state.status_since
        return IdleEpisode(state.station_code, begin) if begin else None
    return None


def _note_stay(change: Change, before: State | None) -> None:
    old = _stay(before) if before is not None else None
    new = _stay(change.state)
    if old == new:
        return
    if old is not None and (new is None or new.begin != old.begin):
        end = change.state.unloaded_at or change.state.operation_time
        change.idle.append(old._replace(end=max(end, old.begin)))
    if new is not None:
        change.idle.append(new)


# --- wagons that a report does not name ---------------------------------------------


def missing(
    states: Mapping[str, State],
    present: Set[str],
    formed_at: datetime | None,
    rules: Rules,
) -> list[Change]:
    """Return what becomes of wagons that the report does not name any more.

    One that had arrived was unloaded (estimated) once it stays away: a single report
    may be short of a row. An empty one is somebody else's business; any other is
    lost, and forgotten after ``rules.lost_days``.
    """
    changes = []
    for wagon, before in states.items():
        if wagon in present or before.finished:
            continue
        when = formed_at or before.operation_time
        if before.status == ARRIVED:
            changes += _miss_arrived(before, when, rules)
            continue
        if before.lost_since is not None:
            if when and when - before.lost_since >= timedelta(days=rules.lost_days):
                state = before.twin()
                state.finished = True
                changes.append(
                    Change(
                        wagon,
                        state,
                        before=before,
                        events=[Event("finished", when)],
                    )
                )
            continue
        state = before.twin()
        change = Change(wagon, state, before=before)
        stay = _stay(before)
        if stay:
            change.idle.append(stay._replace(end=max(when, stay.begin)))
        if before.status == EMPTY:
            state.finished = True
            change.events.append(Event("finished", when))
        else:
            state.status = LOST
            state.status_since = state.lost_since = when
            change.events.append(Event("lost", when, {"before": before.status}))
        changes.append(change)
    return changes


def _miss_arrived(before: State, when: datetime, rules: Rules) -> list[Change]:
    """Note that a wagon that had arrived is absent, or conclude its unloading."""
    state = before.twin()
    change = Change(before.wagon, state, before=before)
    first = before.lost_since
    if first is None:
        state.lost_since = when
        change.events.append(Event("absent", when))
        return [change]
    if when <= first or when - first < timedelta(hours=rules.absent_hours):
        return []
    # the money stops at the first report without the wagon
    unloaded = max(first, before.arrived or first)
    stay = _stay(before)
    if stay:
        change.idle.append(stay._replace(end=max(unloaded, stay.begin)))
    _estimate_unloading(state, unloaded)
    change.events += [
        Event("unloaded", unloaded, {"estimated": True}),
        Event("finished", unloaded),
    ]
    return [change]


def is_forgotten(state: State, now: datetime, rules: Rules) -> bool:
    """Whether the last operation is so old that the wagon is not under way.

    Faulty wagons stand in feeds for years.
    """
    if state.operation_time is None:
        return False
    return now - state.operation_time > timedelta(days=rules.max_age_days)


def transfer_candidates(
    donors: Iterable[State], acceptors: Iterable[State]
) -> list[tuple[State, State, tuple[str, ...]]]:
    """Return pairs of wagons between which cargo may have been moved.

    A faulty (or lost) wagon's cargo goes on in another one from the station where
    it stood, with the same mass, and often the same due date. A person decides.
    The best pairs come first; a wagon may be in several.
    """
    by_station: dict[str, list[State]] = {}
    for donor in donors:
        if donor.status in (FAULTY, LOST, IDLE, ABANDONED) and donor.station_code:
            by_station.setdefault(donor.station_code, []).append(donor)
    found = []
    for acceptor in acceptors:
        for donor in by_station.get(acceptor.origin_code or "", ()):
            reasons = _transfer_reasons(donor, acceptor)
            if reasons:
                found.append((donor, acceptor, reasons))
    found.sort(key=lambda item: (-len(item[2]), item[0].wagon, item[1].wagon))
    return found


def _transfer_reasons(donor: State, acceptor: State) -> tuple[str, ...]:
    if donor.wagon == acceptor.wagon or acceptor.loaded is False:
        return ()
    if donor.mass_t is None or acceptor.mass_t is None:
        return ()
    # a hair more than the tolerance: 69.6 - 69.5 is 0.0999... or 0.1000...
    if abs(donor.mass_t - acceptor.mass_t) > _MASS_TOLERANCE_T + 1e-9:
        return ()
    start = acceptor.trip_start or acceptor.operation_time
    if start and donor.operation_time and start < donor.operation_time:
        return ()
    reasons = ["station", "mass"]
    if donor.due_date and acceptor.due_date:
        if donor.due_date != acceptor.due_date:
            return ()
        reasons.append("due_date")
    if donor.destination_code and acceptor.destination_code:
        if donor.destination_code != acceptor.destination_code:
            return ()
        reasons.append("destination")
    if donor.cargo_code and donor.cargo_code == acceptor.cargo_code:
        reasons.append("cargo")
    return tuple(reasons)
