# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    claim_ids = fields.One2many(
        "cement.claim", "order_id", string="Claims", groups="base.group_user"
    )
    claim_count = fields.Integer(
        compute="_compute_claim_count", groups="base.group_user"
    )

    def _compute_claim_count(self):
        # sudo: people who have nothing to do with claims open orders too
        counts = dict(
            self.env["cement.claim"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        by_id = {order.id: count for order, count in counts.items()}
        for order in self:
            order.claim_count = by_id.get(order.id, 0)

    def action_view_claims(self):
        """Open the claims on the order; a new one is made on it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_service.cement_claim_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        return action

    # === Portal ===

    def _portal_actions(self):
        """Add the claim to what may be done on the page of the order."""
        # sudo: the counterparty of an order that the person may read
        reason = self.env["cement.claim"]._get_claim_denial(self.sudo().counterparty_id)
        return [
            *super()._portal_actions(),
            {
                "key": "claim",
                "label": self.env._("Claim"),
                "allowed": not reason,
                "reason": reason,
            },
        ]

    def _portal_page(self):
        """Add the claims on the order that the person may see."""
        claims = self.env["cement.claim"].search([("order_id", "=", self.id)])
        return {**super()._portal_page(), "claims": claims._portal_rows()}
