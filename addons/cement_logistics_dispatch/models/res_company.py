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

    cement_inside_days = fields.Integer(
        string="Longest stay on the premises, days",
        default=3,
        help="The pass of a vehicle that was let in and not let out for longer is "
        "closed, and a dispatcher is told.",
    )

    _cement_inside_days_sane = models.Constraint(
        "CHECK(cement_inside_days BETWEEN 1 AND 365)",
        "A vehicle stays on the premises between one day and a year.",
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
    cement_inside_days = fields.Integer(
        related="company_id.cement_inside_days", readonly=False
    )
    cement_waybill_parts = fields.Integer(
        related="company_id.cement_waybill_parts", readonly=False
    )
