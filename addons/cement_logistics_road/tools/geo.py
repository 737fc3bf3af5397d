# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Distances on the ground, and whether a fix lies in a fence.

A mobile operator's fix is a circle of 250 to 4,300 m, so one fix seldom proves that
a truck is in a yard of 500 m. :func:`look` answers with what the circle allows, and
:mod:`.loop` asks for two fixes before it believes.
"""

import json
import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

EARTH_RADIUS: Final = 6_371_000.0
# Beyond the fence a truck must be that far away to have left: gates have queues.
LEAVE_MARGIN: Final = 150.0
# What is believed of a fix that tells no accuracy, in metres.
DEFAULT_ACCURACY: Final = 100.0
MAX_CORNERS: Final = 200

Point = tuple[float, float]


class Sight(IntEnum):
    """What one fix says of one fence."""

    OUTSIDE = -1  # the whole circle lies beyond the fence
    UNSURE = 0  # the circle cuts the fence, the middle is outside
    LIKELY = 1  # the circle cuts the fence, the middle is inside
    INSIDE = 2  # the whole circle lies within the fence


@dataclass(frozen=True, slots=True)
class Fence:
    """A circle (metres), or a polygon of (latitude, longitude) when it has corners."""

    latitude: float
    longitude: float
    radius: float
    corners: tuple[Point, ...] = ()

    @property
    def centre(self) -> Point:
        return (self.latitude, self.longitude)


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Tell whether the numbers are a place on earth; 0, 0 is what fields hold empty."""
    if latitude is None or longitude is None:
        return False
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return False
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return False
    return bool(latitude or longitude)


def haversine(one: Point, other: Point) -> float:
    """Return the distance of two places over ground, in metres."""
    lat1, lon1 = map(math.radians, one)
    lat2, lon2 = map(math.radians, other)
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


def edge_distance(fence: Fence, place: Point) -> float:
    """Return the metres to the edge of the fence, negative within it."""
    if not fence.corners:
        return haversine(fence.centre, place) - fence.radius
    flat = [_project(place, corner) for corner in fence.corners]
    near = min(
        _segment_distance(flat[index - 1], flat[index]) for index in range(len(flat))
    )
    return -near if _holds_origin(flat) else near


def look(fence: Fence, place: Point, accuracy: float | None) -> Sight:
    """Return what a fix of *accuracy* metres says of the fence."""
    radius = DEFAULT_ACCURACY if not accuracy or accuracy < 0 else float(accuracy)
    distance = edge_distance(fence, place)
    if distance + radius <= 0:
        return Sight.INSIDE
    if distance - radius > LEAVE_MARGIN:
        return Sight.OUTSIDE
    return Sight.LIKELY if distance <= 0 else Sight.UNSURE


def parse_polygon(text: str | None) -> tuple[Point, ...]:
    """Return the corners written as JSON ``[[lat, lon], …]`` or one pair a line.

    :raises ValueError: when it is neither, has under three or too many corners, or a
        corner is no place on earth.
    """
    if not text or not text.strip():
        return ()
    corners = _read_json(text) if text.strip()[0] == "[" else _read_lines(text)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if not 3 <= len(corners) <= MAX_CORNERS:
        raise ValueError(f"{len(corners)} corners")
    for corner in corners:
        if not is_place(*corner):
            raise ValueError(f"{corner[0]}, {corner[1]}")
    return tuple(corners)


def _read_json(text: str) -> list[Point]:
    try:
        rows = json.loads(text)
        return [(float(latitude), float(longitude)) for latitude, longitude in rows]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _read_lines(text: str) -> list[Point]:
    corners = []
    for line in filter(None, map(str.strip, text.splitlines())):
        latitude, longitude = line.replace(";", ",").replace(",", " ").split()
        corners.append((float(latitude), float(longitude)))
    return corners


def _project(origin: Point, place: Point) -> Point:
    """Return *place* in metres east and north of *origin*; good for tens of km."""
    turn = (place[1] - origin[1] + 180) % 360 - 180
    east = math.radians(turn) * math.cos(math.radians(origin[0])) * EARTH_RADIUS
    north = math.radians(place[0] - origin[0]) * EARTH_RADIUS
    return (east, north)


def _segment_distance(start: Point, end: Point) -> float:
    """Return the metres from the origin to the segment."""
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = 0.0 if not length else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length))
    return math.hypot(x1 + share * dx, y1 + share * dy)


def _holds_origin(flat: list[Point]) -> bool:
    """Tell whether the origin lies in the polygon, by the crossings of a ray."""
    inside = False
    for index, (x2, y2) in enumerate(flat):
        x1, y1 = flat[index - 1]
        if (y1 > 0) != (y2 > 0) and x1 + (x2 - x1) * -y1 / (y2 - y1) > 0:
            inside = not inside
    return inside
