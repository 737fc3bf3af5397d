# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The life of an order as the accounting side tells it.

States move forward only.  The three answers on the reserve stand on one step:
the accounting system may change its mind between them.  ``cancelled`` can be
reached from every state before the goods leave.
"""

from typing import Final

NEW: Final = "new"
PROCESSING: Final = "processing"
RESERVE_ALLOWED: Final = "reserve_allowed"
RESERVE_PARTIAL: Final = "reserve_partial"
RESERVE_REFUSED: Final = "reserve_refused"
ASSEMBLING: Final = "assembling"
SHIPPING: Final = "shipping"
SHIPPED: Final = "shipped"
DELIVERED: Final = "delivered"
CLOSED: Final = "closed"
CANCELLED: Final = "cancelled"

# State and its step; a higher step is further on.
STEPS: Final[dict[str, int]] = {
    NEW: 0,
    PROCESSING: 1,
    RESERVE_ALLOWED: 2,
    RESERVE_PARTIAL: 2,
    RESERVE_REFUSED: 2,
    ASSEMBLING: 3,
    SHIPPING: 4,
    SHIPPED: 5,
    DELIVERED: 6,
    CLOSED: 7,
    CANCELLED: 8,
}
STATES: Final = tuple(STEPS)
RESERVE: Final = frozenset({RESERVE_ALLOWED, RESERVE_PARTIAL, RESERVE_REFUSED})
FINAL: Final = frozenset({CLOSED, CANCELLED})
UNDER_WAY: Final = tuple(state for state in STATES if state not in FINAL)

# F165 and F166: an order is changed while it is processed, not while it is
# assembled. What lies in reserve can still be given back.
_EDITABLE: Final = frozenset({NEW, PROCESSING})
_CANCELLABLE: Final = _EDITABLE | RESERVE


class TransitionError(ValueError):
    """A move that the life cycle does not know."""

    def __init__(self, state: str, target: str):
        super().__init__(f"{state} -> {target}")
        self.state = state
        self.target = target


def can_move(state: str, target: str) -> bool:
    """Whether an order may go from *state* to *target* without a special right.

    Staying where it is counts as possible: messages come twice.
    """
    if state not in STEPS or target not in STEPS:
        return False
    if state == target:
        return True
    if state in FINAL:
        return False
    if target == CANCELLED:
        return can_cancel(state)
    if state in RESERVE and target in RESERVE:
        return True
    return STEPS[target] > STEPS[state]


def check_move(state: str, target: str) -> None:
    """Refuse what :func:`can_move` does not allow.

    :raises TransitionError: with both states.
    """
    if not can_move(state, target):
        raise TransitionError(state, target)


def can_edit(state: str) -> bool:
    """Whether quantity, day and place may still change."""
    return state in _EDITABLE


def can_cancel(state: str) -> bool:
    """Whether the order may still be cancelled."""
    return state in _CANCELLABLE
