# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cement_sale.tools import planner
from odoo.addons.cement_sale.tools.findings import BLOCK, WARN, Finding

from ..tools import payload


class SaleOrder(models.Model):
    """The way of an order, and whether the law lets its vehicle go."""

    _inherit = "sale.order"

    route_piece_ids = fields.One2many(
        "cement.route.piece",
        "order_id",
        string="Own route",
        groups="base.group_user",
        help="Empty: the route of the site.",
    )
    route_text = fields.Text(
        string="Route", compute="_compute_route_text", groups="base.group_user"
    )

    @api.depends(
        "route_piece_ids.state_id",
        "route_piece_ids.rating",
        "route_piece_ids.road_class",
        "site_id.route_piece_ids",
        "plant_id",
    )
    def _compute_route_text(self):
        for order in self:
            order.route_text = self.env["cement.axle.law"]._describe_route(
                order._get_route()
            )

    def _get_route(self):
        """Return the route of the order: its own, else that of the site."""
        self.ensure_one()
        law = self.env["cement.axle.law"]
        # sudo: the gate asks on behalf of clients too
        order_sudo = self.sudo()
        if order_sudo.route_piece_ids:
            return law._make_route(order_sudo.route_piece_ids)
        return law._get_default_route(order_sudo.site_id, order_sudo.plant_id)

    def action_own_route(self):
        """Copy the route of the site, to be changed for this order alone."""
        for order in self:
            if not order.route_piece_ids:
                order.route_piece_ids = [
                    Command.create(vals)
                    for vals in self.env["cement.axle.law"]._prepare_route_vals(
                        order.site_id, order.plant_id
                    )
                ]

    def _get_exemption(self):
        """Return under which name the goods may pass; mixed goods under none."""
        self.ensure_one()
        products = self.order_line.product_id
        exempt = {product.season_exemption_id.id or None for product in products}
        return exempt.pop() if len(exempt) == 1 else None

    def _get_axle_day(self):
        """Return the day on which the vehicle goes, as far as it is known."""
        self.ensure_one()
        # sudo: the zone of the plant, whoever asks
        at_plant = self.with_context(tz=self.sudo().plant_id.tz or "Europe/Moscow")
        return (
            self.promised_date
            or self.requested_date
            or fields.Date.context_today(at_plant)
        )

    def _is_axle_checked(self) -> bool:
        """Whether the law of the road has a say: by road, in a described vehicle."""
        self.ensure_one()
        return (
            self.is_cement
            and self.delivery_method_id.transport == "road"
            and self.vehicle_type_id.is_law_known
        )

    def _get_axle_finding(self, index: int) -> Finding | None:
        """Return what the gate has to say of the axle loads of this order."""
        self.ensure_one()
        if not self._is_axle_checked():
            return None
        law_model = self.env["cement.axle.law"]
        law, vehicle = law_model._read_law(), self.vehicle_type_id
        day, route, goods = (
            self._get_axle_day(),
            self._get_route(),
            self._get_exemption(),
        )
        mass = planner.kg_from_tonnes(self.load_mass)
        if vehicle.id not in law.vehicles:
            return None
        warn, block = law_model._get_percents(day)
        verdict = law.check(vehicle.id, route, day, mass, goods, warn, block)
        if (
            verdict.state == payload.OK
            # the law has nothing to say: else its own worst row is named
            or verdict.worst.limit.source == payload.BY_MAKER
        ):
            return None
        answer = law.lawful(vehicle.id, route, day, goods)
        return Finding(
            "axle_overload",
            BLOCK if verdict.state == payload.BLOCK else WARN,
            {
                "index": index + 1,
                "vehicle": vehicle.name,
                "mass": law_model._format_kg(mass),
                "limit": law_model._format_kg(answer.kg),
                "over": (mass - answer.kg) / 1000,
                "percent": payload.round_up_percent(verdict.excess_percent),
                "day": day,
                "why": law_model._describe_limit(
                    law.vehicles[vehicle.id], verdict.worst.limit
                ),
                "help": law_model._get_advice_text(
                    vehicle.id, route, day, goods, self._get_other_vehicles()
                ),
            },
            tuple(self.order_line.filtered("specification_line_id").ids),
        )

    def _get_other_vehicles(self) -> list[int]:
        """Return the vehicle types that could take these goods."""
        self.ensure_one()
        forms = set(self.order_line.product_id.mapped("cargo_kind"))
        # sudo: what vehicles there are is no secret
        vehicles = (
            self.env["cement.vehicle.type"].sudo().search([("is_law_known", "=", True)])
        )
        return [
            vehicle.id
            for vehicle in vehicles
            if forms <= set(vehicle.cargo_form_ids.mapped("kind"))
            and (
                not self.site_id.vehicle_type_ids
                or vehicle in self.site_id.vehicle_type_ids
            )
        ]

    def action_check_axles(self):
        """Say what the law says of the order as it stands.

        :raises UserError: when the order is not by road in a described vehicle.
        """
        self.ensure_one()
        if not self._is_axle_checked():
            raise UserError(
                self.env._(
                    "Axle loads are reckoned for orders by road whose vehicle type "
                    "has its axles described."
                )
            )
        finding = self._get_axle_finding(0)
        gate = self.env["cement.order.gate"]
        if finding:
            words = gate._describe(finding)
            text, kind = f"{words['message']} {words['remedy']}", "warning"
            if finding.severity == BLOCK:
                kind = "danger"
        else:
            law = self.env["cement.axle.law"]
            reason = law._get_reason(
                self.vehicle_type_id.id,
                self._get_route(),
                self._get_axle_day(),
                self._get_exemption(),
            )
            text = self.env._(
                "The load is legal. The most is %(mass)s: %(why)s.",
                mass=law._format_kg(reason.kg),
                why=law._describe_reason(reason),
            )
            kind = "success"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": kind, "sticky": kind != "success"},
        }
