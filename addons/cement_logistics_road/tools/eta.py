# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""When a truck will be there, how sure that is, and whether it is too late."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A road is that much longer than the straight line; learnt routes may differ.
ROAD_FACTOR: Final = 1.25
# Loaded trucks by local hour, km/h, stops included, until trips have taught better.
DEFAULT_SPEEDS: Final = tuple(
    58.0 if hour < 6 or hour >= 22 else 42.0 if hour in (7, 8, 17, 18) else 50.0
    for hour in range(24)
)
MIN_SPEED: Final = 5.0
MAX_DAYS: Final = 14
# Error while no trips have taught better: this share of the time left, at least …
DEFAULT_ERROR_SHARE: Final = 0.15
MIN_ERROR: Final = 10.0
# The forecast of the service comes in whole hours.
FORECAST_ERROR: Final = 30.0

IN_TIME: Final = "in_time"
EARLY: Final = "early"
LATE: Final = "late"
VERY_LATE: Final = "very_late"
SLIP_RANK: Final = {IN_TIME: 0, EARLY: 0, LATE: 1, VERY_LATE: 2}


@dataclass(frozen=True, slots=True)
class Estimate:
    """:param error: minutes, plus and minus. :param speed: km/h, 0 of a forecast."""

    at: datetime
    distance_km: float
    error: float
    source: str  # "provider" or "own"
    speed: float = 0.0


def minutes_left(estimate: Estimate, now: datetime) -> float:
    return (estimate.at - now).total_seconds() / 60


def drive(
    distance_km: float,
    start: datetime,
    speeds: tuple[float, ...] = DEFAULT_SPEEDS,
    utc_offset: timedelta = timedelta(0),
) -> datetime:
    """Return when *distance_km* by road are behind, leaving at *start* (UTC).

    :param speeds: km/h by local hour; anything unfit counts as a slow crawl.
    :param utc_offset: of the local time the hours are meant in.
    """
    if distance_km <= 0:
        return start
    now, left = start, distance_km
    limit = start + timedelta(days=MAX_DAYS)
    while now < limit:
        local = now + utc_offset
        speed = max(MIN_SPEED, speeds[local.hour % 24] or 0.0)
        turn = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        hours = (turn - local).total_seconds() / 3600
        if speed * hours >= left:
            return min(limit, now + timedelta(hours=left / speed))
        left -= speed * hours
        now += turn - local
    return limit


def own_estimate(
    straight_km: float,
    fix_time: datetime,
    *,
    road_factor: float = ROAD_FACTOR,
    speeds: tuple[float, ...] = DEFAULT_SPEEDS,
    utc_offset: timedelta = timedelta(0),
    error_share: float = DEFAULT_ERROR_SHARE,
) -> Estimate:
    """Reckon the arrival from the distance as the crow flies."""
    distance = max(0.0, straight_km) * max(1.0, road_factor)
    at = drive(distance, fix_time, speeds, utc_offset)
    minutes = (at - fix_time).total_seconds() / 60
    speed = distance / (minutes / 60) if minutes else 0.0
    error = max(MIN_ERROR, error_share * minutes)
    return Estimate(at, distance, error, "own", speed)


def provider_estimate(
    distance_km: float | None, hours: float | None, fix_time: datetime
) -> Estimate | None:
    """Return the forecast of the service, when it has one that makes sense."""
    if hours is None or not math.isfinite(hours) or not 0 <= hours <= MAX_DAYS * 24:
        return None
    at = fix_time + timedelta(hours=hours)
    error = max(FORECAST_ERROR, hours * 60 * DEFAULT_ERROR_SHARE)
    return Estimate(at, max(0.0, distance_km or 0.0), error, "provider")


def slip(
    at: datetime | None,
    promised_from: datetime | None,
    promised_to: datetime | None,
    *,
    tolerance: timedelta = timedelta(minutes=15),
    very: timedelta = timedelta(hours=2),
) -> str:
    """Return how the arrival stands to the promised window.

    Without a window nothing slips. *very* counts from the end of the window.
    """
    if at is None:
        return IN_TIME
    if promised_to and at > promised_to + max(very, tolerance):
        return VERY_LATE
    if promised_to and at > promised_to + tolerance:
        return LATE
    if promised_from and at < promised_from - max(very, tolerance):
        return EARLY
    return IN_TIME
