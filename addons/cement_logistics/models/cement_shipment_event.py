# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementShipmentEvent(models.Model):
    """One step of a shipment: when, and who said so."""

    _name = "cement.shipment.event"
    _description = "Step of a shipment"
    _order = "date, id"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        required=True,
        ondelete="cascade",
        index=True,
    )
    state = fields.Selection(
        selection=lambda self: self.env["stock.picking"]._selection_shipment_state(),
        required=True,
    )
    date = fields.Datetime(required=True, help="When it was true.")
    source = fields.Selection(
        [
            ("dispatcher", "Dispatcher"),
            ("system", "System"),
            ("tracker", "Tracker"),
            ("rail", "Railway report"),
            ("driver", "Driver or foreman"),
            ("client", "Client"),
            ("onec", "1C"),
        ],
        required=True,
    )
    is_estimated = fields.Boolean(
        string="Estimated", help="Not seen, but concluded from what came after."
    )
    note = fields.Char()
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
