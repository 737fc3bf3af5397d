# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which wagon carries which shipment.

A pair is certain by waybill, or by wagon number, days and station together.
Whatever is only likely is a suggestion for a person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

WAYBILL: Final = "waybill"
WAGON: Final = "wagon"

_MASS_TOLERANCE: Final = 3.0  # tonnes between the order and the scales


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip as matching needs it; places compare station groups as well.

    :param refused: shipments of which a person has said that they are not its own.
    """

    id: int
    wagon: str
    waybills: frozenset[str]
    day: date | None
    place: str | None
    mass: float | None = None
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment by rail as matching needs it."""

    id: int
    wagon: str | None
    waybill: str | None
    day: date | None
    place: str | None
    mass: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    trip: int
    shipment: int
    by: str


def match(
    trips: Iterable[Trip], shipments: Iterable[Shipment], days: int = 5
) -> list[Pair]:
    """Return the pairs that are certain; a trip and a shipment occur once each.

    By waybill: the wagon must be the same where the shipment names one; without
    a wagon the pair is certain only when one trip and one shipment share the
    waybill. By wagon: no other waybill, the shipment's day within *days* of the
    trip's start, and the same place where both know it; nearest day first.
    """
    trips = list(trips)
    shipments = list(shipments)
    pairs = _match_waybills(trips, shipments)
    done_trips = {pair.trip for pair in pairs}
    done_shipments = {pair.shipment for pair in pairs}
    by_wagon = defaultdict(list)
    for shipment in shipments:
        if shipment.id not in done_shipments and shipment.wagon:
            by_wagon[shipment.wagon].append(shipment)
    candidates = sorted(
        (abs((trip.day - shipment.day).days), trip.id, shipment.id)
        for trip in trips
        if trip.id not in done_trips
        for shipment in by_wagon.get(trip.wagon, ())
        if _fits(trip, shipment, days)
    )
    for _gap, trip_id, shipment_id in candidates:
        if trip_id not in done_trips and shipment_id not in done_shipments:
            pairs.append(Pair(trip_id, shipment_id, WAGON))
            done_trips.add(trip_id)
            done_shipments.add(shipment_id)
    return pairs


def _match_waybills(trips: list[Trip], shipments: list[Shipment]) -> list[Pair]:
    trips_of = defaultdict(list)
    for trip in trips:
        for waybill in trip.waybills:
            trips_of[waybill].append(trip)
    shipments_of = defaultdict(list)
    for shipment in shipments:
        if shipment.waybill in trips_of:
            shipments_of[shipment.waybill].append(shipment)
    pairs = []
    taken: set[int] = set()
    for waybill, wanted in shipments_of.items():
        found = {trip.wagon: trip for trip in trips_of[waybill]}
        rest = []
        for shipment in wanted:
            if not shipment.wagon:
                rest.append(shipment)
            elif (
                (trip := found.get(shipment.wagon))
                and trip.id not in taken
                and shipment.id not in trip.refused
            ):
                pairs.append(Pair(trip.id, shipment.id, WAYBILL))
                taken.add(trip.id)
        if len(rest) != 1:
            continue
        free = [
            trip
            for trip in found.values()
            if trip.id not in taken and rest[0].id not in trip.refused
        ]
        if len(free) == 1:
            pairs.append(Pair(free[0].id, rest[0].id, WAYBILL))
            taken.add(free[0].id)
    return pairs


def _fits(trip: Trip, shipment: Shipment, days: int) -> bool:
    """Whether one wagon's trip and shipment belong to each other by day and place.

    A wagon comes back: without a day the next trip would take the old shipment.
    """
    if not (trip.day and shipment.day) or shipment.id in trip.refused:
        return False
    if shipment.waybill and trip.waybills and shipment.waybill not in trip.waybills:
        return False  # the next trip, with the cargo of somebody else
    if abs((trip.day - shipment.day).days) > days:
        return False
    return not (trip.place and shipment.place) or trip.place == shipment.place


def suggest(
    trip: Trip, shipments: Iterable[Shipment], days: int = 5, limit: int = 5
) -> list[tuple[int, tuple[str, ...]]]:
    """Return shipments that may be this trip's: ids with reasons, likeliest first.

    Reasons: ``waybill``, ``wagon``, ``place``, ``mass``, ``day``. A shipment of
    another wagon is never suggested for its place alone.
    """
    found = []
    for shipment in shipments:
        if shipment.id in trip.refused:
            continue
        reasons = []
        if shipment.waybill and shipment.waybill in trip.waybills:
            reasons.append("waybill")
        if shipment.wagon and shipment.wagon == trip.wagon:
            reasons.append("wagon")
        elif shipment.wagon and "waybill" not in reasons:
            continue
        if trip.place and trip.place == shipment.place:
            reasons.append("place")
        if not reasons:
            continue
        if (
            trip.mass
            and shipment.mass
            and abs(trip.mass - shipment.mass) <= _MASS_TOLERANCE
        ):
            reasons.append("mass")
        gap = abs((trip.day - shipment.day).days) if trip.day and shipment.day else 999
        if gap <= days:
            reasons.append("day")
        found.append((-len(reasons), gap, shipment.id, tuple(reasons)))
    return [(row[2], row[3]) for row in sorted(found)[:limit]]
