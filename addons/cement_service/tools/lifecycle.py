# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The life of a claim: it moves forward only, and ends with an answer.

``accepted`` and ``refused`` stand on one step: a decision that was told to the
client is not turned round.
"""

from typing import Final

NEW: Final = "new"
IN_WORK: Final = "in_work"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
CLOSED: Final = "closed"

# State and its step; a higher step is further on.
STEPS: Final[dict[str, int]] = {
    NEW: 0,
    IN_WORK: 1,
    ACCEPTED: 2,
    REFUSED: 2,
    CLOSED: 3,
}
STATES: Final = tuple(STEPS)
# States in which the client waits for an answer.
OPEN: Final = (NEW, IN_WORK)
# The two ways in which a claim is decided.
DECISIONS: Final = (ACCEPTED, REFUSED)
# States that are told to the client with a text.
ANSWERED: Final = (ACCEPTED, REFUSED, CLOSED)

# The field that keeps when a state was reached.
DATE_FIELDS: Final[dict[str, str]] = {
    IN_WORK: "date_work",
    ACCEPTED: "date_decided",
    REFUSED: "date_decided",
    CLOSED: "date_closed",
}


def can_move(state: str, target: str) -> bool:
    """Whether a claim may go from *state* to *target*; staying is no move."""
    if state not in STEPS or target not in STEPS:
        return False
    return STEPS[target] > STEPS[state]


def needs_answer(state: str) -> bool:
    """Whether the client must be told something in this state."""
    return state in ANSWERED


def tone(state: str) -> str:
    """Return how a state looks: the kind of its badge."""
    return {
        NEW: "info",
        IN_WORK: "warn",
        ACCEPTED: "ok",
        REFUSED: "block",
    }.get(state, "muted")
