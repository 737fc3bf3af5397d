# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementCartLine(models.Model):
    """What was asked for: so many tonnes of a specification line, on a day, to a
    site. No money is stored but the price that the person saw."""

    _name = "cement.cart.line"
    _description = "Request line"
    _order = "cart_id, sequence, id"

    cart_id = fields.Many2one(
        "cement.cart", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    # stored copy: the portal's record rule compares it
    partner_id = fields.Many2one(
        related="cart_id.partner_id", string="Counterparty", store=True, index=True
    )
    author_id = fields.Many2one(related="cart_id.user_id", store=True, index=True)
    specification_line_id = fields.Many2one(
        "cement.specification.line",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id), ('state', '=', 'active')]",
    )
    agreement_id = fields.Many2one(
        related="specification_line_id.agreement_id", store=True
    )
    product_id = fields.Many2one(related="specification_line_id.product_id")
    delivery_method_id = fields.Many2one(
        related="specification_line_id.delivery_method_id"
    )
    quantity = fields.Float(string="Quantity, t", digits=(16, 3), required=True)
    day = fields.Date(string="Requested day")
    site_id = fields.Many2one(
        "cement.site",
        string="Site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('partner_id', '=', partner_id)]",
    )
    unloading_way_id = fields.Many2one("cement.unloading.way", string="Unloading")
    vehicle_type_id = fields.Many2one("cement.vehicle.type", string="Wished vehicle")
    note = fields.Char()
    price_seen = fields.Float(
        digits="Product Price",
        compute="_compute_price_seen",
        store=True,
        readonly=False,
        precompute=True,
        help="Price per tonne when the line was added.",
    )

    @api.depends("specification_line_id")
    def _compute_site_id(self):
        for line in self:
            agreed = line.specification_line_id.site_id
            line.site_id = agreed or line.site_id

    @api.depends("specification_line_id")
    def _compute_price_seen(self):
        """The price of the moment: later changes are told, not taken over."""
        for line in self:
            line.price_seen = line.specification_line_id.price_unit

    def _prepare_copy_row(self) -> dict:
        """Return the line as a row for :meth:`cement.cart._add_rows`."""
        self.ensure_one()
        return {
            "specification_line_id": self.specification_line_id.id,
            "quantity": self.quantity,
            "day": self.day,
            "site_id": self.site_id.id,
            "unloading_way_id": self.unloading_way_id.id,
            "vehicle_type_id": self.vehicle_type_id.id,
            "note": self.note,
        }
