# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationAccept(models.TransientModel):
    """Asks why a refused report is right."""

    _name = "cement.dislocation.accept"
    _description = "Accept a refused report"

    import_id = fields.Many2one("cement.dislocation.import", required=True)
    refusal = fields.Text(related="import_id.reason", related_sudo=False)
    reason = fields.Char(string="Why it is right", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.import_id._accept(self.reason)
        return {"type": "ir.actions.act_window_close"}
