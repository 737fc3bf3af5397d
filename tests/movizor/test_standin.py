"""The stand-in itself: a lenient tester would make every client look right."""

import http.client
import json
import unittest
from urllib.parse import urlencode

from tests.movizor.road import Truck, distance
from tests.movizor.server import Standin
from tests.movizor.service import Service

PHONE = "79000001200"
WAY = {
    "destination[0][text]": "Завод",
    "destination[0][coord]": "56.420000,61.930000",
    "destination[1][text]": "РБУ",
    "destination[1][coord]": "56.870000,60.540000",
}


class Clock:
    def __init__(self):
        self.now = 1_790_000_000.0

    def __call__(self):
        return self.now


class TestService(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.service = Service(clock=self.clock, consent_after=60)

    def ask(self, method, key="demo-key", project="cement", **params):
        return self.service.answer(project, method, {"key": key, **params})

    def test_consent_comes_later(self):
        self.assertEqual(
            self.ask("object_add", phone=PHONE, **WAY)["result"], "success"
        )
        self.assertEqual(self.ask("pos_objects")["data"], [])
        self.assertEqual(self.ask("object_list")["data"][0]["status"], "wait")
        self.clock.now += 61
        self.ask("object_list")
        row = self.ask("pos_objects")["data"][0]
        self.assertEqual(row["phone"], PHONE)
        kinds = [row["type"] for row in self.ask("events")["data"]]
        self.assertEqual(kinds[-1], "add")
        self.assertIn("confirm", kinds)

    def test_refusals(self):
        self.service.plans[PHONE] = "reject"
        self.ask("object_add", phone=PHONE, **WAY)
        self.clock.now += 61
        self.assertEqual(self.ask("object_list")["data"][0]["status"], "rejected")
        self.service.plans["79000001201"] = "exists"
        answer = self.ask("object_add", phone="79000001201")
        self.assertEqual(answer["error_code"], "error_exists")
        self.assertEqual(self.ask("object_add", phone="12")["error_code"], 3)
        self.assertEqual(self.ask("object_add", phone=PHONE)["error_code"], 5)

    def test_the_fifth_wrong_key_locks_out(self):
        for _try in range(5):
            self.assertEqual(
                self.ask("balance", key="x")["error_text"], "Access denied"
            )
        answer = self.ask("balance")
        self.assertEqual(answer["error_text"], "Auth rate limit exceeded")
        self.assertTrue(self.service.complaints)
        self.clock.now += 3601
        self.assertEqual(self.ask("balance")["result"], "success")

    def test_fifteen_a_second(self):
        results = [self.ask("balance")["result"] for _try in range(16)]
        self.assertEqual(results, ["success"] * 15 + ["error"])

    def test_events_after(self):
        for index in range(4):
            self.ask("object_add", phone=f"7900000120{index}", **WAY)
        rows = self.ask("events", afterid="0", req_limit="2")["data"]
        self.assertEqual(len(rows), 2)
        newest = max(int(row["id"]) for row in rows)
        later = self.ask("events", afterid=str(newest))["data"]
        self.assertTrue(all(int(row["id"]) > newest for row in later))

    def test_types_change(self):
        self.ask("object_add", phone=PHONE, **WAY)
        self.clock.now += 61
        self.ask("object_list")
        kinds = {type(self.ask("pos_objects")["data"][0]["radius"]) for _ in range(8)}
        self.assertEqual(kinds, {int, str})

    def test_strangers_are_noticed(self):
        self.ask("object_add", phone=PHONE, wheels="18")
        self.assertIn("wheels", self.service.complaints[0])


class TestTruck(unittest.TestCase):
    def test_there_and_away(self):
        truck = Truck((56.42, 61.93), (56.87, 60.54), 0, speed=60, wait=60, stand=600)
        self.assertEqual(truck.place(30), truck.start)
        hours = truck.length / 60
        arrived = 60 + hours * 3600
        self.assertLess(distance(truck.place(arrived + 60), truck.end), 0.1)
        self.assertGreater(distance(truck.place(arrived + 1800), truck.end), 5)
        self.assertGreater(distance(truck.place(arrived / 2), truck.start), 20)


class TestServer(unittest.TestCase):
    def test_modes(self):
        with Standin(slow=0.2) as standin:
            self.assertEqual(self.post(standin, "balance")["result"], "success")
            standin.set_mode("500", 1)
            with self.assertRaises(ValueError):
                self.post(standin, "balance")
            self.assertEqual(self.post(standin, "balance")["result"], "success")
            standin.set_mode("half", 1)
            with self.assertRaises(http.client.IncompleteRead):
                self.post(standin, "balance")

    def post(self, standin, method):
        connection = http.client.HTTPConnection("127.0.0.1", standin.port, timeout=5)
        connection.request(
            "POST", f"/api_2/cement/{method}/", urlencode({"key": "demo-key"})
        )
        return json.loads(connection.getresponse().read())
