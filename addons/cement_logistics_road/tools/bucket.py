# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Limits of a service: so many requests a second and an hour, over all workers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    per_second: float = 15.0
    per_hour: int = 5000


@dataclass(frozen=True, slots=True)
class Bucket:
    """:param tokens: of the second, at *filled_at*. :param hour_at: when the counted
    hour began. :param hour_count: requests in it."""

    tokens: float = 0.0
    filled_at: datetime | None = None
    hour_at: datetime | None = None
    hour_count: int = 0


def take(bucket: Bucket, limits: Limits, now: datetime) -> tuple[Bucket, float]:
    """Take one request out.

    :return: the bucket afterwards and the seconds to wait: 0 when the request may go.
    """
    if limits.per_second <= 0 or limits.per_hour <= 0:
        return bucket, HOUR.total_seconds()
    hour_at, count = bucket.hour_at, bucket.hour_count
    if hour_at is None or now - hour_at >= HOUR or now < hour_at:
        hour_at, count = now, 0
    if count >= limits.per_hour:
        kept = replace(bucket, hour_at=hour_at, hour_count=count)
        return kept, max(0.001, (hour_at + HOUR - now).total_seconds())
    # at least one request must fit, else a limit under one a second lets none through
    size = max(1.0, limits.per_second)
    tokens, filled_at = bucket.tokens, bucket.filled_at
    if filled_at is None:
        tokens = size
    else:
        gone = max(0.0, (now - filled_at).total_seconds())
        tokens = min(size, tokens + gone * limits.per_second)
    filled = Bucket(tokens, now, hour_at, count)
    if tokens < 1:
        return filled, (1 - tokens) / limits.per_second
    return Bucket(tokens - 1, now, hour_at, count + 1), 0.0
