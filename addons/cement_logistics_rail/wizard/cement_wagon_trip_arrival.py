# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementWagonTripArrival(models.TransientModel):
    """Sets the arrival of a wagon by hand."""

    _name = "cement.wagon.trip.arrival"
    _description = "Arrival of a wagon"

    trip_id = fields.Many2one("cement.wagon.trip", required=True)
    arrived_at = fields.Datetime(
        string="Arrival",
        compute="_compute_arrived_at",
        store=True,
        readonly=False,
    )

    @api.depends("trip_id")
    def _compute_arrived_at(self):
        for wizard in self:
            wizard.arrived_at = wizard.trip_id.arrived_at

    def action_confirm(self):
        self.ensure_one()
        self.trip_id._set_arrival(self.arrived_at)
        return {"type": "ir.actions.act_window_close"}
