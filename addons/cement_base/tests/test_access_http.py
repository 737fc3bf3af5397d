# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CementCommon

_QUIET = (
    "odoo.http",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
)


@tagged("post_install", "-at_install")
class TestAccessHttp(HttpCase, CementCommon):
    """The same doors through the network: the web client's RPC and JSON-2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a = cls._create_counterparty("Client A")
        cls.b = cls._create_counterparty("Client B")
        cls.line_a = cls._create_specification(cls._create_agreement(cls.a)).line_ids
        cls.agreement_b = cls._create_agreement(cls.b)
        cls.line_b = cls._create_specification(
            cls.agreement_b, [{"price_unit": 6222}]
        ).line_ids
        cls.member = cls._create_member(cls.a, "owner", login="http_owner")
        cls.member_b = cls._create_member(cls.b, "owner", login="http_foreign")

    def _call(self, model, method, *args, **kwargs):
        """Return (result, error) of a call as the web client makes it."""
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        answer = response.json()
        return answer.get("result"), answer.get("error")

    def _assert_refused(self, model, method, *args, **kwargs):
        result, error = self._call(model, method, *args, **kwargs)
        self.assertTrue(error, f"{model}.{method} answered {result}")

    @mute_logger(*_QUIET)
    def test_web_rpc(self):
        self.authenticate("http_owner", "http_owner")
        rows, _error = self._call(
            "cement.specification.line", "search_read", [], ["price_unit"]
        )
        self.assertEqual([row["id"] for row in rows], self.line_a.ids)
        foreign = self.line_b.ids
        line = "cement.specification.line"
        self._assert_refused(line, "read", foreign, ["price_unit"])
        self._assert_refused(line, "web_read", foreign, {"price_unit": {}})
        self._assert_refused(line, "export_data", foreign, ["price_unit"])
        self._assert_refused(line, "write", self.line_a.ids, {"price_unit": 1})
        self._assert_refused(line, "create", {"price_unit": 1})
        self._assert_refused(line, "unlink", self.line_a.ids)
        self._assert_refused("agreement", "read", self.agreement_b.ids, ["name"])
        self._assert_refused("res.partner", "read", self.b.ids, ["name"])
        self._assert_refused(
            "product.pricelist.item", "search_read", [], ["fixed_price"]
        )
        rows, _error = self._call(
            "product.product",
            "search_read",
            [("specification_line_ids.price_unit", "=", 6222)],
            ["name"],
        )
        self.assertEqual(rows, [])
        groups, _error = self._call(
            line, "formatted_read_group", [], ["product_id"], ["price_unit:max"]
        )
        self.assertEqual([group["price_unit:max"] for group in groups], [5000])

    @mute_logger(*_QUIET)
    def test_methods_that_are_not_for_the_network(self):
        self.authenticate("http_owner", "http_owner")
        uid = self.member.user_id.ids
        for model, method, args in (
            ("res.users", "cement_guard_domain", [uid, "res.partner"]),
            ("res.users", "_cement_scopes", [uid]),
            ("res.users", "_cement_switch_partner", [uid, self.b.id]),
            ("cement.member", "_set_access", [self.member_b.ids, "viewer"]),
            ("cement.member", "_revoke", [self.member_b.ids]),
            ("cement.member", "_invite", [self.b.id, "x@example.com", "x", "owner"]),
            ("cement.member", "action_resend_invitation", [self.member_b.ids]),
            ("res.partner", "_cement_register", [{"inn": "7707083893"}]),
            ("res.partner", "action_cement_approve", [self.b.ids]),
            ("res.partner", "action_cement_refuse", [self.b.ids]),
            ("res.partner", "_cement_refuse", [self.b.ids, "x"]),
            (
                "cement.specification",
                "action_close",
                [self.line_a.specification_id.ids],
            ),
            ("product.template", "_cron_update_display_stock", []),
        ):
            self._assert_refused(model, method, *args)

    @mute_logger(*_QUIET)
    def test_context_is_no_key(self):
        """Contexts sent by the client open nothing and spoil no cache."""
        self.member.active = False
        self.authenticate("http_owner", "http_owner")
        for context in (
            {"active_test": False},
            {"allowed_company_ids": (self.supplier | self.supplier2).ids},
            {"uid": 1, "su": True},
        ):
            rows, error = self._call(
                "cement.specification.line",
                "search_read",
                [],
                ["price_unit"],
                context=context,
            )
            self.assertTrue(error or not rows, context)

    def _jsonrpc(self, url, **params):
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.text

    @mute_logger(*_QUIET)
    def test_doors_of_the_conversation(self):
        """Core's mail routes answer signed-in people: nothing about strangers."""
        stranger = self.member_b.user_id.partner_id
        stranger.write({"email": "secret.person@example.com", "name": "Secret Person"})
        self.b.message_post(body="secret remark", subtype_xmlid="mail.mt_comment")
        own_id = self.member.user_id.partner_id.id
        self.authenticate("http_owner", "http_owner")
        for url, params in (
            (
                "/mail/partner/from_email",
                {
                    "thread_model": "res.partner",
                    "thread_id": own_id,
                    "emails": ["secret.person@example.com"],
                },
            ),
            (
                "/mail/thread/data",
                {
                    "thread_model": "res.partner",
                    "thread_id": self.b.id,
                    "request_list": ["followers", "attachments", "contact_fields"],
                },
            ),
            (
                "/mail/thread/messages",
                {"thread_model": "res.partner", "thread_id": self.b.id},
            ),
            (
                "/mail/thread/messages",
                {"thread_model": "agreement", "thread_id": self.agreement_b.id},
            ),
            (
                "/mail/thread/recipients",
                {"thread_model": "res.partner", "thread_id": self.b.id},
            ),
        ):
            answer = self._jsonrpc(url, **params)
            self.assertNotIn("Secret Person", answer, url)
            self.assertNotIn("secret remark", answer, url)
            self.assertNotIn("Client B", answer, url)
        for method in ("get_mention_suggestions", "search_for_channel_invite"):
            result, _error = self._call("res.partner", method, "Secret")
            self.assertNotIn("Secret Person", json.dumps(result), method)

    @mute_logger(*_QUIET)
    def test_public(self):
        for model in ("cement.specification.line", "agreement", "cement.site"):
            self._assert_refused(model, "search_read", [], ["display_name"])
        self._assert_refused("res.partner", "read", self.b.ids, ["name"])

    def _json2(self, key, model, method, **body):
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(body),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {key}",
            },
        )

    @mute_logger(*_QUIET)
    def test_json2(self):
        """Should an administrator allow portal users keys of the API, the same
        rules hold there."""
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.member.user_id)
            .sudo()
            ._generate("rpc", "test", None)
        )
        line = "cement.specification.line"
        answer = self._json2(key, line, "search_read", domain=[], fields=["price_unit"])
        self.assertEqual([row["id"] for row in answer.json()], self.line_a.ids)
        answer = self._json2(
            key,
            line,
            "search_read",
            domain=[("commercial_partner_id", "=", self.b.id)],
            fields=["price_unit"],
            context={"active_test": False},
        )
        self.assertEqual(answer.json(), [])
        for model, method, body in (
            (line, "read", {"ids": self.line_b.ids, "fields": ["price_unit"]}),
            (line, "write", {"ids": self.line_a.ids, "vals": {"price_unit": 1}}),
            ("agreement", "read", {"ids": self.agreement_b.ids, "fields": ["code"]}),
            (
                "res.users",
                "cement_guard_domain",
                {"ids": [2], "model_name": "agreement"},
            ),
            ("cement.member", "_revoke", {"ids": self.member_b.ids}),
            ("product.pricelist", "search_read", {"domain": []}),
        ):
            answer = self._json2(key, model, method, **body)
            self.assertGreaterEqual(answer.status_code, 400, (model, method))

    @mute_logger(*_QUIET)
    def test_pages_of_core(self):
        """Core's own portal pages still open with the guards on."""
        self.authenticate("http_owner", "http_owner")
        for url in ("/my", "/my/account", "/my/orders", "/my/security"):
            response = self.url_open(url)
            self.assertEqual(response.status_code, 200, url)
        photo = f"/web/image/res.partner/{self.b.id}/image_128"
        self.assertNotEqual(self.url_open(photo).headers.get("ETag"), None)

    @mute_logger(*_QUIET)
    def test_photo_of_a_foreign_site(self):
        site = self._create_site(
            self.b,
            image_1920="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6"
            "FO1AAAAABJRU5ErkJggg==",
        )
        self.authenticate("http_owner", "http_owner")
        foreign = self.url_open(f"/web/image/cement.site/{site.id}/image_1920")
        self.authenticate("http_foreign", "http_foreign")
        own = self.url_open(f"/web/image/cement.site/{site.id}/image_1920")
        self.assertNotEqual(foreign.content, own.content)
