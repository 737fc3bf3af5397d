# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict
from contextlib import contextmanager

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from odoo.addons.cement_base.models.cement_site import ACCESS_DAYS

from ..tools import capacity, hours, passes

CHECKS = [("none", "Do not check"), ("warn", "Warn"), ("block", "Block")]
# what a dispatcher may change of a plant
BY_DISPATCHER = {
    "shift_ids",
    "day_ids",
    "point_ids",
    "calendar_check",
    "capacity_check",
    "promise_mode",
    "promise_horizon",
    "dispatcher_ids",
    "gate_user_ids",
    "gate_early_minutes",
    "gate_grace_minutes",
}
WEEKDAYS = tuple(name.replace("access_", "") for name in ACCESS_DAYS)


class CementPlant(models.Model):
    """When the plant works, what it loads in a day, and how it answers."""

    _inherit = "cement.plant"

    shift_ids = fields.One2many(
        "cement.plant.shift", "plant_id", string="Shifts", groups="base.group_user"
    )
    day_ids = fields.One2many(
        "cement.plant.day", "plant_id", string="Special days", groups="base.group_user"
    )
    point_ids = fields.One2many(
        "cement.loading.point",
        "plant_id",
        string="Loading points",
        groups="base.group_user",
    )
    calendar_check = fields.Selection(
        CHECKS,
        string="Order for a closed day",
        required=True,
        default="block",
        help="What the order gate does when the plant is closed on the day.",
    )
    capacity_check = fields.Selection(
        CHECKS,
        string="Order for a full day",
        required=True,
        default="warn",
        help="What the order gate does when the day has no room for the vehicles.",
    )
    promise_mode = fields.Selection(
        [
            ("manual", "By hand"),
            ("propose", "Propose, a person confirms"),
            ("auto", "Promise at once"),
        ],
        string="Promised day",
        required=True,
        default="propose",
        help="What happens when an order comes in: nothing, the first day with room "
        "is proposed to the dispatcher, or it is promised to the client at once.",
    )
    promise_horizon = fields.Integer(
        string="Look ahead, days", required=True, default=30
    )
    dispatcher_ids = fields.Many2many(
        "res.users",
        "cement_plant_dispatcher_rel",
        string="Dispatchers",
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Get the change requests of clients as activities.",
    )
    is_book_kept = fields.Boolean(
        compute="_compute_is_book_kept",
        compute_sudo=True,
        help="The plant promises or refuses by itself, by what its days hold.",
    )
    gate_user_ids = fields.Many2many(
        "res.users",
        "cement_plant_gate_user_rel",
        string="Guards of the gate",
        groups="base.group_user",
        help="Whoever is named here works at the gates of these plants only; who is "
        "named nowhere works at all of the company.",
    )
    gate_early_minutes = fields.Integer(
        string="Let in early, min",
        default=60,
        help="How long before its slot a vehicle is in time.",
    )
    gate_grace_minutes = fields.Integer(
        string="Let in late, min",
        default=120,
        help="How long after its slot a vehicle is still let in.",
    )

    _promise_horizon_range = models.Constraint(
        "CHECK(promise_horizon BETWEEN 1 AND 120)",
        "Look ahead between 1 and 120 days.",
    )
    _gate_minutes_positive = models.Constraint(
        "CHECK(gate_early_minutes >= 0 AND gate_grace_minutes >= 0)",
        "Minutes at the gate cannot be below zero.",
    )

    def write(self, vals):
        """Override of `cement_base`: dispatchers keep the calendar, no more."""
        if (
            not self.env.su
            and not self.env.user.has_group("cement_base.group_cement_admin")
            and vals.keys() - BY_DISPATCHER
        ):
            raise AccessError(
                self.env._("A dispatcher changes the calendar of the plant only.")
            )
        return super().write(vals)

    @api.depends("promise_mode", "capacity_check", "point_ids")
    def _compute_is_book_kept(self):
        for plant in self:
            plant.is_book_kept = bool(plant.point_ids) and (
                plant.promise_mode == "auto" or plant.capacity_check == "block"
            )

    def _hold_days(self):
        """Hold the days of the plants until the end of the transaction.

        Who reads what is taken and fills a day by it calls this, before or after the
        reading: the second of two waits, PostgreSQL reports that its picture is out
        of date, and the request runs again with the days as they are. The row is not
        that of the plant: whatever names the plant would wait for it as well.
        """
        if self.ids:
            self.env.execute_query(
                SQL(
                    "INSERT INTO cement_plant_book (plant_id, turn) "
                    "SELECT id, 1 FROM unnest(%s) AS id ORDER BY id "
                    "ON CONFLICT (plant_id) DO UPDATE "
                    "SET turn = cement_plant_book.turn + 1 RETURNING id",
                    sorted(self.ids),
                )
            )

    def _get_calendars(self) -> dict[int, capacity.Calendar]:
        """Return the calendars of the plants, in two queries."""
        # sudo: the calendar of a plant is no secret; members ask through the gate
        shifts_sudo = (
            self.env["cement.plant.shift"].sudo().search([("plant_id", "in", self.ids)])
        )
        days_sudo = (
            self.env["cement.plant.day"].sudo().search([("plant_id", "in", self.ids)])
        )
        shifts, exceptions = defaultdict(list), defaultdict(dict)
        for shift in shifts_sudo:
            shifts[shift.plant_id.id].append(shift._to_kernel())
        for day in days_sudo:
            exceptions[day.plant_id.id][day.date] = (
                () if day.is_closed else ((day.hour_from, day.hour_to),)
            )
        return {
            plant.id: capacity.Calendar(tuple(shifts[plant.id]), exceptions[plant.id])
            for plant in self
        }

    def _get_points(self) -> dict[int, list[capacity.Point]]:
        """Return the loading points of the plants, in one query."""
        # sudo: see _get_calendars
        points_sudo = (
            self.env["cement.loading.point"]
            .sudo()
            .search([("plant_id", "in", self.ids)])
        )
        points = defaultdict(list)
        for point in points_sudo:
            points[point.plant_id.id].append(point._to_kernel())
        return {plant.id: points[plant.id] for plant in self}

    def _get_local_now(self):
        """Return the present moment as the plant's clock shows it."""
        self.ensure_one()
        return hours.local(fields.Datetime.now(), self.tz or "UTC")

    # === When the calendar changes ===

    @contextmanager
    def _watch_calendar(self):
        """Have the slots follow a change of the calendar at once, and tell the
        dispatchers what was promised for hours that are no longer worked."""
        before = self._get_calendars()
        yield
        # sudo: whoever keeps the calendar need not read orders
        plants_sudo = self.exists().sudo()
        after = plants_sudo._get_calendars()
        plants_sudo.point_ids._fit_slots()
        for plant_sudo in plants_sudo:
            plant_sudo._tell_of_lost_days(before[plant_sudo.id], after[plant_sudo.id])

    def _tell_of_lost_days(self, before, after):
        """Leave the dispatchers one activity with the orders and passes that stand
        on hours which the plant worked *before* and does not work *after*."""
        self.ensure_one()
        today = self._get_local_now().date()
        entries = (
            self.env["cement.loading.pass"]
            .search(
                [
                    ("plant_id", "=", self.id),
                    ("state", "=", passes.BOOKED),
                    ("day", ">=", today),
                ],
                order="start, id",
            )
            .filtered(
                lambda entry: entry.slot_id._is_within(before)
                and not entry.slot_id._is_within(after)
            )
        )
        orders = (
            self.env["sale.order"]
            .search(
                [
                    ("plant_id", "=", self.id),
                    ("is_cement", "=", True),
                    ("state", "=", "sale"),
                    ("promised_date", ">=", today),
                ],
                order="promised_date, id",
            )
            .filtered(
                lambda order: order._can_be_promised()
                and before.is_open(order.promised_date)
                and not after.is_open(order.promised_date)
            )
        )
        if not entries and not orders:
            return
        days = sorted({*entries.mapped("day"), *orders.mapped("promised_date")})
        for user in self._get_dispatchers():
            speech = self.with_context(lang=user.lang or self.env.lang)
            speech._schedule_lost_days(user, days, orders, entries)

    def _schedule_lost_days(self, user, days, orders, entries):
        fmt = self.env["cement.portal.shell"]._get_formats()
        rows = [
            Markup("<li>%s</li>")
            % self.env._(
                "%(order)s, promised for %(day)s: %(client)s, %(mass)s",
                order=order._get_html_link(title=order.name),
                day=fmt.day(order.promised_date),
                client=order.counterparty_id.name or "",
                mass=fmt.mass(order.load_mass),
            )
            for order in orders
        ] + [
            Markup("<li>%s</li>")
            % self.env._(
                "pass %(name)s, %(day)s %(hours)s: %(plates)s",
                name=entry._get_html_link(title=entry.name),
                day=fmt.day(entry.day),
                hours=entry.slot_id._get_hours(),
                plates=entry._get_plates(),
            )
            for entry in entries
        ]
        intro = self.env._(
            "The calendar of %(plant)s was changed: it does not work then. Promise "
            "other days; the gate lets nobody in with these passes.",
            plant=self.name,
        )
        # an activity of its own: one for all orders and passes
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "user_id": user.id,
                "summary": self.env._(
                    "%(plant)s does not work: %(days)s, %(count)s to move",
                    plant=self.name,
                    days=", ".join(fmt.day(day) for day in days[:5])
                    + ("…" if len(days) > 5 else ""),
                    count=len(orders) + len(entries),
                ),
                "note": Markup("<p>%s</p><ul>%s</ul>") % (intro, Markup("").join(rows)),
            }
        )

    def _get_dispatchers(self):
        """Return who decides for the plant: its dispatchers, else one of the company;
        nobody when there is none (as superuser)."""
        self.ensure_one()
        named = self.dispatcher_ids.filtered(
            lambda user: user.active and not user.share
        )
        return named or self.env["res.users"].search(
            [
                ("group_ids", "in", self.env.ref("cement_base.group_dispatcher").ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            order="id",
            limit=1,
        )

    def action_view_board(self):
        """Open the board of days of this plant."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "cement_logistics_dispatch.cement_dispatch_board_action"
        )
        return {**action, "context": {"plant_id": self.id}}

    def action_make_slots(self):
        """Make the slots of the next days now, as the nightly job does."""
        self.check_access("write")
        self.point_ids._make_slots()


class CementPlantBook(models.Model):
    """Whose turn it is to fill the days of a plant: a row to be held, no more."""

    _name = "cement.plant.book"
    _description = "Turn at the days of a plant"
    _log_access = False
    _rec_name = "plant_id"

    plant_id = fields.Many2one(
        "cement.plant", required=True, ondelete="cascade", readonly=True
    )
    turn = fields.Integer(readonly=True)

    _plant_uniq = models.UniqueIndex("(plant_id)", "The plant has its book already.")


class CementPlantCalendar(models.AbstractModel):
    """A part of the calendar of a plant: what hangs on it follows each change."""

    _name = "cement.plant.calendar"
    _description = "Part of the calendar of a plant"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["plant_id"]).get("plant_id")
        ids = {vals.get("plant_id") or default for vals in vals_list}
        plants = self.env["cement.plant"].browse(ids - {None, False})
        with plants._watch_calendar():
            return super().create(vals_list)

    def write(self, vals):
        plants = self.plant_id
        if vals.get("plant_id"):
            plants |= plants.browse(vals["plant_id"])
        with plants._watch_calendar():
            return super().write(vals)

    def unlink(self):
        with self.plant_id._watch_calendar():
            return super().unlink()


class CementPlantShift(models.Model):
    """Hours that repeat on weekdays, valid for a time."""

    _name = "cement.plant.shift"
    _inherit = "cement.plant.calendar"
    _description = "Shift of a plant"
    _order = "plant_id, date_from, hour_from, id"

    name = fields.Char(required=True, translate=True)
    plant_id = fields.Many2one(
        "cement.plant", required=True, index=True, ondelete="cascade"
    )
    monday = fields.Boolean(string="Mon", default=True)
    tuesday = fields.Boolean(string="Tue", default=True)
    wednesday = fields.Boolean(string="Wed", default=True)
    thursday = fields.Boolean(string="Thu", default=True)
    friday = fields.Boolean(string="Fri", default=True)
    saturday = fields.Boolean(string="Sat")
    sunday = fields.Boolean(string="Sun")
    hour_from = fields.Float(string="From", required=True, default=8.0)
    hour_to = fields.Float(string="Until", required=True, default=20.0)
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")

    _hours = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "A shift begins before it ends, within one day; part a night shift in two.",
    )
    _dates = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The shift must begin to be valid before it ends.",
    )

    def _to_kernel(self) -> capacity.Shift:
        self.ensure_one()
        return capacity.Shift(
            weekdays=frozenset(
                number for number, name in enumerate(WEEKDAYS) if self[name]
            ),
            start=self.hour_from,
            stop=self.hour_to,
            valid_from=self.date_from or None,
            valid_to=self.date_to or None,
        )


class CementPlantDay(models.Model):
    """A day unlike the others: a holiday, a repair, a working Saturday."""

    _name = "cement.plant.day"
    _inherit = "cement.plant.calendar"
    _description = "Special day of a plant"
    _order = "date, plant_id, id"
    _rec_name = "reason"

    plant_id = fields.Many2one(
        "cement.plant", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, index=True)
    is_closed = fields.Boolean(string="Closed", default=True)
    hour_from = fields.Float(string="From", default=8.0)
    hour_to = fields.Float(string="Until", default=20.0)
    reason = fields.Char(required=True, translate=True)

    _day_uniq = models.Constraint(
        "UNIQUE(plant_id, date)", "This day of the plant is entered already."
    )

    @api.constrains("is_closed", "hour_from", "hour_to")
    def _check_hours(self):
        for day in self:
            if not day.is_closed and not 0 <= day.hour_from < day.hour_to <= 24:
                raise ValidationError(
                    self.env._("The hours must begin before they end, within one day.")
                )
