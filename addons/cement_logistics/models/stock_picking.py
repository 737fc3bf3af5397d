# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import lifecycle


class StockPicking(models.Model):
    """A shipment: one vehicle or wagon on its way to the site.

    What is shown of the way (position, distance, arrival) is kept here as the
    present state; the tracker's positions and the wagon's operations that led to
    it are kept by the addons that receive them.
    """

    _inherit = "stock.picking"

    # stored copies: the portal's record rule and lists compare them
    is_cement = fields.Boolean(
        string="By specification", related="sale_id.is_cement", store=True
    )
    counterparty_id = fields.Many2one(
        related="sale_id.counterparty_id", store=True, index="btree_not_null"
    )
    agreement_id = fields.Many2one(related="sale_id.agreement_id", store=True)
    site_id = fields.Many2one(
        related="sale_id.site_id", store=True, index="btree_not_null"
    )
    ordered_by_id = fields.Many2one(related="sale_id.ordered_by_id", store=True)
    plant_id = fields.Many2one(related="sale_id.plant_id", store=True)
    transport = fields.Selection(
        related="sale_id.delivery_method_id.transport", store=True
    )
    is_pickup = fields.Boolean(
        related="sale_id.delivery_method_id.is_pickup", store=True
    )
    # the vehicle
    vehicle_type_id = fields.Many2one(
        "cement.vehicle.type",
        string="Vehicle type",
        compute="_compute_vehicle_type_id",
        store=True,
        readonly=False,
    )
    vehicle_plate = fields.Char(string="Plate", copy=False, index="btree_not_null")
    trailer_plate = fields.Char(copy=False)
    wagon_number = fields.Char(copy=False, index="btree_not_null")
    cement_carrier_id = fields.Many2one("res.partner", string="Carrier", copy=False)
    driver_id = fields.Many2one("cement.driver", copy=False)
    # papers and mass
    waybill_number = fields.Char(copy=False, index="btree_not_null")
    waybill_date = fields.Date(copy=False)
    gross_mass = fields.Float(string="Gross, t", digits=(16, 3), copy=False)
    tare_mass = fields.Float(string="Tare, t", digits=(16, 3), copy=False)
    net_mass = fields.Float(string="Net, t", digits=(16, 3), copy=False)
    seals = fields.Char(copy=False)
    # the way
    shipment_state = fields.Selection(
        selection="_selection_shipment_state",
        string="On the way",
        default=lifecycle.PLANNED,
        readonly=True,
        copy=False,
        index=True,
    )
    shipment_state_date = fields.Datetime(
        string="On the way since", readonly=True, copy=False
    )
    shipment_event_ids = fields.One2many(
        "cement.shipment.event", "picking_id", string="Steps", readonly=True
    )
    latitude = fields.Float(digits=(9, 6), readonly=True, copy=False)
    longitude = fields.Float(digits=(9, 6), readonly=True, copy=False)
    position_date = fields.Datetime(
        readonly=True, copy=False, help="When the position was true."
    )
    position_text = fields.Char(
        string="Place", readonly=True, copy=False, help="Station or place in words."
    )
    position_accuracy = fields.Integer(string="Accuracy, m", readonly=True, copy=False)
    distance_left = fields.Float(
        string="Distance left, km", digits=(16, 1), readonly=True, copy=False
    )
    eta_date = fields.Datetime(
        string="Expected arrival", readonly=True, copy=False, index="btree_not_null"
    )
    eta_source = fields.Char(
        readonly=True, copy=False, help="Who reckoned the arrival, and from what."
    )
    due_date = fields.Date(
        string="Carrier's due date",
        readonly=True,
        copy=False,
        help="When the carrier must deliver by its own rules.",
    )
    promised_from = fields.Datetime(string="Promised from", copy=False)
    promised_to = fields.Datetime(string="Promised until", copy=False)

    @api.model
    def _selection_shipment_state(self):
        return [
            (lifecycle.PLANNED, self.env._("Planned")),
            (lifecycle.LOADING, self.env._("Loading")),
            (lifecycle.LEFT, self.env._("Left the plant")),
            (lifecycle.ON_WAY, self.env._("On the way")),
            (lifecycle.NEAR, self.env._("An hour away")),
            (lifecycle.ARRIVED, self.env._("Arrived")),
            (lifecycle.UNLOADING, self.env._("Unloading")),
            (lifecycle.DONE, self.env._("Delivered")),
            (lifecycle.CANCELLED, self.env._("Cancelled")),
        ]

    @api.depends("sale_id.vehicle_type_id")
    def _compute_vehicle_type_id(self):
        for picking in self:
            picking.vehicle_type_id = (
                picking.sale_id.vehicle_type_id or picking.vehicle_type_id
            )

    def _cement_set_shipment_state(
        self, target, source, date=None, note=None, is_estimated=False, **position
    ):
        """Move the shipments on to *target*.

        A shipment that is there already, or further on, is left alone: messages
        come twice and out of order.

        :param source: who says so, as in ``cement.shipment.event``.
        :param date: when it was true (UTC); the present moment by default.
        :param position: ``latitude`` and ``longitude`` of the place, if known.
        :return: the shipments that moved.
        """
        moving = self.filtered(
            lambda picking: picking.is_cement
            and (picking.shipment_state or lifecycle.PLANNED) != target
            and lifecycle.can_move(picking.shipment_state or lifecycle.PLANNED, target)
        )
        if not moving:
            return moving
        when = date or fields.Datetime.now()
        moving.write({"shipment_state": target, "shipment_state_date": when})
        self.env["cement.shipment.event"].create(
            [
                {
                    "picking_id": picking.id,
                    "state": target,
                    "date": when,
                    "source": source,
                    "note": note,
                    "is_estimated": is_estimated,
                    **position,
                }
                for picking in moving
            ]
        )
        moving._cement_after_shipment_state(target, source)
        moving._cement_announce_shipments()
        return moving

    def _cement_update_positions(self, positions: dict):
        """Write what is known of the way now.

        :param positions: ``{picking id: values}`` of the fields ``latitude`` to
            ``due_date``; what is absent stays.
        """
        for picking in self:
            if picking.id in positions:
                picking.write(positions[picking.id])
        self._cement_announce_shipments()

    def _cement_after_shipment_state(self, target, source):
        """Called with the shipments that moved to *target*; addons extend it."""

    def _cement_announce_shipments(self):
        """Tell open pages that the shipments have changed; addons extend it."""

    def _check_cement(self):
        """Refuse transfers that are no shipment to a client.

        :raises UserError: naming the first of them.
        """
        for picking in self:
            if not picking.is_cement:
                raise UserError(
                    self.env._(
                        "%(name)s is not a shipment by specification.",
                        name=picking.name,
                    )
                )
