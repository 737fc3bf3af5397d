# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementWagonTripAssign(models.TransientModel):
    """Ties a trip to a shipment, or says that its cargo came from another wagon."""

    _name = "cement.wagon.trip.assign"
    _description = "Shipment of a wagon"

    trip_id = fields.Many2one("cement.wagon.trip", required=True, readonly=True)
    waybill = fields.Char(related="trip_id.waybill", related_sudo=False)
    destination_id = fields.Many2one(
        related="trip_id.destination_id", related_sudo=False
    )
    suggestion_ids = fields.Many2many(
        "stock.picking",
        string="Likely shipments",
        compute="_compute_suggestion_ids",
    )
    suggestion_text = fields.Text(
        string="Why they are likely", compute="_compute_suggestion_ids"
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        compute="_compute_picking_id",
        store=True,
        readonly=False,
        domain="[('is_cement', '=', True), ('transport', '=', 'rail'),"
        " ('state', '!=', 'cancel')]",
    )
    donor_id = fields.Many2one(
        "cement.wagon.trip",
        string="Cargo came from wagon",
        compute="_compute_donor_id",
        store=True,
        readonly=False,
        domain="[('picking_id', '!=', False), ('id', '!=', trip_id)]",
        help="The faulty wagon whose cargo was moved to this one: its shipment goes "
        "on with this wagon.",
    )

    @api.depends("trip_id")
    def _compute_suggestion_ids(self):
        reasons = {
            "waybill": self.env._("same waybill"),
            "wagon": self.env._("same wagon"),
            "place": self.env._("same station"),
            "mass": self.env._("close in mass"),
            "day": self.env._("close in days"),
        }
        for wizard in self:
            found = wizard.trip_id._get_suggestions() if wizard.trip_id else []
            pickings = self.env["stock.picking"].browse(row[0] for row in found)
            wizard.suggestion_ids = pickings
            wizard.suggestion_text = "\n".join(
                f"{picking.name}: {', '.join(reasons[reason] for reason in row[1])}"
                for picking, row in zip(pickings, found, strict=True)
            )

    @api.depends("trip_id")
    def _compute_picking_id(self):
        for wizard in self:
            wizard.picking_id = wizard.trip_id.picking_id or wizard.suggestion_ids[:1]

    @api.depends("trip_id")
    def _compute_donor_id(self):
        for wizard in self:
            wizard.donor_id = wizard.trip_id._find_donor()

    def action_assign(self):
        self.ensure_one()
        self.trip_id._assign(self.picking_id)
        return {"type": "ir.actions.act_window_close"}

    def action_transfer(self):
        self.ensure_one()
        self.trip_id._transfer_from(self.donor_id)
        return {"type": "ir.actions.act_window_close"}
