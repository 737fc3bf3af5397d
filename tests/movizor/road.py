"""Trucks on a road: where they are after so many seconds."""

import math
from dataclasses import dataclass

EARTH = 6371.0


def distance(one, other):
    """Return the kilometres between two (lat, lon)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(chord))


@dataclass
class Truck:
    """It waits at the start, drives, stands at the end, and drives off.

    :param speed: km/h. :param share: of the way that lies behind already.
    :param wait: seconds at the start; :param stand: seconds at the end.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    begun: float
    speed: float = 55.0
    share: float = 0.0
    wait: float = 60.0
    stand: float = 20 * 60.0

    def place(self, now: float) -> tuple[float, float]:
        """Return where the truck is."""
        driven = self.driven(now)
        length = max(0.001, self.length)
        share = driven / length
        if share <= 1:
            return self._along(share)
        # off again, back the way it came
        return self._along(max(0.0, 2 - share))

    def driven(self, now: float) -> float:
        """Return the kilometres behind, those of the way back included."""
        seconds = max(0.0, now - self.begun)
        if not self.share:
            seconds = max(0.0, seconds - self.wait)
        driven = self.share * self.length + seconds / 3600 * self.speed
        if driven <= self.length:
            return driven
        beyond = (driven - self.length) / self.speed * 3600 - self.stand
        return self.length + max(0.0, beyond) / 3600 * self.speed

    @property
    def length(self) -> float:
        return distance(self.start, self.end)

    def left(self, now: float) -> float:
        return max(0.0, self.length - self.driven(now))

    def is_standing(self, now: float) -> bool:
        return self.place(now) == self.place(now + 5)

    def _along(self, share: float) -> tuple[float, float]:
        # a road is no straight line: it bends to one side and comes back
        bend = 0.04 * math.sin(math.pi * share)
        d_lat, d_lon = self.end[0] - self.start[0], self.end[1] - self.start[1]
        return (
            self.start[0] + d_lat * share + bend * d_lon * 0.5,
            self.start[1] + d_lon * share - bend * d_lat,
        )
