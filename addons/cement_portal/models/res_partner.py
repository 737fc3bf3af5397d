# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_sale.tools import lifecycle

from ..tools import charts

# How many products and sites the statistics name; the rest is summed up.
TOP = 10


class ResPartner(models.Model):
    """The pages about a counterparty itself: its profile and its statistics."""

    _inherit = "res.partner"

    # === Profile ===

    def _portal_profile(self) -> dict:
        """Return requisites, contracts, specifications and sites that the person
        may see (F133, F168)."""
        self.ensure_one()
        user = self.env.user
        # sudo: requisites of a counterparty for which the person acts
        partner_sudo = self.sudo()
        can_finance = user._cement_can(roles.FINANCE, self)
        return {
            "requisites": partner_sudo._portal_requisites(),
            "banks": partner_sudo.bank_ids._portal_banks() if can_finance else [],
            "contracts": self._portal_contracts(),
            "sites": self.env["cement.site"]
            .search([("partner_id", "=", self.id)])
            ._portal_cards(),
            "can_edit_sites": user._cement_can(roles.EDIT_ALL, self),
            "can_add_sites": user._cement_can(roles.EDIT_ALL, self)
            and not (user._cement_scope(self) and user._cement_scope(self).site_ids),
        }

    def _portal_requisites(self) -> list[tuple[str, str]]:
        """Return the requisites as pairs of label and value, filled ones only."""
        self.ensure_one()
        address = ", ".join(
            part
            for part in (self.zip, self.state_id.name, self.city, self.street)
            if part
        )
        rows = [
            (self.env._("Full name"), self.full_name or self.name),
            (self.env._("INN"), self.vat),
            (self.env._("KPP"), self.kpp),
            (self.env._("OGRN"), self.ogrn),
            (self.env._("OKPO"), self.okpo),
            (self.env._("Legal address"), address),
            (self.env._("Phone"), self.phone),
            (self.env._("E-mail"), self.email),
        ]
        return [(label, value) for label, value in rows if value]

    def _portal_contracts(self) -> list[dict]:
        """Return the contracts that the person may see, with their specifications
        and terms of payment."""
        today = fields.Date.context_today(self)
        agreements = self.env["agreement"].search(
            [("commercial_partner_id", "=", self.id)],
            order="end_date DESC NULLS FIRST, id",
        )
        specifications = self.env["cement.specification"].search(
            [("agreement_id", "in", agreements.ids)]
        )
        counts = dict(
            self.env["cement.specification.line"]._read_group(
                [("specification_id", "in", specifications.ids)],
                ["specification_id"],
                ["__count"],
            )
        )
        by_contract = specifications.grouped("agreement_id")
        states = dict(specifications._fields["state"]._description_selection(self.env))

        def state_of(specification):
            """Name the state; a term that is over says more than a list of states."""
            if specification.state == "active":
                if specification.date_end and specification.date_end < today:
                    return self.env._("Term is over")
                if specification.date_start and specification.date_start > today:
                    return self.env._("Not begun yet")
            return states[specification.state]

        # sudo: the supplier company of contracts found with the person's rights
        return [
            {
                "id": agreement.id,
                "code": agreement.code or "",
                "name": agreement.name,
                "supplier": agreement.company_id.name,
                "start": agreement.start_date,
                "end": agreement.end_date,
                "is_valid": agreement._is_valid_on(today),
                "days_left": (agreement.end_date - today).days
                if agreement.end_date and agreement.end_date >= today
                else None,
                "terms": agreement._portal_terms(),
                "currency": agreement.currency_id.name,
                "specifications": [
                    {
                        "id": specification.id,
                        "number": specification.name,
                        "start": specification.date_start,
                        "end": specification.date_end,
                        "state": specification.state,
                        "state_label": state_of(specification),
                        "is_valid": specification._is_valid_on(today),
                        "terms": specification.terms_text,
                        "lines": counts.get(specification, 0),
                        "with_vat": specification.price_include_vat,
                    }
                    for specification in by_contract.get(
                        agreement.sudo(False), specifications.browse()
                    )
                ],
            }
            for agreement in agreements.sudo()
        ]

    def action_see_as_client(self):
        """Ask as whom and why, then open the portal so."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_portal.cement_impersonation_start_action"
        )
        members = self.cement_member_ids
        owner = members.filtered(lambda member: member.role == roles.OWNER)[:1]
        action["context"] = {
            "default_partner_id": self.id,
            "default_member_id": (owner or members[:1]).id,
        }
        return action

    # === Statistics ===

    def _portal_statistics(self, months: int = 12) -> dict:
        """Return tonnes by month, product and site and how they were ordered
        (F167): of the orders that the person may see, cancelled ones left out.

        :param months: how many months, the present one included.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=months - 1)
        orders = self.env["sale.order"]
        domain = (
            orders._portal_base_domain(self)
            & Domain("cement_state", "!=", lifecycle.CANCELLED)
            & orders._portal_days_domain(first, None)
        )
        by_month = self._portal_by_month(domain, first, months)
        sites = self._portal_ranking(
            orders._read_group(
                domain,
                ["site_id"],
                ["load_mass:sum", "__count"],
                order="load_mass:sum DESC",
            ),
            self.env._("Pick-up"),
        )
        lines = self.env["sale.order.line"]._read_group(
            Domain("order_id", "in", orders._search(domain))
            & Domain("specification_line_id", "!=", False),
            ["product_id"],
            ["mass:sum", "order_id:count_distinct"],
            order="mass:sum DESC",
        )
        channels = orders._read_group(domain, ["channel"], ["__count", "load_mass:sum"])
        masses = [month["mass"] for month in by_month]
        return {
            "months": by_month,
            "chart": charts.bars(masses),
            "products": self._portal_ranking(lines, ""),
            "sites": sites,
            "channels": self._portal_channels(channels),
            "mass": sum(masses),
            "orders": sum(month["orders"] for month in by_month),
            "vehicles": sum(month["orders"] for month in by_month),
            "first": first,
            "since": today,
        }

    @api.model
    def _portal_by_month(self, domain, first: date, months: int) -> list[dict]:
        """Return a row for each month, those without orders too."""
        groups = self.env["sale.order"]._read_group(
            domain,
            ["date_order:month"],
            ["load_mass:sum", "__count", "amount_total:sum"],
        )
        found = {
            (moment.year, moment.month): (mass or 0.0, count, amount or 0.0)
            for moment, mass, count, amount in groups
        }
        rows = []
        for index in range(months):
            month = first + relativedelta(months=index)
            mass, count, amount = found.get((month.year, month.month), (0.0, 0, 0.0))
            rows.append(
                {"month": month, "mass": mass, "orders": count, "amount": amount}
            )
        return rows

    @api.model
    def _portal_ranking(self, groups, empty: str) -> list[dict]:
        """Return the largest of *groups* with their shares, and the rest as one."""
        # sudo: names of products and sites of orders that the person may see
        rows = [
            {
                "name": (record.sudo().name if record else empty) or empty,
                "mass": mass or 0.0,
                "orders": count,
            }
            for record, mass, count in groups
            if mass
        ]
        rest = rows[TOP:]
        rows = rows[:TOP]
        if rest:
            rows.append(
                {
                    "name": self.env._("Others (%(count)s)", count=len(rest)),
                    "mass": sum(row["mass"] for row in rest),
                    "orders": sum(row["orders"] for row in rest),
                }
            )
        top = max((row["mass"] for row in rows), default=0.0)
        shares = charts.shares([row["mass"] for row in rows])
        for row, share in zip(rows, shares, strict=True):
            row["share"] = share
            row["width"] = round(row["mass"] / top * 100, 1) if top else 0.0
        return rows

    @api.model
    def _portal_channels(self, groups) -> list[dict]:
        """Return how orders came, largest first, with their shares of tonnes."""
        labels = dict(
            self.env["sale.order"]._fields["channel"]._description_selection(self.env)
        )
        rows = [
            {
                "code": channel or "manager",
                "name": labels.get(channel) or self.env._("Manager"),
                "orders": count,
                "mass": mass or 0.0,
                "is_online": channel in ("portal_desktop", "portal_mobile"),
            }
            for channel, count, mass in groups
        ]
        rows.sort(key=lambda row: -row["mass"])
        shares = charts.shares([row["mass"] for row in rows])
        for row, share in zip(rows, shares, strict=True):
            row["share"] = share
        return rows


class Agreement(models.Model):
    _inherit = "agreement"

    def _portal_terms(self) -> str:
        """Return the terms of payment in words."""
        self.ensure_one()
        parts = []
        if self.prepayment_percent:
            parts.append(
                self.env._(
                    "%(percent)s %% prepayment", percent=f"{self.prepayment_percent:g}"
                )
            )
        if self.deferral_days:
            parts.append(
                self.env._("deferral of %(days)s days", days=self.deferral_days)
            )
        return ", ".join(parts) or self.env._("payment on shipment")


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _portal_banks(self) -> list[dict]:
        """Return the accounts of the counterparty as its own page shows them."""
        return [
            {
                "account": bank.acc_number,
                "bank": bank.bank_id.name or "",
                "bic": bank.bank_id.bic or "",
            }
            for bank in self
        ]
