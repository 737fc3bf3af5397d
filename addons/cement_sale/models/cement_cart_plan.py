# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytz

from odoo import api, fields, models

from ..tools import amounts, gate, planner
from ..tools.findings import BLOCK, WARN, Finding, by_severity, is_blocked


@dataclass(slots=True)
class CartPlan:
    """What a cart becomes: the vehicles, their money, and what is in the way."""

    loads: tuple
    groups: tuple
    findings: list[Finding]
    load_amounts: dict[int, amounts.Amount]
    part_amounts: dict[tuple[int, int], amounts.Amount]

    @property
    def is_blocked(self) -> bool:
        return is_blocked(self.findings)


class CementCart(models.Model):
    """Planning: gather the facts in a few queries, ask the kernels once."""

    _inherit = "cement.cart"

    def _plan(self) -> CartPlan:
        """Return the vehicles this cart becomes, with findings and amounts.

        The number of queries does not depend on the number of lines.
        """
        self.ensure_one()
        # sudo: the member was checked by the caller; facts of the plant
        # (warehouses, vehicle types) are not readable by members
        cart = self.sudo()
        lines = cart.line_ids
        cart._prefetch_facts(lines)
        # what is not the person's any more shows neither product nor price
        closed = lines - lines._get_open(self.env.user)
        lines -= closed
        vehicles = self.env["cement.vehicle.type"].sudo().search([("payload", ">", 0)])
        plan = planner.plan(
            [line._prepare_planner_line() for line in lines],
            [self._prepare_planner_vehicle(vehicle) for vehicle in vehicles],
            self.env["cement.consolidation.rule"]._get_rule_set(),
            strategy=cart.strategy,
            capacity=self._get_capacity_function(lines, vehicles),
        )
        load_amounts, part_amounts = cart._get_amounts(plan.loads, lines)
        findings = by_severity(
            [
                *cart._get_closed_findings(closed),
                *cart._check_gate(plan, lines, load_amounts),
            ]
        )
        return CartPlan(
            loads=plan.loads,
            groups=plan.groups,
            findings=findings,
            load_amounts=load_amounts,
            part_amounts=part_amounts,
        )

    @api.model
    def _get_closed_findings(self, closed) -> list[Finding]:
        if not closed:
            return []
        label = self.env._("Lines of the cart: %(count)s", count=len(closed))
        keys = tuple(closed.ids)
        return [Finding("line_not_allowed", BLOCK, {"label": label}, keys)]

    @api.model
    def _prefetch_facts(self, lines):
        """Read what the kernels need, a query a table."""
        specification_lines = lines.specification_line_id
        specification_lines.fetch()
        specification_lines.specification_id.fetch()
        lines.site_id.fetch()
        specification_lines.product_id.product_tmpl_id.fetch()

    @api.model
    def _prepare_planner_vehicle(self, vehicle) -> planner.VehicleType:
        return planner.VehicleType(
            key=vehicle.id,
            payload_kg=planner.kg_from_tonnes(vehicle.payload),
            forms=frozenset(vehicle.cargo_form_ids.mapped("kind"))
            or frozenset(planner.FORMS),
            transport=vehicle.transport,
            unloading=frozenset(vehicle.unloading_way_ids.ids) or None,
            max_packages=vehicle.pallet_places or None,
        )

    @api.model
    def _get_capacity_function(self, lines, vehicles):
        """Return ``(vehicle, line) -> Capacity`` for the planner.

        Here the payload, and less where the site lets in no heavier vehicle.
        An addon that knows the law of the road narrows it further.
        """
        limits = {
            site.id: planner.kg_from_tonnes(site.max_vehicle_mass)
            for site in lines.site_id
            if site.max_vehicle_mass
        }
        tares = {
            vehicle.id: planner.kg_from_tonnes(vehicle.tare) for vehicle in vehicles
        }

        def capacity(vehicle, line):
            limit = limits.get(line.site_key)
            if limit and limit - tares[vehicle.key] < vehicle.payload_kg:
                return planner.Capacity(max(limit - tares[vehicle.key], 0), "site")
            return planner.Capacity(vehicle.payload_kg, "payload")

        return capacity

    # === Money ===

    def _get_amounts(self, loads, lines):
        """Return amounts by load index and by (load index, line id).

        A load becomes an order and is reckoned as one; its parts are shown as
        the lines they become.
        """
        by_id = {line.id: line for line in lines}
        rates = self._get_rates_by_day(lines)
        prices = {
            line.id: amounts.unit_price(
                line.specification_line_id.price_unit, line.product_id.uom_mass
            )
            for line in lines
        }
        load_amounts: dict[int, amounts.Amount] = {}
        part_amounts: dict[tuple[int, int], amounts.Amount] = {}
        for load in loads:
            first = by_id[load.parts[0].line_key].specification_line_id
            rounding = {
                "per_line": first.company_id.tax_calculation_rounding_method
                == "round_per_line",
                "step": Decimal(str(first.currency_id.rounding or 0.01)),
            }
            parts = {
                part.line_key: by_id[part.line_key]._prepare_amount_line(
                    part.mass_kg, prices[part.line_key], rates
                )
                for part in load.parts
            }
            load_amounts[load.index] = amounts.order_amount(parts.values(), **rounding)
            for line_id, part in parts.items():
                part_amounts[load.index, line_id] = amounts.order_amount(
                    [part], **rounding
                )
        return load_amounts, part_amounts

    @api.model
    def _get_rates_by_day(self, lines) -> dict:
        """Return the VAT percent by (day, category)."""
        return defaultdict(
            float,
            {
                key: rate.rate
                for key, rate in self._get_rate_records(lines.mapped("day")).items()
            },
        )

    @api.model
    def _get_rate_records(self, days) -> dict:
        """Return ``{(day, VAT category): rate}``, read in one query for all days."""
        today = fields.Date.context_today(self)
        wanted = set(days)
        last = max((day or today for day in wanted), default=today)
        # sudo: members may not read the rates, which are law
        rates = (
            self.env["cement.vat.rate"]
            .sudo()
            .search_fetch(
                [("date_from", "<=", last)],
                ["category", "rate", "date_from", "date_to"],
            )
        )
        return {
            (day, rate.category): rate
            for day in wanted
            for rate in rates
            if rate.date_from <= (day or today)
            and (not rate.date_to or (day or today) <= rate.date_to)
        }

    # === Gate ===

    def _check_gate(self, plan, lines, load_amounts) -> list[Finding]:
        context = self._prepare_gate_context(plan, lines, load_amounts)
        findings = [
            *self._get_planner_findings(plan, lines),
            *self.env["cement.order.gate"]._run(context),
        ]
        return by_severity(self._drop_lifted(_unique(findings)))

    def _prepare_gate_context(self, plan, lines, load_amounts) -> gate.GateContext:
        now = fields.Datetime.now()
        # the person who asks, although the facts are read as superuser
        user = self.env.user
        by_id = {line.id: line for line in lines}
        vehicles = {
            vehicle.id: vehicle
            for vehicle in self.env["cement.vehicle.type"].browse(
                {load.vehicle_key for load in plan.loads}
            )
        }
        totals: dict = defaultdict(Decimal)
        for load in plan.loads:
            line = by_id[load.parts[0].line_key]
            agreement_id = line.specification_line_id.agreement_id.id
            totals[agreement_id] += load_amounts[load.index].total
        return gate.GateContext(
            demands=[line._prepare_demand(now, user) for line in lines],
            loads=[
                self._prepare_load_facts(load, vehicles[load.vehicle_key], by_id)
                for load in plan.loads
            ],
            records=by_id,
            amounts=dict(totals),
            channel=self.channel or "",
        )

    @api.model
    def _prepare_load_facts(self, load, vehicle, by_id) -> gate.LoadFacts:
        site = by_id[load.parts[0].line_key].site_id
        return gate.LoadFacts(
            index=load.index,
            vehicle_name=vehicle.name,
            mass_kg=load.mass_kg,
            gross_kg=load.mass_kg + planner.kg_from_tonnes(vehicle.tare),
            capacity_kg=load.capacity_kg,
            site_name=site.name or "",
            site_max_gross_kg=planner.kg_from_tonnes(site.max_vehicle_mass),
            vehicle_fits_site=(
                not site.vehicle_type_ids or vehicle in site.vehicle_type_ids
            ),
            parts=tuple(
                (
                    part.line_key,
                    part.mass_kg,
                    planner.kg_from_tonnes(
                        by_id[part.line_key].specification_line_id.min_lot
                    ),
                )
                for part in load.parts
            ),
        )

    @api.model
    def _get_planner_findings(self, plan, lines) -> list[Finding]:
        """Return what the planner could not place, as findings of the gate."""
        labels = {line.id: line._get_label() for line in lines}
        result = []
        for finding in plan.findings:
            params = dict(finding.params)
            for name in ("unit", "lower", "upper"):
                mass = params.get("unit_mass_kg" if name == "unit" else f"{name}_kg")
                if mass is not None:
                    params[name] = mass / 1000
            params["label"] = labels[finding.line_key]
            severity = WARN if finding.severity == "warning" else finding.severity
            result.append(Finding(finding.code, severity, params, (finding.line_key,)))
        return result

    def _drop_lifted(self, findings) -> list[Finding]:
        """Leave out what a person with the right has lifted for this cart."""
        overrides = self.override_ids
        return [finding for finding in findings if not overrides._covers(finding)]

    def _get_findings(self) -> list[dict]:
        """Return the findings of the present plan in words."""
        self.ensure_one()
        return self.env["cement.order.gate"]._describe_all(self._plan().findings)

    # === What the pages show ===

    def _get_plan_view(self) -> dict:
        """Return the plan as plain values for a page (see the keys below)."""
        cart_sudo = self._member_sudo()
        plan = self._plan()
        lines = {line.id: line for line in cart_sudo.line_ids}
        vehicles = self.env["cement.vehicle.type"].sudo()
        groups = []
        for group in plan.groups:
            first = lines[group.line_keys[0]]
            groups.append(
                {
                    **first._prepare_group_view(),
                    "mass": group.mass_kg / 1000,
                    "fill_last": group.fill_last_kg / 1000,
                    "loads": [
                        self._prepare_load_view(
                            plan.loads[index],
                            vehicles.browse(plan.loads[index].vehicle_key),
                            lines,
                            plan,
                        )
                        for index in group.load_indexes
                    ],
                }
            )
        total = sum(plan.load_amounts.values(), amounts.ZERO)
        return {
            "cart_id": cart_sudo.id,
            "version": cart_sudo.version,
            "state": cart_sudo.state,
            "groups": groups,
            "days": self._get_day_view(plan.loads, lines),
            "totals": {
                "mass": sum(load.mass_kg for load in plan.loads) / 1000,
                "asked": sum(line.quantity for line in lines.values()),
                "vehicles": len(plan.loads),
                "lines": len(lines),
                "untaxed": float(total.untaxed),
                "tax": float(total.tax),
                "total": float(total.total),
            },
            "currency": (
                cart_sudo.line_ids.specification_line_id.currency_id[:1]
                or self.env.company.currency_id
            ),
            "findings": self.env["cement.order.gate"]._describe_all(plan.findings),
            "can_confirm": bool(plan.loads) and not plan.is_blocked,
        }

    @api.model
    def _prepare_load_view(self, load, vehicle, lines, plan) -> dict:
        amount = plan.load_amounts[load.index]
        return {
            "index": load.index,
            "number": load.index + 1,
            "vehicle": vehicle.name,
            "vehicle_code": vehicle.code,
            "transport": load.transport,
            "capacity": load.capacity_kg / 1000,
            "capacity_reason": load.capacity_reason,
            # how it has to be loaded, in words, where that is not all the same
            "loading": "",
            "mass": load.mass_kg / 1000,
            "free": load.free_kg / 1000,
            "fill": load.fill,
            "hint": {
                "kind": load.hint.kind,
                "mass": load.hint.kg / 1000,
                "packages": load.hint.packages or 0,
            },
            "untaxed": float(amount.untaxed),
            "total": float(amount.total),
            "parts": [
                {
                    "line_id": part.line_key,
                    "product": lines[part.line_key].product_id.name,
                    "mass": part.mass_kg / 1000,
                    "packages": part.packages,
                    "total": float(plan.part_amounts[load.index, part.line_key].total),
                }
                for part in load.parts
            ],
        }

    @api.model
    def _get_day_view(self, loads, lines) -> list[dict]:
        """Return tonnes and vehicles by day, for the strip of days."""
        days = defaultdict(lambda: [0, 0])
        for load in loads:
            day = lines[load.parts[0].line_key].day
            days[day][0] += load.mass_kg
            days[day][1] += 1
        return [
            {"day": day, "mass": mass / 1000, "vehicles": count}
            for day, (mass, count) in sorted(
                days.items(), key=lambda item: (item[0] is not False, item[0] or 0)
            )
        ]


