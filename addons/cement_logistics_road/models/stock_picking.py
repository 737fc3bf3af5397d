# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cement_logistics.tools import lifecycle

# From the loading to the end of the unloading: before and after nobody is followed.
FOLLOWED = (lifecycle.LOADING, *lifecycle.UNDER_WAY)
RUNNING = ("to_start", "live")
# The button of the loading is pressed after it has begun.
ENTERED_LATE = timedelta(days=1)
# What is known of the way and must not stay when the trip is over.
NO_POSITION = {
    "latitude": 0.0,
    "longitude": 0.0,
    "position_date": False,
    "position_text": False,
    "position_accuracy": 0,
    "distance_left": 0.0,
}


class StockPicking(models.Model):
    """A shipment by road is followed from the loading to the delivery, no longer."""

    _inherit = "stock.picking"

    tracked_object_ids = fields.One2many(
        "cement.tracked.object",
        "picking_id",
        string="Trips followed",
        groups="cement_base.group_dispatcher",
    )
    tracked_object_id = fields.Many2one(
        "cement.tracked.object",
        string="Followed as",
        compute="_compute_tracked_object_id",
        groups="cement_base.group_dispatcher",
    )
    tracked_phase = fields.Char(
        compute="_compute_tracked_object_id", groups="cement_base.group_dispatcher"
    )
    tracked_status = fields.Char(
        string="Status of the tracker",
        compute="_compute_tracked_object_id",
        groups="cement_base.group_dispatcher",
    )
    tracked_trouble = fields.Char(
        string="Trouble",
        compute="_compute_tracked_object_id",
        groups="cement_base.group_dispatcher",
    )
    tracking_reason = fields.Char(
        string="Why it is not followed",
        compute="_compute_tracking_reason",
        groups="cement_base.group_dispatcher",
    )
    eta_held = fields.Boolean(
        string="Arrival by hand",
        copy=False,
        readonly=True,
        help="A dispatcher entered the arrival; the tracker does not change it.",
    )

    @api.depends(
        "tracked_object_ids.phase",
        "tracked_object_ids.status",
        "tracked_object_ids.trouble_rank",
    )
    @api.depends_context("lang")
    def _compute_tracked_object_id(self):
        statuses = dict(
            self.env["cement.tracked.object"]
            ._fields["status"]
            ._description_selection(self.env)
        )
        for picking in self:
            trips = picking.tracked_object_ids
            live = trips.filtered(lambda row: row.phase in RUNNING)
            trip = (live or trips.sorted("id", reverse=True))[:1]
            picking.tracked_object_id = trip
            picking.tracked_phase = trip.phase
            picking.tracked_status = statuses.get(trip.status) if live else False
            picking.tracked_trouble = trip.trouble if live else False

    @api.depends(
        "driver_id.phone", "driver_id.tracking_consent", "vehicle_plate", "transport"
    )
    def _compute_tracking_reason(self):
        for picking in self:
            _provider, _ext_id, reason = picking._cement_find_tracker()
            picking.tracking_reason = reason

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        pickings.filtered("driver_id")._cement_retrack()
        return pickings

    def write(self, vals):
        result = super().write(vals)
        if not {"driver_id", "vehicle_plate"}.isdisjoint(vals):
            self._cement_retrack()
        return result

    # === Actions ===

    def action_start_tracking(self):
        """Follow the shipment because a person asks for it."""
        for picking in self:
            picking._check_cement()
            picking.check_access("write")
            if picking.shipment_state not in FOLLOWED:
                raise UserError(
                    self.env._(
                        "A shipment is followed from the loading to the delivery; "
                        "%(name)s is not on its way.",
                        name=picking.name,
                    )
                )
            _provider, _ext_id, reason = picking._cement_find_tracker()
            if reason:
                raise UserError(reason)
        self._cement_start_tracking()

    def action_stop_tracking(self):
        self.check_access("write")
        self._cement_stop_tracking()

    def action_enter_position(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cement.tracking.manual",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }

    # === Following ===

    def _cement_after_shipment_state(self, target, source):
        """Override of `cement_logistics` to follow from the loading to the delivery."""
        result = super()._cement_after_shipment_state(target, source)
        if target in lifecycle.FINAL:
            self._cement_stop_tracking()
        elif target in FOLLOWED:
            self._cement_start_tracking()
        return result

    def _cement_is_followed(self) -> bool:
        """Whether the shipment goes by road to the client and is on its way."""
        self.ensure_one()
        return (
            self.is_cement
            and self.transport == "road"
            and not self.is_pickup
            and self.shipment_state in FOLLOWED
        )

    def _cement_start_tracking(self):
        """Follow those that can be followed and are not yet.

        What cannot be followed is no error: the reason stands on the shipment.
        """
        # sudo: a scale or 1C may move the shipment on; trips are not theirs to write
        pickings_sudo = self.sudo().filtered(lambda row: row._cement_is_followed())
        known = self.env["cement.tracked.object"].sudo()
        if pickings_sudo:
            known = known.search(
                [("picking_id", "in", pickings_sudo.ids), ("phase", "in", RUNNING)]
            )
        values = []
        for picking in pickings_sudo - known.picking_id:
            provider, ext_id, reason = picking._cement_find_tracker()
            if not reason:
                values.append(picking._prepare_tracked_vals(provider, ext_id))
        if not values:
            return
        trips = known.create(values)
        passive = trips.filtered(lambda row: not row.provider_id._door()._is_asked())
        passive.write({"phase": "live", "status": "ok"})
        if trips - passive:
            self.env["cement.tracking.provider"]._trigger_poll()

    def _prepare_tracked_vals(self, provider, ext_id: str) -> dict:
        self.ensure_one()
        return {
            "picking_id": self.id,
            "provider_id": provider.id,
            "ext_id": ext_id,
            "driver_id": self.driver_id.id,
            "plate": self.vehicle_plate,
        }

    def _cement_stop_tracking(self):
        """Follow no longer, and forget where the truck is."""
        # sudo: see _cement_start_tracking
        trips_sudo = (
            self.env["cement.tracked.object"]
            .sudo()
            .search([("picking_id", "in", self.ids), ("phase", "in", RUNNING)])
        )
        trips_sudo._end()
        over_sudo = self.sudo().filtered(
            lambda row: (
                row.is_cement
                and row.transport == "road"
                and row.shipment_state in lifecycle.FINAL
                and (row.position_date or row.latitude or row.longitude)
            )
        )
        if over_sudo:
            over_sudo.write({**NO_POSITION, "eta_held": False})

    def _cement_forget_position(self):
        """Forget where the truck is: its driver has refused to be followed."""
        # sudo: these fields are written by the way of the shipment only
        pickings_sudo = self.sudo()
        pickings_sudo.write(NO_POSITION)
        pickings_sudo._cement_announce_shipments()

    def _cement_retrack(self):
        """Follow another driver or truck after the shipment was handed over."""
        # sudo: see _cement_start_tracking
        pickings_sudo = self.sudo().filtered(lambda row: row._cement_is_followed())
        if not pickings_sudo:
            return
        trips_sudo = (
            self.env["cement.tracked.object"]
            .sudo()
            .search([("picking_id", "in", pickings_sudo.ids), ("phase", "in", RUNNING)])
        )
        for trip in trips_sudo:
            provider, ext_id, _reason = trip.picking_id._cement_find_tracker()
            if (provider, ext_id) != (trip.provider_id, trip.ext_id):
                trip._end()
            else:
                trip.write(
                    {
                        "plate": trip.picking_id.vehicle_plate,
                        "driver_id": trip.picking_id.driver_id.id,
                    }
                )
        pickings_sudo._cement_start_tracking()

    def _cement_find_tracker(self) -> tuple:
        """Return the provider that can follow the shipment and its name of the vehicle.

        :return: provider, name there, and in words why nobody can.
        """
        self.ensure_one()
        # sudo: who may see the shipment may know whether it can be followed
        providers_sudo = self.env["cement.tracking.provider"].sudo()
        picking_sudo = self.sudo()
        if self.is_pickup or self.transport != "road":
            return (
                providers_sudo,
                "",
                self.env._("Only deliveries by road are followed."),
            )
        if picking_sudo.driver_id._has_refused():
            return (
                providers_sudo,
                "",
                self.env._("The driver has refused to be followed."),
            )
        reasons = []
        for provider in providers_sudo.search(
            [
                ("state", "in", ("on", "stopped")),
                ("kind", "!=", "manual"),
                ("company_id", "in", (False, picking_sudo.company_id.id)),
            ]
        ):
            provider_door = provider._door()
            ext_id = provider_door._get_ext_id(provider, picking_sudo)
            if ext_id:
                return provider, ext_id, ""
            reason = provider_door._get_absent_reason(provider, picking_sudo)
            reasons.append(f"{provider.name}: {reason}" if reason else provider.name)
        if not reasons:
            reasons.append(self.env._("No tracking provider is switched on."))
        return providers_sudo, "", " ".join(reasons)

    def _cement_tell_dispatcher(self, summary: str, note: str, provider):
        """Leave an activity for the dispatcher of the provider, else of the order."""
        for picking in self:
            user = provider.user_id or picking.sudo().sale_id.user_id
            if user:
                # no letter on top: the dispatcher sits in front of the screen
                picking.with_context(mail_activity_quick_update=True).activity_schedule(
                    "cement_logistics_road.mail_activity_type_tracking",
                    user_id=user.id,
                    summary=summary,
                    note=note,
                )

    # === By hand ===

    def _check_manual(self, vals: dict):
        """Refuse positions that are none of the trip: where a driver is before and
        after it is nobody's business.

        :raises UserError: in words for the dispatcher.
        """
        if not self._cement_is_followed():
            raise UserError(
                self.env._(
                    "A shipment is followed from the loading to the delivery; "
                    "%(name)s is not on its way.",
                    name=self.name,
                )
            )
        # sudo: dispatchers read the steps, whatever else they may
        steps = self.sudo().shipment_event_ids.filtered(
            lambda event: event.state in FOLLOWED
        )
        if steps and vals["date"] < min(steps.mapped("date")) - ENTERED_LATE:
            raise UserError(self.env._("The position is older than the trip."))

    def _cement_enter_position(self, vals: dict):
        """Keep what a dispatcher heard from the driver.

        :param vals: of ``cement.tracking.manual``.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_manual(vals)
        way = {}
        if vals.get("latitude") or vals.get("longitude"):
            way.update(
                latitude=vals["latitude"],
                longitude=vals["longitude"],
                position_accuracy=0,
                position_date=vals["date"],
            )
        if vals.get("place"):
            way.update(position_text=vals["place"], position_date=vals["date"])
        if vals.get("eta_date"):
            way.update(
                eta_date=vals["eta_date"],
                eta_source=self.env._("dispatcher, by phone"),
            )
        # sudo: these fields are written by the way of the shipment only
        picking_sudo = self.sudo()
        picking_sudo._cement_update_positions({self.id: way})
        picking_sudo.eta_held = bool(vals.get("eta_date")) and vals["hold_eta"]
        trip = picking_sudo.tracked_object_id
        if "latitude" in way and trip and trip.phase in RUNNING:
            positions = self.env["cement.tracking.position"].sudo()
            known = positions.search(
                [("object_id", "=", trip.id), ("date", "=", vals["date"])]
            )
            if not known:
                positions.create(
                    {
                        "object_id": trip.id,
                        "date": vals["date"],
                        "latitude": vals["latitude"],
                        "longitude": vals["longitude"],
                        "place": vals.get("place"),
                        "source": "manual",
                    }
                )
        if trip and trip.phase in RUNNING:
            trip._check_slips()
