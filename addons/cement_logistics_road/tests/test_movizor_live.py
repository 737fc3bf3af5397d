# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import cement_tracking_door_movizor
from .common import MovizorCommon

POLL = "odoo.addons.cement_logistics_road.models.cement_tracking_poll"


@tagged("post_install", "-at_install")
class TestMovizor(MovizorCommon):
    """Against the stand-in, over HTTP: a good day and all the bad ones."""

    def test_a_trip(self):
        trip = self._load()
        self.assertEqual((trip.phase, trip.ext_id), ("to_start", "79000001200"))
        self.movizor._poll()
        self.assertEqual((trip.phase, trip.status), ("live", "wait"))
        self.assertTrue(trip.asked_at)
        self.assertFalse(trip.given_at)
        self.clock.now += 61
        self.movizor.next_state_at = False
        self.movizor._poll()
        self.assertEqual(trip.status, "ok")
        self.assertTrue(trip.given_at)
        kinds = trip.event_ids.mapped("kind")
        self.assertIn("confirm", kinds)
        self.movizor._poll()
        self.assertTrue(trip.position_ids)
        self.assertTrue(self.shipment.latitude)
        self.assertGreaterEqual(self.shipment.position_accuracy, 250)
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.assertEqual(trip.phase, "to_stop")
        self.movizor._poll()
        self.assertEqual(trip.phase, "ended")
        self.assertFalse(self.service.objects)
        self.assertEqual(self.service.complaints, [])
        self.assertEqual(self.movizor.health, "ok")

    def test_one_call_for_the_fleet(self):
        """However many trucks: one question for positions, one for events."""
        for index in range(12):
            driver = self._create_driver(f"D{index}", f"+7900000{1300 + index}")
            self._load(self._create_shipment(driver, f"К{index:03}КК 96"))
        self._follow()
        self.standin.requests.clear()
        self.movizor._poll()
        self.assertEqual(self._asked(), ["pos_objects", "events"])
        trips = self.movizor.object_ids
        self.assertEqual(len(trips.filtered("position_ids")), 13)

    def test_what_the_service_is_told(self):
        self.shipment.promised_to = fields.Datetime.to_datetime("2026-11-25 21:30:00")
        self._load()
        self.movizor._poll()
        params = dict(self.standin.requests)["object_add"]
        self.assertEqual(params["phone"], "79000001200")
        self.assertEqual(params["destination[1][time]"], "26.11.2026 00:30")
        self.assertEqual(params["destination[0][coord]"], "56.420000,61.930000")
        self.assertNotIn(self.driver.name, str(params))
        exchange = self.movizor.exchange_ids.filtered(
            lambda row: row.method == "object_add"
        )
        self.assertNotIn("demo-key", exchange.request + exchange.answer)

    def test_events_are_asked_once(self):
        self._follow()
        self.standin.requests.clear()
        self.movizor._poll()
        self.movizor._poll()
        after = [
            int(params["afterid"])
            for method, params in self.standin.requests
            if method == "events"
        ]
        self.assertEqual(after, sorted(after))
        self.assertGreater(after[0], 0)

    def test_what_drivers_and_operators_refuse(self):
        self.service.plans["79000001200"] = "reject"
        trip = self._follow()
        self.assertEqual(trip.status, "rejected")
        self.assertEqual(len(self.shipment.activity_ids), 1)
        for plan, status in (("exists", "error_exists"), ("wrong", "wrong")):
            phone = {"exists": "79000001401", "wrong": "79000001402"}[plan]
            self.service.plans[phone] = plan
            driver = self._create_driver(plan, phone)
            other = self._load(self._create_shipment(driver, f"{plan}"))
            self.movizor._poll()
            self.assertEqual((other.phase, other.status), ("to_start", status))
            self.assertEqual(other.tries, 1)
            # not again at once
            self.standin.requests.clear()
            self.movizor._poll()
            self.assertNotIn("object_add", self._asked())
            self.assertEqual(self.movizor.failure_count, 0)
        # the words of the service, in Russian
        self.assertIn("Оператор", other.error)
        other.action_retry()
        self.service.plans.clear()
        self.movizor._poll()
        self.assertEqual(other.phase, "live")

    def test_a_refusal_by_sms_is_kept_with_the_driver(self):
        """Nobody asks the same driver again and again, trip after trip."""
        self.driver.write({"tracking_consent_note": "Paper 5"})
        self.service.plans["79000001200"] = "reject"
        trip = self._follow()
        self.assertEqual((trip.phase, trip.status), ("live", "rejected"))
        self.assertEqual(self.driver.tracking_consent, "refused")
        self.assertEqual(
            abs(self.driver.tracking_consent_date - fields.Date.today()).days // 2, 0
        )
        self.assertIn("Movizor", self.driver.tracking_consent_note)
        self.assertIn("Paper 5", self.driver.tracking_consent_note)
        note = self.driver.tracking_consent_note
        trip._set_status("rejected", fields.Datetime.now(), "told again")
        self.assertEqual(self.driver.tracking_consent_note, note)
        # what the service may tell all the same is not kept
        row = self._at(0.5, -1, ext_id="79000001200")
        self.assertEqual(self.movizor._take_positions([row])["without_trip"], 1)
        with self.assertRaises(UserError):
            trip.action_retry()
        other = self._create_shipment(self.driver)
        other._cement_set_shipment_state("loading", "dispatcher")
        self.assertFalse(self._get_trip(other))
        self.assertIn("refused", other.tracking_reason)
        # the service lost it: that is no reason to ask again
        self.service.objects.clear()
        self.movizor.next_state_at = False
        self.standin.requests.clear()
        for _try in range(3):
            self.movizor._poll()
        self.assertNotIn("object_add", self._asked())
        self.assertEqual(trip.phase, "ended")

    def test_a_driver_who_agrees_after_all(self):
        self.service.plans["79000001200"] = "reject"
        trip = self._follow()
        trip._set_status("ok", fields.Datetime.now() + timedelta(minutes=2))
        self.assertEqual(self.driver.tracking_consent, "given")
        self.assertEqual(trip.phase, "live")

    def test_a_refusal_to_the_dispatcher_stops_the_phone(self):
        trip = self._follow()
        self.assertIn("79000001200", self.service.objects)
        self.driver.tracking_consent = "refused"
        self.assertEqual(trip.phase, "to_stop")
        self.movizor._poll()
        self.assertEqual(trip.phase, "ended")
        self.assertFalse(self.service.objects)

    def test_a_stop_that_is_refused(self):
        """The phone is followed still: it is tried again, shown and told."""
        trip = self._follow()
        self.service.refusals["object_delete"] = (
            "METHOD_DENIED",
            "Not in your tariff",
            "Недоступно на тарифе",
        )
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        before = len(self.shipment.activity_ids)
        for tries in range(1, 4):
            self.movizor._poll()
            self.assertEqual((trip.phase, trip.tries), ("to_stop", tries))
            self.assertIn("Недоступно на тарифе", trip.trouble)
            self.assertGreater(trip.trouble_rank, 40)
            self.assertEqual(self.movizor.trouble_count, 1)
            self.assertEqual(self.movizor.failure_count, 0)
            self.standin.requests.clear()
            self.movizor._poll()
            self.assertNotIn("object_delete", self._asked(), "not again at once")
            trip.with_user(self.dispatcher).action_retry()
        self.assertEqual(len(self.shipment.activity_ids), before + 1)
        self.assertEqual(trip.phase, "to_stop")
        self.service.refusals.clear()
        self.movizor._poll()
        self.assertEqual((trip.phase, trip.error), ("ended", False))
        self.assertFalse(self.service.objects)

    def test_an_old_trouble_is_not_one_of_the_stop(self):
        trip = self._follow()
        trip.error = "Some refusal of before"
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.assertEqual((trip.phase, trip.trouble_rank), ("to_stop", 0))

    def test_a_stop_that_is_refused_for_ever(self):
        """Given up when the service must have stopped by itself, with a word."""
        trip = self._follow()
        self.service.refusals["object_delete"] = ("METHOD_DENIED", "No", "Нельзя")
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.movizor._poll()
        ended_at = fields.Datetime.now() - timedelta(days=8)
        trip.write({"ended_at": ended_at, "next_try_at": False})
        before = len(self.shipment.activity_ids)
        self.movizor._poll()
        self.assertEqual(trip.phase, "ended")
        self.assertIn("Нельзя", trip.error)
        self.assertEqual(len(self.shipment.activity_ids), before + 1)

    def test_ours_already(self):
        """Added before and forgotten, as after a lost answer."""
        params = {"key": "demo-key", "phone": "79000001200"}
        self.service.answer("cement", "object_add", dict(params))
        trip = self._load()
        self.movizor._poll()
        self.assertEqual(trip.phase, "live")
        self.assertEqual(self._asked()[:3], ["object_add", "object_get", "object_edit"])
        self.assertEqual(self.service.complaints, [])

    def test_the_service_forgot_it(self):
        trip = self._follow()
        self.service.objects.clear()
        self.movizor.next_state_at = False
        self.movizor._poll()
        self.assertEqual(trip.phase, "to_start")
        self.movizor._poll()
        self.assertEqual(trip.phase, "live")
        self.assertTrue(self.service.objects)

    def test_stopped_twice(self):
        trip = self._follow()
        self.service.objects.clear()
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.movizor._poll()
        self.assertEqual(trip.phase, "ended")

    def test_the_next_trip_of_the_same_phone(self):
        """The stop of the last trip does not end the new one."""
        self._follow()
        other = self._create_shipment(self.driver)
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        trip = self._load(other)
        self.movizor._poll()
        self.assertEqual(trip.phase, "live")
        self.assertIn("79000001200", self.service.objects)

    # === Bad days ===

    def test_bad_answers(self):
        """Each ends in a clear word, a recorded exchange and a later try; what was
        known stays."""
        trip = self._follow()
        self.movizor._poll()
        before = (self.shipment.shipment_state, len(trip.position_ids))
        for number, (mode, word) in enumerate(
            (
                ("500", "fault of its own"),
                ("nonsense", "makes no sense"),
                ("html", "makes no sense"),
                ("half", "broke off"),
                ("big", "bigger"),
                ("redirect", "makes no sense"),
            ),
            1,
        ):
            self.standin.set_mode(mode)
            self.clock.now += 10
            self.movizor._poll()
            self.assertIn(word, self.movizor.last_error, mode)
            self.assertEqual(self.movizor.failure_count, number)
            wait = self.movizor.next_at - fields.Datetime.now()
            self.assertGreaterEqual(wait, timedelta(minutes=4))
            exchange = self.env["cement.tracking.exchange"].search([], limit=1)
            self.assertEqual((exchange.state, exchange.tries), ("error", number))
            self.assertEqual(
                (self.shipment.shipment_state, len(trip.position_ids)), before
            )
        self.assertEqual(self.movizor.health, "bad")
        self.assertEqual(len(self.movizor.activity_ids), 1)
        self.standin.set_mode("ok")
        self.movizor._poll()
        self.assertEqual(
            (self.movizor.failure_count, self.movizor.last_error), (0, False)
        )
        self.assertGreater(len(trip.position_ids), before[1])

    def test_slow(self):
        self._follow()
        self.standin.set_mode("hang")
        with patch.object(cement_tracking_door_movizor, "TIMEOUT", 0.3):
            self.movizor._poll()
        self.assertIn("in time", self.movizor.last_error)
        self.assertEqual(self.movizor.failure_count, 1)

    def test_the_longer_the_more_patient(self):
        self._follow()
        self.standin.set_mode("500")
        waits = []
        for _failure in range(7):
            self.movizor._poll()
            waits.append(self.movizor.next_at - fields.Datetime.now())
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[3], timedelta(minutes=30))
        self.assertLessEqual(max(waits), timedelta(hours=1))

    def test_half_of_a_poll_is_kept(self):
        """Positions came, events did not: the positions stay."""
        trip = self._follow()
        self.clock.now += 10
        before = len(trip.position_ids)
        real = self.standin.service.answer

        def answer(project, method, params):
            if method == "events":
                return {"result": "error", "error_code": 99, "error_text": "x"}
            return real(project, method, params)

        with patch.object(self.standin.service, "answer", answer):
            self.movizor._poll()
        self.assertGreater(len(trip.position_ids), before)
        self.assertEqual(self.movizor.failure_count, 1)

    def test_a_fault_of_ours_is_noted(self):
        self._follow()
        self.clock.now += 10
        trips = type(self.env["cement.tracked.object"])
        with (
            patch.object(trips, "_follow", side_effect=ZeroDivisionError),
            mute_logger(POLL),
        ):
            self.movizor._poll()
        self.assertIn("ZeroDivisionError", self.movizor.last_error)
        self.assertTrue(self.movizor.exchange_ids)

    # === The key ===

    def test_a_wrong_key_is_tried_once(self):
        self._load()
        self.movizor.secret = "wrong"
        self.movizor._poll()
        self.assertEqual(self.movizor.state, "stopped")
        self.assertEqual(self.movizor.health, "bad")
        self.assertEqual(len(self.movizor.activity_ids), 1)
        self.assertEqual(len(self.service.wrong_keys), 1)
        # neither the cron nor a poll asks again
        self._beat()
        self.movizor.state = "on"
        self.movizor._poll()
        self.assertEqual(len(self.service.wrong_keys), 1)
        self.assertNotIn("wrong", self.movizor.exchange_ids[0].request or "")

    def test_never_the_fifth_wrong_key(self):
        """The service would block our address; a person cannot bring it about."""
        self.movizor.secret = "wrong"
        for _press in range(4):
            notice = self.movizor.action_check()
            self.assertEqual(notice["params"]["type"], "danger")
        with self.assertRaises(UserError):
            self.movizor.action_check()
        self.assertEqual(len(self.service.wrong_keys), 4)
        self.assertEqual(self.service.complaints, [])

    def test_the_right_key_at_last(self):
        self.movizor.secret = "wrong"
        self.movizor.action_check()
        self.assertEqual(self.movizor.state, "stopped")
        self.movizor.secret = "demo-key"
        notice = self.movizor.action_check()
        self.assertEqual(notice["params"]["type"], "success")
        self.assertEqual(self.movizor.state, "on")

    def test_the_key_is_shown_to_nobody(self):
        self.assertFalse(self.movizor.secret)
        self.assertTrue(self.movizor.has_secret)
        chief = self._create_internal_user("chief", "cement_base.group_cement_admin")
        self.assertNotIn("demo-key", str(self.movizor.with_user(chief).read()))
        self.assertFalse(self.movizor.copy().has_secret)

    # === Limits ===

    def test_limits_are_kept(self):
        self._load()
        self.movizor.write({"per_second": 1000, "per_hour": 3})
        self.movizor._poll()
        self.clock.now += 100
        self.movizor._poll()
        self.assertEqual(self.movizor.request_hour, 3)
        self.assertIn("limit", self.movizor.last_error)
        # it is nobody's fault: no failure is counted
        self.assertEqual(self.movizor.failure_count, 0)
        self.assertEqual(len(self.service.log), 3)

    def test_limits_outlive_a_rollback(self):
        ledger = self.env["cement.tracking.ledger"]
        limits = cement_tracking_door_movizor.Limits(1000, 5000)
        for _request in range(3):
            self.assertEqual(ledger._take(self.movizor, limits), 0)
        row = ledger.search([("provider_id", "=", self.movizor.id)])
        self.assertEqual((row.hour_count, row.request_total), (3, 3))

    # === The address ===

    def test_addresses(self):
        for wrong in (
            "https://user:pass@movizor.ru/{project}/{method}/",
            "ftp://movizor.ru/{method}",
            "no address",
            "https://movizor.ru/{0}/{method}",
        ):
            with self.assertRaises(ValidationError):
                self.movizor.address = wrong
        self.movizor.address = "https://localhost/{project}/{method}/"
        self.movizor.allow_local = False
        self.assertEqual(self.movizor.action_check()["params"]["type"], "danger")
        self.assertIn("own network", self.movizor.last_error)

    # === Two at once ===

    def _beat(self):
        """Run the scheduled action; a test cannot commit."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 9
        ):
            self.env["cement.tracking.provider"]._cron_poll()

    def test_two_polls_at_once(self):
        """The second finds the provider locked and leaves it alone."""
        self._load()
        self.movizor.next_at = False
        with patch.object(
            type(self.movizor), "try_lock_for_update", lambda self, **kw: self.browse()
        ):
            self._beat()
            with self.assertRaises(UserError):
                self.movizor.action_check()
        self.assertEqual(self._asked(), [])

    def test_the_beat(self):
        trip = self._load()
        self.movizor.next_at = False
        self._beat()
        self.assertEqual(trip.phase, "live")
        self.standin.requests.clear()
        self._beat()
        self.assertEqual(self._asked(), [], "its time has not come")
