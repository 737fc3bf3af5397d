# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    specification_line_ids = fields.One2many(
        "cement.specification.line", "product_id", string="Specification lines"
    )
    onec_ref = fields.Char(
        string="Key in 1C",
        index="btree_not_null",
        copy=False,
        help="Identifier of the item in the accounting system.",
    )
