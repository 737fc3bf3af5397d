# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import hours

# repeating a week copies every line of the request
MAX_WEEKS = 12


class CementCart(models.Model):
    """The hours wished for delivery, and a week that repeats (F39, F40)."""

    _inherit = "cement.cart"

    def _prepare_line_vals(self, row, *known):
        """Override of `cement_sale` to take the wished hours."""
        vals = super()._prepare_line_vals(row, *known)
        start = self._parse_hour(row.get("desired_from"))
        stop = self._parse_hour(row.get("desired_to"))
        if stop and start and start >= stop:
            raise UserError(self.env._("the hours must begin before they end."))
        return {**vals, "desired_from": start or 0.0, "desired_to": stop or 0.0}

    @api.model
    def _parse_hour(self, value):
        try:
            return hours.parse_hour(value)
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is not an hour.", value=str(value)[:20])
            ) from None

    def _prepare_order_vals(self, load, lines, common):
        """Override of `cement_sale` to hand the wished hours over to the order."""
        first = lines[load.parts[0].line_key]
        return {
            **super()._prepare_order_vals(load, lines, common),
            "desired_from": first.desired_from,
            "desired_to": first.desired_to,
        }

    @api.model
    def _get_stamp_tables(self):
        """Override of `cement_sale`: the days of the plants."""
        return [
            *super()._get_stamp_tables(),
            "cement.plant.shift",
            "cement.plant.day",
            "cement.loading.point",
        ]

    def _get_stamp_parts(self):
        """Override of `cement_sale`: what was promised for the days to come, on the
        plants that look at their room."""
        plants = SQL(
            """SELECT p.id FROM cement_plant p
                 JOIN cement_specification_line s ON s.plant_id = p.id
                 JOIN cement_cart_line l ON l.specification_line_id = s.id
                WHERE l.cart_id = %s AND (p.calendar_check <> 'none'
                                          OR p.capacity_check <> 'none')""",
            self.id,
        )
        orders = SQL(
            "plant_id IN (%s) AND due_date >= %s AND is_cement IS TRUE "
            "AND state = 'sale'",
            plants,
            fields.Date.context_today(self) - timedelta(1),
        )
        return [*super()._get_stamp_parts(), self._stamp_of("sale_order", orders)]

    def _repeat_weeks(self, weeks) -> dict:
        """Repeat what the request holds in each of the next *weeks*.

        :return: see :meth:`_add_rows`.
        :raises UserError: when a line has no day, or the number makes no sense.
        """
        cart_sudo = self._editable_sudo()
        try:
            weeks = int(weeks)
        except (TypeError, ValueError, OverflowError):
            weeks = 0
        if not 1 <= weeks <= MAX_WEEKS:
            raise UserError(
                self.env._(
                    "Choose between 1 and %(limit)s weeks more.", limit=MAX_WEEKS
                )
            )
        lines = cart_sudo.line_ids
        if not lines:
            raise UserError(self.env._("The request is empty: add a line first."))
        if not all(line.day for line in lines):
            raise UserError(self.env._("Choose the day of every line first."))
        rows = [
            {**line._prepare_copy_row(), "day": line.day + timedelta(weeks=week)}
            for week in range(1, weeks + 1)
            for line in lines
        ]
        # all the weeks or none: half of a plan is found out too late
        with self.env.cr.savepoint():
            report = self._add_rows(rows)
            if report["errors"]:
                raise UserError(report["errors"][0]["reason"])
        return report


class CementCartLine(models.Model):
    _inherit = "cement.cart.line"

    desired_from = fields.Float(
        string="Wished from", help="Hour of the day at the site; 0 = any."
    )
    desired_to = fields.Float(
        string="Wished until", help="Hour of the day at the site; 0 = any."
    )

    @api.constrains("desired_from", "desired_to")
    def _check_desired_hours(self):
        for line in self:
            check_window(self.env, line.desired_from, line.desired_to)

    def _prepare_copy_row(self):
        """Override of `cement_sale` so that copies wish the same hours."""
        return {
            **super()._prepare_copy_row(),
            "desired_from": self.desired_from,
            "desired_to": self.desired_to,
        }

    def _prepare_planner_line(self):
        """Override of `cement_sale`: one vehicle cannot come at two different hours,
        so lines that differ in them do not share one."""
        line = super()._prepare_planner_line()
        window = (self.desired_from, self.desired_to)
        if not any(window):
            return line
        return replace(
            line, accounting_category_key=(line.accounting_category_key, window)
        )

    def _prepare_asked(self, sites, ways, marks):
        """Override of `cement_portal` to show the wished hours."""
        return {
            **super()._prepare_asked(sites, ways, marks),
            "desired_from": hours.hour_text(self.desired_from)
            if self.desired_from
            else "",
            "desired_to": hours.hour_text(self.desired_to) if self.desired_to else "",
            "has_hours": not self.delivery_method_id.is_pickup,
        }

    def _prepare_group_view(self):
        """Override of `cement_sale` to tell the hours with the vehicles."""
        return {
            **super()._prepare_group_view(),
            "window": window_text(self.env, self.desired_from, self.desired_to),
        }


def check_window(env, start, stop):
    """Refuse hours that are none, or that end before they begin.

    :raises ValidationError: in words.
    """
    if not (0 <= start <= 24 and 0 <= stop <= 24):
        raise ValidationError(env._("Hours lie between 0:00 and 24:00."))
    if stop and start >= stop:
        raise ValidationError(env._("The hours must begin before they end."))


def window_text(env, start, stop) -> str:
    """Return the window in words; empty when any hour will do."""
    if start and stop:
        return f"{hours.hour_text(start)}–{hours.hour_text(stop)}"
    if start:
        return env._("from %(hour)s", hour=hours.hour_text(start))
    if stop:
        return env._("until %(hour)s", hour=hours.hour_text(stop))
    return ""
