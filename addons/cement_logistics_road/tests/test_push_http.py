# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json
from datetime import UTC, timedelta

from odoo.tests import HttpCase, tagged

from odoo.addons.cement_base.tools import tokens

from ..tools import push
from .common import RoadCommon

URL = "/cement/tracking/push"


@tagged("post_install", "-at_install")
class TestPushHttp(HttpCase, RoadCommon):
    """The second provider proves that the door is general: it speaks by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = "t" * 32
        cls.provider.token_digest = tokens.digest(cls.token)

    def _push(self, data, token=None, path=URL, **headers):
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        if token:
            headers["X-Token"] = token
        return self.url_open(path, data=body, headers=headers)

    def _message(self, share=0.0, minutes=-10, unit="8671"):
        position = self._at(share, minutes)
        when = position.at.replace(tzinfo=UTC).timestamp()
        return {
            "unit": unit,
            "pos": {
                "y": position.latitude,
                "x": position.longitude,
                "s": 60,
                "c": 280,
                "t": int(when),
            },
        }

    def _egts(self, share, minutes):
        pos = self._message(share, minutes)["pos"]
        return {
            "client": 8671,
            "latitude": pos["y"],
            "longitude": pos["x"],
            "navigation_unix_time": pos["t"],
        }

    def test_both_shapes_move_the_shipment(self):
        trip = self._load()
        answer = self._push(
            [
                self._message(0.0, -60),
                self._egts(0.0, -55),
                self._message(0.05, -50),
                self._egts(0.1, -40),
            ],
            self.token,
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(
            answer.json(),
            {"accepted": 4, "known": 0, "without_trip": 0, "unreadable": 0},
        )
        self.assertEqual(self.shipment.shipment_state, "on_way")
        self.assertEqual(len(trip.position_ids), 4)
        # the gateway sends it again after a broken line
        again = self._push([self._message(0.0, -60)], self.token)
        self.assertEqual(again.json()["known"], 1)
        self.assertEqual(len(trip.position_ids), 4)
        self.assertTrue(self.provider.last_ok_at)

    def test_where_the_token_stands(self):
        message = self._message()
        for answer in (
            self._push(message, self.token),
            self._push(message, Authorization=f"Bearer {self.token}"),
            self._push(message, path=f"{URL}/{self.token}"),
        ):
            self.assertEqual(answer.status_code, 200)

    def test_strangers(self):
        for answer in (
            self._push(self._message()),
            self._push(self._message(), "x" * 32),
            self._push(self._message(), "x" * 5000),
            self._push(self._message(), path=f"{URL}/nonsense"),
        ):
            self.assertEqual(answer.status_code, 401)
        # strangers do not fill the journal
        self.assertFalse(self.provider.exchange_ids)
        self.provider.state = "off"
        self.assertEqual(self._push(self._message(), self.token).status_code, 401)

    def test_bad_bodies(self):
        self._load()
        for body, status, error in (
            (b"latitude=5&longitude=7", 400, "json"),
            (b" ", 400, "json"),
            (b"[]", 400, "empty"),
            (b"7", 400, "shape"),
            (b" " * (push.MAX_BYTES + 1), 413, "size"),
            (b" " * (3 * push.MAX_BYTES), 413, "size"),
            (json.dumps([self._message()] * 1001).encode(), 413, "many"),
        ):
            answer = self._push(body, self.token)
            self.assertEqual(answer.status_code, status, body[:20])
            self.assertEqual(answer.json()["error"], error)
            self.assertTrue(answer.json()["message"])
        failed = self.provider.exchange_ids.filtered(lambda row: row.state == "error")
        self.assertEqual(len(failed), 6)
        self.assertTrue(all(failed.mapped("error")))

    def test_messages_nobody_can_use_are_counted(self):
        self._load()
        answer = self._push(
            [self._message(), {"unit": "8671"}, self._message(unit="stranger")],
            self.token,
        )
        self.assertEqual(
            answer.json(),
            {"accepted": 1, "known": 0, "without_trip": 1, "unreadable": 1},
        )
        exchange = self.provider.exchange_ids
        self.assertEqual((exchange.row_count, exchange.bad_count), (2, 1))
        self.assertEqual(exchange.direction, "in")

    def test_too_often(self):
        self.provider.write({"per_second": 1, "per_hour": 2})
        codes = [
            self._push(self._message(), self.token).status_code for _try in range(4)
        ]
        self.assertIn(429, codes)
        self.assertEqual(codes[0], 200)

    def test_a_mad_gateway_does_not_fill_the_journal(self):
        """What is refused for the limit is recorded once a minute, without its body."""
        self.provider.write({"per_second": 1000, "per_hour": 1})
        for _try in range(5):
            answer = self._push(self._message(), self.token)
        self.assertEqual(answer.status_code, 429)
        limited = self.provider.exchange_ids.filtered(
            lambda row: row.http_status == 429
        )
        self.assertEqual(len(limited), 1)
        self.assertFalse(limited.request)
        limited.date = self.now - timedelta(minutes=2)
        self._push(self._message(), self.token)
        self.env.invalidate_all()
        rows = self.provider.exchange_ids.mapped("http_status")
        self.assertEqual(rows.count(429), 2)

    def test_one_bad_message_does_not_stop_the_others(self):
        trip = self._load()
        good = self._message(0.1, -5)
        for index, bad in enumerate(
            (
                {"unit": "a", "lat": 55, "lon": 37, "time": "0001-01-01T00:00+14:00"},
                {**self._egts(0.1, -3), "client": "\ud800"},
                {**self._egts(0.1, -2), "place": "\ud800"},
            )
        ):
            answer = self._push([good, bad], self.token)
            self.assertEqual(answer.status_code, 200, index)
        self.assertTrue(trip.position_ids)

    def test_the_token_is_kept_nowhere(self):
        self._push(self._message(), path=f"{URL}/{self.token}")
        self._push({"token": self.token}, self.token)
        kept = str(self.provider.exchange_ids.read())
        self.assertNotIn(self.token, kept)
        self.assertNotIn(self.token, str(self.provider.read()))

    def test_a_new_token(self):
        notice = self.provider.action_new_token()
        token = notice["params"]["message"]
        self.assertEqual(self._push(self._message(), token).status_code, 200)
        self.assertEqual(self._push(self._message(), self.token).status_code, 401)

    def test_only_posts(self):
        self.assertEqual(self.url_open(URL).status_code, 405)
