# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CementSeasonOrder(models.Model):
    """The yearly order of a region on the closed season, with its rules."""

    _name = "cement.season.order"
    _description = "Seasonal order of a region"
    _inherit = ["mail.thread", "mail.activity.mixin", "cement.season.told"]
    _order = "year desc, state_id, id"

    name = fields.Char(string="Number", required=True, tracking=True)
    date = fields.Date(string="Of", tracking=True)
    issuer = fields.Char(help="Who issued it: ministry of transport, town hall…")
    state_id = fields.Many2one(
        "res.country.state",
        string="Region",
        required=True,
        index=True,
        tracking=True,
        domain="[('country_id.code', '=', 'RU')]",
    )
    year = fields.Integer(required=True, default=lambda self: self._default_year())
    status = fields.Selection(
        [("unconfirmed", "Not confirmed"), ("confirmed", "Confirmed")],
        required=True,
        default="unconfirmed",
        tracking=True,
        copy=False,
        help="Only confirmed orders limit vehicles; the others are shown as expected.",
    )
    is_example = fields.Boolean(
        string="Example",
        help="From the press, to show how orders look. Not to be relied on.",
    )
    source = fields.Text(help="Where it was read: address, newspaper, letter.")
    note = fields.Text()
    rule_ids = fields.One2many("cement.season.rule", "order_id", copy=True)
    date_from = fields.Date(compute="_compute_dates", store=True)
    date_to = fields.Date(compute="_compute_dates", store=True)
    active = fields.Boolean(default=True)
    was_confirmed = fields.Boolean(
        string="Was in force",
        readonly=True,
        copy=False,
        help="Vehicles were limited by it: it is kept, in the archive at least.",
    )

    @api.model
    def _default_year(self):
        today = fields.Date.context_today(self)
        # in the second half of a year people enter the next spring
        return today.year + (today.month > 6)

    @api.depends("rule_ids.date_from", "rule_ids.date_to")
    def _compute_dates(self):
        for order in self:
            days = [day for day in order.rule_ids.mapped("date_from") if day]
            ends = [day for day in order.rule_ids.mapped("date_to") if day]
            order.date_from = min(days, default=False)
            order.date_to = max(ends, default=False)

    @api.depends("name", "date")
    def _compute_display_name(self):
        for order in self:
            order.display_name = order._get_label()

    def _get_label(self) -> str:
        """Return the order as the law cites it."""
        self.ensure_one()
        if not self.name:
            return self.env._("New seasonal order")
        if not self.date:
            return self.env._("order no. %(number)s", number=self.name)
        return self.env._(
            "order no. %(number)s of %(date)s",
            number=self.name,
            date=self.date.strftime("%d.%m.%Y"),
        )

    def action_confirm(self):
        """Let the rules hold.

        :raises UserError: when there is nothing to hold, or an example.
        """
        for order in self:
            if not order.rule_ids:
                raise UserError(
                    self.env._("%(order)s has no rules yet.", order=order.display_name)
                )
            if order.is_example:
                raise UserError(
                    self.env._(
                        "%(order)s is an example from the press: enter the real order.",
                        order=order.display_name,
                    )
                )
        self.status = "confirmed"

    def action_unconfirm(self):
        """Take the rules out of force: it was not the real order."""
        self.status = "unconfirmed"

    @api.model_create_multi
    def create(self, vals_list):
        known = self.env.context.get("default_state_id")
        if not all(vals.get("state_id", known) for vals in vals_list):
            # what a form or a table leaves out is told by us, not by the database
            raise ValidationError(
                self.env._("Name the region of the order: it holds nowhere without.")
            )
        return super().create(
            [
                {**vals, "was_confirmed": vals.get("status") == "confirmed"}
                for vals in vals_list
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        """Keep what vehicles were limited by."""
        kept = self.filtered(
            lambda order: order.status == "confirmed" or order.was_confirmed
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(orders)s: confirmed once, vehicles were limited by it. Take it "
                    "out of force, or archive it.",
                    orders=", ".join(kept.mapped("display_name")),
                )
            )

    def _get_season_orders(self):
        return self

    def _is_season_touched(self, vals_list) -> bool:
        fields_ = {"status", "active", "state_id", "rule_ids", "is_example"}
        if not vals_list or not any(fields_ & vals.keys() for vals in vals_list):
            return False
        return any(vals.get("status") == "confirmed" for vals in vals_list) or any(
            order.status == "confirmed" for order in self
        )

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != "was_confirmed"}
        if vals.get("status") == "confirmed":
            vals["was_confirmed"] = True
        result = super().write(vals)
        if {"status", "state_id", "year", "active"} & vals.keys():
            self.rule_ids._check_rules()
        return result
