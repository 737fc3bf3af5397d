# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What in a specification line is about to run out."""

from datetime import date
from typing import Final

# a fortnight is enough to agree on a new specification
SOON_DAYS: Final = 14
# less than a tenth, or less than two vehicles, is little
SOON_SHARE: Final = 0.1
SOON_TONNES: Final = 50.0

VOLUME: Final = "volume"
USED_UP: Final = "used_up"
TERM: Final = "term"


def reasons(
    *, agreed: float, remaining: float, until: date | None, today: date
) -> tuple[str, ...]:
    """Return why the line «ends soon»: :data:`USED_UP` or :data:`VOLUME`, and
    :data:`TERM`; empty when it does not.

    :param agreed: volume of the line in tonnes, 0 when it is not limited.
    :param until: last day of validity, ``None`` without end.
    """
    found = []
    if agreed:
        if remaining < 0.001:
            found.append(USED_UP)
        elif remaining <= max(agreed * SOON_SHARE, min(SOON_TONNES, agreed / 2)):
            found.append(VOLUME)
    if until and (until - today).days < SOON_DAYS:
        found.append(TERM)
    return tuple(found)
