# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The real endpoint over HTTP, and the stand-in of 1C as a process of its own."""

import base64
import http.client
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .common import LOGIN, PASSWORD, REPOSITORY, OneCCommon
from .kernel import shared_sample
from .test_import_catalog import catalogue, item, offer, offers

TIMEOUT = 300


@tagged("post_install", "-at_install")
class TestEndpoint(OneCCommon, HttpCase):
    """What HTTP itself may do to a request and an answer."""

    def ask(self, method, query, body=None, headers=None, path="/1c/exchange"):
        """Send a raw request: no cookie jar, no redirects, no manners."""
        url = urlsplit(self.base_url())
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        with self.allow_requests(all_requests=True):
            connection.request(
                method,
                f"{path}?{query}",
                body=body,
                headers=headers or {},
                encode_chunked="Transfer-Encoding" in (headers or {}),
            )
            answer = connection.getresponse()
            data = answer.read()
        connection.close()
        return answer, data.decode()

    def auth(self, password=PASSWORD):
        pair = base64.b64encode(f"{LOGIN}:{password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def open(self, kind="sale"):
        query = f"type={kind}&mode=checkauth"
        _answer, text = self.ask("GET", query, headers=self.auth())
        self.assertEqual(text.split("\n")[0], "success")
        return text.split("\n")[2]

    def test_answers_are_text_with_charset_and_without_cookies(self):
        token = self.open()
        for query in (
            "type=sale&mode=checkauth",
            f"type=sale&mode=init&sessid={token}",
            f"type=sale&mode=query&sessid={token}",
            f"type=sale&mode=success&sessid={token}",
            f"type=sale&mode=nonsense&sessid={token}",
            "type=sale&mode=query",
            "",
        ):
            answer, text = self.ask("GET", query, headers=self.auth())
            self.assertEqual(answer.status, 200, query)
            kind = answer.headers["Content-Type"]
            self.assertEqual(kind, "text/plain; charset=utf-8", query)
            self.assertIsNone(answer.headers["Set-Cookie"])
            self.assertTrue(text)

    def test_401_only_at_checkauth(self):
        answer, text = self.ask(
            "GET", "type=catalog&mode=checkauth", headers=self.auth("x")
        )
        self.assertEqual(answer.status, 401)
        self.assertIn("Basic", answer.headers["WWW-Authenticate"])
        self.assertTrue(text.startswith("failure\n"))
        answer, text = self.ask("GET", "type=sale&mode=query", headers=self.auth("x"))
        self.assertEqual(answer.status, 200)

    def test_the_key_in_the_address(self):
        path = f"/1c/exchange/{self.backend.token}"
        query = "type=catalog&mode=checkauth"
        answer, _text = self.ask("GET", query, headers=self.auth(), path=path)
        self.assertEqual(answer.status, 200)
        answer, _text = self.ask("GET", query, headers=self.auth(), path=f"{path}0")
        self.assertEqual(answer.status, 401)

    def test_the_session_comes_as_cookie_or_parameter(self):
        token = self.open()
        cookie = {"Cookie": f"cml_sid={token}"}
        _answer, text = self.ask("GET", "type=sale&mode=init", headers=cookie)
        self.assertTrue(text.startswith("zip=no\n"))
        query = f"type=sale&mode=init&sessid=sessid%3D{token}"
        self.assertTrue(self.ask("GET", query)[1].startswith("zip=no\n"))

    def test_bodies_of_every_kind_arrive_unchanged(self):
        # what a form parser would take apart: & = % + and a broken character
        data = catalogue(item(name="A&amp;B=100% + C")) + b"\n<!-- a=1&b=%2B \xd0 -->"
        for number, headers in enumerate(
            (
                {},
                {"Content-Type": "application/octet-stream"},
                {"Content-Type": "application/x-www-form-urlencoded"},
                {"Content-Type": "multipart/form-data; boundary=x"},
                {"Content-Type": "application/json"},
                {"Content-Type": "text/xml; charset=windows-1251"},
                {"Transfer-Encoding": "chunked"},
            )
        ):
            token = self.open("catalog")
            query = f"type=catalog&mode=file&filename=f{number}.xml&sessid={token}"
            body = (
                iter([data[:100], data[100:]])
                if "Transfer-Encoding" in headers
                else data
            )
            answer, text = self.ask("POST", query, body, headers)
            self.assertEqual((answer.status, text), (200, "success"), headers)
            self.assertEqual(self.last_record().fragment_ids.raw, data, headers)

    def test_a_form_of_many_megabytes(self):
        token = self.open("catalog")
        query = f"type=catalog&mode=file&filename=big.xml&sessid={token}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        data = b"a=b&" * (5 << 20)
        self.assertEqual(self.ask("POST", query, data, headers)[1], "success")
        self.assertEqual(self.last_record().size, len(data))

    def test_a_body_that_is_too_big(self):
        token = self.open("catalog")
        query = f"type=catalog&mode=file&filename=big.xml&sessid={token}"
        url = urlsplit(self.base_url())
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        with self.allow_requests(all_requests=True):
            connection.putrequest("POST", f"/1c/exchange?{query}")
            connection.putheader("Content-Length", str(1 << 32))
            connection.endheaders()
            answer = connection.getresponse()
            text = answer.read().decode()
        connection.close()
        self.assertEqual(answer.status, 200)
        self.assertTrue(text.startswith("failure\n"))

    def test_names_in_the_address_are_decoded(self):
        token = self.open("catalog")
        name = "%D0%A2%D0%BE%D0%B2%D0%B0%D1%80%D1%8B%201.xml"
        query = f"type=catalog&mode=file&filename={name}&sessid={token}"
        self.assertEqual(self.ask("POST", query, b"x")[1], "success")
        self.assertEqual(self.last_record().name, "Товары 1.xml")

    def test_parameters_given_twice_or_strangely(self):
        token = self.open()
        for query in (
            f"type=sale&type=x&mode=query&sessid={token}",
            f"type[]=sale&mode=query&sessid={token}",
            f"type=sale&mode=query&sessid={token}&body=x&query=x&self=x",
            f"type=sale&mode=query&sessid={token}&address_token=x",
            "type=sale&mode=query&sessid=%00",
        ):
            answer, text = self.ask("GET", query)
            self.assertEqual(answer.status, 200)
            self.assertTrue(text)
            self.assertNotIn("<html", text)
            self.assertNotIn("Сбой", text)

    def test_other_methods_are_refused(self):
        for method in ("PUT", "DELETE"):
            answer, _text = self.ask(method, "type=sale&mode=query")
            self.assertEqual(answer.status, 405)


@tagged("post_install", "-at_install")
class TestStandIn(OneCCommon, HttpCase):
    """1C on the other side: its own process, its own strict assertions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not (REPOSITORY / "tests" / "onec" / "cli.py").exists():
            cls.skipTest(cls, "the stand-in is not beside the addons")
        folder = tempfile.TemporaryDirectory(prefix="onec-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    def setUp(self):
        super().setUp()
        self.state = self.folder / f"{self._testMethodName}.json"

    def onec(self, command: str, *options: str, expect: int | None = 0) -> dict:
        """Run the stand-in and return its report; *expect* is its exit code."""
        args = [
            sys.executable,
            "-m",
            "tests.onec",
            command,
            "--url",
            f"{self.base_url()}/1c/exchange/{self.backend.token}",
            "--login",
            LOGIN,
            "--state",
            str(self.state),
            "--json",
            *map(str, options),
        ]
        env = {**os.environ, "ONEC_PASSWORD": PASSWORD, "PYTHONIOENCODING": "utf-8"}
        env.setdefault("PYTHONDONTWRITEBYTECODE", "1")
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            done = subprocess.run(
                args,
                cwd=REPOSITORY,
                env=env,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        self.env.invalidate_all()
        output = done.stdout.decode()
        self.assertTrue(output, done.stderr.decode())
        report = json.loads(output.splitlines()[-1])
        said = f"{report['error']} {report['complaints']} {report['requests']}"
        if expect is not None:
            self.assertEqual(done.returncode, expect, said)
        return report

    def write_file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    # === Connection ===

    def test_the_test_button(self):
        self.backend.import_catalog = False
        report = self.onec("check")
        self.assertEqual(len(report["requests"]), 1)

    def test_a_wrong_password(self):
        self.onec("check", "--password", "wrong", expect=1)

    # === Orders down ===

    def test_no_orders(self):
        report = self.onec("pull")
        self.assertEqual(report["created"], [])

    def test_orders_are_taken_once(self):
        orders = self._create_order() | self._create_order(6.0, line=self.line_pallet)
        report = self.onec("pull")
        self.assertEqual(sorted(report["created"]), sorted(orders.mapped("name")))
        self.assertEqual(report["complaints"], [])
        for order in orders:
            taken = report["orders"][order.name]
            self.assertEqual(float(taken["sum"]), order.amount_total)
            self.assertIn(self.client.vat, taken["party"])
            self.assertEqual([line["vat"] for line in taken["lines"]], ["22"])
        self.assertEqual(set(orders.onec_offer_ids.mapped("state")), {"confirmed"})
        self.assertEqual(self.onec("pull")["created"], [])

    def test_a_crash_of_1c_loses_nothing(self):
        one, two = self._create_order(), self._create_order()
        self.onec("pull", "--crash-on", two.name, expect=1)
        self.assertEqual(
            (one | two).onec_offer_ids.mapped("state"), ["offered", "offered"]
        )
        report = self.onec("pull")
        self.assertEqual(report["created"], [one.name, two.name])

    def test_a_lost_success_makes_no_duplicate(self):
        order = self._create_order()
        self.onec("pull", "--no-success")
        report = self.onec("pull")
        self.assertEqual((report["created"], report["rewritten"]), ([], [order.name]))
        self.assertEqual(order.onec_offer_ids.state, "confirmed")

    def test_an_order_1c_refuses_is_put_aside_and_the_others_go_on(self):
        orders = [self._create_order() for _n in range(3)]
        bad = orders[1]
        for _n in range(9):
            report = self.onec("pull", "--refuse", bad.name, "--lenient", expect=None)
        self.assertEqual(bad.onec_offer_ids.state, "quarantine")
        self.assertEqual(set(report["orders"]), {orders[0].name, orders[2].name})
        self.assertEqual(orders[2].onec_offer_ids.state, "confirmed")

    def test_in_every_encoding(self):
        for encoding in ("utf-8", "utf-8-sig", "windows-1251"):
            self.backend.encoding = encoding
            order = self._create_order()
            self.assertIn(order.name, self.onec("pull")["created"])

    def test_an_order_changed_in_the_portal_is_rewritten(self):
        order = self._create_order()
        self.onec("pull")
        env = self.portal_env(self.owner)
        quantities = {order.order_line.id: 21.0}
        env["sale.order"].browse(order.id)._cement_edit({"quantities": quantities})
        report = self.onec("pull")
        self.assertEqual(report["rewritten"], [order.name])
        (line,) = report["orders"][order.name]["lines"]
        self.assertEqual(line["quantity"], "21.000")

    def test_a_sole_proprietor(self):
        self.client.write({"vat": "500100732259", "kpp": False, "legal_form": "sole"})
        order = self._create_order()
        report = self.onec("pull")
        self.assertTrue(report["orders"][order.name]["party"].startswith("Ф|"))

    # === Statuses up ===

    def test_a_pushed_status_moves_the_order(self):
        order = self._create_order()
        self.onec("pull")
        for steps, state in (
            (1, "reserve_allowed"),
            (1, "reserve_allowed"),
            (1, "shipped"),
        ):
            self.onec("push-status", "--advance", steps)
            self.assertEqual(order.cement_state, state)
        self.assertTrue(order.onec_number.startswith("УТ-"))
        self.assertTrue(order.onec_shipment_number)
        self.assertEqual(self.last_record().state, "done")

    def test_fragments_that_cut_characters(self):
        orders = [self._create_order() for _n in range(3)]
        self.onec("pull")
        self.onec("push-status", "--advance", 1, "--file-limit", 101, "--portion", 2)
        self.assertEqual({o.cement_state for o in orders}, {"reserve_allowed"})

    def test_oddities_of_clients(self):
        order = self._create_order()
        self.onec("pull")
        for options in (
            ("--no-sessid",),
            ("--no-cookie",),
            ("--no-basic",),
            ("--version", "2.09"),
            ("--body", "none"),
            ("--body", "form"),
            ("--body", "chunked"),
        ):
            self.onec("push-status", "--all", *options)
            self.assertEqual(self.last_record().state, "done", options)
        self.assertEqual(order.cement_state, "processing")

    def test_a_broken_session_and_the_next_one(self):
        order = self._create_order()
        self.onec("pull")
        options = ("--advance", 1, "--file-limit", 200)
        self.onec("push-status", *options, "--abort-after", 3, expect=1)
        self.assertEqual(order.cement_state, "new")
        self.onec("push-status")
        self.assertEqual(order.cement_state, "reserve_allowed")

    def test_a_deletion_mark(self):
        order = self._create_order()
        self.onec("pull")
        self.onec("push-status", "--delete", order.name)
        self.assertEqual(order.cement_state, "cancelled")

    def test_a_word_of_an_extension(self):
        order = self._create_order()
        self.onec("pull")
        self.onec("push-status", "--status-text", "Резерв отклонён")
        self.assertEqual(order.cement_state, "reserve_refused")

    def test_a_node_that_does_not_wait_for_the_import(self):
        order = self._create_order()
        self.onec("pull")
        self.onec("push-status", "--advance", 3, "--no-import")
        self.assertEqual(order.cement_state, "new")
        record = self.last_record()
        self.assertTrue(record.is_complete)
        record.session_id._job_process()
        self.assertEqual(order.cement_state, "shipped")

    def test_the_whole_run_again_and_again(self):
        order = self._create_order()
        self.onec("run", "--every", 0, "--cycles", 4, "--catalog")
        self.assertEqual(order.cement_state, "shipped")

    # === Goods up ===

    def test_goods_and_prices(self):
        self.onec("push-catalog", "--file-limit", 333)
        binding = self.env["cement.connector.binding"].search(
            [
                ("backend_id", "=", self.backend.id),
                ("guid", "=", "c1a5e0de-0001-4c3e-9d60-000000000001"),
            ]
        )
        product = binding._get_record()
        self.assertEqual(product.default_code, "CEM1-425N-B")
        self.assertEqual(product.list_price, 8950.0)
        self.assertEqual(product.uom_id, self.tonne)

    def test_rows_with_errors_do_not_make_1c_send_them_for_ever(self):
        good, bad = offer(), offer("ffffffff-0000-4c3e-9d60-000000000001")
        files = [
            self.write_file("import0_1.xml", catalogue(item())),
            self.write_file("offers0_1.xml", offers(good, bad)),
        ]
        options = [option for path in files for option in ("--file", path)]
        self.onec("push-catalog", *options)
        self.assertEqual(self.last_record().failed_count, 1)

    def test_a_broken_file_is_told_to_1c(self):
        path = self.write_file("import0_1.xml", catalogue(item())[:-30])
        report = self.onec("push-catalog", "--file", path, expect=1)
        self.assertIn("import0_1.xml", report["error"])

    def test_the_export_of_a_real_trade_management(self):
        folder = ("carono+yii2-1c-exchange", "files", "xml")
        options = []
        for name in ("import.xml", "offers.xml"):
            options += ["--file", shared_sample(self, *folder, name)]
        self.onec("push-catalog", *options, "--file-limit", 5000)
        binding = self.env["cement.connector.binding"].search(
            [
                ("backend_id", "=", self.backend.id),
                ("guid", "=", "bd72d910-55bc-11d9-848a-00112f43529a"),
                ("kind", "=", "product"),
            ]
        )
        prices = binding._get_record().product_variant_ids.mapped("lst_price")
        self.assertIn(1719.0, prices)
