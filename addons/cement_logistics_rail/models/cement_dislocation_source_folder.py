# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import logging
import time
from pathlib import Path

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from ..tools import ways

_logger = logging.getLogger(__name__)

_SETTLE_SECONDS = 10.0
_FILES_A_TURN = 50


class CementDislocationSource(models.Model):
    """Watched folders: what lies there is taken in, then put away."""

    _inherit = "cement.dislocation.source"

    @api.model
    def _get_folder_root(self) -> Path:
        """Return the folder below which folders may be watched.

        It stands in the server's configuration, out of reach of who can write in
        the database.
        """
        root = config.get("cement_rail_folders")
        return Path(root) if root else Path(config["data_dir"]) / "rail"

    def _get_folder(self) -> Path:
        """Return the watched folder.

        :raises FolderError: it is outside of the root, or not there.
        """
        self.ensure_one()
        return ways.resolve_folder(self._get_folder_root(), self.folder or "")

    def _describe_folder(self, code: str) -> str:
        """Return in words why the folder cannot be used."""
        texts = {
            "outside": self.env._(
                "The folder must be a name below %(root)s.",
                root=self._get_folder_root(),
            ),
            "missing": self.env._(
                "There is no folder %(folder)s below %(root)s.",
                folder=self.folder,
                root=self._get_folder_root(),
            ),
            "unreadable": self.env._(
                "The folder %(folder)s cannot be read by the server.",
                folder=self.folder,
            ),
        }
        return texts.get(code, code)

    @api.model
    def _cron_take_folders(self):
        """Take in what lies in the watched folders, a transaction a file."""
        sources = self.search([("kind", "=", "folder")])
        for source in sources:
            if not source._take_folder():
                break

    def action_take_folder(self):
        """Look into the folder now."""
        if not self.env.user.has_group("cement_base.group_dispatcher"):
            raise AccessError(self.env._("Only a dispatcher may take reports in."))
        for source in self:
            try:
                source._get_folder()
            except ways.FolderError as error:
                raise UserError(source._describe_folder(error.code)) from error
            # sudo: exchanges and reports are written by the ways in only
            source.sudo()._take_folder()

    def _take_folder(self) -> bool:
        """Take the files of one folder in.

        :return: whether there is time for more.
        """
        self.ensure_one()
        try:
            files = ways.ready_files(self._get_folder(), time.time(), _SETTLE_SECONDS)
        except ways.FolderError as error:
            self._note_folder_error(error.code)
            return True
        if not files or not self.try_lock_for_update():
            return True
        for found in self._get_next_files(files):
            exchange = self._take_safely(found)
            # the file is put away once its record is safe, never before
            left = self.env["ir.cron"]._commit_progress(1)
            if exchange is not None:
                ways.put_away(
                    found,
                    is_taken=exchange.state in ("done", "queued"),
                    moment=fields.Datetime.now(),
                )
            if not left:
                return False
        return True

    def _get_key(self, found) -> str:
        return f"folder:{self.id}:{found.key}"

    def _get_next_files(self, files):
        """Return the files of this turn: those not taken before, else some of those.

        A file that could not be put away must not keep newer ones from being read.
        """
        keys = {self._get_key(found): found for found in files}
        known = set(
            self.env["cement.rail.exchange"]
            .search([("source_id", "=", self.id), ("external_key", "in", list(keys))])
            .mapped("external_key")
        )
        fresh = [found for key, found in keys.items() if key not in known]
        return (fresh or files)[:_FILES_A_TURN]

    def _take_safely(self, found):
        """Take one file in; whatever is wrong with it stays with this file."""
        try:
            with self.env.cr.savepoint():
                return self._take_file(found)
        except psycopg2.OperationalError:
            raise  # another transaction was quicker: the next turn begins anew
        except Exception:
            _logger.exception("Report %r in a watched folder", found.name)
            self.env.invalidate_all()
            return self._note(
                "failed",
                name=found.name,
                external_key=self._get_key(found),
                size=found.size,
                message=self.env._(
                    "An error in the program: the administrator finds the details "
                    "in the server's log."
                ),
            )

    def _take_file(self, found):
        """Take one file in.

        :return: the exchange that tells of it; ``None`` when the file is not ready.
        """
        key = self._get_key(found)
        known = self.env["cement.rail.exchange"].search(
            [("source_id", "=", self.id), ("external_key", "=", key)], limit=1
        )
        if known:
            # taken before, but it could not be put away
            return known
        limit = self._get_file_max()
        try:
            data = ways.read_file(found, limit)
        except OSError as error:
            _logger.info("Report %s cannot be read: %s", found.name, error)
            return self._note(
                "failed",
                name=found.name,
                external_key=key,
                size=found.size,
                message=self.env._("The file cannot be read by the server."),
            )
        if data is None:
            return None
        return self._take(data, found.name, key)

    def _note_folder_error(self, code: str):
        """Tell that the folder cannot be used: once, not every minute."""
        last = self.env["cement.rail.exchange"].search(
            [("source_id", "=", self.id)], limit=1
        )
        key = f"folder:{self.id}:{code}"
        if last.external_key != key:
            self._note("failed", external_key=key, message=self._describe_folder(code))
