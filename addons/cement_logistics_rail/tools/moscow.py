# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Railway time is Moscow time, whatever the server's zone; the database is UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MOSCOW = ZoneInfo("Europe/Moscow")
# Since then Moscow keeps UTC+3 all the year: the common case needs no look-up.
_CONSTANT_SINCE = datetime(2014, 10, 27)
_OFFSET = timedelta(hours=3)


def to_utc(moment: datetime | None) -> datetime | None:
    """Return the naive UTC of a naive Moscow *moment*; none for none."""
    if not moment:
        return None
    if moment >= _CONSTANT_SINCE:
        return moment - _OFFSET
    aware = moment.replace(tzinfo=_MOSCOW)
    return aware.astimezone(UTC).replace(tzinfo=None)


def from_utc(moment: datetime | None) -> datetime | None:
    """Return the naive Moscow time of a naive UTC *moment*; none for none."""
    if not moment:
        return None
    if moment >= _CONSTANT_SINCE:
        return moment + _OFFSET
    aware = moment.replace(tzinfo=UTC)
    return aware.astimezone(_MOSCOW).replace(tzinfo=None)
