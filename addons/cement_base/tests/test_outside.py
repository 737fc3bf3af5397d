# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Services outside: addresses, one request, secrets, when to try again."""

import gzip
import tempfile
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.cement_base.tools import outside, secret_box, tokens
from odoo.addons.cement_base.tools.retry import backoff

PUBLIC = "93.184.215.14"


class TestAddress(TestCase):
    def resolve(self, url, *found, **options):
        return outside.resolve(url, resolver=lambda *_args: list(found), **options)

    def check(self, url, reason, *found, **options):
        with self.assertRaises(outside.AddressError, msg=url) as caught:
            self.resolve(url, *(found or (PUBLIC,)), **options)
        self.assertEqual(caught.exception.reason, reason, url)

    def test_good(self):
        target = self.resolve("https://movizor.ru/api_2/p/events/?a=b c", PUBLIC)
        self.assertEqual((target.port, target.ip), (443, PUBLIC))
        self.assertEqual(target.path, "/api_2/p/events/?a=b%20c")
        self.assertEqual(target.host_header, "movizor.ru")

    def test_letters_that_are_not_latin(self):
        target = self.resolve("http://пример.рф:8080/отчёт", PUBLIC)
        self.assertEqual(target.host_header, "xn--e1afmkfd.xn--p1ai:8080")
        self.assertEqual(target.path, "/%D0%BE%D1%82%D1%87%D1%91%D1%82")
        target = self.resolve("http://[2606:2800:21f::1]:81/a%20b", "2606:2800:21f::1")
        self.assertEqual(target.host_header, "[2606:2800:21f::1]:81")
        self.assertEqual(target.path, "/a%20b")

    def test_forms(self):
        self.check("http://movizor.ru/", "scheme", schemes=outside.HTTPS)
        self.check("ftp://movizor.ru/", "scheme", allow_local=True)
        self.check("file:///etc/passwd", "scheme")
        self.check("https://user:pass@movizor.ru/", "credentials")
        self.check("https:///x", "host")
        self.check("https://movizor.ru:99999/", "host")
        self.check("https://a..b/", "host")
        self.check("http://[x", "host")
        with self.assertRaises(outside.AddressError) as caught:
            self.resolve("https://movizor.ru/")
        self.assertEqual(caught.exception.reason, "unknown")

    def test_our_own_network(self):
        for ip in (
            "127.0.0.1",
            "10.0.0.5",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1%eth0",
            "fc00::1",
            "::ffff:10.0.0.1",
            "2002:a00:1::1",
            "224.0.0.1",
        ):
            self.check("https://movizor.ru/", "local", ip)
            # one good address does not excuse a bad one
            self.check("https://movizor.ru/", "local", PUBLIC, ip)

    def test_allowed_by_an_administrator(self):
        target = self.resolve("http://127.0.0.1:8791/x", "127.0.0.1", allow_local=True)
        self.assertEqual((target.scheme, target.port), ("http", 8791))
        # the address of a cloud's own data is nobody's service
        for ip in ("169.254.169.254", "::ffff:169.254.169.254", "224.0.0.1", "::"):
            self.check("http://x/", "local", ip, allow_local=True)

    @given(st.text(), st.booleans())
    def test_any_text_is_an_address_or_refused(self, text, allow_local):
        for url in (text, f"http://{text}", f"https://a/{text}"):
            try:
                target = self.resolve(url, PUBLIC, allow_local=allow_local)
            except outside.AddressError:
                continue
            self.assertTrue(target.path.isascii() and target.host.isascii())
            self.assertNotRegex(target.path + target.host_header, r"\s")

    def test_redirects(self):
        self.assertTrue(outside.is_same_place("http://a/x", "http://a/y"))
        self.assertTrue(outside.is_same_place("http://a/x", "https://a/x"))
        for target in (
            "http://b/x",
            "ftp://a/x",
            "http://a:81/x",
            "http://a:99999/",
            "http://[x",
            "//",
        ):
            self.assertFalse(outside.is_same_place("http://a/x", target), target)
        self.assertFalse(outside.is_same_place("https://a/x", "http://a/x"))


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        path, body, more = self.path.partition("?")[0], b"hello", {}
        if path == "/dripping-head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            return self._drip(b"X-More: 1\r\n")
        status = 200
        if path == "/packed":
            body, more = gzip.compress(b"x" * 5000), {"Content-Encoding": "gzip"}
        elif path == "/bomb":
            body = gzip.compress(b"x" * 5_000_000)
            more = {"Content-Encoding": "gzip"}
        elif path == "/badly-packed":
            body, more = b"no gzip", {"Content-Encoding": "gzip"}
        elif path == "/half-packed":
            body, more = gzip.compress(b"x" * 5000)[:-9], {"Content-Encoding": "gzip"}
        elif path == "/moved":
            status, more = 302, {"Location": "/there?a=1"}
        elif path == "/away":
            status, more = 302, {"Location": "http://example.org/"}
        elif path == "/nowhere":
            status, more = 302, {"Location": "http://[x"}
        elif path == "/circle":
            status, more = 302, {"Location": "/circle"}
        elif path == "/drip":
            more = {"Content-Length": "1000"}
        elif path == "/refused-and-cut":
            status, more = 401, {"Content-Length": "50"}
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        if path == "/drip":
            return self._drip(b".")
        self.wfile.write(body)

    def _drip(self, portion):
        try:
            for _turn in range(50):
                self.wfile.write(portion)
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return


