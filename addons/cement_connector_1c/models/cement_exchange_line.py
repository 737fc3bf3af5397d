# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementExchangeLine(models.Model):
    """What became of one element of a file: kept for orders and for everything that
    did not go smoothly; goods that came in well are only counted."""

    _name = "cement.exchange.line"
    _description = "Row of an exchange"
    _order = "record_id, id"

    record_id = fields.Many2one(
        "cement.exchange.record",
        string="Exchange",
        required=True,
        index=True,
        ondelete="cascade",
    )
    number = fields.Integer(help="Place of the element in the file.")
    kind = fields.Char(string="Element")
    guid = fields.Char(string="Identifier in 1C")
    name = fields.Char()
    state = fields.Selection(
        [
            ("created", "Created"),
            ("updated", "Updated"),
            ("unchanged", "Unchanged"),
            ("skipped", "Left out"),
            ("warning", "Warning"),
            ("failed", "Failed"),
        ],
        required=True,
    )
    message = fields.Text()
    res_model = fields.Char()
    res_id = fields.Many2oneReference(string="Record", model_field="res_model")

    def action_open_record(self):
        """Open what the row is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
