# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import demurrage


class CementDemurrageTariff(models.Model):
    """What an idle wagon costs, by dates.

    Money is reckoned by confirmed tariffs only: clients are shown it.
    """

    _name = "cement.demurrage.tariff"
    _description = "Demurrage tariff"
    _order = "date_from desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    date_from = fields.Date(required=True)
    date_to = fields.Date()
    free_hours = fields.Float(
        default=24.0, help="Hours after arrival that cost nothing."
    )
    rate_ids = fields.One2many("cement.demurrage.rate", "tariff_id", string="Rates")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self._get_currency(),
    )
    source = fields.Char(translate=True, help="Contract or act the tariff comes from.")
    is_confirmed = fields.Boolean(
        string="Checked",
        help="Compared with the contract or the act. Other tariffs cost nobody "
        "anything: neither hours nor money are reckoned by them.",
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A tariff cannot end before it begins.",
    )
    _free_hours_positive = models.Constraint(
        "CHECK(free_hours >= 0)", "Free hours cannot be negative."
    )

    @api.constrains("currency_id", "is_confirmed")
    def _check_currency(self):
        currency = self._get_currency()
        for tariff in self:
            if tariff.is_confirmed and tariff.currency_id != currency:
                raise ValidationError(
                    self.env._(
                        "Idle wagons are reckoned in %(currency)s: enter the rates of "
                        "%(tariff)s in it.",
                        currency=currency.name,
                        tariff=tariff.name,
                    )
                )

    @api.model
    def _get_currency(self):
        """Return the currency in which idle wagons are reckoned."""
        ruble = self.env.ref("base.RUB", raise_if_not_found=False)
        return ruble or self.env.company.currency_id

    @api.model
    def _get_tariffs(self) -> list:
        """Return the confirmed tariffs as the kernel wants them."""
        # sudo: what idle time costs is shown to partners, tariffs are not
        return [
            demurrage.Tariff(
                valid_from=tariff.date_from,
                valid_to=tariff.date_to or None,
                free_hours=tariff.free_hours,
                steps=[
                    (rate.hour_from, Decimal(str(rate.amount)))
                    for rate in tariff.rate_ids
                ],
                source=tariff.source or tariff.name,
            )
            for tariff in self.sudo().search(
                [
                    ("is_confirmed", "=", True),
                    ("currency_id", "=", self._get_currency().id),
                ]
            )
        ]


class CementDemurrageRate(models.Model):
    """Price of a wagon-hour from a certain paid hour on."""

    _name = "cement.demurrage.rate"
    _description = "Demurrage rate"
    _order = "tariff_id, hour_from, id"

    tariff_id = fields.Many2one(
        "cement.demurrage.tariff", required=True, index=True, ondelete="cascade"
    )
    hour_from = fields.Integer(
        string="From paid hour",
        required=True,
        default=0,
        help="Hours after the free ones; 0 means from the first paid hour on.",
    )
    amount = fields.Monetary(string="Per wagon and hour", required=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")

    _hour_uniq = models.Constraint(
        "UNIQUE(tariff_id, hour_from)", "One rate for each hour it begins on."
    )
    _positive = models.Constraint(
        "CHECK(hour_from >= 0 AND amount >= 0)",
        "Neither hours nor rates can be negative.",
    )