class CementCartLine(models.Model):
    """A line as the kernels see it."""

    _inherit = "cement.cart.line"

    def _get_open(self, user):
        """Return the lines that *user* may see and order: of a person whose limits
        were narrowed not all that the draft holds."""
        if not user.share or user._is_superuser():
            return self
        return self.filtered(
            lambda line: line.specification_line_id._is_open_to(
                user, line.partner_id, line.site_id
            )
        )

    def _get_label(self) -> str:
        self.ensure_one()
        return self.product_id.name or ""

    def _get_uom_quantity(self, mass_kg: int) -> Decimal:
        """Return *mass_kg* in the product's unit of measure."""
        self.ensure_one()
        uom_mass = Decimal(str(self.product_id.uom_mass or 1))
        return Decimal(mass_kg) / 1000 / uom_mass

    def _prepare_amount_line(self, mass_kg, price, rates) -> amounts.Line:
        """Return the order line that *mass_kg* of this line becomes."""
        self.ensure_one()
        return amounts.Line(
            quantity=self._get_uom_quantity(mass_kg),
            price=price,
            rate_percent=rates[self.day, self.product_id.vat_category],
            included=self.specification_line_id.specification_id.price_include_vat,
        )

    def _get_consignee(self):
        """Return who receives: of the line, else of the site, else the buyer."""
        self.ensure_one()
        return (
            self.specification_line_id.consignee_id
            or self.site_id.consignee_id
            or self.partner_id
        )

    def _prepare_planner_line(self) -> planner.DemandLine:
        self.ensure_one()
        agreed = self.specification_line_id
        product = self.product_id
        site = self.site_id
        allowed = agreed.vehicle_type_ids
        if site.vehicle_type_ids:
            allowed = (
                allowed & site.vehicle_type_ids if allowed else site.vehicle_type_ids
            )
        limited = bool(agreed.vehicle_type_ids or site.vehicle_type_ids)
        return planner.DemandLine(
            key=self.id,
            product_key=product.id,
            form=product.cargo_kind or "bulk",
            mass_kg=planner.kg_from_tonnes(self.quantity),
            transport=agreed.delivery_method_id.transport,
            unit_mass_kg=planner.kg_from_tonnes(product.unit_mass) or None,
            specification_key=agreed.specification_id.id,
            day=self.day or None,
            warehouse_key=agreed.warehouse_id.id,
            consignee_key=self._get_consignee().id,
            site_key=site.id or None,
            method_key=agreed.delivery_method_id.id,
            unloading_key=self.unloading_way_id.id or None,
            # whatever the rules say, an order has one contract and one currency
            accounting_category_key=(
                product.accounting_category_id.id,
                agreed.agreement_id.id,
                agreed.currency_id.id,
            ),
            packaging_rule_key=agreed.packaging_rule or None,
            allowed_vehicle_keys=frozenset(allowed.ids) if limited else None,
            preferred_vehicle_key=self.vehicle_type_id.id or None,
        )

    def _prepare_demand(self, now: datetime, user) -> gate.Demand:
        """Return the facts of this line for the gate.

        :param now: the present moment, UTC and naive.
        :param user: the person who asks.
        """
        self.ensure_one()
        agreed = self.specification_line_id
        site = self.site_id
        zone = pytz.timezone(agreed.plant_id.tz or "UTC")
        return gate.Demand(
            key=self.id,
            label=self._get_label(),
            line_key=agreed.id,
            mass_kg=planner.kg_from_tonnes(self.quantity),
            day=self.day or None,
            price_seen=self.price_seen or None,
            allowed_for_member=agreed._is_open_to(user, self.partner_id, site),
            local_now=pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None),
            unloading_name=self.unloading_way_id.name or "",
            unloading_fits_site=(
                not self.unloading_way_id
                or not site.unloading_way_ids
                or self.unloading_way_id in site.unloading_way_ids
            ),
            **site._prepare_demand_facts(agreed, self.partner_id),
            **agreed._prepare_demand_facts(),
        )

    def _prepare_group_view(self) -> dict:
        self.ensure_one()
        agreed = self.specification_line_id
        return {
            "plant": agreed.plant_id.name,
            "warehouse": agreed.warehouse_id.name,
            "specification": agreed.specification_id.name,
            "method": agreed.delivery_method_id.name,
            "transport": agreed.delivery_method_id.transport,
            "consignee": self._get_consignee().name,
            "site": self.site_id.name or "",
            "address": self.site_id.address_line or "",
            "unloading": self.unloading_way_id.name or "",
            "day": self.day,
        }


def _unique(findings) -> list[Finding]:
    """Drop what two checks say of the same line in the same words."""
    seen = set()
    result = []
    for finding in findings:
        code = {
            "non_positive_mass": "quantity_not_positive",
            "absurd_mass": "quantity_absurd",
        }.get(finding.code, finding.code)
        mark = (code, finding.keys, str(finding.params) if not finding.keys else "")
        if mark in seen:
            continue
        seen.add(mark)
        result.append(finding)
    return result
