# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from ..tools.findings import Finding, is_covered


class CementGateOverride(models.Model):
    """A block that somebody with the right lifted, and why. Never changed."""

    _name = "cement.gate.override"
    _description = "Lifted block"
    _order = "create_date desc, id desc"

    cart_id = fields.Many2one("cement.cart", index="btree_not_null", ondelete="cascade")
    order_id = fields.Many2one("sale.order", index="btree_not_null", ondelete="cascade")
    code = fields.Char(required=True)
    message = fields.Text(required=True)
    details = fields.Text(
        readonly=True, help="What was found, to tell whether it has become worse."
    )
    reason = fields.Text(required=True)
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.uid
    )

    _document_named = models.Constraint(
        "CHECK(cart_id IS NOT NULL OR order_id IS NOT NULL)",
        "A lifted block belongs to a request or to an order.",
    )

    def _covers(self, finding: Finding) -> bool:
        """Whether *finding* was lifted here and has not become worse since."""
        return any(
            is_covered(finding, override.code, override.details) for override in self
        )
