# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationRow(models.Model):
    """Evidence: the cells of a row as the report gave them.

    Kept for rows that changed something or were refused; never changed.
    """

    _name = "cement.dislocation.row"
    _description = "Row of a dislocation report"
    _order = "import_id desc, row_number, id"
    _rec_name = "wagon_number"
    _log_access = False

    import_id = fields.Many2one(
        "cement.dislocation.import", required=True, index=True, ondelete="cascade"
    )
    sheet = fields.Char()
    row_number = fields.Integer(string="Row")
    wagon_number = fields.Char(index=True)
    outcome = fields.Selection(
        [("new", "New"), ("changed", "Changed"), ("refused", "Refused")], required=True
    )
    reason = fields.Char()
    raw = fields.Json(string="Cells")
