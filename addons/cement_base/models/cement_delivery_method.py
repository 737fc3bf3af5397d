# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDeliveryMethod(models.Model):
    """How the buyer gets the goods: by road or rail, delivered or picked up."""

    _name = "cement.delivery.method"
    _description = "Delivery method"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    transport = fields.Selection(
        [("road", "Road"), ("rail", "Rail")], required=True, default="road"
    )
    is_pickup = fields.Boolean(
        string="Pick-up", help="The buyer sends the vehicle or the wagon."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is a delivery method with this code already."
    )
