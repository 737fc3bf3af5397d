# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""When things happen to the demo's trucks: loaded, left, on the way, there.

Moments of a trip never go back, and none lies ahead of now.
"""

from datetime import datetime, timedelta

from ..tools import lifecycle

_LOADING = timedelta(minutes=50)
_TO_THE_ROAD = timedelta(minutes=15)
_NEAR = timedelta(minutes=55)
# of the deliveries of the weeks before
_TRIP = timedelta(hours=5)
_UNLOADING = timedelta(minutes=80)


def under_way(
    state: str, now: datetime, hours: float, eta: float | None
) -> list[tuple[str, datetime]]:
    """Return the steps of a truck that has come as far as *state*.

    :param hours: since it left the plant.
    :param eta: hours until it arrives, negative when it has.
    """
    left = now - timedelta(hours=hours)
    arrives = now + timedelta(hours=eta or 0)
    steps = [
        (lifecycle.LOADING, left - _LOADING),
        (lifecycle.LEFT, left),
        (lifecycle.ON_WAY, left + _TO_THE_ROAD),
        (lifecycle.NEAR, arrives - _NEAR),
        (lifecycle.ARRIVED, arrives),
    ]
    known = lifecycle.STEPS[state]
    return [
        (step, min(at, now)) for step, at in steps if lifecycle.STEPS[step] <= known
    ]


def delivered(left: datetime) -> list[tuple[str, datetime]]:
    """Return the steps of a truck that left days ago."""
    arrived = left + _TRIP
    return [
        (lifecycle.LOADING, left - _LOADING),
        (lifecycle.LEFT, left),
        (lifecycle.ARRIVED, arrived),
        (lifecycle.DONE, arrived + _UNLOADING),
    ]
