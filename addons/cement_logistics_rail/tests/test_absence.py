# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.reader import Outline
from .common import RailCommon, make_wagon
from .test_import import ARRIVED


@tagged("post_install", "-at_install")
class TestAbsence(RailCommon):
    """A wagon has arrived, and reports do not name it any more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls._create_shipments()
        cls.picking.wagon_number = make_wagon(1)
        cls.others = [cls._row(serial) for serial in range(2, 12)]
        cls.here = cls._row(
            1, hours_ago=47.5, arrived=cls.now - timedelta(hours=47.5), **ARRIVED
        )
        cls._report(12, cls.here)
        cls.trip = cls._trip(1)
        cls.kind = cls.env.ref("cement_logistics_rail.mail_activity_unloading")

    @classmethod
    def _report(cls, hours, *rows):
        return cls._receive([*rows, *cls.others], cls.now - timedelta(hours=hours))

    def _tasks(self):
        return self.trip.activity_ids.filtered(
            lambda task: task.activity_type_id == self.kind
        )

    def test_one_report_is_short_of_a_row(self):
        record = self._report(10)
        self.assertEqual((record.state, record.lost_count), ("accepted", 1))
        trip = self.trip
        self.assertEqual((trip.state, trip.is_open), ("arrived", True))
        self.assertTrue(trip.lost_since)
        self.assertFalse(trip.is_lost or trip.unloaded_at or self._tasks())
        self.assertIn("not in the last report", trip.trouble_text)
        self.assertIn("does not name it", trip.message_ids[0].body)
        self.assertEqual(self.picking.shipment_state, "arrived")
        self.assertFalse(trip.idle_ids.date_to)
        # 24 paid hours at 50: the clock goes on
        self.assertEqual(trip.idle_money, 1200)
        self._report(9, self.here)
        self.assertEqual((trip.state, trip.lost_since), ("arrived", False))
        self._report(8)
        self.assertEqual(trip.state, "arrived", "one report again")

    def test_absent_for_good(self):
        self._report(10)
        record = self._report(4)
        self.assertEqual((record.state, record.lost_count), ("accepted", 0))
        trip = self.trip
        self.assertEqual((trip.state, trip.is_open), ("unloaded", False))
        self.assertTrue(trip.is_unload_estimated)
        self.assertEqual(
            trip.unloaded_at, trip.arrived_at + timedelta(hours=37.5), "first absence"
        )
        self.assertEqual(trip.idle_ids.date_to, trip.unloaded_at)
        self.assertEqual(trip.idle_money, 700)
        # the shipment does not end by what is only likely
        self.assertEqual(self.picking.shipment_state, "arrived")
        self.assertEqual(self.picking.arrived_date, trip.arrived_at)
        self.assertNotEqual(self.picking.sale_id.cement_state, "delivered")
        self.assertEqual(len(self._tasks()), 1)
        self.assertIn(make_wagon(1), self._tasks().note)
        self._report(2)
        self.assertEqual(len(self._tasks()), 1)

    def test_estimate_is_taken_back(self):
        self._report(10)
        self._report(4)
        self._report(2, self.here)
        trip = self.trip
        self.assertEqual(self._trip(1), trip)
        self.assertEqual((trip.state, trip.is_open), ("arrived", True))
        self.assertFalse(trip.is_unload_estimated or trip.unloaded_at)
        self.assertEqual(trip.state_since, trip.arrived_at)
        self.assertFalse(trip.idle_ids.date_to, "the stay goes on")
        self.assertEqual((trip.idle_money, trip.idle_days), (1200, 2.0))
        self.assertFalse(self._tasks())
        self.assertEqual(self.picking.shipment_state, "arrived")
        self.assertIn("has not been unloaded", trip.message_ids[0].body)

    def test_dispatcher_confirms(self):
        self._report(10)
        self._report(4)
        with self.assertRaises(AccessError):
            self.trip.with_user(self._create_manager()).action_confirm_unloading()
        self.trip.with_user(self.dispatcher).action_confirm_unloading()
        self.assertEqual(self.picking.shipment_state, "done")
        event = self.picking.shipment_event_ids.filtered(lambda e: e.state == "done")
        self.assertEqual((event.source, event.is_estimated), ("dispatcher", True))
        self.assertEqual(event.date, self.trip.unloaded_at)
        self.assertFalse(self.trip.is_unload_estimated or self._tasks())
        with self.assertRaises(UserError):
            self.trip.with_user(self.dispatcher).action_confirm_unloading()
        # and what comes afterwards changes nothing of it
        self._report(2, self.here)
        self.assertEqual(self.trip.state, "unloaded")

    def test_dispatcher_denies(self):
        self._report(10)
        self._report(4)
        self.trip.with_user(self.dispatcher).action_deny_unloading()
        trip = self.trip
        self.assertEqual((trip.state, trip.is_open), ("arrived", True))
        self.assertFalse(trip.unloaded_at or trip.idle_ids.date_to or self._tasks())
        self.assertEqual((trip.idle_money, trip.idle_ids.amount), (1200, 1200))

    def test_client_confirms(self):
        self._report(10)
        self._report(4)
        self.picking._cement_set_shipment_state("done", "client")
        self.assertFalse(self.trip.is_unload_estimated or self._tasks())

    def test_report_confirms(self):
        self._report(10)
        self._report(4)
        self._report(2, {**self.here, "loaded": "Порожний"})
        self.assertEqual(self.picking.shipment_state, "done")
        self.assertFalse(self.trip.is_unload_estimated or self._tasks())

    def test_next_trip_confirms(self):
        self._report(10)
        self._report(4)
        start = self.now - timedelta(hours=3)
        self._report(
            2,
            self._row(1, started=start, departed=start, waybill="ЭЦ777777"),
        )
        self.assertFalse(self.trip.is_current)
        self.assertNotEqual(self._trip(1), self.trip)
        self.assertEqual(self.picking.shipment_state, "done")
        self.assertFalse(self._trip(1).picking_id, "the next trip is another one")
        self.assertFalse(self._tasks())

    def test_shipment_is_not_taken_by_another_wagon(self):
        self._report(10)
        self._report(4)
        self._report(2, self._row(30, waybill=self.picking.waybill_number))
        self.assertFalse(self._trip(30).picking_id)

    def test_other_reports_of_the_same_rows(self):
        """A file with the rows of the last one is a second report all the same."""
        self._report(10)
        record = self._report(4)
        self.assertEqual(record.unchanged_count, len(self.others))
        self.assertEqual(self.trip.state, "unloaded")

    def test_no_short_way_past_the_absent(self):
        """The short way of equal files looks at no wagon: not while one is absent."""
        model = type(self.imports)
        with (
            patch.object(model, "_get_outline", return_value=Outline("other", None)),
            patch.object(model, "_take_unchanged", return_value=False) as short,
        ):
            self._report(11, self.here).signature = "known"
            short.assert_not_called()
            self._report(10).signature = "known"
            short.assert_called_once()
            self._report(4)
            short.assert_called_once()
        self.assertEqual(self.trip.state, "unloaded")

    def test_nothing_is_concluded_from_silence(self):
        """No reports at all: the wagon stays where it was."""
        self._report(10)
        self.trip.lost_since -= timedelta(days=30)
        self.trips._cron_refresh()
        self.assertEqual((self.trip.state, self.trip.is_open), ("arrived", True))
