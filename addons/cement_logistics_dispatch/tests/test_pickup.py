# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BOOKED, CementDispatchCommon

PDF = b"%PDF-1.4\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestPickup(CementDispatchCommon):
    """Slots, passes, drivers' data and the client's own waybills (B5, F207, F208)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plant.dispatcher_ids = cls.dispatcher
        cls.order = cls._create_pickup()
        cls.picking = cls.order.picking_ids
        cls.slot = cls._create_slot()

    # === Slots ===

    def test_slots_follow_calendar_and_point(self):
        self.slot.unlink()
        closed = self.today + timedelta(days=3)
        self.env["cement.plant.day"].create(
            {"plant_id": self.plant.id, "date": closed, "reason": "Repair"}
        )
        self.point._make_slots(7)
        slots = self.env["cement.loading.slot"].search(
            [("point_id", "=", self.point.id)]
        )
        self.assertNotIn(closed, slots.mapped("day"))
        of_day = slots.filtered(lambda slot: slot.day == self.day)
        self.assertEqual(
            [slot._get_hours() for slot in of_day], ["08:00–09:00", "09:00–10:00"]
        )
        self.assertEqual(set(of_day.mapped("capacity")), {2})
        # once more: nothing is made twice
        self.assertFalse(self.point._make_slots(7))

    def _create_holiday(self, **vals):
        return (
            self.env["cement.plant.day"]
            .with_user(self.dispatcher)
            .create(
                {
                    "plant_id": self.plant.id,
                    "date": self.day,
                    "reason": "Holiday",
                    **vals,
                }
            )
        )

    def _told(self):
        return self.env["mail.activity"].search(
            [("user_id", "=", self.dispatcher.id), ("res_model", "=", False)]
        )

    def test_holiday_closes_slots_at_once(self):
        holiday = self._create_holiday()
        self.assertTrue(self.slot.is_closed and self.slot.is_off)
        with self.assertRaisesRegex(UserError, "no place"):
            self._book(self.order, self.slot)
        # nobody has anything there: nobody is told
        self.assertFalse(self._told())
        holiday.unlink()
        self.assertFalse(self.slot.is_closed or self.slot.is_off)
        # a shorter day
        self._create_holiday(is_closed=False, hour_from=9, hour_to=10)
        self.assertTrue(self.slot.is_closed and self.slot.is_off)

    def test_holiday_on_promised_orders_and_passes(self):
        entry = self._book(self.order, self.slot)
        promised = self._create_order(20.0)
        promised._promise(self.day)
        elsewhere = self._create_order(20.0)
        elsewhere._promise(self.day + timedelta(days=1))
        self.plant.dispatcher_ids = self.dispatcher
        self._create_holiday()
        told = self._told()
        self.assertEqual(len(told), 1)
        for name in (self.order.name, promised.name, entry.name, "А123ВС 196"):
            self.assertIn(name, told.note)
        self.assertNotIn(elsewhere.name, told.note)
        self.assertIn("3 to move", told.summary)
        # the promise is taken back by a person; the gate lets nobody in meanwhile
        self.assertEqual((entry.state, entry._judge()), (BOOKED, "closed"))
        self.assertEqual(promised.promised_date, self.day)
        result = self._gate(entry, "enter")
        self.assertEqual((result["refused"], entry.state), ("enter", BOOKED))
        # what was told is not told again
        self._create_holiday(date=self.day + timedelta(days=5))
        self.assertEqual(self._told(), told)

    def test_shift_that_ends_tells_as_well(self):
        shift = self.env["cement.plant.shift"].create(
            {
                "name": "Day",
                "plant_id": self.plant.id,
                "hour_from": 7,
                "hour_to": 19,
                "saturday": True,
                "sunday": True,
            }
        )
        entry = self._book(self.order, self.slot)
        self.plant.dispatcher_ids = self.dispatcher
        shift.with_user(self.dispatcher).hour_from = 9.0
        self.assertEqual(entry._judge(), "closed")
        self.assertIn(entry.name, self._told().note)
        shift.with_user(self.dispatcher).hour_from = 7.0
        self.assertNotEqual(entry._judge(), "closed")
        shift.with_user(self.dispatcher).date_to = self.day - timedelta(days=1)
        self.assertEqual(entry._judge(), "closed")

    def test_new_holiday_closes_slots(self):
        self.slot.unlink()
        self.point._make_slots(7)
        holiday = self.env["cement.plant.day"].create(
            {"plant_id": self.plant.id, "date": self.day, "reason": "Holiday"}
        )
        self.point._make_slots(7)
        of_day = self.env["cement.loading.slot"].search(
            [("point_id", "=", self.point.id), ("day", "=", self.day)]
        )
        self.assertTrue(all(of_day.mapped("is_closed")))
        of_day[0].action_close()
        holiday.unlink()
        self.point._make_slots(7)
        self.assertEqual(of_day.mapped("is_closed"), [True, False])

    def test_places_are_not_written_by_hand(self):
        self._book(self.order, self.slot)
        slot = self.slot.with_user(self.dispatcher)
        for vals in ({"booked": 0}, {"start": self.slot.stop}, {"is_off": True}):
            with self.subTest(vals), self.assertRaises(AccessError):
                slot.write(vals)
        with self.assertRaises(AccessError):
            slot.copy({"start": self.slot.stop, "booked": -5})
        with self.assertRaisesRegex(UserError, "1 places are booked"):
            slot.capacity = 0
        slot.capacity = 3
        slot.action_close()
        slot.action_open()
        self.assertEqual((self.slot.booked, self.slot.free), (1, 2))

    # === Booking ===

    def test_booking_is_the_promise(self):
        entry = self._book(self.order, self.slot)
        self.assertState(entry, BOOKED)
        self.assertEqual(self.slot.booked, 1)
        self.assertEqual(entry.vehicle_plate, "А123ВС196")
        self.assertEqual(self.picking.vehicle_plate, "А123ВС196")
        self.assertEqual(self.order.promised_date, self.day)
        self.assertEqual(self.picking._get_promised_text(), "08:00–09:00")

    def test_last_place_goes_to_one(self):
        other = self._create_pickup()
        self._book(self.order, self.slot)
        with self.assertRaisesRegex(UserError, "no place left"):
            self._book(other, self.slot)
        self.assertEqual(self.slot.booked, 1)
        self.assertFalse(other.picking_ids.pass_ids)
        self.assertFalse(other.promised_date)

    def test_move_and_give_up(self):
        later = self._create_slot(self.slot.start + timedelta(days=1))
        entry = self._book(self.order, self.slot)
        again = self._book(self.order, later, plate="м456ор77")
        self.assertEqual(entry, again)
        self.assertEqual((self.slot.booked, later.booked), (0, 1))
        self.assertEqual(self.order.promised_date, self.day + timedelta(days=1))
        member = self.portal_env(self.owner)["cement.loading.pass"].browse(entry.id)
        member._member_cancel()
        self.assertEqual((entry.state, later.booked), ("cancelled", 0))
        self._book(self.order, self.slot)

    def test_not_my_slot(self):
        rail = self._create_point(transport="rail", has_slots=True)
        with self.assertRaisesRegex(UserError, "not for your vehicle"):
            self._book(self.order, self._create_slot(point=rail))
        packed = self._create_point(
            cargo_form_ids=[fields.Command.set(self.form_pallet.ids)], has_slots=True
        )
        with self.assertRaisesRegex(UserError, "not for your vehicle"):
            self._book(self.order, self._create_slot(point=packed))
        self.slot.is_closed = True
        with self.assertRaisesRegex(UserError, "no place"):
            self._book(self.order, self.slot)

    def test_delivered_orders_book_nothing(self):
        with self.assertRaisesRegex(UserError, "delivers"):
            self._book(self._create_order(), self.slot)

    def test_held_order(self):
        self.order.is_on_hold = True
        with self.assertRaisesRegex(UserError, "on hold"):
            self._book(self.order, self.slot)

    def test_nonsense(self):
        today = self.today.isoformat()
        for vals in (
            {"plate": ""},
            {"plate": "car"},
            {"driver": " "},
            {"phone": "<script>"},
            {"attorney_until": "someday"},
            {"attorney_date": self.day.isoformat()},
            {"attorney_date": today, "attorney_until": "2020-01-01"},
            {"attorney_until": today},
            {"slot_id": 10**8},
            {"slot_id": 0},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self._book(self.order, self.slot, **vals)
        self.assertEqual(self.slot.booked, 0)

    def test_power_of_attorney_file(self):
        env = self.portal_env(self.owner)
        picking = env["stock.picking"].browse(self.picking.id)
        form = self._form(
            self.slot, attorney_number="17", attorney_until=self.day.isoformat()
        )
        submit = env["cement.loading.pass"]._submit
        for content in (b"", b"<html>", b"MZ\x90", b"\xff\xd8\xffx"):
            with self.assertRaises(UserError):
                submit(picking, form, ("x.pdf", content))
        entry = submit(picking, form, ("../x.exe", PDF))
        self.assertEqual(entry.attorney_file_id.name, "x.exe.pdf")
        self.assertEqual(entry.attorney_file_id.mimetype, "application/pdf")
        first = entry.attorney_file_id
        submit(picking, form, ("y.pdf", PDF))
        self.assertFalse(first.exists())

    def test_cancelled_order_gives_the_place_back(self):
        entry = self._book(self.order, self.slot)
        self.order._cement_set_state("cancelled", "manager")
        self.assertEqual((entry.state, self.slot.booked), ("cancelled", 0))

    def test_accepted_hold_gives_the_place_back(self):
        entry = self._book(self.order, self.slot)
        request = self._ask(self.order, kind="hold")
        self._inside(request).action_accept()
        self.assertEqual((entry.state, self.slot.booked), ("cancelled", 0))

    def test_another_day_voids_the_pass(self):
        entry = self._book(self.order, self.slot)
        self.env["cement.dispatch.board"].with_user(self.dispatcher).move_order(
            self.order.id, (self.day + timedelta(days=1)).isoformat()
        )
        self.assertEqual((entry.state, self.slot.booked), ("cancelled", 0))

    # === Queue ===

    @freeze_time("2026-11-21 12:00:00")
    def test_queue_number(self):
        now = fields.Datetime.now().replace(microsecond=0)
        slots = [
            self._create_slot(now + timedelta(minutes=minutes)) for minutes in (-2, -1)
        ]
        # the hour before, and one that came too late to be waited for
        first = self._book(self.order, slots[0])
        second = self._book(self._create_pickup(), slots[1])
        self.assertEqual((first._get_queue(), second._get_queue()), (1, 2))
        self._gate(second, "enter")
        self.assertEqual((first._get_queue(), second._get_queue()), (2, 1))
        self._gate(second, "leave", tare="15", gross="35")
        self.assertEqual((first._get_queue(), second._get_queue()), (1, 0))

    # === Personal data ===

    def test_driver_data_is_deleted_after_a_time(self):
        entry = self._book(self.order, self.slot, attorney_number="5")
        passes = self.env["cement.loading.pass"]
        passes._gc_driver_data()
        self.assertEqual(entry.driver_name, "Ivan Petrov")
        long_ago = fields.Datetime.now() - timedelta(days=31)
        self.slot.write(
            {"start": long_ago, "stop": long_ago + timedelta(hours=1), "day": long_ago}
        )
        passes._gc_driver_data()
        self.assertFalse(
            entry.driver_name or entry.driver_phone or entry.attorney_number
        )
        self.assertTrue(entry.is_erased)
        self.assertEqual(entry.vehicle_plate, "А123ВС196")

    def _age(self, slot, days):
        long_ago = fields.Datetime.now() - timedelta(days=days)
        slot.write(
            {"start": long_ago, "stop": long_ago + timedelta(hours=1), "day": long_ago}
        )

    def test_driver_data_typed_after_the_deletion(self):
        entry = self._book(self.order, self.slot)
        passes = self.env["cement.loading.pass"]
        self._age(self.slot, 40)
        passes._gc_driver_data()
        self.assertTrue(entry.is_erased)
        again = self._create_slot(self.slot.start + timedelta(days=45))
        self.assertEqual(self._book(self.order, again, driver="Pyotr"), entry)
        self.assertFalse(entry.is_erased)
        self._age(again, 40)
        passes._gc_driver_data()
        self.assertFalse(entry.driver_name or entry.driver_phone)

    def test_driver_data_with_a_garbled_parameter(self):
        entry = self._book(self.order, self.slot)
        self._age(self.slot, 31)
        params = self.env["ir.config_parameter"]
        for value in ("x", "", "30 days", "9" * 5000, "-5"):
            params.set_param("cement_logistics_dispatch.driver_data_days", value)
            self.env["cement.loading.pass"]._gc_driver_data()
        self.assertFalse(entry.driver_name)

    def test_vehicle_that_nobody_let_out(self):
        entry = self._book_now(self.order)
        self._gate(entry, "enter")
        passes = self.env["cement.loading.pass"]
        passes._cron_close_forgotten()
        self.assertState(entry, "inside")
        entry.entered_at -= timedelta(days=4)
        self._age(entry.slot_id, 40)
        passes._cron_close_forgotten()
        self.assertState(entry, "left")
        told = self.picking.activity_ids
        self.assertEqual(told.user_id, self.dispatcher)
        self.assertIn("А123ВС 196", told.note)
        passes._gc_driver_data()
        self.assertFalse(entry.driver_name or entry.driver_phone)

    def test_pass_that_nobody_used_expires(self):
        entry = self._book(self.order, self.slot)
        passes = self.env["cement.loading.pass"]
        passes._cron_close_forgotten()
        self.assertState(entry, BOOKED)
        self._age(self.slot, 1)
        passes._cron_close_forgotten()
        self.assertEqual((entry.state, entry._judge()), ("expired", "expired"))
        self.assertEqual(self.slot.booked, 0)
        self.assertFalse(self.picking.pass_id)
        self.assertEqual(self._gate(entry, "enter")["refused"], "enter")
        # the client books another hour: a pass of its own
        again = self._book(self.order, self._create_slot())
        self.assertNotEqual(again, entry)
        self.assertEqual(self.picking.pass_id, again)

    # === Waybills ===

    def _make(self, mass, user=None, picking=None):
        env = self.portal_env(user or self.owner)
        shipment = env["stock.picking"].browse((picking or self.picking).id)
        return shipment._make_waybill(mass).with_env(self.env)

    def test_waybill_for_a_part(self):
        part = self._make("12,5")
        self.assertNotEqual(part, self.picking)
        self.assertEqual(part.waybill_number[:3], "СВ-")
        self.assertEqual(part.sale_id, self.order)
        self.assertTrue(part.is_cement)
        self.assertEqual(part.shipment_state, "planned")
        self.assertEqual((part._get_mass(), self.picking._get_mass()), (12.5, 7.5))
        self.assertEqual(part.waybill_user_id, self.owner)
        # each is a shipment with an hour and a pass of its own
        self._book(self.order, self.slot)
        whole = self._make("7.5")
        self.assertEqual(whole, self.picking)
        self.assertNotEqual(whole.waybill_number, part.waybill_number)
        self.assertEqual(self.order.load_mass, 20.0)

    def test_waybill_taken_back_rejoins_the_rest(self):
        part = self._make("12.5")
        part.with_env(self.portal_env(self.owner)).sudo(False)._withdraw_waybill()
        self.assertEqual(part.state, "cancel")
        self.assertEqual(self.picking._get_mass(), 20.0)
        whole = self._make("20")
        whole.with_env(self.portal_env(self.owner)).sudo(False)._withdraw_waybill()
        self.assertFalse(whole.waybill_number)
        self.assertEqual(whole._get_mass(), 20.0)

    def test_waybill_nonsense(self):
        for mass in ("", "0", "-1", "20.001", "many", "1e9", None):
            with self.subTest(mass), self.assertRaises(UserError):
                self._make(mass)
        self.assertEqual(self.order.picking_ids, self.picking)
        self._make("20")
        with self.assertRaisesRegex(UserError, "already"):
            self._make("20")

    def test_waybill_in_kilograms(self):
        for mass in ("0.0001", "0.0004", "0.5", "19.5", "19.9996", "20.0004"):
            with self.subTest(mass):
                if mass in ("19.9996", "20.0004"):
                    # the whole, to the kilogram
                    masses = self.picking._parse_waybill_masses(mass)
                    self.assertEqual(sum(masses.values()), 20_000)
                else:
                    with self.assertRaises(UserError):
                        self._make(mass)
        self.assertEqual(self.order.picking_ids, self.picking)
        self.supplier.cement_waybill_least = 0.4
        self.assertEqual(self._make("0.5")._get_mass(), 0.5)

    def test_waybill_parts_are_limited(self):
        self.supplier.cement_waybill_parts = 3
        self._make("5")
        part = self._make("5")
        with self.assertRaisesRegex(UserError, "the limit"):
            self._make("5")
        # taking back makes no new room
        part.with_env(self.portal_env(self.owner)).sudo(False)._withdraw_waybill()
        with self.assertRaisesRegex(UserError, "the limit"):
            self._make("5")
        self.assertEqual(self._make("15")._get_mass(), 15.0)

    def test_waybill_in_another_unit(self):
        kg = self.env.ref("uom.product_uom_kgm")
        self.picking.move_ids.write({"product_uom_qty": 20000, "product_uom": kg.id})
        part = self._make("5")
        self.assertEqual((part._get_mass(), self.picking._get_mass()), (5.0, 15.0))

    def test_nothing_is_booked_for_what_has_left(self):
        self.order._cement_set_state("shipped", "onec")
        self.assertFalse(self.picking._portal_pickup_row()["is_open"])
        with self.assertRaisesRegex(UserError, "has left"):
            self._book(self.order, self.slot)

    def test_cancelled_twice(self):
        entry = self._book(self.order, self.slot)
        member = self.portal_env(self.owner)["cement.loading.pass"].browse(entry.id)
        member._member_cancel()
        for again in (member, member.browse()):
            with self.assertRaisesRegex(UserError, "already"):
                again._member_cancel()
        self.assertEqual(self.slot.booked, 0)

    def test_waybill_in_whole_packages(self):
        order = self._create_package_pickup()
        with self.assertRaisesRegex(UserError, "whole packages"):
            self._make("3.5", picking=order.picking_ids)
        part = self._make("4", picking=order.picking_ids)
        self.assertEqual(part._get_mass(), 4.0)
        self.assertEqual(part.move_ids.product_uom_qty, 4.0)

    def test_only_who_may_order(self):
        for user in (self.viewer, self.accountant, self.buyer, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._make("5", user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._book(self.order, self.slot, user)
        self.assertEqual(self.slot.booked, 0)
        # a buyer's own order is the buyer's own
        own = self._create_pickup(user=self.buyer)
        self._book(own, self.slot, self.buyer)

    def test_printed_forms(self):
        part = self._make("10")
        entry = self._book(self.order, self.slot)
        report = self.env["ir.actions.report"].with_context(lang="ru_RU")
        html, _kind = report._render_qweb_html(
            "cement_logistics_dispatch.action_report_waybill", part.ids
        )
        self.assertIn(part.waybill_number, html.decode())
        html, _kind = report._render_qweb_html(
            "cement_logistics_dispatch.action_report_pass", entry.ids
        )
        self.assertIn(entry.name, html.decode())
        self.assertIn("data:image/png;base64", html.decode())
        self.assertNotIn("Petrov", html.decode())
