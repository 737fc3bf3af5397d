# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CementAxleCommon


class AxleShipmentCommon(CementAxleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.quant"]._update_available_quantity(
            cls.cement, cls.warehouse.lot_stock_id, 1000.0
        )
        cls.day = cls.today
        cls.acts = cls.env["cement.axle.regulation"].search([])
        cls.admin = cls._create_internal_user(
            "axle-act-admin", "cement_base.group_cement_admin"
        )
        cls.boss = cls._create_internal_user(
            "axle-unknown-boss",
            "cement_base.group_dispatcher",
            "cement_base.group_gate_override",
        )

    def _order(self, tonnes=25.0, vehicle=None):
        return self._create_quotation(
            tonnes,
            vehicle_type_id=(vehicle or self.silo).id,
            delivery_method_id=self.road_delivery.id,
            plant_id=self.plant.id,
            site_id=self.site.id,
        )

    def _picking(self, tonnes=25.0, vehicle=None):
        order = self._order(tonnes, vehicle)
        order.sudo()._cement_confirm_checked()
        return order.picking_ids

    def _codes(self, order):
        return {
            finding.code: finding.severity for finding in order._get_gate_findings()
        }

    def _lift(self, picking, reason="Special permit no. 9"):
        action = picking.with_user(self.boss).button_validate()
        self.assertEqual(action["res_model"], "cement.axle.lift")
        wizard = (
            self.env["cement.axle.lift"]
            .with_user(self.boss)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        wizard.action_lift()
        return action


@tagged("post_install", "-at_install")
class TestNoAct(AxleShipmentCommon):
    """A day for which no act says anything is no day on which all is allowed."""

    def test_order(self):
        order = self._order(25.0)
        self.assertNotIn("axle_unknown", self._codes(order))
        self.acts.active = False
        self.assertEqual(self._codes(order).get("axle_unknown"), "warn")
        action = order.with_context(lang="ru_RU").action_check_axles()
        self.assertIn(
            "на этот день нет действующего нормативного акта",
            action["params"]["message"],
        )
        self.assertEqual(action["params"]["type"], "warning")

    def test_day_after_the_last_act(self):
        order = self._order(25.0)
        order.requested_date = self.day + timedelta(20)
        self.acts.valid_to = self.day + timedelta(19)
        self.assertIn("axle_unknown", self._codes(order))
        order.requested_date = self.day + timedelta(19)
        self.assertNotIn("axle_unknown", self._codes(order))

    def test_cart(self):
        self.acts.valid_to = self.day + timedelta(3)
        cart = self._create_cart(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": 20.0,
                    "day": self.day + timedelta(5),
                    "site_id": self.site.id,
                }
            ]
        )
        self.assertIn("axle_unknown", self.codes(cart._plan().findings))
        self.acts.valid_to = self.day + timedelta(30)
        self.assertNotIn("axle_unknown", self.codes(cart._plan().findings))

    def test_scales(self):
        picking = self._picking()
        picking.write({"gross_mass": 90.0, "tare_mass": 14.2})
        self.acts.active = False
        check = picking._record_axle_checks()
        self.assertEqual(
            (check.verdict, check.act, check.legal_max, check.excess_percent > 0),
            ("unknown", "", 0.0, True),
        )
        self.assertIn("нет действующего нормативного акта", check.worst)
        self.assertIn("нет действующего нормативного акта", str(check.result_html))
        with self.assertRaisesRegex(UserError, "cannot be judged"):
            picking.with_user(self.dispatcher)._action_done()
        action = self._lift(picking)
        self.assertEqual(action["name"], "Nobody knows whether the vehicle may go")
        self.assertEqual(picking.state, "done")
        last = picking.axle_check_ids.sorted("id")[-1]
        self.assertEqual((last.verdict, last.lifted_by_id), ("unknown", self.boss))
        self.assertIn("Not judged", picking.message_ids[0].body)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cement_logistics_axle.report_axle_check", last.ids
        )
        self.assertIn("нет действующего нормативного акта", html.decode())

    def test_told_when_a_system_lets_it_go(self):
        picking = self._picking()
        picking.write({"gross_mass": 39.2, "tare_mass": 14.2})
        self.acts.active = False
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertIn("Left without being judged", picking.activity_ids.summary)

    def test_known_again(self):
        picking = self._picking()
        self.acts.active = False
        self.assertEqual(picking._record_axle_checks().verdict, "unknown")
        self.acts.active = True
        self.assertEqual(picking._record_axle_checks().verdict, "ok")
        picking.with_user(self.dispatcher).button_validate()
        self.assertEqual(picking.state, "done")

    def test_more_than_the_type_takes(self):
        """The axles would bear it, the body is not made for it."""
        self.silo.payload = 20.0
        picking = self._picking(20.0)
        picking.write({"gross_mass": 37.2, "tare_mass": 14.2})
        check = picking._record_axle_checks()
        self.assertEqual((check.verdict, check.legal_max), ("warn", 20.0))

    def test_an_act_that_evidence_names_is_kept(self):
        picking = self._picking()
        check = picking._record_axle_checks()
        act = self.env.ref("cement_logistics_axle.regulation_2060")
        self.assertEqual(check.regulation_id, act)
        with self.assertRaisesRegex(UserError, check.name):
            act.with_user(self.admin).unlink()
        act.with_user(self.admin).active = False
        unused = act.copy({"name": "Draft", "active": False})
        unused.with_user(self.admin).unlink()
        self.assertFalse(unused.exists())

    def test_told_before_the_law_runs_out(self):
        act = self.env.ref("cement_logistics_axle.regulation_2060")
        mine = self.env["mail.activity"].search([("res_model", "=", act._name)])
        mine.unlink()
        act.valid_to = self.today + timedelta(40)
        activity = act.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.date_deadline, self.today + timedelta(41))
        self.assertTrue(activity.user_id.has_group("cement_base.group_cement_admin"))
        self.env["cement.axle.regulation"]._cron_tell_gap()
        self.assertEqual(act.activity_ids, activity)
        # the act that follows
        act.copy(
            {
                "name": "Next",
                "valid_from": self.today + timedelta(41),
                "valid_to": False,
            }
        )
        self.assertFalse(act.activity_ids)

    def test_the_cron_tells_too(self):
        act = self.env.ref("cement_logistics_axle.regulation_2060")
        self.env.cr.execute(
            "UPDATE cement_axle_regulation SET valid_to = %s WHERE id = %s",
            (self.today + timedelta(59), act.id),
        )
        act.invalidate_recordset()
        cron = self.env.ref("cement_logistics_axle.cron_tell_gap")
        cron.ir_actions_server_id.run()
        self.assertEqual(len(act.activity_ids), 1)

    def test_trial_in_the_form(self):
        self.acts.active = False
        with Form(self.silo) as form:
            form.trial_payload = 26.0
            self.assertIn("no act on masses", form.trial_result)


