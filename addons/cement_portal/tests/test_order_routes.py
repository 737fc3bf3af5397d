# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
import json

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.cement_sale.tests.common import CementSaleCommon

HUGE = 2**31 + 5
PAGES = ("orders", "documents", "profile", "statistics", "people")


@tagged("post_install", "-at_install")
class TestOrderRoutes(CementSaleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logins = {"owner": cls.owner}
        for role in ("privileged", "buyer", "accountant", "viewer"):
            cls.logins[role] = cls._create_member(
                cls.client, role, login=f"{role}@x.com"
            ).user_id
        other_agreement = cls._create_agreement(cls.client)
        cls.logins["contract"] = cls._create_member(
            cls.client, "viewer", agreements=other_agreement, login="contract@x.com"
        ).user_id
        cls.logins["site"] = cls._create_member(
            cls.client,
            "viewer",
            sites=cls._create_site(cls.client, "Elsewhere"),
            login="site@x.com",
        ).user_id
        foreign = cls._create_counterparty("Foreign")
        cls.foreign_agreement = cls._create_agreement(foreign)
        cls.foreign_site = cls._create_site(foreign)
        cls.logins["foreign"] = cls._create_member(
            foreign, "owner", login="foreign@x.com"
        ).user_id
        cls.logins["nobody"] = cls._create_portal_user("nobody@x.com")
        cls.order = cls._create_order(20.0)
        cls.order.client_order_ref = "SECRET-REF"
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "quality.pdf",
                "res_model": "sale.order",
                "res_id": cls.order.id,
                "raw": b"quality",
                "cement_shared": True,
            }
        )
        cls.internal = cls.file.copy({"name": "internal.pdf", "cement_shared": False})

    def _login(self, role):
        if role == "public":
            self.authenticate(None, None)
        else:
            login = self.logins[role].login
            self.authenticate(login, login)

    def _get(self, url, **options):
        return self.url_open(url, allow_redirects=False, **options)

    def _rpc(self, url, params=None):
        """Return the answer of a JSON-RPC route, or the name of its exception."""
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "params": params or {}}),
            headers={"Content-Type": "application/json"},
        )
        answer = response.json()
        if "error" in answer:
            return answer["error"]["data"]["name"].rsplit(".", 1)[-1]
        return answer["result"]

    def test_head_of_the_order_says_by_whose_clock(self):
        self._login("owner")
        self.order.site_id.tz = "Asia/Yekaterinburg"
        text = self._get(f"/my/orders/{self.order.id}").text
        self.assertRegex(text, r"\d\d:\d\d MSK\+2</span>")

    # === Pages by role ===

    def test_pages_by_role(self):
        allowed = {
            "owner": set(PAGES),
            "privileged": set(PAGES) - {"people"},
            "buyer": {"orders", "documents", "profile"},
            "accountant": set(PAGES) - {"people"},
            "viewer": set(PAGES) - {"people"},
            "contract": set(PAGES) - {"people"},
            "site": set(PAGES) - {"people"},
            "foreign": set(PAGES),
            "nobody": set(),
            "public": None,
        }
        for role, pages in allowed.items():
            self._login(role)
            for page in PAGES:
                with self.subTest(role=role, page=page):
                    response = self._get(f"/my/{page}")
                    if pages is None:
                        self.assertEqual(response.status_code, 303)
                        self.assertIn("/web/login", response.headers["Location"])
                        continue
                    expected = 200 if page in pages else 403
                    self.assertEqual(response.status_code, expected)
                    # the order and its sum are nowhere but where they belong
                    if role in ("contract", "site", "foreign", "nobody"):
                        self.assertNotIn(self.order.name, response.text)

    def test_quotes_lead_to_the_one_list(self):
        self._login("owner")
        response = self._get("/my/quotes")
        self.assertTrue(response.headers["Location"].endswith("/my/orders"))

    def test_list_with_senseless_parameters(self):
        self._login("owner")
        for query in (
            "page=-1",
            "page=99999999999999999999",
            "page=abc",
            f"plant={HUGE}",
            f"manager={HUGE}",
            "plant=1&plant=2",
            "sort=password&dir=up",
            "status=%27%3B--",
            "month=2026-99",
            "from=2026-02-31",
            "q=%25%27%22%00",
            "q=" + "x" * 5000,
        ):
            with self.subTest(query=query):
                self.assertEqual(self._get(f"/my/orders?{query}").status_code, 200)
        # Odoo's converter of numbers takes signed ones
        self.assertEqual(self._get("/my/orders/page/-1").status_code, 200)

    # === One order ===

    def test_order_page_by_role(self):
        sees = {"owner", "privileged", "accountant", "viewer"}
        for role in self.logins:
            self._login(role)
            with self.subTest(role=role):
                response = self._get(f"/my/orders/{self.order.id}")
                self.assertEqual(response.status_code, 200 if role in sees else 404)
                self.assertEqual("SECRET-REF" in response.text, role in sees)

    def test_token_opens_nothing(self):
        token = self.order._portal_ensure_token()
        self._login("public")
        response = self._get(f"/my/orders/{self.order.id}?access_token={token}")
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])
        for report_type in ("pdf", "html"):
            response = self._get(
                f"/my/orders/{self.order.id}?access_token={token}"
                f"&report_type={report_type}"
            )
            self.assertEqual(response.status_code, 303)
        for role in ("foreign", "nobody", "buyer"):
            self._login(role)
            for extra in ("", "&report_type=html", "&report_type=pdf&download=1"):
                response = self._get(
                    f"/my/orders/{self.order.id}?access_token={token}{extra}"
                )
                self.assertEqual(response.status_code, 404, role)

    def test_core_doors_by_token(self):
        token = self.order._portal_ensure_token()
        order_id = self.order.id
        for role in ("public", "foreign", "buyer"):
            self._login(role)
            with self.subTest(role=role):
                answer = self._rpc(
                    f"/my/orders/{order_id}/accept",
                    {"access_token": token, "name": "x", "signature": "x"},
                )
                self.assertIn("error", answer)
                response = self._get(
                    f"/my/orders/{order_id}/download_edi?access_token={token}"
                )
                self.assertEqual(response.status_code, 303)
                picking = self.order.picking_ids[:1]
                response = self._get(
                    f"/my/picking/pdf/{picking.id}?access_token={token}"
                )
                self.assertEqual(response.status_code, 404)
                with mute_logger("odoo.http"):
                    answer = self._rpc(
                        f"/my/orders/{order_id}/transaction", {"access_token": token}
                    )
                self.assertIsInstance(answer, str)
        self.assertEqual(self.order.cement_state, "new")

    def test_senseless_order_ids(self):
        self._login("owner")
        for order_id in (0, HUGE, 10**18, self.order.id + 10_000):
            with self.subTest(order_id=order_id):
                response = self._get(f"/my/orders/{order_id}")
                self.assertEqual(response.status_code, 404)
        for order_id in ("-1", "1,2", "[1]", "abc"):
            self.assertEqual(self._get(f"/my/orders/{order_id}").status_code, 404)

    def test_page_shows_what_matters(self):
        self._login("owner")
        text = self._get(f"/my/orders/{self.order.id}").text
        for part in (self.order.name, self.site.name, self.agreement.code):
            self.assertIn(part, text)
        self.assertIn("o_portal_chatter", text)

    @mute_logger("odoo.http")
    def test_actions_by_role(self):
        url = f"/my/cement/order/{self.order.id}"
        calls = {
            "edit": {"changes": {"quantities": {self.order.order_line.id: 21}}},
            "repeat": {},
            "copy": {},
            "cancel": {"reason": "x"},
        }
        for role in ("buyer", "contract", "site", "foreign", "nobody"):
            self._login(role)
            for action, params in calls.items():
                with self.subTest(role=role, action=action):
                    self.assertEqual(self._rpc(f"{url}/{action}", params), "NotFound")
            self.assertEqual(self._rpc(f"{url}/favourite"), "NotFound")
            self.assertEqual(self._rpc(f"{url}/state"), "NotFound")
        for role in ("accountant", "viewer"):
            self._login(role)
            for action, params in calls.items():
                with self.subTest(role=role, action=action):
                    self.assertEqual(
                        self._rpc(f"{url}/{action}", params), "AccessError"
                    )
            self.assertEqual(self._rpc(f"{url}/favourite"), {"is_favourite": True})
        self.assertEqual(self.order.load_mass, 20.0)
        self.assertEqual(self.order.cement_state, "new")
        self._login("public")
        self.assertEqual(self._rpc(f"{url}/cancel", {}), "SessionExpiredException")

    @mute_logger("odoo.http")
    def test_actions_of_the_owner(self):
        self._login("privileged")
        url = f"/my/cement/order/{self.order.id}"
        line = self.order.order_line.id
        for bad in ("x", [1], None, {"quantities": [1]}, {"site_id": [1]}):
            with self.subTest(bad=bad):
                self.assertEqual(
                    self._rpc(f"{url}/edit", {"changes": bad}), {"ok": True}
                )
        answer = self._rpc(
            f"{url}/edit", {"changes": {"site_id": self.foreign_site.id}}
        )
        self.assertEqual(answer, "UserError")
        answer = self._rpc(f"{url}/edit", {"changes": {"quantities": {line: 21}}})
        self.assertEqual(answer, {"ok": True})
        self.env.invalidate_all()
        self.assertEqual(self.order.load_mass, 21.0)
        state = self._rpc(f"{url}/state")
        self.assertIn("cp-way", state["status"])
        rows = self._rpc("/my/cement/orders/rows", {"ids": [self.order.id, -1, "x"]})
        self.assertEqual(list(rows), [str(self.order.id)])
        answer = self._rpc(f"{url}/repeat", {"site_id": self.site.id, "day": "oops"})
        self.assertTrue(answer["errors"])
        answer = self._rpc(f"{url}/repeat", {"site_id": [1], "day": None})
        self.assertRegex(answer["url"], r"^/my/carts/\d+$")
        self.assertEqual(
            self._rpc(f"{url}/cancel", {"reason": "y" * 9000}), {"ok": True}
        )
        self.env.invalidate_all()
        self.assertEqual(self.order.cement_state, "cancelled")
        self.assertEqual(self._rpc(f"{url}/cancel", {}), "UserError")

    def test_rows_of_foreign_orders(self):
        self._login("foreign")
        rows = self._rpc("/my/cement/orders/rows", {"ids": [self.order.id]})
        self.assertEqual(rows, {})

    # === Export and documents ===

    def test_export(self):
        self._login("owner")
        response = self._get("/my/orders/export?q=SECRET-REF")
        self.assertEqual(response.status_code, 200)
        self.assertIn("spreadsheetml", response.headers["Content-Type"])
        sheet = load_workbook(io.BytesIO(response.content)).active
        self.assertEqual(sheet["A2"].value, self.order.name)
        self._login("foreign")
        response = self._get("/my/orders/export")
        sheet = load_workbook(io.BytesIO(response.content)).active
        self.assertIsNone(sheet["A2"].value)
        self._login("nobody")
        self.assertEqual(self._get("/my/orders/export").status_code, 403)

    def test_documents_by_id(self):
        for role in self.logins:
            self._login(role)
            sees = role in ("owner", "privileged", "accountant", "viewer")
            with self.subTest(role=role):
                response = self._get(f"/my/documents/{self.file.id}")
                if role == "nobody":
                    self.assertEqual(response.status_code, 403)
                    continue
                self.assertEqual(response.status_code, 200 if sees else 404)
                if sees:
                    self.assertEqual(response.content, b"quality")
                    self.assertIn("attachment", response.headers["Content-Disposition"])
                response = self._get(f"/my/documents/{self.internal.id}")
                self.assertEqual(response.status_code, 404)
                response = self._get(f"/web/content/{self.internal.id}")
                self.assertNotEqual(response.status_code, 200)
        self._login("owner")
        for file_id in (0, HUGE, 10**18):
            self.assertEqual(self._get(f"/my/documents/{file_id}").status_code, 404)

    # === Conversation ===

    def _post(self, body, **params):
        return self._rpc(
            "/mail/message/post",
            {
                "thread_model": "sale.order",
                "thread_id": self.order.id,
                "post_data": {
                    "body": body,
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                },
                **params,
            },
        )

    @mute_logger("odoo.http")
    def test_conversation_by_role(self):
        self._login("viewer")
        self._post("Hello manager")
        self.env.invalidate_all()
        message = self.order.message_ids[0]
        self.assertIn("Hello manager", message.body)
        self.assertEqual(message.author_id, self.logins["viewer"].partner_id)
        self.assertIn(self.order.user_id.partner_id, message.notified_partner_ids)
        token = self.order._portal_ensure_token()
        before = len(self.order.message_ids)
        for role in ("buyer", "contract", "foreign", "nobody", "public"):
            self._login(role)
            with self.subTest(role=role):
                answer = self._post("Intruder", token=token)
                self.assertIsInstance(answer, str)
                answer = self._rpc(
                    "/mail/chatter_fetch",
                    {
                        "thread_model": "sale.order",
                        "thread_id": self.order.id,
                        "token": token,
                        "fetch_params": {},
                    },
                )
                self.assertNotIn("Hello manager", json.dumps(answer))
        self.order.invalidate_recordset()
        self.assertEqual(len(self.order.message_ids), before)
