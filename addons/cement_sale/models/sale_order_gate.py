# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict
from decimal import Decimal

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import gate, planner
from ..tools.findings import Finding, is_blocked


class SaleOrder(models.Model):
    """Orders that did not come from a request meet the same gate."""

    _inherit = "sale.order"

    def action_confirm(self):
        """Override of `sale`: quotations by specification go through the gate.

        With the right to lift blocks a dialog asks for the reason; without it the
        blocks are named.
        """
        cement = self.filtered(
            lambda order: order.is_cement and order.state in ("draft", "sent")
        )
        if not cement:
            return super().action_confirm()
        # what follows is done as superuser
        cement.check_access("write")
        cement._cement_lock()
        cement._cement_fill_defaults()
        findings = cement._get_gate_findings()
        if is_blocked(findings):
            if len(cement) == 1 and self.env.user.has_group(
                "cement_base.group_gate_override"
            ):
                return cement._action_lift()
            self.env["cement.order.gate"]._raise_blocked(findings)
        others = self - cement
        result = super(SaleOrder, others).action_confirm() if others else True
        # sudo: only what has passed the gate is confirmed as superuser, so that
        # writing the state itself can be refused to everybody
        super(SaleOrder, cement.sudo()).action_confirm()
        cement._cement_after_confirm()
        return result

    def _cement_confirm_checked(self):
        """Confirm orders whose request has passed the gate in this transaction."""
        return super().action_confirm()

    def _action_lift(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "cement.gate.lift",
            "name": self.env._("The order is blocked"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _cement_fill_defaults(self):
        """Take from the specification what a manager left empty, and say who
        orders."""
        for order in self:
            agreed = order.order_line.specification_line_id[:1]
            contracts = order.order_line.specification_line_id.agreement_id
            if len(contracts) > 1:
                raise UserError(
                    self.env._("An order follows one contract; part the lines.")
                )
            vals = {
                "agreement_id": agreed.agreement_id.id,
                "plant_id": order.plant_id.id or agreed.plant_id.id,
                "delivery_method_id": order.delivery_method_id.id
                or agreed.delivery_method_id.id,
                "site_id": order.site_id.id or agreed.site_id.id,
                "accounting_category_id": order.accounting_category_id.id
                or agreed.product_id.accounting_category_id.id,
                "channel": order.channel or "manager",
                "ordered_by_id": order.ordered_by_id.id or self.env.uid,
            }
            # sudo: the channel is not for writing by hand
            order.sudo().write({name: value for name, value in vals.items() if value})

    def _cement_lock(self):
        """Hold the orders and the volumes they draw on, waiting for both."""
        self.flush_recordset()
        if self.ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM sale_order WHERE id IN %s ORDER BY id "
                    "FOR NO KEY UPDATE",
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset()
        self.sudo().order_line.specification_line_id._lock_volumes()

    def _get_gate_findings(self) -> list[Finding]:
        """Return what the gate says of these orders, less what was lifted.

        What was lifted for the request counts for its orders too, as long as it
        has not become worse.
        """
        orders_sudo = self.sudo()
        order_of = {line.id: line.order_id for line in orders_sudo.order_line}
        findings = self.env["cement.order.gate"]._run(
            orders_sudo._prepare_gate_context()
        )
        return [
            finding
            for finding in findings
            if not finding.keys
            or not all(
                order_of[key]._get_overrides()._covers(finding) for key in finding.keys
            )
        ]

    def _get_overrides(self):
        return self.override_ids | self.cement_cart_id.override_ids

    def _prepare_gate_context(self) -> gate.GateContext:
        now = fields.Datetime.now()
        user = self.env.user
        amounts: dict = defaultdict(Decimal)
        demands, loads, records = [], [], {}
        for index, order in enumerate(self):
            lines = order.order_line.filtered("specification_line_id")
            for line in lines:
                records[line.id] = line
                demands.append(line._prepare_demand(now, user))
            loads.append(order._prepare_load_facts(index, lines))
            amounts[order.agreement_id.id] += Decimal(str(order.amount_total))
        return gate.GateContext(
            demands=demands,
            loads=loads,
            records=records,
            amounts=dict(amounts),
            channel=self[:1].channel or "",
        )

    def _prepare_load_facts(self, index, lines) -> gate.LoadFacts:
        self.ensure_one()
        vehicle, site = self.vehicle_type_id, self.site_id
        mass = sum(planner.kg_from_tonnes(line.mass) for line in lines)
        return gate.LoadFacts(
            index=index,
            vehicle_name=vehicle.name or "",
            mass_kg=mass,
            gross_kg=mass + planner.kg_from_tonnes(vehicle.tare),
            capacity_kg=planner.kg_from_tonnes(
                self.load_capacity or vehicle.payload or 0.0
            ),
            site_name=site.name or "",
            site_max_gross_kg=planner.kg_from_tonnes(site.max_vehicle_mass),
            vehicle_fits_site=(
                not vehicle
                or not site.vehicle_type_ids
                or vehicle in site.vehicle_type_ids
            ),
            parts=tuple(
                (
                    line.id,
                    planner.kg_from_tonnes(line.mass),
                    planner.kg_from_tonnes(line.specification_line_id.min_lot),
                )
                for line in lines
            ),
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_demand(self, now, user) -> gate.Demand:
        """Return the facts of this line for the gate.

        :param now: the present moment, UTC and naive.
        :param user: the person who asks.
        """
        self.ensure_one()
        order = self.order_id
        agreed = self.specification_line_id
        partner = order.counterparty_id
        zone = pytz.timezone(agreed.plant_id.tz or "UTC")
        mass = planner.kg_from_tonnes(self.mass)
        return gate.Demand(
            key=self.id,
            label=self.product_id.name or "",
            line_key=agreed.id,
            mass_kg=mass,
            # a confirmed line stands in the ordered volume already
            counted_kg=mass if order.state == "sale" else 0,
            unit_mass_kg=self._get_package_kg(),
            day=order.requested_date or None,
            allowed_for_member=agreed._is_open_to(user, partner, order.site_id),
            local_now=pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None),
            unloading_name=order.unloading_way_id.name or "",
            unloading_fits_site=(
                not order.unloading_way_id
                or not order.site_id.unloading_way_ids
                or order.unloading_way_id in order.site_id.unloading_way_ids
            ),
            **order.site_id._prepare_demand_facts(agreed, partner),
            **agreed._prepare_demand_facts(),
        )

    def _get_package_kg(self) -> int:
        """Return the mass of a package of the line; 0 for bulk."""
        product = self.product_id
        if (product.cargo_kind or "bulk") == "bulk":
            return 0
        return planner.kg_from_tonnes(product.unit_mass)
