# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import hashlib
import json
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CementAxleCommon


@tagged("post_install", "-at_install")
class TestAxleShipment(CementAxleCommon):
    """At the scales: checked again, the calculation kept (F38)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.quant"]._update_available_quantity(
            cls.cement, cls.warehouse.lot_stock_id, 1000.0
        )
        # the checks are for the day on which the vehicle leaves: today
        cls.day = cls.today

    def _picking(self, tonnes=25.0):
        order = self._create_quotation(
            tonnes,
            vehicle_type_id=self.silo.id,
            delivery_method_id=self.road_delivery.id,
            plant_id=self.plant.id,
        )
        order.sudo()._cement_confirm_checked()
        picking = order.picking_ids
        self.assertTrue(picking.is_axle_checked)
        return picking

    def _weigh(self, picking, gross, tare=14.2):
        picking.write({"gross_mass": gross, "tare_mass": tare})

    def test_within_the_law(self):
        picking = self._picking()
        self._weigh(picking, 39.2)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        check = picking.axle_check_ids
        self.assertEqual(len(check), 1)
        self.assertEqual(
            (check.verdict, check.payload, check.gross, check.legal_max),
            ("ok", 25.0, 39.2, 25.8),
        )
        self.assertTrue(check.is_weighed)
        self.assertTrue(check.is_genuine)
        self.assertEqual(check.act, "ПП РФ № 2060 от 01.12.2023")
        self.assertAlmostEqual(
            sum(row["load"] for row in check.results["axles"]), 39.2, 3
        )

    def test_the_scales_know_the_tare(self):
        """A heavier empty vehicle leaves less for the goods."""
        picking = self._picking()
        self._weigh(picking, 40.2, 15.2)
        picking.action_check_axles()
        check = picking.axle_check_ids
        self.assertEqual((check.verdict, check.tare), ("warn", 15.2))
        self.assertLess(check.legal_max, 25.0)

    def test_overloaded_stays(self):
        self._create_season(start=self.today)
        picking = self._picking()
        self._weigh(picking, 39.2)
        action = picking.with_user(self.dispatcher).button_validate()
        self.assertEqual(action["res_model"], "cement.axle.lift")
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(picking.axle_verdict, "block")
        wizard = (
            self.env["cement.axle.lift"]
            .with_user(self.dispatcher)
            .with_context(**action["context"])
            .create({"reason": "please"})
        )
        self.assertFalse(wizard.can_lift)
        with self.assertRaises(AccessError):
            wizard.action_lift()

    def test_let_go_with_a_reason(self):
        self._create_season(start=self.today)
        picking = self._picking()
        self._weigh(picking, 39.2)
        boss = self._create_internal_user(
            "axle-boss",
            "cement_base.group_dispatcher",
            "cement_base.group_gate_override",
        )
        action = picking.with_user(boss).button_validate()
        wizard = (
            self.env["cement.axle.lift"]
            .with_user(boss)
            .with_context(**action["context"])
            .create({})
        )
        with self.assertRaises(UserError):
            wizard.action_lift()
        wizard.reason = "Special permit no. 77"
        wizard.action_lift()
        self.assertEqual(picking.state, "done")
        last = picking.axle_check_ids.sorted("id")[-1]
        self.assertEqual(last.lift_reason, "Special permit no. 77")
        self.assertEqual(last.lifted_by_id, boss)
        self.assertIn("Special permit no. 77", picking.message_ids[0].body)

    def test_without_scales_what_is_loaded_counts(self):
        picking = self._picking()
        picking.action_check_axles()
        self.assertFalse(picking.axle_check_ids.is_weighed)
        self.assertEqual(picking.axle_check_ids.payload, 25.0)

    def test_evidence_is_kept_once_and_never_changed(self):
        picking = self._picking()
        picking.action_check_axles()
        picking.action_check_axles()
        check = picking.axle_check_ids
        self.assertEqual(len(check), 1)
        with self.assertRaises(UserError):
            check.sudo().write({"verdict": "block"})
        with self.assertRaises(UserError):
            check.sudo().unlink()
        # somebody with a database client
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_axle_check SET results = %s WHERE id = %s",
            ('{"axles": [], "rows": [], "heat": [], "lifted": false}', check.id),
        )
        check.invalidate_recordset()
        self.assertFalse(check.is_genuine)

    def test_the_fingerprint_wants_the_secret(self):
        """Who reaches the table only cannot make a fitting fingerprint."""
        picking = self._picking()
        picking.action_check_axles()
        check = picking.axle_check_ids
        text = json.dumps(
            [check.inputs, check.results], sort_keys=True, ensure_ascii=False
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_axle_check SET digest = %s WHERE id = %s",
            (hashlib.sha256(text.encode()).hexdigest(), check.id),
        )
        check.invalidate_recordset()
        self.assertFalse(check.is_genuine)

    def test_the_day_is_that_of_the_plant(self):
        """The last night of a closed season: at the plant it is over, in UTC not."""
        self._create_season(start=date(2027, 4, 1), days=29)
        self.plant.tz = "Asia/Yekaterinburg"
        picking = self._picking()
        self.dispatcher.tz = "UTC"
        shipment = picking.with_user(self.dispatcher)
        for moment, day, verdict in (
            ("2027-04-30 18:00:00", date(2027, 4, 30), "block"),
            ("2027-04-30 20:00:00", date(2027, 5, 1), "ok"),
        ):
            with freeze_time(moment):
                shipment.action_check_axles()
            check = picking.axle_check_ids.sorted("id")[-1]
            self.assertEqual((check.day, check.verdict), (day, verdict))

    def test_own_route_of_a_shipment(self):
        self._create_season(start=self.today)
        picking = self._picking()
        self.assertIn(self.perm.name, picking.route_text)
        picking.with_user(self.dispatcher).action_own_route()
        picking.route_piece_ids.road_class = "federal"
        picking.action_check_axles()
        self.assertEqual(picking.axle_check_ids.verdict, "ok")

    def test_heat_is_told_to_the_overloaded(self):
        self._create_season(
            start=self.today, kind="heat", hour_from=10.0, hour_to=22.0, temperature=32
        )
        picking = self._picking(26.2)
        picking.action_check_axles()
        check = picking.axle_check_ids
        self.assertEqual(check.verdict, "warn")
        self.assertIn("32", check.results["heat"][0])

    def test_several_overloaded_at_once(self):
        self._create_season(start=self.today)
        pickings = self._picking() | self._picking()
        with self.assertRaisesRegex(UserError, "one by one"):
            pickings.button_validate()

    def test_left_by_another_door(self):
        """1C says it has left: no dialog, but the evidence is there."""
        self._create_season(start=self.today)
        picking = self._picking()
        self._weigh(picking, 39.2)
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.axle_verdict, "block")
        self._check_told(picking)

    def _told(self, picking):
        """Return the tasks about axles; to leave without the transfer is one too."""
        return picking.activity_ids.filtered(
            lambda activity: "overloaded" in (activity.summary or "")
        )

    def _check_told(self, picking):
        activity = self._told(picking)
        self.assertEqual(len(activity), 1)
        self.assertTrue(
            activity.user_id.has_group("cement_base.group_dispatcher"),
        )
        self.assertIn(picking.axle_check_ids.name, activity.summary)
        self.assertIn("112-од", activity.note)

    def test_people_do_not_pass_the_dialog(self):
        self._create_season(start=self.today)
        picking = self._picking()
        self._weigh(picking, 39.2)
        shipment = picking.with_user(self.dispatcher)
        for door in (shipment, shipment.sudo()):
            with self.assertRaisesRegex(UserError, "is overloaded by"):
                door._action_done()
        # the gate lets out without validating the transfer
        with self.assertRaisesRegex(UserError, "is overloaded by"):
            shipment.sudo()._cement_set_shipment_state("left", "dispatcher")
        self.assertNotEqual(picking.state, "done")
        self.assertFalse(picking.activity_ids)

    def test_let_go_once_passes_every_door(self):
        self._create_season(start=self.today)
        picking = self._picking()
        self._weigh(picking, 39.2)
        picking._record_axle_checks("Special permit no. 78")
        picking.with_user(self.dispatcher).sudo()._action_done()
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.activity_ids)

    def test_left_without_the_transfer(self):
        """1C says that the order has left; nobody has validated anything."""
        self._create_season(start=self.today)
        picking = self._picking()
        self._weigh(picking, 39.2)
        picking.sale_id.sudo()._cement_set_state("shipped", "onec")
        self.assertEqual(picking.shipment_state, "left")
        self.assertEqual(picking.axle_check_ids.mapped("verdict"), ["block"])
        self._check_told(picking)
        # told once, whatever comes after
        picking._cement_set_shipment_state("arrived", "tracker")
        picking._action_done()
        self.assertEqual(len(picking.axle_check_ids), 1)
        self.assertEqual(len(self._told(picking)), 1)

    def test_weighed_after_the_transfer(self):
        """Validated as ordered, weighed at the gate: the scales have the last word,
        by the law of the day on which it left."""
        picking = self._picking()
        shipment = picking.with_user(self.dispatcher)
        shipment.button_validate()
        self.assertEqual((picking.state, picking.axle_verdict), ("done", "ok"))
        picking.date_done = "2027-04-20 09:00:00"
        self._create_season(start=date(2027, 4, 1), days=29)
        self._weigh(shipment, 39.2)
        check = picking.axle_check_ids.sorted("id")[-1]
        self.assertEqual((check.verdict, check.day), ("block", date(2027, 4, 20)))
        self.assertIn(check.name, picking.activity_ids.summary)
        shipment.note = "nothing of the scales"
        self.assertEqual(len(picking.axle_check_ids), 2)

    def test_legal_shipments_leave_quietly(self):
        picking = self._picking()
        self._weigh(picking, 39.2)
        picking.with_user(self.dispatcher).sudo()._cement_set_shipment_state(
            "left", "dispatcher"
        )
        self.assertEqual(picking.axle_verdict, "ok")
        self.assertFalse(self._told(picking))

    def test_printed(self):
        picking = self._picking()
        picking.action_check_axles()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cement_logistics_axle.report_axle_check", picking.axle_check_ids.ids
        )
        text = html.decode()
        self.assertIn(picking.axle_check_ids.name, text)
        self.assertIn(picking.axle_check_ids.digest, text)
        # in the language in which it would be asked for
        self.assertIn("Расчёт нагрузок на оси", text)
        self.assertIn("ось 2 тягача", text)

    def test_other_transfers_are_left_alone(self):
        transfer = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        self.assertFalse(transfer._record_axle_checks())
        with self.assertRaises(UserError):
            transfer.action_check_axles()
