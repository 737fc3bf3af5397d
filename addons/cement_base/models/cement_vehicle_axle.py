# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementVehicleAxle(models.Model):
    """One axle of a vehicle type, counted from the front."""

    _name = "cement.vehicle.axle"
    _description = "Axle of a vehicle type"
    _order = "vehicle_type_id, sequence, id"

    vehicle_type_id = fields.Many2one(
        "cement.vehicle.type", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    spacing_before = fields.Float(
        string="Spacing, m",
        digits=(16, 3),
        help="Distance to the axle before; 0 for the first one.",
    )
    tyres = fields.Selection(
        [("single", "Single tyres"), ("twin", "Twin tyres")],
        required=True,
        default="single",
    )
    is_drive = fields.Boolean(string="Drive axle")

    _spacing_not_negative = models.Constraint(
        "CHECK(spacing_before >= 0)", "The spacing of axles cannot be negative."
    )
