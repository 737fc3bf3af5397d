# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from dataclasses import replace

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cement_logistics.tools import lifecycle
from odoo.addons.cement_sale.tools import planner

from ..tools import payload, sections, statics
from .cement_axle_check import VERDICTS

_SCALES = frozenset({"gross_mass", "tare_mass", "net_mass"})


class StockPicking(models.Model):
    """At the scales the law is asked once more, and the answer is kept."""

    _inherit = "stock.picking"

    route_piece_ids = fields.One2many(
        "cement.route.piece",
        "picking_id",
        string="Own route",
        help="Empty: the route of the order or of the site.",
    )
    route_text = fields.Text(string="Route", compute="_compute_route_text")
    axle_check_ids = fields.One2many(
        "cement.axle.check", "picking_id", string="Checks of axle loads"
    )
    axle_check_count = fields.Integer(compute="_compute_axle_verdict")
    axle_verdict = fields.Selection(
        VERDICTS, string="Axle loads", compute="_compute_axle_verdict"
    )
    is_axle_checked = fields.Boolean(compute="_compute_is_axle_checked")
    section_text = fields.Char(
        string="Sections",
        compute="_compute_section_text",
        help="How the sections of the body are filled, from the front.",
    )

    vehicle_type_id = fields.Many2one(tracking=True)

    @api.depends("axle_check_ids.verdict", "vehicle_type_id", "net_mass")
    def _compute_axle_verdict(self):
        for picking in self:
            checks = picking.axle_check_ids.sorted("id", reverse=True)
            picking.axle_check_count = len(checks)
            standing = picking._get_standing_check()
            picking.axle_verdict = (standing or checks[:1]).verdict

    @api.depends(
        "is_cement",
        "transport",
        "vehicle_type_id.is_law_known",
        "vehicle_type_id.axle_count",
        "axle_check_ids.verdict",
        "net_mass",
    )
    def _compute_is_axle_checked(self):
        law = self.env["cement.axle.law"]
        for picking in self:
            picking.is_axle_checked = bool(
                picking.is_cement
                and picking.picking_type_code == "outgoing"
                and picking.transport == "road"
                and (
                    picking.vehicle_type_id.is_law_known
                    or law._get_vehicle(picking.vehicle_type_id)
                    # a vehicle that was too heavy is not let go by another name
                    or picking._get_standing_check()
                )
            )

    def _get_standing_check(self):
        """Return the check that keeps the shipment from leaving, if one does."""
        self.ensure_one()
        # sudo: whoever reads the shipment may know that it is held
        checks_sudo = self.sudo().axle_check_ids
        if not checks_sudo._get_unexcused():
            return checks_sudo.browse()
        law = self.env["cement.axle.law"]
        known = law._get_vehicle(self.vehicle_type_id)
        present = None if known else self._get_axle_masses()[0]
        return checks_sudo._get_standing(present)

    @api.depends("vehicle_type_id", "net_mass", "move_ids.product_uom_qty", "sale_id")
    def _compute_section_text(self):
        law = self.env["cement.axle.law"]
        for picking in self:
            fill = None
            if picking.is_axle_checked:
                fill = picking._get_section_fill(picking._get_axle_masses()[0])
            picking.section_text = law._format_fill(fill) if fill else ""

    def _get_section_fill(self, payload_kg: int):
        """Return how *payload_kg* lies in the sections of the vehicle: as the order
        was planned, more or less of it as the scales have found. ``None`` without
        sections, or when there is no plan for them."""
        self.ensure_one()
        # sudo: dispatchers and guards read no orders
        order_sudo = self.sale_id.sudo()
        if not payload_kg or order_sudo.vehicle_type_id != self.vehicle_type_id:
            return None
        fill = order_sudo._get_section_fill()
        if not fill:
            return None
        return replace(fill, masses=sections.scaled(fill.masses, payload_kg))

    @api.depends("route_piece_ids.state_id", "route_piece_ids.rating", "sale_id")
    def _compute_route_text(self):
        law = self.env["cement.axle.law"]
        for picking in self:
            picking.route_text = law._describe_route(picking._get_route())

    def _get_route(self):
        """Return the route of the shipment: its own, else that of the order."""
        self.ensure_one()
        if self.route_piece_ids:
            return self.env["cement.axle.law"]._make_route(self.route_piece_ids)
        return self.sale_id._get_route() if self.sale_id else ()

    def action_own_route(self):
        """Copy the present route, to be changed for this shipment alone."""
        for picking in self.filtered(lambda picking: not picking.route_piece_ids):
            # sudo: dispatchers read orders, the pieces are of the law
            order_sudo = picking.sale_id.sudo()
            if order_sudo.route_piece_ids:
                vals_list = [
                    piece._prepare_copy_vals() for piece in order_sudo.route_piece_ids
                ]
            else:
                vals_list = self.env["cement.axle.law"]._prepare_route_vals(
                    order_sudo.site_id, order_sudo.plant_id
                )
            picking.route_piece_ids = [Command.create(vals) for vals in vals_list]

    # === The check ===

    def _cement_weighed(self):
        """Override of `cement_logistics`: the calculation is kept with the shipment."""
        result = super()._cement_weighed()
        self._record_axle_checks()
        return result

    def write(self, vals):
        """Override of `stock`: a vehicle weighed after the transfer is checked too;
        it has left, so a dispatcher is told."""
        result = super().write(vals)
        if not _SCALES.isdisjoint(vals):
            gone = self.filtered(lambda picking: picking.state == "done")
            gone._record_axle_checks()._get_unexcused()._tell_dispatcher()
        return result

    def button_validate(self):
        """Override of `stock`: an overloaded vehicle leaves with a reason only."""
        overloaded = self._record_axle_checks()._get_unexcused()
        if overloaded:
            return overloaded._ask_for_reason()
        return super().button_validate()

    def _action_done(self):
        """Override of `stock`: nor does it leave past the dialog."""
        overloaded = self._record_axle_checks()._get_unexcused()
        overloaded._refuse_people()
        result = super()._action_done()
        overloaded._tell_dispatcher()
        return result

    def _cement_after_shipment_state(self, target, source):
        """Override of `cement_logistics`: nor past the transfer, which the gate, 1C
        or a tracker may leave as it is."""
        overloaded = self.env["cement.axle.check"]
        if (
            lifecycle.STEPS[lifecycle.LEFT]
            <= lifecycle.STEPS[target]
            <= (lifecycle.STEPS[lifecycle.DONE])
        ):
            open_shipments = self.filtered(
                lambda picking: picking.state not in ("done", "cancel")
                and (target == lifecycle.LEFT or not picking.sudo().axle_check_ids)
            )
            overloaded = open_shipments._record_axle_checks()._get_unexcused()
        if source == "dispatcher":
            overloaded._refuse_people()
        result = super()._cement_after_shipment_state(target, source)
        overloaded._tell_dispatcher()
        return result

    def action_check_axles(self):
        """Check the load as it is known now, and show the result.

        :raises UserError: when there is nothing to check.
        """
        self.ensure_one()
        check = self._record_axle_checks()
        if not check:
            raise UserError(
                self.env._(
                    "Axle loads are reckoned for shipments by road whose vehicle type "
                    "has its axles described or counted."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "cement.axle.check",
            "res_id": check.id,
            "view_mode": "form",
        }

    def action_view_axle_checks(self):
        """Open what was checked for this shipment."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Checks of axle loads"),
            "res_model": "cement.axle.check",
            "view_mode": "list,form",
            "domain": [("picking_id", "in", self.ids)],
        }

    def _record_axle_checks(self, lift_reason=None):
        """Check the shipments and keep the results.

        What was checked with the same figures and the same result is not kept twice.

        :param lift_reason: why an overloaded vehicle is let go; the right to do so
            was checked by the caller.
        :return: the check of each shipment that can be checked: the one that keeps it
            from leaving, else the last.
        """
        # sudo: evidence is made by this method only, nobody writes it by hand
        checks_sudo = self.env["cement.axle.check"].sudo()
        result, vals_list = checks_sudo, []
        pickings = self.filtered("is_axle_checked")
        for picking in pickings:
            last = picking.sudo().axle_check_ids.sorted("id", reverse=True)[:1]
            vals = picking._prepare_axle_check_vals()
            if vals is None and lift_reason:
                # nothing can be reckoned any more: what stands is let go as it is
                standing = picking._get_standing_check()
                vals = standing._prepare_again_vals() if standing else None
            if vals is None:
                continue
            if last.digest == vals["digest"] and not lift_reason:
                continue
            if lift_reason:
                vals.update(lift_reason=lift_reason, lifted_by_id=self.env.uid)
            vals_list.append(vals)
        for vals in vals_list:
            vals["name"] = (
                self.env["ir.sequence"].sudo().next_by_code("cement.axle.check")
            )
        checks_sudo.create(vals_list)
        for picking in pickings:
            last = picking.sudo().axle_check_ids.sorted("id", reverse=True)[:1]
            result |= picking._get_standing_check() or last
        return result.sudo(self.env.su)

    def _get_axle_masses(self) -> tuple[int, int | None, bool]:
        """Return payload and tare in kg (no tare: that of the type), and whether
        the scales said so."""
        self.ensure_one()
        net = planner.kg_from_tonnes(self.net_mass)
        tare = planner.kg_from_tonnes(self.tare_mass) or None
        if net:
            return net, tare, True
        mass = sum(
            move._get_cement_mass(move.quantity or move.product_uom_qty)
            for move in self.move_ids
            if move.state != "cancel"
        )
        return planner.kg_from_tonnes(mass), tare, False

    def _prepare_axle_check_vals(self) -> dict | None:
        """Return the values of the evidence; ``None`` when nothing is known."""
        self.ensure_one()
        law_model = self.env["cement.axle.law"].with_context(lang=self._get_lang())
        law = law_model._read_law()
        vehicle = law_model._get_vehicle(self.vehicle_type_id)
        mass, tare, is_weighed = self._get_axle_masses()
        if vehicle is None or not mass:
            return None
        if tare:
            vehicle = vehicle.with_tare(tare)
        # the day on which the vehicle leaves, whatever zone the reader lives in
        gone = self.state == "done" and self.date_done
        day = self._cement_local(gone or fields.Datetime.now()).date()
        route, goods = self._get_route(), self.sale_id.sudo()._get_exemption()
        warn, block = law_model._get_percents(day)
        planned = self._get_section_fill(mass)
        verdict = law.check(
            vehicle,
            route,
            day,
            mass,
            goods,
            warn,
            block,
            planned.masses if planned else (),
        )
        by_gross = isinstance(vehicle, payload.Counted)
        is_known = verdict.state != payload.UNKNOWN
        most = law.most(vehicle, route, day, goods).kg if is_known else 0
        frame = vehicle.raised() if verdict.lifted else vehicle
        laden = frame.with_fill(verdict.fill) if verdict.fill else frame
        regulation = law.regulation(day)
        rows = law_model._describe_rows(frame, verdict.rows)
        worst = ""
        if not is_known:
            worst = law_model._describe_missing(verdict.missing)
        elif verdict.worst:
            worst = law_model._describe_limit(frame, verdict.worst.limit, with_act=True)
        inputs = {
            "vehicle": self._describe_vehicle_facts(vehicle),
            "payload_kg": mass,
            "tare_kg": int(vehicle.tare_kg),
            "weighed": is_weighed,
            "day": str(day),
            "route": law_model._describe_route(route),
            "act": regulation.name if regulation else "",
            "warn_percent": warn,
            "block_percent": block,
        }
        if verdict.fill:
            inputs["sections"] = [
                {
                    "number": number,
                    "centre_mm": section.centre_mm,
                    "capacity_kg": section.capacity_kg,
                    "load_kg": load,
                }
                for number, (section, load) in enumerate(
                    zip(vehicle.sections, verdict.fill, strict=True), start=1
                )
            ]
            inputs["sections_planned"] = bool(planned)
        results = {
            "axles": []
            if by_gross
            else [
                {
                    "axle": law_model._describe_axles(frame, (axle.number,)),
                    "load": load / 1000,
                }
                for axle, load in zip(
                    frame.axles, statics.to_kg(laden.axle_loads(mass)), strict=True
                )
            ],
            "rows": rows,
            "lifted": verdict.lifted,
            "verdict": verdict.state,
            "legal_max_kg": most if is_known else None,
            "heat": [
                law_model._describe_heat(rule.key)
                for rule in law.heat_rules(route, day)
                if verdict.state != payload.OK
            ],
        }
        if not is_known:
            results["missing"] = worst
        if by_gross:
            results["by_gross"] = True
        if verdict.fill:
            results["sections"] = law_model._describe_fill(
                verdict.fill, planned.goods if planned else ()
            )
        return {
            "picking_id": self.id,
            "company_id": self.company_id.id,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "day": day,
            "vehicle_type_id": self.vehicle_type_id.id,
            "plates": " / ".join(
                filter(None, (self.vehicle_plate, self.trailer_plate))
            ),
            "is_weighed": is_weighed,
            "payload": mass / 1000,
            "tare": float(vehicle.tare_kg) / 1000,
            "gross": float(vehicle.tare_kg + mass) / 1000,
            "legal_max": most / 1000,
            "is_by_gross": by_gross,
            "verdict": verdict.state,
            "excess_percent": payload.round_up_percent(verdict.excess_percent),
            "worst": worst,
            "act": inputs["act"],
            "regulation_id": regulation.key if regulation else False,
            "route": inputs["route"],
            "inputs": inputs,
            "results": results,
            "digest": self.env["cement.axle.check"]._get_digest(inputs, results),
        }

    def _get_lang(self) -> str:
        """Return the language of the evidence: the one in which it would be asked for,
        whoever stands at the scales."""
        is_russian = self.company_id.country_id.code == "RU"
        if is_russian and self.env["res.lang"]._get_data(code="ru_RU"):
            return "ru_RU"
        return self.env.lang

    @api.model
    def _describe_vehicle_facts(
        self, vehicle: statics.Vehicle | payload.Counted
    ) -> dict:
        """Return the geometry that was reckoned with, for the evidence."""
        if isinstance(vehicle, payload.Counted):
            return {"axle_count": vehicle.count}
        geometry = vehicle.geometry
        parts = (
            {"truck": geometry.truck, "trailer": geometry.trailer}
            if isinstance(geometry, statics.Drawbar)
            else {type(geometry).__name__.lower(): geometry}
        )
        return {
            "parts": {
                name: {
                    key: float(getattr(part, key)) for key in part.__dataclass_fields__
                }
                for name, part in parts.items()
            },
            "axles": [
                {
                    "number": axle.number,
                    "position_mm": axle.position_mm,
                    "support": axle.support,
                    "tyres": axle.tyres,
                    "air": axle.air,
                    "lift": axle.lift,
                }
                for axle in vehicle.axles
            ],
        }


class CementAxleCheck(models.Model):
    _inherit = "cement.axle.check"

    def _refuse_people(self):
        """Keep people from sending overloaded vehicles off without a reason. Systems
        (1C, jobs) report what has happened already: they are not refused.

        :raises UserError: for people, naming what is over.
        """
        if not self or self.env.uid == SUPERUSER_ID:
            return
        # sudo: what the person has just sent off
        raise UserError("\n".join(check._describe_hold() for check in self.sudo()))

    def _describe_hold(self) -> str:
        """Return why the vehicle is kept, and what can be done."""
        self.ensure_one()
        if self.verdict == payload.UNKNOWN:
            return self.env._(
                "%(name)s cannot be judged: %(worst)s. Have the act of the day "
                "entered, or have the vehicle let go with a reason: “Validate” in the "
                "shipment.",
                name=self.picking_id.name,
                worst=self.worst,
            )
        return self.env._(
            "%(name)s is overloaded by %(percent)s %% (%(worst)s). Unload it, "
            "or have it let go with a reason: “Validate” in the shipment.",
            name=self.picking_id.name,
            percent=self.excess_percent,
            worst=self.worst,
        )

    def _prepare_again_vals(self) -> dict:
        """Return the values of the same check, to be kept once more with a reason."""
        self.ensure_one()
        [vals] = self.copy_data()
        for name in ("name", "lift_reason", "lifted_by_id"):
            vals.pop(name, None)
        return {**vals, "date": fields.Datetime.now(), "user_id": self.env.uid}

    def _tell_dispatcher(self):
        """Leave a dispatcher an activity about each vehicle that has gone overloaded
        without a reason; a check is told once."""
        kind = self.env.ref("mail.mail_activity_data_warning", False)
        if not self or not kind:
            return
        # sudo: systems and guards tell, dispatchers read
        for check in self.sudo():
            picking = check.picking_id
            user = check._get_dispatcher()
            if not user or any(
                check.name in (activity.summary or "")
                for activity in picking.activity_ids
            ):
                continue
            told = picking.with_context(
                lang=user.lang or self.env.lang, mail_activity_quick_update=True
            )
            told.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=told.env._(
                    "Left without being judged: %(check)s", check=check.name
                )
                if check.verdict == payload.UNKNOWN
                else told.env._(
                    "Left overloaded without a reason: %(check)s", check=check.name
                ),
                note=check.worst
                if check.verdict == payload.UNKNOWN
                else told.env._(
                    "%(percent)s %% over: %(worst)s.",
                    percent=check.excess_percent,
                    worst=check.worst,
                ),
            )

    def _get_dispatcher(self):
        """Return who is to look at the check: a dispatcher of the company, else the
        manager of the order."""
        self.ensure_one()
        return (
            self.env["cement.axle.law"]._get_person(
                "cement_base.group_dispatcher", self.company_id
            )
            or self.sudo().picking_id.sale_id.user_id
        )

    def _ask_for_reason(self) -> dict:
        """Return the dialog that shows an overload and asks for a reason.

        :raises UserError: when several shipments are validated at once.
        """
        if len(self) > 1:
            raise UserError(
                self.env._(
                    "Overloaded or not judged: %(names)s. Validate these shipments one "
                    "by one.",
                    names=", ".join(self.picking_id.mapped("name")),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Nobody knows whether the vehicle may go")
            if self.verdict == payload.UNKNOWN
            else self.env._("The vehicle is overloaded"),
            "res_model": "cement.axle.lift",
            "view_mode": "form",
            "target": "new",
            "context": {"default_check_id": self.id},
        }
