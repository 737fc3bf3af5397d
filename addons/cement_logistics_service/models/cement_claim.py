# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementClaim(models.Model):
    _inherit = "cement.claim"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('sale_id', '=', order_id)]",
        groups="base.group_user",
    )
