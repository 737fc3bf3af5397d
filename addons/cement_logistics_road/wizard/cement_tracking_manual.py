# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import geo

# An arrival at the present moment may be a past one when the form is saved.
TYPING = timedelta(minutes=15)


class CementTrackingManual(models.TransientModel):
    """What the driver said on the phone, typed by the dispatcher."""

    _name = "cement.tracking.manual"
    _description = "Position by hand"

    picking_id = fields.Many2one(
        "stock.picking", string="Shipment", required=True, ondelete="cascade"
    )
    date = fields.Datetime(
        string="Was there at", required=True, default=fields.Datetime.now
    )
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    place = fields.Char(help="For example: M5, km 1,742, a petrol station.")
    eta_date = fields.Datetime(string="Will arrive at")
    hold_eta = fields.Boolean(
        string="Keep this arrival",
        default=True,
        help="The tracker does not change it until the trip is over.",
    )

    @api.constrains("latitude", "longitude", "date", "place", "eta_date")
    def _check_something(self):
        for row in self:
            given = row.latitude or row.longitude
            if given and not geo.is_place(row.latitude, row.longitude):
                raise ValidationError(
                    self.env._("Latitude is −90 to 90, longitude −180 to 180.")
                )
            if not (given or row.place or row.eta_date):
                raise ValidationError(
                    self.env._("Enter a place, a position or an arrival.")
                )
            now = fields.Datetime.now()
            if row.date > now:
                raise ValidationError(self.env._("The position lies in the future."))
            if row.eta_date and row.eta_date < now - TYPING:
                raise ValidationError(self.env._("The arrival lies in the past."))

    def action_apply(self):
        self.ensure_one()
        self.picking_id._check_cement()
        self.picking_id._cement_enter_position(
            {
                "date": self.date,
                "latitude": self.latitude,
                "longitude": self.longitude,
                "place": self.place,
                "eta_date": self.eta_date,
                "hold_eta": self.hold_eta,
            }
        )
        return {"type": "ir.actions.act_window_close"}
