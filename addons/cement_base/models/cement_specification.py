# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CementSpecification(models.Model):
    """A specification to a contract: what was agreed, at what price, till when."""

    _name = "cement.specification"
    _description = "Specification"
    _inherit = ["cement.private.thread", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["name", "agreement_id.code"]

    name = fields.Char(string="Number", required=True, tracking=True, copy=False)
    agreement_id = fields.Many2one(
        "agreement",
        string="Contract",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="agreement_id.commercial_partner_id",
        string="Counterparty",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id",
        string="Supplier company",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id", store=True)
    date_start = fields.Date(
        required=True, default=fields.Date.context_today, tracking=True
    )
    date_end = fields.Date(tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In force"), ("closed", "Closed")],
        required=True,
        default="draft",
        tracking=True,
        copy=False,
        index=True,
    )
    display_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("coming", "Not yet in force"),
            ("active", "In force"),
            ("expired", "Expired"),
            ("closed", "Closed"),
        ],
        string="Present status",
        compute="_compute_display_state",
        help="In force means today: a specification that was put in force and whose "
        "term is over is expired.",
    )
    price_include_vat = fields.Boolean(
        string="Prices with VAT",
        help="Whether the agreed price holds the tax. If not, a new VAT rate "
        "changes what the client pays.",
    )
    prepayment_percent = fields.Float(
        string="Prepayment, %",
        digits=(5, 2),
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    deferral_days = fields.Integer(
        string="Deferral, days",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    terms_text = fields.Char(string="Terms", compute="_compute_terms_text")
    line_ids = fields.One2many(
        "cement.specification.line", "specification_id", string="Lines", copy=True
    )
    note = fields.Html(groups="base.group_user", help="Seen by managers only.")

    _name_uniq = models.UniqueIndex(
        "(agreement_id, name)",
        "This contract has a specification with this number already.",
    )
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A specification cannot end before it begins.",
    )
    _terms_range = models.Constraint(
        "CHECK(prepayment_percent >= 0 AND prepayment_percent <= 100 "
        "AND deferral_days >= 0)",
        "Prepayment lies between 0 and 100 %, the deferral cannot be negative.",
    )

    @api.depends("agreement_id")
    def _compute_terms(self):
        for specification in self:
            agreement = specification.agreement_id
            specification.prepayment_percent = agreement.prepayment_percent
            specification.deferral_days = agreement.deferral_days

    @api.depends("prepayment_percent", "deferral_days")
    @api.depends_context("lang")
    def _compute_terms_text(self):
        for specification in self:
            specification.terms_text = self._get_terms(
                specification.prepayment_percent, specification.deferral_days
            )

    def _creation_message(self):
        """Override of `mail`: core's sentence names the model in English until the
        translations are in the database, in the demo for good."""
        return self.env._("The specification was created.")

    @api.depends("state", "date_start", "date_end")
    def _compute_display_state(self):
        today = fields.Date.context_today(self)
        for specification in self:
            state = specification.state
            if state == "active":
                if specification.date_end and specification.date_end < today:
                    state = "expired"
                elif specification.date_start and specification.date_start > today:
                    state = "coming"
            specification.display_state = state

    @api.model
    def _get_terms(self, prepayment_percent: float, deferral_days: int) -> str:
        """Return the terms of payment in words."""
        parts = []
        if prepayment_percent:
            parts.append(
                self.env._(
                    "%(percent)s %% prepayment", percent=f"{prepayment_percent:g}"
                )
            )
        if deferral_days:
            parts.append(self.env._("deferral of %(days)s days", days=deferral_days))
        return ", ".join(parts) or self.env._("payment on shipment")

    @api.depends("name", "date_start")
    def _compute_display_name(self):
        for specification in self:
            specification.display_name = self.env._(
                "No. %(number)s", number=specification.name or ""
            )

    @api.constrains("state", "line_ids")
    def _check_active_has_lines(self):
        for specification in self:
            if specification.state == "active" and not specification.line_ids:
                raise ValidationError(
                    self.env._(
                        "Specification %(number)s has no lines: clients would see "
                        "nothing. Add at least one.",
                        number=specification.name,
                    )
                )

    def copy_data(self, default=None):
        """Override to number the copy: the number is required and unique."""
        vals_list = super().copy_data(default)
        for specification, vals in zip(self, vals_list, strict=True):
            if not vals.get("name"):
                vals["name"] = self.env._(
                    "%(number)s (copy)", number=specification.name
                )
        return vals_list

    def write(self, vals):
        """Override so that lines with dates of their own keep them."""
        names = {"date_start", "date_end"} & vals.keys()
        own_dates = [
            (line, name, line[name])
            for line in self.line_ids
            for name in names
            if line[name] != line.specification_id[name]
        ]
        result = super().write(vals)
        for line, name, day in own_dates:
            line[name] = day
        return result

    def action_activate(self):
        """Put the specification in force: its lines appear in the catalogue."""
        self._check_activation()
        self.write({"state": "active"})

    def action_close(self):
        self.write({"state": "closed"})

    def action_reopen(self):
        self.write({"state": "draft"})

    def _check_activation(self):
        """Refuse what the client could not order anyway.

        :raises ValidationError: naming the line and what it lacks.
        """
        self.line_ids._check_activation()

    def _is_valid_on(self, day) -> bool:
        """Whether goods may be ordered by the specification for *day*."""
        self.ensure_one()
        return (
            self.state == "active"
            and self.date_start <= day
            and (not self.date_end or day <= self.date_end)
        )
