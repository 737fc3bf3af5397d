# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The way of a shipment from the plant's gate to the silo.

States move forward only; a stage may be passed over (a tracker is silent, a
wagon arrives between two reports). ``cancelled`` is reached before the goods
leave.
"""

from typing import Final

PLANNED: Final = "planned"
LOADING: Final = "loading"
LEFT: Final = "left"
ON_WAY: Final = "on_way"
NEAR: Final = "near"
ARRIVED: Final = "arrived"
UNLOADING: Final = "unloading"
DONE: Final = "done"
CANCELLED: Final = "cancelled"

STEPS: Final[dict[str, int]] = {
    PLANNED: 0,
    LOADING: 1,
    LEFT: 2,
    ON_WAY: 3,
    NEAR: 4,
    ARRIVED: 5,
    UNLOADING: 6,
    DONE: 7,
    CANCELLED: 8,
}
STATES: Final = tuple(STEPS)
FINAL: Final = frozenset({DONE, CANCELLED})
# Between the plant's gate and the end of unloading: these have a position.
UNDER_WAY: Final = (LEFT, ON_WAY, NEAR, ARRIVED, UNLOADING)
# Past the plant's gate, delivered ones included.
GONE: Final = (*UNDER_WAY, DONE)


def can_move(state: str, target: str) -> bool:
    """Whether a shipment may go from *state* to *target*.

    Staying where it is counts as possible: messages come twice.
    """
    if state not in STEPS or target not in STEPS:
        return False
    if state == target:
        return True
    if state in FINAL:
        return False
    if target == CANCELLED:
        return STEPS[state] < STEPS[LEFT]
    return STEPS[target] > STEPS[state]
