# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import logging
from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.cement_logistics.tools import lifecycle

from ..tools import door, eta, geo, loop, movizor
from ..tools.door import DoorError, Position

_logger = logging.getLogger(__name__)

# So many starts and stops in one poll; the rest follows with the next.
SEND_LIMIT = 60
# What was true before the trip began is nobody's business, but clocks differ.
CLOCK_SLACK = timedelta(minutes=5)
# Fixes of a truck may come from the future by a wrong clock of a terminal.
FUTURE_SLACK = timedelta(minutes=10)


class CementTrackingProvider(models.Model):
    """Asking the providers, and what is made of their answers.

    The number of queries does not grow with the fleet: trips, shipments and places are
    read once, the positions are kept in one statement, and all shipments are written
    at once. Only a step of a shipment (left, arrived, …) costs queries of its own.
    """

    _inherit = "cement.tracking.provider"

    @api.model
    def _cron_poll(self):
        """Ask every provider whose time has come; one that is being asked is left."""
        self = self.with_context(lang=self._get_language())
        cron = self.env["ir.cron"]
        due = self.search(self._get_due_domain())
        cron._commit_progress(remaining=len(due))
        for provider in due:
            locked = provider.try_lock_for_update(allow_referencing=True)
            # somebody may have asked it since we looked
            locked.invalidate_recordset()
            if locked.filtered_domain(self._get_due_domain()):
                answers = provider._ask_all()
                # what was asked and answered is kept, and the answers are worked on
                # with a fresh view: people went on writing while the service thought
                cron._commit_progress()
                if provider.try_lock_for_update(allow_referencing=True):
                    provider._digest(answers)
            if not cron._commit_progress(1):
                break

    def _poll(self):
        """Ask the provider and take in its answers, in one transaction."""
        self.ensure_one()
        self._digest(self._ask_all())

    def _ask_all(self) -> dict:
        """Tell the provider what is wanted and ask it for everything.

        :return: ``positions``, ``events`` and ``states``, as far as they came, and the
            ``error`` that ended it.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self.next_at = now + timedelta(minutes=self.poll_interval)
        answers: dict = {}
        if not self._door()._is_asked():
            return answers
        try:
            self._send_waiting()
            if self._has_live():
                answers["positions"] = self._door_positions()
                answers["events"] = self._door_events(int(self.last_event_id or 0))
                if not self.next_state_at or self.next_state_at <= now:
                    answers["states"] = self._door_states()
                    minutes = self.state_interval
                    self.next_state_at = now + timedelta(minutes=minutes)
        except DoorError as error:
            answers["error"] = error
        return answers

    def _digest(self, answers: dict):
        """Take in what the provider answered, each part by itself.

        A fault in one part is noted and undoes that part only.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        error = answers.get("error")
        for name, take in (
            ("positions", lambda reading: self._take_positions(reading.rows)),
            ("events", lambda reading: self._take_events(reading.rows)),
            ("states", self._take_states),
        ):
            if name not in answers:
                continue
            try:
                with self.env.cr.savepoint():
                    take(answers[name])
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as fault:
                _logger.exception("Tracking provider %s: %s", self.id, name)
                error = error or self._get_fault(fault)
        self._mark_silent(now)
        if error:
            self._note_failure(error)
            return
        if self._door()._is_asked():
            self._note_success(now)
        if self._get_waiting(limit=1):
            self.next_at = now
            self._trigger_poll()

    def _get_fault(self, fault: Exception) -> DoorError:
        return DoorError(
            self.env._(
                "A fault of the portal, details in its log: %(kind)s",
                kind=type(fault).__name__,
            )
        )

    def _has_live(self) -> bool:
        return bool(
            self.env["cement.tracked.object"].search_count(
                [("provider_id", "=", self.id), ("phase", "=", "live")], limit=1
            )
        )

    # === Starts and stops ===

    def _get_waiting(self, limit=None):
        """Return the trips whose start or stop is to be sent now, stops first: the
        next trip of the same phone may wait behind one."""
        return self.env["cement.tracked.object"].search(
            [
                ("provider_id", "=", self.id),
                ("phase", "in", ("to_start", "to_stop")),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="phase DESC, id",
            limit=limit,
        )

    def _send_waiting(self):
        for tracked in self._get_waiting(limit=SEND_LIMIT):
            tracked._send()

    # === Positions ===

    def _take_positions(self, rows: list[Position]) -> dict:
        """Keep positions of vehicles that are followed, and move their shipments on.

        :return: how many were ``new``, ``known``, or ``without_trip``.
        """
        self.ensure_one()
        result = {"new": 0, "known": 0, "without_trip": 0}
        if not rows:
            return result
        trips = self._get_live_trips({row.ext_id for row in rows})
        latest = fields.Datetime.now() + FUTURE_SLACK
        wanted: list[tuple[int, Position]] = []
        for row in rows:
            fitting = [
                (tracked.id, row)
                for tracked in trips.get(row.ext_id, ())
                if tracked.started_at - CLOCK_SLACK <= row.at <= latest
                and tracked.status != door.REJECTED
            ]
            wanted.extend(fitting)
            result["without_trip"] += not fitting
        fresh = self.env["cement.tracking.position"]._store(wanted)
        result["new"] = len(fresh)
        result["known"] = len(wanted) - len(fresh)
        fixes: dict[int, list[Position]] = defaultdict(list)
        for tracked_id, row in wanted:
            if (tracked_id, row.at) in fresh:
                fixes[tracked_id].append(row)
        if fixes:
            self.env["cement.tracked.object"].browse(fixes)._follow(fixes)
        return result

    def _get_live_trips(self, ext_ids) -> dict:
        """Return the trips under way by the provider's names: one truck may carry
        several shipments."""
        found = self.env["cement.tracked.object"].search(
            [
                ("provider_id", "=", self.id),
                ("phase", "in", ("live", "to_start")),
                ("ext_id", "in", list(ext_ids)),
            ]
        )
        trips = defaultdict(list)
        for tracked in found:
            trips[tracked.ext_id].append(tracked)
        return trips

    # === Events and statuses ===

    def _take_events(self, rows: list):
        """Keep events once each, and take over the statuses they tell, by their time.

        Events come twice and in any order.
        """
        self.ensure_one()
        if not rows:
            return
        trips = self._get_live_trips({row.ext_id for row in rows})
        values = []
        for row in rows:
            for tracked in trips.get(row.ext_id, ()):
                if row.at >= tracked.started_at - CLOCK_SLACK:
                    values.append((tracked.id, row))
        fresh = self._store_events(values)
        for tracked_id, row in sorted(values, key=lambda pair: pair[1].at):
            status = movizor.EVENT_STATUS.get(row.kind)
            if status and (str(row.number), tracked_id) in fresh:
                tracked = self.env["cement.tracked.object"].browse(tracked_id)
                # a clock that is ahead must not outdate what is told later
                when = min(max(row.at, tracked.started_at), fields.Datetime.now())
                tracked._set_status(status, when)
        newest = max(row.number for row in rows)
        if newest > int(self.last_event_id or 0):
            self.last_event_id = str(newest)

    def _store_events(self, values: list) -> set:
        if not values:
            return set()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s)",
                tracked_id,
                self.id,
                str(row.number),
                row.at,
                row.kind,
            )
            for tracked_id, row in values
        ]
        found = self.env.execute_query(
            SQL(
                """INSERT INTO cement_tracking_event
                          (object_id, provider_id, ext_id, date, kind)
                   VALUES %s
                   ON CONFLICT (provider_id, ext_id, object_id) DO NOTHING
                   RETURNING ext_id, object_id""",
                SQL(", ").join(rows),
            )
        )
        self.env["cement.tracking.event"].invalidate_model()
        return set(found)

    def _take_states(self, reading):
        """Take over the statuses of the fleet; a trip that the provider has lost is
        started again."""
        self.ensure_one()
        now = fields.Datetime.now()
        known = {row.ext_id: row for row in reading.rows}
        live = self.env["cement.tracked.object"].search(
            [("provider_id", "=", self.id), ("phase", "=", "live")]
        )
        for tracked in live:
            row = known.get(tracked.ext_id)
            if row and (row.status, row.text) != (
                tracked.status,
                tracked.status_text or "",
            ):
                tracked._set_status(row.status, now, row.text)
        if not reading.bad:
            lost = live.filtered(lambda row: row.ext_id not in known)
            lost.write({"phase": "to_start", "status": door.NEW})

    def _mark_silent(self, now):
        """Mark the trips that nobody has heard of for hours."""
        live = self.env["cement.tracked.object"].search(
            [("provider_id", "=", self.id), ("phase", "=", "live")]
        )
        limit = now - timedelta(hours=self.silent_hours)
        silent = live.filtered(lambda row: (row.last_at or row.started_at) < limit)
        (silent.filtered(lambda row: not row.is_silent)).is_silent = True
        ((live - silent).filtered("is_silent")).is_silent = False


