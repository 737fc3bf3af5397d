# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    trip_ids = fields.One2many(
        "cement.wagon.trip", "picking_id", string="Wagon trips", readonly=True
    )
