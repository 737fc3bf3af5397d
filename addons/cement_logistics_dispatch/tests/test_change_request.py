# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementDispatchCommon


@tagged("post_install", "-at_install")
class TestChangeRequest(CementDispatchCommon):
    """Changes after the order was taken (B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(20.0)
        cls.picking = cls.order.picking_ids

    def _accept(self, request, user=None):
        self._inside(request, user).action_accept()

    # === Accepting ===

    def test_day(self):
        request = self._ask(self.order)
        self.assertEqual(request.state, "new")
        later = self.day + timedelta(days=2)
        self._accept(request)
        self.assertEqual(request.state, "accepted")
        self.assertEqual(self.order.promised_date, later)
        self.assertEqual(self.picking.promised_from.date(), later)
        self.assertEqual(request.sudo().answered_by_id, self.dispatcher)
        bodies = " ".join(self.order.message_ids.mapped("body"))
        self.assertIn(request.name, bodies)

    def test_quantity_up_and_down(self):
        for mass in (18.0, 22.0):
            self._accept(self._ask(self.order, kind="quantity", quantity=str(mass)))
            self.assertEqual(self.order.load_mass, mass)
            self.assertEqual(self.picking._get_mass(), mass)

    def test_quantity_beyond_the_volume_changes_nothing(self):
        self.line_bulk.volume_agreed = 25.0
        request = self._ask(self.order, kind="quantity", quantity="40")
        with self.assertRaises(UserError):
            self._accept(request)
        self.assertEqual(request.state, "new")
        self.assertEqual(self.order.load_mass, 20.0)
        self.assertEqual(self.picking._get_mass(), 20.0)

    def test_a_right_lifts_the_block_and_is_kept(self):
        self.line_bulk.volume_agreed = 20.0
        self.manager.group_ids += self.env.ref("cement_base.group_gate_override")
        request = self._ask(self.order, kind="quantity", quantity="22")
        self._accept(request, self.manager)
        self.assertEqual(self.order.load_mass, 22.0)
        self.assertEqual(self.order.override_ids.user_id, self.manager)

    def test_site_even_under_way(self):
        other = self._create_site(self.client, "Site South")
        self.picking._cement_set_shipment_state("on_way", "tracker")
        request = self._ask(self.order, kind="site", site_id=other.id)
        self._accept(request)
        self.assertEqual(self.order.site_id, other)
        self.assertEqual(self.picking.site_id, other)

    def test_foreign_site(self):
        with self.assertRaises(UserError):
            self._ask(self.order, kind="site", site_id=self.other_site.id)

    def test_unloading_that_the_vehicle_cannot_do(self):
        crane = self.env.ref("cement_base.unloading_crane")
        pneumatic = self.env.ref("cement_base.unloading_pneumatic")
        self.order.vehicle_type_id.unloading_way_ids = pneumatic
        request = self._ask(self.order, kind="unloading", unloading_way_id=crane.id)
        with self.assertRaisesRegex(UserError, "cannot be unloaded"):
            self._accept(request)

    def test_hours(self):
        request = self._ask(self.order, kind="hours", **{"from": "9:00", "to": "12:00"})
        self.assertEqual(request.after_text, "09:00–12:00")
        self._accept(request)
        self.assertEqual(self.order.desired_text, "09:00–12:00")

    def test_hold_and_back(self):
        self.order._promise(self.day)
        self._accept(self._ask(self.order, kind="hold", hold_until=""))
        self.assertTrue(self.order.is_on_hold)
        self.assertFalse(self.order.promised_date)
        self.order.with_user(self.dispatcher).action_release_hold()
        self.assertFalse(self.order.is_on_hold)

    def test_cancel(self):
        self._accept(self._ask(self.order, kind="cancel"))
        self.assertEqual(self.order.cement_state, "cancelled")
        self.assertEqual(self.picking.state, "cancel")

    def test_cancel_too_late_is_an_error_in_words(self):
        request = self._ask(self.order, kind="cancel")
        self.order._cement_set_state("assembling", "manager")
        with self.assertRaisesRegex(UserError, "not cancelled any more"):
            self._accept(request)
        self.assertEqual(request.state, "new")

    # === Declining, withdrawing, expiring ===

    def test_decline_needs_an_answer(self):
        request = self._ask(self.order)
        inside = self._inside(request)
        with self.assertRaisesRegex(UserError, "why"):
            inside.action_decline()
        inside.answer = "No room on that day."
        inside.action_decline()
        self.assertEqual(request.state, "declined")
        rows = self._ask_rows()
        self.assertEqual(rows[0]["answer"], "No room on that day.")

    def _ask_rows(self):
        env = self.portal_env(self.owner)
        return env["cement.change.request"]._portal_rows_of(
            env["sale.order"].browse(self.order.id)
        )

    def test_answered_once_only(self):
        request = self._ask(self.order)
        self._accept(request)
        inside = self._inside(request, self.manager)
        inside.answer = "x"
        with self.assertRaisesRegex(UserError, "has its answer already"):
            inside.action_accept()
        with self.assertRaisesRegex(UserError, "has its answer already"):
            inside.action_decline()
        with self.assertRaises(UserError):
            request._withdraw()

    def test_withdraw(self):
        request = self._ask(self.order)
        request._withdraw()
        self.assertEqual(request.state, "withdrawn")
        with self.assertRaises(UserError):
            self._accept(request)
        self._ask(self.order)

    def test_expires_when_nobody_answers(self):
        request = self._ask(self.order)
        request.sudo().expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.env["cement.change.request"]._cron_expire()
        self.assertEqual(request.state, "expired")
        self.assertTrue(request.sudo().answer)

    def test_expires_when_the_shipment_moves_on(self):
        request = self._ask(self.order)
        self.picking._cement_set_shipment_state("loading", "dispatcher")
        self.assertEqual(request.state, "expired")
        self.assertFalse(request.sudo().activity_ids)

    def test_moved_meanwhile_is_not_accepted(self):
        request = self._ask(self.order)
        # the event was missed: the state stands there all the same
        self.picking.shipment_state = "left"
        with self.assertRaisesRegex(UserError, "Not possible any more"):
            self._accept(request)
        self.assertEqual(request.state, "new")

    # === What may be asked ===

    def test_rules_are_data(self):
        rule = self.env.ref("cement_logistics_dispatch.change_rule_day")
        rule.last_state = "left"
        self.picking._cement_set_shipment_state("left", "dispatcher")
        self._ask(self.order)
        rule.active = False
        with self.assertRaisesRegex(UserError, "does not take such"):
            self._ask(self.order, kind="day")

    def test_too_late_before_loading(self):
        rule = self.env.ref("cement_logistics_dispatch.change_rule_quantity")
        rule.hours_before = 24 * 30
        with self.assertRaisesRegex(UserError, "Too late"):
            self._ask(self.order, kind="quantity", quantity="10")

    def test_one_open_request_of_a_kind(self):
        request = self._ask(self.order)
        with self.assertRaisesRegex(UserError, "already"):
            self._ask(self.order)
        self._ask(self.order, kind="hold")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            request.sudo().copy({"client_key": False}).flush_recordset()

    def test_sent_twice_is_made_once(self):
        one = self._ask(self.order, key="abcdef12")
        two = self._ask(self.order, key="abcdef12")
        self.assertEqual(one, two)
        with self.assertRaises(UserError):
            self._ask(self.order, kind="hold", key="<x>")

    def test_nonsense(self):
        for vals in (
            {"kind": "price"},
            {"kind": None},
            {"reason": " "},
            {"reason": "x" * 1001},
            {"day": "2020-01-01"},
            {"day": "tomorrow"},
            {"day": ""},
            {"day": self.day.isoformat()},
            {"kind": "quantity", "quantity": "-5"},
            {"kind": "quantity", "quantity": "much"},
            {"kind": "quantity", "quantity": "20"},
            {"kind": "quantity", "quantity": "10", "line_id": 10**8},
            {"kind": "hours", "from": "12:00", "to": "8:00"},
            {"kind": "unloading", "unloading_way_id": 10**8},
            {"picking_id": 10**8},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self._ask(self.order, **vals)
        self.assertFalse(self.order.change_request_ids)

    def test_error_midway_changes_nothing(self):
        request = self._ask(self.order)
        with (
            patch.object(
                type(self.env["cement.change.request"]),
                "_close",
                side_effect=UserError("broken"),
            ),
            self.assertRaises(UserError),
        ):
            self._accept(request)
        self.env.invalidate_all()
        self.assertFalse(self.order.promised_date)

    # === Who is told ===

    def test_dispatcher_gets_an_activity_until_answered(self):
        self.plant.dispatcher_ids = self.dispatcher
        request = self._ask(self.order)
        self.assertEqual(request.sudo().activity_ids.user_id, self.dispatcher)
        self._accept(request)
        self.assertFalse(request.sudo().activity_ids)

    def test_open_pages_are_told(self):
        channel = type(self.env["res.users"])
        with patch.object(channel, "_bus_send", autospec=True) as send:
            self._ask(self.order)
        told = {
            (user.id, call_args[1])
            for call_args in (call.args for call in send.call_args_list)
            for user in call_args[0]
        }
        self.assertIn((self.owner.id, "cement.change_request"), told)
        self.assertNotIn((self.stranger.id, "cement.change_request"), told)

    # === By hand ===

    def test_nobody_forges(self):
        request = self._ask(self.order)
        inside = self._inside(request)
        for vals in ({"state": "accepted"}, {"new_day": self.day}, {"order_id": 1}):
            with self.assertRaises(AccessError):
                inside.write(vals)
        with self.assertRaises(AccessError):
            self.env["cement.change.request"].with_user(self.dispatcher).create(
                {"order_id": self.order.id, "kind": "hold", "reason": "x"}
            )
        member = request.with_user(self.owner).sudo(False)
        for name in ("action_accept", "action_decline"):
            with self.assertRaises(AccessError):
                getattr(member, name)()
