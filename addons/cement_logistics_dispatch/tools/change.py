# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Requests for a change: what may still be asked, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from odoo.addons.cement_logistics.tools import lifecycle

QUANTITY: Final = "quantity"
DAY: Final = "day"
SITE: Final = "site"
UNLOADING: Final = "unloading"
HOURS: Final = "hours"
HOLD: Final = "hold"
CANCEL: Final = "cancel"
KINDS: Final = (QUANTITY, DAY, SITE, UNLOADING, HOURS, HOLD, CANCEL)

NEW: Final = "new"
ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"
EXPIRED: Final = "expired"
WITHDRAWN: Final = "withdrawn"
ANSWERS: Final = frozenset({ACCEPTED, DECLINED, EXPIRED, WITHDRAWN})

# Why a change may not be asked for.
NO_RULE: Final = "no_rule"
TOO_FAR: Final = "too_far"
TOO_LATE: Final = "too_late"


@dataclass(frozen=True, slots=True)
class Rule:
    """Until when a kind of change may be asked for.

    :param last_state: the last state of the shipment in which it may.
    :param transport: ``road`` or ``rail``; ``None``: both.
    :param hours_before: how long before the day of loading, while it is planned.
    """

    kind: str
    last_state: str
    transport: str | None = None
    hours_before: float = 0.0


def find_rule(rules: Iterable[Rule], kind: str, transport: str) -> Rule | None:
    """Return the rule for *kind*: the one for the transport before the general."""
    fitting = [
        rule
        for rule in rules
        if rule.kind == kind and rule.transport in (None, transport)
    ]
    return min(fitting, key=lambda rule: rule.transport is None, default=None)


def find_denial(
    rule: Rule | None, state: str, now: datetime, loading: datetime | None
) -> str | None:
    """Return why the change may not be asked for now, or ``None`` when it may.

    :param state: the state of the shipment.
    :param loading: when the loading begins, if that is known.
    """
    if rule is None:
        return NO_RULE
    if state in lifecycle.FINAL or (
        lifecycle.STEPS[state] > lifecycle.STEPS[rule.last_state]
    ):
        return TOO_FAR
    if (
        rule.hours_before
        and loading
        and state == lifecycle.PLANNED
        and now > loading - timedelta(hours=rule.hours_before)
    ):
        return TOO_LATE
    return None
