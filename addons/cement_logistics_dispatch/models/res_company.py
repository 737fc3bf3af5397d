# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cement_waybill_least = fields.Float(
        string="Least mass of a waybill, t",
        digits=(16, 3),
        default=1.0,
        help="A client who collects parts an order into no smaller pieces.",
    )
    cement_waybill_parts = fields.Integer(
        string="Most parts of an order",
        default=20,
        help="So many shipments an order may become by waybills of the client, those "
        "taken back included.",
    )

    _cement_waybill_sane = models.Constraint(
        "CHECK(cement_waybill_least >= 0 AND cement_waybill_parts >= 1)",
        "The least mass is not below zero, and an order has one part at least.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cement_waybill_least = fields.Float(
        related="company_id.cement_waybill_least", readonly=False
    )
    cement_waybill_parts = fields.Integer(
        related="company_id.cement_waybill_parts", readonly=False
    )
