# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cement_load_tolerance = fields.Float(
        string="Loading tolerance, %",
        digits=(5, 2),
        default=3.0,
        help="A bulk load that the scales show this much below the order is complete; "
        "below that the dispatcher is asked about a second vehicle.",
    )
    cement_shortage_tolerance = fields.Float(
        string="Shortage tolerance, %",
        digits=(5, 2),
        default=0.5,
        help="What may be missing at the client's scales without a claim. A product "
        "may have its own.",
    )
    cement_link_days = fields.Integer(
        string="Tracking link lives, days",
        default=7,
        help="A link for the foreman opens the shipment this long.",
    )

    _cement_tolerances_sane = models.Constraint(
        "CHECK(cement_load_tolerance BETWEEN 0 AND 100 "
        "AND cement_shortage_tolerance BETWEEN 0 AND 100)",
        "A tolerance lies between 0 and 100 %.",
    )
    _cement_link_days_sane = models.Constraint(
        "CHECK(cement_link_days BETWEEN 1 AND 90)",
        "A tracking link lives from 1 to 90 days.",
    )


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shortage_tolerance = fields.Float(
        string="Shortage tolerance, %",
        digits=(5, 2),
        help="0 means: as the company says.",
    )

    _shortage_tolerance_sane = models.Constraint(
        "CHECK(shortage_tolerance IS NULL OR shortage_tolerance BETWEEN 0 AND 100)",
        "A tolerance lies between 0 and 100 %.",
    )
