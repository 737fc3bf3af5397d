# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import secret
from ..tools.door import Body, Call
from .common import LOGIN, PASSWORD, OneCCommon

WRONG = (LOGIN, "wrong")


@tagged("post_install", "-at_install")
class TestDoor(OneCCommon):
    def test_checkauth_gives_an_own_cookie(self):
        reply = self.call("catalog", "checkauth", credentials=(LOGIN, PASSWORD))
        lines = reply.text.split("\n")
        self.assertEqual(len(lines), 4)
        self.assertEqual(lines[:2], ["success", "cml_sid"])
        self.assertEqual(lines[3], f"sessid={lines[2]}")
        self.assertEqual(reply.content_type, "text/plain; charset=utf-8")
        self.assertTrue(self.backend.last_login_at)

    def test_wrong_credentials_get_401_and_a_challenge(self):
        for credentials in (WRONG, ("nobody", PASSWORD), ("", ""), None):
            reply = self.call("sale", "checkauth", credentials=credentials)
            self.assertEqual(reply.status, 401)
            self.assertIn("Basic", reply.headers["WWW-Authenticate"])
            self.assertTrue(reply.text.startswith("failure\n"))

    def test_the_refusal_does_not_tell_why(self):
        texts = {
            self.call("sale", "checkauth", credentials=pair, address=str(n)).text
            for n, pair in enumerate((WRONG, ("nobody", PASSWORD)))
        }
        self.assertEqual(len(texts), 1)

    def test_guessing_is_throttled_by_address(self):
        for _n in range(5):
            self.call("sale", "checkauth", credentials=WRONG, address="10.0.0.1")
        good = (LOGIN, PASSWORD)
        reply = self.call("sale", "checkauth", credentials=good, address="10.0.0.1")
        self.assertEqual(reply.status, 401)
        reply = self.call("sale", "checkauth", credentials=good, address="10.0.0.2")
        self.assertEqual(reply.status, 200)
        self.env["cement.connector.attempt"].search([]).last_at -= timedelta(minutes=11)
        reply = self.call("sale", "checkauth", credentials=good, address="10.0.0.1")
        self.assertEqual(reply.status, 200)

    def test_a_challenge_is_not_counted_as_a_guess(self):
        for _n in range(9):
            self.call("sale", "checkauth", address="10.0.0.3")
        self.login(address="10.0.0.3")

    def test_only_hashes_are_kept(self):
        self.env.cr.execute(
            "SELECT secret_hash FROM cement_connector_backend WHERE id = %s",
            [self.backend.id],
        )
        kept = self.env.cr.fetchone()[0]
        self.assertNotIn(PASSWORD, kept)
        self.assertTrue(secret.check_secret(PASSWORD, kept))
        self.assertFalse(secret.check_secret(PASSWORD + " ", kept))
        self.assertFalse(secret.check_secret("", None))
        self.assertFalse(self.backend.secret)
        token = self.login()
        session = self.env["cement.connector.session"].search([], limit=1)
        self.assertNotIn(token, session.token_digest)

    def test_the_token_is_not_in_the_log(self):
        token = self.login()
        rows = self.env["cement.exchange.request"].search(
            [("backend_id", "=", self.backend.id)]
        )
        self.assertTrue(rows)
        self.assertFalse([row for row in rows if token in (row.answer or "")])

    def test_the_key_in_the_address_must_fit(self):
        self.login(address_token=self.backend.token)
        for key in ("x", secret.new_token()):
            reply = self.call(
                "sale",
                "checkauth",
                credentials=(LOGIN, PASSWORD),
                address_token=key,
            )
            self.assertEqual(reply.status, 401)
        token = self.login()
        reply = self.call("sale", "query", token, address_token="x")
        self.assertTrue(reply.text.startswith("failure"))

    def test_a_session_ends(self):
        token = self.login()
        self.assertFalse(self.call("sale", "init", token).text.startswith("failure"))
        with patch.object(
            Datetime, "now", return_value=Datetime.now() + timedelta(hours=25)
        ):
            reply = self.call("sale", "init", token)
        self.assertTrue(reply.text.startswith("failure"))
        self.assertEqual(reply.status, 200)

    def test_switching_off_closes_open_sessions(self):
        token = self.login()
        self.backend.action_disable()
        self.assertTrue(self.call("sale", "query", token).text.startswith("failure"))
        reply = self.call("sale", "checkauth", credentials=(LOGIN, PASSWORD))
        self.assertEqual(reply.status, 401)

    def test_a_step_without_session_fails_with_200(self):
        for mode in ("init", "file", "import", "query", "success", "info", ""):
            reply = self.call("sale", mode)
            self.assertEqual(reply.status, 200)
            self.assertTrue(reply.text.startswith("failure\n"))

    def test_init_has_exactly_two_lines(self):
        for kind in ("sale", "catalog"):
            reply = self.call(kind, "init", self.login(kind))
            self.assertEqual(reply.text, "zip=no\nfile_limit=10485760")

    def test_init_for_a_client_with_a_version(self):
        token = self.login()
        reply = self.call("sale", "init", token, version="2.09")
        lines = reply.text.split("\n")
        self.assertEqual(lines[2:], [f"sessid={token}", "version=2.09"])
        reply = self.call("sale", "init", token, version="abc")
        self.assertEqual(reply.text.count("\n"), 1)

    def test_unknown_steps(self):
        token = self.login()
        for kind, mode in (
            ("sale", "info"),
            ("sale", "drop"),
            ("reference", "file"),
            ("catalog", "query"),
            ("", ""),
            ("crm", "checkout"),
        ):
            reply = self.call(kind, mode, token)
            self.assertTrue(reply.text.startswith("failure\n"), (kind, mode))
            self.assertEqual(reply.status, 200)
        self.assertEqual(self.call("catalog", "deactivate", token).text, "success")

    def test_file_names_that_climb(self):
        token = self.login("catalog")
        for name in ("../x.xml", "/etc/passwd", "", "a\\..\\b.xml"):
            reply = self.call("catalog", "file", token, filename=name, body=b"x")
            self.assertTrue(reply.text.startswith("failure\n"), name)

    def test_a_file_may_not_be_too_big(self):
        self.backend.file_max = 1
        token = self.login("catalog")
        half = b"x" * (600 << 10)
        answers = [
            self.call("catalog", "file", token, filename="a.xml", body=half).text
            for _n in range(2)
        ]
        self.assertEqual(answers[0], "success")
        self.assertTrue(answers[1].startswith("failure\n"))

    def test_import_of_a_file_that_was_not_sent(self):
        token = self.login("catalog")
        reply = self.call("catalog", "import", token, filename="import0_1.xml")
        self.assertTrue(reply.text.startswith("failure\n"))

    def test_goods_may_be_refused_but_the_test_button_works(self):
        self.backend.import_catalog = False
        token = self.login("catalog")
        self.assertTrue(self.call("catalog", "init", token).text.startswith("zip=no"))
        reply = self.call("catalog", "file", token, filename="a.xml", body=b"x")
        self.assertTrue(reply.text.startswith("failure\n"))

    def test_pictures_are_passed_by(self):
        token = self.login("catalog")
        reply = self.call(
            "catalog", "file", token, filename="import_files/aa/a.jpg", body=b"x"
        )
        self.assertEqual(reply.text, "success")
        session = self.env["cement.connector.session"]._find(token)
        self.assertFalse(session.record_ids)

    def test_a_stranger_is_not_listened_to(self):
        def refuse():
            raise AssertionError("the body was read")

        for mode in ("file", "checkauth", "nonsense"):
            call = Call(type="sale", mode=mode, filename="a.xml", body=Body(refuse))
            reply = self.env["cement.connector.door"]._serve(call)
            self.assertTrue(reply.text.startswith("failure\n"))

    def test_a_session_has_a_limit_of_files(self):
        token = self.login("catalog")
        limit = (
            "odoo.addons.cement_connector_1c.models.cement_exchange_record.FILES_MAX"
        )
        with patch(limit, 2):
            answers = [
                self.call("catalog", "file", token, filename=f"{n}.xml", body=b"x").text
                for n in range(3)
            ]
        self.assertEqual(answers[:2], ["success"] * 2)
        self.assertTrue(answers[2].startswith("failure\n"))

    def test_a_bug_becomes_a_short_text(self):
        token = self.login()
        offers = type(self.env["cement.connector.offer"])
        with (
            patch.object(offers, "_answer_query", side_effect=ZeroDivisionError),
            mute_logger("odoo.addons.cement_connector_1c.models.cement_connector_door"),
        ):
            reply = self.call("sale", "query", token)
        self.assertEqual(reply.status, 200)
        self.assertTrue(reply.text.startswith("failure\n"))
        self.assertNotIn("Zero", reply.text)

    def test_requests_are_logged(self):
        token = self.login()
        self.call("sale", "init", token)
        row = self.env["cement.exchange.request"].search(
            [("backend_id", "=", self.backend.id)], limit=1
        )
        self.assertEqual(row.step, "sale/init")
        self.assertIn("zip=no", row.answer)
        self.assertFalse(row.is_failure)

    def test_a_login_names_one_database(self):
        from odoo.exceptions import ValidationError

        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.backend.login = "a:b"
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_backend(login="other", secret=False)
