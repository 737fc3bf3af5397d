# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementOrderEvent(models.Model):
    """A state that an order reached, when, and who said so."""

    _name = "cement.order.event"
    _description = "Order event"
    _order = "order_id, date, id"

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(selection="_selection_state", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    source = fields.Selection(
        [
            ("portal", "Portal"),
            ("manager", "Manager"),
            ("onec", "1C"),
            ("system", "System"),
        ],
        required=True,
        default="system",
    )
    user_id = fields.Many2one("res.users", default=lambda self: self.env.uid)
    note = fields.Char()

    @api.model
    def _selection_state(self):
        return self.env["sale.order"]._selection_cement_state()
