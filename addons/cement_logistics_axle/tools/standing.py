# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which of the checks of a shipment still keeps it from leaving.

A check that found too much does not vanish with the vehicle type it was made for:
it stands until somebody lets the vehicle go with a reason, until a check that knows
as much finds less, or until no more is on board than it allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .payload import BLOCK, UNKNOWN


@dataclass(frozen=True, slots=True)
class Checked:
    """A check as it was kept.

    :param most_kg: the payload that would have been lawful.
    :param is_excused: whether somebody let the vehicle go, and said why.
    :param by_gross: whether only the gross mass was looked at.
    """

    state: str
    payload_kg: int
    most_kg: int
    is_excused: bool = False
    by_gross: bool = False


def standing(checks: Sequence[Checked], present_kg: int | None = None) -> int | None:
    """Return the place of the check that stands in *checks*, ``None`` when none does.

    :param checks: the newest first.
    :param present_kg: what is on board now, when that cannot be checked at all.
    """
    # a look less sharp than the older ones, which had found nothing
    coarse_kg = present_kg
    coarse_ok = False
    for place, check in enumerate(checks):
        if check.is_excused:
            return None
        if check.state == BLOCK:
            if coarse_ok and check.by_gross:
                continue
            if coarse_kg is None or coarse_kg > check.most_kg:
                return place
            return None
        if check.state == UNKNOWN:
            if not coarse_ok:
                return place
            continue
        if not check.by_gross:
            return None
        if not coarse_ok:
            coarse_kg, coarse_ok = check.payload_kg, True
    return None
