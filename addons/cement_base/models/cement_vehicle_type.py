# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementVehicleType(models.Model):
    """A kind of truck or wagon as the planner sees it."""

    _name = "cement.vehicle.type"
    _description = "Vehicle type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    transport = fields.Selection(
        [("road", "Truck"), ("rail", "Wagon")], required=True, default="road"
    )
    payload = fields.Float(
        string="Payload, t",
        digits=(16, 3),
        required=True,
        help="What the vehicle may carry at most. The law of the route and the day "
        "may allow less.",
    )
    tare = fields.Float(string="Tare, t", digits=(16, 3))
    gross = fields.Float(string="Gross, t", digits=(16, 3), compute="_compute_gross")
    volume = fields.Float(string="Volume, m³", digits=(16, 2))
    pallet_places = fields.Integer(
        help="Places for pallets or big bags on the floor; 0 means not limited."
    )
    cargo_form_ids = fields.Many2many("cement.cargo.form", string="Cargo forms")
    unloading_way_ids = fields.Many2many(
        "cement.unloading.way",
        string="Unloading ways",
        help="Ways this vehicle can be unloaded; empty means any.",
    )
    axle_ids = fields.One2many("cement.vehicle.axle", "vehicle_type_id", string="Axles")
    axle_count = fields.Integer(
        compute="_compute_axle_count", store=True, readonly=False
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is a vehicle type with this code already."
    )
    _payload_positive = models.Constraint(
        "CHECK(payload > 0)", "The payload of a vehicle must be above zero."
    )

    @api.depends("payload", "tare")
    def _compute_gross(self):
        for vehicle in self:
            vehicle.gross = vehicle.payload + vehicle.tare

    @api.depends("axle_ids")
    def _compute_axle_count(self):
        for vehicle in self:
            vehicle.axle_count = len(vehicle.axle_ids) or vehicle.axle_count
