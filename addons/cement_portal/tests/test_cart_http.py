# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementPortalHttpCommon


@tagged("post_install", "-at_install")
class TestCartHttp(CementPortalHttpCommon):
    """The cart as the browser drives it."""

    def setUp(self):
        super().setUp()
        self.login(self.owner)

    def _post(self, url, **data):
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **data})

    def test_add_change_and_undo(self):
        added = self.rpc(
            "catalogue/add",
            line_id=self.line_bulk.id,
            quantity="70",
            day=str(self.day),
            site_id=self.site.id,
        )
        self.assertIn("cp-mini", added["mini"])
        cart = self.env["cement.cart"].browse(added["cart_id"])
        self.assertEqual(cart.line_ids.quantity, 70.0)
        answer = self.rpc(
            "cart/line", cart_id=cart.id, line_id=cart.line_ids.id, quantity="25,8"
        )
        self.assertEqual(cart.line_ids.quantity, 25.8)
        self.assertIn("25", answer["plan"])
        self.assertEqual(answer["version"], cart.version)
        answer = self.rpc("cart/remove", cart_id=cart.id, line_ids=cart.line_ids.ids)
        self.assertFalse(cart.line_ids)
        self.assertEqual(answer["bar"].strip(), "")
        self.rpc("cart/add", cart_id=cart.id, rows=answer["undo"])
        self.assertEqual(cart.line_ids.quantity, 25.8)
        self.assertEqual(cart.line_ids.day, self.day)

    def test_the_second_line_goes_to_the_same_cart(self):
        params = {
            "line_id": self.line_bulk.id,
            "quantity": 10,
            "day": str(self.day),
            "site_id": self.site.id,
        }
        first = self.rpc("catalogue/add", **params)
        second = self.rpc("catalogue/add", **params)
        self.assertEqual(first["cart_id"], second["cart_id"])

    def test_spread_over_days(self):
        cart = self._create_cart([(self.line_bulk, 70.0)])
        later = self.day + timedelta(2)
        self.rpc(
            "cart/spread",
            cart_id=cart.id,
            line_id=cart.sudo().line_ids.id,
            parts=[
                {"day": str(self.day), "quantity": "30"},
                {"day": str(later), "quantity": "40"},
            ],
        )
        lines = cart.sudo().line_ids.sorted("day")
        self.assertEqual(lines.mapped("quantity"), [30.0, 40.0])
        self.assertEqual(lines.mapped("day"), [self.day, later])

    def test_confirm_twice_gives_one_set(self):
        cart = self._create_cart([(self.line_bulk, 70.0)])
        draft = self.url_open(f"/my/carts/{cart.id}")
        # "back" after ordering asks the server, it does not show the old cart
        self.assertEqual(draft.headers["Cache-Control"], "no-store")
        url = f"/my/carts/{cart.id}/confirm"
        page = self._post(url, version=cart.version)
        self.assertTrue(page.url.endswith("/done"))
        orders = cart.sudo().order_ids
        self.assertEqual(len(orders), 3)
        for order in orders:
            self.assertPart(order.name, page.text)
        again = self._post(url, version=cart.version)
        self.assertTrue(again.url.endswith("/done"))
        self.assertEqual(cart.sudo().order_ids, orders)
        # the cart itself leads to what it became, however often it is loaded
        self.assertTrue(self.url_open(f"/my/carts/{cart.id}").url.endswith("/done"))

    def test_words_of_core_that_have_no_translation(self):
        self.authenticate(None, None)
        page = self.url_open("/web/login").text
        for text in ("Enter your", "- or -"):
            self.assertNoPart(text, page)

    def test_a_denial_is_told_once(self):
        self.login(self.viewer)
        with mute_logger("odoo.http"):
            page = self.url_open("/my/carts")
        self.assertEqual(page.status_code, 403)
        self.assertEqual(page.text.count("Your role does not include this page"), 1)

    def test_session_that_ended_while_ordering(self):
        """The login leads back to where the form was sent to: to its cart."""
        cart = self._create_cart()
        page = self.url_open(f"/my/carts/{cart.id}/confirm")
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.url.endswith(f"/my/carts/{cart.id}"))
        self.assertPart("nothing was sent", page.text)
        self.assertEqual(cart.state, "draft")
        page = self.url_open("/my/cement/switch")
        self.assertTrue(page.url.endswith("/my"))

    def test_the_channel_is_told_from_the_browser(self):
        desk = self._create_cart()
        self._post(f"/my/carts/{desk.id}/confirm")
        self.assertEqual(desk.sudo().order_ids.channel, "portal_desktop")
        phone = self._create_cart()
        self.opener.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Mobile"
        self._post(f"/my/carts/{phone.id}/confirm")
        self.assertEqual(phone.sudo().order_ids.channel, "portal_mobile")

    def test_a_page_that_is_stale_orders_nothing(self):
        cart = self._create_cart()
        seen = cart.version
        cart._add_rows([self._prepare_row((self.line_bulk, 5.0))])
        for version in (seen, "²", "9" * 5000, "-1"):
            page = self._post(f"/my/carts/{cart.id}/confirm", version=version)
            self.assertPart("another window", page.text)
        self.assertFalse(cart.sudo().order_ids)

    def test_a_blocked_cart_says_why_and_keeps_its_lines(self):
        cart = self._create_cart([(self.line_bulk, 20.0)])
        self.specification.action_close()
        page = self.url_open(f"/my/carts/{cart.id}")
        self.assertPart("data-cp-way-out", page.text)
        self.assertPart("cp-finding-block", page.text)
        page = self._post(f"/my/carts/{cart.id}/confirm")
        self.assertPart("cp-toast-danger", page.text)
        self.assertEqual(cart.sudo().state, "draft")
        self.assertEqual(len(cart.sudo().line_ids), 1)

    def test_a_changed_price_is_agreed_with(self):
        cart = self._create_cart()
        self.line_bulk.price_unit = 5100.0
        answer = self.rpc("cart/view", cart_id=cart.id)
        self.assertIn("data-cp-prices", answer["plan"])
        answer = self.rpc("cart/prices", cart_id=cart.id)
        self.assertNotIn("data-cp-prices", answer["plan"])

    def test_import_reports_each_bad_row(self):
        cart = self._create_cart([])
        article = self.cement.default_code
        text = "\n".join(
            (
                "Артикул\tКоличество\tДата\tПункт",
                f"{article}\t20\t{self.day:%d.%m.%Y}\tSite North",
                f"{article}\t-3\t{self.day:%d.%m.%Y}\tSite North",
                f"unknown\t5\t{self.day:%d.%m.%Y}\tSite North",
            )
        )
        page = self._post(f"/my/carts/{cart.id}/import", text=text)
        self.assertEqual(len(cart.sudo().line_ids), 1)
        self.assertPart("unknown", page.text)
        # loading the page again adds nothing
        self.url_open(f"/my/carts/{cart.id}/import")
        self.assertEqual(len(cart.sudo().line_ids), 1)

    def test_files_that_are_no_tables(self):
        cart = self._create_cart([])
        url = f"/my/carts/{cart.id}/import"
        token = Request.csrf_token(self)
        for name, content in (
            ("broken.xlsx", b"PK\x03\x04 broken"),
            ("empty.csv", b""),
            ("picture.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00" * 100),
        ):
            with mute_logger("odoo.http"):
                page = self.url_open(
                    url,
                    data={"csrf_token": token},
                    files={"file": (name, content)},
                )
            self.assertEqual(page.status_code, 200, name)
            self.assertPart("cp-finding-block", page.text, name)
        self.assertFalse(cart.sudo().line_ids)

    def test_twenty_megabytes_get_a_sentence(self):
        cart = self._create_cart([])
        page = self.url_open(
            f"/my/carts/{cart.id}/import",
            data={"csrf_token": Request.csrf_token(self)},
            files={"file": ("large.xlsx", b"0" * (20 * 1024 * 1024))},
        )
        self.assertEqual(page.status_code, 200)
        self.assertPart("20 MB", page.text)

    def test_drafts_new_copy_delete_and_undo(self):
        page = self._post("/my/carts/new", name="Bridge <July>")
        self.assertPart("Bridge &lt;July&gt;", page.text)
        cart = self._create_cart(name="To copy")
        copy = self._post(f"/my/carts/{cart.id}/duplicate")
        self.assertEqual(copy.status_code, 200)
        kept = self.rpc("cart/discard", cart_id=cart.id)
        self.assertFalse(cart.exists())
        again = self.rpc("cart/restore", **kept)
        restored = self.env["cement.cart"].browse(again["cart_id"])
        self.assertEqual(restored.name, "To copy")
        self.assertEqual(restored.line_ids.quantity, 20.0)

    def test_repeat_the_last(self):
        page = self._post("/my/cement/repeat_last")
        self.assertIn("/my/catalog", page.url)
        self._create_cart([(self.line_bulk, 70.0)])._confirm("portal_desktop")
        page = self._post("/my/cement/repeat_last")
        cart = self.env["cement.cart"].browse(int(page.url.split("/")[-1]))
        self.assertEqual(sum(cart.line_ids.mapped("quantity")), 70.0)
        self.assertEqual(cart.state, "draft")

    def test_the_catalogue_names_the_cart_and_offers_a_new_one(self):
        held = self._create_cart([(self.line_bulk, 25.0)], name="For the River")
        params = {
            "line_id": self.line_bulk.id,
            "quantity": "70",
            "day": str(self.day),
            "site_id": self.site.id,
        }
        for url, option in (
            ("/my/catalog", f'value="{held.id}" selected="selected"'),
            ("/my/catalog?cart=new", 'value="new" selected="selected"'),
            # senseless, or foreign: the one touched last
            ("/my/catalog?cart=x", f'value="{held.id}" selected="selected"'),
            (
                f"/my/catalog?cart={self.other_cart.id}",
                f'value="{held.id}" selected="selected"',
            ),
        ):
            text = self.url_open(url).text
            self.assertPart(option, text, url)
            self.assertPart("For the River, 25", text, url)
            self.assertNoPart("Foreign Cart", text, url)
        self.assertPart("Already in it:", self.url_open("/my/catalog").text)
        self.assertNoPart("Already in it:", self.url_open("/my/catalog?cart=new").text)
        answer = self.rpc("catalogue/add", target="new", **params)
        fresh = self.env["cement.cart"].browse(answer["cart_id"])
        self.assertEqual(fresh.line_ids.mapped("quantity"), [70.0])
        self.assertIn(f'value="{fresh.id}" selected="selected"', answer["target"])
        self.assertEqual(held.sudo().line_ids.mapped("quantity"), [25.0])
        answer = self.rpc("catalogue/add", target=str(held.id), **params)
        self.assertEqual(answer["cart_id"], held.id)
        error = self.rpc_error("catalogue/add", target=self.other_cart.id, **params)
        self.assertIn("Choose another one", error)
        # "Add" in a cart adds to that cart
        page = self.url_open(f"/my/carts/{fresh.id}").text
        self.assertPart(f'href="/my/catalog?cart={fresh.id}"', page)

    def test_repeat_the_whole_request(self):
        cart = self._create_cart([(self.line_bulk, 70.0)])
        orders = cart._confirm("portal_desktop")
        action = f'action="/my/carts/{cart.id}/repeat"'
        for url in (f"/my/carts/{cart.id}/done", f"/my/orders/{orders[0].id}"):
            self.assertPart(action, self.url_open(url).text, url)
        page = self._post(f"/my/carts/{cart.id}/repeat")
        copy = self.env["cement.cart"].browse(int(page.url.split("/")[-1]))
        self.assertNotEqual(copy, cart)
        self.assertEqual(copy.line_ids.mapped("quantity"), [70.0])
        self.specification.action_close()
        before = self.env["cement.cart"].search_count([])
        page = self._post(f"/my/carts/{cart.id}/repeat")
        self.assertIn("none of your specifications", page.text)
        self.assertEqual(self.env["cement.cart"].search_count([]), before)

    def test_what_goes_by_another_line_is_told_on_the_page_of_the_cart(self):
        order = self._create_order(20.0)
        south = self._create_site(self.client, "Site South")
        self.line_bulk.site_id = self.site
        self._create_specification(
            self._create_agreement(self.client),
            [{"product_id": self.line_bulk.product_id.id}],
        )
        answer = self.rpc(f"order/{order.id}/repeat", site_id=south.id, day="")
        self.assertFalse(answer["errors"])
        self.assertPart("leads to “Site North” only", self.url_open(answer["url"]).text)

    def test_a_cart_of_another_company_of_the_person_takes_the_person_there(self):
        self._create_member(self.other_client, "privileged", user=self.owner)
        page = self.url_open(f"/my/carts/{self.other_cart.id}")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.owner._get_cement_partner(), self.other_client)

    def test_the_grid_by_rpc(self):
        cart = self._create_cart([])
        answer = self.rpc(
            "cart/cells",
            cart_id=cart.id,
            line_id=self.line_bulk.id,
            start=str(self.day),
            cells=[
                {"site_id": self.site.id, "day": str(self.day), "quantity": "30"},
                {"site_id": self.site.id, "day": str(self.day), "quantity": "bad"},
            ],
        )
        self.assertEqual(len(answer["errors"]), 1)
        self.assertIn("cp-cell", answer["grid"])
        self.assertEqual(cart.sudo().line_ids.quantity, 30.0)
        # what is no id is no site, whatever it is
        answer = self.rpc(
            "cart/cells",
            cart_id=cart.id,
            line_id=self.line_bulk.id,
            cells=[
                {"site_id": odd, "day": str(self.day), "quantity": "0"}
                for odd in ([1], {"a": 1}, "x", -5)
            ],
        )
        self.assertEqual(cart.sudo().line_ids.quantity, 30.0)
        # a foreign line leaves the cart alone
        answer = self.rpc(
            "cart/cells",
            cart_id=cart.id,
            line_id=self.other_line.id,
            cells=[{"site_id": self.site.id, "day": str(self.day), "quantity": "1"}],
        )
        self.assertTrue(answer["errors"])
        self.assertEqual(len(cart.sudo().line_ids), 1)

    def test_routes_without_what_they_need(self):
        member = self.owner.cement_member_ids[:1].id
        self.assertEqual(self.rpc("stations"), [])
        self.assertEqual(self.rpc("orders/rows"), {})
        for route in ("people/invite", f"people/{member}/access", "site/add"):
            self.rpc_error(route)
        self.rpc(f"site/{self.site.id}/save")
        self.rpc_error(f"site/{self.site.id}/save", values={"hour_from": "²"})
