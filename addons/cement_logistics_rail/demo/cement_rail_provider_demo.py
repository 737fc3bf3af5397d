# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The address that moves the demo wagons: the stand-in that ``bin/demo`` starts."""

import json

from odoo import api, models

from ..tools import moscow

_URL = "http://127.0.0.1:8792/reports"
# Stories whose wagons go on by themselves; the others have their trouble to show.
_MOVING = ("moving", "idle")


class CementLogisticsRailDemo(models.AbstractModel):
    """Tells the stand-in which wagons to move, and from where."""

    _inherit = "cement.logistics.rail.demo"

    @api.model
    def _follow(self):
        """Order reports of the wagons that are on their way."""
        trips = self.env["cement.wagon.trip"].search(
            [("is_open", "=", True), ("state", "in", _MOVING)], order="id"
        )
        wagons = [self._get_wagon(trip) for trip in trips]
        if not wagons:
            return
        source = self.env["cement.dislocation.source"].create(
            {"name": "Кабинет, опрос адреса", "kind": "poll"}
        )
        provider = self.env["cement.rail.provider"].create(
            {
                "name": "Кабинет (стенд демонстрации)",
                "source_id": source.id,
                "url": _URL,
                "protocol": "order",
                "order_body": json.dumps({"wagons": wagons}, ensure_ascii=False),
                "login": "cement",
                "allow_local": True,
                "interval_minutes": 1,
            }
        )
        # the stand-in's own password, known to everybody
        provider.secret = "demo"
        provider.action_switch_on()

    def _get_wagon(self, trip):
        """Return a wagon as the stand-in wants it: its way and its place there."""
        stations = trip.operation_ids.sorted("date").station_id
        stations = (trip.origin_id | stations) - trip.destination_id
        total = trip.distance_total or 980
        left = {
            operation.station_id: operation.distance_left
            for operation in trip.operation_ids
        }
        way = [
            [
                station.esr_code,
                station.name.upper(),
                station.latitude,
                station.longitude,
                total - (left.get(station) or 0) if index else 0,
            ]
            for index, station in enumerate(stations)
        ]
        end = trip.destination_id
        way.append([end.esr_code, end.name.upper(), end.latitude, end.longitude, total])
        local = moscow.from_utc
        return {
            "number": trip.wagon_number,
            "waybill": trip.waybill,
            "way": way,
            "place": len(way) - 2,
            "mass_kg": round((trip.mass or 69) * 1000),
            "start": local(trip.started_at).isoformat(),
            "departed": trip.departed_at and local(trip.departed_at).isoformat(),
            "due": trip.due_date and f"{trip.due_date}T00:00:00",
            "operation_at": local(trip.last_operation_at).isoformat(),
            "consignee": trip.consignee_name or "",
        }