class TestAsk(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        cls.server.asked = []
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"

    def setUp(self):
        super().setUp()
        self.server.asked.clear()

    def ask(self, path, **options):
        options = {"timeout": 3, "largest": 10_000, "allow_local": True, **options}
        return outside.ask("GET", self.url + path, **options)

    def refuse(self, path, reason, **options):
        with self.assertRaises(outside.OutsideError) as caught:
            self.ask(path, **options)
        self.assertEqual(caught.exception.reason, reason)
        return caught.exception

    def test_good(self):
        reply = self.ask("/x?key=1", headers={"Authorization": "й".encode()})
        self.assertEqual((reply.status, reply.body), (200, b"hello"))
        self.assertEqual(reply.headers["content-length"], "5")
        [(path, headers)] = self.server.asked
        self.assertEqual(path, "/x?key=1")
        self.assertEqual(headers["Host"], self.url.partition("//")[2])

    def test_packed(self):
        self.assertEqual(self.ask("/packed").body, b"x" * 5000)
        self.refuse("/bomb", "big")
        self.refuse("/packed", "big", largest=4999)
        self.refuse("/badly-packed", "broken")
        self.refuse("/half-packed", "broken")

    def test_a_line_that_drips_is_cut(self):
        for path in ("/drip", "/dripping-head"):
            begun = time.monotonic()
            self.refuse(path, "timeout", timeout=0.5)
            self.assertLess(time.monotonic() - begun, 2, path)

    def test_what_was_answered_is_known_though_it_is_cut(self):
        self.assertEqual(self.refuse("/refused-and-cut", "broken").status, 401)

    def test_redirects(self):
        self.assertEqual(self.ask("/moved").status, 302)
        self.assertEqual(self.ask("/moved", redirects=1).body, b"hello")
        self.assertEqual(self.server.asked[-1][0], "/there?a=1")
        self.refuse("/away", "redirect", redirects=3)
        self.refuse("/nowhere", "redirect", redirects=3)
        self.server.asked.clear()
        self.refuse("/circle", "redirect", redirects=3)
        self.assertEqual(len(self.server.asked), 4)

    def test_the_checked_address_is_the_asked_one(self):
        """A name that changes its mind between the check and the request changes
        nothing: it is looked up once."""
        calls = []

        def resolver(host, port):
            calls.append((host, port))
            return ["127.0.0.1"]

        port = self.server.server_port
        outside.ask(
            "GET",
            f"http://service.example:{port}/",
            timeout=3,
            largest=100,
            allow_local=True,
            resolver=resolver,
        )
        self.assertEqual(calls, [("service.example", port)])
        self.assertEqual(self.server.asked[0][1]["Host"], f"service.example:{port}")

    def test_inner_addresses_are_not_asked(self):
        self.refuse("/x", "local", allow_local=False)
        self.refuse("/x", "scheme", schemes=outside.HTTPS)
        self.assertFalse(self.server.asked)

    def test_no_tls(self):
        with self.assertRaises(outside.OutsideError) as caught:
            outside.ask(
                "GET",
                self.url.replace("http:", "https:"),
                timeout=3,
                largest=100,
                allow_local=True,
            )
        self.assertEqual(caught.exception.reason, "tls")


class TestRetry(TestCase):
    def test_backoff(self):
        self.assertEqual(backoff(0), timedelta())
        waits = [backoff(number) for number in range(1, 20)]
        self.assertEqual(waits[:3], [timedelta(minutes=n) for n in (1, 2, 4)])
        self.assertEqual(waits, sorted(waits))
        self.assertEqual(backoff(500), timedelta(hours=1))
        most = timedelta(hours=6)
        self.assertEqual(backoff(500, timedelta(minutes=5), most), most)


class TestSecrets(TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def test_box(self):
        self.assertIsNone(secret_box.load_key(self.root))
        key = secret_box.load_key(self.root, create=True)
        self.assertEqual(secret_box.load_key(self.root, create=True), key)
        mode = (self.root / secret_box.KEY_FILE).stat().st_mode & 0o777
        self.assertEqual(mode, 0o600)
        kept = secret_box.seal("пароль", key)
        self.assertNotIn("пароль", kept)
        self.assertEqual(secret_box.unseal(kept, key), "пароль")
        for wrong in (None, secret_box.Fernet.generate_key()):
            with self.assertRaises(secret_box.SecretError):
                secret_box.unseal(kept, wrong)

    def test_the_former_key_goes_on_opening(self):
        key = secret_box.Fernet.generate_key()
        (self.root / secret_box.FORMER_KEY_FILE).write_bytes(key)
        self.assertEqual(secret_box.load_key(self.root, create=True), key)
        self.assertFalse((self.root / secret_box.KEY_FILE).exists())

    def test_tokens(self):
        token = tokens.new_token()
        self.assertNotEqual(token, tokens.new_token())
        self.assertNotIn(token, tokens.digest(token))
        self.assertTrue(tokens.is_same(token, token))
        self.assertFalse(tokens.is_same(token, "й"))
