# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reports that come from a folder; senders of letters."""

import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from ..tools import ways
from . import reports
from .kernel import KernelCase

OLD = time.time() - 3600


def formed_now(count=3, shift=0) -> bytes:
    """Return a report formed some minutes ago."""
    moment = (datetime.now() + timedelta(hours=3, minutes=shift)).replace(
        second=0, microsecond=0
    )
    items = reports.make_facts(count, moment)
    return reports.workbook(
        reports.lk_wagon_rows(items), formed=f"{moment:%d.%m.%Y %H:%M}"
    )


class TestWays(KernelCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.inbox = self.root / "inbox"
        self.inbox.mkdir()

    def _put(self, name, data=b"x", stamp=OLD):
        path = self.inbox / name
        path.write_bytes(data)
        os.utime(path, (stamp, stamp))
        return path

    def test_folder_stays_below_the_root(self):
        """F30: no way out of the allowed folder."""
        self.assertEqual(
            ways.resolve_folder(self.root, "inbox"), Path(os.path.realpath(self.inbox))
        )
        (self.root / "link").symlink_to("/etc")
        for name in (
            "",
            ".",
            "..",
            "../x",
            "/etc",
            "~",
            "inbox/../..",
            "link",
            "a\x00",
        ):
            with self.subTest(name), self.assertRaises(ways.FolderError) as caught:
                ways.resolve_folder(self.root, name)
            self.assertEqual(caught.exception.code, "outside")
        with self.assertRaises(ways.FolderError) as caught:
            ways.resolve_folder(self.root, "none")
        self.assertEqual(caught.exception.code, "missing")

    def test_files_being_written_are_left(self):
        """F30: fresh, hidden, temporary files, links and folders are passed over."""
        self._put("b.xlsx", stamp=OLD + 5)
        self._put("a.csv")
        self._put("fresh.xlsx", stamp=time.time())
        for name in (".hidden", "x.part", "y.tmp", "~$b.xlsx"):
            self._put(name)
        (self.inbox / "link.xlsx").symlink_to("/etc/passwd")
        (self.inbox / "processed").mkdir()
        found = ways.ready_files(self.inbox, time.time())
        self.assertEqual([item.name for item in found], ["a.csv", "b.xlsx"])

    def test_file_that_changed_is_left(self):
        path = self._put("a.csv", b"12345")
        found = ways.ready_files(self.inbox, time.time())[0]
        self.assertEqual(ways.read_file(found, 3), b"1234", "one byte beyond the limit")
        path.write_bytes(b"123456")
        self.assertIsNone(ways.read_file(found, 99))
        path.unlink()
        path.symlink_to("/etc/passwd")
        with self.assertRaises(OSError):
            ways.read_file(found, 99)

    def test_put_away(self):
        moment = datetime(2026, 8, 1)
        for is_taken, name in ((True, "processed"), (False, "failed")):
            for _time in range(2):
                self._put("a.csv")
                found = ways.ready_files(self.inbox, time.time())[0]
                self.assertTrue(ways.put_away(found, is_taken, moment))
            self.assertEqual(len(list((self.inbox / name).iterdir())), 2)
        self.assertFalse(ways.put_away(found, True, moment), "it is gone already")

    def test_senders(self):
        allowed = "cargolk@gvc.rzd.ru\n@operator.example"
        for sender in (
            "cargolk@gvc.rzd.ru",
            "ЛК <CargoLK@gvc.rzd.ru>",
            "x@operator.example",
        ):
            self.assertTrue(ways.is_allowed_sender(sender, allowed), sender)
        for sender in (
            "",
            "cargolk@gvc.rzd.ru.evil.example",
            '"cargolk@gvc.rzd.ru" <x@evil.example>',
            "x@sub.operator.example",
            "@operator.example",
        ):
            if sender != "@operator.example":
                self.assertFalse(ways.is_allowed_sender(sender, allowed), sender)
        self.assertFalse(ways.is_allowed_sender("a@b", ""))


@tagged("post_install", "-at_install")
class TestFolder(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cement.rail.settings"]._get().check_consignees = False

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.inbox = self.root / "inbox"
        self.inbox.mkdir()
        self.startPatcher(
            patch.object(
                type(self.env["cement.dislocation.source"]),
                "_get_folder_root",
                lambda _self: self.root,
            )
        )
        # the files of a folder are committed one by one
        self.startPatcher(
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 99.0
            )
        )
        self.source = self.env["cement.dislocation.source"].create(
            {"name": "Folder", "kind": "folder", "folder": "inbox"}
        )

    def _put(self, name, data):
        path = self.inbox / name
        path.write_bytes(data)
        os.utime(path, (OLD, OLD))

    def test_reports_are_taken_and_put_away(self):
        """F30: a report in the folder becomes an import; each file is told of."""
        self._put("dislocation.xlsx", formed_now())
        self._put("salary.xlsx", reports.workbook([["Сотрудник", "Оклад"], ["И", 1]]))
        self.env["cement.dislocation.source"]._cron_take_folders()
        exchanges = {item.name: item for item in self.source.exchange_ids}
        taken, other = exchanges["dislocation.xlsx"], exchanges["salary.xlsx"]
        self.assertEqual(taken.state, "done", taken.message)
        self.assertEqual(taken.import_id.state, "accepted")
        self.assertEqual(taken.import_id.source_id, self.source)
        self.assertEqual(other.state, "refused")
        self.assertIn("Сотрудник", other.message)
        self.assertEqual(len(list((self.inbox / "processed").iterdir())), 1)
        self.assertEqual(len(list((self.inbox / "failed").iterdir())), 1)
        self.env["cement.dislocation.source"]._cron_take_folders()
        self.assertEqual(len(self.source.exchange_ids), 2)

    def test_report_that_waited_is_told_of_in_the_end(self):
        """While another report is at work nobody knows what becomes of this one."""
        self._put("nonsense.csv", b"nonsense")
        imports = self.env["cement.dislocation.import"]
        with patch.object(type(imports), "_lock", lambda _self: False):
            self.env["cement.dislocation.source"]._cron_take_folders()
        exchange = self.source.exchange_ids
        self.assertEqual(
            (exchange.state, exchange.import_id.state), ("queued", "draft")
        )
        self.assertEqual(len(list((self.inbox / "processed").iterdir())), 1)
        exchange.import_id._process_waiting()
        self.assertEqual(exchange.state, "refused")
        self.assertIn("nonsense.csv", exchange.message)

    def test_a_file_that_cannot_be_moved_is_taken_once(self):
        """F30: in a folder we may only read nothing is taken twice."""
        self._put("dislocation.xlsx", formed_now())
        with patch.object(ways, "put_away", return_value=False):
            for _turn in range(3):
                self.source._take_folder()
        self.assertEqual(len(self.source.exchange_ids), 1)

    def test_names_that_are_no_text(self):
        """B: a name in cp1251 or of 250 bytes stops nothing."""
        raw = os.fsencode(self.inbox)
        for name in ("Простой.csv".encode("cp1251"), ("я" * 120 + ".csv").encode()):
            path = os.path.join(raw, name)
            with open(path, "wb") as stream:
                stream.write("Сотрудник;Оклад\n1;2".encode())
            os.utime(path, (OLD, OLD))
        self.source._take_folder()
        names = self.source.exchange_ids.mapped("name")
        self.assertIn("Простой.csv", names)
        self.assertEqual(self.source.exchange_ids.mapped("state"), ["refused"] * 2)
        self.assertEqual(len(list((self.inbox / "failed").iterdir())), 2)

    def test_folder_outside_is_refused(self):
        with self.assertRaises(ValidationError):
            self.source.folder = "../"
        with self.assertRaises(ValidationError):
            self.source.folder = "/etc"

    def test_folder_that_vanished_is_told_once(self):
        self.inbox.rmdir()
        for _turn in range(3):
            self.env["cement.dislocation.source"]._cron_take_folders()
        self.assertEqual(self.source.exchange_ids.mapped("state"), ["failed"])
