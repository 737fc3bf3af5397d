# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationImport(models.Model):
    """A dislocation report with all that became of it."""

    _name = "cement.dislocation.import"
    _description = "Dislocation report"
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    attachment_id = fields.Many2one("ir.attachment", string="Content", readonly=True)
    digest = fields.Char(string="Checksum (SHA-256)", readonly=True, index=True)
    external_key = fields.Char(readonly=True, index="btree_not_null")
    size = fields.Integer(string="Bytes", readonly=True)
    formed_at = fields.Datetime(
        string="Formed",
        readonly=True,
        help="Moment the report is about, by its own words.",
    )
    received_at = fields.Datetime(
        string="Received", readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        "res.users",
        string="Uploaded by",
        readonly=True,
        default=lambda self: self.env.uid,
    )
    dialect = fields.Char(string="Kind of report", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Being read"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("duplicate", "Known already"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    reason_code = fields.Char(readonly=True)
    reason = fields.Text(readonly=True, help="Why the report was refused.")
    warning = fields.Text(string="Remarks", readonly=True)
    accept_reason = fields.Char(string="Accepted nevertheless because", readonly=True)
    accepted_by_id = fields.Many2one("res.users", readonly=True)
    original_id = fields.Many2one(
        "cement.dislocation.import", string="Same content as", readonly=True
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    new_count = fields.Integer(string="New wagons", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    refused_count = fields.Integer(string="Rows refused", readonly=True)
    lost_count = fields.Integer(string="Wagons gone", readonly=True)
    matched_headings = fields.Text(readonly=True)
    unknown_headings = fields.Text(readonly=True)
    row_ids = fields.One2many("cement.dislocation.row", "import_id", readonly=True)

    _accepted_digest_uniq = models.UniqueIndex(
        "(digest) WHERE state = 'accepted'", "This report has been accepted already."
    )
    _external_key_uniq = models.UniqueIndex(
        "(external_key) WHERE external_key IS NOT NULL"
    )
