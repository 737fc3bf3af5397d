# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a trip means at a given moment: idle days, demurrage, lateness, trouble.

Moments are naive UTC here, as the database has them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from . import demurrage, moscow, trouble

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
_STANDING: Final = frozenset({"idle", "abandoned", "candidate", "faulty"})


@dataclass(slots=True, kw_only=True)
class Facts:
    """What is stored of a trip, as far as it changes with the clock."""

    state: str
    is_open: bool
    is_loaded: bool | None
    operation_at: datetime | None
    state_since: datetime | None = None
    arrived_at: datetime | None = None
    unloaded_at: datetime | None = None
    lost_since: datetime | None = None
    due_date: date | None = None
    is_faulty: bool = False
    idle_minutes: int = 0


def get_figures(facts: Facts, now: datetime, tariffs) -> dict:
    """Return the columns of a trip that change with the clock.

    :param tariffs: as ``demurrage.charge`` wants them; empty means no money.
    """
    at_client = bool(facts.arrived_at) and facts.is_loaded is not False
    at_client = at_client or (bool(facts.arrived_at) and bool(facts.unloaded_at))
    lost = facts.is_open and (facts.state == "lost" or bool(facts.lost_since))
    abandoned = facts.is_open and facts.state == "abandoned"
    since, until = _get_stay(facts, now, at_client)
    days = max(0.0, (until - since).total_seconds() / _DAY) if since else 0.0
    money, starts_at = _get_money(facts, until, at_client, tariffs)
    costs = bool(starts_at) and starts_at <= now and not facts.unloaded_at
    stands = facts.state in ("idle", "abandoned") or costs
    idle = facts.is_open and not lost and stands
    late_days = _get_late_days(facts, now)
    lasting = days
    if lost and facts.lost_since:
        lasting = (now - facts.lost_since).total_seconds() / _DAY
    elif facts.is_faulty and facts.state_since:
        lasting = (now - facts.state_since).total_seconds() / _DAY
    return {
        "idle_since": since,
        "idle_days": round(days, 1),
        "idle_money": money,
        "demurrage_at": starts_at,
        "is_lost": lost,
        "is_faulty": facts.is_open and facts.is_faulty,
        "is_abandoned": abandoned,
        "is_idle": idle,
        "is_late": late_days > 0,
        "late_days": max(0, late_days),
        "trouble": trouble.score(
            lost=lost,
            faulty=facts.is_faulty,
            idle=idle,
            late_days=late_days,
            days=lasting,
        )
        if facts.is_open
        else 0,
    }


def _get_stay(facts, now, at_client):
    """Return from when until when the wagon stands."""
    if at_client:
        return facts.arrived_at, facts.unloaded_at or now
    if facts.state in _STANDING and facts.operation_at:
        return facts.operation_at, now
    return None, now


def _get_money(facts, until, at_client, tariffs):
    if not (at_client and tariffs):
        return 0.0, None
    charge = demurrage.charge(
        tariffs, moscow.from_utc(facts.arrived_at), moscow.from_utc(until)
    )
    return float(charge.amount), moscow.to_utc(charge.starts_at)


def _get_late_days(facts, now) -> int:
    if not facts.due_date or facts.is_loaded is False and not facts.arrived_at:
        return 0
    if not facts.is_open and not facts.arrived_at:
        return 0
    day = moscow.from_utc(facts.arrived_at or now).date()
    return (day - facts.due_date).days


def get_stay(begin: datetime, end: datetime, kind: str, tariffs) -> tuple[float, float]:
    """Return days and cost of a stay; one on the way costs nothing: it is the
    carrier's."""
    days = round(max(0.0, (end - begin).total_seconds() / _DAY), 1)
    if kind != "station" or not tariffs:
        return days, 0.0
    charge = demurrage.charge(tariffs, moscow.from_utc(begin), moscow.from_utc(end))
    return days, float(charge.amount)
