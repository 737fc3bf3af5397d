# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

# Steps of a shipment that only its own station makes true.
_AT_END = frozenset({"near", "arrived", "done"})


class CementWagonTrip(models.Model):
    """What a wagon tells its shipment."""

    _inherit = "cement.wagon.trip"

    def _push_to_shipments(self, milestones: dict):
        """Write what is known of these wagons to their shipments, in one go.

        :param milestones: ``{trip id: {target, date, is_estimated}}`` of trips whose
            state has changed.
        """
        if not self:
            return
        self.flush_model()
        self.env["cement.station"].flush_model(["name", "latitude", "longitude"])
        self.env.cr.execute(
            """
            SELECT trip.id, trip.picking_id, station.latitude, station.longitude,
                   station.name, trip.last_operation_at, trip.distance_known,
                   trip.distance_left, trip.eta_at, trip.eta_source, trip.due_date,
                   trip.is_current AND trip.is_unload_estimated, trip.arrived_at,
                   trip.destination_id != trip.first_destination_id
                   AND trip.destination_id IS DISTINCT FROM site.station_id
                   AND (goal.group_id IS NULL
                        OR goal.group_id IS DISTINCT FROM wanted.group_id)
              FROM cement_wagon_trip trip
              JOIN stock_picking picking ON picking.id = trip.picking_id
         LEFT JOIN cement_site site ON site.id = picking.site_id
         LEFT JOIN cement_station wanted ON wanted.id = site.station_id
         LEFT JOIN cement_station goal ON goal.id = trip.destination_id
         LEFT JOIN cement_station station ON station.id = trip.station_id
             WHERE trip.id = ANY(%s)
          ORDER BY trip.is_open DESC, trip.id
            """,
            [self.ids],
        )
        rows = self.env.cr.fetchall()
        sources = self._get_eta_sources()
        positions = {}
        steps = {}
        doubtful = []
        for row in rows:
            trip_id, picking_id, latitude, longitude, station, moment = row[:6]
            known, left, eta_at, eta_source, due_date = row[6:11]
            is_doubtful, arrived_at, is_elsewhere = row[11:]
            if is_elsewhere:
                # sent on to another station than the client's: neither the way left
                # nor the arrival there are those of the shipment
                known, eta_at, eta_source = False, None, None
            step = milestones.get(trip_id)
            if step and not (is_elsewhere and step["target"] in _AT_END):
                key = (step["target"], step["is_estimated"])
                if is_doubtful and step["target"] == "done":
                    # reports do not name it, that is all: a person says whether the
                    # shipment has come to its end
                    key = ("arrived", False)
                    step = {"date": arrived_at or step["date"]}
                    doubtful.append(trip_id)
                steps.setdefault(key, {})[picking_id] = step["date"]
            if picking_id in positions:
                continue  # the wagon that carries it now has spoken
            positions[picking_id] = {
                "latitude": float(latitude or 0),
                "longitude": float(longitude or 0),
                "position_date": moment,
                "position_text": station,
                "distance_left": left if known else 0,
                "eta_date": eta_at,
                "eta_source": sources.get(eta_source),
                "due_date": due_date,
            }
        if milestones:
            self.browse(milestones)._settle_unloading()
            self.browse(doubtful)._ask_unloading()
        if not positions:
            return
        # sudo: reports come by mail too, and a dispatcher may not edit every transfer
        pickings = self.env["stock.picking"].sudo().browse(positions)
        pickings._cement_update_positions(positions)
        for (target, is_estimated), dates in sorted(steps.items()):
            pickings.browse(dates)._cement_set_shipment_state(
                target, "rail", date=dates, is_estimated=is_estimated
            )

    @api.model
    def _get_eta_sources(self) -> dict[str, str]:
        """Return the words that are kept with a shipment, in the language of the
        company: whoever took the report in, clients and dispatchers read them."""
        language = self.env.company.partner_id.lang or self.env.lang
        env = self.with_context(lang=language).env
        return {
            "arrived": env._("Railway report"),
            "profile": env._("Our estimate by past trips"),
            "default": env._("Our estimate by the distance left"),
            "no_km": env._("Our estimate, distance unknown"),
        }
