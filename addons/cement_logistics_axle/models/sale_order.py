# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cement_sale.tools import planner
from odoo.addons.cement_sale.tools.findings import BLOCK, WARN, Finding

from ..tools import changes, payload
from ..tools.sections import Fill


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

    section_fill = fields.Json(string="Sections as planned", readonly=True, copy=False)
    section_text = fields.Char(
        string="Sections",
        compute="_compute_section_text",
        groups="base.group_user",
        help="How to fill the sections of the body, from the front.",
    )

    @api.depends("vehicle_type_id", "load_mass", "section_fill")
    def _compute_section_text(self):
        law = self.env["cement.axle.law"]
        for order in self:
            fill = order._get_section_fill()
            order.section_text = law._format_fill(fill) if fill else ""

    @api.model
    def _prepare_section_fill(self, vehicle_id, fill: Fill) -> dict:
        """Return *fill* as it is kept with the order."""
        return {
            "vehicle": vehicle_id,
            "masses": list(fill.masses),
            "goods": list(fill.goods),
            "even": fill.is_even,
        }

    def _get_section_masses(self) -> dict:
        """Return what the vehicle carries, kg by what may share a section."""
        self.ensure_one()
        masses: dict = {}
        # sudo: the gate asks on behalf of clients too
        for line in self.sudo().order_line:
            key = line.product_id._get_section_key()
            kg = planner.kg_from_tonnes(line.mass)
            if kg > 0:
                masses[key] = masses.get(key, 0) + kg
        return masses

    def _get_section_fill(self) -> Fill | None:
        """Return how to fill the sections: as the client was told while vehicle and
        load are the same, else as the law likes best now. ``None`` without sections,
        or when the products do not go into them."""
        self.ensure_one()
        law_model = self.env["cement.axle.law"]
        vehicle = law_model._read_law().vehicles.get(self.vehicle_type_id.id)
        if vehicle is None or not vehicle.sections:
            return None
        masses = self._get_section_masses()
        # sudo: see _get_section_masses
        kept = self.sudo().section_fill or {}
        if (
            kept.get("vehicle") == vehicle.key
            and len(kept["masses"]) == len(vehicle.sections)
            and sum(kept["masses"]) == sum(masses.values())
            and set(kept["goods"]) - {None} == set(masses)
        ):
            return Fill(tuple(kept["masses"]), tuple(kept["goods"]), kept["even"])
        return law_model._get_fill(
            vehicle.key,
            self._get_route(),
            self._get_axle_day(),
            masses,
            self._get_exemption(),
        )

    def _get_section_finding(self, index: int) -> Finding | None:
        """Return what the gate has to say of products that have to lie apart."""
        self.ensure_one()
        if not self._is_axle_checked():
            return None
        vehicle = (
            self.env["cement.axle.law"]
            ._read_law()
            .vehicles.get(self.vehicle_type_id.id)
        )
        if vehicle is None or not vehicle.sections:
            return None
        masses = self._get_section_masses()
        if len(masses) < 2 or self._get_section_fill():
            return None
        return Finding(
            "axle_sections",
            BLOCK,
            {
                "index": index + 1,
                "vehicle": self.vehicle_type_id.name,
                "products": len(masses),
                "sections": len(vehicle.sections),
            },
            tuple(self.order_line.filtered("specification_line_id").ids),
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

    def write(self, vals):
        """Override of `sale`: a route of the own leads from the old plant to the old
        site, and goes with them."""
        old = {}
        if {"site_id", "plant_id"} & vals.keys() and "route_piece_ids" not in vals:
            # sudo: clients have their sites changed without seeing routes
            for order in self.sudo():
                if order.route_piece_ids or order.picking_ids.route_piece_ids:
                    old[order] = order.site_id, order.plant_id
        result = super().write(vals)
        for order, way in old.items():
            if (order.site_id, order.plant_id) != way:
                order._drop_own_routes()
        return result

    def _drop_own_routes(self):
        """Take back the own routes of the order and of its open shipments, and tell
        who keeps them (as superuser)."""
        self.ensure_one()
        law = self.env["cement.axle.law"]
        open_pickings = self.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        user = law._get_person("cement_base.group_dispatcher", self.company_id)
        user = user or self.user_id
        lang = user.lang or self.env.lang
        for record in (self, *open_pickings):
            if not record.route_piece_ids:
                continue
            told = record.with_context(lang=lang, mail_activity_quick_update=True)
            text = told.env._(
                "Site or plant have changed, so the own route was removed: %(route)s. "
                "The route of the site counts now; set another if need be.",
                route="; ".join(
                    law.with_context(lang=lang)
                    ._describe_route(law._make_route(record.route_piece_ids))
                    .splitlines()
                ),
            )
            record.route_piece_ids.unlink()
            told._message_log(body=text)
            if user and user != self.env.user:
                told.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=user.id,
                    summary=told.env._("Own route removed: the way is another"),
                    note=text,
                )

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
        """Return the day on which the vehicle goes, as far as it is known; the one in
        the context when another is asked about."""
        self.ensure_one()
        asked = self.env.context.get("cement_axle_day")
        if asked:
            return asked
        # sudo: the zone of the plant, whoever asks
        at_plant = self.with_context(tz=self.sudo().plant_id.tz or "Europe/Moscow")
        return (
            self.promised_date
            or self.requested_date
            or fields.Date.context_today(at_plant)
        )

    def _is_axle_checked(self) -> bool:
        """Whether the law of the road has a say: by road, in a vehicle whose axles
        are described, or counted at least."""
        self.ensure_one()
        return bool(
            self.is_cement
            and self.delivery_method_id.transport == "road"
            and (
                self.vehicle_type_id.is_law_known
                or self.env["cement.axle.law"]._get_vehicle(self.vehicle_type_id)
            )
        )

    def _get_axle_said(self, law) -> changes.Said:
        """Return in short what *law* says of the order; all is well where it is not
        asked."""
        self.ensure_one()
        verdict = self._get_axle_verdict(law)
        if verdict is None or (
            verdict.worst and verdict.worst.limit.source == payload.BY_MAKER
        ):
            return changes.Said(payload.OK, 0)
        vehicle = self.env["cement.axle.law"]._get_vehicle(self.vehicle_type_id)
        by_axles = self.vehicle_type_id.id in law.vehicles
        return changes.Said(
            verdict.state,
            law.lawful(
                self.vehicle_type_id.id if by_axles else vehicle,
                self._get_route(),
                self._get_axle_day(),
                self._get_exemption(),
            ).kg,
        )

    def _get_axle_verdict(self, law=None) -> payload.Verdict | None:
        """Return what the law says of the order as it stands; ``None`` when it is not
        asked, or knows nothing of the vehicle.

        :param law: another law than that of today.
        """
        self.ensure_one()
        law_model = self.env["cement.axle.law"]
        vehicle = law_model._get_vehicle(self.vehicle_type_id)
        if vehicle is None or not self._is_axle_checked():
            return None
        day, fill = self._get_axle_day(), self._get_section_fill()
        return (law or law_model._read_law()).check(
            vehicle,
            self._get_route(),
            day,
            planner.kg_from_tonnes(self.load_mass),
            self._get_exemption(),
            *law_model._get_percents(day),
            fill.masses if fill else (),
        )

    def _get_axle_finding(self, index: int) -> Finding | None:
        """Return what the gate has to say of the axle loads of this order."""
        verdict = self._get_axle_verdict()
        if verdict is None or verdict.state == payload.OK:
            return None
        law_model = self.env["cement.axle.law"]
        law, vehicle = law_model._read_law(), self.vehicle_type_id
        judged = law_model._get_vehicle(vehicle)
        day, route, goods = (
            self._get_axle_day(),
            self._get_route(),
            self._get_exemption(),
        )
        keys = tuple(self.order_line.filtered("specification_line_id").ids)
        if verdict.state == payload.UNKNOWN:
            return Finding(
                "axle_unknown",
                WARN,
                {
                    "index": index + 1,
                    "vehicle": vehicle.name,
                    "day": day,
                    "why": law_model._describe_missing(verdict.missing),
                },
                keys,
            )
        # the law has nothing to say: else its own worst row is named
        if verdict.worst.limit.source == payload.BY_MAKER:
            return None
        mass = planner.kg_from_tonnes(self.load_mass)
        by_axles = vehicle.id in law.vehicles
        answer = law.lawful(vehicle.id if by_axles else judged, route, day, goods)
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
                "why": law_model._describe_limit(judged, verdict.worst.limit),
                "help": law_model._get_advice_text(
                    vehicle.id, route, day, goods, self._get_other_vehicles()
                ),
            },
            keys,
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

    def _get_lawful_text(self) -> str:
        """Return that the load is legal, and how far that was looked at."""
        self.ensure_one()
        law = self.env["cement.axle.law"]
        reason = law._get_reason(
            self.vehicle_type_id.id,
            self._get_route(),
            self._get_axle_day(),
            self._get_exemption(),
        )
        if reason is None:
            return self.env._(
                "The gross mass is legal. The axles of this vehicle type are not "
                "described, so their loads were not reckoned."
            )
        return self.env._(
            "The load is legal. The most is %(mass)s: %(why)s.",
            mass=law._format_kg(reason.kg),
            why=law._describe_reason(reason),
        )

    def action_check_axles(self):
        """Say what the law says of the order as it stands.

        :raises UserError: when the order is not by road, or nothing is known of the
            axles of its vehicle.
        """
        self.ensure_one()
        if not self._is_axle_checked():
            raise UserError(
                self.env._(
                    "Axle loads are reckoned for orders by road whose vehicle type "
                    "has its axles described or counted."
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
            text, kind = self._get_lawful_text(), "success"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": kind, "sticky": kind != "success"},
        }
