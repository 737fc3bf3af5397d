# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models

from ..tools import eta, figures, moscow
from ..tools.trips import State

DISPATCHER = "cement_base.group_dispatcher"
_IS_LOADED = {"loaded": True, "empty": False}


class CementWagonTrip(models.Model):
    """What grows with the clock, and what is learnt of the past."""

    _inherit = "cement.wagon.trip"

    def _refresh_figures(self):
        """Reckon anew what changes with the clock: idle days, money, lateness."""
        if not self:
            return
        now = fields.Datetime.now()
        tariffs = self.env["cement.demurrage.tariff"]._get_tariffs()
        for trip in self:
            values = figures.get_figures(
                State(
                    status=trip.state,
                    loaded=_IS_LOADED.get(trip.load),
                    operation_time=moscow.from_utc(trip.last_operation_at),
                    status_since=moscow.from_utc(trip.state_since),
                    arrived=moscow.from_utc(trip.arrived_at),
                    unloaded_at=moscow.from_utc(trip.unloaded_at),
                    lost_since=moscow.from_utc(trip.lost_since),
                    due_date=trip.due_date or None,
                ),
                trip.is_open,
                moscow.from_utc(now),
                tariffs,
            )._asdict()
            for name in ("idle_since", "demurrage_at"):
                values[name] = moscow.to_utc(values[name])
            # only what differs: the ORM writes these together at the end
            trip.update(
                {
                    name: value or False if name.endswith(("_at", "_since")) else value
                    for name, value in values.items()
                    if (trip[name] or None) != (value or None)
                }
            )

    def _refresh_estimates(self, settings):
        """Move on estimates that are past: the wagon stands, and so does its report.

        From now on the whole way left is before it.
        """
        now = fields.Datetime.now()
        profile = eta.Profile.load(settings.eta_profile or {})
        past = self.filtered(
            lambda trip: trip.eta_at and trip.eta_at < now and not trip.arrived_at
        )
        for trip in past:
            estimate = eta.estimate(
                profile,
                km_left=trip.distance_left if trip.distance_known else None,
                operation_time=now,
                idle_minutes=0,
                in_train=bool(trip.train_index),
                arrived=False,
                now=now,
            )
            trip.update(
                {
                    "eta_at": estimate.arrival.replace(second=0, microsecond=0),
                    "eta_error_hours": estimate.error_hours,
                    "eta_source": estimate.source,
                }
            )
        past._push_to_shipments({})

    @api.model
    def _cron_refresh(self):
        """Let idle days, money and troubles grow with the clock; end what is lost
        for too long."""
        settings = self.env["cement.rail.settings"]._get()
        limit = fields.Datetime.now() - timedelta(days=settings.lost_days)
        # arrived ones that are absent stand at their station until it is known better
        self.search(
            [
                ("is_open", "=", True),
                ("lost_since", "<", limit),
                ("state", "!=", "arrived"),
            ]
        ).write({"is_open": False, "trouble": 0})
        trips = self.search([("is_open", "=", True)])
        trips._refresh_figures()
        trips._refresh_estimates(settings)
        self.env["cement.wagon.idle"].search(
            [("date_to", "=", False), ("trip_id.is_open", "=", True)]
        )._refresh_open()
        self._warn_demurrage(settings)
        self._warn_stale()

    @api.model
    def _warn_demurrage(self, settings):
        """Give the dispatcher a task before the free hours of a wagon end."""
        now = fields.Datetime.now()
        trips = self.search(
            [
                ("is_open", "=", True),
                ("picking_id", "!=", False),
                ("demurrage_at", ">", now),
                ("demurrage_at", "<=", now + timedelta(hours=settings.warn_hours)),
                ("unloaded_at", "=", False),
            ]
        )
        trips._give_tasks(
            "cement_logistics_rail.mail_activity_demurrage",
            self.env._("Demurrage begins soon"),
            lambda trip: self.env._(
                "Wagon %(wagon)s at %(station)s: free hours end at %(moment)s.",
                wagon=trip.wagon_number,
                station=trip.station_id.name or "",
                moment=self._format_moscow(trip.demurrage_at),
            ),
        )

    def _warn_readdressed(self):
        """Give the dispatcher a task for wagons that carry a shipment elsewhere."""
        # sudo: reports come by mail too; the task is the dispatcher's
        trips_sudo = self.sudo().filtered(lambda trip: trip._goes_elsewhere())
        trips_sudo._give_tasks(
            "cement_logistics_rail.mail_activity_readdressed",
            self.env._("The wagon was readdressed"),
            lambda trip: self.env._(
                "Wagon %(wagon)s with shipment %(shipment)s goes to %(station)s now, "
                "not to the client's station. Its arrival there does not end the "
                "shipment: tie the wagon to the right one or change the site.",
                wagon=trip.wagon_number,
                shipment=trip.picking_id.name,
                station=trip.destination_id.name or "",
            ),
        )

    def _goes_elsewhere(self) -> bool:
        """Whether the wagon goes to another place than its shipment."""
        self.ensure_one()
        if not self.picking_id:
            return False
        goal, wanted = self.destination_id, self.picking_id.site_id.station_id
        same_place = goal.group_id and goal.group_id == wanted.group_id
        return goal != wanted and not same_place

    def _give_tasks(self, xmlid, summary, get_note):
        """Give the dispatcher a task for each of these trips that has none of it.

        :param xmlid: kind of the task.
        :param get_note: function of a trip.
        """
        kind = self.env.ref(xmlid)
        trips = self - self.browse(self._get_tasks(kind).mapped("res_id"))
        user = self._get_dispatcher()
        for trip in trips:
            trip.activity_schedule(
                activity_type_id=kind.id,
                date_deadline=fields.Date.context_today(trip),
                summary=summary,
                note=get_note(trip),
                user_id=user.id,
            )

    def _get_tasks(self, kind):
        return self.env["mail.activity"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ],
            ["res_id"],
        )

    @api.model
    def _warn_stale(self):
        """Give the dispatcher one task while no fresh report comes."""
        record = self.env["cement.dislocation.import"]
        if not record._get_slice()["is_stale"]:
            return
        last = record.search([("state", "=", "accepted")], limit=1)
        kind = self.env.ref("cement_logistics_rail.mail_activity_stale")
        if not last.activity_ids.filtered(lambda item: item.activity_type_id == kind):
            last.activity_schedule(
                activity_type_id=kind.id,
                summary=self.env._("No fresh dislocation report"),
                user_id=self._get_dispatcher().id,
            )

    @api.model
    def _get_dispatcher(self):
        """Return who gets the tasks of the railway."""
        settings = self.env["cement.rail.settings"]._get()
        group = self.env.ref(DISPATCHER)
        return (
            settings.dispatcher_id
            or group.user_ids.filtered("active")[:1]
            or self.env.user
        )

    @api.model
    def _cron_learn(self):
        """Learn speeds and the error of estimates from the trips of the past."""
        self.env.cr.execute(
            """
            SELECT operation.trip_id, operation.date, operation.distance_left
              FROM cement_wagon_operation operation
              JOIN cement_wagon_trip trip ON trip.id = operation.trip_id
             WHERE trip.arrived_at > %s AND operation.distance_left IS NOT NULL
          ORDER BY operation.trip_id, operation.date
             LIMIT 200000
            """,
            [fields.Datetime.now() - timedelta(days=180)],
        )
        legs = []
        before = None
        for row in self.env.cr.fetchall():
            if before and before[0] == row[0] and before[2] > row[2]:
                minutes = int((row[1] - before[1]).total_seconds() // 60)
                legs.append(eta.Leg(before[2], row[2], minutes, ""))
            before = row
        past = self.search_fetch(
            [("arrived_at", "!=", False), ("eta_first_at", "!=", False)],
            ["arrived_at", "eta_first_at"],
            order="arrived_at desc",
            limit=500,
        )
        report = eta.errors((trip.eta_first_at, trip.arrived_at) for trip in past)
        settings = self.env["cement.rail.settings"].sudo().search([], limit=1)
        settings.write(
            {
                "eta_profile": eta.Profile.learn(legs).dump() if legs else False,
                "eta_error_hours": report.p80_hours or 0,
                "eta_trip_count": report.count,
            }
        )
