# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDemurrageTariff(models.Model):
    """What an idle wagon costs a day, by dates and wagon kind."""

    _name = "cement.demurrage.tariff"
    _description = "Demurrage tariff"
    _order = "date_from desc, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    date_from = fields.Date(required=True)
    date_to = fields.Date()
    wagon_kind = fields.Char(
        help="Kind code the tariff is for, such as 93; empty means any."
    )
    free_hours = fields.Float(
        default=24.0, help="Hours after arrival that cost nothing."
    )
    rate_ids = fields.One2many("cement.demurrage.rate", "tariff_id", string="Rates")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    source = fields.Char(help="Contract or act the tariff comes from.")
    is_confirmed = fields.Boolean(
        string="Checked", help="Compared with the contract or the act."
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A tariff cannot end before it begins.",
    )
    _free_hours_positive = models.Constraint(
        "CHECK(free_hours >= 0)", "Free hours cannot be negative."
    )


class CementDemurrageRate(models.Model):
    """Price of a day from a certain paid day on."""

    _name = "cement.demurrage.rate"
    _description = "Demurrage rate"
    _order = "tariff_id, day_from, id"

    tariff_id = fields.Many2one(
        "cement.demurrage.tariff", required=True, index=True, ondelete="cascade"
    )
    day_from = fields.Integer(
        string="From paid day", required=True, default=1, help="First paid day is 1."
    )
    amount = fields.Monetary(string="Per day", required=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")

    _day_uniq = models.Constraint(
        "UNIQUE(tariff_id, day_from)", "One rate for each day it begins on."
    )
    _positive = models.Constraint(
        "CHECK(day_from >= 1 AND amount >= 0)",
        "Days count from 1, and a rate cannot be negative.",
    )
