# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json
from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import push
from ..tools.push import PushError

NOW = datetime(2026, 11, 20, 6, 0)
UNIX = 1795154400
WIALON = {"unit": "8671", "pos": {"y": 56.5, "x": 61.2, "s": 57, "c": 280, "t": UNIX}}
EGTS = {
    "client": 8672,
    "packet_id": 17,
    "latitude": "56.6",
    "longitude": 61.1,
    "speed": 62,
    "course": 275,
    "navigation_unix_time": UNIX - 5,
    "received_unix_time": UNIX,
}


def read(data):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return push.read_body(body, NOW)


class TestShapes(TestCase):
    def test_both_shapes_in_one_batch(self):
        reading = read([WIALON, EGTS])
        self.assertEqual(reading.bad, 0)
        first, second = reading.rows
        self.assertEqual((first.ext_id, first.speed, first.at), ("8671", 57, NOW))
        self.assertEqual(
            (second.ext_id, second.latitude, second.at),
            ("8672", 56.6, NOW - timedelta(seconds=5)),
        )

    def test_wrappings(self):
        for data in (WIALON, [WIALON], {"messages": [WIALON]}, [WIALON, WIALON]):
            self.assertEqual(len(read(data).rows), 1)

    def test_times(self):
        for value in (
            UNIX,
            str(UNIX),
            "2026-11-20T06:00:00Z",
            "2026-11-20T09:00+03:00",
        ):
            row = {**EGTS, "navigation_unix_time": value}
            self.assertEqual(read(row).rows[0].at, NOW, value)

    def test_bad_messages_are_counted(self):
        bad = [
            {**EGTS, "latitude": None},
            {**EGTS, "latitude": 0, "longitude": 0},
            {**EGTS, "client": ""},
            {**EGTS, "navigation_unix_time": UNIX + 3600},
            {**EGTS, "navigation_unix_time": UNIX - 8 * 86400},
            {"pos": None, "unit": "1"},
            "text",
            7,
        ]
        reading = read([WIALON, *bad])
        self.assertEqual((len(reading.rows), reading.bad), (1, len(bad)))

    def test_times_at_the_edge_of_the_calendar(self):
        """One such message must not stop the batch of the whole fleet."""
        edge = [
            {**EGTS, "navigation_unix_time": value}
            for value in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
        ]
        reading = read([*edge, WIALON])
        self.assertEqual((len(reading.rows), reading.bad), (1, 2))

    def test_texts_the_database_cannot_keep(self):
        unit = {**EGTS, "client": "86\ud80072"}
        place = {**EGTS, "client": 8673, "place": "km \udfff 5\x00"}
        reading = read([unit, place, {**EGTS, "client": "\ud800"}])
        rows = [(row.ext_id, row.place) for row in reading.rows]
        self.assertEqual((rows, reading.bad), ([("8672", ""), ("8673", "km  5")], 1))

    def test_no_batch_at_all(self):
        for body, reason in (
            (b"", "json"),
            (b"\x00\xff", "json"),
            (b"latitude=5", "json"),
            (b"5", "shape"),
            (b"[]", "empty"),
            (json.dumps([WIALON] * 1001).encode(), "many"),
            (b"[" * 50_000, "json"),
        ):
            with self.assertRaises(PushError) as caught:
                read(body)
            self.assertEqual(caught.exception.reason, reason)

    def test_speeds_out_of_reason_are_dropped(self):
        self.assertIsNone(read({**EGTS, "speed": 900}).rows[0].speed)

    @given(st.binary(max_size=300))
    def test_nothing_breaks_it(self, body):
        try:
            reading = push.read_body(body, NOW)
        except PushError as error:
            self.assertTrue(error.reason)
        else:
            self.assertGreaterEqual(reading.bad, 0)

    def test_plates(self):
        for spelling in ("А123ВС196", "a123bc 196", "A 123 BC-196", "а123вс196"):
            self.assertEqual(push.plate(spelling), "А123ВС196")
        self.assertEqual(push.plate(None), "")
