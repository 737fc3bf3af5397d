# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from ..models.cement_member import ROLES


class CementMemberInvite(models.TransientModel):
    """Lets a manager invite a person to a counterparty, as its owner does in the
    portal."""

    _name = "cement.member.invite"
    _description = "Invite a person to a counterparty"

    partner_id = fields.Many2one(
        "res.partner",
        string="Counterparty",
        required=True,
        domain="[('is_counterparty', '=', True)]",
    )
    name = fields.Char(string="Name of the person", required=True)
    email = fields.Char(
        string="E-mail", required=True, help="The person signs in with it."
    )
    role = fields.Selection(ROLES, required=True, default="buyer")
    agreement_ids = fields.Many2many(
        "agreement",
        string="Contracts",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Empty means all contracts.",
    )
    site_ids = fields.Many2many(
        "cement.site",
        string="Sites",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty means all sites.",
    )

    def action_invite(self):
        self.ensure_one()
        self.env["cement.member"]._invite(
            self.partner_id,
            self.email,
            self.name,
            self.role,
            self.agreement_ids.ids,
            self.site_ids.ids,
        )
        return {"type": "ir.actions.act_window_close"}
