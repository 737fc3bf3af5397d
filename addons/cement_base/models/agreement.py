# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Agreement(models.Model):
    """A contract (договор) between a counterparty and one supplier company."""

    _name = "agreement"
    _inherit = ["agreement", "cement.private.thread"]
    _check_company_auto = True

    # labels of `agreement`, in the words of the trade
    code = fields.Char(string="Number")
    name = fields.Char(string="Contract")
    partner_id = fields.Many2one(string="Counterparty or its contact")
    domain = fields.Selection(string="Kind")
    agreement_type_id = fields.Many2one(string="Contract type")
    signature_date = fields.Date(string="Signed on")
    start_date = fields.Date(string="In force from", help="First day of the contract.")
    end_date = fields.Date(string="In force until", help="Last day of the contract.")
    is_template = fields.Boolean(string="Template")
    active = fields.Boolean(string="Active")
    company_id = fields.Many2one(string="Supplier company", required=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    credit_limit = fields.Monetary(
        tracking=True,
        # what a client may see of it depends on the role: pages show it by sudo
        groups="base.group_user",
        help="How much may be shipped unpaid; 0 means prepayment.",
    )
    deferral_days = fields.Integer(
        string="Deferral, days",
        tracking=True,
        help="Days between shipment and payment.",
    )
    prepayment_percent = fields.Float(string="Prepayment, %", digits=(5, 2))
    payment_term_id = fields.Many2one("account.payment.term", check_company=True)
    specification_ids = fields.One2many(
        "cement.specification", "agreement_id", string="Specifications"
    )
    specification_count = fields.Integer(compute="_compute_specification_count")
    # of `agreement`, indexed here: every record rule of the portal compares it
    commercial_partner_id = fields.Many2one(string="Counterparty", index=True)

    _terms_range = models.Constraint(
        "CHECK(credit_limit >= 0 AND deferral_days >= 0 "
        "AND prepayment_percent >= 0 AND prepayment_percent <= 100)",
        "Limit and deferral cannot be negative, prepayment lies between 0 and 100 %.",
    )

    @api.depends("specification_ids")
    def _compute_specification_count(self):
        counts = dict(
            self.env["cement.specification"]._read_group(
                [("agreement_id", "in", self.ids)], ["agreement_id"], ["__count"]
            )
        )
        for agreement in self:
            agreement.specification_count = counts.get(agreement, 0)

    @api.constrains("start_date", "end_date")
    def _check_dates(self):
        for agreement in self:
            if (
                agreement.start_date
                and agreement.end_date
                and agreement.start_date > agreement.end_date
            ):
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s ends before it begins.",
                        contract=agreement.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `agreement` to open the supplier company to the members of
        the counterparty."""
        agreements = super().create(vals_list)
        agreements._sync_member_companies()
        return agreements

    def write(self, vals):
        """Override of `agreement`: see :meth:`create`."""
        result = super().write(vals)
        if {"company_id", "partner_id", "active"} & vals.keys():
            self._sync_member_companies()
        return result

    def _sync_member_companies(self):
        members = (
            self.env["cement.member"]
            .sudo()
            .search([("partner_id", "in", self.commercial_partner_id.ids)])
        )
        members._sync_companies()

    def _is_valid_on(self, day) -> bool:
        """Whether the contract is in force on *day* (both ends included)."""
        self.ensure_one()
        return (
            self.active
            and (not self.start_date or self.start_date <= day)
            and (not self.end_date or day <= self.end_date)
        )

    def action_view_specifications(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_base.cement_specification_action"
        )
        action["domain"] = [("agreement_id", "=", self.id)]
        action["context"] = {"default_agreement_id": self.id}
        return action
