# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64
import io
import secrets
from datetime import timedelta

import qrcode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import hours, passes, plates

NOTIFICATION = "cement.loading_pass"
PARAM_DAYS = "cement_logistics_dispatch.driver_data_days"
DATA_DAYS = 30
MAX_DATA_DAYS = 3650
BATCH = 500
# what a person inside may write by hand; the rest comes from booking and gate
_BY_HAND = {"note"}


class CementLoadingPass(models.Model):
    """A booked place in a slot, and the leave to enter with it.

    Name and phone of the driver and the power of attorney are personal data: they
    are deleted a set time after the slot.
    """

    _name = "cement.loading.pass"
    _description = "Pass to the loading"
    _order = "id"

    name = fields.Char(string="Number", required=True, readonly=True, default="/")
    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        required=True,
        index=True,
        ondelete="cascade",
    )
    slot_id = fields.Many2one(
        "cement.loading.slot", required=True, index=True, ondelete="restrict"
    )
    point_id = fields.Many2one(
        related="slot_id.point_id", store=True, index=True, string="Loading point"
    )
    plant_id = fields.Many2one(related="slot_id.plant_id", store=True, index=True)
    company_id = fields.Many2one(related="slot_id.company_id", store=True)
    day = fields.Date(related="slot_id.day", store=True, index=True)
    start = fields.Datetime(related="slot_id.start", store=True)
    stop = fields.Datetime(related="slot_id.stop", store=True)
    # stored copies of the order: the portal's record rule compares them
    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(
        related="order_id.counterparty_id", string="Client", store=True, index=True
    )
    agreement_id = fields.Many2one(
        related="order_id.agreement_id", string="Contract", store=True
    )
    site_id = fields.Many2one(related="order_id.site_id", store=True)
    ordered_by_id = fields.Many2one(
        related="order_id.ordered_by_id", string="Ordered by", store=True
    )
    author_id = fields.Many2one("res.users", string="Booked by", readonly=True)
    state = fields.Selection(
        [
            (passes.BOOKED, "Booked"),
            (passes.INSIDE, "On the premises"),
            (passes.LEFT, "Left"),
            (passes.CANCELLED, "Cancelled"),
            (passes.EXPIRED, "Not used"),
        ],
        required=True,
        readonly=True,
        default=passes.BOOKED,
        index=True,
    )
    entered_at = fields.Datetime(readonly=True)
    left_at = fields.Datetime(readonly=True)
    vehicle_plate = fields.Char(string="Plate", required=True)
    trailer_plate = fields.Char(string="Trailer")
    driver_name = fields.Char(string="Driver", groups="base.group_user")
    driver_phone = fields.Char(string="Driver's phone", groups="base.group_user")
    attorney_number = fields.Char(
        string="Power of attorney No.", groups="base.group_user"
    )
    attorney_date = fields.Date(string="of", groups="base.group_user")
    attorney_until = fields.Date(string="valid until", groups="base.group_user")
    attorney_file_id = fields.Many2one(
        "ir.attachment",
        string="Power of attorney",
        groups="base.group_user",
        ondelete="set null",
    )
    is_erased = fields.Boolean(
        string="Personal data deleted", readonly=True, help="After the set time."
    )
    note = fields.Char()
    secret = fields.Char(readonly=True, copy=False, groups="base.group_system")
    scan_ids = fields.One2many("cement.gate.scan", "pass_id", string="Scans")

    _live_uniq = models.UniqueIndex(
        "(picking_id) WHERE state IN ('booked', 'inside')",
        "The shipment has a pass already.",
    )
    _queue_idx = models.Index(
        "(point_id, day, start) WHERE state IN ('booked', 'inside')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the passes and give each its secret."""
        self._check_by_booking()
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequence.next_by_code("cement.loading.pass") or "/"
            vals["secret"] = secrets.token_urlsafe(16)
        return super().create(vals_list)

    def write(self, vals):
        """Override: passes are moved by the booking and the gate, not by hand."""
        if vals.keys() - _BY_HAND:
            self._check_by_booking()
        return super().write(vals)

    def _check_by_booking(self):
        if not self.env.su:
            raise AccessError(
                self.env._("A pass is made by booking a slot and moved by the gate.")
            )

    # === Booking ===

    @api.model
    def _book(self, picking_sudo, slot_id, vals):
        """Book a place for a shipment, or move its booking to another slot.

        Everything here runs as superuser; the caller has checked the person.

        :param vals: checked values: plates, driver, power of attorney.
        :raises UserError: when the slot is full, or not for this vehicle.
        """
        order = picking_sudo.sale_id
        order._cement_lock()
        picking_sudo.invalidate_recordset()
        picking_sudo._check_pickup_open()
        if order.is_on_hold:
            raise UserError(self.env._("The order is on hold: take it off hold first."))
        slot_sudo = self.env["cement.loading.slot"].sudo().browse(slot_id).exists()
        if not slot_sudo or not slot_sudo.point_id._takes_order(order):
            raise UserError(self.env._("This slot is not for your vehicle."))
        until = vals.get("attorney_until")
        if until and until < slot_sudo.day:
            raise UserError(
                self.env._("The power of attorney ends before the day of loading.")
            )
        present = picking_sudo.pass_ids.filtered(
            lambda entry: entry.state == passes.BOOKED
        )
        with self.env.cr.savepoint():
            if present.slot_id != slot_sudo:
                slot_sudo._take()
                present.slot_id._release()
            if present:
                # what is typed now is deleted in its own time
                present.write({**vals, "slot_id": slot_sudo.id, "is_erased": False})
            else:
                present = self.sudo().create(
                    {
                        **vals,
                        "picking_id": picking_sudo.id,
                        "order_id": order.id,
                        "slot_id": slot_sudo.id,
                        "author_id": self.env.uid,
                    }
                )
            picking_sudo.write(
                {
                    "vehicle_plate": present.vehicle_plate,
                    "trailer_plate": present.trailer_plate,
                }
            )
            # a booked place is the plant's promise
            if order.promised_date != slot_sudo.day:
                order._promise(slot_sudo.day)
            else:
                picking_sudo._cement_write_windows()
        present._announce()
        return present

    def _cancel_open(self):
        """Give back the places of the passes that were not used (as superuser)."""
        self._end_open({"state": passes.CANCELLED})

    def _close_open(self):
        """End the passes of goods that have left past the gate, and give back their
        places (as superuser). Who stands on the premises is let out by the guard."""
        self._end_open({"state": passes.LEFT, "left_at": fields.Datetime.now()})

    def _end_open(self, vals):
        booked = self.filtered(lambda entry: entry.state == passes.BOOKED)
        if booked:
            for entry in booked:
                entry.slot_id._release()
            booked.write(vals)
            booked._announce()

    def action_cancel(self):
        """Cancel the pass and give its place back (dispatcher)."""
        self.check_access("write")
        # sudo: the right was checked on the line above
        self.sudo()._cancel_open()

    # === Code ===

    @api.model
    def _get_code_key(self) -> bytes:
        # sudo: the secret of the database signs the codes
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return f"cement-pass:{secret}".encode()

    def _get_code(self) -> str:
        """Return the signed code of the pass; whoever has it may show it."""
        self.ensure_one()
        return passes.make_code(self.id, self.sudo().secret or "", self._get_code_key())

    @api.model
    def _find_by_code_sudo(self, text):
        """Return the pass of a code as superuser, or nothing."""
        code = passes.read_code(text, self._get_code_key())
        if not code:
            return self.sudo().browse()
        # sudo: whoever holds a true code may see what the pass says
        found = self.sudo().browse(code.pass_id).exists()
        if found and secrets.compare_digest(found.secret or "", code.secret):
            return found
        return self.sudo().browse()

    def _get_url(self) -> str:
        return f"{self.get_base_url()}/cement/pass/{self._get_code()}"

    def _get_qr(self) -> str:
        """Return the QR code of the pass as a data address of a PNG."""
        self.ensure_one()
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=2
        )
        code.add_data(self._get_url())
        stream = io.BytesIO()
        code.make_image().save(stream, "PNG")
        return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"

    # === What it says ===

    def _judge(self, now=None) -> str:
        """Return what the gate says of the pass at the moment."""
        self.ensure_one()
        plant = self.plant_id
        tz = plant.tz or "UTC"
        moment = hours.local(now or fields.Datetime.now(), tz)
        return passes.judge(
            self.state,
            moment,
            hours.local(self.start, tz),
            hours.local(self.stop, tz),
            early=timedelta(minutes=plant.gate_early_minutes),
            grace=timedelta(minutes=plant.gate_grace_minutes),
            is_held=self.order_id.is_on_hold,
            is_gone=self.picking_id._is_cement_gone(),
            is_void=self.picking_id._is_cement_void(),
            is_off=self.slot_id.is_off,
        )

    @api.model
    def _get_verdicts(self) -> dict[str, tuple[str, str]]:
        """Return ``{verdict: (text, tone)}``."""
        return {
            passes.VALID: (self.env._("Valid"), "ok"),
            passes.EARLY: (self.env._("Valid, but too early"), "warn"),
            passes.EXPIRED: (self.env._("Expired"), "block"),
            passes.WRONG_DAY: (self.env._("For another day"), "block"),
            passes.INSIDE: (self.env._("On the premises already"), "info"),
            passes.USED: (self.env._("Used already"), "block"),
            passes.CANCELLED: (self.env._("Cancelled"), "block"),
            passes.HELD: (self.env._("The order is on hold"), "block"),
            passes.CLOSED: (self.env._("The plant does not work then"), "block"),
            passes.UNKNOWN: (self.env._("Not a pass of ours"), "block"),
        }

    def _get_queue(self) -> int:
        """Return the place in the queue at the loading point; 0 outside of it."""
        self.ensure_one()
        if self._judge() not in (passes.VALID, passes.EARLY, passes.INSIDE):
            return 0
        # who did not come in time is not waited for
        grace = timedelta(minutes=self.plant_id.gate_grace_minutes)
        others = self.search(
            [
                ("point_id", "=", self.point_id.id),
                ("day", "=", self.day),
                ("id", "!=", self.id),
                "|",
                ("state", "=", passes.INSIDE),
                "&",
                ("state", "=", passes.BOOKED),
                ("stop", ">", fields.Datetime.now() - grace),
            ]
        )

        def key(entry):
            return (entry.entered_at or None, entry.start, entry.id)

        return passes.queue_place(key(self), [key(other) for other in others])

    def _announce(self):
        """Move the open pages of those who may see the orders of these passes."""
        affected = self | self.sudo().search(
            [
                ("point_id", "in", self.point_id.ids),
                ("day", "in", self.mapped("day")),
                ("state", "in", (passes.BOOKED, passes.INSIDE)),
            ]
        )
        for user, order_ids in affected.order_id._portal_watchers().items():
            user._bus_send(NOTIFICATION, {"order_ids": order_ids[:100]})

    def _get_plates(self) -> str:
        self.ensure_one()
        return " + ".join(
            plates.pretty(plate)
            for plate in (self.vehicle_plate, self.trailer_plate)
            if plate
        )

    # === Passes that nobody closed ===

    @api.model
    def _cron_close_forgotten(self):
        """Close the passes that nobody used, and those of vehicles that were never
        let out."""
        self._expire_unused()
        self._close_forgotten_inside()

    @api.model
    def _expire_unused(self):
        now = fields.Datetime.now()
        # sudo: passes are moved by no hand
        late = self.sudo().search(
            [("state", "=", passes.BOOKED), ("stop", "<", now)],
            order="stop, id",
            limit=BATCH,
        )
        late.filtered(
            lambda entry: entry.stop
            + timedelta(minutes=entry.plant_id.gate_grace_minutes)
            < now
        )._end_open({"state": passes.EXPIRED})

    @api.model
    def _close_forgotten_inside(self):
        """Whoever stands on the premises for days has left unseen: the dispatcher is
        told, and the driver's data will be deleted as of all others."""
        now = fields.Datetime.now()
        # sudo: as above
        plants_sudo = (
            self.env["cement.plant"].sudo().search([("point_ids", "!=", False)])
        )
        for company in plants_sudo.company_id:
            stuck = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", passes.INSIDE),
                    (
                        "entered_at",
                        "<",
                        now - timedelta(days=company.cement_inside_days),
                    ),
                ],
                limit=BATCH,
            )
            for entry in stuck:
                entry._tell_dispatcher(
                    self.env._("Never let out: %(name)s", name=entry.name),
                    self.env._(
                        "Vehicle %(plates)s was let in on %(moment)s and never let "
                        "out. Its pass is closed; look at its shipment.",
                        plates=entry._get_plates(),
                        moment=self.env["cement.portal.shell"]
                        ._get_formats()
                        .moment(entry.entered_at),
                    ),
                )
            stuck.write({"state": passes.LEFT, "left_at": now})
            stuck._announce()

    # === Personal data ===

    @api.model
    def _get_data_days(self) -> int:
        """Return how many days after the slot the data of a driver is kept."""
        # sudo: a setting
        value = self.env["ir.config_parameter"].sudo().get_param(PARAM_DAYS)
        try:
            return min(max(int(value), 0), MAX_DATA_DAYS)
        except (TypeError, ValueError):
            # a slip of the hand keeps nobody's data for ever
            return DATA_DAYS

    @api.autovacuum
    def _gc_driver_data(self):
        """Delete the personal data of drivers a set time after the slot."""
        days = self._get_data_days()
        old = self.sudo().search(
            [
                ("is_erased", "=", False),
                ("stop", "<", fields.Datetime.now() - timedelta(days=days)),
                ("state", "!=", passes.INSIDE),
            ],
            limit=1000,
        )
        old.attorney_file_id.unlink()
        old.write(
            {
                "driver_name": False,
                "driver_phone": False,
                "attorney_number": False,
                "attorney_date": False,
                "attorney_until": False,
                "is_erased": True,
            }
        )
        return len(old), len(old) == 1000


