# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import hashlib
import logging
from datetime import timedelta

from odoo import api, fields, models

from ..tools import ways

_logger = logging.getLogger(__name__)

_KEPT_DAYS = 180
_ATTACHMENTS_MAX = 20


class CementRailExchange(models.Model):
    """One letter, file or answer that came by a way in, and what became of it."""

    _name = "cement.rail.exchange"
    _description = "Exchange with a source of dislocation reports"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(string="What came", readonly=True)
    source_id = fields.Many2one(
        "cement.dislocation.source",
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    provider_id = fields.Many2one(
        "cement.rail.provider",
        string="Address",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    kind = fields.Selection(
        [
            ("upload", "Upload"),
            ("mail", "Mail"),
            ("folder", "Folder"),
            ("poll", "Poll of an address"),
        ],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("done", "Taken"),
            ("queued", "Kept, to be read"),
            ("wait", "Being prepared there"),
            ("refused", "Report refused"),
            ("ignored", "Not taken"),
            ("failed", "Failed"),
        ],
        required=True,
        default="done",
        readonly=True,
        index=True,
    )
    message = fields.Text(string="What happened", readonly=True)
    external_key = fields.Char(readonly=True)
    sender = fields.Char(readonly=True)
    address = fields.Char(string="Asked", readonly=True)
    http_status = fields.Integer(string="HTTP", readonly=True)
    size = fields.Integer(string="Bytes", readonly=True)
    seconds = fields.Float(digits=(16, 2), readonly=True)
    import_id = fields.Many2one(
        "cement.dislocation.import",
        string="Report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    import_ids = fields.One2many(
        "cement.dislocation.import", "exchange_id", string="Reports", readonly=True
    )

    @api.autovacuum
    def _gc_exchanges(self):
        """Forget old exchanges; the reports themselves stay."""
        limit = fields.Datetime.now() - timedelta(days=_KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=10_000).unlink()

    # === Letters ===

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Keep the reports attached to a letter (Odoo's mail gateway calls this).

        The letter becomes a record whether or not anything of it is taken. Nothing is
        read here: the gateway marks a letter as read even when its transaction fails,
        so there must be nothing that can fail. A job reads what was kept.
        """
        source = self.env["cement.dislocation.source"].browse(
            (custom_values or {}).get("source_id")
        )
        attachments = list(msg_dict.get("attachments") or ())
        # the reports keep their files themselves
        msg_dict["attachments"] = []
        sender = msg_dict.get("email_from") or msg_dict.get("from") or ""
        letter = super().message_new(
            msg_dict,
            {
                "name": (msg_dict.get("subject") or self.env._("Letter"))[:200],
                "source_id": source.id,
                "kind": "mail",
                "sender": sender[:200],
                "external_key": (msg_dict.get("message_id") or "")[:200],
            },
        )
        # what could not be kept as a report stays with the letter
        msg_dict["attachments"] = letter._take_attachments(
            attachments, msg_dict.get("message_id") or ""
        )
        return letter

    def _take_attachments(self, attachments, message_id: str) -> list:
        """Keep the attached reports for the job that reads them.

        :return: the attachments that could not be kept.
        """
        self.ensure_one()
        reports = [item for item in attachments if ways.is_report_name(item[0])]
        refusal = self._refuse_letter(reports)
        if refusal:
            self._end("ignored", refusal)
            return []
        # a message id may be of any length
        letter = hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:32]
        imports = self.env["cement.dislocation.import"]
        failed = []
        for item in reports:
            name, content = item[0], item[1]
            data = content.encode() if isinstance(content, str) else content
            digest = hashlib.sha256(data).hexdigest()[:16]
            try:
                with self.env.cr.savepoint():
                    record = imports._receive(
                        data,
                        _clean(name),
                        source=self.source_id,
                        external_key=f"mail:{letter}:{digest}",
                        is_now=False,
                    )
                    record.exchange_id = record.exchange_id or self
                    self.import_id = record
                    self.size += record.size
            except Exception:
                _logger.exception("Letter %s: its file is not kept", self.id)
                failed.append(item)
        if failed:
            self._end(
                "failed",
                self.env._(
                    "Not kept as a report: %(names)s. The files are with the letter; "
                    "bring them in by hand.",
                    names=", ".join(_clean(item[0]) for item in failed),
                ),
            )
        else:
            self._note_outcome()
        return failed

    def _refuse_letter(self, reports) -> str | None:
        """Return why nothing of the letter is taken, if so."""
        source = self.source_id
        if not source or source.kind != "mail" or not source.active:
            return self.env._("No source takes letters here.")
        if not ways.is_allowed_sender(self.sender, source.allowed_senders):
            return self.env._(
                "%(sender)s is not among the senders whose letters are taken.",
                sender=ways.sender_address(self.sender),
            )
        if not reports:
            return self.env._("No report is attached.")
        if len(reports) > _ATTACHMENTS_MAX:
            return self.env._("Too many files are attached.")
        return None

    def _note_outcome(self):
        """Say what has become of the reports by now."""
        for exchange in self:
            records = exchange.import_ids | exchange.import_id
            if "draft" in records.mapped("state"):
                exchange._end("queued", "")
                continue
            refused = records.filtered(lambda record: record.state == "refused")
            exchange._end(
                "refused" if refused else "done",
                "\n".join(f"{record.name}: {record.reason}" for record in refused),
            )

    def _end(self, state: str, message: str):
        self.write({"state": state, "message": message or False})

    def _creation_subtype(self):
        # nobody follows letters of a machine
        return self.env.ref("mail.mt_note")


def _clean(name) -> str:
    """Return the name of a file as the database can keep it."""
    return str(name).replace("\x00", "").encode("utf-8", "replace").decode()[:200]
