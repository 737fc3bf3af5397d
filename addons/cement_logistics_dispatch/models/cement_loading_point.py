# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import capacity, hours

# slots are made so far ahead
SLOT_DAYS = 14


class CementLoadingPoint(models.Model):
    """Where vehicles are loaded, and how fast."""

    _name = "cement.loading.point"
    _description = "Loading point"
    _order = "plant_id, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    plant_id = fields.Many2one(
        "cement.plant", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="plant_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", domain="[('plant_id', '=', plant_id)]"
    )
    sequence = fields.Integer(default=10)
    transport = fields.Selection(
        [("road", "Trucks"), ("rail", "Wagons"), ("any", "Trucks and wagons")],
        required=True,
        default="road",
    )
    cargo_form_ids = fields.Many2many(
        "cement.cargo.form", string="Cargo forms", help="Empty means any."
    )
    hour_from = fields.Float(string="From", default=0.0)
    hour_to = fields.Float(
        string="Until", default=24.0, help="Within the working hours of the plant."
    )
    tonnes_per_hour = fields.Float(
        string="t/h", digits=(16, 1), help="0 = the mass is not limited."
    )
    vehicles_per_hour = fields.Float(
        string="Vehicles/h", digits=(16, 2), help="0 = their number is not limited."
    )
    has_slots = fields.Boolean(
        string="Booked by slots", help="Clients who pick up book an hour here."
    )
    slot_minutes = fields.Integer(string="Slot, min", default=60)
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    slot_ids = fields.One2many("cement.loading.slot", "point_id", string="Slots")
    active = fields.Boolean(default=True)

    _hours = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "The hours must begin before they end, within one day.",
    )
    _rates = models.Constraint(
        "CHECK(tonnes_per_hour >= 0 AND vehicles_per_hour >= 0)",
        "The capacity cannot be below zero.",
    )
    _slot_minutes_range = models.Constraint(
        "CHECK(slot_minutes BETWEEN 10 AND 720)",
        "A slot lasts between 10 minutes and 12 hours.",
    )

    @api.constrains("has_slots", "vehicles_per_hour")
    def _check_slots(self):
        for point in self:
            if point.has_slots and not point.vehicles_per_hour:
                raise ValidationError(
                    self.env._(
                        "Say how many vehicles an hour “%(point)s” loads: the places "
                        "of its slots are made of it.",
                        point=point.name,
                    )
                )

    def _to_kernel(self) -> capacity.Point:
        self.ensure_one()
        return capacity.Point(
            key=self.id,
            forms=frozenset(self.cargo_form_ids.ids) or None,
            transports=None
            if self.transport == "any"
            else frozenset({self.transport or "road"}),
            start=self.hour_from,
            stop=self.hour_to,
            tonnes_per_hour=self.tonnes_per_hour,
            vehicles_per_hour=self.vehicles_per_hour,
            valid_from=self.date_from or None,
            valid_to=self.date_to or None,
        )

    def _takes_order(self, order) -> bool:
        """Whether the vehicle of *order* is loaded here."""
        self.ensure_one()
        return (
            self.plant_id == order.plant_id
            and (not self.warehouse_id or self.warehouse_id == order.warehouse_id)
            and self._to_kernel().takes(order._get_capacity_load())
        )

    # === Slots ===

    @api.model
    def _cron_make_slots(self):
        """Make the slots of the next days for every point that has them."""
        self.search([("has_slots", "=", True)])._make_slots()

    def _make_slots(self, days: int = SLOT_DAYS):
        """Make the slots that are missing, and close those that do not fit the
        calendar any more; booked ones stay for the dispatcher to move.

        :return: the new slots.
        """
        points = self.filtered("has_slots")
        wanted = points._fit_slots(days)
        # sudo: the job and the button have been let in; slots are written by no hand
        slots_sudo = self.env["cement.loading.slot"].sudo()
        present = {
            (slot.point_id.id, slot.start)
            for slot in slots_sudo.search(
                [
                    ("point_id", "in", points.ids),
                    ("start", ">=", fields.Datetime.now()),
                ]
            )
        }
        return slots_sudo.create(
            [vals for key, vals in wanted.items() if key not in present]
        )

    def _fit_slots(self, days: int = SLOT_DAYS) -> dict:
        """Close the slots of the next days that do not fit the calendar any more,
        open those that do again, and mark those in whose hour the plant rests.

        :return: ``{(point id, start): values}`` of the slots that fit.
        """
        # sudo: slots are written by no hand
        slots_sudo = self.env["cement.loading.slot"].sudo()
        calendars = self.plant_id._get_calendars()
        wanted, last = {}, {}
        for point in self:
            wanted.update(point._get_wanted_slots(calendars[point.plant_id.id], days))
            today = point.plant_id._get_local_now().date()
            last[point.id] = today + timedelta(days)
        now = fields.Datetime.now()
        for slot in slots_sudo.search(
            [("point_id", "in", self.ids), ("stop", ">=", now)]
        ):
            off = not slot._is_within(calendars[slot.plant_id.id])
            if slot.is_off != off:
                slot.is_off = off
            if slot.start < now or slot.day >= last[slot.point_id.id]:
                continue
            closed = (slot.point_id.id, slot.start) not in wanted
            if slot.is_closed != closed and not (slot.is_closed and slot.is_manual):
                slot.is_closed = closed
        return wanted

    def _get_wanted_slots(self, calendar, days) -> dict:
        """Return ``{(point id, start): values}`` of the slots of the next days."""
        self.ensure_one()
        tz = self.plant_id.tz or "UTC"
        today = self.plant_id._get_local_now().date()
        now = fields.Datetime.now()
        kernel = self._to_kernel()
        wanted = {}
        for offset in range(days):
            day = today + timedelta(offset)
            if not kernel.is_valid(day):
                continue
            open_hours = capacity.cut(calendar.hours(day), self.hour_from, self.hour_to)
            for start, stop, places in capacity.slots(
                open_hours, self.slot_minutes, self.vehicles_per_hour
            ):
                begins = hours.at(day, start, tz)
                if begins < now:
                    continue
                wanted[self.id, begins] = {
                    "point_id": self.id,
                    "day": day,
                    "start": begins,
                    "stop": hours.at(day, stop, tz),
                    "capacity": places,
                }
        return wanted
