# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_logistics.tools import lifecycle, weighing
from odoo.addons.cement_sale.tools import lifecycle as order_lifecycle
from odoo.addons.cement_sale.tools.table_import import parse_quantity

from ..tools import change, hours, parting, passes, plates
from .sale_order import GONE


class StockPicking(models.Model):
    """The shipment with its window, its pass and the waybill of a pick-up."""

    _inherit = "stock.picking"

    desired_from = fields.Float(related="sale_id.desired_from")
    desired_to = fields.Float(related="sale_id.desired_to")
    desired_text = fields.Char(related="sale_id.desired_text")
    unloading_way_id = fields.Many2one(related="sale_id.unloading_way_id")
    is_on_hold = fields.Boolean(related="sale_id.is_on_hold", store=True)
    pass_ids = fields.One2many("cement.loading.pass", "picking_id", string="Passes")
    pass_id = fields.Many2one(
        "cement.loading.pass", string="Pass", compute="_compute_pass_id"
    )
    change_request_ids = fields.One2many(
        "cement.change.request", "picking_id", string="Change requests"
    )
    waybill_user_id = fields.Many2one(
        "res.users",
        string="Waybill made by",
        readonly=True,
        copy=False,
        help="The person of the client who made the pick-up waybill in the cabinet.",
    )

    @api.depends("pass_ids.state")
    def _compute_pass_id(self):
        for picking in self:
            live = picking.pass_ids.filtered(
                lambda entry: entry.state not in (passes.CANCELLED, passes.EXPIRED)
            )
            picking.pass_id = live[-1:]

    def _cement_after_shipment_state(self, target, source):
        """Override of `cement_logistics`: what can no longer be changed expires."""
        result = super()._cement_after_shipment_state(target, source)
        # sudo: trackers and guards do not write requests
        open_requests = (
            self.env["cement.change.request"]
            .sudo()
            .search([("picking_id", "in", self.ids), ("state", "=", change.NEW)])
        )
        open_requests._expire_impossible()
        # sudo: whoever moves the shipment, its pass is good for nothing any more
        if target == lifecycle.CANCELLED:
            self.sudo().pass_ids._cancel_open()
        elif lifecycle.STEPS[target] >= lifecycle.STEPS[lifecycle.LEFT]:
            self.sudo().pass_ids._close_open()
        return result

    # === At the gate ===

    def _is_cement_gone(self) -> bool:
        """Whether the goods have left the plant, by whatever way that became known."""
        self.ensure_one()
        state = self.shipment_state or lifecycle.PLANNED
        return (
            self.state == "done"
            or lifecycle.STEPS[lifecycle.LEFT]
            <= lifecycle.STEPS[state]
            <= lifecycle.STEPS[lifecycle.DONE]
            or self.sale_id.cement_state in GONE
        )

    def _is_cement_void(self) -> bool:
        """Whether the shipment or its order is cancelled."""
        self.ensure_one()
        return (
            self.state == "cancel"
            or self.shipment_state == lifecycle.CANCELLED
            or self.sale_id.state == "cancel"
            or self.sale_id.cement_state == order_lifecycle.CANCELLED
        )

    def _cement_check_load(self):
        """Refuse a weighed mass that is not that of the shipment.

        :raises UserError: when more is aboard than was ordered, or packages are
            missing: how many is for a person to count.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        counted = any(moves.mapped("picked"))
        is_bulk = set(moves.product_id.mapped("cargo_kind")) == {"bulk"}
        whole = sum(
            move._get_cement_mass(
                move.quantity if counted and not is_bulk else move.product_uom_qty
            )
            for move in moves
        )
        percent = self.company_id.cement_load_tolerance
        fmt = self.env["cement.portal.shell"]._get_formats()
        facts = {"net": fmt.mass(self.net_mass), "whole": fmt.mass(whole)}
        spare = weighing.kilograms(weighing.tolerance(whole, percent))
        if weighing.kilograms(self.net_mass) > weighing.kilograms(whole) + spare:
            raise UserError(
                self.env._(
                    "%(net)s are aboard, the shipment is of %(whole)s: unload the "
                    "surplus, or call the dispatcher.",
                    **facts,
                )
            )
        single = is_bulk and len(moves.product_id) == 1
        if not single and weighing.is_beyond(whole, self.net_mass, percent):
            raise UserError(
                self.env._(
                    "%(net)s are aboard, the shipment is of %(whole)s: the dispatcher "
                    "must say what is missing.",
                    **facts,
                )
            )
        if not counted and not single:
            # as weighed: all of it is aboard
            for move in moves:
                move.quantity = move.product_uom_qty
            moves.picked = True

    def _cement_validate_at_gate(self):
        """Take the goods out of the stock (as superuser for a guard).

        A rest within the loading tolerance closes; a larger one stays as a shipment
        of its own, unless transfers of the kind never leave any.

        :return: the shipment of the rest, if there is one.
        :raises UserError: when a person with more rights has to decide.
        """
        self.ensure_one()
        self._cement_apply_weighing()
        # as `button_validate`, whose dialogs a guard cannot answer
        self._sanity_check()
        picking = self.with_context(
            skip_backorder=True,
            skip_sms=True,
            cancel_backorder=self.picking_type_id.create_backorder == "never",
        )
        if picking._pre_action_done_hook() is not True:
            raise UserError(
                self.env._("The shipment waits for a decision of the dispatcher.")
            )
        picking._action_done()
        return self.backorder_ids.filtered(
            lambda rest: rest.state not in ("done", "cancel")
        )[:1]

    def action_cancel(self):
        """Override of `stock`: the place in the slot is given back."""
        result = super().action_cancel()
        self.sudo().pass_ids._cancel_open()
        return result

    # === Promised window ===

    def _cement_write_windows(self):
        """Set the promised window from the day promised and the hours wished.

        A pass names its hour; else the hours that the client wished, else those of
        the plant. What has left already keeps its window.
        """
        waiting = self.filtered(
            lambda picking: picking.is_cement
            and picking.picking_type_code == "outgoing"
            and picking.state not in ("done", "cancel")
        )
        calendars = waiting.plant_id._get_calendars()
        for picking in waiting:
            start, stop = picking._get_window(calendars)
            if (picking.promised_from, picking.promised_to) != (start, stop):
                picking.write({"promised_from": start, "promised_to": stop})
            if start and picking.scheduled_date != start:
                picking.scheduled_date = start

    def _get_window(self, calendars):
        self.ensure_one()
        slot = self.pass_ids.filtered(
            lambda entry: entry.state == passes.BOOKED
        ).slot_id
        if slot:
            return slot[0].start, slot[0].stop
        order = self.sale_id
        day, plant = order.promised_date, order.plant_id
        if not day:
            return False, False
        calendar = calendars.get(plant.id)
        working = calendar.hours(day) if calendar else ()
        start = order.desired_from or (working[0][0] if working else 0.0)
        stop = order.desired_to or (working[-1][1] if working else 24.0)
        if start >= stop:
            start, stop = min(start, stop), 24.0
        # hours that the client has wished are those of its site, and so is a day
        # without any hours
        wished = self._get_cement_clock().zone
        is_round_the_clock = (start, stop) == (0.0, 24.0)
        plant_zone = wished if is_round_the_clock else plant.tz or "UTC"
        first = hours.at(day, start, wished if order.desired_from else plant_zone)
        last = hours.at(day, stop, wished if order.desired_to else plant_zone)
        # between two zones the plant may close before the wished hour comes
        return first, last if first < last else hours.at(day, 24.0, wished)

    def _get_promised_text(self) -> str:
        """Return the promised hours by the clock of the shipment; empty without
        any."""
        if not self or not self.promised_from or not self.promised_to:
            return ""
        self.ensure_one()
        # sudo: the zones of the plant and of the site
        zone = self.sudo()._get_cement_clock().zone
        start = hours.local(self.promised_from, zone)
        stop = hours.local(self.promised_to, zone)
        until = (
            "24:00"
            if (stop.hour, stop.minute) == (0, 0) and stop.date() > start.date()
            else f"{stop:%H:%M}"
        )
        if (f"{start:%H:%M}", until) == ("00:00", "24:00"):
            return ""
        day = self.sale_id.promised_date
        # the day itself stands beside, unless the hours fall on another
        before = "" if not day or start.date() == day else f"{start:%d.%m} "
        return f"{before}{start:%H:%M}–{until}"

    def _get_loading_moment(self):
        """Return when the loading begins, as far as that is known."""
        self.ensure_one()
        if self.promised_from:
            return self.promised_from
        order = self.sale_id
        if not order.due_date:
            return None
        return hours.at(order.due_date, 0.0, order.plant_id.tz or "UTC")

    # === Pick-up ===

    def _get_mass(self) -> float:
        """Return the tonnes that the shipment is to take or took."""
        self.ensure_one()
        return sum(
            move._get_cement_mass(
                move.quantity if self.state == "done" else move.product_uom_qty
            )
            for move in self.move_ids
            if move.state != "cancel"
        )

    def _member_pickup_sudo(self, capability=roles.ORDER):
        """Return the shipment of a pick-up by road as superuser, after the right of
        the member to its order was checked.

        :raises AccessError: when the order is another's or the role is too low.
        :raises UserError: when there is nothing to pick up.
        """
        self.ensure_one()
        self.sudo().sale_id.sudo(False)._member_sudo(capability)
        # sudo: the right to the order was checked on the line above
        picking_sudo = self.sudo()
        if not picking_sudo.is_pickup or picking_sudo.transport != "road":
            raise UserError(self.env._("The plant delivers this shipment itself."))
        return picking_sudo

    def _check_pickup_open(self):
        """Refuse what is not to be loaded any more."""
        self.ensure_one()
        if (
            self.state in ("done", "cancel")
            or (self.shipment_state or lifecycle.PLANNED) != lifecycle.PLANNED
            or self._is_cement_gone()
            or self._is_cement_void()
        ):
            raise UserError(self.env._("This shipment is being loaded or has left."))

    def _portal_pickup_row(self) -> dict:
        """Return a shipment as the block of the pick-up shows it (as superuser)."""
        self.ensure_one()
        labels = dict(self._selection_shipment_state())
        entry = self.pass_id
        state = self.shipment_state or lifecycle.PLANNED
        is_open = (
            state == lifecycle.PLANNED
            and not self._is_cement_gone()
            and not self._is_cement_void()
        )
        return {
            "id": self.id,
            "number": self.name,
            "mass": self._get_mass(),
            "lines": self._portal_waybill_lines() if is_open else [],
            "state": state,
            "state_label": labels.get(state, ""),
            "waybill": self.waybill_number or "",
            "waybill_date": self.waybill_date,
            "is_own_waybill": bool(self.waybill_user_id),
            "plate": plates.pretty(self.vehicle_plate or ""),
            "pass": entry._portal_row() if entry else None,
            "is_open": is_open,
            "url": f"/my/pickup/{self.id}",
        }

    # === Pick-up waybills (F207, F208) ===

    def _get_waybill_moves(self):
        """Return what of the shipment is still to be taken."""
        self.ensure_one()
        return self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def _portal_waybill_lines(self) -> list[dict]:
        """Return the lines of a shipment of several as the form of the waybill asks
        about them (as superuser); empty where one mass says all."""
        moves = self._get_waybill_moves()
        if len(moves) < 2:
            return []
        return [
            {
                "id": move.id,
                "product": move.product_id.name,
                "mass": move._get_cement_mass(move.product_uom_qty),
                "package": move._get_cement_package() / 1000,
            }
            for move in moves
        ]

    def _make_waybill(self, mass, *, key=None):
        """Make the client's own pick-up waybill for *mass* tonnes of the shipment.

        When it is less than the whole, the rest stays as a shipment of its own.

        :param mass: tonnes, as typed; of a shipment of several lines a mapping of
            their ids to the tonnes of each.
        :return: the shipment with the waybill, as superuser.
        :raises UserError: saying what is wrong; nothing is changed then.
        """
        picking_sudo = self._member_pickup_sudo()
        picking_sudo.sale_id._cement_lock()
        picking_sudo.invalidate_recordset()
        picking_sudo._check_pickup_open()
        if picking_sudo.waybill_number:
            raise UserError(
                self.env._(
                    "The shipment has waybill %(number)s already.",
                    number=picking_sudo.waybill_number,
                )
            )
        taken = picking_sudo._parse_waybill_masses(mass)
        tonnes = sum(taken.values()) / 1000
        with self.env.cr.savepoint():
            target = picking_sudo
            if sum(taken.values()) < weighing.kilograms(picking_sudo._get_mass()):
                target = picking_sudo._split_off(taken)
            target.write(
                {
                    "waybill_number": self.env["ir.sequence"]
                    .sudo()
                    .next_by_code("cement.pickup.waybill"),
                    "waybill_date": fields.Date.context_today(self),
                    "waybill_user_id": self.env.uid,
                }
            )
            target.sale_id.message_post(
                body=self.env._(
                    "Pick-up waybill %(number)s for %(mass)s t.",
                    number=target.waybill_number,
                    mass=f"{tonnes:g}",
                ),
                author_id=self.env.user.partner_id.id,
            )
        target._cement_announce_shipments()
        return target

    def _parse_waybill_masses(self, typed) -> dict:
        """Return what is taken of each line, in kilograms.

        :param typed: one mass, or the masses by the id of the line; a line that is
            left empty stays.
        :raises UserError: saying what is wrong.
        """
        self.ensure_one()
        # in whole kilograms: what is compared is what is split
        lines = {
            move: parting.Line(
                weighing.kilograms(move._get_cement_mass(move.product_uom_qty)),
                move._get_cement_package(),
            )
            for move in self._get_waybill_moves()
        }
        if isinstance(typed, dict):
            # a line that is not of this shipment is found out below
            moves = self.env["stock.move"].browse(typed)
            taken = {
                move: self._parse_waybill_mass(typed[move.id] or "0") for move in moves
            }
        else:
            kg = self._parse_waybill_mass(typed)
            whole = sum(line.kg for line in lines.values())
            if kg == whole:
                taken = {move: line.kg for move, line in lines.items()}
            elif len(lines) > 1 and 0 < kg < whole:
                raise UserError(
                    self.env._("Say how much of each product the vehicle takes.")
                )
            else:
                taken = dict.fromkeys(list(lines)[:1], kg)
        # those taken back count as well: each is a shipment that was made
        parts = self.sale_id.picking_ids.filtered(
            lambda part: part.picking_type_code == "outgoing"
        )
        fault = parting.find_fault(
            taken,
            lines,
            weighing.kilograms(self.company_id.cement_waybill_least),
            len(parts),
            self.company_id.cement_waybill_parts,
        )
        if fault:
            raise UserError(self._describe_part_fault(fault, lines, len(parts)))
        return {move: kg for move, kg in taken.items() if kg}

    def _parse_waybill_mass(self, value) -> int:
        """Return one mass as it was typed, in kilograms."""
        text = str(value or "").strip()[:30]
        try:
            return weighing.kilograms(float(parse_quantity(text)))
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is not a mass in tonnes.", value=text)
            ) from None

    def _describe_part_fault(self, fault, lines, parts: int) -> str:
        fmt = self.env["cement.portal.shell"]._get_formats()
        several = len(lines) > 1
        if fault.code == parting.FOREIGN:
            return self.env._(
                "The shipment has changed meanwhile: look at it once more."
            )
        if fault.code == parting.TOO_SMALL:
            return self.env._(
                "Take at least %(least)s and leave as much, or take the whole.",
                least=fmt.mass(self.company_id.cement_waybill_least),
            )
        if fault.code == parting.TOO_MANY:
            return self.env._(
                "The order was parted %(count)s times: that is the limit. Take "
                "the rest as a whole, or call your manager.",
                count=parts,
            )
        of_line = lines.get(fault.line)
        goods = fault.line.product_id.name if of_line else ""
        if fault.code == parting.PACKAGE:
            package = fmt.mass(of_line.package_kg / 1000)
            if several:
                return self.env._(
                    "%(goods)s: take whole packages of %(mass)s.",
                    goods=goods,
                    mass=package,
                )
            return self.env._("Take whole packages of %(mass)s.", mass=package)
        if several and of_line:
            return self.env._(
                "%(goods)s: the mass must not be below zero nor above %(limit)s.",
                goods=goods,
                limit=fmt.mass(of_line.kg / 1000),
            )
        whole = sum(line.kg for line in lines.values())
        return self.env._(
            "The mass must be above zero and at most %(limit)s.",
            limit=fmt.mass(whole / 1000),
        )

    def _split_off(self, taken: dict):
        """Return a new shipment with a part of this one.

        :param taken: kilograms by line; a line taken whole goes over as it is.
        """
        self.ensure_one()
        vals_list, over = [], self.env["stock.move"]
        self._get_waybill_moves()._do_unreserve()
        for move, kg in taken.items():
            if kg == weighing.kilograms(move._get_cement_mass(move.product_uom_qty)):
                over |= move
                continue
            # core splits in the unit of the product
            vals_list += move._split(kg / 1000 / move.product_id.uom_mass)
        part = self.copy({"move_ids": [], "move_line_ids": [], "backorder_id": False})
        for vals in vals_list:
            vals["picking_id"] = part.id
        over.picking_id = part
        self.env["stock.move"].create(vals_list)._action_confirm(merge=False)
        (self | part).action_assign()
        part.write(
            {
                "promised_from": self.promised_from,
                "promised_to": self.promised_to,
                "sale_id": self.sale_id.id,
            }
        )
        return part

    def _withdraw_waybill(self):
        """Take the client's own waybill back; its tonnes rejoin the rest."""
        picking_sudo = self._member_pickup_sudo()
        picking_sudo.sale_id._cement_lock()
        picking_sudo.invalidate_recordset()
        picking_sudo._check_pickup_open()
        if not picking_sudo.waybill_user_id:
            raise UserError(self.env._("There is no waybill of yours to take back."))
        picking_sudo.pass_ids._cancel_open()
        number = picking_sudo.waybill_number
        picking_sudo.write(
            {"waybill_number": False, "waybill_date": False, "waybill_user_id": False}
        )
        rest = picking_sudo.sale_id.picking_ids.filtered(
            lambda other: other != picking_sudo
            and other.picking_type_code == "outgoing"
            and other.state not in ("done", "cancel")
            and not other.waybill_number
            and other.shipment_state == lifecycle.PLANNED
            and not other.pass_id
        )[:1]
        if rest:
            picking_sudo._rejoin(rest)
        picking_sudo.sale_id.message_post(
            body=self.env._("Pick-up waybill %(number)s is taken back.", number=number),
            author_id=self.env.user.partner_id.id,
        )
        picking_sudo._cement_announce_shipments()

    def _rejoin(self, rest):
        """Put the lines of this shipment back to those of *rest*, line by line, and
        cancel what is empty then."""
        self.ensure_one()
        moves, waiting = self._get_waybill_moves(), rest._get_waybill_moves()
        self.do_unreserve()
        for move in moves:
            into = waiting.filtered(
                lambda other, move=move: other.product_id == move.product_id
                and other.sale_line_id == move.sale_line_id
            )[:1]
            if not into:
                # the line itself stays here, empty: what is cancelled keeps its order
                whole = move._get_cement_mass(move.product_uom_qty)
                vals_list = move._split(whole / move.product_id.uom_mass)
                for vals in vals_list:
                    vals["picking_id"] = rest.id
                move.create(vals_list)._action_confirm(merge=False)
                continue
            quantity = move.product_uom._compute_quantity(
                move.product_uom_qty, into.product_uom, rounding_method="HALF-UP"
            )
            move.product_uom_qty = 0.0
            into.product_uom_qty += quantity
        self.action_cancel()
        self._cement_set_shipment_state(lifecycle.CANCELLED, "client")
        rest.action_assign()

    def _get_report_plate(self) -> str:
        self.ensure_one()
        return plates.pretty(self.vehicle_plate or "")

    # === Pages of the shipment ===

    def _portal_page_values(self):
        """Override of `cement_logistics` to show the requests on the shipment."""
        requests = (
            self.env["cement.change.request"]
            .sudo(False)
            .search([("order_id", "=", self.sale_id.id)])
        )
        return {
            **super()._portal_page_values(),
            "changes": requests._portal_rows(),
            "desired_text": self.desired_text or "",
        }

    def _portal_shipment_actions(self):
        """Override of `cement_logistics` to offer a change and the pass."""
        actions = super()._portal_shipment_actions()
        if self.sudo().shipment_state in lifecycle.FINAL:
            # nobody looks for a change of what is delivered
            return actions
        # sudo: the order of a shipment that the person may read
        order = self.sudo().sale_id.sudo(False)
        reason = order._portal_change_reason()
        actions.append(
            {
                "key": "change",
                "label": self.env._("Request a change"),
                "url": f"/my/orders/{order.id}/change?picking_id={self.id}",
                "allowed": not reason,
                "reason": reason,
                "icon": "edit",
            }
        )
        # sudo: as above
        picking_sudo = self.sudo()
        if picking_sudo.is_pickup and picking_sudo.transport == "road":
            actions.append(
                {
                    "key": "pickup",
                    "label": self.env._("Pass")
                    if picking_sudo.pass_id
                    else self.env._("Book an hour"),
                    "url": f"/my/pickup/{self.id}",
                    "allowed": True,
                    "reason": "",
                    "icon": "factory",
                }
            )
        return actions

    def _portal_row_values(self):
        """Override of `cement_logistics` to tell the booked hour in the list."""
        values = super()._portal_row_values()
        for picking in self:
            entry = picking.pass_id
            if entry and entry.state == passes.BOOKED:
                extra = values.setdefault(picking.id, {}).setdefault("extra", [])
                fmt = picking._get_cement_formats()
                text = f"{fmt.short_day(entry.day)}, {entry._get_signed_hours()}"
                extra.append((self.env._("Booked hour"), text, "ok"))
        return values


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_cement_package(self) -> int:
        """Return the mass of a package that cannot be opened, kg; 0 for bulk."""
        self.ensure_one()
        product = self.product_id
        if (product.cargo_kind or "bulk") == "bulk":
            return 0
        return weighing.kilograms(product.unit_mass)
