# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json
from datetime import datetime
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import door, movizor
from ..tools.door import DoorError
from .kernel import data, sample

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats()
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(
                "id phone lat lon timestamp radius status type distance place".split()
            ),
            inner,
            max_size=8,
        )
    ),
    max_leaves=30,
)


def envelope(**values):
    return json.dumps(values).encode()


class TestValues(TestCase):
    def test_numbers(self):
        for value, expected in (
            ("790", 790),
            (790, 790),
            ("37.579491", 37.579491),
            ("1 044,5", 1044.5),
            (None, None),
            ("", None),
            ("nan", None),
            (float("inf"), None),
            (True, None),
            ([], None),
            ("9" * 400, None),
        ):
            self.assertEqual(movizor.number(value), expected, value)

    def test_texts_can_be_kept(self):
        """The database keeps neither zeros nor halves of a pair."""
        for value, expected in (
            ("km \ud800 5", "km  5"),
            ("\udfff", ""),
            ("a\x00b", "ab"),
            ("\U0001f69a км", "\U0001f69a км"),
        ):
            self.assertEqual(movizor.text(value), expected, ascii(value))

    def test_moments(self):
        moment = datetime(2019, 1, 21, 13, 6, 40)
        self.assertEqual(movizor.moment("1548076000"), moment)
        self.assertEqual(movizor.moment(1548076000.7), moment)
        for none in ("0", 0, None, "", -5, "1e30", "x", 12):
            self.assertIsNone(movizor.moment(none), none)

    def test_phones(self):
        for value in (
            "+7 (900) 129-45-67",
            "89001294567",
            "9001294567",
            79001294567,
            "7 900 129 45 67, доб. 5",
        ):
            self.assertEqual(movizor.phone(value), "79001294567", value)
        for wrong in ("", None, "84951234567", "+375 29 123 45 67", "7900129456"):
            self.assertEqual(movizor.phone(wrong), "", wrong)

    def test_times_of_destinations_are_moscow(self):
        moment = datetime(2026, 11, 20, 21, 30)
        self.assertEqual(movizor.moscow_text(moment), "21.11.2026 00:30")
        self.assertEqual(movizor.moscow_text(moment, True), "21.11.2026 00:30:00")


class TestEnvelope(TestCase):
    def test_all_versions(self):
        self.assertEqual(movizor.read_envelope(200, sample("success_response")), None)
        self.assertEqual(len(data("events_resp1")), 10)
        found = movizor.read_envelope(200, sample("pos_objects_resp1"))
        self.assertEqual(len(found), 2)
        v25 = envelope(status="ok", error_code=0, data={"object_id": 5})
        self.assertEqual(movizor.read_envelope(200, v25), {"object_id": 5})

    def test_errors(self):
        for status, body, kind, text in (
            (200, sample("error_response"), "key", "Auth rate limit exceeded"),
            (
                200,
                envelope(
                    result="error",
                    error_code=3,
                    error_text="Wrong phone",
                    error_text_ru="Неверный номер",
                ),
                "refused",
                "Неверный номер",
            ),
            (200, envelope(result="error", error_code="1"), "key", "refused"),
            (
                200,
                envelope(status="error", error_code=7, error_message="No object"),
                "refused",
                "No object",
            ),
            (
                200,
                envelope(result="error", error_code="LIMIT", error_text="Rate limit"),
                "limit",
                "Rate limit",
            ),
            (200, sample("bad"), "unreachable", "nonsense"),
            (502, b"<html>Bad Gateway</html>", "unreachable", "server"),
            (200, b"[1, 2]", "unreachable", "nonsense"),
            (200, b"{}", "unreachable", "nonsense"),
            (200, b'{"result": "succ', "unreachable", "nonsense"),
            (200, b"\xff\xfe", "unreachable", "nonsense"),
            (200, b"[" * 100_000, "unreachable", "nonsense"),
            (403, envelope(result="error", error_text="no"), "key", "no"),
        ):
            with self.assertRaises(DoorError) as caught:
                movizor.read_envelope(status, body)
            self.assertEqual(
                (caught.exception.kind, caught.exception.text), (kind, text), body[:60]
            )


