# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementImpersonationStart(models.TransientModel):
    """Asks as whom and why before a manager sees the portal as a client."""

    _name = "cement.impersonation.start"
    _description = "See the portal as the client"

    partner_id = fields.Many2one(
        "res.partner", string="Counterparty", required=True, readonly=True
    )
    member_id = fields.Many2one(
        "cement.member",
        string="See as",
        required=True,
        domain="[('partner_id', '=', partner_id)]",
    )
    reason = fields.Char(
        required=True, help="Kept in the log, for example: asked for help by phone."
    )

    def action_start(self):
        self.ensure_one()
        url = self.env["cement.impersonation.log"]._begin(self.member_id, self.reason)
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}