@tagged("post_install", "-at_install")
class TestStandingCheck(AxleShipmentCommon):
    """An overloaded vehicle is not let go by calling it another."""

    def setUp(self):
        super().setUp()
        self.plain = self.env["cement.vehicle.type"].create(
            {"name": "Plain", "code": "plain", "payload": 40.0, "tare": 14.0}
        )
        self.picking = self._picking()
        self.picking.write({"gross_mass": 54.2, "tare_mass": 14.2})
        self.check = self.picking._record_axle_checks()
        self.assertEqual(self.check.verdict, "block")

    def test_another_type(self):
        shipment = self.picking.with_user(self.dispatcher)
        shipment.vehicle_type_id = self.plain
        self.assertTrue(shipment.is_axle_checked)
        self.assertEqual(shipment.axle_verdict, "block")
        action = shipment.button_validate()
        self.assertEqual(action["context"]["default_check_id"], self.check.id)
        with self.assertRaisesRegex(UserError, "is overloaded by"):
            shipment.sudo()._action_done()
        with self.assertRaisesRegex(UserError, "is overloaded by"):
            shipment.sudo()._cement_set_shipment_state("left", "dispatcher")
        self.assertNotEqual(self.picking.state, "done")

    def test_let_go_under_another_type(self):
        self.picking.vehicle_type_id = self.plain
        self._lift(self.picking, "Permit no. 12")
        self.assertEqual(self.picking.state, "done")
        last = self.picking.axle_check_ids.sorted("id")[-1]
        self.assertEqual(last.lift_reason, "Permit no. 12")
        self.assertEqual(last.vehicle_type_id, self.silo)
        self.assertTrue(last.is_genuine)

    def test_unloaded(self):
        self.picking.vehicle_type_id = self.plain
        self.picking.write({"gross_mass": 39.2, "tare_mass": 14.2})
        self.picking.with_user(self.dispatcher).button_validate()
        self.assertEqual(self.picking.state, "done")

    def test_counted_axles_do_not_clear_it(self):
        self.plain.axle_count = 8
        self.picking.write({"gross_mass": 41.0, "tare_mass": 14.2})
        self.assertGreater(self.check.legal_max, 0)
        self.picking.vehicle_type_id = self.plain
        found = self.picking._record_axle_checks()
        # 41 t gross are lawful for eight axles, 26.8 t are not for the silo
        self.assertEqual(found, self.check)
        self.picking.write({"gross_mass": 39.0, "tare_mass": 14.2})
        self.assertEqual(self.picking._record_axle_checks().verdict, "ok")

    def test_the_right_type(self):
        """It is another vehicle indeed, and its axles bear the load."""
        self.picking.write({"gross_mass": 34.0, "tare_mass": 14.0})
        self.picking.vehicle_type_id = self.curtain
        self.assertNotEqual(self.picking._record_axle_checks().verdict, "block")

    def test_the_change_is_written_down(self):
        shipment = self.picking.with_context(tracking_disable=False, mail_notrack=False)
        self.env.cr.flush()
        shipment.vehicle_type_id = self.plain
        self.env.cr.flush()
        self.picking.invalidate_recordset()
        changes = self.picking.message_ids.sudo().tracking_value_ids
        self.assertIn("Plain", changes.mapped("new_value_char"))


