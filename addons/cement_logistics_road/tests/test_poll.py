# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.cement_tracking_speed import ENOUGH_HOURS
from ..tools import door
from ..tools.door import Event, ObjectState, Reading
from .common import RoadCommon


@tagged("post_install", "-at_install")
class TestIngestion(RoadCommon):
    """What comes is kept once, in whatever order, and never longer than allowed."""

    def test_twice_is_once(self):
        trip = self._load()
        rows = [(0.0, -60), (0.0, -55), (0.1, -40)]
        self.assertEqual(self._drive(rows)["new"], 3)
        self.assertEqual(self._drive(rows), {"new": 0, "known": 3, "without_trip": 0})
        self.assertEqual(len(trip.position_ids), 3)

    def test_out_of_order(self):
        trip = self._load()
        self._drive([(0.3, -20)])
        self._drive([(0.0, -60), (0.1, -40)])
        self.assertEqual(len(trip.position_ids), 3)
        # the history is whole, the map shows the newest
        self.assertEqual(self.shipment.position_text, "km 30")

    def test_not_before_the_trip(self):
        trip = self._load()
        trip.started_at = self.now - timedelta(minutes=30)
        result = self._drive([(0.0, -60), (0.0, -10)])
        self.assertEqual(result, {"new": 1, "known": 0, "without_trip": 1})
        self.assertEqual(len(trip.position_ids), 1)

    def test_not_from_the_future(self):
        self._load()
        self.assertEqual(self._drive([(0.0, 60)])["without_trip"], 1)

    def test_events(self):
        trip = self._load()
        trip.write({"status": "wait", "status_at": self.now - timedelta(hours=2)})

        def event(number, minutes, kind, who="8671"):
            return Event(who, number, self.now + timedelta(minutes=minutes), kind)

        # the refusal came after the consent, but is read before it
        self.provider._take_events([event(12, -5, "reject"), event(10, -60, "add")])
        self.provider._take_events([event(11, -30, "confirm"), event(12, -5, "reject")])
        self.assertEqual(trip.status, "rejected")
        self.assertEqual(trip.refused_at, self.now - timedelta(minutes=5))
        self.assertEqual(len(trip.event_ids), 3)
        self.assertEqual(self.provider.last_event_id, "12")
        self.provider._take_events([event(9, -1, "parking", "stranger")])
        self.assertEqual(self.provider.last_event_id, "12")
        self.assertEqual(len(trip.event_ids), 3)
        self.assertEqual(trip.trouble_rank, 70)
        self.assertIn("refused", trip.trouble)
        self.assertEqual(len(self.shipment.activity_ids), 1)

    def test_an_event_of_the_future(self):
        """A wrong clock of the service does not hide what it tells later."""
        trip = self._load()
        far = door.Event("8671", 5, self.now + timedelta(days=900), "limit")
        self.provider._take_events([far])
        self.assertEqual(trip.status, "limited")
        self.assertLessEqual(trip.status_at, fields.Datetime.now())

    def test_events_of_the_trip_before(self):
        trip = self._load()
        trip.started_at = self.now - timedelta(minutes=30)
        old = Event("8671", 5, self.now - timedelta(hours=3), "reject")
        self.provider._take_events([old])
        self.assertFalse(trip.event_ids)
        self.assertEqual(trip.status, "ok")

    def test_statuses(self):
        trip = self._load()
        self.provider._take_states(
            Reading([ObjectState("8671", door.ERROR_EXISTS, "")], 0)
        )
        self.assertEqual(trip.status, "error_exists")
        self.assertEqual(trip.trouble_rank, 65)
        # an answer that could not be read whole loses nobody
        self.provider._take_states(Reading([], 1))
        self.assertEqual(trip.phase, "live")
        self.provider._take_states(Reading([], 0))
        self.assertEqual(trip.phase, "to_start")

    def test_silence(self):
        trip = self._load()
        self._drive([(0.0, -180)])
        self.provider._poll()
        self.assertTrue(trip.is_silent)
        self.assertEqual(trip.trouble_rank, 40)
        self._drive([(0.0, -1)])
        self.provider._poll()
        self.assertFalse(trip.is_silent)

    def test_troubles_come_first(self):
        trips = self._load()
        for status in ("ok", "rejected", "ok", "error_exists"):
            other = self._create_shipment(self.driver)
            trip = self._load(other)
            trip.status = status
            trips |= trip
        found = self.env["cement.tracked.object"].search([("id", "in", trips.ids)])
        self.assertEqual(found.mapped("status")[:2], ["rejected", "error_exists"])

    # === Personal data ===

    def test_deleted_in_time(self):
        trip = self._load()
        self._drive([(0.0, -90), (0.0, -85), (0.1, -60), (0.3, -30)])
        self.shipment._cement_set_shipment_state(
            "near", "tracker", latitude=56.5, longitude=61.2
        )
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.provider.keep_days = 10
        positions = self.env["cement.tracking.position"]
        positions._gc_positions()
        self.assertEqual(len(trip.position_ids), 4)
        self.assertTrue(trip.ext_id)
        old = self.now - timedelta(days=11)
        trip.position_ids.date = old
        for index, position in enumerate(trip.position_ids):
            position.date = old + timedelta(minutes=index)
        trip.ended_at = old
        self.env.flush_all()
        positions._gc_positions()
        self.assertFalse(trip.position_ids.exists())
        self.assertFalse(trip.ext_id or trip.driver_id or trip.memory)
        self.assertTrue(trip.is_forgotten)
        self.assertFalse(any(self.shipment.shipment_event_ids.mapped("latitude")))
        # the steps themselves are business and stay
        self.assertTrue(self.shipment.shipment_event_ids)

    def test_messages_are_deleted_too(self):
        exchanges = self.env["cement.tracking.exchange"]
        values = {
            "provider_id": self.provider.id,
            "direction": "in",
            "method": "push",
            "state": "ok",
        }
        old = exchanges.create({**values, "date": self.now - timedelta(days=15)})
        new = exchanges.create(values)
        exchanges._gc_exchanges()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())

    def test_all_old_messages_are_deleted(self):
        """More than one portion, however many a mad gateway left."""
        old = self.now - timedelta(days=15)
        self.env.cr.execute(
            "INSERT INTO cement_tracking_exchange "
            "(provider_id, date, direction, method, state) "
            "SELECT %s, %s, 'in', 'push', 'ok' FROM generate_series(1, 10050)",
            (self.provider.id, old),
        )
        exchanges = self.env["cement.tracking.exchange"]
        exchanges._gc_exchanges()
        self.assertFalse(exchanges.search_count([("date", "<=", old)]))

    # === Learning ===

    def test_learns_speeds(self):
        trip = self._load()
        speed = self.env["cement.tracking.speed"].search([], limit=1)
        self.assertEqual(speed.speed, 58.0)
        self._drive([(index / 160, -600 + index * 4) for index in range(120)])
        self.env.flush_all()
        self.env["cement.tracking.speed"]._cron_learn()
        learnt = self.env["cement.tracking.speed"].search([("learnt_hours", ">", 0)])
        self.assertTrue(learnt)
        for row in learnt:
            # 0.61 km in 4 min, longer by the factor of the road
            self.assertAlmostEqual(row.learnt_speed, 11.5, delta=1.5)
            self.assertLess(row.learnt_hours, ENOUGH_HOURS)
            self.assertNotEqual(row.speed, row.learnt_speed)
        learnt[0].learnt_hours = ENOUGH_HOURS
        self.assertEqual(learnt[0].speed, learnt[0].learnt_speed)
        learnt[0].entered_speed = 45
        self.assertEqual(learnt[0].speed, 45)
        self.assertTrue(trip.position_ids)

    def test_learns_the_error(self):
        trips = self.env["cement.tracked.object"]
        for index in range(20):
            begun = self.now - timedelta(days=2, minutes=index)
            trips.create(
                {
                    "picking_id": self.shipment.id,
                    "provider_id": self.provider.id,
                    "phase": "ended",
                    "eta_first_at": begun,
                    "eta_first": begun + timedelta(minutes=130),
                    "arrived_at": begun + timedelta(minutes=100),
                }
            )
        self.env.flush_all()
        self.provider._learn_error(self.now - timedelta(days=30))
        self.assertAlmostEqual(self.provider.error_share, 0.3, delta=0.01)
        self.assertEqual(self.provider.error_trips, 20)

    # === Many at once ===

    def _fleet(self, count):
        """Return trips of a fleet; the shipments are copies, as rows only."""
        values = []
        for index in range(count):
            picking = self.shipment.copy({"sale_id": self.shipment.sale_id.id})
            values.append(
                {
                    "picking_id": picking.id,
                    "provider_id": self.provider.id,
                    "ext_id": f"unit{index}",
                    "phase": "live",
                    "status": "ok",
                    "started_at": self.now - timedelta(hours=10),
                }
            )
        trips = self.env["cement.tracked.object"].create(values)
        self.env.cr.execute(
            "UPDATE stock_picking SET shipment_state = 'on_way', is_cement = TRUE, "
            "transport = 'road', plant_id = %s, site_id = %s, counterparty_id = %s "
            "WHERE id IN %s",
            (
                self.plant.id,
                self.site.id,
                self.client.id,
                tuple(trips.picking_id.ids),
            ),
        )
        self.env.invalidate_all()
        return trips

    def _count_poll(self, trips, minutes):
        rows = [
            self._at(0.3 + minutes / 1000, minutes - 60, ext_id=trip.ext_id)
            for trip in trips
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.provider._take_positions(rows)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_fleet(self):
        trips = self._fleet(60)
        self._count_poll(trips, 0)  # warm up
        few = self._count_poll(trips[:5], 5)
        many = self._count_poll(trips, 10)
        self.assertLessEqual(many, few + 5, f"{few} for 5 trucks, {many} for 60")
        self.assertTrue(all(trips.picking_id.mapped("latitude")))

    def test_when(self):
        """A provider is asked when its time has come, not at each beat."""
        self.provider.next_at = False
        self.provider._poll()
        due = self.provider.next_at
        self.assertGreater(due, fields.Datetime.now() + timedelta(minutes=4))
