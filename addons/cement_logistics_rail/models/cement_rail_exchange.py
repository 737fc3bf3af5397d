# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import hashlib
from datetime import timedelta

from odoo import api, fields, models

from ..tools import ways

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

    @api.autovacuum
    def _gc_exchanges(self):
        """Forget old exchanges; the reports themselves stay."""
        limit = fields.Datetime.now() - timedelta(days=_KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=10_000).unlink()

    # === Letters ===

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take the reports attached to a letter in (Odoo's mail gateway calls this).

        The letter becomes a record whether or not anything of it was taken; its
        attachments are kept with the reports, not once more with the letter.
        """
        source = self.env["cement.dislocation.source"].browse(
            (custom_values or {}).get("source_id")
        )
        attachments = list(msg_dict.get("attachments") or ())
        # what the gateway would keep with the letter
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
        letter._take_attachments(attachments, msg_dict.get("message_id") or "")
        return letter

    def _take_attachments(self, attachments, message_id: str):
        """Take the attached reports in; the letter says what became of them."""
        self.ensure_one()
        source = self.source_id
        if not source or source.kind != "mail" or not source.active:
            self._end("ignored", self.env._("No source takes letters here."))
            return
        if not ways.is_allowed_sender(self.sender, source.allowed_senders):
            self._end(
                "ignored",
                self.env._(
                    "%(sender)s is not among the senders whose letters are taken.",
                    sender=ways.sender_address(self.sender),
                ),
            )
            return
        reports = [item for item in attachments if ways.is_report_name(item[0])]
        if not reports:
            self._end("ignored", self.env._("No report is attached."))
            return
        if len(reports) > _ATTACHMENTS_MAX:
            self._end("ignored", self.env._("Too many files are attached."))
            return
        records = self.env["cement.dislocation.import"]
        # a message id may be of any length
        letter = hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:32]
        for name, content, *_info in reports:
            data = content.encode() if isinstance(content, str) else content
            digest = hashlib.sha256(data).hexdigest()[:16]
            records |= records._receive(
                data,
                name,
                source=source,
                external_key=f"mail:{letter}:{digest}",
            )
        refused = records.filtered(lambda record: record.state == "refused")
        self.write(
            {
                "import_id": records[-1:].id,
                "size": sum(records.mapped("size")),
            }
        )
        self._end(
            "refused" if refused else "done",
            "\n".join(f"{record.name}: {record.reason}" for record in refused),
        )

    def _end(self, state: str, message: str):
        self.write({"state": state, "message": message or False})

    def _creation_subtype(self):
        # nobody follows letters of a machine
        return self.env.ref("mail.mt_note")
