# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.findings import BLOCK, Finding


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

    def _get_findings(self) -> list[Finding]:
        """Return what blocks at this moment."""
        self.ensure_one()
        if self.cart_id:
            findings = self.cart_id._plan().findings
        else:
            findings = self.order_id._get_gate_findings()
        return [finding for finding in findings if finding.severity == BLOCK]

    def _get_blocks(self) -> list[dict]:
        return self.env["cement.order.gate"]._describe_all(self._get_findings())

    def action_lift(self):
        """Write the lifted blocks down and confirm."""
        self.ensure_one()
        self._check_right()
        findings = self._get_findings()
        liftable = self.env["cement.order.gate"]._get_liftable_codes()
        if any(finding.code not in liftable for finding in findings):
            raise UserError(
                self.env._("One of these blocks is a contradiction and stays.")
            )
        document = self.cart_id or self.order_id
        document._log_lifted(findings, self.reason.strip())
        return document.action_confirm()

    def _check_right(self):
        if not self.env.user.has_group("cement_base.group_gate_override"):
            raise AccessError(self.env._("You may not lift blocks of orders."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the block is lifted."))