class CementTrackedObject(models.Model):
    _inherit = "cement.tracked.object"

    def _follow(self, fixes: dict[int, list[Position]]):
        """Take new fixes into account: status, arrival, delay, the map.

        :param fixes: new positions by trip id.
        """
        now = fields.Datetime.now()
        speeds = self.env["cement.tracking.speed"]._get_speeds()
        fences = self._get_fences()
        offsets = {
            provider.id: pytz.timezone(provider.tz).utcoffset(now)
            for provider in self.provider_id
        }
        positions, steps = {}, defaultdict(list)
        for tracked in self:
            provider = tracked.provider_id
            values, moved = tracked._follow_one(
                sorted(fixes[tracked.id], key=lambda row: row.at),
                fences[tracked.id],
                {
                    "road_factor": max(1.0, provider.road_factor),
                    "speeds": speeds,
                    "utc_offset": offsets[provider.id],
                    "error_share": provider.error_share,
                },
            )
            if values:
                positions[tracked.picking_id.id] = values
            for step in moved:
                key = (step.state, step.at, step.is_estimated)
                steps[key].append(tracked.picking_id.id)
        pickings = self.picking_id
        pickings._cement_update_positions(positions)
        for (state, at, is_estimated), ids in sorted(
            steps.items(), key=lambda item: lifecycle.STEPS[item[0][0]]
        ):
            pickings.browse(ids)._cement_set_shipment_state(
                state, source="tracker", date=at, is_estimated=is_estimated
            )
        self._check_slips()

    def _get_fences(self) -> dict[int, tuple]:
        """Return plant and site of each trip as fences; places are read once."""
        cache: dict = {}

        def fence(place):
            key = (place._name, place.id)
            if key not in cache:
                cache[key] = place._get_fence()
            return cache[key]

        return {
            tracked.id: (
                fence(tracked.picking_id.plant_id),
                fence(tracked.picking_id.site_id),
            )
            for tracked in self
        }

    def _follow_one(self, rows: list[Position], fences: tuple, drive: dict) -> tuple:
        """Run the status loop over the fixes of one trip.

        :return: values for the shipment (none when no fix was believed) and the steps.
        """
        self.ensure_one()
        picking = self.picking_id
        plant, site = fences
        rules = self.provider_id._get_rules()
        state = picking.shipment_state or lifecycle.PLANNED
        memory = loop.load(self.memory, state)
        steps, believed, estimate = [], None, None
        for row in rows:
            guess = self._estimate(row, site, drive)
            fix = loop.Fix(
                row.at,
                row.latitude,
                row.longitude,
                row.accuracy,
                eta.minutes_left(guess, row.at) if guess else None,
            )
            memory, moved = loop.advance(memory, fix, plant, site, rules)
            steps.extend(moved)
            if memory.last == fix:
                believed, estimate = row, guess
        values = {"memory": loop.dump(memory)}
        if not self.last_at or rows[-1].at > self.last_at:
            values.update(last_at=rows[-1].at, is_silent=False)
        if self.status == door.WAIT:
            # positions come: the driver has agreed, whatever the events say
            values.update(
                status=door.OK,
                status_at=rows[-1].at,
                given_at=self.given_at or rows[-1].at,
            )
        if memory.arrived_at and not self.arrived_at:
            values["arrived_at"] = memory.arrived_at
        if believed is None:
            self.write(values)
            return {}, steps
        way = self._prepare_way(believed, estimate, memory.state)
        if estimate and memory.state in (lifecycle.LEFT, lifecycle.ON_WAY):
            if not self.eta_first:
                values.update(eta_first=estimate.at, eta_first_at=believed.at)
            total = self.distance_total or 0.0
            if not total and plant and site:
                straight = geo.haversine(plant.centre, site.centre) / 1000
                total = straight * drive["road_factor"]
            values["distance_total"] = max(total, estimate.distance_km)
        self.write(values)
        return way, steps

    def _estimate(self, row: Position, site, drive: dict):
        """Return when the truck will be there: by the provider's forecast or our own
        reckoning, whichever is surer; None without a site to go to.

        The forecast knows the roads but comes in whole hours: far away it is the better
        one, the last hours are ours.
        """
        told = None
        if row.distance_km:
            told = eta.provider_estimate(row.distance_km, row.forecast_hours, row.at)
        if site is None:
            return told
        place = (row.latitude, row.longitude)
        straight = max(0.0, geo.edge_distance(site, place)) / 1000
        own = eta.own_estimate(straight, row.at, **drive)
        return told if told and told.error <= own.error else own

    def _prepare_way(self, row: Position, estimate, state: str) -> dict:
        """Return what the shipment shows of its way."""
        picking = self.picking_id
        values = {
            "latitude": row.latitude,
            "longitude": row.longitude,
            "position_date": row.at,
            "position_text": row.place or False,
            "position_accuracy": round(row.accuracy or geo.DEFAULT_ACCURACY),
        }
        under_way = (lifecycle.LEFT, lifecycle.ON_WAY, lifecycle.NEAR)
        if estimate and state in under_way:
            values["distance_left"] = round(estimate.distance_km, 1)
            if not picking.eta_held:
                values["eta_date"] = estimate.at.replace(second=0, microsecond=0)
                values["eta_source"] = self._get_eta_source(estimate)
        elif state in (lifecycle.ARRIVED, lifecycle.UNLOADING):
            values["distance_left"] = 0.0
        return values

    def _get_eta_source(self, estimate) -> str:
        """Return who reckoned the arrival, from what and how sure that is."""
        minutes = round(estimate.error / 5) * 5 or 5
        if estimate.source == "provider":
            return self.env._(
                "%(provider)s, ±%(minutes)s min",
                provider=self.provider_id.name,
                minutes=minutes,
            )
        return self.env._(
            "our estimate: %(km)s km at %(speed)s km/h, ±%(minutes)s min",
            km=round(estimate.distance_km),
            speed=round(estimate.speed),
            minutes=minutes,
        )

    # === Delays ===

    def _check_slips(self):
        """Compare the expected arrival with the promised window; each level of delay
        is told once."""
        for tracked in self:
            level = tracked._get_slip_level()
            if level is None:
                continue
            if level != tracked.slip_level:
                tracked.slip_level = level
            rank = eta.SLIP_RANK[level]
            if rank > tracked.slip_told:
                tracked.slip_told = rank
                tracked._tell_slip(level)

    def _get_slip_level(self) -> str | None:
        """Return how the arrival stands to the promise; None when the truck is not
        on its way to the site."""
        self.ensure_one()
        picking, provider = self.picking_id, self.provider_id
        under_way = (lifecycle.LEFT, lifecycle.ON_WAY, lifecycle.NEAR)
        if picking.shipment_state not in under_way:
            return None
        return eta.slip(
            picking.eta_date or None,
            picking.promised_from or None,
            picking.promised_to or None,
            tolerance=timedelta(minutes=provider.slip_minutes),
            very=timedelta(minutes=provider.very_late_minutes),
        )

    def _tell_slip(self, level: str):
        """Tell the dispatcher; the partner sees it on the page of the shipment."""
        self.ensure_one()
        picking = self.picking_id
        late = picking.eta_date - picking.promised_to
        minutes = round(late.total_seconds() / 60)
        picking._cement_tell_dispatcher(
            self.env._("Late: %(plate)s", plate=self.plate or picking.name),
            self.env._(
                "Expected %(minutes)s min behind the promised window (%(origin)s). "
                "Call the client or answer on the page of the shipment.",
                minutes=minutes,
                origin=picking.eta_source or "",
            ),
            self.provider_id,
        )
