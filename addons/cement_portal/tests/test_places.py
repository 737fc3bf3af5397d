# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.cement_sale.tests.common import CementSaleCommon

from ..tools import places

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class TestPlaces(BaseCase):
    """Photo and point as clients send them."""

    def test_point(self):
        for text in ("56.8389, 60.6057", "56,8389; 60,6057", " 56.8389 60.6057 "):
            self.assertEqual(places.read_point(text), (56.8389, 60.6057))
        self.assertIsNone(places.read_point("  "))
        for text in (
            "91, 0",
            "0, 181",
            "north",
            "56.8",
            "1e5, 2",
            "56.8389, 60.6057, 1",
        ):
            with self.subTest(text=text), self.assertRaises(places.PlaceError):
                places.read_point(text)

    @given(st.floats(-90, 90), st.floats(-180, 180))
    def test_point_is_read_as_it_was_written(self, latitude, longitude):
        text = places.write_point(latitude, longitude)
        if text:
            read = places.read_point(text)
            self.assertAlmostEqual(read[0], latitude, 6)
            self.assertAlmostEqual(read[1], longitude, 6)

    def test_photo(self):
        text = base64.b64encode(PNG).decode()
        self.assertEqual(places.read_photo(text), PNG)
        self.assertEqual(places.read_photo(f"data:image/png;base64,{text}"), PNG)

    def test_no_photo(self):
        script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
        for data, code in (
            (script, "not_a_photo"),
            (b"%PDF-1.7", "not_a_photo"),
            (b"", "not_a_photo"),
            (b"\xff\xd8\xff" + b"0" * places.MAX_PHOTO_BYTES, "too_big"),
        ):
            with self.assertRaises(places.PlaceError) as caught:
                places.read_photo(base64.b64encode(data).decode())
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(places.PlaceError):
            places.read_photo("not base64 at all!")


@tagged("post_install", "-at_install")
class TestPlaceRoutes(CementSaleCommon, HttpCase):
    """The site card and the order that is replaced, through the pages."""

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _rpc(self, url, **params):
        answer = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        if "error" in answer:
            return answer["error"]["data"]["name"].rsplit(".", 1)[-1]
        return answer["result"]

    def test_photo_and_point_of_a_site(self):
        url = f"/my/cement/site/{self.site.id}"
        photo = base64.b64encode(PNG).decode()
        values = {"photo": photo, "point": "56.8389, 60.6057"}
        viewer = self._create_member(self.client, "viewer", login="look@x.com").user_id
        self._login(viewer)
        self.assertEqual(self._rpc(f"{url}/save", values=values), "AccessError")
        self._login(self.owner)
        answer = self._rpc(f"{url}/save", values=values)
        self.assertIn("geo:56.838900,60.605700", answer["html"])
        self.assertIn(f"{url}/photo", answer["html"])
        self.assertEqual(self.site.latitude, 56.8389)
        shown = self.url_open(f"{url}/photo")
        self.assertEqual(shown.status_code, 200)
        self.assertTrue(shown.headers["Content-Type"].startswith("image/"))
        self.assertEqual(
            self._rpc(f"{url}/save", values={"photo": "PHN2Zz4="}), "UserError"
        )
        self._login(viewer)
        self.assertEqual(self.url_open(f"{url}/photo").status_code, 200)

    def test_photo_is_not_for_strangers(self):
        self.site.image_1920 = base64.b64encode(PNG)
        stranger = self._create_member(
            self._create_counterparty(), "owner", login="stranger@x.com"
        ).user_id
        self._login(stranger)
        url = f"/my/cement/site/{self.site.id}/photo"
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate(None, None)
        response = self.url_open(url, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])

    def test_replace_by_other_goods(self):
        order = self._create_order(20.0)
        url = f"/my/cement/order/{order.id}/replace"
        rows = [{"specification_line_id": self.line_big_bag.id, "quantity": "10"}]
        viewer = self._create_member(self.client, "viewer", login="look2@x.com").user_id
        self._login(viewer)
        self.assertEqual(self._rpc(url, rows=rows), "AccessError")
        self._login(self.owner)
        for senseless in (None, "x", [], [1], [{"quantity": "1"}], [{}] * 3):
            self.assertEqual(self._rpc(url, rows=senseless), "UserError")
        self.assertIn("cp-order-replace", self.url_open(f"/my/orders/{order.id}").text)
        answer = self._rpc(url, rows=rows)
        order.invalidate_recordset()
        self.assertEqual(order.cement_state, "cancelled")
        new = self.env["sale.order"].search([("replaced_order_id", "=", order.id)])
        self.assertEqual(answer["url"], f"/my/orders/{new.id}")
        self.assertEqual(new.channel, "portal_desktop")
        self.assertIn(order.name, self.url_open(answer["url"]).text)
        self.assertIn(new.name, self.url_open(f"/my/orders/{order.id}").text)
