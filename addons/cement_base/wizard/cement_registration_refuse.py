# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementRegistrationRefuse(models.TransientModel):
    """Asks why a registration is refused."""

    _name = "cement.registration.refuse"
    _description = "Refuse registrations"

    partner_ids = fields.Many2many("res.partner", string="Registrations", required=True)
    reason = fields.Char(
        required=True, help="The applicant reads it in the letter about the refusal."
    )

    def action_refuse(self):
        self.ensure_one()
        self.partner_ids._cement_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
