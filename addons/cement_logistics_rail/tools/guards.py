# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What must be true of a report before it touches anything.

A hard refusal keeps the report out until a person overrules it; a soft one is a
remark. Moments are Moscow's.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .reader.model import Problem, Row

HISTORY = "history"
FUTURE: Final = "future"
CONTRADICTION: Final = "contradiction"
# Of these a wagon has but one at a time.
_ONE: Final = ("waybill", "origin_code", "destination_code")
# What has happened at the time of the report.
_PAST: Final = ("operation_time", "arrived", "departed", "trip_start", "trip_end")
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a report and of the one before it.

    :param previous_wagons: under way by the last report of the same source.
    :param consignees: OKPO (compare form) and name of those in the report.
    :param known_consignees: OKPO of the partners; empty when this is not checked.
    """

    formed_at: datetime | None = None
    newest_operation: datetime | None = None
    now: datetime
    wagons: Set[str] = frozenset()
    previous_wagons: Set[str] = frozenset()
    last_formed_at: datetime | None = None
    consignees: Mapping[str, str] = field(default_factory=dict)
    known_consignees: Set[str] = frozenset()
    kind: str = "snapshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds; they are settings."""

    max_age_minutes: int = 60
    min_gap_minutes: int = 15
    max_loss: float = 0.30
    min_wagons: int = 4  # of fewer the half is a remark, no refusal
    check_consignees: bool = True
    future_minutes: int = 24 * 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a report is refused, or what is to be said of it."""

    code: str
    hard: bool
    params: Mapping = field(default_factory=dict)


def refuse_future(
    rows: Iterable[Row], formed_at: datetime | None, now: datetime, hours: float
) -> None:
    """Take away what *rows* say to have happened later than the report.

    One «2062» in place of «2026», and all true rows after it would be older news. A
    row without its time is not used; that its wagon is in the report still holds.

    :param formed_at: moment of the report, if it is known.
    :param hours: by how much clocks may differ.
    """
    limit = min(formed_at or now, now) + timedelta(hours=hours)
    for row in rows:
        for name in _PAST:
            moment = getattr(row, name)
            if moment is not None and moment > limit:
                setattr(row, name, None)
                text = f"{moment:%d.%m.%Y %H:%M}"
                row.problems += (Problem(FUTURE, row.number, name, text),)


def note_contradictions(rows: Iterable[Row]) -> None:
    """Remark on rows that say different things of one wagon in the same minute.

    The last one in the file is believed.
    """
    seen: dict[tuple, Row] = {}
    for row in rows:
        if not row.usable or row.container:
            continue  # containers of one wagon have papers of their own
        before = seen.setdefault((row.wagon, row.operation_time), row)
        for name in _ONE:
            value, other = getattr(row, name), getattr(before, name)
            if value and other and value != other:
                problem = Problem(CONTRADICTION, row.number, name, f"{other} / {value}")
                row.problems += (problem,)


def check(facts: Facts, rules: Rules) -> list[Refusal]:
    """Return what speaks against the report, the hard refusals first."""
    found = [*_check_age(facts, rules)]
    if facts.kind != HISTORY:
        found += _check_loss(facts, rules)
    if rules.check_consignees and facts.known_consignees:
        unknown = sorted(set(facts.consignees) - set(facts.known_consignees))
        if unknown:
            found.append(
                Refusal(
                    "unknown_consignee",
                    True,
                    {
                        "okpo": unknown[:_NAMED],
                        "names": [facts.consignees[key] for key in unknown[:_NAMED]],
                        "count": len(unknown),
                    },
                )
            )
    return sorted(found, key=lambda refusal: not refusal.hard)


def _check_age(facts: Facts, rules: Rules) -> list[Refusal]:
    formed = facts.formed_at or facts.newest_operation
    if formed is None:
        return []
    params = {"formed_at": formed, "last_formed_at": facts.last_formed_at}
    if formed > facts.now + timedelta(minutes=rules.future_minutes):
        return [Refusal("from_future", True, params)]
    found = []
    if facts.kind == HISTORY:
        return found
    age = (facts.now - formed) // timedelta(minutes=1)
    if age > rules.max_age_minutes:
        found.append(Refusal("stale", False, params | {"minutes": age}))
    # a report that does not say when it was formed cannot be older by its operations
    if facts.formed_at is not None and facts.last_formed_at is not None:
        gap = formed - facts.last_formed_at
        if gap < timedelta():
            found.append(Refusal("older_than_last", True, params))
        elif gap < timedelta(minutes=rules.min_gap_minutes):
            found.append(Refusal("too_soon", False, params))
    return found


def _check_loss(facts: Facts, rules: Rules) -> list[Refusal]:
    before = len(facts.previous_wagons)
    lost = len(facts.previous_wagons - facts.wagons)
    if before < 2 or lost <= before * rules.max_loss:
        return []
    return [
        Refusal(
            "rows_lost",
            before >= rules.min_wagons,
            {"lost": lost, "before": before, "percent": 100.0 * lost / before},
        )
    ]
