# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The way of an order as the client sees it: eight steps with their times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from odoo.addons.cement_sale.tools import lifecycle

RESERVE: Final = "reserve"

# Steps of the line in their order; the three answers on the reserve share one.
STEPS: Final = (
    lifecycle.NEW,
    lifecycle.PROCESSING,
    RESERVE,
    lifecycle.ASSEMBLING,
    lifecycle.SHIPPING,
    lifecycle.SHIPPED,
    lifecycle.DELIVERED,
    lifecycle.CLOSED,
)

DONE: Final = "done"
CURRENT: Final = "current"
SKIPPED: Final = "skipped"
FUTURE: Final = "future"

# What a state means to the client: green is done, amber wants attention, red is
# blocked, neutral goes its way.
_TONES: Final = {
    lifecycle.RESERVE_ALLOWED: "done",
    lifecycle.RESERVE_PARTIAL: "attention",
    lifecycle.RESERVE_REFUSED: "blocked",
    lifecycle.SHIPPED: "done",
    lifecycle.DELIVERED: "done",
    lifecycle.CLOSED: "done",
    lifecycle.CANCELLED: "off",
}


def tone(state: str) -> str:
    """Return the meaning of *state*: done, attention, blocked, off or neutral."""
    return _TONES.get(state, "neutral")


def is_waiting(state: str) -> bool:
    """Whether the goods have still to leave the plant."""
    return lifecycle.STEPS[state] < lifecycle.STEPS[lifecycle.SHIPPED]


@dataclass(frozen=True, slots=True)
class Event:
    """A state, when it was reached, and who said so."""

    state: str
    when: datetime
    source: str = "system"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line.

    :param code: one of ``STEPS``, or ``cancelled``.
    :param state: the state behind the step, which names it: the answer on the
        reserve for the step ``reserve``.
    :param progress: ``done``, ``current``, ``skipped`` or ``future``.
    :param when: when it was reached last, where that is known.
    """

    code: str
    state: str
    progress: str
    when: datetime | None = None
    tone: str = "neutral"


def build(state: str, events: Iterable[Event]) -> tuple[Step, ...]:
    """Return the line of an order in *state*.

    An order that was cancelled keeps the steps that it went through, and ends
    there. A step that was jumped over (1C does not report every one) is
    ``skipped``: it lies behind, but nobody saw it.
    """
    reached: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: event.when):
        if event.state in lifecycle.STATES:
            reached[_code(event.state)] = event
    if state == lifecycle.CANCELLED:
        steps = [_past(code, reached[code]) for code in STEPS if code in reached]
        end = reached.get(lifecycle.CANCELLED)
        steps.append(
            Step(state, state, CURRENT, end.when if end else None, tone(state))
        )
        return tuple(steps)
    place = STEPS.index(_code(state))
    return tuple(
        _step(code, index - place, state, reached.get(code))
        for index, code in enumerate(STEPS)
    )


def _code(state: str) -> str:
    return RESERVE if state in lifecycle.RESERVE else state


def _past(code: str, event: Event) -> Step:
    return Step(code, event.state, DONE, event.when, "neutral")


def _step(code: str, distance: int, state: str, event: Event | None) -> Step:
    when = event.when if event else None
    if distance == 0:
        # the last step is not under way: it is reached
        progress = DONE if state == lifecycle.CLOSED else CURRENT
        return Step(code, state, progress, when, tone(state))
    if distance > 0:
        # a status moved back by right leaves later events behind; they do not count
        return Step(code, _default_state(code), FUTURE)
    if event:
        return _past(code, event)
    return Step(code, _default_state(code), SKIPPED)


def _default_state(code: str) -> str:
    return lifecycle.RESERVE_ALLOWED if code == RESERVE else code
