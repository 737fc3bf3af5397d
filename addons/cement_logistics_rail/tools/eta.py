# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""When a wagon will be there: our own estimate beside the carrier's due date.

The railway gives no estimate. How long the rest of a way takes is learnt from past
trips by bands of distance: the last two hundred kilometres go much slower than the
thousand before. Where nothing was learnt, 600 km a day hold. What stands idle has
that time still before it in the feed's own figures; a wagon that is in no train waits
for one.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean
from typing import Final, NamedTuple

KM_PER_DAY: Final = 600.0
DEFAULT_HOURS: Final = 72.0
TRAIN_HOURS: Final = 12.0
# Upper bounds of distance left, km; the last band has none.
BANDS: Final = (100.0, 300.0, 600.0, 1000.0, 2000.0)
_ENOUGH_KM: Final = 500.0  # a band less travelled says nothing
_SPEED_RANGE: Final = (50.0, 1500.0)  # km a day; beyond it is a fault of the feed
_PERCENTILE: Final = 0.8
# Without past trips: eight of ten come within a quarter of the time left, at least
# half a day.
_DEFAULT_SHARE: Final = 0.25
_DEFAULT_ERROR_HOURS: Final = 12.0


class Leg(NamedTuple):
    """A piece of a past trip between two operations, idle time in it included."""

    km_before: float
    km_after: float
    minutes: float
    road_code: str = ""


class Estimate(NamedTuple):
    """An arrival with its band: eight of ten lie between ``low`` and ``high``."""

    arrival: datetime
    source: str  # "profile", "default", "no_km" or "arrived"
    error_hours: float
    # the moment it was made at: no arrival is before it
    made_at: datetime

    @property
    def low(self) -> datetime:
        return max(self.arrival - timedelta(hours=self.error_hours), self.made_at)

    @property
    def high(self) -> datetime:
        return self.arrival + timedelta(hours=self.error_hours)


class ErrorReport(NamedTuple):
    """How far estimates were off; a bias above 0 means that wagons came later."""

    count: int
    mean_abs_hours: float | None
    bias_hours: float | None
    p80_hours: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """Speeds by band of distance left, km a day; ``error_hours`` of past trips."""

    speeds: Mapping[int, float] = field(default_factory=dict)
    error_hours: float | None = None

    @classmethod
    def learn(
        cls, samples: Iterable[Leg], error_hours: float | None = None
    ) -> "Profile":
        """Return the profile of past *samples*; a leg counts in each band it crosses.

        Distance over time, not the mean of speeds: waiting counts as it was.
        """
        kilometres = [0.0] * (len(BANDS) + 1)
        days = [0.0] * (len(BANDS) + 1)
        for leg in samples:
            length = leg.km_before - leg.km_after
            if length <= 0 or leg.minutes <= 0 or leg.km_after < 0:
                continue
            if not math.isfinite(length) or not math.isfinite(leg.minutes):
                continue
            for band, part in _split(leg.km_before, leg.km_after):
                kilometres[band] += part
                days[band] += leg.minutes / 1440 * part / length
        speeds = {
            band: min(max(way / time, _SPEED_RANGE[0]), _SPEED_RANGE[1])
            for band, (way, time) in enumerate(zip(kilometres, days, strict=True))
            if way >= _ENOUGH_KM and time > 0
        }
        return cls(speeds, error_hours)

    def dump(self) -> dict:
        """Return the profile as plain values for keeping."""
        return {
            "bands": list(BANDS),
            "speeds": {str(band): speed for band, speed in self.speeds.items()},
            "error_hours": self.error_hours,
        }

    @classmethod
    def load(cls, kept: Mapping | None) -> "Profile":
        """Return what :meth:`dump` gave; empty when the bands have changed since."""
        if not kept or list(kept.get("bands") or ()) != list(BANDS):
            return cls()
        return cls(
            {int(band): float(speed) for band, speed in kept["speeds"].items()},
            kept.get("error_hours"),
        )

    def hours(self, km_left: float, km_per_day: float = KM_PER_DAY) -> float:
        """Return the hours that *km_left* kilometres take."""
        return self.reckon(km_left, km_per_day)[0]

    def reckon(
        self, km_left: float, km_per_day: float = KM_PER_DAY
    ) -> tuple[float, bool]:
        """Return the hours, and whether a speed was learnt for any part of the way."""
        if not self.speeds:
            return 24 * km_left / km_per_day, False
        hours, lower, learnt = 0.0, 0.0, False
        for band, upper in enumerate(_UPPER):
            part = min(km_left, upper) - lower
            if part <= 0:
                break
            speed = self.speeds.get(band)
            learnt |= speed is not None
            hours += 24 * part / (speed or km_per_day)
            lower = upper
        return hours, learnt


_UPPER: Final = (*BANDS, math.inf)


def _split(km_before: float, km_after: float) -> Iterable[tuple[int, float]]:
    """Yield the bands between two distances with the kilometres in each."""
    lower = 0.0
    for band, upper in enumerate(_UPPER):
        part = min(km_before, upper) - max(km_after, lower)
        if part > 0:
            yield band, part
        if km_before <= upper:
            return
        lower = upper


def estimate(
    profile: Profile,
    km_left: float | None,
    operation_time: datetime,
    idle_minutes: int | None,
    in_train: bool,
    arrived: bool,
    now: datetime,
    *,
    km_per_day: float = KM_PER_DAY,
    default_hours: float = DEFAULT_HOURS,
    train_hours: float = TRAIN_HOURS,
) -> Estimate:
    """Return when the wagon will arrive.

    :param operation_time: of the last operation; the way left was measured then.
    :param idle_minutes: how long the wagon has stood under that operation: it has
        not come nearer meanwhile.
    :param now: moment the report is about; an arrival is never before it.
    """
    if arrived:
        return Estimate(operation_time, "arrived", 0.0, operation_time)
    if km_left is None:
        hours, source = default_hours, "no_km"
    else:
        hours, learnt = profile.reckon(max(km_left, 0.0), km_per_day)
        source = "profile" if learnt else "default"
    hours += (idle_minutes or 0) / 60
    if not in_train:
        hours += train_hours
    arrival = max(operation_time + timedelta(hours=hours), now)
    error = profile.error_hours
    if error is None:
        left = (arrival - now).total_seconds() / 3600
        error = max(_DEFAULT_ERROR_HOURS, left * _DEFAULT_SHARE)
    return Estimate(arrival, source, round(error, 1), now)


def errors(past: Iterable[tuple[datetime, datetime]]) -> ErrorReport:
    """Return how far (predicted, actual) pairs lie apart."""
    hours = [(actual - predicted).total_seconds() / 3600 for predicted, actual in past]
    if not hours:
        return ErrorReport(0, None, None, None)
    sizes = sorted(map(abs, hours))
    place = min(len(sizes) - 1, math.ceil(_PERCENTILE * len(sizes)) - 1)
    return ErrorReport(
        len(sizes),
        round(fmean(sizes), 1),
        round(fmean(hours), 1),
        round(sizes[max(place, 0)], 1),
    )
