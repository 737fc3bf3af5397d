# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_round

from .cement_vat_rate import VAT_CATEGORIES

# over how many days the turnover is averaged
_TURNOVER_DAYS = 90


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_cement_cargo = fields.Boolean(
        string="Cargo",
        help="Sold by contract and specification, by the vehicle.",
    )
    gost = fields.Char(string="GOST", help="Standard the product is made to.")
    cement_grade = fields.Char(string="Grade")
    cargo_form_id = fields.Many2one("cement.cargo.form", string="Cargo form")
    cargo_kind = fields.Selection(related="cargo_form_id.kind")
    density = fields.Float(string="Density, t/m³", digits=(16, 3))
    unit_mass = fields.Float(
        string="Mass of a package, t",
        digits=(16, 6),
        help="Mass of one package that is never divided: a big bag, a pallet, a "
        "bag. 0 for bulk.",
    )
    uom_mass = fields.Float(
        string="Mass of a unit, t",
        digits=(16, 9),
        compute="_compute_uom_mass",
        store=True,
        help="Tonnes in one unit of measure of the product.",
    )
    accounting_category_id = fields.Many2one(
        "cement.accounting.category", ondelete="restrict"
    )
    vat_category = fields.Selection(
        VAT_CATEGORIES,
        default="standard",
        required=True,
        string="VAT category",
    )
    seasonal_exempt = fields.Boolean(
        string="Exempt from seasonal limits",
        help="Fertiliser and feed may travel while spring limits hold; cement may not.",
    )
    seasonal_exempt_reason = fields.Char()
    made_to_order = fields.Boolean(
        help="Made to order: shown with its lead time instead of the stock."
    )
    lead_days = fields.Integer(
        string="Lead time, days", help="From the order to readiness for loading."
    )
    next_batch_date = fields.Date(help="When the next batch is made.")
    display_stock_days = fields.Float(
        string="Stock shown, days of turnover",
        help="Every night the stock shown at most becomes what left the warehouses in "
        "so many average days. 0 leaves the figure below to you.",
    )
    display_stock_limit = fields.Float(
        string="Stock shown at most, t",
        digits=(16, 3),
        help="Clients see no more than this, however much lies in the warehouse. "
        "0 shows the whole free stock.",
    )
    transport_note = fields.Char(
        string="Packing and transport",
        translate=True,
        help="Size and number of packages on a pallet, storage and transport notes.",
    )

    _unit_mass_not_negative = models.Constraint(
        "CHECK(unit_mass IS NULL OR unit_mass >= 0)",
        "The mass of a package cannot be negative.",
    )

    @api.model
    def _cron_update_display_stock(self):
        """Reckon the stock shown to clients from the turnover (F190): what left the
        warehouses in the last 90 days, as an average day times the days wished."""
        products = self.sudo().search([("display_stock_days", ">", 0)])
        since = fields.Datetime.now() - timedelta(days=_TURNOVER_DAYS)
        # sudo: the figure is made from the shipments of every supplier company
        shipped = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                [
                    ("product_id.product_tmpl_id", "in", products.ids),
                    ("state", "=", "done"),
                    ("date", ">=", since),
                    ("location_id.usage", "=", "internal"),
                    ("location_dest_id.usage", "=", "customer"),
                ],
                ["product_id"],
                # in the product's own unit
                ["product_qty:sum"],
            )
        )
        mass = defaultdict(float)
        for product, quantity in shipped:
            template = product.product_tmpl_id
            mass[template] += quantity * template.uom_mass
        for product in products:
            product.display_stock_limit = float_round(
                mass[product] / _TURNOVER_DAYS * product.display_stock_days,
                precision_digits=3,
            )

    @api.depends("uom_id", "uom_id.factor", "unit_mass", "weight")
    def _compute_uom_mass(self):
        """Tonnes by the unit itself when it is a unit of mass, else by the mass of
        a package, else by the product's weight."""
        tonne = self.env.ref("uom.product_uom_ton", raise_if_not_found=False)
        for product in self:
            uom = product.uom_id
            if tonne and uom and uom._has_common_reference(tonne):
                product.uom_mass = uom._compute_quantity(1.0, tonne, round=False)
            else:
                product.uom_mass = product.unit_mass or (product.weight or 0.0) / 1000
