# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationSource(models.Model):
    """Where reports come from; wagons are lost or found within one source."""

    _name = "cement.dislocation.source"
    _description = "Source of dislocation reports"
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
