# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import hours

# what a person may write
_BY_HAND = {"capacity", "is_closed", "is_manual"}


class CementLoadingSlot(models.Model):
    """An hour at a loading point, with places for vehicles."""

    _name = "cement.loading.slot"
    _description = "Loading slot"
    _order = "start, point_id, id"

    point_id = fields.Many2one(
        "cement.loading.point", required=True, index=True, ondelete="cascade"
    )
    plant_id = fields.Many2one(
        related="point_id.plant_id", store=True, index=True, string="Plant"
    )
    company_id = fields.Many2one(related="point_id.company_id", store=True)
    day = fields.Date(
        required=True, index=True, help="The day in the zone of the plant."
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    capacity = fields.Integer(string="Places", required=True, default=1)
    booked = fields.Integer(readonly=True, default=0, copy=False)
    free = fields.Integer(compute="_compute_free")
    is_closed = fields.Boolean(string="Closed", help="Not offered any more.")
    is_manual = fields.Boolean(
        string="Closed by hand", help="The nightly job does not open it again."
    )
    is_off = fields.Boolean(
        string="Out of hours",
        readonly=True,
        help="The plant does not work at this hour any more.",
    )
    pass_ids = fields.One2many("cement.loading.pass", "slot_id", string="Passes")

    _start_uniq = models.UniqueIndex(
        "(point_id, start)", "The loading point has a slot at this hour already."
    )
    # the last defence: whatever happens above, no place is given twice
    _places = models.Constraint(
        "CHECK(booked >= 0 AND booked <= capacity)",
        "All places of the slot are taken.",
    )
    _times = models.Constraint(
        "CHECK(start < stop)", "A slot must begin before it ends."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Slots begin without bookings."""
        for vals in vals_list:
            self._check_by_hand(vals.keys() & {"booked", "is_off"})
        return super().create(vals_list)

    def write(self, vals):
        """Override: places are taken by booking them, hours come from the calendar;
        a person says how many places there are and whether they are offered."""
        self._check_by_hand(vals.keys() - _BY_HAND)
        if "capacity" in vals:
            for slot in self:
                # the row is held: nobody books what is taken away here
                slot._check_capacity(vals["capacity"] or 0)
        return super().write(vals)

    def _check_by_hand(self, forged):
        if forged and not self.env.su:
            raise AccessError(
                self.env._(
                    "Of a slot only the number of places is changed, and whether it is "
                    "offered; bookings take their places themselves."
                )
            )

    def _check_capacity(self, capacity):
        self.ensure_one()
        booked = self.env.execute_query(
            SQL(
                "SELECT booked FROM cement_loading_slot WHERE id = %s "
                "FOR NO KEY UPDATE",
                self.id,
            )
        )
        if booked and booked[0][0] > capacity:
            raise UserError(
                self.env._(
                    "%(slot)s: %(booked)s places are booked already. Cancel a pass "
                    "first, or leave so many.",
                    slot=self.display_name,
                    booked=booked[0][0],
                )
            )

    @api.depends("capacity", "booked", "is_closed")
    def _compute_free(self):
        for slot in self:
            slot.free = 0 if slot.is_closed else max(slot.capacity - slot.booked, 0)

    @api.depends("start", "stop", "point_id")
    def _compute_display_name(self):
        for slot in self:
            if not slot.start or not slot.stop:
                slot.display_name = ""
                continue
            slot.display_name = " ".join(
                (slot.point_id.name or "", f"{slot.day:%d.%m}", slot._get_hours())
            )

    def _get_hours(self) -> str:
        """Return ``08:00–09:00`` of the plant's clock."""
        self.ensure_one()
        start, stop = self._get_local()
        return f"{start:%H:%M}–{stop:%H:%M}"

    def _get_local(self):
        """Return begin and end as the plant's clock shows them."""
        # sudo: the zone of the plant
        tz = self.sudo().plant_id.tz or "UTC"
        return hours.local(self.start, tz), hours.local(self.stop, tz)

    def action_close(self):
        """Offer the slots no more; who booked keeps the place."""
        self.write({"is_closed": True, "is_manual": True})

    def action_open(self):
        self.write({"is_closed": False, "is_manual": False})

    def _is_within(self, calendar) -> bool:
        """Whether the plant works in the hours of the slot, at least in a part."""
        self.ensure_one()
        start, stop = (
            (moment - datetime.combine(self.day, time())).total_seconds() / 3600
            for moment in self._get_local()
        )
        return any(
            begin < stop and end > start for begin, end in calendar.hours(self.day)
        )

    # === Places ===

    def _take(self):
        """Take a place.

        Of two who want the last one exactly one gets it: the row itself is changed,
        so the second waits, PostgreSQL reports that its picture is out of date, and
        the request runs again with the true number.

        :raises UserError: when there is none left, or the slot is closed or past.
        """
        self.ensure_one()
        self.flush_recordset()
        taken = self.env.execute_query(
            SQL(
                "UPDATE cement_loading_slot SET booked = booked + 1 WHERE id = %s "
                "AND booked < capacity AND is_closed IS NOT TRUE AND stop > %s "
                "RETURNING id",
                self.id,
                fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["booked", "free"])
        if not taken:
            raise UserError(
                self.env._("This slot has no place left. Choose another hour.")
            )

    def _release(self):
        """Give a place back."""
        self.flush_recordset()
        for slot in self:
            self.env.execute_query(
                SQL(
                    "UPDATE cement_loading_slot SET booked = booked - 1 "
                    "WHERE id = %s AND booked > 0 RETURNING id",
                    slot.id,
                )
            )
        self.invalidate_recordset(["booked", "free"])
