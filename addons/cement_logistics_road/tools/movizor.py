# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Movizor, API v2: what is asked and how its answers are read.

Facts: logistics sheet, 8.1, 8.2. The types change from answer to answer there: the same
field is a string, a number, null or absent; an empty object comes as ``[]``; "0" as a
time means none. Everything is read through :func:`number`, :func:`moment` and
:func:`text`, which answer None to what makes no sense.
"""

import json
import math
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from . import door, geo
from .door import DoorError, Event, ObjectState, Position, Reading

# The service writes times of destinations in words and without a zone.
MOSCOW: Final = timezone(timedelta(hours=3))
PAGE: Final = 1000
MAX_ROWS: Final = 20_000
# Words and numbers under which the service says that the key is wrong.
KEY_CODES: Final = frozenset(
    {"ACCESS_DENIED", "WRONG_KEY", "INVALID_KEY", "AUTH_ERROR", "KEY_ERROR", "1"}
)
LIMIT_WORDS: Final = ("rate limit", "too many", "limit exceeded", "превышен лимит")
EXISTS_CODES: Final = frozenset({"OBJECT_EXISTS", "ALREADY_EXISTS", "EXISTS"})
ABSENT_CODES: Final = frozenset({"NOT_FOUND", "OBJECT_NOT_FOUND", "NO_OBJECT"})
_STATUSES: Final = {"off_new": door.OFF, **{status: status for status in door.STATUSES}}
# What an event says of the status; the others change nothing.
EVENT_STATUS: Final = {
    "add": door.WAIT,
    "reactivate": door.WAIT,
    "confirm": door.OK,
    "reject": door.REJECTED,
    "no_confirm": door.NO_CONFIRMED,
    "limit": door.LIMITED,
    "auto_off": door.OFF,
}
# Numbers come as floats too, which are exact up to here; the newest one is asked from,
# so one out of reason would be the last.
_MAX_EVENT: Final = 2**53
# Half way round the earth, by detours.
_MAX_KM: Final = 40_000
_OLDEST: Final = datetime(2000, 1, 1)
_YEAR_3000: Final = 32_503_680_000


# === Values ===


def number(value: Any) -> float | None:
    """Return a finite number, however it was written; None for all else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value if not isinstance(value, str) else _clean_number(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _clean_number(value: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")


def moment(value: Any) -> datetime | None:
    """Return unix seconds as naive UTC; None for none, "0" and times out of reason."""
    seconds = number(value)
    if not seconds or not 0 < seconds < _YEAR_3000:
        return None
    found = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=0)
    return found if found > _OLDEST else None


def text(value: Any, limit: int = 200) -> str:
    """Return a text the database can keep: no zeros, no halves of a pair."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    kept = str(value).encode("utf-8", "ignore").decode()
    return kept.replace("\x00", "").strip()[:limit]


def mapping(value: Any) -> dict:
    """Return an object; an empty one comes as a list."""
    return value if isinstance(value, dict) else {}


def phone(value: Any) -> str:
    """Return a phone as ``79XXXXXXXXX``, or nothing when it is no Russian mobile."""
    digits = re.sub(r"\D", "", str(value or "").partition(",")[0])
    if len(digits) == 10 and digits[0] == "9":
        digits = f"7{digits}"
    elif len(digits) == 11 and digits[:2] == "89":
        digits = f"7{digits[1:]}"
    return digits if re.fullmatch(r"79\d{9}", digits) else ""


def moscow_text(moment_utc: datetime, seconds: bool = False) -> str:
    """Return a naive UTC time as the service takes it."""
    local = moment_utc.replace(tzinfo=UTC).astimezone(MOSCOW)
    return local.strftime("%d.%m.%Y %H:%M:%S" if seconds else "%d.%m.%Y %H:%M")


# === Envelope ===


def read_envelope(status: int, body: bytes) -> Any:
    """Return the data of an answer in the shape of v1, v2 or v2.5.

    :raises DoorError: with the words of the service, Russian when it has them.
    """
    try:
        answer = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # a page of a proxy in place of the answer, or half of one
        raise DoorError(
            "nonsense" if status < 500 else "server", "unreachable", str(status)
        ) from error
    if not isinstance(answer, dict):
        raise DoorError("nonsense", "unreachable", str(status))
    if _is_success(answer):
        if status >= 400:
            raise DoorError("server", "unreachable", str(status))
        return answer.get("data")
    code = text(answer.get("error_code"), 40)
    said = next(
        filter(
            None,
            (
                text(answer.get(key), 300)
                for key in ("error_text_ru", "error_text", "error_message", "message")
            ),
        ),
        "",
    )
    if not code and not said and "result" not in answer and "status" not in answer:
        raise DoorError("nonsense", "unreachable", str(status))
    raise DoorError(said or "refused", _error_kind(answer, code, status), code)


def _is_success(answer: dict) -> bool:
    result = answer.get("result", answer.get("status"))
    if isinstance(result, str) and result.lower() in ("success", "ok"):
        return True
    if isinstance(result, str) and result.lower() in ("error", "fail", "failed"):
        return False
    if "error_code" in answer and "data" in answer:
        return number(answer["error_code"]) == 0
    return result is True


def _error_kind(answer: dict, code: str, status: int) -> str:
    said = " ".join(
        text(answer.get(key)).lower()
        for key in ("error_text", "error_text_ru", "error_message")
    )
    if status == 429 or (
        any(word in said for word in LIMIT_WORDS) and "auth" not in said
    ):
        return "limit"
    # «Auth rate limit exceeded» is the fifth wrong key of the hour, not a plain limit
    if code.upper() in KEY_CODES or status in (401, 403):
        return "key"
    return "unreachable" if status >= 500 else "refused"


# === Data ===


def read_positions(data: Any) -> Reading:
    """Read ``pos_objects``; rows without a place are the drivers still to consent."""
    rows, bad = [], 0
    for row in _rows(data):
        who, at = phone(row.get("phone")), moment(row.get("timestamp"))
        latitude, longitude = number(row.get("lat")), number(row.get("lon"))
        if who and latitude is None and longitude is None:
            continue
        if not who or at is None or not geo.is_place(latitude, longitude):
            bad += 1
            continue
        radius = number(row.get("radius"))
        rows.append(
            Position(
                ext_id=who,
                at=at,
                latitude=latitude,
                longitude=longitude,
                accuracy=radius if radius and 0 < radius < 100_000 else None,
                place=text(row.get("place")),
                distance_km=_positive(row.get("distance"), _MAX_KM),
                forecast_hours=_positive(row.get("distance_forecast_time")),
            )
        )
    return Reading(rows, bad + _others(data))


def read_events(data: Any) -> Reading:
    """Read ``events`` in the order of their numbers; the service gives any order."""
    found, bad = {}, 0
    for row in _rows(data):
        event_number, at = number(row.get("id")), moment(row.get("timestamp"))
        who, kind = phone(row.get("phone")), text(row.get("type"), 40)
        if not event_number or not 1 <= event_number < _MAX_EVENT:
            bad += 1
            continue
        if at is None or not kind or not who:
            bad += 1
            continue
        found[int(event_number)] = Event(who, int(event_number), at, kind)
    return Reading([found[key] for key in sorted(found)], bad + _others(data))


def read_states(data: Any) -> Reading:
    """Read ``object_list`` or the answer of ``object_get``."""
    if isinstance(data, dict) and "phone" in data:
        data = [data]
    # nothing at all is no list of nothing: trips must not look lost by it
    rows, bad = [], int(not isinstance(data, list | dict))
    for row in _rows(data):
        who = phone(row.get("phone"))
        said = text(row.get("status"), 40).lower()
        if not who or not said:
            bad += 1
            continue
        status = _STATUSES.get(said, door.ERROR)
        rows.append(ObjectState(who, status, "" if said in _STATUSES else said))
    return Reading(rows, bad + _others(data))


def _rows(data: Any) -> list[dict]:
    """Return the rows; lists come as objects by number too."""
    if isinstance(data, dict):
        data = list(data.values())
    if not isinstance(data, list):
        return []
    return [row for row in data[:MAX_ROWS] if isinstance(row, dict)]


def _others(data: Any) -> int:
    values = list(data.values()) if isinstance(data, dict) else data
    if not isinstance(values, list):
        return 0 if values in (None, "", False) else 1
    return sum(not isinstance(row, dict) for row in values)


def _positive(value: Any, most: float = math.inf) -> float | None:
    found = number(value)
    return found if found is not None and 0 <= found <= most else None


# === Questions ===

Params = list[tuple[str, str]]


def object_params(
    ext_id: str,
    *,
    title: str = "",
    tariff: str = "",
    off_at: datetime | None = None,
    destinations: tuple[tuple[str, float, float, datetime | None], ...] = (),
    metadata: dict[str, str] | None = None,
) -> Params:
    """Return the parameters of ``object_add`` and ``object_edit``.

    :param off_at: when the service stops by itself, should we not (UTC).
    :param destinations: text, latitude, longitude and wanted time (UTC) of each point.
    """
    params: Params = [("phone", ext_id)]
    if title:
        params.append(("title", text(title, 120)))
    if tariff:
        params.append(("tariff", tariff))
    if off_at:
        params.append(("dateoff", moscow_text(off_at, seconds=True)))
    for index, (name, latitude, longitude, at) in enumerate(destinations):
        params.append((f"destination[{index}][text]", text(name)))
        coord = f"{latitude:.6f},{longitude:.6f}"
        params.append((f"destination[{index}][coord]", coord))
        if at:
            params.append((f"destination[{index}][time]", moscow_text(at)))
    for key, value in (metadata or {}).items():
        if value:
            params.append((f"metadata[{key}]", text(value)))
    return params
