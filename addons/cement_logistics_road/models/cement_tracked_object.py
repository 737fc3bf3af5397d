# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cement_base.tools.retry import backoff

from ..tools import door, eta, secret
from ..tools.door import DoorError

# Statuses that come before all else in the list, the worst first.
_RANKS = {
    door.REJECTED: 70,
    door.ERROR_EXISTS: 65,
    door.WRONG: 60,
    door.NO_CONFIRMED: 55,
    door.ERROR: 50,
    door.LIMITED: 45,
}
# How long a phone may wait for the driver's consent without being a trouble.
CONSENT_HOURS = 2
# What is refused is tried again so long after the first time.
_FIRST_PAUSE = timedelta(minutes=5)
# A stop that is refused so often is told to a person,
STOP_TELL_AFTER = 3
# and given up so long after the end: the service has stopped by itself (``dateoff``).
STOP_FOR = timedelta(days=5)


class CementTrackedObject(models.Model):
    """A vehicle that is followed during one trip, from the loading to the delivery.

    *phase* is what we want of the provider and is its own queue: what waits in
    ``to_start`` and ``to_stop`` is sent by the next poll, as often as it takes.
    *status* is what the provider says.
    """

    _name = "cement.tracked.object"
    _description = "Trip that is followed"
    _order = "trouble_rank desc, id desc"
    _rec_names_search = ["picking_id.name", "plate", "driver_id.name"]

    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True)
    provider_id = fields.Many2one(
        "cement.tracking.provider", required=True, ondelete="restrict", index=True
    )
    driver_id = fields.Many2one("cement.driver", string="Driver", ondelete="set null")
    plate = fields.Char()
    ext_id = fields.Char(
        string="Phone or unit",
        index="btree_not_null",
        groups="cement_base.group_dispatcher",
        help="As the provider knows the vehicle. Personal data: only for dispatchers.",
    )
    phase = fields.Selection(
        [
            ("to_start", "To be started"),
            ("live", "Followed"),
            ("to_stop", "To be stopped"),
            ("ended", "Over"),
        ],
        default="to_start",
        required=True,
        index=True,
    )
    status = fields.Selection(
        [
            (door.NEW, "New"),
            (door.WAIT, "Waits for the driver's consent"),
            (door.OK, "Followed"),
            (door.OFF, "Switched off"),
            (door.REJECTED, "The driver refused"),
            (door.NO_CONFIRMED, "The driver did not answer"),
            (door.ERROR, "Error"),
            (door.WRONG, "Operator not supported"),
            (door.ERROR_EXISTS, "Followed by another company"),
            (door.LIMITED, "Limited by the service"),
        ],
        default=door.NEW,
        required=True,
        index=True,
    )
    status_at = fields.Datetime(string="Status since")
    status_text = fields.Char(string="In words")
    tries = fields.Integer(help="How often it was tried to start or to stop.")
    next_try_at = fields.Datetime()
    error = fields.Char()
    # consent, 152-ФЗ
    asked_at = fields.Datetime(string="Driver asked")
    given_at = fields.Datetime(string="Consent given")
    refused_at = fields.Datetime(string="Consent refused")
    # the trip
    started_at = fields.Datetime(default=fields.Datetime.now, required=True)
    ended_at = fields.Datetime()
    is_forgotten = fields.Boolean(
        string="Personal data deleted", help="Phone, driver and positions are gone."
    )
    last_at = fields.Datetime(string="Last position")
    is_silent = fields.Boolean(string="Silent")
    memory = fields.Json(help="What the status loop knows of the trip.")
    distance_total = fields.Float(string="Way, km", digits=(16, 1))
    eta_first = fields.Datetime(help="The first estimate on the way.")
    eta_first_at = fields.Datetime()
    arrived_at = fields.Datetime(help="As the tracker saw it.")
    slip_level = fields.Selection(
        [
            (eta.IN_TIME, "In time"),
            (eta.EARLY, "Early"),
            (eta.LATE, "Late"),
            (eta.VERY_LATE, "Very late"),
        ],
        string="To the promise",
        default=eta.IN_TIME,
        required=True,
    )
    slip_told = fields.Integer(help="Rank of the delay that was told already.")
    trouble_rank = fields.Integer(compute="_compute_trouble", store=True)
    trouble = fields.Char(compute="_compute_trouble_text")
    position_ids = fields.One2many("cement.tracking.position", "object_id")
    event_ids = fields.One2many("cement.tracking.event", "object_id")
    shipment_state = fields.Selection(related="picking_id.shipment_state")
    eta_date = fields.Datetime(related="picking_id.eta_date")
    position_text = fields.Char(related="picking_id.position_text")

    _picking_live_uniq = models.UniqueIndex(
        "(picking_id) WHERE phase IN ('to_start', 'live')",
        "This shipment is followed already.",
    )
    # each poll: what of the provider is under way, by its name there
    _live_idx = models.Index("(provider_id, ext_id) WHERE phase <> 'ended'")

    @api.depends("picking_id.name", "plate")
    def _compute_display_name(self):
        for tracked in self:
            parts = (tracked.plate, tracked.picking_id.name)
            tracked.display_name = " · ".join(filter(None, parts))

    @api.depends("status", "phase", "is_silent", "slip_level", "error")
    def _compute_trouble(self):
        for tracked in self:
            if tracked.phase in ("ended", "to_stop"):
                # over, but the service goes on following
                still = tracked.phase == "to_stop" and tracked.error
                tracked.trouble_rank = 75 if still else 0
                continue
            rank = _RANKS.get(tracked.status, 0)
            if not rank and tracked.error:
                rank = 42
            if not rank and tracked.is_silent:
                rank = 40
            tracked.trouble_rank = rank or 10 * eta.SLIP_RANK[tracked.slip_level]

    @api.depends("status", "phase", "is_silent", "slip_level", "error", "status_text")
    @api.depends_context("lang")
    def _compute_trouble_text(self):
        statuses = dict(self._fields["status"]._description_selection(self.env))
        levels = dict(self._fields["slip_level"]._description_selection(self.env))
        for tracked in self:
            if not tracked.trouble_rank:
                tracked.trouble = False
            elif tracked.phase == "to_stop":
                tracked.trouble = self.env._(
                    "Followed still, the service refuses to stop: %(text)s",
                    text=tracked.error,
                )
            elif tracked.status in _RANKS:
                words = [statuses[tracked.status]]
                if tracked.status == door.ERROR:  # only the service knows which
                    words.append(tracked.status_text or tracked.error)
                tracked.trouble = ": ".join(filter(None, words))
            elif tracked.error:
                tracked.trouble = tracked.error
            elif tracked.is_silent:
                tracked.trouble = (
                    self.env._("No consent of the driver yet")
                    if tracked.status == door.WAIT
                    else self.env._("Silent")
                )
            else:
                tracked.trouble = tracked._get_slip_text(levels[tracked.slip_level])

    def _get_slip_text(self, level: str) -> str:
        """Return the delay in words, with its length while it is known."""
        self.ensure_one()
        picking = self.picking_id
        if not picking.eta_date or not picking.promised_to:
            return level
        late = picking.eta_date - picking.promised_to
        return f"{level}: {picking._portal_duration(late)}"

    def write(self, vals):
        """Override: trips are written by the tracker, not by hand.

        When a driver was asked and what he answered is evidence (152-ФЗ).
        """
        if not self.env.su:
            raise AccessError(
                self.env._("A trip is written by the tracker; use its buttons.")
            )
        return super().write(vals)

    # === Actions ===

    def action_stop(self):
        self.check_access("write")
        # sudo: see write
        self.sudo()._end()

    def action_retry(self):
        """Try again at once what the provider refused."""
        self.check_access("write")
        # sudo: see write
        waiting_sudo = self.sudo().filtered(lambda row: row.phase != "ended")
        running_sudo = waiting_sudo.filtered(lambda row: row.phase != "to_stop")
        if running_sudo.driver_id._has_refused():
            raise UserError(
                self.env._(
                    "The driver has refused to be followed. Should he have changed "
                    "his mind, enter his consent first."
                )
            )
        waiting_sudo.write({"next_try_at": False, "error": False})
        running_sudo.filtered(lambda row: row.status in door.TROUBLES).write(
            {"phase": "to_start", "status": door.NEW, "status_text": False}
        )
        self.env["cement.tracking.provider"]._trigger_poll()

    # === The queue ===

    def _send(self):
        """Tell the provider what is wanted of the trip.

        :raises DoorError: when the provider cannot be asked at all now; a refusal of
            this one trip is kept on it and raises nothing.
        """
        self.ensure_one()
        if self.phase == "to_stop":
            self._send_stop()
        elif self.phase == "to_start":
            self._send_start()

    def _send_start(self):
        if self.driver_id._has_refused():
            self._end()
            return
        now = fields.Datetime.now()
        provider_door = self.provider_id._door()
        try:
            self.provider_id._door_start(self)
        except DoorError as error:
            if error.kind != "refused":
                raise
            self._refuse(error)
            return
        needs_consent = provider_door._needs_consent()
        values = {"phase": "live", "error": False, "tries": 0, "next_try_at": False}
        if self.status in (door.NEW, *door.TROUBLES):
            status = door.WAIT if needs_consent else door.OK
            values.update(status=status, status_at=now, status_text=False)
        if needs_consent and not self.asked_at:
            values["asked_at"] = now
        self.write(values)

    def _send_stop(self):
        others = self.search_count(
            [
                ("provider_id", "=", self.provider_id.id),
                ("ext_id", "=", self.ext_id),
                ("phase", "in", ("live", "to_start")),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if not others and self.ext_id:
            try:
                self.provider_id._door_stop(self)
            except DoorError as error:
                if error.kind != "refused":
                    raise
                self._keep_stopping(error)
                return
        self.write({"phase": "ended", "error": False, "tries": 0, "next_try_at": False})

    def _keep_stopping(self, error: DoorError):
        """Try again later to stop: the phone is followed still, and that is told.

        Given up when the service must have stopped by itself.
        """
        now = fields.Datetime.now()
        tries = self.tries + 1
        values = {
            "tries": tries,
            "error": error.text,
            "next_try_at": now + backoff(tries, _FIRST_PAUSE),
        }
        given_up = now - (self.ended_at or now) > STOP_FOR
        if given_up:
            values.update(phase="ended", next_try_at=False)
        self.write(values)
        if given_up or tries == STOP_TELL_AFTER:
            self.picking_id._cement_tell_dispatcher(
                self.env._(
                    "The service refuses to stop following: %(plate)s",
                    plate=self.plate or "",
                ),
                self.env._(
                    "%(text)s. Have the phone taken off in the account of the service.",
                    text=error.text.rstrip("."),
                ),
                self.provider_id,
            )

    def _refuse(self, error: DoorError):
        """Keep the words of the provider: the dispatcher reads them."""
        now = fields.Datetime.now()
        code = error.code.lower()
        status = code if code in (*door.TROUBLES, door.LIMITED) else door.ERROR
        tries = self.tries + 1
        self.write(
            {
                "tries": tries,
                "error": error.text,
                "next_try_at": now + backoff(tries, _FIRST_PAUSE),
            }
        )
        self._set_status(status, now, error.text)

    def _end(self):
        """Follow no longer; the provider is told by the next poll."""
        now = fields.Datetime.now()
        running = self.filtered(lambda row: row.phase in ("to_start", "live"))
        asked = running.filtered(
            lambda row: (
                row.provider_id._door()._is_asked()
                and (row.phase == "live" or row.asked_at)
            )
        )
        common = {
            "ended_at": now,
            "is_silent": False,
            "error": False,
            "tries": 0,
            "next_try_at": False,
        }
        asked.write({"phase": "to_stop", **common})
        (running - asked).write({"phase": "ended", **common})
        if asked:
            self.env["cement.tracking.provider"]._trigger_poll()

    # === What the provider says ===

    def _set_status(self, status: str, when, text: str = ""):
        """Take over a status; one that is older than the known one is passed over."""
        for tracked in self:
            if tracked.status_at and when < tracked.status_at:
                continue
            if tracked.status == status and (tracked.status_text or "") == text:
                continue
            before = tracked.status
            values = {"status": status, "status_at": when, "status_text": text or False}
            if status == door.OK and not tracked.given_at:
                values["given_at"] = when
            if status == door.OK:
                values["error"] = False
            if status == door.REJECTED:
                values["refused_at"] = when
            tracked.write(values)
            if status in door.TROUBLES and before not in door.TROUBLES:
                tracked._tell_trouble()
            if status == door.REJECTED and before != door.REJECTED:
                tracked.driver_id._cement_note_sms("refused", tracked.provider_id, when)
            elif status == door.OK and before == door.REJECTED:
                # the driver himself has thought better of it
                tracked.driver_id._cement_note_sms("given", tracked.provider_id, when)

    def _tell_trouble(self):
        self.ensure_one()
        self.picking_id._cement_tell_dispatcher(
            self.env._("The truck is not seen: %(plate)s", plate=self.plate or ""),
            self.trouble or "",
            self.provider_id,
        )

    def _get_masked_ext_id(self) -> str:
        return secret.mask_phone(self.ext_id)
