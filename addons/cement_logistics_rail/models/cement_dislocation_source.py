# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import ways

MEGABYTE = 1 << 20
# What an exchange says of a report in this state; of others that it was taken.
_EXCHANGE_STATES = {"refused": "refused", "draft": "queued"}


class CementDislocationSource(models.Model):
    """Where reports come from; wagons are lost or found within one source.

    Whatever the way in, a report goes through
    ``cement.dislocation.import._receive`` and leaves a record there; what came and
    was no report is told by the exchanges.
    """

    _name = "cement.dislocation.source"
    _description = "Source of dislocation reports"
    _inherit = ["mail.alias.mixin.optional"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("upload", "Upload"),
            ("mail", "Mail"),
            ("folder", "Folder"),
            ("poll", "Poll of an address"),
        ],
        required=True,
        default="upload",
    )
    active = fields.Boolean(default=True)
    allowed_senders = fields.Text(
        default="cargolk@gvc.rzd.ru",
        help="Addresses or @domains whose letters are taken, one a line. Others are "
        "noted and not opened. A sender's address can be forged: the mail server "
        "must check SPF and DKIM.",
    )
    folder = fields.Char(
        help="Folder below the one that the server's configuration allows "
        "(cement_rail_folders, by default the folder rail of the data directory)."
    )
    provider_ids = fields.One2many(
        "cement.rail.provider", "source_id", string="Addresses"
    )
    exchange_ids = fields.One2many(
        "cement.rail.exchange", "source_id", string="Exchanges"
    )
    exchange_count = fields.Integer(compute="_compute_exchange_count")
    last_exchange_at = fields.Datetime(compute="_compute_exchange_count")

    _folder_uniq = models.UniqueIndex(
        "(folder) WHERE folder IS NOT NULL AND kind = 'folder'",
        "Another source watches this folder.",
    )

    @api.depends("exchange_ids")
    def _compute_exchange_count(self):
        found = {
            source.id: (count, last)
            for source, count, last in self.env["cement.rail.exchange"]._read_group(
                [("source_id", "in", self.ids)],
                ["source_id"],
                ["__count", "create_date:max"],
            )
        }
        for source in self:
            count, last = found.get(source.id, (0, False))
            source.exchange_count = count
            source.last_exchange_at = last

    @api.constrains("kind", "folder", "active")
    def _check_folder(self):
        for source in self.filtered(lambda item: item.kind == "folder"):
            if not source.active:
                continue
            try:
                source._get_folder()
            except ways.FolderError as error:
                raise ValidationError(source._describe_folder(error.code)) from error

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("cement.rail.exchange")
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            defaults["source_id"] = self.id
            values["alias_defaults"] = defaults
        return values

    def action_exchanges(self):
        """Show what came by this way."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exchanges"),
            "res_model": "cement.rail.exchange",
            "view_mode": "list,form",
            "domain": [("source_id", "=", self.id)],
        }

    # === Taking a report in ===

    @api.model
    def _get_file_max(self) -> int:
        """Return how many bytes a report may have."""
        return self.env["cement.rail.settings"]._get().file_max * MEGABYTE

    def _take(self, data: bytes, filename: str, key: str, **values):
        """Take one report in and note the exchange.

        :param key: names the report at its source; the same one is not taken twice.
        :param values: more of the exchange (address, HTTP status, seconds).
        :return: the exchange.
        """
        self.ensure_one()
        record = self.env["cement.dislocation.import"]._receive(
            data, filename, source=self, external_key=key
        )
        return self._note(
            state=_EXCHANGE_STATES.get(record.state, "done"),
            name=filename,
            external_key=key,
            size=len(data),
            import_id=record.id,
            message=record.reason if record.state == "refused" else False,
            **values,
        )

    def _note(self, state: str, **values):
        """Keep an exchange; it stays when nothing of a report came of it."""
        self.ensure_one()
        return self.env["cement.rail.exchange"].create(
            {"source_id": self.id, "kind": self.kind, "state": state, **values}
        )