class CementGateScan(models.Model):
    """What was held before the gate, and what the gate said."""

    _name = "cement.gate.scan"
    _description = "Scan at the gate"
    _order = "id desc"

    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Guard", required=True, readonly=True, index=True
    )
    pass_id = fields.Many2one(
        "cement.loading.pass",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    plant_id = fields.Many2one(related="pass_id.plant_id", store=True)
    action = fields.Selection(
        [("scan", "Looked at"), ("enter", "Let in"), ("leave", "Let out")],
        required=True,
        readonly=True,
    )
    verdict = fields.Selection(
        [
            (passes.VALID, "Valid"),
            (passes.EARLY, "Valid, but too early"),
            (passes.EXPIRED, "Expired"),
            (passes.WRONG_DAY, "For another day"),
            (passes.INSIDE, "On the premises already"),
            (passes.USED, "Used already"),
            (passes.CANCELLED, "Cancelled"),
            (passes.HELD, "The order is on hold"),
            (passes.CLOSED, "The plant does not work then"),
            (passes.UNKNOWN, "Not a pass of ours"),
        ],
        required=True,
        readonly=True,
    )
    is_refused = fields.Boolean(string="Refused", readonly=True)
    plate = fields.Char(readonly=True)
    note = fields.Char(readonly=True)
