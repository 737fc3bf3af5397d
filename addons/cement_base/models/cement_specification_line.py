# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_round, formatLang

from ..tools.prices import split_price


class CementSpecificationLine(models.Model):
    """One agreed position: product, place, way of delivery, price and volume.

    The columns that say whose the line is are stored copies: the portal's record
    rules and the catalogue's filters compare them without joins.
    """

    _name = "cement.specification.line"
    _description = "Specification line"
    _order = "specification_id, sequence, id"
    _rec_names_search = ["product_id", "specification_id.name"]
    _check_company_auto = True

    specification_id = fields.Many2one(
        "cement.specification", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    state = fields.Selection(related="specification_id.state", store=True)
    agreement_id = fields.Many2one(
        related="specification_id.agreement_id",
        string="Contract",
        store=True,
        index=True,
    )
    commercial_partner_id = fields.Many2one(
        related="specification_id.commercial_partner_id",
        string="Counterparty",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="specification_id.company_id", string="Supplier company", store=True
    )
    currency_id = fields.Many2one(related="specification_id.currency_id", store=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_cement_cargo', '=', True)]",
    )
    cargo_form_id = fields.Many2one(
        related="product_id.cargo_form_id", string="Cargo form", store=True
    )
    plant_id = fields.Many2one(
        "cement.plant",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('plant_id', '=', plant_id)]",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    delivery_method_id = fields.Many2one(
        "cement.delivery.method", required=True, ondelete="restrict"
    )
    consignee_id = fields.Many2one("res.partner", string="Consignee")
    site_id = fields.Many2one(
        "cement.site",
        string="Site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', commercial_partner_id)]",
        help="Empty: any site of the counterparty that the delivery method reaches.",
    )
    price_unit = fields.Monetary(
        string="Agreed price per tonne",
        required=True,
        help="With or without VAT as the specification says.",
    )
    price_excl = fields.Monetary(
        string="Price without VAT", compute="_compute_prices", help="Today, per tonne."
    )
    price_incl = fields.Monetary(
        string="Price with VAT", compute="_compute_prices", help="Today, per tonne."
    )
    retail_price = fields.Monetary(
        string="Recommended retail price",
        compute="_compute_retail_price",
        store=True,
        readonly=False,
        help="Per tonne, with VAT.",
    )
    volume_agreed = fields.Float(
        string="Agreed volume, t",
        digits=(16, 3),
        help="For the whole term of the specification; 0 means not limited.",
    )
    min_lot = fields.Float(
        string="Minimum lot, t",
        digits=(16, 3),
        help="The least that one vehicle may carry; 0 means no minimum.",
    )
    vehicle_type_ids = fields.Many2many(
        "cement.vehicle.type", string="Vehicles agreed", help="Empty means any."
    )
    packaging_rule = fields.Char(
        string="Packaging",
        help="What was agreed on the tare. Lines with different packaging do not "
        "share a vehicle.",
    )
    date_start = fields.Date(
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    date_end = fields.Date(
        compute="_compute_dates", store=True, readonly=False, precompute=True
    )
    display_stock = fields.Float(
        string="In stock, t",
        digits=(16, 3),
        compute="_compute_display_stock",
        # clients may not read stock; they see no more than the product allows
        compute_sudo=True,
        help="Free stock of the warehouse, but no more than clients may see.",
    )
    terms_text = fields.Char(related="specification_id.terms_text")

    _price_positive = models.Constraint(
        "CHECK(price_unit > 0)", "The agreed price must be above zero."
    )
    _volumes_not_negative = models.Constraint(
        "CHECK(volume_agreed >= 0 AND min_lot >= 0)",
        "Volume and minimum lot cannot be negative.",
    )
    # the catalogue of one counterparty, newest first
    _catalogue_idx = models.Index(
        "(commercial_partner_id, state, date_end, product_id)"
    )

    @api.depends("plant_id")
    def _compute_warehouse_id(self):
        for line in self:
            if line.warehouse_id.plant_id != line.plant_id:
                line.warehouse_id = line.plant_id.warehouse_ids[:1]

    @api.depends("specification_id.date_start", "specification_id.date_end")
    def _compute_dates(self):
        """A line lives as long as its specification, unless it has dates of its
        own: those stay when the specification is prolonged (in a form here, in
        the database by `write` of the specification)."""
        for line in self:
            origin = line._origin if not isinstance(line.id, int) else line.browse()
            for name in ("date_start", "date_end"):
                is_own = origin and origin[name] != origin.specification_id[name]
                source = origin if is_own else line.specification_id
                line[name] = source[name]

    @api.depends("product_id")
    def _compute_retail_price(self):
        for line in self:
            product = line.product_id
            price = product.list_price / product.uom_mass if product.uom_mass else 0.0
            line.retail_price = float_round(price, precision_digits=2)

    @api.depends(
        "price_unit", "specification_id.price_include_vat", "product_id.vat_category"
    )
    def _compute_prices(self):
        prices = self._get_prices(fields.Date.context_today(self))
        for line in self:
            line.price_excl, line.price_incl = prices[line.id]

    @api.depends("product_id.display_stock_limit", "warehouse_id")
    def _compute_display_stock(self):
        for warehouse, lines in self.grouped("warehouse_id").items():
            products = lines.product_id.with_context(warehouse_id=warehouse.id)
            free = {product.id: product.free_qty for product in products}
            for line in lines:
                product = line.product_id
                mass = max(free.get(product.id, 0.0) * product.uom_mass, 0.0)
                limit = product.display_stock_limit
                line.display_stock = min(mass, limit) if limit else mass

    @api.depends("product_id", "specification_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.specification_id.name}: {line.product_id.display_name}"
            )

    @api.constrains(
        "product_id",
        "plant_id",
        "warehouse_id",
        "delivery_method_id",
        "site_id",
        "specification_id",
    )
    def _check_orderable(self):
        """Lines added to a specification in force must be orderable at once."""
        for line in self:
            if line.state == "active":
                line._check_activation()

    @api.constrains("site_id", "specification_id")
    def _check_site_owner(self):
        for line in self:
            if line.site_id and line.site_id.partner_id != line.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Site %(site)s belongs to another counterparty.",
                        site=line.site_id.name,
                    )
                )

    def _check_activation(self):
        """Refuse a line that clients could not order.

        :raises ValidationError: naming the line and what it lacks.
        """
        for line in self:
            message = line._get_activation_error()
            if message:
                raise ValidationError(
                    self.env._(
                        "Specification %(number)s, line “%(product)s”: %(message)s",
                        number=line.specification_id.name,
                        product=line.product_id.display_name,
                        message=message,
                    )
                )

    def write(self, vals):
        """Override to keep a trace of changed prices in force."""
        before = {}
        if "price_unit" in vals:
            before = {line: line.price_unit for line in self if line.state == "active"}
        result = super().write(vals)
        for line, old_price in before.items():
            if line.currency_id.compare_amounts(line.price_unit, old_price):
                line._log_price_change(old_price)
        return result

    def _log_price_change(self, old_price: float):
        self.ensure_one()
        self.specification_id._message_log(
            body=self.env._(
                "Price of %(product)s: %(old)s → %(new)s",
                product=self.product_id.display_name,
                old=formatLang(self.env, old_price, currency_obj=self.currency_id),
                new=formatLang(
                    self.env, self.price_unit, currency_obj=self.currency_id
                ),
            )
        )

    def _get_prices(self, day: date) -> dict[int, tuple[float, float]]:
        """Return ``{line id: (price without VAT, with VAT)}`` on *day*, per tonne."""
        rates = self.env["cement.vat.rate"]._get_rates(day)
        prices = {}
        for line in self:
            rate = rates.get(line.product_id.vat_category)
            prices[line.id] = split_price(
                line.price_unit,
                rate.rate if rate else 0.0,
                included=line.specification_id.price_include_vat,
            )
        return prices

    def action_open(self):
        """Open the line's own form, where the rest of it is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _get_activation_error(self) -> str | None:
        """Return what keeps clients from ordering this line, or ``None``."""
        self.ensure_one()
        product = self.product_id
        if not product.cargo_form_id:
            return self.env._("the product has no cargo form.")
        if product.cargo_kind != "bulk" and not product.unit_mass:
            return self.env._(
                "the mass of a package is not set, so whole packages cannot be counted."
            )
        if not product.uom_mass:
            return self.env._("the mass of its unit of measure is not known.")
        if not self.warehouse_id:
            return self.env._("the plant has no warehouse.")
        if self.site_id and not self.site_id._fits_method(self.delivery_method_id):
            return self.env._("the site cannot be reached by this delivery method.")
        return None

    def _is_valid_on(self, day: date) -> bool:
        """Whether goods may be ordered by this line for *day*."""
        self.ensure_one()
        return (
            self.specification_id._is_valid_on(day)
            and (not self.date_start or self.date_start <= day)
            and (not self.date_end or day <= self.date_end)
        )

    @api.model
    def _get_orderable_domain(self, day: date) -> Domain:
        """Return the domain of the lines in force on *day*."""
        return (
            Domain("state", "=", "active")
            & Domain("date_start", "<=", day)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", day))
        )

    def _get_site_domain(self) -> Domain:
        """Return the domain of the sites that this line may be delivered to."""
        self.ensure_one()
        if self.site_id:
            return Domain("id", "=", self.site_id.id)
        domain = Domain("partner_id", "=", self.commercial_partner_id.id)
        if not self.delivery_method_id.is_pickup:
            kind = (
                "station" if self.delivery_method_id.transport == "rail" else "address"
            )
            domain &= Domain("kind", "=", kind)
        return domain
