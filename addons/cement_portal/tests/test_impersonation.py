# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import root
from odoo.tests import HttpCase, tagged

from odoo.addons.cement_sale.tests.common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestImpersonation(CementSaleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_manager("seeing", email="seeing@x.com")
        cls.member = cls.owner.cement_member_ids
        cls.logs = cls.env["cement.impersonation.log"]

    def _begin(self, user=None, member=None, reason="asked for help"):
        env = self.env(user=user or self.manager, context={})
        member = member or self.member
        return env["cement.impersonation.log"]._begin(
            env["cement.member"].browse(member.id), reason
        )

    def _log(self):
        # written by the server's threads
        self.env.invalidate_all()
        return self.logs.search([], limit=1)

    def _start(self):
        self.authenticate(self.manager.login, self.manager.login)
        response = self.url_open(self._begin())
        self.assertEqual(response.status_code, 200)
        return response

    # === Who may ===

    def test_only_sales_managers(self):
        clerk = self._create_internal_user("clerk")
        dispatcher = self._create_internal_user("disp", "cement_base.group_dispatcher")
        for user in (clerk, dispatcher, self.owner, self._create_portal_user()):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._begin(user)
            with self.assertRaises(AccessError):
                self.env(user=user, context={})["cement.impersonation.log"].search([])

    def test_reason_is_asked(self):
        with self.assertRaises(UserError):
            self._begin(reason=" ")

    def test_only_plain_portal_people(self):
        # a person who was let inside after becoming a member
        inside = self._create_member(self.client, "viewer", login="in@x.com")
        self.env.cr.execute(
            "UPDATE res_groups_users_rel SET gid = %s WHERE uid = %s AND gid = %s",
            (
                self.env.ref("base.group_user").id,
                inside.user_id.id,
                self.env.ref("base.group_portal").id,
            ),
        )
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        with self.assertRaises(AccessError):
            self._begin(member=inside)
        gone = self._create_member(self.client, "viewer", login="gone@x.com")
        gone.active = False
        with self.assertRaises(AccessError):
            self._begin(member=gone)

    def test_log_cannot_be_written_or_deleted(self):
        self._begin()
        log = self.env(user=self.manager, context={})[
            "cement.impersonation.log"
        ].search([], limit=1)
        with self.assertRaises(AccessError):
            log.write({"reason": "other"})
        with self.assertRaises(AccessError):
            log.unlink()
        with self.assertRaises(UserError):
            log.sudo().unlink()
        with self.assertRaises(AccessError):
            log.read(["link_hash"])
        with self.assertRaises(AccessError):
            log.create(
                {
                    "user_id": self.manager.id,
                    "target_user_id": self.env.ref("base.user_admin").id,
                    "partner_id": self.client.id,
                    "reason": "x",
                }
            )

    # === The way in ===

    def test_sees_what_the_client_sees(self):
        order = self._create_order(20.0)
        response = self._start()
        self.assertIn("cp-see-as", response.text)
        page = self.url_open("/my/orders")
        self.assertIn(order.name, page.text)
        self.assertIn("cp-see-as", page.text)
        log = self._log()
        self.assertEqual(log.user_id, self.manager)
        self.assertEqual(log.target_user_id, self.owner)
        self.assertTrue(log.date_from and log.date_expiry and log.ip_address)
        # nothing of the back office
        response = self.url_open("/odoo", allow_redirects=False)
        self.assertIn("/my", response.headers.get("Location", ""))

    def test_session_is_rotated_and_carries_no_identity(self):
        self.authenticate(self.manager.login, self.manager.login)
        self.session["identity-check-last"] = 2**40
        root.session_store.save(self.session)
        old_sid = self.session.sid
        response = self.url_open(self._begin(), allow_redirects=False)
        new_sid = response.cookies.get("session_id")
        self.assertTrue(new_sid)
        self.assertNotEqual(new_sid, old_sid)
        session = root.session_store.get(new_sid)
        self.assertEqual(session.uid, self.owner.id)
        self.assertNotIn("identity-check-last", session)

    def test_link_is_good_once(self):
        self.authenticate(self.manager.login, self.manager.login)
        url = self._begin()
        self.assertEqual(self.url_open(url, allow_redirects=False).status_code, 303)
        self.authenticate(self.manager.login, self.manager.login)
        self.assertEqual(self.url_open(url).status_code, 403)

    def test_link_is_the_managers_own(self):
        url = self._begin()
        other = self._create_manager("other", email="other@x.com")
        for user in (other, self.owner):
            self.authenticate(user.login, user.login)
            response = self.url_open(url, allow_redirects=False)
            self.assertEqual(response.status_code, 403, user.login)
        self.authenticate(None, None)
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_link_is_good_for_a_moment(self):
        url = self._begin()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_impersonation_log SET create_date = %s",
            (fields.Datetime.now() - timedelta(minutes=10),),
        )
        self.env.invalidate_all()
        self.authenticate(self.manager.login, self.manager.login)
        self.assertEqual(self.url_open(url).status_code, 403)

    def test_guessed_links(self):
        self._begin()
        self.authenticate(self.manager.login, self.manager.login)
        for path in (f"{self._log().id}/x", "0/x", f"{2**40}/x"):
            response = self.url_open(f"/cement/see-as/{path}")
            self.assertEqual(response.status_code, 403)

    def test_no_chain_of_masks(self):
        self._start()
        # while seeing as the client one is the client, who may not begin
        with self.assertRaises(AccessError):
            self._begin(user=self.owner)

    # === The way out ===

    def _csrf(self):
        page = self.url_open("/my").text
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    def _uid(self):
        response = self.url_open("/my", allow_redirects=False)
        return response.status_code

    def test_return(self):
        self._start()
        response = self.url_open(
            "/cement/see-as/return", {"csrf_token": self._csrf()}, allow_redirects=False
        )
        self.assertIn(
            f"/odoo/res.partner/{self.client.id}", response.headers["Location"]
        )
        self.assertTrue(self._log().date_to)
        response = self.url_open("/odoo", allow_redirects=False)
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("cp-see-as", self.url_open("/my").text)

    def test_return_without_a_mask(self):
        self.authenticate(self.owner.login, self.owner.login)
        response = self.url_open(
            "/cement/see-as/return", {"csrf_token": self._csrf()}, allow_redirects=False
        )
        self.assertTrue(response.headers["Location"].endswith("/my"))

    def _is_out(self):
        response = self.url_open("/my/orders", allow_redirects=False)
        return (
            response.status_code == 303 and "/web/login" in response.headers["Location"]
        )

    def test_logout_ends_it(self):
        self._start()
        self.url_open("/web/session/logout")
        self.assertTrue(self._log().date_to)
        self.assertTrue(self._is_out())

    def test_the_bus_tells_nothing(self):
        """A connection outlives the looking: it is given no channel at all."""
        peek = {"channels": ["odoo-presence-res.partner_1"], "last": 0}
        path = "/websocket/peek_notifications"
        self.authenticate(self.owner.login, self.owner.login)
        self.owner._bus_send("cement.order_state", {"ids": [1]})
        self.env.cr.precommit.run()
        answer = self.make_jsonrpc_request(path, {**peek, "is_first_poll": True})
        self.assertTrue(answer["channels"])
        self._start()
        answer = self.make_jsonrpc_request(path, {**peek, "is_first_poll": True})
        self.assertEqual(answer["channels"], [])
        self.assertEqual(answer["notifications"], [])

    def test_expiry_ends_it(self):
        self._start()
        self.assertFalse(self._is_out())
        self._log().date_expiry = fields.Datetime.now() - timedelta(seconds=1)
        self.assertTrue(self._is_out())
        self.logs._close_expired()
        self.assertEqual(self._log().date_to, self._log().date_expiry)

    def test_end_from_the_log(self):
        self._start()
        self._log().with_user(self.manager).action_close()
        self.assertTrue(self._is_out())

    def test_manager_who_lost_the_right_is_out(self):
        self._start()
        group = self.env.ref("cement_base.group_sales_manager")
        self.manager.group_ids -= group
        self.assertTrue(self._is_out())

    def test_new_password_of_the_manager_is_the_end(self):
        self._start()
        self.manager.password = "another long one"
        self.assertTrue(self._is_out())

    def test_archived_client_is_the_end(self):
        self._start()
        self.owner.active = False
        self.assertTrue(self._is_out())

    # === What is done so ===

    def test_orders_are_the_managers(self):
        cart = self._create_cart()
        self._start()
        response = self.url_open(
            f"/my/carts/{cart.id}/confirm",
            {"csrf_token": self._csrf(), "version": cart.sudo().version},
        )
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        order = cart.sudo().order_ids
        self.assertEqual(order.channel, "manager")
        self.assertEqual(order.ordered_by_id, self.owner)
        self.assertEqual(order.impersonation_log_id, self._log())
        bodies = " ".join(order.message_ids.mapped("body"))
        self.assertIn(self.manager.name, bodies)

    def test_other_deeds_bear_the_managers_name(self):
        """A cancelled order, a word in the chat, a person let in: the records say
        that the client did not do it."""
        order = self._create_order()
        self._start()
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "sale.order",
                "thread_id": order.id,
                "post_data": {"body": "1 < 2", "message_type": "comment"},
            },
        )
        self.make_jsonrpc_request(f"/my/cement/order/{order.id}/cancel", {})
        self.env.invalidate_all()
        self.assertEqual(order.cement_state, "cancelled")
        written = order.message_ids.filtered(lambda m: "1 &lt; 2" in (m.body or ""))
        moved = order.message_ids.filtered("tracking_value_ids")[:1]
        for message in (written, moved):
            self.assertIn(self.manager.name, message.body)
            self.assertIn(self.owner.name, message.body)
