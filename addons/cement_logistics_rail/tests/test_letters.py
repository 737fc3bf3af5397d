# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reports that come by mail."""

from email.message import EmailMessage
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .test_ways import formed_now


@tagged("post_install", "-at_install")
class TestLetters(TransactionCase):
    """The gateway keeps what comes; a job reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cement.rail.settings"]._get().check_consignees = False
        cls.domain = cls.env["mail.alias.domain"].search([], limit=1) or cls.env[
            "mail.alias.domain"
        ].create({"name": "plant.example"})
        cls.env.company.alias_domain_id = cls.domain
        cls.source = cls.env["cement.dislocation.source"].create(
            {
                "name": "Mail",
                "kind": "mail",
                "alias_name": "dislocation",
                "allowed_senders": "cargolk@gvc.rzd.ru",
            }
        )

    def _send(self, files, sender="cargolk@gvc.rzd.ru", key="<1@x>"):
        letter = EmailMessage()
        letter["From"] = sender
        letter["To"] = f"dislocation@{self.domain.name}"
        letter["Subject"] = "Отчёт слежения TrackerBot №15"
        letter["Message-Id"] = key
        letter.set_content("Отчёт во вложении")
        for name, data in files:
            letter.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=name
            )
        self.env["mail.thread"].message_process(False, letter.as_bytes())
        return self.env["cement.rail.exchange"].search(
            [("source_id", "=", self.source.id)], limit=1
        )

    def _read(self, exchange):
        """Let the job read what the letter has brought."""
        for record in exchange.import_ids:
            record._process_waiting()

    def test_report_by_mail(self):
        """F30: the letter of the cabinet: its workbook is taken in."""
        exchange = self._send([("report.xlsx", formed_now()), ("logo.png", b"x")])
        self.assertEqual((exchange.state, exchange.message), ("queued", False))
        self.assertEqual(exchange.import_id.state, "draft")
        self._read(exchange)
        self.assertEqual(exchange.state, "done", exchange.message)
        self.assertEqual(exchange.import_id.state, "accepted")
        self.assertEqual(exchange.import_id.source_id, self.source)
        kept = self.env["ir.attachment"].search_count(
            [("res_model", "=", exchange._name), ("res_id", "=", exchange.id)]
        )
        self.assertEqual(kept, 0, "the report is kept once, with the import")

    def test_stranger_is_not_opened(self):
        """F30: a letter of somebody else is noted and its file not read."""
        exchange = self._send([("report.xlsx", formed_now())], "x@evil.example")
        self.assertEqual(exchange.state, "ignored")
        self.assertFalse(exchange.import_id)
        self.assertIn("x@evil.example", exchange.message)

    def test_huge_attachment(self):
        """B: what is bigger than the limit is refused with a message, not kept."""
        self.env["cement.rail.settings"]._get().file_max = 1
        exchange = self._send([("report.csv", b"x;y\n" * 400_000)])
        self.assertEqual(exchange.state, "refused")
        self.assertEqual(exchange.import_id.reason_code, "too_big")
        self.assertFalse(exchange.import_id.attachment_id)

    def test_message_id_of_any_length(self):
        exchange = self._send([("r.xlsx", formed_now())], key=f"<{'x' * 5000}@x>")
        self.assertEqual(exchange.state, "queued", exchange.message)

    def test_nothing_is_read_in_the_gateway(self):
        """What fails there is lost: core marks the letter as read all the same."""
        trigger = self.env.ref("cement_logistics_rail.ir_cron_dislocation_waiting")
        before = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", trigger.id)]
        )
        with patch.object(
            type(self.env["cement.dislocation.import"]),
            "_process",
            side_effect=SerializationFailure("another transaction was quicker"),
        ):
            exchange = self._send([("report.xlsx", formed_now())])
        self.assertEqual(exchange.state, "queued")
        self.assertTrue(exchange.import_id.attachment_id.raw)
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", trigger.id)])
        self.assertEqual(after, before + 1)

    def test_several_reports(self):
        exchange = self._send([("a.xlsx", formed_now()), ("b.csv", b"nonsense")])
        self.assertEqual(len(exchange.import_ids), 2)
        self._read(exchange.import_ids[:1].exchange_id)
        self.assertEqual(exchange.state, "refused")
        self.assertIn("b.csv", exchange.message)

    def test_the_same_letter_twice(self):
        data = formed_now()
        first = self._send([("report.xlsx", data)])
        self.env["mail.message"].search([("message_id", "=", "<1@x>")]).unlink()
        second = self._send([("report.xlsx", data)])
        self.assertNotEqual(first, second)
        self.assertEqual(first.import_id, second.import_id)

    @mute_logger("odoo.addons.cement_logistics_rail.models.cement_rail_exchange")
    def test_file_that_cannot_be_kept(self):
        """The letter is kept with it, and says so."""
        with patch.object(
            type(self.env["cement.dislocation.import"]),
            "_keep",
            side_effect=OSError("no space left"),
        ):
            exchange = self._send([("report.xlsx", formed_now())])
        self.assertEqual(exchange.state, "failed")
        self.assertIn("report.xlsx", exchange.message)
        self.assertFalse(exchange.import_id)
        self.assertEqual(exchange.message_ids.attachment_ids.name, "report.xlsx")

    def test_name_that_is_no_text(self):
        letter = self.env["cement.rail.exchange"].create(
            {"name": "L", "source_id": self.source.id, "sender": "cargolk@gvc.rzd.ru"}
        )
        failed = letter._take_attachments([("\udccf\udcf0\x00.csv", b"1;2", {})], "1")
        self.assertEqual(failed, [])
        self.assertEqual(letter.import_id.name, "??.csv")

    def test_letter_without_report(self):
        exchange = self._send([("logo.png", b"x")])
        self.assertEqual(exchange.state, "ignored")

    def test_only_administrators_write_sources(self):
        user = self.env["res.users"].create(
            {
                "name": "D",
                "login": "railway_dispatcher",
                "group_ids": [(6, 0, self.env.ref("cement_base.group_dispatcher").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.source.with_user(user).write({"folder": "x"})
