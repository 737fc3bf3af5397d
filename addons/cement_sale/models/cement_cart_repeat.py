# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from .cement_cart_import import _as_id


class CementCart(models.Model):
    """What was ordered once, ordered again."""

    _inherit = "cement.cart"

    def _add_from_orders(self, orders, site_id=None, day=None) -> dict:
        """Add the lines of former *orders*, through all checks again (F13, F14).

        Each goes by its own specification line where that is in force and leads to
        the site; else by another line of the same product and way of delivery that
        does. Never to another site than asked for: what cannot go there is
        reported. Vehicles that carried the same to one place for one day become
        one line again.

        :param site_id: another site; by default that of each order.
        :return: see :meth:`_add_rows`; ``notes`` says in words what goes by another
            line than before.
        """
        orders_sudo = orders._member_sudo()
        lines_sudo = orders_sudo.order_line.filtered("specification_line_id")
        choices = self._get_repeat_choices(
            self.sudo().partner_id, lines_sudo.specification_line_id
        )
        site = self.env["cement.site"].sudo()
        if site_id:
            site = self._get_own_sites([]).get(_as_id(site_id), site)
            if not site:
                reason = self.env._("this site is not among yours.")
                errors = [
                    {"row": number, "reason": reason}
                    for number, _line in enumerate(lines_sudo, start=1)
                ]
                return {"added": 0, "errors": errors, "line_ids": [], "notes": []}
        rows: dict[tuple, dict] = {}
        errors, notes = [], []
        taken: dict[int, float] = {}
        for number, line in enumerate(lines_sudo, start=1):
            target = site or line.order_id.site_id
            former = line.specification_line_id
            try:
                agreed = self._choose_repeated(line, target, choices[former.id], taken)
            except UserError as error:
                errors.append({"row": number, "reason": str(error)})
                continue
            taken[agreed.id] = taken.get(agreed.id, 0.0) + line.mass
            note = self._get_repeat_note(former, agreed, choices[former.id], target)
            if note and note not in notes:
                notes.append(note)
            row = self._prepare_repeat_row(line, agreed, target, day)
            self._merge_repeat_row(rows, line.order_id.requested_date, number, row)
        report = self._add_rows(list(rows.values()))
        report["errors"] = errors + report["errors"]
        report["notes"] = notes if report["added"] else []
        return report

    @api.model
    def _get_repeat_choices(self, partner, agreed) -> dict:
        """Return ``{id of a former line: lines to order the same by today}``: the
        same product by the same way of delivery, wherever to.

        :param agreed: former lines, as superuser.
        """
        specification_line = self.env["cement.specification.line"]
        valid = specification_line.search(
            specification_line._get_orderable_domain(fields.Date.context_today(self))
            & Domain("commercial_partner_id", "=", partner.id)
            & Domain("product_id", "in", agreed.product_id.ids)
        ).sudo()
        return {
            line.id: valid.filtered(
                lambda other, line=line: other == line
                or (
                    other.product_id == line.product_id
                    and other.delivery_method_id == line.delivery_method_id
                )
            )
            for line in agreed
        }

    def _choose_repeated(self, line, site, choices, taken: dict):
        """Return the specification line by which *line* of an order goes to *site*.

        :param choices: as of :meth:`_get_repeat_choices`.
        :param taken: tonnes already given to each specification line.
        :raises UserError: saying why there is none.
        """
        former = line.specification_line_id
        if not choices:
            raise UserError(
                self.env._(
                    "%(product)s is in none of your specifications today.",
                    product=line.product_id.name,
                )
            )
        fitting = choices.filtered(lambda agreed: agreed._leads_to(site))
        if former in fitting:
            # whether its volume suffices is told in the cart, with the way out
            return former
        if not fitting:
            raise UserError(self._get_repeat_refusal(line, site, choices))
        with_room = fitting.filtered(
            lambda agreed: not agreed.volume_agreed
            or round(agreed.volume_remaining - taken.get(agreed.id, 0.0) - line.mass, 3)
            >= 0
        )
        if not with_room and former in choices:
            raise UserError(
                self.env._(
                    "%(product)s: the volume of the specifications that lead to "
                    "“%(site)s” does not suffice, %(left)s t are left. Choose another "
                    "site, or ask your manager.",
                    product=line.product_id.name,
                    site=site.name,
                    left=formatLang(
                        self.env,
                        max(
                            agreed.volume_remaining - taken.get(agreed.id, 0.0)
                            for agreed in fitting
                        ),
                    ),
                )
            )
        return (with_room or fitting).sorted(
            lambda agreed: (
                agreed.plant_id != former.plant_id,
                agreed.site_id != site,
                agreed.agreement_id != former.agreement_id,
                agreed.id,
            )
        )[0]

    def _get_repeat_refusal(self, line, site, choices) -> str:
        """Return why *line* of an order cannot go to *site*."""
        fixed = choices.site_id if all(choices.mapped("site_id")) else None
        if fixed:
            return self.env._(
                "%(product)s: your specifications lead to %(sites)s only, not to "
                "“%(site)s”. Choose that site, or ask your manager to agree on this "
                "one.",
                product=line.product_id.name,
                sites=", ".join(
                    self.env._("“%s”", name) for name in fixed.mapped("name")
                ),
                site=site.name,
            )
        return self.env._(
            "%(product)s cannot be brought to “%(site)s” by “%(method)s”. Choose "
            "another site.",
            product=line.product_id.name,
            site=site.name,
            method=line.specification_line_id.delivery_method_id.name,
        )

    def _get_repeat_note(self, former, agreed, choices, site) -> str:
        """Return that the goods go by another specification line, and why; nothing
        where it is the same one, or its plain successor."""
        if agreed == former or (
            former not in choices and agreed.plant_id == former.plant_id
        ):
            return ""
        facts = {
            "product": agreed.product_id.name,
            "specification": agreed.specification_id.name,
            "plant": agreed.plant_id.name,
            "price": formatLang(
                self.env, agreed.price_incl, currency_obj=agreed.currency_id
            ),
        }
        if former in choices:
            return self.env._(
                "%(product)s to “%(site)s” goes by specification %(specification)s, "
                "%(plant)s, %(price)s a tonne with VAT: the former line leads to "
                "“%(former)s” only.",
                site=site.name,
                former=former.site_id.name,
                **facts,
            )
        return self.env._(
            "%(product)s goes by specification %(specification)s, %(plant)s, %(price)s "
            "a tonne with VAT: the former specification has ended.",
            **facts,
        )

    @api.model
    def _prepare_repeat_row(self, line, agreed, site, day) -> dict:
        return {
            "specification_line_id": agreed.id,
            "quantity": line.mass,
            "day": day or False,
            "site_id": site.id or agreed.site_id.id,
            "unloading_way_id": line.order_id.unloading_way_id.id,
            "vehicle_type_id": line.order_id.vehicle_type_id.id,
        }

    @api.model
    def _merge_repeat_row(self, rows: dict, former_day, number: int, row: dict):
        """Add *row* to *rows*, or its tonnes to the row of the same."""
        key = (
            row["specification_line_id"],
            row["site_id"],
            row["unloading_way_id"],
            # what was asked for different days stays apart
            former_day,
        )
        same = rows.setdefault(key, {**row, "number": number, "quantity": 0.0})
        same["quantity"] = round(same["quantity"] + row["quantity"], 3)
        if same["vehicle_type_id"] != row["vehicle_type_id"]:
            # carried by different vehicles: the planner chooses again
            same["vehicle_type_id"] = False
