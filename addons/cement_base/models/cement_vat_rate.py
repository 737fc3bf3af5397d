# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

VAT_CATEGORIES = [
    ("standard", "Standard"),
    ("reduced", "Reduced"),
    ("zero", "Zero (export)"),
    ("none", "Without VAT"),
]


class CementVatRate(models.Model):
    """A VAT rate for a span of time, with the law it comes from."""

    _name = "cement.vat.rate"
    _description = "VAT rate"
    _inherit = "cement.remembered"
    _order = "category, date_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(VAT_CATEGORIES, required=True, default="standard")
    rate = fields.Float(string="Rate, %", required=True, digits=(5, 2))
    date_from = fields.Date(required=True)
    date_to = fields.Date(help="Last day of the rate; empty while it is in force.")
    source = fields.Char(required=True, help="The law that sets the rate.")
    tax_ids = fields.One2many("account.tax", "cement_vat_rate_id", string="Taxes")

    _rate_range = models.Constraint(
        "CHECK(rate >= 0 AND rate < 100)", "A VAT rate lies between 0 and 100 percent."
    )
    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A rate cannot end before it begins.",
    )

    @api.constrains("category", "date_from", "date_to")
    def _check_overlap(self):
        """Two rates of one category on one day would make the price ambiguous."""
        for rate in self:
            overlapping = self.search_count(
                rate._get_overlap_domain() & Domain("id", "!=", rate.id), limit=1
            )
            if overlapping:
                raise ValidationError(
                    self.env._(
                        "Another rate of the category “%(category)s” is in force "
                        "within the dates of “%(rate)s”. Close it first.",
                        category=dict(
                            self._fields["category"]._description_selection(self.env)
                        )[rate.category],
                        rate=rate.name,
                    )
                )

    def _get_overlap_domain(self) -> Domain:
        self.ensure_one()
        domain = Domain("category", "=", self.category) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from)
        )
        if self.date_to:
            domain &= Domain("date_from", "<=", self.date_to)
        return domain

    @api.model
    def _get_rates(self, day: date) -> dict[str, "CementVatRate"]:
        """Return the rates in force on *day*, one for each category."""
        rates = self.sudo().search(
            Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )
        return {rate.category: rate for rate in rates}

    @api.model
    @ormcache("day")
    def _get_percents(self, day: date) -> dict[str, float]:
        """Return the percent by category on *day*, kept until a rate changes: the
        law changes once in years, every page of prices asks."""
        return {category: rate.rate for category, rate in self._get_rates(day).items()}

    @api.model
    def _get_rate(self, category: str, day: date) -> "CementVatRate":
        """Return the rate of *category* on *day*; empty when none is in force."""
        return self._get_rates(day).get(category, self.browse())

    def _get_tax(self, company, price_include: bool):
        """Return the sales tax of this rate in *company*, made when missing.

        :raises UserError: when the rate is not there at all.
        """
        if not self:
            raise UserError(
                self.env._(
                    "No VAT rate is in force on this day. An administrator adds it "
                    "under Settings > VAT rates."
                )
            )
        self.ensure_one()
        include = "tax_included" if price_include else "tax_excluded"
        # sudo: sales people may not read or make taxes of every supplier company
        taxes_sudo = self.sudo().tax_ids.filtered(
            lambda tax: tax.company_id == company
            and tax.price_include_override == include
        )
        return taxes_sudo[:1] or self.sudo()._create_tax(company, include)

    def _create_tax(self, company, include: str):
        self.ensure_one()
        # Two first orders of a company at once: the second transaction fails on
        # this row, is tried again by Odoo and finds the tax of the first.
        self.env.execute_query(
            SQL(
                "UPDATE cement_vat_rate SET write_date = write_date WHERE id = %s "
                "RETURNING id",
                self.id,
            )
        )
        return (
            self.env["account.tax"]
            .with_company(company)
            .with_context(lang=company.partner_id.lang or self.env.lang)
            .create(self._prepare_tax_vals(company, include))
        )

    def _prepare_tax_vals(self, company, include: str) -> dict:
        self.ensure_one()
        country = company.account_fiscal_country_id or company.country_id
        if not country:
            raise UserError(
                self.env._(
                    "Set the country of the company %(company)s: its VAT cannot be "
                    "reckoned without it.",
                    company=company.name,
                )
            )
        # by its name too: the name of the group stands under every order, and a
        # group of another rate would tell the client a wrong one
        name = self.env._("VAT")
        group = self.env["account.tax.group"].search(
            [
                *self.env["account.tax.group"]._check_company_domain(company),
                ("country_id", "=", country.id),
                ("name", "=", name),
            ],
            limit=1,
        ) or self.env["account.tax.group"].create(
            {
                "name": name,
                "company_id": company.id,
                "country_id": country.id,
            }
        )
        suffix = self.env._("included") if include == "tax_included" else ""
        return {
            "name": f"{self.name} {suffix}".strip(),
            "amount_type": "percent",
            "amount": self.rate,
            "type_tax_use": "sale",
            "company_id": company.id,
            "country_id": country.id,
            "tax_group_id": group.id,
            "price_include_override": include,
            "cement_vat_rate_id": self.id,
        }