class TestAnswers(TestCase):
    def test_positions(self):
        reading = movizor.read_positions(data("pos_objects_resp1"))
        self.assertEqual((len(reading.rows), reading.bad), (2, 0))
        first = reading.rows[0]
        self.assertEqual(first.ext_id, "79630005272")
        self.assertEqual((first.latitude, first.accuracy), (55.892011, 250))
        self.assertEqual(first.at, datetime(2018, 11, 24, 16, 0))
        self.assertIsNone(first.forecast_hours)

    def test_a_driver_who_has_not_agreed_is_no_mistake(self):
        row = {"phone": "79001294567", "lat": None, "lon": None, "timestamp": 0}
        self.assertEqual(movizor.read_positions([row]), door.Reading([], 0))

    def test_rows_that_make_no_sense(self):
        good = data("pos_objects_resp1")[0]
        rows = [
            good,
            {**good, "lat": "95"},
            {**good, "timestamp": "0"},
            {**good, "phone": "12"},
            {**good, "lat": 0, "lon": "0"},
            "text",
            None,
        ]
        reading = movizor.read_positions(rows)
        self.assertEqual((len(reading.rows), reading.bad), (1, 6))
        self.assertEqual(movizor.read_positions("x"), door.Reading([], 1))
        self.assertEqual(movizor.read_positions([]), door.Reading([], 0))

    def test_events_in_their_order(self):
        reading = movizor.read_events(data("events_resp1") * 2)
        numbers = [row.number for row in reading.rows]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual((len(numbers), reading.bad), (10, 0))
        self.assertEqual(reading.rows[-1].kind, "reject")
        self.assertEqual(movizor.read_events([{"id": "x"}]).bad, 1)

    def test_event_numbers_out_of_reason(self):
        """The newest number is asked from: a huge one would end all events."""
        rows = data("events_resp1")
        for huge in (1e300, "9" * 30, 2**53):
            reading = movizor.read_events([*rows, {**rows[0], "id": huge}])
            self.assertEqual((len(reading.rows), reading.bad), (10, 1), huge)

    def test_distances_out_of_reason(self):
        row = {**data("pos_objects_resp1")[0], "distance": 1e300}
        self.assertIsNone(movizor.read_positions([row]).rows[0].distance_km)

    def test_states(self):
        reading = movizor.read_states(data("object_list_resp1"))
        self.assertEqual(len(reading.rows), 7)
        self.assertEqual(reading.rows[5].status, door.REJECTED)
        for name, status in (
            ("object_get_resp1", door.OK),
            ("object_get2", door.NO_CONFIRMED),
            ("object_get3", door.OK),
        ):
            raw = json.loads(sample(name))
            reading = movizor.read_states(raw.get("data", raw))
            self.assertEqual([row.status for row in reading.rows], [status])
        strange = movizor.read_states([{"phone": "79001294567", "status": "asleep"}])
        self.assertEqual(strange.rows[0].status, door.ERROR)
        self.assertEqual(strange.rows[0].text, "asleep")
        self.assertEqual(movizor.read_states(None).bad, 1)
        self.assertEqual(movizor.read_states([]), door.Reading([], 0))

    @given(JSON)
    def test_nothing_breaks_a_reader(self, value):
        for read in (movizor.read_positions, movizor.read_events, movizor.read_states):
            reading = read(value)
            self.assertGreaterEqual(reading.bad, 0)
        for position in movizor.read_positions(value).rows:
            self.assertTrue(-90 <= position.latitude <= 90)
        try:
            movizor.read_envelope(200, json.dumps(value).encode())
        except DoorError as error:
            self.assertTrue(error.text)

    @given(st.binary(max_size=200), st.integers(100, 599))
    def test_nothing_breaks_the_envelope(self, body, status):
        try:
            movizor.read_envelope(status, body)
        except DoorError as error:
            self.assertTrue(error.text)


class TestQuestions(TestCase):
    def test_object(self):
        params = dict(
            movizor.object_params(
                "79001294567",
                title="А123ВС",
                tariff="15",
                off_at=datetime(2026, 11, 20, 21, 30),
                destinations=(
                    ("Plant", 56.42, 61.93, None),
                    ("Site", 56.87, 60.54, datetime(2026, 11, 20, 9, 0)),
                ),
                metadata={"shipment": "OUT/1", "empty": ""},
            )
        )
        self.assertEqual(params["dateoff"], "21.11.2026 00:30:00")
        self.assertEqual(params["destination[1][coord]"], "56.870000,60.540000")
        self.assertEqual(params["destination[1][time]"], "20.11.2026 12:00")
        self.assertNotIn("destination[0][time]", params)
        self.assertNotIn("metadata[empty]", params)
