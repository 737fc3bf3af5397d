# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    plant_id = fields.Many2one(
        "cement.plant", string="Plant", index="btree_not_null", check_company=True
    )
