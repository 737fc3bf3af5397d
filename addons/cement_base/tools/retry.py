# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""When to try again what failed."""

from datetime import timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)


def backoff(
    failures: int, first: timedelta = MINUTE, most: timedelta = HOUR
) -> timedelta:
    """Return how long to wait after so many failures in a row: doubled each time."""
    if failures <= 0:
        return timedelta()
    return min(most, first * 2 ** min(failures - 1, 20))
