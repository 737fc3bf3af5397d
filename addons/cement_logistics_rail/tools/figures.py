# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a trip means at a given moment: idle days, demurrage, lateness, trouble.

Moments are Moscow's and naive, as everywhere in the kernel.
"""

from datetime import datetime
from typing import Final, NamedTuple

from . import demurrage, trouble
from .trips import ABANDONED, ARRIVED, CANDIDATE, FAULTY, IDLE, LOST, State

_DAY: Final = 86400.0

# The railway's status of a trip as a step of the shipment; what is not here does
# not move the shipment.
SHIPMENT_STATES: Final[dict[str, str]] = {
    "loading": "loading",
    "waiting": "left",
    "ready": "left",
    "moving": "on_way",
    "idle": "on_way",
    "abandoned": "on_way",
    "candidate": "near",
    "arrived": "arrived",
    "unloaded": "done",
}
_STANDING: Final = frozenset({IDLE, ABANDONED, CANDIDATE, FAULTY})


class Figures(NamedTuple):
    """What changes with the clock; the names are those of the trip's columns."""

    idle_since: datetime | None = None
    idle_days: float = 0.0
    idle_money: float = 0.0
    demurrage_at: datetime | None = None
    is_lost: bool = False
    is_faulty: bool = False
    is_abandoned: bool = False
    is_idle: bool = False
    is_late: bool = False
    late_days: int = 0
    trouble: int = 0


_NOTHING: Final = Figures()
# A wagon in one of these costs time or money, or soon will.
_TROUBLED: Final = _STANDING | {LOST}


def get_figures(state: State, is_open: bool, now: datetime, tariffs) -> Figures:
    """Return what the trip means at the moment *now*.

    :param tariffs: as ``demurrage.charge`` wants them; empty means no money.
    """
    arrived = state.arrived
    late_days = _get_late_days(state, is_open, now)
    if (
        is_open
        and arrived is None
        and state.lost_since is None
        and state.status not in _TROUBLED
        and not late_days
    ):
        return _NOTHING  # on its way and in time, as most are
    at_client = arrived is not None and (
        state.loaded is not False or state.unloaded_at is not None
    )
    # one that had arrived is absent, and probably unloaded
    lost = is_open and (
        state.status == LOST
        or (state.lost_since is not None and state.status != ARRIVED)
    )
    faulty = state.status == FAULTY
    since, until = _get_stay(state, now, at_client)
    days = max(0.0, (until - since).total_seconds() / _DAY) if since else 0.0
    money, starts_at = _get_money(state, until, at_client, tariffs)
    costs = starts_at is not None and starts_at <= now and not state.unloaded_at
    idle = is_open and not lost and (state.status in (IDLE, ABANDONED) or costs)
    lasting = days
    if lost and state.lost_since:
        lasting = (now - state.lost_since).total_seconds() / _DAY
    elif faulty and state.status_since:
        lasting = (now - state.status_since).total_seconds() / _DAY
    return Figures(
        idle_since=since,
        idle_days=round(days, 1),
        idle_money=money,
        demurrage_at=starts_at,
        is_lost=lost,
        is_faulty=is_open and faulty,
        is_abandoned=is_open and state.status == ABANDONED,
        is_idle=idle,
        is_late=late_days > 0,
        late_days=late_days,
        trouble=trouble.score(
            lost=lost, faulty=faulty, idle=idle, late_days=late_days, days=lasting
        )
        if is_open
        else 0,
    )


def _get_stay(state, now, at_client):
    """Return from when until when the wagon stands."""
    if at_client:
        return state.arrived, state.unloaded_at or now
    if state.status in _STANDING and state.operation_time:
        return state.operation_time, now
    return None, now


def _get_money(state, until, at_client, tariffs):
    if not (at_client and tariffs):
        return 0.0, None
    charge = demurrage.charge(tariffs, state.arrived, until)
    return float(charge.amount), charge.starts_at


def _get_late_days(state, is_open, now) -> int:
    """Return the days after the carrier's due date, 0 in time."""
    if state.due_date is None:
        return 0
    if state.arrived is None and (not is_open or state.loaded is False):
        return 0
    day = (state.arrived or now).date()
    return max(0, (day - state.due_date).days)


def get_stay(begin: datetime, end: datetime, kind: str, tariffs) -> tuple[float, float]:
    """Return days and cost of a stay; one on the way costs nothing: it is the
    carrier's."""
    days = round(max(0.0, (end - begin).total_seconds() / _DAY), 1)
    if kind != "station" or not tariffs:
        return days, 0.0
    charge = demurrage.charge(tariffs, begin, end)
    return days, float(charge.amount)
