# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Hours of a day as people type them, and windows in a time zone."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

import pytz

from odoo.addons.cement_base.tools.zones import local

__all__ = ["at", "hour_text", "local", "parse_hour"]

_HOUR: Final = re.compile(r"(\d{1,2})(?:[:.\-](\d{2}))?")


def parse_hour(value: object) -> float | None:
    """Return ``8:30`` as 8.5; ``None`` for nothing.

    :raises ValueError: when it is no hour of a day.
    """
    if value is None or value is False or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        hour = float(value)
    else:
        match = _HOUR.fullmatch(str(value).strip()[:8])
        if not match or int(match[2] or 0) > 59:
            raise ValueError(str(value)[:20])
        hour = int(match[1]) + int(match[2] or 0) / 60
    if not 0 <= hour <= 24:
        raise ValueError(str(value)[:20])
    return hour


def hour_text(hour: float) -> str:
    """Return 8.5 as ``08:30``."""
    minutes = round((hour or 0.0) * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def at(day: date, hour: float, tz: str) -> datetime:
    """Return *hour* of *day* in the zone *tz* as naive UTC.

    An hour that the clock skips or shows twice is read as the later standard time.
    """
    midnight = datetime.combine(day, time())
    local = midnight + timedelta(minutes=round(hour * 60))
    zone = pytz.timezone(tz)
    return zone.localize(local, is_dst=False).astimezone(pytz.utc).replace(tzinfo=None)
