# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, time

from odoo import api, fields, models

from ..tools import amounts


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    specification_line_id = fields.Many2one(
        "cement.specification.line",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', parent.counterparty_id), "
        "('state', '=', 'active')]",
    )
    cart_line_id = fields.Many2one(
        "cement.cart.line", index="btree_not_null", ondelete="set null", copy=False
    )
    mass = fields.Float(
        string="Mass, t", digits=(16, 3), compute="_compute_mass", store=True
    )
    mass_shipped = fields.Float(
        string="Shipped, t", digits=(16, 3), compute="_compute_mass_shipped", store=True
    )
    mass_reserved = fields.Float(
        string="Reserved, t",
        digits=(16, 3),
        copy=False,
        help="What the accounting system has set aside for the line.",
    )
    mass_unmet = fields.Float(
        string="Unmet demand, t",
        digits=(16, 3),
        compute="_compute_mass_unmet",
        store=True,
        help="Asked for but refused, in whole or in part, for want of goods.",
    )

    @api.depends("product_uom_qty", "product_uom_id", "product_id.uom_mass")
    def _compute_mass(self):
        for line in self:
            line.mass = line._get_mass(line.product_uom_qty)

    @api.depends("qty_delivered", "product_uom_id", "product_id.uom_mass")
    def _compute_mass_shipped(self):
        for line in self:
            line.mass_shipped = line._get_mass(line.qty_delivered)

    @api.depends("mass", "mass_reserved", "order_id.cement_state")
    def _compute_mass_unmet(self):
        for line in self:
            state = line.order_id.cement_state
            if state == "reserve_refused":
                line.mass_unmet = line.mass
            elif state == "reserve_partial":
                line.mass_unmet = max(line.mass - line.mass_reserved, 0.0)
            else:
                line.mass_unmet = 0.0

    def _get_mass(self, quantity: float) -> float:
        """Return the tonnes of *quantity* in the line's unit."""
        self.ensure_one()
        product, uom = self.product_id, self.product_uom_id
        if uom and product and uom != product.uom_id:
            quantity = uom._compute_quantity(quantity, product.uom_id, round=False)
        return round(quantity * product.uom_mass, 3)

    def _get_uom_quantity(self, mass: float) -> float:
        """Return *mass* tonnes in the line's unit."""
        self.ensure_one()
        quantity = mass / self.product_id.uom_mass if self.product_id.uom_mass else 0.0
        uom = self.product_uom_id
        if uom and uom != self.product_id.uom_id:
            quantity = self.product_id.uom_id._compute_quantity(
                quantity, uom, round=False
            )
        return quantity

    @api.depends("specification_line_id")
    def _compute_price_unit(self):
        """Override of `sale`: agreed prices come from the specification, whatever
        asks for a recomputation; what was ordered keeps the price it was ordered
        at, though core asks anew with each change of the quantity."""
        agreed = self.filtered("specification_line_id")
        agreed.filtered(lambda line: not line._is_price_settled())._take_agreed_price()
        return super(SaleOrderLine, self - agreed)._compute_price_unit()

    def _is_price_settled(self) -> bool:
        """Whether the price is not the specification's any more but the order's."""
        self.ensure_one()
        if self.qty_invoiced > 0:
            return True
        is_ordered = self._origin.order_id.state == "sale"
        # a line added to a confirmed order has no price yet
        return is_ordered and bool(self._origin.price_unit)

    def _take_agreed_price(self):
        """Set the present price of the specification."""
        for line in self:
            price = line._get_specification_price()
            line.price_unit = price
            line.technical_price_unit = price

    def _has_other_price(self) -> bool:
        """Whether the specification has another price now than the order."""
        self.ensure_one()
        return bool(
            self.currency_id.compare_amounts(
                self.price_unit, self._get_specification_price()
            )
        )

    def _get_specification_price(self) -> float:
        """Return the agreed price of one unit of the line."""
        self.ensure_one()
        uom_mass = self._get_mass_of_unit()
        return float(
            amounts.unit_price(self.specification_line_id.price_unit, uom_mass)
        )

    def _get_mass_of_unit(self) -> float:
        self.ensure_one()
        product, uom = self.product_id, self.product_uom_id
        factor = 1.0
        if uom and uom != product.uom_id:
            factor = uom._compute_quantity(1.0, product.uom_id, round=False)
        return factor * product.uom_mass

    @api.depends("specification_line_id")
    def _compute_discount(self):
        """Override of `sale`: an agreed price knows no discount."""
        agreed = self.filtered("specification_line_id")
        agreed.discount = 0.0
        return super(SaleOrderLine, self - agreed)._compute_discount()

    @api.depends("specification_line_id", "order_id.requested_date")
    def _compute_tax_ids(self):
        """Override of `sale`: VAT by the rate in force on the day of shipment."""
        agreed = self.filtered("specification_line_id")
        vat_rate = self.env["cement.vat.rate"]
        today = fields.Date.context_today(self)
        taxes: dict = {}
        for line in agreed:
            specification = line.specification_line_id.specification_id
            key = (
                line.product_id.vat_category,
                line.order_id.requested_date or today,
                line.company_id or specification.company_id,
                specification.price_include_vat,
            )
            if key not in taxes:
                category, day, company, included = key
                taxes[key] = vat_rate._get_rate(category, day)._get_tax(
                    company, included
                )
            line.tax_ids = taxes[key]
        return super(SaleOrderLine, self - agreed)._compute_tax_ids()

    @api.onchange("specification_line_id")
    def _onchange_specification_line_id(self):
        if self.specification_line_id:
            self.product_id = self.specification_line_id.product_id

    def _prepare_procurement_values(self):
        """Override of `sale_stock`: goods leave on the promised day, before a
        promise on the requested one."""
        values = super()._prepare_procurement_values()
        order = self.order_id
        day = order.promised_date or order.requested_date
        if order.is_cement and day:
            # noon keeps the day in every time zone of the country
            values["date_planned"] = values["date_deadline"] = datetime.combine(
                day, time(9, 0)
            )
        return values
