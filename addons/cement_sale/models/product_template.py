# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    display_stock = fields.Float(
        string="Stock shown to clients, t",
        digits=(16, 3),
        compute="_compute_display_stock",
        help="Free stock, but no more than the limit set for showing (F190, F191).",
    )

    @api.depends_context("company", "warehouse_id")
    @api.depends("display_stock_limit", "uom_mass")
    def _compute_display_stock(self):
        # sudo: clients may not read stock; they see this one figure
        for product, sudo_product in zip(self, self.sudo(), strict=True):
            free = max(
                sum(sudo_product.product_variant_ids.mapped("free_qty")), 0.0
            ) * (sudo_product.uom_mass or 0.0)
            limit = sudo_product.display_stock_limit
            product.display_stock = min(free, limit) if limit else free
