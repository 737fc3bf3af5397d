# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.cement_base.tests.common import CementCommon, make_inn
from odoo.addons.cement_portal.models import cement_registration


class RegistrationCommon(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.public = cls.env.ref("base.public_user")
        cls.form = {
            "inn": make_inn(4321),
            "kpp": "590401001",
            "name": "New Buyer",
            "email": "boss@newbuyer.example",
            "contact_name": "Boss",
        }

    def _model(self):
        return self.portal_env(self.public)["cement.registration"]

    def _submit(self, ip="1.2.3.4", seconds=30.0, trap="", **form):
        return self._model()._submit(
            {**self.form, **form}, ip=ip, seconds=seconds, trap=trap
        )

    def _last(self):
        return self.env["cement.registration"].search([], limit=1)

    def _partners(self):
        return self.env["res.partner"].search(
            [("vat", "=", self.form["inn"]), ("parent_id", "=", False)]
        )


@tagged("post_install", "-at_install")
class TestRegistration(RegistrationCommon):
    def _send(self, **form):
        """Submit the form and return the secret of the letter."""
        with patch.object(
            cement_registration.tokens, "new_token", return_value="s3cret"
        ):
            self.assertEqual(self._submit(**form), {"status": "sent"})
        return self._last(), "s3cret"

    def test_reaches_the_manager_after_the_letter_only(self):
        registration, secret = self._send()
        self.assertEqual(registration.state, "sent")
        self.assertFalse(self._partners())
        answer = self._model()._confirm(registration.id, secret)
        self.assertEqual(answer["status"], "confirmed")
        partner = self._partners()
        self.assertEqual(partner.registration_state, "pending")
        self.assertFalse(partner.is_counterparty)
        self.assertEqual(registration.partner_id, partner)
        # once more: the same answer, no second company
        answer = self._model()._confirm(registration.id, secret)
        self.assertEqual(answer["status"], "confirmed")
        self.assertEqual(len(self._partners()), 1)

    def test_letter_holds_the_link(self):
        self.env["mail.mail"].search([]).unlink()
        registration, secret = self._send()
        mail = self.env["mail.mail"].search([], limit=1)
        self.assertIn(
            f"/cement/register/confirm/{registration.id}/{secret}", mail.body_html
        )
        self.assertEqual(mail.email_to, self.form["email"])

    def test_wrong_or_old_link(self):
        registration, secret = self._send()
        for number, text in (
            (registration.id, "wrong"),
            (registration.id, ""),
            (0, secret),
            (registration.id + 1, secret),
        ):
            answer = self._model()._confirm(number, text)
            self.assertEqual(answer["status"], "unknown")
        registration.date_expiry = fields.Datetime.now() - timedelta(seconds=1)
        answer = self._model()._confirm(registration.id, secret)
        self.assertEqual(answer["status"], "unknown")

    def test_known_inn_is_refused(self):
        self._create_counterparty("Known", inn=self.form["inn"], kpp=self.form["kpp"])
        answer = self._submit()
        self.assertEqual(answer["status"], "error")
        self.assertIn("registered already", answer["error"])
        self.assertEqual(self._last().state, "refused")

    def test_inn_registered_while_the_letter_lay(self):
        registration, secret = self._send()
        self._create_counterparty("Known", inn=self.form["inn"], kpp=self.form["kpp"])
        answer = self._model()._confirm(registration.id, secret)
        self.assertEqual(answer["status"], "error")
        self.assertEqual(registration.state, "refused")

    def test_wrong_input_is_told(self):
        for form in (
            {"inn": "7700000001"},
            {"inn": ""},
            {"email": "nobody"},
            {"name": ""},
            {"kpp": "1"},
            {"ogrn": "1234567890123"},
            {"inn": "<script>"},
            {"inn": "9" * 100_000},
        ):
            with self.subTest(form=form):
                answer = self._submit(ip=str(form)[:20], **form)
                self.assertEqual(answer["status"], "error")
                self.assertTrue(answer["error"])

    def test_machines_see_what_everybody_sees(self):
        for options in ({"trap": "x"}, {"seconds": 0.5}):
            self.assertEqual(self._submit(**options), {"status": "sent"})
            self.assertEqual(self._last().state, "sham")
        self.assertFalse(self._last().values)

    def test_stale_page(self):
        self.assertEqual(self._submit(seconds=None)["status"], "stale")
        self.assertEqual(self._submit(seconds=10.0**9)["status"], "stale")

    def test_too_many_from_one_address(self):
        for _index in range(cement_registration.MAX_PER_IP):
            self._submit(inn="1")
        answer = self._submit()
        self.assertEqual(answer["status"], "error")
        self.assertIn("Too many", answer["error"])
        self.assertEqual(self._submit(ip="10.0.0.2"), {"status": "sent"})

    def test_a_proxy_that_hides_its_visitors_is_no_single_person(self):
        for number in range(cement_registration.MAX_PER_PRIVATE_IP):
            answer = self._submit(ip="10.0.0.1", trap="machine")
            self.assertEqual(answer["status"], "sent", number)
        self.assertEqual(self._submit(ip="10.0.0.1")["status"], "error")
        self.assertEqual(self._submit(ip="1.2.3.4")["status"], "sent")

    def test_too_many_from_everywhere(self):
        for number in range(cement_registration.MAX_PER_HOUR):
            answer = self._submit(ip=f"5.6.7.{number}", trap="machine")
            self.assertEqual(answer["status"], "sent", number)
        self.assertEqual(self._submit(ip="9.8.7.6")["status"], "error")

    def test_a_mailbox_gets_few_letters(self):
        self.env["mail.mail"].search([]).unlink()
        for index in range(cement_registration.MAX_PER_EMAIL + 3):
            # a name before the address does not make another mailbox of it
            email = f"Boss {index} <Boss@newbuyer.example>"
            self.assertEqual(
                self._submit(ip=f"10.1.0.{index}", email=email), {"status": "sent"}
            )
        self.assertEqual(
            self.env["mail.mail"].search_count([]), cement_registration.MAX_PER_EMAIL
        )

    def test_nobody_outside_reads_registrations(self):
        self._send()
        person = self._create_portal_user("p@x.com")
        for user in (self.public, person):
            with self.assertRaises(AccessError):
                self.portal_env(user)["cement.registration"].search([])
        manager = self._create_internal_user("m", "cement_base.group_sales_manager")
        registration = self.portal_env(manager)["cement.registration"].search([])
        with self.assertRaises(AccessError):
            registration.read(["token_hash"])


@tagged("post_install", "-at_install")
class TestRegistrationPage(RegistrationCommon, HttpCase):
    def _post(self, path, data):
        page = self.url_open("/cement/register")
        fields_ = dict(
            re.findall(r'name="(csrf_token|stamp)" value="([^"]+)"', page.text)
        )
        return self.url_open(path, {**fields_, **data})

    def test_whole_way(self):
        self.authenticate(None, None)
        with (
            patch.object(cement_registration, "MIN_SECONDS", 0),
            patch.object(
                cement_registration.tokens, "new_token", return_value="s3cret"
            ),
        ):
            response = self._post("/cement/register", self.form)
        self.assertIn("/cement/register/sent", response.url)
        self.assertIn(self.form["email"], response.text)
        url = f"/cement/register/confirm/{self._last().id}/s3cret"
        self.assertIn(self.form["name"], self.url_open(url).text)
        self.assertFalse(self._partners())
        response = self._post(url, {})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._partners().registration_state, "pending")

    def test_errors_keep_what_was_typed(self):
        self.authenticate(None, None)
        with patch.object(cement_registration, "MIN_SECONDS", 0):
            response = self._post("/cement/register", {**self.form, "inn": "123"})
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.form["name"], response.text)
        self.assertIn("123", response.text)

    def test_forged_stamp(self):
        self.authenticate(None, None)
        response = self._post("/cement/register", {**self.form, "stamp": "AAAA"})
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._last())

    def test_odd_links(self):
        self.authenticate(None, None)
        for path in ("0/x", f"{2**40}/x", "1/" + "y" * 500):
            response = self.url_open(f"/cement/register/confirm/{path}")
            self.assertEqual(response.status_code, 200)
