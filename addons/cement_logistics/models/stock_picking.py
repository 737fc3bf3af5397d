# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.cement_base.tools import zones
from odoo.addons.cement_base.tools.storage import leave_room

from ..tools import lifecycle

# who answers clients for the plant
PROMISE_GROUPS = "cement_base.group_dispatcher,cement_base.group_sales_manager"


class StockPicking(models.Model):
    """A shipment: one vehicle or wagon on its way to the site.

    What is shown of the way (position, distance, arrival) is kept here as the
    present state; the tracker's positions and the wagon's operations that led to
    it are kept by the addons that receive them.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "cement.shared.files"]

    # the plant's own remarks: clients read shipments by RPC too
    note = fields.Html(groups="base.group_user")
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
    product_text = fields.Char(related="sale_id.product_text", store=True)
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
    # stored: the list shows, searches and sorts by it
    vehicle_text = fields.Char(
        string="Vehicle or wagon", compute="_compute_vehicle_text", store=True
    )
    # people and seals: pages of the partner show them as superuser, RPC does not
    cement_carrier_id = fields.Many2one(
        "res.partner", string="Carrier", copy=False, groups="base.group_user"
    )
    driver_id = fields.Many2one("cement.driver", copy=False, groups="base.group_user")
    # papers and mass
    waybill_number = fields.Char(copy=False, index="btree_not_null")
    waybill_date = fields.Date(copy=False)
    gross_mass = fields.Float(string="Gross, t", digits=(16, 3), copy=False)
    tare_mass = fields.Float(string="Tare, t", digits=(16, 3), copy=False)
    net_mass = fields.Float(
        string="Net, t",
        digits=(16, 3),
        copy=False,
        compute="_compute_net_mass",
        store=True,
        readonly=False,
        help="What the scales said; of bulk goods it becomes the shipped quantity.",
    )
    ordered_mass = fields.Float(
        string="Ordered, t",
        digits=(16, 3),
        compute="_compute_shipment_mass",
        store=True,
    )
    shipment_mass = fields.Float(
        string="Mass, t",
        digits=(16, 3),
        compute="_compute_shipment_mass",
        store=True,
        help="Weighed, else shipped, else planned.",
    )
    seals = fields.Char(copy=False, groups="base.group_user")
    # the way
    shipment_day = fields.Date(
        string="Day of shipment",
        compute="_compute_shipment_day",
        inverse="_inverse_shipment_day",
        store=True,
        help="The day on which the goods left; before that the promised day.",
    )
    shipment_state = fields.Selection(
        selection="_selection_shipment_state",
        string="Shipment status",
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
    arrived_date = fields.Datetime(
        string="Arrived on", readonly=True, copy=False, help="At the client's gate."
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
    # no index: what trackers and railway reports change every few minutes stays out
    # of them all; the few under way are found by their own
    eta_date = fields.Datetime(string="Expected arrival", readonly=True, copy=False)
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

    # the list of a counterparty and of one of its people, newest first
    _cement_counterparty_day_idx = models.Index(
        "(counterparty_id, shipment_day DESC, id DESC) WHERE is_cement IS TRUE"
    )
    _cement_author_day_idx = models.Index(
        "(ordered_by_id, shipment_day DESC, id DESC) WHERE is_cement IS TRUE"
    )
    # the map and the home page: what is under way, however much lies behind
    _cement_under_way_idx = models.Index(
        "(counterparty_id, shipment_state) WHERE is_cement IS TRUE AND "
        "shipment_state IN ('left', 'on_way', 'near', 'arrived', 'unloading')"
    )

    def init(self):
        """Leave room for the positions that trackers and reports write."""
        result = super().init()
        leave_room(self.env.cr, self._table)
        return result

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

    # === Computes ===

    @api.depends("sale_id.vehicle_type_id")
    def _compute_vehicle_type_id(self):
        for picking in self:
            picking.vehicle_type_id = (
                picking.sale_id.vehicle_type_id or picking.vehicle_type_id
            )

    @api.depends("wagon_number", "vehicle_plate")
    def _compute_vehicle_text(self):
        for picking in self:
            picking.vehicle_text = picking.wagon_number or picking.vehicle_plate

    @api.depends("gross_mass", "tare_mass")
    def _compute_net_mass(self):
        """Gross less tare; a net that came without them stays."""
        for picking in self:
            if picking.gross_mass and picking.tare_mass:
                picking.net_mass = round(picking.gross_mass - picking.tare_mass, 3)

    @api.depends(
        "is_cement",
        "net_mass",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.product_uom",
        "move_ids.product_id",
    )
    def _compute_shipment_mass(self):
        for picking in self:
            if not picking.is_cement:
                picking.ordered_mass = picking.shipment_mass = 0.0
                continue
            moves = picking.move_ids
            if picking.state != "cancel":
                moves = moves.filtered(lambda move: move.state != "cancel")
            planned = sum(move._get_cement_mass(move.product_uom_qty) for move in moves)
            picking.ordered_mass = planned
            if picking.net_mass:
                picking.shipment_mass = picking.net_mass
            elif picking.state == "done":
                picking.shipment_mass = sum(
                    move._get_cement_mass(move.quantity) for move in moves
                )
            else:
                picking.shipment_mass = planned

    @api.depends(
        "date_done", "state", "sale_id.promised_date", "sale_id.requested_date"
    )
    def _compute_shipment_day(self):
        for picking in self:
            if picking.state == "done" and picking.date_done:
                picking.shipment_day = picking._cement_local(picking.date_done).date()
            else:
                order = picking.sale_id
                picking.shipment_day = order.promised_date or order.requested_date

    def _inverse_shipment_day(self):
        """Whoever moves a shipment to another day answers the client."""
        moved = self.filtered(
            lambda picking: picking.is_cement
            and picking.state not in ("done", "cancel")
            # sudo: people of the warehouse do not read orders
            and picking.sudo().sale_id.promised_date != picking.shipment_day
        )
        for shipments in moved.grouped("sale_id").values():
            days = set(shipments.mapped("shipment_day"))
            if len(days) > 1:
                raise UserError(
                    self.env._("All shipments of an order leave on one promised day.")
                )
            shipments._cement_promise_day(days.pop())

    def _cement_promise_day(self, day):
        """Promise *day* to the client of the one order of these shipments; addons
        with more to say about days (holds, passes) override it.

        :param day: date; nothing takes the promise back.
        :raises AccessError: for who does not answer for the plant.
        :raises UserError: when the order is being loaded or has left, or the day is
            past.
        """
        if not (self.env.su or self.env.user.has_groups(PROMISE_GROUPS)):
            raise AccessError(
                self.env._("Only a dispatcher or a manager promises a day.")
            )
        # sudo: dispatchers do not write orders; this day is theirs to say
        order_sudo = self.sudo().sale_id
        order_sudo._cement_lock()
        if order_sudo.state != "sale" or any(
            picking.shipment_state not in (lifecycle.PLANNED, lifecycle.CANCELLED)
            for picking in order_sudo._get_cement_shipments()
        ):
            raise UserError(
                self.env._(
                    "Order %(order)s is being loaded or has left.",
                    order=order_sudo.name,
                )
            )
        if day and day < self._cement_local(fields.Datetime.now()).date():
            raise UserError(self.env._("This day is past."))
        before = order_sudo.promised_date
        order_sudo.promised_date = day
        order_sudo.message_post(
            body=self.env._(
                "Promised day, by the shipment: %(before)s → %(after)s.",
                before=format_date(self.env, before) if before else "—",
                after=format_date(self.env, day) if day else "—",
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _get_cement_clock(self) -> zones.Clock:
        """Return by whose clock the hours of the shipment are told: on all pages,
        in lists and messages alike (as superuser)."""
        self.ensure_one()
        return zones.choose(
            is_rail=self.transport == "rail",
            is_pickup=self.is_pickup,
            site=self.site_id.tz,
            plant=self.plant_id.tz,
        )

    def _get_cement_formats(self):
        """Return the formats of a page about this shipment (as superuser)."""
        return self.env["cement.portal.shell"]._get_formats(self._get_cement_clock())

    def _cement_local(self, moment):
        """Return *moment* (UTC) in the zone of the plant of the shipments."""
        # sudo: the zone of the plant, whoever reads the shipment
        zone = self.sudo().plant_id[:1].tz or "Europe/Moscow"
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)

    # === The way ===

    def _cement_set_shipment_state(
        self, target, source, date=None, note=None, is_estimated=False, **position
    ):
        """Move the shipments on to *target*.

        A shipment that is there already, or further on, is left alone: messages
        come twice and out of order.

        :param source: who says so, as in ``cement.shipment.event``.
        :param date: when it was true (UTC), or ``{picking id: moment}``; the present
            moment by default.
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
        now = fields.Datetime.now()
        dates = date if isinstance(date, dict) else dict.fromkeys(moving.ids, date)
        moving.write({"shipment_state": target})
        for picking in moving:
            # written together: the ORM gathers them
            picking.shipment_state_date = dates.get(picking.id) or now
        # sudo: whoever may move the shipment leaves a step; nobody writes it by hand
        self.env["cement.shipment.event"].sudo().create(
            [
                {
                    "picking_id": picking.id,
                    "state": target,
                    "date": dates.get(picking.id) or now,
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

    # === Hooks for the addons above ===

    def _cement_after_shipment_state(self, target, source):
        """Called with the shipments that moved to *target*; addons extend it."""

    def _cement_announce_shipments(self):
        """Tell open pages that the shipments have changed; addons extend it."""

    def _cement_weighed(self):
        """Called with the shipments whose weighed mass has just become the shipped
        one, before the goods leave; addons extend it (evidence of the axle loads).
        """

    def _cement_on_shortage(self, shortage, tolerance):
        """Called with one shipment of which the client received less than was sent.

        :param shortage: t, above *tolerance*.
        :param tolerance: t, what is usual on the way.
        """
        self.ensure_one()

    def _cement_on_confirmation(self, confirmation):
        """Called with one shipment whose receipt the client has confirmed."""
        self.ensure_one()

    def _portal_page_values(self) -> dict:
        """Return more values for the page of the shipment; called as superuser after
        the right to read was checked."""
        self.ensure_one()
        return {}

    def _portal_way(self) -> dict | None:
        """Return what a tracker or the railway knows of the way.

        :return: ``label`` (heading), ``rows`` (``[(label, value)]``) and ``events``
            (``[{"when": datetime, "text": str, "place": str}]``, newest first);
            ``None`` when nobody follows the vehicle.
        """
        self.ensure_one()
        return None

    def _portal_row_values(self) -> dict[int, dict]:
        """Return ``{picking id: values}`` that addons add to rows of the list.

        Known keys: ``extra`` (``[(label, value, tone)]``, shown under the place;
        tone ``ok``, ``warn``, ``block`` or ``muted``) and ``idle_days``. Called once
        a page with all its shipments: one query each, never one a row.
        """
        return {}

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


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_cement_mass(self, quantity: float) -> float:
        """Return the tonnes of *quantity* in the unit of the move."""
        self.ensure_one()
        product, uom = self.product_id, self.product_uom
        if uom and uom != product.uom_id:
            quantity = uom._compute_quantity(quantity, product.uom_id, round=False)
        return round(quantity * product.uom_mass, 3)
