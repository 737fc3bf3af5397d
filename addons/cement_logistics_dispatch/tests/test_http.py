# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementDispatchCommon


@tagged("post_install", "-at_install")
class TestHttp(CementDispatchCommon, CementPortalHttpCommon):
    """The doors: pages, forms, jsonrpc, the public pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_pickup()
        cls.picking = cls.order.picking_ids
        cls.slot = cls._create_slot(places=2)
        cls.other_order = cls.other_cart._confirm("portal_desktop").sudo()

    def _page(self, url, status=200):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, status, answer.text[:300])
        return answer.text

    def _post(self, url, status=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        answer = self.url_open(url, data=data, allow_redirects=False)
        if status:
            self.assertEqual(answer.status_code, status, answer.text[:500])
        return answer

    # === Change requests ===

    def test_change_by_the_form(self):
        self.login(self.owner)
        url = f"/my/orders/{self.order.id}/change"
        page = self._page(url)
        self.assertPart("cp-change-form", page)
        # a pick-up has no address to change
        self.assertNoPart('value="site"', page)
        answer = self._post(url, 422, kind="quantity", quantity="-4", reason="Less")
        self.assertPart("above zero", answer.text)
        self._post(url, 303, kind="quantity", quantity="15", reason="Less <b>now</b>")
        page = self._page(f"/my/orders/{self.order.id}")
        self.assertPart("Less &lt;b&gt;now&lt;/b&gt;", page)
        request = self.order.change_request_ids
        self.assertEqual(request.new_quantity, 15.0)
        answer = self.rpc(f"order/{self.order.id}/changes")
        self.assertPart(request.name, answer["changes"])
        self.assertPart(request.name, self._page("/my/changes?status=open"))
        self.assertPart(request.name, self.rpc("changes/rows", status="open"))
        self.rpc(f"changes/{request.id}/withdraw")
        self.assertEqual(request.state, "withdrawn")
        self._page("/my/changes?status='%22%3E")

    def test_what_cannot_be_changed_is_told_once(self):
        """First what is possible, then the rest in one line with its reason."""
        self.login(self.owner)
        order = self._create_order(20.0)
        order.picking_ids.shipment_state = "left"
        options = self.env["cement.change.request"]._get_options(order)
        possible = [option for option in options if option["allowed"]]
        closed = [option for option in options if not option["allowed"]]
        self.assertTrue(possible)
        self.assertGreater(len(closed), 2)
        page = self._page(f"/my/orders/{order.id}/change")
        form = page.partition("cp-change-kinds")[2]
        kinds, _sep, rest = form.partition("</fieldset>")
        self.assertEqual(kinds.count('type="radio"'), len(possible))
        self.assertEqual(kinds.count("checked="), 1)
        self.assertNoPart("disabled", kinds)
        self.assertEqual(rest.count("Not possible any more"), 1)
        self.assertPart(", ".join(option["label"] for option in closed), rest)

    def test_clock_of_the_plant_is_named(self):
        self.plant.tz = "Asia/Yekaterinburg"
        self.owner.tz = "Europe/Moscow"
        self.login(self.owner)
        url = f"/my/pickup/{self.picking.id}"
        page = self._page(url)
        self.assertPart("Time of the plant: MSK+2", page)
        self.assertPart("13:00–14:00", page)
        entry = self._book(self.order, self.slot)
        told = "13:00–14:00\N{NO-BREAK SPACE}MSK+2"
        for path in (
            url,
            "/my/pickup",
            "/my/shipments",
            f"/my/shipments/{self.picking.id}",
            f"/my/orders/{self.order.id}",
            f"/cement/pass/{entry._get_code()}",
        ):
            self.assertPart(told, self._page(path), path)

    def test_delivered_shipment_offers_no_change(self):
        order = self._create_order(20.0)
        picking = self.portal_env(self.owner)["stock.picking"].browse(
            order.picking_ids.id
        )
        keys = [action["key"] for action in picking._portal_shipment_actions()]
        self.assertIn("change", keys)
        order.picking_ids.shipment_state = "done"
        keys = [action["key"] for action in picking._portal_shipment_actions()]
        self.assertNotIn("change", keys)

    def test_foreign_orders_are_not_found(self):
        self.login(self.owner)
        for url in (
            f"/my/orders/{self.other_order.id}/change",
            f"/my/pickup/{self.other_order.picking_ids.id}",
            f"/my/pickup/{self.picking.id + 10**6}",
            "/my/pickup/0",
        ):
            self._page(url, 404)
        self._post(
            f"/my/orders/{self.other_order.id}/change", 404, kind="hold", reason="x"
        )
        foreign = self._ask(self.other_order, self.stranger, kind="hold")
        self.rpc_error(f"changes/{foreign.id}/withdraw")
        self.rpc_error(f"order/{self.other_order.id}/changes")
        self.assertEqual(foreign.state, "new")

    def test_viewer_looks_on(self):
        self.login(self.viewer)
        self.assertPart("cp-denied", self._page(f"/my/orders/{self.order.id}"))
        page = self._page(f"/my/pickup/{self.picking.id}")
        self.assertNoPart('name="slot_id"', page)
        self._post(f"/my/pickup/{self.picking.id}", 403, slot_id=self.slot.id)
        answer = self._post(
            f"/my/orders/{self.order.id}/change", 422, kind="hold", reason="x"
        )
        self.assertPart("role does not allow", answer.text)
        self.assertEqual(self.slot.booked, 0)

    # === Pick-up ===

    def test_pickup_by_the_pages(self):
        self.login(self.owner)
        url = f"/my/pickup/{self.picking.id}"
        self.assertPart("08:00–09:00", self._page(url))
        self.assertPart(self.order.name, self._page("/my/pickup"))
        answer = self._post(url, 422, slot_id=self.slot.id, plate="?", driver="Ivan")
        self.assertPart("not a plate", answer.text)
        self._post(url, 303, slot_id=self.slot.id, plate="А123ВС 196", driver="Ivan")
        self.assertPart("data:image/png;base64", self._page(url))
        entry = self.picking.pass_id
        self.assertPart("08:00–09:00", self._page(f"/my/orders/{self.order.id}"))
        self._page(f"/my/shipments/{self.picking.id}")
        self._post(f"{url}/cancel", 303)
        self.assertEqual(entry.state, "cancelled")
        # pressed twice
        self._post(f"{url}/cancel", 303)
        self._page(f"{url}/waybill.pdf", 404)
        self._post(f"{url}/waybill", 303, mass="8")
        part = (self.order.picking_ids - self.picking)[0]
        self.assertEqual(part._get_mass(), 8.0)
        self._page(f"/my/pickup/{part.id}/waybill.pdf")
        self._post(f"/my/pickup/{part.id}/waybill", 303, withdraw="1")
        self.assertEqual(part.state, "cancel")

    # === The pass in public ===

    def test_public_pass_says_what_the_gate_must_know(self):
        entry = self._book(self.order, self.slot)
        code = entry._get_code()
        self.authenticate(None, None)
        answer = self.url_open(f"/cement/pass/{code}")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertPart(entry.name, answer.text)
        self.assertPart("А123ВС 196", answer.text)
        for secret in (
            "Petrov",
            "900 000",
            self.client.name,
            self.order.name,
            self.agreement.code,
            "5,000",
        ):
            self.assertNoPart(secret, answer.text)
        self.assertEqual(self.url_open(f"/cement/pass/{code}/pdf").status_code, 200)
        state = self.make_jsonrpc_request(f"/cement/pass/{code}/state", {})
        self.assertPart("cp-badge", state)

    def test_forged_pass_is_not_found(self):
        entry = self._book(self.order, self.slot)
        code = entry._get_code()
        self.authenticate(None, None)
        for forged in (code[:-1] + "x", f"{entry.id}", f"{entry.id}-x-y", "1", "%00"):
            self.assertIn(
                self.url_open(f"/cement/pass/{forged}").status_code, (400, 404)
            )
            self.assertIn(
                self.url_open(f"/cement/pass/{forged}/pdf").status_code, (400, 404)
            )

    # === Gate ===

    def test_guard_begins_at_the_gate(self):
        self.authenticate(None, None)
        form = {
            "login": self.guard.login,
            "password": self.guard.login,
            "csrf_token": http.Request.csrf_token(self),
        }
        answer = self.url_open("/web/login", data=form, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/cement/gate"))
        page = self._page("/cement/gate")
        self.assertPart("Scan the pass", page)
        self.assertNoPart("Back office", page)
        # who is at which gate, by which clock, and the way out
        self.assertPart("/web/session/logout", page)
        self.assertPart(self.guard.name, page)
        self.assertPart(self.plant.name, page)
        self.assertPart(f"{self.plant._get_local_now():%H:}", page)
        self.assertPart("UTC", page)
        self.login(self.dispatcher)
        self.assertPart("Back office", self._page("/cement/gate"))

    def test_gate_by_the_pages(self):
        entry = self._book_now(self.order)
        code = entry._get_code()
        self.login(self.owner)
        answer = self.url_open("/cement/gate", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self._post("/cement/gate/move", 303, code=code, action="enter")
        self.assertEqual(entry.state, "booked")
        self.login(self.guard)
        # the camera of the guard's phone leads to the gate
        answer = self.url_open(f"/cement/pass/{code}", allow_redirects=False)
        self.assertTrue(
            answer.headers["Location"].endswith(f"/cement/gate?code={code}")
        )
        self.assertPart("Let in", self._page(f"/cement/gate?code={code}"))
        answer = self._post("/cement/gate/move", 200, code=code, action="enter")
        self.assertEqual(entry.state, "inside")
        self.assertPart("cp-gate-ok", answer.text)
        self.assertPart("Let in at", answer.text)
        self.assertNoPart("cp-gate-warn", answer.text)
        self.assertNoPart("cp-gate-info", answer.text)
        answer = self._post("/cement/gate/move", 422, code=code, action="leave")
        self.assertPart("Weigh the vehicle", answer.text)
        answer = self._post(
            "/cement/gate/move", 422, code=code, action="leave", tare="15", gross="75"
        )
        self.assertPart("unload the surplus", answer.text)
        self.assertEqual((entry.state, self.picking.net_mass), ("inside", 0.0))
        self.assertTrue(self.picking.activity_ids)
        answer = self._post(
            "/cement/gate/move", 200, code=code, action="leave", tare="15", gross="34.9"
        )
        self.assertEqual(entry.state, "left")
        self.assertPart("cp-gate-ok", answer.text)
        self.assertPart("Let out at", answer.text)
        self.assertPart("Used already", self._page(f"/cement/gate?code={code}"))
        self.assertPart("Not a pass", self._page("/cement/gate?code=%3Cscript%3E"))
        self._post("/cement/gate/move", 422, code="nonsense", action="enter")

    # === Cart ===

    def test_weeks_and_hours_by_the_page(self):
        self.login(self.owner)
        cart = self._create_cart()
        line = cart.line_ids
        answer = self.rpc(
            "cart/line", cart_id=cart.id, line_id=line.id, desired_from="08:15"
        )
        self.assertPart('value="08:15"', answer["asked"])
        self.rpc_error("cart/line", cart_id=cart.id, line_id=line.id, desired_from="88")
        answer = self.rpc("cart/weeks", cart_id=cart.id, weeks=2)
        self.assertEqual(len(answer["added"]), 2)
        self.rpc_error("cart/weeks", cart_id=cart.id, weeks=99)
        with self.assertRaises(UserError):
            cart._repeat_weeks(float("inf"))
        self.rpc_error("cart/weeks", cart_id=self.other_cart.id, weeks=1)
