# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestShipmentLink(CementLogisticsCommon, CementPortalHttpCommon):
    """The link for the foreman (B2)."""

    def _make(self, user=None):
        shipment = self.as_user(user or self.owner)
        return shipment.env["cement.shipment.link"]._make(shipment)

    def _open(self, link, path=""):
        self.authenticate(None, None)
        return self.url_open(f"/cement/track/{link.token}{path}")

    def test_who_may_make_one(self):
        link = self._make()
        self.assertEqual(link.user_id, self.owner)
        self.assertEqual(len(link.token), 32)
        self.assertEqual(self._make(), link)
        self.assertNotEqual(self._make(self.privileged), link)
        for user in (self.viewer, self.accountant, self.buyer, self.stranger):
            with self.assertRaises(AccessError, msg=user.login):
                self._make(user)

    def test_nothing_to_follow(self):
        self._leave()
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        with self.assertRaises(UserError):
            self._make()

    def test_what_it_shows(self):
        self._leave(trailer_plate="AA 77")
        self._place(eta_date=self.now + timedelta(hours=2), position_text="km 9")
        link = self._make()
        page = self._open(link)
        self.assertEqual(page.status_code, 200)
        for text in (
            "A 123 BC 96",
            "AA 77",
            "Site North",
            "20.00",
            "km 9",
            "cp-ship-map",
        ):
            self.assertPart(text, page.text, text)
        for text in (
            self.client.name,
            self.order.name,
            self.agreement.code,
            self.cement.name,
            "5,000",
            "WB-1",
            self.owner.name,
            "/my/shipments",
        ):
            self.assertNoPart(text, page.text, text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertPart('content="noindex', page.text)

    def test_the_map_ends_with_the_delivery(self):
        self._leave()
        self._place()
        link = self._make()
        points = self.make_jsonrpc_request(f"/cement/track/{link.token}/map")["points"]
        self.assertEqual(len(points), 1)
        self.assertNotIn("url", points[0])
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        page = self._open(link)
        self.assertEqual(page.status_code, 200)
        self.assertNoPart("cp-ship-map", page.text)
        self.assertNoPart("56.8", page.text)
        points = self.make_jsonrpc_request(f"/cement/track/{link.token}/map")["points"]
        self.assertEqual(points, [])
        state = self.make_jsonrpc_request(f"/cement/track/{link.token}/state")
        self.assertTrue(state["is_over"])

    @mute_logger("odoo.http")
    def test_closed_links_look_alike(self):
        link = self._make()
        other = self._make(self.privileged)
        other._withdraw(self.as_user(self.privileged))
        self.assertTrue(link.revoked_date)
        expired = self._make()
        expired.expiry_date = self.now - timedelta(seconds=1)
        texts = set()
        for token in (link.token, expired.token, "A" * 32, "x", "%00" * 10):
            self.authenticate(None, None)
            page = self.url_open(f"/cement/track/{token}")
            self.assertEqual(page.status_code, 404)
            self.assertNoPart("Site North", page.text)
            texts.add(page.text.partition("cp-track")[2].partition("</main>")[0])
            self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(len(texts), 1)
        for route in ("state", "map"):
            answer = self.url_open(
                f"/cement/track/{expired.token}/{route}",
                json={"jsonrpc": "2.0", "method": "call", "params": {}},
            ).json()
            self.assertIn("NotFound", answer["error"]["data"]["name"])
        answer = self.url_open(f"/cement/track/{expired.token}/confirm", data={"a": 1})
        self.assertEqual(answer.status_code, 404)

    def test_nobody_writes_links_by_hand(self):
        """How long a link opens, and for which shipment, is nobody's to type."""
        link = self._make()
        admin = self._create_internal_user("keeper", "cement_base.group_cement_admin")
        for user in (self.dispatcher, admin):
            mine = link.with_user(user)
            for vals in (
                {"expiry_date": self.now + timedelta(days=9999)},
                {"revoked_date": False},
                {"picking_id": self.buyer_shipment.id},
            ):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    mine.write(vals)
        storeman = self._create_internal_user("storeman", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            link.with_user(storeman).action_withdraw()
        link.with_user(self.dispatcher).action_withdraw()
        self.assertTrue(link.revoked_date)

    def test_openings_are_counted(self):
        link = self._make()
        self._open(link)
        self._open(link)
        link.invalidate_recordset()
        self.assertEqual(link.opened_count, 2)
        self.assertTrue(link.opened_date)

    def test_it_lives_past_the_expected_arrival(self):
        self.company = self.shipment.company_id
        self.company.cement_link_days = 2
        self._leave()
        self._place(eta_date=self.now + timedelta(days=9))
        link = self._make()
        self.assertEqual(link.expiry_date, self.now + timedelta(days=11))

    def test_by_the_page(self):
        self.login(self.owner)
        answer = self.rpc(f"shipment/{self.shipment.id}/link")
        self.assertIn("/cement/track/", answer["url"])
        self.assertIn(answer["url"], answer["html"])
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        self.assertPart(answer["url"], page)
        answer = self.rpc(f"shipment/{self.shipment.id}/unlink")
        self.assertFalse(answer["url"])
        self.login(self.viewer)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        self.assertNoPart("cp-ship-share", page)
