# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import codes, matching, moscow

TRANSFER_TOLERANCE = 0.15  # tonnes: scales of two wagons


class CementWagonTrip(models.Model):
    """Which shipment a wagon carries."""

    _inherit = "cement.wagon.trip"

    @api.model
    def _match_shipments(self, trip_ids) -> list[int]:
        """Tie trips without a shipment to the shipments that are theirs for certain.

        :return: the trips that were tied.
        """
        shipments = self._load_match_shipments() if trip_ids else []
        if not shipments:
            return []
        trips = self._load_match_trips(trip_ids)
        days = self.env["cement.rail.settings"]._get().match_days
        pairs = matching.match(trips, shipments, days)
        self._tie(
            [(pair.trip, pair.shipment, pair.by) for pair in pairs],
        )
        return [pair.trip for pair in pairs]

    @api.model
    def _load_match_trips(self, trip_ids) -> list:
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT trip.id, trip.wagon_number, trip.waybill, trip.first_waybill,
                   COALESCE(trip.railway_date, trip.last_operation_at::date),
                   trip.destination_id, station.group_id, trip.mass,
                   ARRAY(SELECT refused.picking_id
                           FROM cement_wagon_trip_refused_rel refused
                          WHERE refused.trip_id = trip.id)
              FROM cement_wagon_trip trip
         LEFT JOIN cement_station station ON station.id = trip.destination_id
             WHERE trip.id = ANY(%s) AND trip.picking_id IS NULL
               AND trip.is_current IS TRUE AND trip.is_ignored IS NOT TRUE
               AND trip.load IS DISTINCT FROM 'empty'
            """,
            [list(trip_ids)],
        )
        return [
            matching.Trip(
                id=trip_id,
                wagon=wagon,
                waybills=frozenset(filter(None, (waybill, first))),
                day=day,
                place=_place(station, group),
                mass=float(mass or 0),
                refused=frozenset(refused),
            )
            for (
                trip_id,
                wagon,
                waybill,
                first,
                day,
                station,
                group,
                mass,
                refused,
            ) in self.env.cr.fetchall()
        ]

    @api.model
    def _load_match_shipments(self, picking_ids=None) -> list:
        """Return the shipments by rail that wait for their wagon."""
        pickings = self.env["stock.picking"]
        pickings.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT picking.id, picking.wagon_number, picking.waybill_number,
                       COALESCE(picking.waybill_date, picking.scheduled_date::date),
                       site.station_id, station.group_id, picking.net_mass
                  FROM stock_picking picking
             LEFT JOIN cement_site site ON site.id = picking.site_id
             LEFT JOIN cement_station station ON station.id = site.station_id
                 WHERE picking.is_cement IS TRUE AND picking.transport = 'rail'
                   AND picking.state != 'cancel'
                   AND (picking.shipment_state IS NULL
                        OR picking.shipment_state NOT IN ('done', 'cancelled'))
                   AND NOT EXISTS (
                       SELECT FROM cement_wagon_trip trip
                        WHERE trip.picking_id = picking.id
                          -- of one that has come the shipment waits no more,
                          -- though the end of it may not be known yet
                          AND (trip.is_open IS TRUE OR trip.arrived_at IS NOT NULL))
                   AND %s
                """,
                SQL("picking.id = ANY(%s)", list(picking_ids))
                if picking_ids is not None
                else SQL("TRUE"),
            )
        )
        return [
            matching.Shipment(
                id=picking_id,
                wagon=codes.normalise_wagon(wagon) if wagon else None,
                waybill=codes.normalise_waybill(waybill) if waybill else None,
                day=day,
                place=_place(station, group),
                mass=float(mass or 0),
            )
            for (
                picking_id,
                wagon,
                waybill,
                day,
                station,
                group,
                mass,
            ) in self.env.cr.fetchall()
        ]

    @api.model
    def _tie(self, pairs):
        """Tie trips to shipments and fill the shipments' papers in.

        :param pairs: ``(trip id, picking id, by)``.
        """
        if not pairs:
            return
        trip_ids, picking_ids, by = (
            list(column) for column in zip(*pairs, strict=True)
        )
        self.env.flush_all()
        # by SQL: a first report ties thousands of trips
        self.env.cr.execute(
            """
            UPDATE cement_wagon_trip trip
               SET picking_id = picking.id, matched_by = pair.by,
                   sale_id = picking.sale_id,
                   counterparty_id = picking.counterparty_id,
                   plant_id = picking.plant_id, company_id = picking.company_id
              FROM unnest(%s::int[], %s::int[], %s::varchar[])
                   AS pair (trip_id, picking_id, by)
              JOIN stock_picking picking ON picking.id = pair.picking_id
             WHERE trip.id = pair.trip_id
            """,
            [trip_ids, picking_ids, by],
        )
        self.env.cr.execute(
            """
            UPDATE cement_wagon_idle stay
               SET counterparty_id = trip.counterparty_id, company_id = trip.company_id
              FROM cement_wagon_trip trip
             WHERE trip.id = stay.trip_id AND trip.id = ANY(%s)
            """,
            [trip_ids],
        )
        self.invalidate_model()
        self.env["cement.wagon.idle"].invalidate_model()
        # sudo: a dispatcher of reports may not edit every transfer; the papers are
        # what the railway says
        pickings = self.env["stock.picking"].sudo().browse(picking_ids)
        pickings.invalidate_recordset(["trip_ids"])
        memories = pickings._get_tie_memories()
        for trip, picking in zip(self.sudo().browse(trip_ids), pickings, strict=True):
            vals = {}
            if not picking.wagon_number:
                vals["wagon_number"] = trip.wagon_number
            if not picking.waybill_number and trip.first_waybill:
                vals["waybill_number"] = trip.first_waybill
            if not picking.waybill_date and trip.started_at:
                vals["waybill_date"] = moscow.from_utc(trip.started_at).date()
            if vals:
                picking.write(vals)
                memories[picking.id]["papers"] = vals
        self._remember_ties(
            {
                trip_id: memories[picking_id]
                for trip_id, picking_id in zip(trip_ids, picking_ids, strict=True)
            }
        )

    @api.model
    def _remember_ties(self, memories: dict):
        """Keep with the trips what their shipments were before the tie."""
        self.env.cr.execute(
            """
            UPDATE cement_wagon_trip trip SET tie_memory = memory.value::jsonb
              FROM unnest(%s::int[], %s::text[]) AS memory (trip_id, value)
             WHERE trip.id = memory.trip_id
            """,
            [
                list(memories),
                [json.dumps(value, default=str) for value in memories.values()],
            ],
        )
        self.browse(memories).invalidate_recordset(["tie_memory"], flush=False)

    def _untie(self):
        """Take the trip off its shipment for good, on a person's word.

        What the tie has filled in is taken back; reports do not tie the two again.
        """
        self.ensure_one()
        picking, memory = self.picking_id, self.tie_memory or {}
        if not picking:
            return
        self.write(
            {
                "picking_id": False,
                "matched_by": False,
                "tie_memory": False,
                "refused_picking_ids": [fields.Command.link(picking.id)],
            }
        )
        self.idle_ids.invalidate_recordset()
        picking._take_back_tie(memory)
        # another wagon may carry a part of it
        picking.trip_ids._push_to_shipments({})

    def _get_suggestions(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the shipments that may be this trip's: ids with reasons."""
        self.ensure_one()
        trips = self._load_match_trips(self.ids)
        if not trips:
            return []
        days = self.env["cement.rail.settings"]._get().match_days
        return matching.suggest(trips[0], self._load_match_shipments(), days)

    def _find_donor(self):
        """Return the trip whose cargo this wagon probably carries, for a person to
        confirm: transshipment of a faulty wagon."""
        self.ensure_one()
        if self.picking_id or not self.origin_id:
            return self.browse()
        donors = self.search(
            [
                ("picking_id", "!=", False),
                ("id", "!=", self.id),
                ("station_id", "=", self.origin_id.id),
                ("is_current", "=", True),
                ("state", "in", ("faulty", "lost", "idle", "empty", "unloaded")),
            ],
            limit=20,
        )
        for donor in donors:
            same_due = donor.due_date == self.due_date
            if same_due and abs(donor.mass - self.mass) <= TRANSFER_TOLERANCE:
                return donor
        return self.browse()


def _place(station_id, group_id) -> str | None:
    """Return what two stations of one place have in common."""
    if group_id:
        return f"group {group_id}"
    return str(station_id) if station_id else None
