# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Polling an address, against the real server of the stand-in."""

import sys
import time
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.cement_base.tools import outside

from ..models import cement_rail_provider

REPOSITORY = Path(__file__).resolve().parents[3]
if str(REPOSITORY) not in sys.path:
    sys.path.insert(0, str(REPOSITORY))

from tests.rzd.server import Cabinet  # noqa: E402


@tagged("post_install", "-at_install")
class TestProvider(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cement.rail.settings"]._get().check_consignees = False
        cls.source = cls.env["cement.dislocation.source"].create(
            {"name": "Cabinet", "kind": "poll"}
        )

    def setUp(self):
        super().setUp()
        self.cabinet = Cabinet(slow_seconds=6).start()
        self.addCleanup(self.cabinet.stop)
        self.provider = self.env["cement.rail.provider"].create(
            {
                "name": "Cabinet",
                "source_id": self.source.id,
                "url": f"{self.cabinet.url}/report.xlsx",
                "login": "cement",
                "secret": "demo",
                "allow_local": True,
                "timeout_seconds": 2,
            }
        )
        self.provider.action_switch_on()
        self.startPatcher(
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 99.0
            )
        )

    def _ask(self, mode="ok"):
        self.cabinet.mode = mode
        began = time.monotonic()
        exchange = self.provider._step()
        self.assertLess(time.monotonic() - began, 15)
        return exchange

    def test_file(self):
        """F30: an address with login gives the report."""
        exchange = self._ask()
        self.assertEqual(exchange.state, "done", exchange.message)
        self.assertEqual(exchange.import_id.state, "accepted")
        self.assertEqual(exchange.import_id.row_count, 12)
        self.assertEqual(exchange.http_status, 200)
        self.assertGreater(self.provider.next_at, fields.Datetime.now())

    def test_other_forms(self):
        """F30: the same as JSON and as an operator's csv."""
        for name in ("report.json", "report.csv"):
            with self.subTest(name):
                self.provider.url = f"{self.cabinet.url}/{name}"
                exchange = self._ask()
                self.assertEqual(exchange.state, "done", exchange.message)
                self.assertEqual(exchange.import_id.row_count, 12)

    def test_ordered_report(self):
        """F30: ordered, asked after until it is done, as in the cabinet."""
        self.provider.write({"url": f"{self.cabinet.url}/reports", "protocol": "order"})
        self.assertEqual(self._ask().state, "wait")
        self.assertTrue(self.provider.ticket)
        self.assertEqual(self._ask().state, "wait", "being made")
        exchange = self._ask()
        self.assertEqual(exchange.state, "done", exchange.message)
        self.assertEqual(exchange.import_id.dialect, "gvc")
        self.assertTrue(exchange.import_id.formed_at)
        self.assertFalse(self.provider.ticket)

    def test_ordered_report_that_fails_or_never_comes(self):
        self.provider.write({"url": f"{self.cabinet.url}/reports", "protocol": "order"})
        self._ask()
        self.assertEqual(self._ask("failed").state, "failed")
        self.assertFalse(self.provider.ticket, "ordered anew next time")
        self._ask()
        self.provider.ticket_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self._ask("never").state, "failed")

    def test_failures_are_told_and_waited_out(self):
        """B: 500, slow, a trickle, nonsense, half an answer, nothing at all."""
        trips = self.env["cement.wagon.trip"]
        before = trips.search_count([])
        for mode, state, text in (
            ("500", "failed", "500"),
            ("503", "failed", "503"),
            ("drip", "failed", "in time"),
            ("slow", "failed", "in time"),
            ("truncated", "failed", "cut off"),
            ("empty", "failed", "empty"),
            ("nonsense", "refused", "no table"),
        ):
            with self.subTest(mode):
                self.provider.action_switch_on()
                exchange = self._ask(mode)
                self.assertEqual(exchange.state, state)
                self.assertIn(text, exchange.message)
                self.assertEqual(self.provider.failure_count, 1)
                self.assertEqual(self.provider.state, "on")
                self.assertGreater(self.provider.next_at, fields.Datetime.now())
        self.assertEqual(trips.search_count([]), before, "nothing half-written")

    def test_wish_to_wait_of_any_kind(self):
        """B: what is no number of seconds stops nothing."""
        wait = cement_rail_provider._parse_wait
        self.assertEqual(wait(" 90 "), timedelta(seconds=90))
        self.assertEqual(wait("999999999"), timedelta(days=1))
        for text in (None, "", "²", "9" * 5000, "-5", "1.5", "soon", "Wed, 21 Oct"):
            with self.subTest(text):
                self.assertIsNone(wait(text))

    def test_names_of_files(self):
        """B: a name comes in cp1251 or UTF-8, with or without quotes."""
        for raw in ("Дисл.csv".encode("cp1251"), "Дисл.csv".encode()):
            value = b'attachment; filename="../' + raw + b'"'
            reply = outside.Reply(
                200, {"content-disposition": value.decode("latin-1")}, b"x", 0.0
            )
            answer = cement_rail_provider._check_reply(reply)
            self.assertEqual(answer.filename, ".._Дисл.csv")

    def test_too_much(self):
        self.env["cement.rail.settings"]._get().file_max = 1
        exchange = self._ask("huge")
        self.assertEqual(exchange.state, "failed")
        self.assertIn("bigger", exchange.message)

    def test_never_hammered(self):
        """B: the time between questions doubles; the wish to wait is heard."""
        waits = []
        for _turn in range(5):
            before = fields.Datetime.now()
            self._ask("500")
            waits.append(self.provider.next_at - before)
        self.assertEqual(waits, sorted(waits))
        self.assertGreaterEqual(waits[-1], timedelta(minutes=16))
        self.provider.action_switch_on()
        before = fields.Datetime.now()
        self._ask("503")
        self.assertGreaterEqual(
            self.provider.next_at - before, timedelta(seconds=599), "Retry-After"
        )
        asked = len(self.cabinet.log)
        self.env["cement.rail.provider"]._cron_poll()
        self.assertEqual(len(self.cabinet.log), asked, "not before its time")

    def test_wrong_login_stops(self):
        """B: a refused login is not tried again until a person says so."""
        self.provider.secret = "wrong"
        exchange = self._ask()
        self.assertEqual((exchange.state, exchange.http_status), ("failed", 401))
        self.assertEqual(self.provider.state, "stopped")
        self.provider.next_at = False
        asked = len(self.cabinet.log)
        self.env["cement.rail.provider"]._cron_poll()
        self.assertEqual(len(self.cabinet.log), asked)

    def test_login_goes_to_no_other_host(self):
        exchange = self._ask("redirect")
        self.assertEqual(exchange.state, "failed")
        self.assertIn("another host", exchange.message)

    def test_cyrillic_password(self):
        """A letter outside Latin-1 is sent, and stops nothing but this address."""
        self.provider.secret = "пароль №1"
        self.assertEqual(self._ask().state, "failed")
        self.cabinet.password = "пароль №1"
        self.provider.action_switch_on()
        exchange = self._ask()
        self.assertEqual(exchange.state, "done", exchange.message)

    def test_one_broken_address_keeps_no_other_from_being_asked(self):
        other = self.provider.copy({"name": "Other"})
        other.write({"login": "cement", "secret": "demo"})
        other.action_switch_on()
        step = type(self.provider)._step

        def broken(provider):
            if provider == self.provider:
                raise TypeError("x")
            return step(provider)

        with (
            patch.object(type(self.provider), "_step", broken),
            self.assertLogs(cement_rail_provider.__name__, "ERROR"),
        ):
            self.env["cement.rail.provider"]._cron_poll()
        self.assertEqual(self.provider.failure_count, 1)
        self.assertGreater(self.provider.next_at, fields.Datetime.now())
        self.assertEqual(other.exchange_ids.state, "done")

    def test_rows_with_a_status_are_a_report(self):
        """A column called status does not make a report unready."""
        find = cement_rail_provider._find_status
        self.assertEqual(find(b'{"status": "processing"}'), "processing")
        self.assertEqual(find(b'{"data": {"status": "x"}, "status": "new"}'), "new")
        for body in (
            b'[{"wagon": "1", "status": "loaded"}]',
            b'{"status": "loaded", "wagons": []}',
            b'{"status": "processing", "data": {"data": {"head": [], "body": []}}}',
            b"PK",
        ):
            self.assertEqual(find(body), "")

    def test_key_in_the_address_is_not_shown(self):
        self.provider.url += "?token=secret"
        exchange = self._ask()
        self.assertEqual(exchange.state, "done", exchange.message)
        self.assertNotIn("token", exchange.address)

    def test_own_network(self):
        """F30: an address inside is refused unless an administrator allows it."""
        self.provider.allow_local = False
        exchange = self._ask()
        self.assertEqual(exchange.state, "failed")
        self.assertEqual(self.cabinet.log, [])

    def test_server_that_is_not_there(self):
        self.cabinet.stop()
        self.addCleanup(Cabinet().start().stop)
        exchange = self._ask()
        self.assertEqual(exchange.state, "failed")

    def test_cron(self):
        """F30: the cron asks those whose time has come."""
        self.env["cement.rail.provider"]._cron_poll()
        self.assertEqual(self.source.exchange_ids.mapped("state"), ["done"])
        self.env["cement.rail.provider"]._cron_poll()
        self.assertEqual(len(self.source.exchange_ids), 1)

    def test_secret_is_not_shown(self):
        """The password is kept encrypted and never read back."""
        self.assertFalse(self.provider.secret)
        self.assertTrue(self.provider.has_secret)
        self.assertNotIn("demo", self.provider.sudo().sealed_secret)
        admin = self.env["res.users"].create(
            {
                "name": "A",
                "login": "railway_admin",
                "group_ids": [
                    (6, 0, self.env.ref("cement_base.group_cement_admin").ids)
                ],
            }
        )
        with self.assertRaises(AccessError):
            self.provider.with_user(admin).read(["sealed_secret"])
        self.provider.with_user(admin).secret = "other"
        self.assertEqual(self.provider._get_secret(), "other")

    def test_addresses_are_checked(self):
        for url in ("ftp://x", "x", "http://a:b@x/"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.provider.url = url

    def test_the_wagons_move(self):
        """F27: report after report the stand-in's wagons come nearer and arrive."""
        self.provider.url = f"{self.cabinet.url}/report.json"
        self._ask()
        operations = self.env["cement.wagon.operation"]
        before = operations.search_count([])
        moment = self.cabinet.scenario.wagons[0].operation_at
        for step in range(1, 4):
            moment = max(wagon.operation_at for wagon in self.cabinet.scenario.wagons)
            self.cabinet.scenario.advance(moment + timedelta(minutes=step), moves=5)
            exchange = self._ask()
            self.assertEqual(exchange.import_id.state, "accepted", exchange.message)
        self.assertGreater(operations.search_count([]), before + 5)
