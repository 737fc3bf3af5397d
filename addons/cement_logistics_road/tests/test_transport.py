# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import time
from unittest import TestCase

from ..tools import address, transport
from ..tools.transport import TransportError
from .kernel import Standin


class TestAddress(TestCase):
    def check(self, url, reason, found=("93.184.215.14",), allow_local=False):
        def resolver(_host, _port):
            return list(found)

        with self.assertRaises(address.AddressError) as caught:
            address.resolve(url, allow_local, resolver)
        self.assertEqual(caught.exception.reason, reason, url)

    def test_good(self):
        target = address.resolve(
            "https://movizor.ru/api_2/p/events/", resolver=lambda *_a: ["93.184.215.14"]
        )
        self.assertEqual((target.port, target.path), (443, "/api_2/p/events/"))
        self.assertEqual(target.ip, "93.184.215.14")

    def test_forms(self):
        self.check("http://movizor.ru/", "scheme")
        self.check("ftp://movizor.ru/", "scheme", allow_local=True)
        self.check("file:///etc/passwd", "scheme")
        self.check("https://user:pass@movizor.ru/", "credentials")
        self.check("https:///x", "host")
        self.check("https://movizor.ru:99999/", "host")
        self.check("https://movizor.ru/", "unknown", found=())

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
            "224.0.0.1",
        ):
            self.check("https://movizor.ru/", "local", found=(ip,))
        # one good address does not excuse a bad one
        self.check("https://movizor.ru/", "local", found=("93.184.215.14", "10.0.0.5"))

    def test_allowed_by_an_administrator(self):
        target = address.resolve(
            "http://127.0.0.1:8791/x", True, lambda *_a: ["127.0.0.1"]
        )
        self.assertEqual((target.scheme, target.port), ("http", 8791))


class TestPost(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standin = Standin(slow=5).start()
        cls.addClassCleanup(cls.standin.stop)

    def post(self, mode="ok", timeout=5.0, **kw):
        self.standin.set_mode(mode)
        url = self.standin.url.format(project="cement", method="balance")
        return transport.post(
            url, [("key", "demo-key")], allow_local=True, timeout=timeout, **kw
        )

    def test_good(self):
        reply = self.post()
        self.assertEqual(reply.status, 200)
        self.assertIn(b"success", reply.body)

    def test_bad_days(self):
        self.assertEqual(self.post("500").status, 500)
        self.assertEqual(self.post("nonsense").body, b"bad json")
        for mode, reason in (("half", "broken"), ("big", "big")):
            with self.assertRaises(TransportError) as caught:
                self.post(mode)
            self.assertEqual(caught.exception.reason, reason)

    def test_slow_ends_in_time(self):
        for mode in ("hang", "slow", "drip"):
            begun = time.monotonic()
            with self.assertRaises(TransportError) as caught:
                self.post(mode, timeout=0.6)
            self.assertEqual(caught.exception.reason, "timeout", mode)
            self.assertLess(time.monotonic() - begun, 2.5)

    def test_redirects_are_not_followed(self):
        """The key must not travel to another host."""
        self.assertEqual(self.post("redirect").status, 302)

    def test_nobody_there(self):
        with Standin() as gone:
            url = gone.url.format(project="p", method="m")
        with self.assertRaises(TransportError) as caught:
            transport.post(url, [], allow_local=True, timeout=2)
        self.assertEqual(caught.exception.reason, "refused")

    def test_the_checked_address_is_the_asked_one(self):
        """A name that changes its mind between the check and the request changes
        nothing: it is resolved once."""
        calls = []

        def resolver(host, port):
            calls.append((host, port))
            return ["127.0.0.1"]

        self.post(resolver=resolver)
        self.assertEqual(len(calls), 1)

    def test_inner_addresses_are_refused(self):
        url = self.standin.url.format(project="p", method="m")
        with self.assertRaises(TransportError) as caught:
            transport.post(url, [])
        self.assertEqual(caught.exception.reason, "scheme")
        with self.assertRaises(TransportError) as caught:
            transport.post("https://localhost/", [])
        self.assertEqual(caught.exception.reason, "local")
