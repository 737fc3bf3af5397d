# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re
from urllib.parse import parse_qsl

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tools.order_query import OrderQuery

from .common import CementPortalHttpCommon

SENSELESS = (
    None,
    "",
    "abc",
    0,
    -1,
    2**31,
    2**63,
    10**30,
    1.5,
    True,
    [],
    [1, 2],
    {"id": 1},
    "1' OR 1=1",
    "\x00",
)


@tagged("post_install", "-at_install")
class TestAccessPortalPages(CementPortalHttpCommon):
    """Each page and each role: refused or shown, never failed, never foreign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart(name="Own Cart")
        cls.orders = cls._create_cart(name="Confirmed")._confirm("portal_desktop")

    def _status(self, url, **options):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb"):
            return self.url_open(url, **options)

    def test_home_leads_to_lists_that_understand_it(self):
        self.authenticate(self.owner.login, self.owner.login)
        page = self.url_open("/my").text
        self.assertIn("/my/orders?status=under_way", page)
        for query in re.findall(r'href="/my/orders\?([^"]+)"', page):
            asked = OrderQuery.parse(dict(parse_qsl(query.replace("&amp;", "&"))))
            self.assertTrue(asked.is_filtered or asked.is_sorted, query)

    def test_pages_by_role(self):
        pages = {
            "/my": (200, 200, 200, 200, 200),
            "/my/catalog": (200, 200, 200, 200, 403),
            f"/my/catalog/{self.line_bulk.id}": (200, 200, 200, 200, 403),
            "/my/carts": (200, 200, 403, 403, 403),
            f"/my/carts/{self.cart.id}": (200, 404, 404, 404, 404),
            f"/my/carts/{self.cart.id}/grid": (200, 404, 404, 404, 404),
            f"/my/carts/{self.cart.id}/import": (200, 404, 404, 404, 404),
            f"/my/carts/{self.orders.cement_cart_id.id}/done": (
                200,
                404,
                404,
                404,
                404,
            ),
            "/my/carts/template.xlsx": (200, 200, 403, 403, 403),
            "/my/search?search=cement": (200, 200, 200, 200, 200),
            "/my/help": (200, 200, 200, 200, 200),
            "/my/account": (200, 200, 200, 200, 200),
            "/my/security": (200, 200, 200, 200, 200),
        }
        people = (self.owner, self.buyer, self.viewer, self.accountant, self.nobody)
        for place, user in enumerate(people):
            self.login(user)
            for url, statuses in pages.items():
                with self.subTest(url=url, user=user.login):
                    self.assertEqual(self._status(url).status_code, statuses[place])

    def test_pages_of_the_public_lead_to_the_login(self):
        self.authenticate(None, None)
        for url in ("/my", "/my/catalog", f"/my/carts/{self.cart.id}", "/my/search"):
            response = self._status(url, allow_redirects=False)
            self.assertEqual(response.status_code, 303, url)
            self.assertIn("/web/login", response.headers["Location"])

    def test_nothing_foreign_by_an_id_in_the_address(self):
        self.login(self.owner)
        for url in (
            f"/my/catalog/{self.other_line.id}",
            f"/my/carts/{self.other_cart.id}",
            f"/my/carts/{self.other_cart.id}/grid",
            f"/my/carts/{self.other_cart.id}/import",
            f"/my/carts/{self.other_cart.id}/done",
            f"/my/cement/product/{self.other_line.id}/image",
            "/my/carts/999999999",
            "/my/carts/99999999999999999999",
        ):
            response = self._status(url)
            self.assertEqual(response.status_code, 404, url)
            self.assertNoPart("Foreign", response.text)

    def test_filters_of_the_address_show_nothing_foreign(self):
        self.login(self.owner)
        for query in (
            f"site={self.other_site.id}",
            f"contract={self.other_agreement.id}",
            "site=abc&plant=-1&product=99999999999999999999",
            "sort=name;drop&search=%25%25",
            "search=" + "x" * 5000,
            "page=abc",
            "favourite=2",
        ):
            response = self._status(f"/my/catalog?{query}")
            self.assertEqual(response.status_code, 200, query)
            self.assertNoPart("Foreign", response.text)
            self.assertNoPart("F-1", response.text)

    def test_the_search_finds_nothing_foreign(self):
        self.login(self.owner)
        text = self._status("/my/search?search=Foreign").text
        self.assertNoPart("Foreign Site", text)
        self.assertNoPart("Foreign Cart", text)
        for query in ("%25", "_", "'", "\\", "x" * 3000, "%00"):
            self.assertEqual(
                self._status(f"/my/search?search={query}").status_code, 200
            )

    def test_grid_and_pages_with_senseless_parameters(self):
        self.login(self.owner)
        cart = self.cart.id
        for query in (
            "line=abc&start=2026-13-45",
            f"line={self.other_line.id}&start=0001-01-01",
            "line=-1&start=9999-12-31",
        ):
            response = self._status(f"/my/carts/{cart}/grid?{query}")
            self.assertEqual(response.status_code, 200, query)
            self.assertNoPart("Foreign", response.text)
        self.assertEqual(self._status(f"/my/carts/{cart}?page=-3").status_code, 200)

    def test_senseless_ids_by_rpc_are_refused_and_not_failed(self):
        self.login(self.owner)
        routes = {
            "catalogue/card": "line_id",
            "catalogue/favourite": "line_id",
            "cart/view": "cart_id",
            "cart/line": "cart_id",
            "cart/remove": "cart_id",
            "cart/spread": "cart_id",
            "cart/options": "cart_id",
            "cart/group": "cart_id",
            "cart/cells": "cart_id",
            "cart/discard": "cart_id",
        }
        for route, name in routes.items():
            for value in (*SENSELESS, 999999):
                with self.subTest(route=route, value=value):
                    self.assertIn("404", self.rpc_error(route, **{name: value}))
            self.assertIn("404", self.rpc_error(route))

    def test_foreign_carts_by_rpc(self):
        self.login(self.owner)
        version = self.other_cart.version
        for route in ("view", "line", "remove", "add", "spread", "options", "cells"):
            self.assertIn(
                "404", self.rpc_error(f"cart/{route}", cart_id=self.other_cart.id)
            )
        self.assertEqual(self.other_cart.version, version)

    def test_foreign_lines_and_sites_do_not_come_in(self):
        self.login(self.owner)
        self.assertIn(
            "not among",
            self.rpc_error(
                "catalogue/add",
                line_id=self.other_line.id,
                quantity=1,
                day=str(self.day),
            ),
        )
        self.assertIn(
            "not among",
            self.rpc_error(
                "catalogue/add",
                line_id=self.line_bulk.id,
                quantity=1,
                day=str(self.day),
                site_id=self.other_site.id,
            ),
        )

    def test_odd_quantities_and_days_get_a_sentence(self):
        self.login(self.owner)
        base = {"line_id": self.line_bulk.id, "site_id": self.site.id}
        for quantity in (-5, 0, "abc", "1e9", 10**12, [], {}, None, "NaN", "∞"):
            with self.subTest(quantity=quantity):
                text = self.rpc_error(
                    "catalogue/add", **base, quantity=quantity, day=str(self.day)
                )
                self.assertPart("odoo.exceptions.UserError", text)
        for day in ("yesterday", "2026-02-30", "0001-01-01", [], 12.5):
            with self.subTest(day=day):
                text = self.rpc_error("catalogue/add", **base, quantity=5, day=day)
                self.assertPart("odoo.exceptions.UserError", text)

    def test_rows_and_lists_of_any_shape(self):
        self.login(self.owner)
        cart = self.cart.id
        for rows in (None, "x", {}, [None, 1, "a", []], [{}], [{"quantity": {}}]):
            answer = self.rpc("cart/add", cart_id=cart, rows=rows)
            self.assertIn("plan", answer)
        for ids in (None, "x", {}, [None], [self.other_cart.sudo().line_ids.id]):
            self.rpc("cart/remove", cart_id=cart, line_ids=ids)
        self.assertTrue(self.other_cart.sudo().line_ids)
        for parts in (None, "x", [{}], [{"quantity": "x"}]):
            self.rpc_error(
                "cart/spread",
                cart_id=cart,
                line_id=self.cart.sudo().line_ids.id,
                parts=parts,
            )

    def test_a_nul_is_refused_and_not_failed(self):
        self.login(self.owner)
        with mute_logger("odoo.http"):
            for path, status in (
                ("/my/orders/%00", 404),
                ("/my/orders?q=%00", 200),
                ("/my/search?search=a%00b", 200),
                ("/my/catalog?search=%00", 200),
            ):
                response = self.url_open(path)
                self.assertEqual(response.status_code, status, path)
            token = http.Request.csrf_token(self)
            for path, form in (
                ("/my/carts/new", {"name": "a\x00b"}),
                (
                    "/my/address/submit",
                    {
                        "partner_id": self.owner.partner_id.id,
                        "name": "a\x00b",
                        "email": "a@b.example",
                    },
                ),
            ):
                response = self.url_open(path, {**form, "csrf_token": token})
                self.assertEqual(response.status_code, 400, path)

    def test_members_keep_no_address_book(self):
        """Core lets whoever is logged in add contacts beneath the company."""
        self.login(self.owner)
        partners = self.env["res.partner"].with_context(active_test=False)
        before = partners.search_count([])
        token = http.Request.csrf_token(self)
        form = {"name": "Sham", "email": "sham@x.example", "csrf_token": token}
        with mute_logger("odoo.http"):
            for partner_id in ("", self.client.id, self.site.consignee_id.id or "0"):
                response = self.url_open(
                    "/my/address/submit", {**form, "partner_id": partner_id}
                )
                self.assertEqual(response.status_code, 403, partner_id)
        self.assertEqual(partners.search_count([]), before)
        for path in ("/my/addresses", "/my/address"):
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual(response.status_code, 303, path)
            self.assertTrue(response.headers["Location"].endswith("/my/profile"))
        # the own contact is one's own
        self.assertEqual(self.url_open("/my/account").status_code, 200)

    def test_ten_megabytes_of_text(self):
        self.login(self.owner)
        text = "x" * 10_000_000
        self.rpc("cart/options", cart_id=self.cart.id, note=text, name=text)
        self.assertLessEqual(len(self.cart.sudo().note), 1000)
        self.assertLessEqual(len(self.cart.sudo().name), 100)
        self.rpc_error(
            "catalogue/add", line_id=self.line_bulk.id, quantity=text, day=str(self.day)
        )

    def test_a_viewer_changes_nothing_by_rpc(self):
        self.login(self.viewer)
        self.assertIn("403", self.rpc_error("catalogue/add", line_id=self.line_bulk.id))
        self.assertIn("404", self.rpc_error("cart/view", cart_id=self.cart.id))
        self.assertIn("403", self.rpc_error("cart/restore", name="x", rows=[]))

    def test_switching_to_a_foreign_company_is_refused(self):
        self.login(self.owner)
        for partner_id in (self.other_client.id, "abc", -1, ""):
            response = self._status(
                "/my/cement/switch",
                data={
                    "csrf_token": self.csrf_token(),
                    "partner_id": partner_id,
                },
            )
            self.assertEqual(response.status_code, 403, partner_id)
        self.assertEqual(self.owner._get_cement_partner(), self.client)

    def test_switching_comes_back_to_a_page_of_the_portal_only(self):
        second = self._create_counterparty("Second Works")
        self._create_member(second, "buyer", user=self.owner)
        self.login(self.owner)
        for target in (
            "https://evil.example/",
            "//evil.example",
            "/my/../web",
            "/my/carts/7",
        ):
            response = self._status(
                "/my/cement/switch",
                data={
                    "csrf_token": self.csrf_token(),
                    "partner_id": second.id,
                    "redirect": target,
                },
                allow_redirects=False,
            )
            location = response.headers["Location"].removeprefix(self.base_url())
            self.assertIn(location, ("/my", "/my/carts"))

    def csrf_token(self):
        from odoo.http import Request

        return Request.csrf_token(self)

    def test_pages_ask_no_outside_host(self):
        self.login(self.owner)
        for url in ("/my", "/my/catalog", f"/my/carts/{self.cart.id}"):
            text = self._status(url).text
            for place in ('src="http', "src='http", "url(http"):
                self.assertNotIn(place, text.replace(self.base_url(), ""))


@tagged("post_install", "-at_install")
class TestShell(CementPortalHttpCommon):
    def test_every_page_has_the_frame(self):
        self.client.cement_manager_id = self._create_internal_user(
            "manny", "cement_base.group_sales_manager"
        )
        self.client.cement_manager_id.partner_id.phone = "+7 342 200-10-20"
        self._create_cart(name="Current")
        self.login(self.owner)
        for url in ("/my", "/my/catalog", "/my/account", "/my/security", "/my/help"):
            text = self.url_open(url).text
            for part in (
                'class="cp-rail',
                'class="cp-bottom',
                'id="cp-mini"',
                'role="search"',
                "+7 342 200-10-20",
                'id="cp-message"',
                self.client.name,
                "o_skip_to_content",
                "<html lang=",
            ):
                self.assertPart(part, text, url)

    def test_the_accent_of_the_company_is_used_and_nothing_else_of_it(self):
        company = self.owner.company_id
        self.login(self.owner)
        company.primary_color = "#aa5500"
        self.assertPart("--cp-accent:#aa5500", self.url_open("/my").text)
        company.primary_color = "red}</style><script>alert(1)</script>"
        text = self.url_open("/my").text
        self.assertNotIn("alert(1)", text)

    def test_the_login_is_closed(self):
        self.authenticate(None, None)
        text = self.url_open("/web/login").text
        self.assertPart("/cement/register", text)
        self.assertNoPart("/web/signup", text)

    def test_a_message_reaches_the_manager(self):
        manager = self._create_internal_user("manny", "cement_base.group_sales_manager")
        self.client.cement_manager_id = manager
        self.login(self.owner)
        self.rpc("message", text="Where is <b>my</b> truck?", page="/my")
        message = self.client.message_ids[:1]
        self.assertIn("Where is &lt;b&gt;my", message.body)
        self.assertEqual(message.author_id, self.owner.partner_id)
        self.assertIn(manager.partner_id, message.partner_ids)
        self.rpc_error("message", text="")