@tagged("post_install", "-at_install")
class TestCountedAxles(AxleShipmentCommon):
    """Axles counted but not described: gross mass, at the gate and at the scales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counted = cls.env["cement.vehicle.type"].create(
            {
                "name": "Counted",
                "code": "counted",
                "payload": 50.0,
                "tare": 15.0,
                "axle_count": 5,
            }
        )

    def test_gate(self):
        self.assertNotIn("axle_overload", self._codes(self._order(25.0, self.counted)))
        order = self._order(27.0, self.counted)
        self.assertEqual(self._codes(order)["axle_overload"], "warn")
        order = self._order(45.0, self.counted)
        [finding] = [
            one for one in order._get_gate_findings() if one.code == "axle_overload"
        ]
        self.assertEqual((finding.severity, finding.params["percent"]), ("block", 50.0))
        message = self.env["cement.order.gate"]._describe(finding)["message"]
        self.assertIn("gross mass with 5 axles", message)
        self.assertIn("25", message)
        action = order.action_check_axles()
        self.assertEqual(action["params"]["type"], "danger")
        action = self._order(20.0, self.counted).action_check_axles()
        self.assertIn("gross mass is legal", action["params"]["message"])

    def test_season_by_gross_mass(self):
        self._create_season(start=self.today, limit_gross=14.999)
        self.assertEqual(
            self._codes(self._order(5.0, self.counted))["axle_overload"], "block"
        )

    def test_cart_obeys_the_season(self):
        self._create_season(start=self.today, limit_gross=24.999)
        reason = self.law._get_gross_reason(
            self.counted,
            self.today,
            self.law._get_default_route(self.site, self.plant),
        )
        self.assertEqual((reason.kg, reason.is_seasonal), (9_999, True))
        self.assertIn("112-од", self.law._describe_reason(reason))

    def test_scales(self):
        picking = self._picking(25.0, self.counted)
        self.assertTrue(picking.is_axle_checked)
        picking.write({"gross_mass": 60.0, "tare_mass": 15.0})
        action = picking.with_user(self.dispatcher).button_validate()
        self.assertEqual(action["res_model"], "cement.axle.lift")
        check = picking.axle_check_ids
        self.assertEqual(
            (check.verdict, check.gross, check.legal_max, check.excess_percent),
            ("block", 60.0, 25.0, 50.0),
        )
        self.assertTrue(check.is_by_gross)
        self.assertTrue(check.is_genuine)
        self.assertIn(
            "только сосчитаны", str(check.with_context(lang="ru_RU").result_html)
        )
        picking.write({"gross_mass": 40.0, "tare_mass": 15.0})
        picking.with_user(self.dispatcher).button_validate()
        self.assertEqual((picking.state, picking.axle_verdict), ("done", "ok"))

    def test_nothing_known(self):
        self.counted.axle_count = 0
        picking = self._picking(25.0, self.counted)
        self.assertFalse(picking.is_axle_checked)
        self.assertFalse(picking._record_axle_checks())
