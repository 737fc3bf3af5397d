# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationRow(models.Model):
    """A row of a report that was not taken, or taken with a remark."""

    _name = "cement.dislocation.row"
    _description = "Remark on a row of a dislocation report"
    _order = "import_id desc, row_number, id"
    _rec_name = "wagon_number"
    _log_access = False

    import_id = fields.Many2one(
        "cement.dislocation.import", required=True, index=True, ondelete="cascade"
    )
    row_number = fields.Integer(string="Row")
    wagon_number = fields.Char(string="Wagon")
    outcome = fields.Selection(
        [("refused", "Not taken"), ("remark", "Taken with a remark")], required=True
    )
    reason = fields.Char(string="What is wrong")
    raw = fields.Json(string="Cells")
