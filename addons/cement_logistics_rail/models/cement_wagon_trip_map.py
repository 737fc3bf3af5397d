# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from ..tools import trouble


class CementWagonTrip(models.Model):
    """Wagons under way on the map, and the age of the data."""

    _inherit = "cement.wagon.trip"

    @api.model
    @api.readonly
    def get_map_points(self) -> dict:
        """Return all wagons under way with a place, as the map draws them.

        :return: ``points``, ``settings`` (tiles) and ``slice`` (age of the data).
        """
        self.check_access("read")
        trips = self.search_fetch(
            [("is_open", "=", True), ("station_id.latitude", "!=", 0)],
            [
                "wagon_number",
                "state",
                "station_id",
                "operation_code_id",
                "last_operation_at",
                "destination_id",
                "distance_left",
                "distance_known",
                "idle_days",
                "trouble",
                "counterparty_id",
                "is_lost",
                "is_faulty",
                "is_abandoned",
                "is_idle",
                "is_late",
                "late_days",
            ],
            limit=10000,
        )
        states = dict(self._fields["state"]._description_selection(self.env))
        points = [
            {
                "id": trip.id,
                "number": trip.wagon_number,
                "lat": trip.station_id.latitude,
                "lon": trip.station_id.longitude,
                "station": trip.station_id.name,
                "state": states.get(trip.state, trip.state),
                "operation": trip.operation_code_id.name or "",
                "at": self._format_moscow(trip.last_operation_at)
                if trip.last_operation_at
                else "",
                "to": trip.destination_id.name or "",
                "left": trip.distance_left if trip.distance_known else None,
                "client": trip.counterparty_id.name or "",
                "trouble": trip.trouble_text,
                "level": _get_level(trip.trouble),
            }
            for trip in trips
        ]
        return {
            "points": points,
            "without_place": self.search_count(
                [
                    ("is_open", "=", True),
                    "|",
                    ("station_id", "=", False),
                    ("station_id.latitude", "=", 0),
                ]
            ),
            "settings": self.env["stock.picking"]._get_map_settings(),
            "slice": self.get_slice(),
        }

    @api.model
    @api.readonly
    def get_slice(self) -> dict:
        """Return the age of the data for the lists: ``text`` and ``stale``."""
        self.check_access("read")
        report = self.env["cement.dislocation.import"]._get_slice()
        moment = report["formed_at"]
        if not moment:
            return {"text": self.env._("No report yet"), "stale": True}
        return {
            "text": self.env._(
                "data of %(moment)s", moment=self._format_moscow(moment)
            ),
            "stale": report["is_stale"],
        }


def _get_level(score) -> str:
    """Return how loudly a wagon is drawn."""
    if score >= trouble.FAULTY:
        return "block"
    return "warn" if score else "ok"
