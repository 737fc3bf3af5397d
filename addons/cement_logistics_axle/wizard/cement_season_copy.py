# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CementSeasonCopy(models.TransientModel):
    """Copies the orders of a year to the next one, with other days, as a guess until
    the real orders come."""

    _name = "cement.season.copy"
    _description = "Copy seasonal orders to another year"

    order_ids = fields.Many2many(
        "cement.season.order", default=lambda self: self._default_order_ids()
    )
    year = fields.Integer(
        string="To the year", required=True, default=lambda self: self._default_year()
    )
    shift = fields.Integer(
        string="Days later", help="Negative: earlier. The weather decides each year."
    )

    @api.model
    def _default_order_ids(self):
        return self.env["cement.season.order"].browse(
            self.env.context.get("active_ids", [])
        )

    @api.model
    def _default_year(self):
        years = self._default_order_ids().mapped("year")
        return max(years) + 1 if years else fields.Date.context_today(self).year + 1

    def action_copy(self):
        """Make the copies and show them.

        :raises UserError: when a shifted rule would leave its year.
        """
        self.ensure_one()
        if not self.order_ids:
            raise UserError(self.env._("Choose the orders to be copied."))
        copies = self.env["cement.season.order"].create(
            [self._prepare_order_vals(order) for order in self.order_ids]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copied orders"),
            "res_model": "cement.season.order",
            "view_mode": "list,form",
            "domain": [("id", "in", copies.ids)],
        }

    def _prepare_order_vals(self, order) -> dict:
        return {
            "name": self.env._(
                "%(number)s (%(year)s, expected)", number=order.name, year=self.year
            ),
            "issuer": order.issuer,
            "state_id": order.state_id.id,
            "year": self.year,
            "status": "unconfirmed",
            "source": self.env._(
                "Copied from %(order)s with days shifted by %(shift)s.",
                order=order.display_name,
                shift=self.shift,
            ),
            "rule_ids": [
                Command.create(self._prepare_rule_vals(rule)) for rule in order.rule_ids
            ],
        }

    def _prepare_rule_vals(self, rule) -> dict:
        vals = rule.copy_data()[0]
        for name in ("order_id", "state_id", "status"):
            vals.pop(name, None)
        start, end = (self._move(day, rule) for day in (rule.date_from, rule.date_to))
        return {**vals, "date_from": start, "date_to": end}

    def _move(self, day, rule) -> date:
        """Return *day* in the new year, so many days later."""
        try:
            moved = day.replace(year=self.year)
        except ValueError:  # the 29th of February
            moved = date(self.year, 2, 28)
        moved += timedelta(self.shift)
        if moved.year != self.year:
            raise UserError(
                self.env._(
                    "%(rule)s would leave the year %(year)s.",
                    rule=rule.display_name,
                    year=str(self.year),
                )
            )
        return moved
