# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""How urgently a wagon needs the dispatcher: one number to sort by."""

from typing import Final

LOST: Final = 4000
FAULTY: Final = 3000
IDLE: Final = 2000
LATE: Final = 1000
_DAYS_MAX: Final = 999


def score(
    *,
    lost: bool = False,
    faulty: bool = False,
    idle: bool = False,
    late_days: int = 0,
    days: float = 0.0,
) -> int:
    """Return 0 for a wagon without trouble, else more for worse.

    The kind of trouble decides first (lost, faulty, idle, late), then how many
    *days* it lasts; a second trouble does not lift a wagon over a worse kind.

    :param late_days: days beyond the carrier's due date; not late when 0 or less.
    :param days: days of standing, of being lost or faulty.
    """
    lasting = min(_DAYS_MAX, max(0, int(days)))
    if lost:
        return LOST + lasting
    if faulty:
        return FAULTY + lasting
    if idle:
        return IDLE + lasting
    if late_days > 0:
        return LATE + min(_DAYS_MAX, late_days)
    return 0
