# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Messages that trackers and gateways push: positions of units in JSON.

Two shapes are known, and a batch may mix them: the last message of a Wialon unit
(``unit``, ``pos`` with ``y``, ``x``, ``s``, ``c``, ``t``) and what gateways of EGTS
terminals hand on (``client`` or ``object_id``, ``latitude``, ``longitude``,
``navigation_unix_time``). The shapes are general knowledge, not taken from a
contract: a gateway that writes otherwise needs its own reader here.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from . import geo
from .door import Position, Reading
from .movizor import moment, number, text

MAX_BYTES: Final = 256 << 10
MAX_MESSAGES: Final = 1000
# A clock of a terminal that is ahead by more than that is wrong.
AHEAD: Final = timedelta(minutes=10)
BEHIND: Final = timedelta(days=7)
_UNIT_KEYS: Final = ("unit", "unit_id", "object_id", "client", "imei", "uid", "id")
_TIME_KEYS: Final = (
    "t",
    "navigation_unix_time",
    "navigation_timestamp",
    "timestamp",
    "time",
)


class PushError(ValueError):
    """The body is no batch of messages. :param reason: ``json``, ``shape``, ``many``
    or ``empty``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def read_body(body: bytes, now: datetime) -> Reading:
    """Read one message, a list of them or ``{"messages": [...]}``.

    :param now: naive UTC; what is far ahead or a week old is counted as bad.
    :raises PushError: when nothing can be read at all.
    """
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PushError("json") from error
    messages = _messages(data)
    if not messages:
        raise PushError("empty")
    if len(messages) > MAX_MESSAGES:
        raise PushError("many")
    rows, bad = {}, 0
    for message in messages:
        position = read_message(message)
        if position is None or not now - BEHIND <= position.at <= now + AHEAD:
            bad += 1
        else:
            rows[position.ext_id, position.at] = position
    return Reading([rows[key] for key in sorted(rows)], bad)


def _messages(data: Any) -> list:
    if isinstance(data, dict):
        inner = data.get("messages", data.get("items"))
        data = inner if isinstance(inner, list) else [data]
    if not isinstance(data, list):
        raise PushError("shape")
    return data


def read_message(message: Any) -> Position | None:
    """Return the position of one message, or None when it has none."""
    if not isinstance(message, dict):
        return None
    unit = next((message[key] for key in _UNIT_KEYS if message.get(key)), "")
    if isinstance(unit, dict):
        unit = unit.get("id") or unit.get("nm")
    ext_id = text(unit, 64)
    pos = message.get("pos")
    if isinstance(pos, dict):
        latitude, longitude = number(pos.get("y")), number(pos.get("x"))
        at = _time(pos) or _time(message)
        speed, course = number(pos.get("s")), number(pos.get("c"))
    else:
        latitude = number(message.get("latitude", message.get("lat")))
        longitude = number(message.get("longitude", message.get("lon")))
        at = _time(message)
        speed, course = number(message.get("speed")), number(message.get("course"))
    if not ext_id or at is None or not geo.is_place(latitude, longitude):
        return None
    return Position(
        ext_id=ext_id,
        at=at,
        latitude=latitude,
        longitude=longitude,
        accuracy=_within(number(message.get("accuracy")), 0, 100_000),
        speed=_within(speed, 0, 300),
        course=_within(course, 0, 360),
        place=text(message.get("place")),
    )


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and low <= value <= high else None


def _time(values: dict) -> datetime | None:
    """Return the time of a message: unix seconds or ISO with a zone, UTC without."""
    for key in _TIME_KEYS:
        value = values.get(key)
        found = moment(value)
        if found:
            return found
        if isinstance(value, str) and "-" in value:
            try:
                read = datetime.fromisoformat(value)
                if read.tzinfo:
                    read = read.astimezone(UTC).replace(tzinfo=None)
            except (ValueError, OverflowError):  # the first or last day of all
                continue
            return read.replace(microsecond=0)
    return None


_LOOKALIKES: Final = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")


def plate(value: str | None) -> str:
    """Return a plate in one spelling: capitals, no spaces, Cyrillic look-alikes."""
    kept = "".join(filter(str.isalnum, (value or "").upper()))
    return kept.translate(_LOOKALIKES)
