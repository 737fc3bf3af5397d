# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SITE, RoadCommon


@tagged("post_install", "-at_install")
class TestShipment(RoadCommon):
    """From the loading to the delivery, and not a minute more."""

    def _steps(self, picking=None):
        events = (picking or self.shipment).shipment_event_ids
        return events.sorted("id").mapped("state")

    def test_followed_from_the_loading(self):
        self.assertFalse(self._get_trip(self.shipment))
        trip = self._load()
        self.assertEqual(trip.provider_id, self.provider)
        self.assertEqual((trip.phase, trip.status), ("live", "ok"))
        # the plate was typed with other letters and spaces
        self.assertEqual(trip.ext_id, "8671")
        self.assertEqual(trip.driver_id, self.driver)

    def test_the_whole_way(self):
        trip = self._load()
        self._drive([(0.0, -200), (0.0, -195)])
        self.assertEqual(self.shipment.shipment_state, "loading")
        self._drive([(0.02, -190), (0.06, -185)])
        self.assertEqual(self.shipment.shipment_state, "on_way")
        self.assertEqual(
            self._steps()[-2:], ["left", "on_way"], self.shipment.shipment_event_ids
        )
        self._drive([(0.5, -140)])
        self.assertAlmostEqual(self.shipment.distance_left, 61, delta=4)
        self.assertTrue(self.shipment.eta_date)
        self.assertIn("±", self.shipment.eta_source)
        self.assertEqual(self.shipment.position_text, "km 50")
        self._drive([(0.8, -110)])
        self.assertEqual(self.shipment.shipment_state, "near")
        self._drive([(1.0, -90), (1.0, -85)])
        self.assertEqual(self.shipment.shipment_state, "arrived")
        self._drive([(1.0, -70), (1.0, -60)])
        self.assertEqual(self.shipment.shipment_state, "unloading")
        self.assertEqual(self.shipment.distance_left, 0)
        self._drive([(0.9, -50), (0.8, -45)])
        self.assertEqual(self.shipment.shipment_state, "done")
        last = self.shipment.shipment_event_ids.sorted("id")[-1]
        self.assertEqual((last.state, last.source), ("done", "tracker"))
        self.assertTrue(last.is_estimated)
        self.assertEqual(last.date, self.now - timedelta(minutes=50))
        self.assertEqual(trip.phase, "ended")
        self.assertAlmostEqual(
            (trip.arrived_at - self.now).total_seconds() / 60, -90, delta=1
        )

    def test_nothing_of_the_place_stays(self):
        trip = self._load()
        self._drive([(0.0, -90), (0.0, -85), (0.1, -80), (0.3, -60)])
        self.assertTrue(self.shipment.latitude)
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.assertEqual(trip.phase, "ended")
        for name in ("latitude", "longitude", "position_date", "position_text"):
            self.assertFalse(self.shipment[name], name)
        # a message that comes late finds nobody
        result = self._drive([(0.5, -5)])
        self.assertEqual(result, {"new": 0, "known": 0, "without_trip": 1})
        self.assertFalse(self.shipment.latitude)

    def test_nobody_is_followed_before_and_without_need(self):
        for picking, change in (
            (self._create_shipment(plate="О777ОО 96"), None),
            (self._create_shipment(plate=False), None),
        ):
            self.assertFalse(change)
            picking._cement_set_shipment_state("loading", "dispatcher")
            self.assertFalse(self._get_trip(picking))
            self.assertTrue(picking.tracking_reason)
        pickup = self._create_shipment()
        pickup.sale_id.delivery_method_id = self.road_pickup
        pickup._cement_set_shipment_state("loading", "dispatcher")
        self.assertFalse(self._get_trip(pickup))

    def test_a_driver_who_has_refused(self):
        self.driver.tracking_consent = "refused"
        self.shipment._cement_set_shipment_state("loading", "dispatcher")
        self.assertFalse(self._get_trip(self.shipment))
        self.assertIn("refused", self.shipment.tracking_reason)
        with self.assertRaises(UserError):
            self.shipment.action_start_tracking()

    def test_a_driver_who_refuses_on_the_way(self):
        """The trip ends at once, and where the truck was is seen no more."""
        trip = self._load()
        self._drive([(0.0, -60), (0.0, -55), (0.1, -40), (0.2, -20)])
        self.assertTrue(self.shipment.latitude)
        self.driver.with_user(self.dispatcher).tracking_consent = "refused"
        self.assertEqual(self.driver.tracking_consent_date, fields.Date.today())
        self.assertEqual(trip.phase, "ended")
        self.assertTrue(trip.refused_at)
        self.assertFalse(self.shipment.latitude or self.shipment.position_date)
        self.assertEqual(self._drive([(0.3, -5)])["without_trip"], 1)
        with self.assertRaises(UserError):
            self.shipment.action_start_tracking()
        # whoever changes his mind is followed again
        self.driver.tracking_consent = "given"
        self.shipment.action_start_tracking()
        self.assertEqual(self._get_trip(self.shipment).phase, "live")

    def test_the_date_of_the_paper_stays(self):
        day = fields.Date.to_date("2026-01-15")
        self.driver.write({"tracking_consent": "refused", "tracking_consent_date": day})
        self.assertEqual(self.driver.tracking_consent_date, day)
        self.driver.write({"tracking_consent": "refused"})
        self.assertEqual(self.driver.tracking_consent_date, day)
        self.driver.tracking_consent = "given"
        self.assertEqual(self.driver.tracking_consent_date, fields.Date.today())
        self.driver.tracking_consent = "unknown"
        self.assertFalse(self.driver.tracking_consent_date)

    def test_cancelled(self):
        trip = self._load()
        self.shipment._cement_set_shipment_state("cancelled", "dispatcher")
        self.assertEqual(trip.phase, "ended")

    def test_another_truck_on_the_way(self):
        trip = self._load()
        self.env["cement.tracking.unit"].create(
            {"provider_id": self.provider.id, "ext_id": "9", "plate": "В500ВВ96"}
        )
        self.shipment.vehicle_plate = "В500ВВ 96"
        self.assertEqual(trip.phase, "ended")
        self.assertEqual(self._get_trip(self.shipment).ext_id, "9")
        # the driver alone changes nothing for a truck with a tracker
        other = self._create_driver("Petr", "+79000001300")
        self.shipment.driver_id = other
        self.assertEqual(self._get_trip(self.shipment).ext_id, "9")
        self.assertEqual(self._get_trip(self.shipment).driver_id, other)

    def test_by_the_button(self):
        with self.assertRaises(UserError):
            self.shipment.action_start_tracking()
        trip = self._load()
        self.shipment.with_user(self.dispatcher).action_stop_tracking()
        self.assertEqual(trip.phase, "ended")
        self.shipment.with_user(self.dispatcher).action_start_tracking()
        self.assertEqual(self._get_trip(self.shipment).phase, "live")
        self.assertEqual(len(self.shipment.tracked_object_ids), 2)

    def test_a_jump_of_the_fix_moves_nothing(self):
        self._load()
        self._drive([(0.0, -60), (0.0, -50)])
        before = self.shipment.latitude
        self._drive([(1.0, -45)])
        self.assertEqual(self.shipment.shipment_state, "loading")
        self.assertEqual(self.shipment.latitude, before)
        self._drive([(0.0, -40)])
        self.assertEqual(self.shipment.shipment_state, "loading")

    def test_a_later_word_of_a_person_wins(self):
        """The tracker never takes a shipment back."""
        self._load()
        self.shipment._cement_set_shipment_state("unloading", "dispatcher")
        self._drive([(0.0, -60), (0.0, -55), (0.1, -40), (0.2, -30)])
        self.assertEqual(self.shipment.shipment_state, "unloading")

    def test_two_shipments_on_one_truck(self):
        other = self._create_shipment(self.driver)
        self._load()
        self._load(other)
        result = self._drive([(0.0, -60), (0.0, -55), (0.05, -50), (0.1, -40)])
        self.assertEqual(result["new"], 8)
        states = (self.shipment | other).mapped("shipment_state")
        self.assertEqual(states, ["on_way", "on_way"])

    # === Arrival and delays ===

    def _promise(self, begin, end):
        self.shipment.write(
            {
                "promised_from": self.now + timedelta(minutes=begin),
                "promised_to": self.now + timedelta(minutes=end),
            }
        )

    def _get_delays(self):
        kind = self.env.ref("cement_logistics_road.mail_activity_type_tracking")
        return self.shipment.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_each_level_of_delay_is_told_once(self):
        trip = self._load()
        self._promise(0, 40)
        self._drive([(0.0, -60), (0.0, -55), (0.1, -20), (0.35, 0)])
        self.assertEqual(trip.slip_level, "late")
        activities = self._get_delays()
        self.assertEqual(len(activities), 1)
        self.assertEqual(activities.user_id, self.dispatcher)
        self._drive([(0.36, 1), (0.37, 2)])
        self.assertEqual(len(self._get_delays()), 1)
        # it stands still for hours: very late
        self._promise(-300, -120)
        self._drive([(0.37, 5)])
        self.assertEqual(trip.slip_level, "very_late")
        self.assertEqual(len(self._get_delays()), 2)
        # better again, then worse: told already
        self._promise(0, 300)
        self._drive([(0.38, 6)])
        self.assertEqual(trip.slip_level, "in_time")
        self._promise(0, 40)
        self._drive([(0.39, 7)])
        self.assertEqual(len(self._get_delays()), 2)

    def test_the_partner_reads_the_way(self):
        trip = self._load()
        self._promise(0, 40)
        self._drive([(0.0, -60), (0.0, -55), (0.1, -20), (0.35, 0)])
        env = self.portal_env(self.owner)
        way = env["stock.picking"].browse(self.shipment.id).sudo()._portal_way()
        text = str(way)
        self.assertIn("later than promised", text)
        self.assertIn("km left", text)
        self.assertNotIn("9000001200", text)
        self.assertNotIn(self.driver.name, text)
        values = self.shipment.sudo()._portal_row_values()
        self.assertIn("extra", values[self.shipment.id])
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.assertFalse(self.shipment.sudo()._portal_way())
        self.assertEqual(trip.phase, "ended")

    def test_the_site_far_away_has_its_own_fence(self):
        self._load()
        self.site.fence_polygon = "\n".join(
            f"{SITE[0] + north}, {SITE[1] + east}"
            for north, east in ((0.02, 0.09), (0.02, -0.05), (-0.03, -0.05))
        )
        self.shipment._cement_set_shipment_state("on_way", "dispatcher")
        self._drive([(0.99, -20), (1.0, -15)])
        self.assertEqual(self.shipment.shipment_state, "arrived")
        with self.assertRaises(ValidationError):
            self.site.fence_polygon = "somewhere"

    # === By hand ===

    def test_by_hand(self):
        self._load()
        self.shipment._cement_set_shipment_state("on_way", "dispatcher")
        env = self.env(user=self.dispatcher)
        wizard = Form(
            env["cement.tracking.manual"].with_context(
                default_picking_id=self.shipment.id
            )
        )
        wizard.place = "Р354, 120 км"
        wizard.latitude, wizard.longitude = 56.6, 61.2
        wizard.date = self.now - timedelta(minutes=5)
        wizard.eta_date = self.now + timedelta(hours=3)
        wizard.save().action_apply()
        self.assertEqual(self.shipment.position_text, "Р354, 120 км")
        self.assertEqual(self.shipment.eta_date, self.now + timedelta(hours=3))
        positions = self._get_trip(self.shipment).position_ids
        self.assertEqual(positions.source, "manual")
        # the tracker moves the truck and leaves the hour of the dispatcher alone
        self._drive([(0.5, -2), (0.51, -1)])
        self.assertEqual(self.shipment.eta_date, self.now + timedelta(hours=3))
        self.assertAlmostEqual(self.shipment.latitude, 56.65, delta=0.02)

    def test_by_hand_only_while_the_trip_lasts(self):
        wizards = self.env["cement.tracking.manual"].with_user(self.dispatcher)
        vals = {"picking_id": self.shipment.id, "latitude": 56.1, "longitude": 60.1}

        def enter(**more):
            wizards.create({**vals, **more}).action_apply()

        with self.assertRaises(UserError):
            enter()  # planned
        self._load()
        with self.assertRaises(UserError):
            enter(date=self.now - timedelta(days=30))
        enter(place="M5")
        self.assertEqual(self.shipment.position_text, "M5")
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        with self.assertRaises(UserError):
            enter(place="at home")
        self.assertFalse(self.shipment.position_text)

    def test_a_refusal_goes_by_the_phone(self):
        """A second card of the same man does not make him followed."""
        self.driver.tracking_consent = "refused"
        second = self._create_driver("Ivan (2)", "8 900 000 12 00")
        shipment = self._create_shipment(second)
        self._load(shipment)
        self.assertFalse(self._get_trip(shipment))
        self.assertIn("refused", shipment.tracking_reason)
        with self.assertRaises(UserError):
            shipment.action_start_tracking()
        self.driver.active = False
        self.assertIn("refused", shipment._cement_find_tracker()[2])
        self.driver.tracking_consent = "given"
        self.assertFalse(shipment._cement_find_tracker()[2])

    def test_a_refusal_ends_the_trip_of_another_card(self):
        trip = self._load()
        self.assertIn(trip.phase, ("to_start", "live"))
        second = self._create_driver("Ivan (2)", "9000001200")
        second.tracking_consent = "refused"
        self.assertNotIn(trip.phase, ("to_start", "live"))

    def test_a_refusal_ends_the_trip_of_who_gets_the_phone(self):
        other = self._create_driver("Pyotr", "+79000007777")
        shipment = self._create_shipment(other)
        trip = self._load(shipment)
        self.driver.tracking_consent = "refused"
        self.assertIn(trip.phase, ("to_start", "live"))
        other.phone = self.driver.phone
        self.assertNotIn(trip.phase, ("to_start", "live"))

    def test_a_second_card_is_warned_of(self):
        form = Form(self.env["cement.driver"])
        form.name = "Ivan (2)"
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.phone = "8(900)0001200"
        self.assertIn("Ivan", logs.output[0])

    def test_by_hand_without_sense(self):
        vals = {"picking_id": self.shipment.id}
        wizards = self.env["cement.tracking.manual"]
        with self.assertRaises(ValidationError):
            wizards.create(vals)
        with self.assertRaises(ValidationError):
            wizards.create({**vals, "latitude": 95})
        with self.assertRaises(ValidationError):
            wizards.create(
                {**vals, "place": "x", "date": self.now + timedelta(hours=1)}
            )
        with self.assertRaises(ValidationError):
            wizards.create({**vals, "eta_date": self.now - timedelta(days=1)})
