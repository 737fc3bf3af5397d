# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cement_sale.tools import planner
from odoo.addons.cement_sale.tools.findings import BLOCK, INFO, WARN, Finding

from ..tools import payload
from ..tools.reasons import LegalReason


class CementCart(models.Model):
    """The load planner asks the law how much each vehicle may carry."""

    _inherit = "cement.cart"

    @api.model
    def _get_capacity_function(self, lines, vehicles):
        """Override of `cement_sale`: what the law allows on the route of the line on
        its day, when that is less than the vehicle takes.

        Routes and goods are gathered here, once for all lines; the answers of the
        law are remembered, so nothing is read while the planner asks.
        """
        inner = super()._get_capacity_function(lines, vehicles)
        asked = self._get_legal_function(lines, vehicles)

        def capacity(vehicle, line):
            limit = inner(vehicle, line)
            if line.transport != planner.ROAD:
                return limit
            reason = asked(
                vehicle.key,
                line.site_key,
                line.warehouse_key,
                line.product_key,
                line.day,
            )
            if reason is None or reason.kg > limit.kg:
                return limit
            return planner.Capacity(reason.kg, reason)

        return capacity

    @api.model
    def _get_legal_function(self, lines, vehicles):
        """Return ``(vehicle, site, warehouse, product, day) -> LegalReason | None``
        for ids of what stands in *lines*."""
        law = self.env["cement.axle.law"]
        today = fields.Date.context_today(self)
        routes, exempt = {}, {}
        # sudo: the facts of the own lines; routes are not for clients
        for line in lines.sudo():
            agreed = line.specification_line_id
            key = (line.site_id.id or None, agreed.warehouse_id.id)
            if key not in routes:
                routes[key] = law._get_default_route(line.site_id, agreed.plant_id)
            exempt[line.product_id.id] = line.product_id.season_exemption_id.id or None
        counted = {vehicle.id: vehicle for vehicle in vehicles.sudo()}
        known: dict[tuple, LegalReason | None] = {}

        def legal(vehicle_id, site_id, warehouse_id, product_id, day):
            goods = exempt.get(product_id)
            key = (vehicle_id, site_id, warehouse_id, goods, day)
            if key not in known:
                route, vehicle = routes[site_id, warehouse_id], counted[vehicle_id]
                known[key] = (
                    law._get_reason(vehicle_id, route, day, goods)
                    or law._get_gross_reason(vehicle, day, route, goods)
                    if day
                    else self._get_usual_reason(vehicle, route, today)
                )
            return known[key]

        return legal

    @api.model
    def _get_usual_reason(self, vehicle, route, today) -> LegalReason | None:
        """Return what *vehicle* may carry on a usual day: a line without a day is not
        planned by the order of a day that nobody chose."""
        law = self.env["cement.axle.law"]
        if vehicle.id not in law._read_law().vehicles:
            return law._get_gross_reason(vehicle, today)
        usual = law._read_law().normal(vehicle.id, route, today)
        return LegalReason(
            vehicle=vehicle.id,
            day=today,
            kg=usual.kg,
            normal_kg=usual.kg,
            limit=usual.limit,
        )

    @api.model
    def _prepare_load_view(self, load, vehicle, lines, plan) -> dict:
        """Override of `cement_sale`: the reason in words."""
        view = super()._prepare_load_view(load, vehicle, lines, plan)
        fill = self._get_load_fill(load, lines)
        if fill and not fill.is_even:
            view["loading"] = self.env["cement.axle.law"]._format_fill(fill)
        reason = load.capacity_reason
        if isinstance(reason, LegalReason):
            view["capacity_reason"] = self._describe_legal(reason)
            view["is_seasonal"] = reason.is_seasonal
        return view

    @api.model
    def _get_load_fill(self, load, lines):
        """Return how to fill the sections of the vehicle of *load*; ``None`` when it
        has none, goes by rail, or its day is not chosen yet.

        :param lines: the lines of the cart by id.
        """
        if load.transport != planner.ROAD:
            return None
        law = self.env["cement.axle.law"]
        described = law._read_law().vehicles.get(load.vehicle_key)
        if described is None or not described.sections:
            return None
        first = lines[load.parts[0].line_key]
        if not first.day:
            return None
        masses: dict = {}
        for part in load.parts:
            key = lines[part.line_key].product_id._get_section_key()
            masses[key] = masses.get(key, 0) + part.mass_kg
        return law._get_fill(
            load.vehicle_key,
            law._get_default_route(first.site_id, first.specification_line_id.plant_id),
            first.day,
            masses,
            first.product_id.season_exemption_id.id or None,
        )

    def _prepare_order_vals(self, load, lines, common) -> dict:
        """Override of `cement_sale`: the order keeps how its sections are filled."""
        vals = super()._prepare_order_vals(load, lines, common)
        fill = self._get_load_fill(load, lines)
        if fill:
            vals["section_fill"] = self.env["sale.order"]._prepare_section_fill(
                load.vehicle_key, fill
            )
        return vals

    @api.model
    def _describe_legal(self, reason) -> str:
        # a cart of a thousand vehicles has a handful of reasons
        words = self.env.cr.cache.setdefault("cement_axle_words", {})
        key = (reason, self.env.lang)
        if key not in words:
            words[key] = self.env["cement.axle.law"]._describe_reason(reason)
        return words[key]

    def _get_stamp_parts(self):
        """Override of `cement_sale`: the routes of the sites. Acts, orders, vehicles
        and ratings are remembered, and what is remembered has a mark already."""
        pieces = SQL(
            "site_id IN (SELECT l.site_id FROM cement_cart_line l "
            "WHERE l.cart_id = %s)",
            self.id,
        )
        parts = super()._get_stamp_parts()
        return [*parts, self._stamp_of("cement_route_piece", pieces)]

    @api.model
    def _get_marks(self, findings: list[dict]) -> dict[int, list[dict]]:
        """Override of `cement_portal`: what an order does to the vehicles is told with
        the vehicles, once, and not at the line as well."""
        return super()._get_marks(
            [finding for finding in findings if finding["code"] != "axle_season"]
        )

    # === Findings ===

    @api.model
    def _get_planner_findings(self, plan, lines) -> list[Finding]:
        """Override of `cement_sale`: say which order of a region made the vehicles
        lighter, and why no vehicle may go at all."""
        findings = [
            self._explain_no_vehicle(finding, plan, lines)
            for finding in super()._get_planner_findings(plan, lines)
        ]
        return [
            *findings,
            *self._get_act_findings(plan, lines),
            *self._get_season_findings(plan, lines),
        ]

    @api.model
    def _get_act_findings(self, plan, lines) -> list[Finding]:
        """Return a word on every day for which no act says what trucks may carry."""
        law = self.env["cement.axle.law"]
        loads: dict = {}
        for load in plan.loads:
            if load.transport == planner.ROAD:
                for key in load.line_keys:
                    loads.setdefault(key, set()).add(load.vehicle_key)
        by_day: dict = {}
        for line in lines.filtered("day"):
            if line.id in loads and not law._get_regulation_on(line.day):
                by_day.setdefault(line.day, []).append(line.id)
        # sudo: names of vehicle types
        vehicles = self.env["cement.vehicle.type"].sudo()
        return [
            Finding(
                "axle_unknown",
                WARN,
                {
                    "vehicle": ", ".join(
                        vehicles.browse(
                            sorted(set().union(*(loads[key] for key in keys)))
                        ).mapped("name")
                    ),
                    "day": day,
                    "why": law._describe_missing(payload.NO_ACT),
                },
                tuple(keys),
            )
            for day, keys in by_day.items()
        ]

    @api.model
    def _explain_no_vehicle(self, finding, plan, lines):
        """Return *finding*, in the law's words when the law left no vehicle."""
        reason = finding.params.get("reason")
        if not isinstance(reason, LegalReason):
            return finding
        params = {
            name: value for name, value in finding.params.items() if name != "reason"
        }
        if finding.code != "no_vehicle":
            return Finding(finding.code, finding.severity, params, finding.keys)
        line = lines.filtered(lambda line: line.id in finding.keys)[:1]
        return Finding(
            "axle_no_vehicle",
            BLOCK,
            {
                "label": line._get_label(),
                "day": reason.day,
                "why": self._describe_legal(reason),
            },
            finding.keys,
        )

    @api.model
    def _get_season_findings(self, plan, lines) -> list[Finding]:
        """Return a word on every seasonal order that the plan obeys.

        One for each vehicle type, day and site, whatever the number of vehicles.
        """
        seen: dict[tuple, list] = {}
        for load in plan.loads:
            reason = load.capacity_reason
            if isinstance(reason, LegalReason) and reason.is_seasonal:
                seen.setdefault((reason, load.group_index), []).append(load)
        findings = []
        for (reason, _group), loads in seen.items():
            keys = tuple(dict.fromkeys(key for load in loads for key in load.line_keys))
            findings.append(
                Finding(
                    "axle_season",
                    WARN,
                    self._prepare_season_params(reason, lines, keys, len(loads)),
                    keys,
                )
            )
        told = {
            (key, reason.vehicle)
            for (reason, _group), loads in seen.items()
            for load in loads
            for key in load.line_keys
        }
        return [*findings, *self._get_wish_findings(plan, lines, told)]

    @api.model
    def _prepare_season_params(self, reason, lines, keys, count) -> dict:
        law = self.env["cement.axle.law"]
        first = lines.filtered(lambda line: line.id == keys[0])
        # sudo: names of vehicle types
        vehicle = self.env["cement.vehicle.type"].sudo().browse(reason.vehicle)
        agreed = first.specification_line_id
        return {
            "label": first._get_label(),
            "vehicle": vehicle.name,
            "day": reason.day,
            "limit": law._format_kg(reason.kg),
            "normal": law._format_kg(reason.normal_kg),
            "rule": law._describe_rule(reason.limit.rule),
            "count": count,
            "help": law._get_advice_text(
                reason.vehicle,
                law._get_default_route(first.site_id, agreed.plant_id),
                reason.day,
                first.product_id.season_exemption_id.id or None,
            ),
        }

    @api.model
    def _get_wish_findings(self, plan, lines, told) -> list[Finding]:
        """Return a word to lines that asked for a vehicle which may not carry them
        in one go because of an order.

        :param told: (line, vehicle) pairs of which the order was told already.
        """
        wished = lines.filtered(
            lambda line: line.day
            and line.vehicle_type_id
            and (line.id, line.vehicle_type_id.id) not in told
        )
        if not wished:
            return []
        legal = self._get_legal_function(wished, wished.vehicle_type_id)
        findings = []
        for line in wished:
            agreed = line.specification_line_id
            if agreed.delivery_method_id.transport != planner.ROAD:
                continue
            reason = legal(
                line.vehicle_type_id.id,
                line.site_id.id or None,
                agreed.warehouse_id.id,
                line.product_id.id,
                line.day,
            )
            if (
                reason is None
                or not reason.is_seasonal
                or planner.kg_from_tonnes(line.quantity) <= reason.kg
            ):
                continue
            findings.append(
                Finding(
                    "axle_wish",
                    INFO,
                    self._prepare_season_params(
                        reason, lines, (line.id,), len(plan.loads_of(line.id))
                    ),
                    (line.id,),
                )
            )
        return findings
