# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CementGateLift(models.TransientModel):
    """Asks a person with the right why blocks are lifted, and keeps the answer."""

    _name = "cement.gate.lift"
    _description = "Lift the blocks of an order"

    cart_id = fields.Many2one("cement.cart")
    order_id = fields.Many2one("sale.order")
    findings_text = fields.Text(compute="_compute_findings_text")
    can_lift = fields.Boolean(compute="_compute_findings_text")
    reason = fields.Text(help="Seen by everybody who sees the order, kept for ever.")

    @api.depends("cart_id", "order_id")
    def _compute_findings_text(self):
        for wizard in self:
            blocks = wizard._get_blocks()
            wizard.findings_text = "\n".join(
                f"{block['message']} {block['remedy']}".strip() for block in blocks
            )
            wizard.can_lift = bool(blocks) and all(
                block["liftable"] for block in blocks
            )

    def _get_blocks(self) -> list[dict]:
        self.ensure_one()
        service = self.env["cement.order.gate"]
        if self.cart_id:
            findings = self.cart_id._plan().findings
        else:
            findings = self.order_id._get_gate_findings()
        return [
            description
            for description in service._describe_all(findings)
            if description["severity"] == "block"
        ]

    def action_lift(self):
        """Write the lifted blocks down and confirm."""
        self.ensure_one()
        self._check_right()
        blocks = self._get_blocks()
        if not all(block["liftable"] for block in blocks):
            raise UserError(
                self.env._("One of these blocks is a contradiction and stays.")
            )
        # sudo: nobody may write the log by hand, the right was checked above
        self.env["cement.gate.override"].sudo().create(
            [self._prepare_override_vals(block) for block in blocks]
        )
        document = self.cart_id or self.order_id
        return document.action_confirm()

    def _check_right(self):
        if not self.env.user.has_group("cement_base.group_gate_override"):
            raise AccessError(self.env._("You may not lift blocks of orders."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the block is lifted."))

    def _prepare_override_vals(self, block) -> dict:
        return {
            "cart_id": self.cart_id.id,
            "order_id": self.order_id.id,
            "code": block["code"],
            "message": block["message"],
            "reason": self.reason.strip(),
            "user_id": self.env.uid,
        }
