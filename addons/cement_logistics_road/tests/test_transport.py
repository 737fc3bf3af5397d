# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the service does on its bad days, as far as the way to it is concerned."""

import time
from unittest import TestCase

from odoo.addons.cement_base.tools import outside

from .kernel import Standin


class TestTransport(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standin = Standin(slow=5).start()
        cls.addClassCleanup(cls.standin.stop)

    def post(self, mode="ok", timeout=5.0):
        self.standin.set_mode(mode)
        return outside.ask(
            "POST",
            self.standin.url.format(project="cement", method="balance"),
            b"key=demo-key",
            {"Content-Type": "application/x-www-form-urlencoded"},
            timeout=timeout,
            largest=4 << 20,
            allow_local=True,
        )

    def refuse(self, mode, reason, **options):
        with self.assertRaises(outside.OutsideError) as caught:
            self.post(mode, **options)
        self.assertEqual(caught.exception.reason, reason, mode)

    def test_good(self):
        reply = self.post()
        self.assertEqual(reply.status, 200)
        self.assertIn(b"success", reply.body)

    def test_bad_days(self):
        self.assertEqual(self.post("500").status, 500)
        self.assertEqual(self.post("nonsense").body, b"bad json")
        self.refuse("half", "broken")
        self.refuse("big", "big")

    def test_slow_ends_in_time(self):
        for mode in ("hang", "slow", "drip"):
            begun = time.monotonic()
            self.refuse(mode, "timeout", timeout=0.6)
            self.assertLess(time.monotonic() - begun, 2.5)

    def test_redirects_are_not_followed(self):
        """The key must not travel to another host."""
        self.assertEqual(self.post("redirect").status, 302)

    def test_nobody_there(self):
        with Standin() as gone:
            url = gone.url.format(project="p", method="m")
        with self.assertRaises(outside.OutsideError) as caught:
            outside.ask("POST", url, timeout=2, largest=100, allow_local=True)
        self.assertEqual(caught.exception.reason, "unreachable")
