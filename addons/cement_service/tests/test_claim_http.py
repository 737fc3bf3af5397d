# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon
from odoo.addons.cement_portal.tests.samples import HTML, PDF

from .common import CementServiceCommon

SENSELESS = ("0", "-1", "abc", "99999999999999999999", "1%27%20OR%201=1")


@tagged("post_install", "-at_install")
class TestClaimHttp(CementServiceCommon, CementPortalHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._submit(files=[("a.jpg", cls.jpeg), ("b.pdf", PDF)])
        cls.photo, cls.paper = cls._inside(cls.claim).photo_ids.sorted("id")
        cls.other_claim = cls._submit(
            cls.stranger,
            order_id=cls.other_order.id,
            description="Foreign words",
            files=[("c.jpg", cls.jpeg)],
        )
        cls.other_photo = cls._inside(cls.other_claim).photo_ids
        cls.page = f"/my/claims/{cls.claim.id}"
        cls.photo_page = f"{cls.page}/files/{cls.photo.id}"

    def _status(self, url, **options):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb"):
            return self.url_open(url, **options)

    def _send(self, files=None, **form):
        page = self.url_open(f"/my/claims/new?order_id={self.order.id}").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        return self._status(
            "/my/claims/submit",
            data={
                "csrf_token": token[1] if token else "",
                "order_id": self.order.id,
                "kind": "late",
                "description": "Five hours late",
                **form,
            },
            files=files or [],
            allow_redirects=False,
        )

    def _count(self):
        return self.env["cement.claim"].search_count(
            [("partner_id", "=", self.client.id)]
        )

    # === Who sees what ===

    def test_pages_by_role(self):
        pages = {
            "/my/claims": (200, 200, 200, 200, 200, 200, 403),
            "/my/claims/new": (200, 200, 200, 200, 200, 200, 403),
            f"/my/claims/new?order_id={self.order.id}": (
                *(200, 200, 404, 200, 200, 404, 403),
            ),
            self.page: (200, 200, 404, 200, 200, 404, 403),
            self.photo_page: (200, 200, 404, 200, 200, 404, 403),
            f"{self.photo_page}?size=small": (200, 200, 404, 200, 200, 404, 403),
        }
        people = (
            self.owner,
            self.privileged,
            self.buyer,
            self.accountant,
            self.viewer,
            self.stranger,
            self.nobody,
        )
        for place, user in enumerate(people):
            self.login(user)
            for url, statuses in pages.items():
                with self.subTest(url=url, user=user.login):
                    response = self._status(url)
                    self.assertEqual(response.status_code, statuses[place])
                    if user != self.stranger:
                        self.assertNoPart("Foreign words", response.text)

    def test_limited_to_another_contract(self):
        second = self._create_agreement(self.client, self.supplier2)
        limited = self._create_member(self.client, "privileged", agreements=second)
        self.login(limited.user_id)
        for url in (self.page, self.photo_page):
            self.assertEqual(self._status(url).status_code, 404)
        self.assertNoPart(self.claim.name, self._status("/my/claims").text)

    def test_the_public_is_led_to_the_login(self):
        self.authenticate(None, None)
        for url in ("/my/claims", "/my/claims/new", self.page, self.photo_page):
            response = self._status(url, allow_redirects=False)
            self.assertEqual(response.status_code, 303, url)
            self.assertIn("/web/login", response.headers["Location"])

    def test_nothing_foreign_by_an_id(self):
        self.login(self.owner)
        note = self.env["ir.attachment"].create(
            {
                "name": "internal.jpg",
                "raw": self.jpeg,
                "res_model": "cement.claim",
                "res_id": self.claim.id,
            }
        )
        for url in (
            f"/my/claims/{self.other_claim.id}",
            f"/my/claims/{self.other_claim.id}/files/{self.other_photo.id}",
            # a foreign file through the own claim, and the other way round
            f"{self.page}/files/{self.other_photo.id}",
            f"/my/claims/{self.other_claim.id}/files/{self.photo.id}",
            # what people inside attached
            f"{self.page}/files/{note.id}",
            f"/my/claims/new?order_id={self.other_order.id}",
            *(f"/my/claims/{value}" for value in SENSELESS),
            *(f"{self.page}/files/{value}" for value in SENSELESS),
        ):
            self.assertEqual(self._status(url).status_code, 404, url)
        for query in ("status=nonsense", "page=-1", "status=%27&page=x"):
            self.assertEqual(self._status(f"/my/claims?{query}").status_code, 200)
        # core's own doors to files stay shut
        for url in (f"/web/content/{self.photo.id}", f"/web/image/{self.photo.id}"):
            response = self._status(url)
            self.assertNotEqual(response.content, self.jpeg)
        text = self._status("/my/claims").text
        self.assertPart(self.claim.name, text)
        self.assertNoPart(self.other_claim.sudo().name, text)

    def test_how_files_are_sent(self):
        self.login(self.owner)
        response = self._status(self.photo_page)
        self.assertEqual(response.content, self.jpeg)
        self.assertEqual(response.headers["Content-Type"], "image/jpeg")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", response.headers["Content-Security-Policy"])
        self.assertIn("private", response.headers["Cache-Control"])
        response = self._status(f"{self.page}/files/{self.paper.id}")
        self.assertEqual(response.content, PDF)
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_what_is_typed_is_text(self):
        claim = self._submit(description="<script>alert(1)</script>\nsecond line")
        self._inside(claim).write({"resolution": "<b>no</b>", "state": "refused"})
        self.login(self.owner)
        for url in (f"/my/claims/{claim.id}", "/my/claims"):
            text = self._status(url).text
            self.assertNoPart("<script>alert(1)", text)
            self.assertNoPart("<b>no</b>", text)
            self.assertPart("&lt;b&gt;no", text)

    # === Sending ===

    def test_the_form_makes_a_claim(self):
        self.login(self.owner)
        before = self._count()
        response = self._send(
            files=[
                ("files", ("one.jpg", self.jpeg, "image/jpeg")),
                ("files", ("two.pdf", PDF, "application/pdf")),
                ("files", ("", b"", "application/octet-stream")),
            ]
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._count(), before + 1)
        claim = self.env["cement.claim"].search([], order="id desc", limit=1)
        self.assertEqual(response.headers["Location"].rpartition("/")[2], str(claim.id))
        self.assertEqual(
            claim.photo_ids.sorted("id").mapped("name"), ["one.jpg", "two.pdf"]
        )
        page = self.url_open(f"/my/claims/{claim.id}").text
        self.assertPart("Five hours late", page)
        self.assertPart("o_portal_chatter", page)

    def test_sent_twice_by_two_requests(self):
        self.login(self.owner)
        before = self._count()
        places = {
            self._send(key="k" * 32, answer="json").json()["url"] for _twice in (1, 2)
        }
        self.assertEqual(len(places), 1)
        self.assertEqual(self._count(), before + 1)

    def test_a_refusal_keeps_what_was_typed(self):
        self.login(self.owner)
        before = self._count()
        for wrong in (
            {"kind": ""},
            {"description": "x" * 5000},
            {"kind": "shortage", "mass": "<b>"},
            {"kind": "packaging", "mass": "1"},
            {"order_id": str(self.other_order.id)},
            {"order_id": "2147483647"},
        ):
            response = self._send(**wrong)
            self.assertEqual(response.status_code, 422, wrong)
            self.assertNoPart("Foreign", response.text)
            self.assertTrue(self._send(**wrong, answer="json").json()["error"])
        response = self._send(kind="shortage", mass="many", order_fixed="1")
        self.assertPart("Five hours late", response.text)
        response = self._send(files=[("files", ("a.jpg", HTML, "image/jpeg"))])
        self.assertEqual(response.status_code, 422)
        self.assertEqual(self._count(), before)

    def test_who_may_not_send(self):
        self.login(self.viewer)
        self.assertIn(self._send().status_code, (400, 403, 422))
        self.login(self.owner)
        token = self._status(
            "/my/claims/submit", data={"kind": "late", "description": "x"}
        )
        self.assertEqual(token.status_code, 400)
        self.login(self.nobody)
        self.assertIn(self._send().status_code, (400, 403))

    # === Conversation ===

    def _post(self, claim, text):
        with mute_logger("odoo.http"):
            return self.url_open(
                "/mail/message/post",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "thread_model": "cement.claim",
                        "thread_id": claim.id,
                        "post_data": {"body": text, "message_type": "comment"},
                    },
                },
            ).json()

    def test_conversation_by_the_portal(self):
        self.login(self.owner)
        self.assertIn("result", self._post(self.claim, "When will you answer?"))
        claim = self._inside(self.claim)
        self.assertIn("When will you answer?", claim.message_ids[0].body)
        # who writes once is not told for ever, its access may end
        self.assertNotIn(self.owner.partner_id, claim.message_partner_ids)
        self.assertIn("error", self._post(self.other_claim, "hello"))
        self.login(self.stranger)
        self.assertIn("error", self._post(self.claim, "hello"))

    def test_links_in_letters_lead_to_the_page(self):
        self.login(self.owner)
        url = f"/mail/view?model=cement.claim&res_id={self.claim.id}"
        response = self._status(url, allow_redirects=False)
        self.assertIn(self.page, response.headers["Location"])

    def test_the_page_of_the_order(self):
        self.login(self.owner)
        text = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertPart(f"/my/claims/new?order_id={self.order.id}", text)
        self.assertPart(self.claim.name, text)
        self.login(self.viewer)
        text = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertNoPart("/my/claims/new", text)
        self.assertPart("/my/claims", self.url_open("/my").text)
