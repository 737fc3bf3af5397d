# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What passes through the door of a tracking provider, whoever the provider is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

# Status of a tracked object, in the order of the way.
NEW: Final = "new"
WAIT: Final = "wait"
OK: Final = "ok"
OFF: Final = "off"
REJECTED: Final = "rejected"
NO_CONFIRMED: Final = "no_confirmed"
ERROR: Final = "error"
WRONG: Final = "wrong"
ERROR_EXISTS: Final = "error_exists"
LIMITED: Final = "limited"
STATUSES: Final = (
    NEW,
    WAIT,
    OK,
    OFF,
    REJECTED,
    NO_CONFIRMED,
    ERROR,
    WRONG,
    ERROR_EXISTS,
    LIMITED,
)
# Nothing comes while one of these stands, and only a person can help.
TROUBLES: Final = frozenset({REJECTED, NO_CONFIRMED, ERROR, WRONG, ERROR_EXISTS})


class DoorError(Exception):
    """The provider did not do what was asked.

    :param text: in words, for the dispatcher.
    :param code: of the provider, if it told one.
    :param kind: ``refused`` (this object, this question), ``unreachable`` (try again
        later), ``key`` (wrong key: nothing more is asked until a person acts),
        ``limit`` (our own limit or the provider's: try again later).
    """

    def __init__(self, text: str, kind: str = "unreachable", code: str = ""):
        super().__init__(text)
        self.text = text
        self.kind = kind
        self.code = code


@dataclass(frozen=True, slots=True)
class Position:
    """Where an object was at *at* (UTC, naive as the database keeps it).

    :param accuracy: metres. :param distance_km: left to the last point of the way.
    :param forecast_hours: of the provider, from *at*. :param speed: km/h.
    """

    ext_id: str
    at: datetime
    latitude: float
    longitude: float
    accuracy: float | None = None
    place: str = ""
    distance_km: float | None = None
    forecast_hours: float | None = None
    speed: float | None = None
    course: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something the provider tells of an object. *number* orders them."""

    ext_id: str
    number: int
    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class ObjectState:
    ext_id: str
    status: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer held; *bad* are the rows that could not be read."""

    rows: list = field(default_factory=list)
    bad: int = 0
