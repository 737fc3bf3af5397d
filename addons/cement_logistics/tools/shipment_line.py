# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The line of steps of a shipment, as the client sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from . import lifecycle

DONE: Final = "done"
CURRENT: Final = "current"
SKIPPED: Final = "skipped"
FUTURE: Final = "future"

# What a state means to the client: green is done, amber wants attention.
_TONES: Final = {
    lifecycle.NEAR: "attention",
    lifecycle.ARRIVED: "attention",
    lifecycle.UNLOADING: "attention",
    lifecycle.DONE: "done",
    lifecycle.PLANNED: "off",
    lifecycle.CANCELLED: "off",
}

# Nobody follows a wagon by the hour, and its owner unloads it when it likes.
_NOT_BY_RAIL: Final = frozenset({lifecycle.NEAR, lifecycle.UNLOADING})


def tone(state: str) -> str:
    """Return the meaning of *state*: done, attention, off or neutral."""
    return _TONES.get(state, "neutral")


@dataclass(frozen=True, slots=True)
class Event:
    """A state, when it was true, and whether that was seen or concluded."""

    state: str
    when: datetime
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line.

    :param progress: ``done``, ``current``, ``skipped`` or ``future``.
    :param when: when it was reached, where that is known.
    """

    state: str
    progress: str
    when: datetime | None = None
    is_estimated: bool = False
    tone: str = "neutral"


def build(
    state: str, events: Iterable[Event], *, is_rail: bool = False
) -> tuple[Step, ...]:
    """Return the line of a shipment in *state*.

    A stage that nobody saw is ``skipped``; a cancelled shipment keeps what it went
    through and ends there.

    :param is_rail: leave out the steps that a wagon does not have.
    """
    reached: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: event.when):
        reached.setdefault(event.state, event)
    if state == lifecycle.CANCELLED:
        order = [
            step
            for step in lifecycle.STATES
            if step in reached and step != lifecycle.CANCELLED
        ]
        steps = [_step(step, DONE, reached.get(step)) for step in order]
        steps.append(_step(state, CURRENT, reached.get(state), tone(state)))
        return tuple(steps)
    place = lifecycle.STEPS[state]
    line = []
    for step in lifecycle.STATES[:-1]:
        number, event = lifecycle.STEPS[step], reached.get(step)
        if is_rail and step in _NOT_BY_RAIL and step != state and not event:
            continue
        if number > place:
            line.append(Step(step, FUTURE))
        elif number == place:
            progress = DONE if state == lifecycle.DONE else CURRENT
            line.append(_step(step, progress, event, tone(state)))
        elif event or step == lifecycle.PLANNED:
            line.append(_step(step, DONE, event))
        else:
            line.append(Step(step, SKIPPED))
    return tuple(line)


def _step(state, progress, event, meaning="neutral") -> Step:
    return Step(
        state,
        progress,
        event.when if event else None,
        event.is_estimated if event else False,
        meaning,
    )
