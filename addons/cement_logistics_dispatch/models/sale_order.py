# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_logistics.tools import lifecycle as way
from odoo.addons.cement_sale.tools import gate, lifecycle
from odoo.addons.cement_sale.tools.findings import BLOCK

from ..tools import capacity, change, hours, passes
from .capacity_book import CapacityBook
from .cement_cart import check_window, window_text

# the goods have left the plant
GONE = (lifecycle.SHIPPED, lifecycle.DELIVERED, lifecycle.CLOSED)
ANSWER_GROUPS = "cement_base.group_dispatcher,cement_base.group_sales_manager"


class SaleOrder(models.Model):
    """The order as the plant's day sees it: wished hours, promise, hold."""

    _inherit = "sale.order"

    desired_from = fields.Float(string="Wished from", tracking=True)
    desired_to = fields.Float(string="Wished until", tracking=True)
    desired_text = fields.Char(string="Wished hours", compute="_compute_desired_text")
    loading_form_id = fields.Many2one(
        "cement.cargo.form",
        string="Loaded as",
        compute="_compute_loading_form_id",
        store=True,
        help="Which loading points take the vehicle.",
    )
    proposed_date = fields.Date(
        string="Proposed day",
        copy=False,
        readonly=True,
        help="First day with room; becomes the promise when a person agrees.",
    )
    is_on_hold = fields.Boolean(
        string="On hold",
        copy=False,
        readonly=True,
        tracking=True,
        help="The client asked to wait: no place is kept and no pass is valid.",
    )
    hold_until = fields.Date(copy=False, readonly=True, tracking=True)
    change_request_ids = fields.One2many(
        "cement.change.request", "order_id", string="Change requests"
    )
    change_request_count = fields.Integer(
        string="Open change requests", compute="_compute_change_request_count"
    )

    _plant_day_idx = models.Index(
        "(plant_id, due_date) WHERE is_cement IS TRUE AND state = 'sale'"
    )

    @api.depends("order_line.product_id.cargo_form_id")
    def _compute_loading_form_id(self):
        for order in self:
            order.loading_form_id = order.order_line.product_id.cargo_form_id[:1]

    @api.depends("desired_from", "desired_to")
    @api.depends_context("lang")
    def _compute_desired_text(self):
        for order in self:
            order.desired_text = window_text(
                self.env, order.desired_from, order.desired_to
            )

    def _compute_change_request_count(self):
        counts = {
            order.id: count
            for order, count in self.env["cement.change.request"]
            .sudo()
            ._read_group(
                [("order_id", "in", self.ids), ("state", "=", change.NEW)],
                ["order_id"],
                ["__count"],
            )
        }
        for order in self:
            order.change_request_count = counts.get(order.id, 0)

    @api.constrains("desired_from", "desired_to")
    def _check_desired_hours(self):
        for order in self:
            check_window(self.env, order.desired_from, order.desired_to)

    def write(self, vals):
        """Override of `sale`: a promise sets the window of the shipments."""
        result = super().write(vals)
        if {"promised_date", "desired_from", "desired_to"} & vals.keys():
            # sudo: who may write the promise need not be a stock user
            cement = self.sudo().filtered("is_cement")
            if vals.get("promised_date"):
                cement.filtered("proposed_date").proposed_date = False
            cement.picking_ids._cement_write_windows()
        return result

    # === What the day is asked ===

    def _get_capacity_load(self) -> capacity.Load:
        """Return the order as a vehicle that takes its time at a loading point."""
        self.ensure_one()
        return capacity.Load(
            round(self.load_mass * 1000),
            self.loading_form_id.id or None,
            self.delivery_method_id.transport or "road",
        )

    def _get_earliest_day(self):
        """Return the first day that the plant may promise."""
        self.ensure_one()
        plant = self.plant_id
        first = gate.first_day(plant._get_local_now(), plant.cutoff_hour)
        return max(self.requested_date or first, first)

    def _is_day_barred(self, order_id, day) -> bool:
        """Whether the gate would stop the order on *day*; days and rooms of the plant
        are looked at apart."""
        # these records are read at once, whichever of them is asked about
        order = self.browse(order_id).with_prefetch(self._prefetch_ids)
        return bool(self.env["cement.order.gate"]._get_day_blocks(order, day))

    def _get_waiting(self):
        """Return those that wait for a promise."""
        return self.filtered(
            lambda order: order.is_cement
            and order.state == "sale"
            and order.plant_id
            and not order.promised_date
            and not order.is_on_hold
            and order.cement_state not in lifecycle.FINAL
        )

    def _propose_days(self) -> dict:
        """Return ``{order: first day with room or None}``, the orders asked first
        before the others."""
        orders_sudo = self.sudo()._get_waiting()
        answer = {}
        for plant, orders in orders_sudo.grouped("plant_id").items():
            earliest = {order.id: order._get_earliest_day() for order in orders}
            book = CapacityBook.around(
                plant, earliest.values(), plant.promise_horizon, exclude=orders
            )
            keys = sorted((day, order_id) for order_id, day in earliest.items())
            ordered = orders.browse([order_id for _day, order_id in keys])
            days = capacity.propose(
                [
                    capacity.Wish(
                        order.id, order._get_capacity_load(), earliest[order.id]
                    )
                    for order in ordered
                ],
                book.days_of(plant.id),
                plant.promise_horizon,
                ordered._is_day_barred,
            )
            answer.update({order: days[order.id] for order in ordered})
        return answer

    def action_propose_days(self):
        """Propose a day for each of the chosen orders that waits for one."""
        self._check_may_answer()
        self.check_access("read")
        answer = self._propose_days()
        for order, day in answer.items():
            order.proposed_date = day
        found = sum(1 for day in answer.values() if day)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if found == len(answer) else "warning",
                "message": self.env._(
                    "Days proposed: %(found)s of %(count)s. Confirm them or choose "
                    "others.",
                    found=found,
                    count=len(answer),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_accept_proposed(self):
        """Promise the proposed days to the clients."""
        self._check_may_answer()
        self.check_access("read")
        # sudo: dispatchers do not write orders; they may read these
        orders_sudo = self.sudo()._get_waiting().filtered("proposed_date")
        orders_sudo._cement_lock()
        orders_sudo = orders_sudo._get_waiting().filtered("proposed_date")
        orders_sudo.plant_id._hold_days()
        room = orders_sudo._keep_proposed_days()
        for day, orders in room.grouped("proposed_date").items():
            orders._promise(day)
        late = orders_sudo - room
        if not late:
            return None
        for order, day in late._propose_days().items():
            order.proposed_date = day
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "The proposed day is taken, past or barred: %(orders)s. Look at "
                    "the new proposals and promise them.",
                    orders=", ".join(late.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _keep_proposed_days(self):
        """Return those whose proposed day still has room, the plants held."""
        kept = self.browse()
        for plant, orders in self.grouped("plant_id").items():
            days = orders.mapped("proposed_date")
            book = CapacityBook(plant, min(days), max(days), orders, promised=True)
            found = capacity.propose(
                [
                    capacity.Wish(
                        order.id, order._get_capacity_load(), order.proposed_date
                    )
                    for order in orders.sorted("due_date")
                ],
                book.days_of(plant.id),
                horizon=0,
                is_barred=orders._is_day_barred,
            )
            today = plant._get_local_now().date()
            kept |= orders.filtered(
                lambda order: found[order.id] and found[order.id] >= today  # noqa: B023
            )
        return kept

    def _promise(self, day):
        """Promise *day* to the clients of these orders."""
        self._hold_book()
        # sudo: the caller has checked who promises
        self.sudo().write({"promised_date": day, "proposed_date": False})

    def _hold_book(self):
        """Hold the days of the plants that promise or refuse by what is taken: of
        two who fill a day at once the second looks again."""
        # sudo: members order by what they may not read
        self.sudo().plant_id.filtered("is_book_kept")._hold_days()

    def _cement_promise_day(self, day):
        """Promise *day* by word of a person; nothing takes the promise back.

        :raises AccessError: for whoever does not answer for the plant.
        :raises UserError: when the order is too far on its way or on hold, or the
            day is past.
        """
        self._check_may_answer()
        # sudo: dispatchers do not write orders; the right was checked above
        for order_sudo in self.sudo():
            order_sudo._cement_lock()
            if not order_sudo._can_be_promised():
                raise UserError(
                    self.env._(
                        "Order %(order)s is being loaded, has left or is on hold.",
                        order=order_sudo.name,
                    )
                )
            before = order_sudo.promised_date
            plant = order_sudo.plant_id
            if day and plant and day < plant._get_local_now().date():
                raise UserError(self.env._("This day is past."))
            if (day or False) == before:
                continue
            order_sudo._promise(day or False)
            order_sudo.picking_ids.pass_ids.filtered(
                lambda entry: entry.day != day
            )._cancel_open()
            order_sudo.picking_ids._cement_write_windows()
            order_sudo.message_post(
                body=self.env._(
                    "Promised day: %(before)s → %(after)s.",
                    before=format_date(self.env, before) if before else "—",
                    after=format_date(self.env, day) if day else "—",
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _can_be_promised(self) -> bool:
        """Whether a person may promise another day."""
        self.ensure_one()
        step = lifecycle.STEPS.get(self.cement_state, 0)
        return (
            self.state == "sale"
            and not self.is_on_hold
            and step < lifecycle.STEPS[lifecycle.SHIPPING]
        )

    def _check_may_answer(self):
        """Let dispatchers and managers answer for the plant, and nobody else.

        :raises AccessError: for everybody else.
        """
        if not (self.env.su or self.env.user.has_groups(ANSWER_GROUPS)):
            raise AccessError(
                self.env._("Only a dispatcher or a manager answers for the plant.")
            )

    def _answer_by_plant(self):
        """Propose or promise days as the plants are set to."""
        for mode in ("propose", "auto"):
            orders = self.sudo().filtered(
                lambda order: order.plant_id.promise_mode == mode  # noqa: B023
            )
            # plants of which nothing is known answer by hand
            orders = orders.filtered("plant_id.point_ids")._get_waiting()
            if mode == "auto":
                orders.plant_id._hold_days()
            for order, day in orders._propose_days().items():
                if day and mode == "auto":
                    order._promise(day)
                else:
                    order.proposed_date = day

    def _cement_after_confirm(self):
        """Override of `cement_sale`: the plant answers with a day."""
        result = super()._cement_after_confirm()
        self._hold_book()
        self._answer_by_plant()
        return result

    def _cement_after_edit(self):
        result = super()._cement_after_edit()
        self._hold_book()
        self._answer_by_plant()
        return result

    # === Change by the member ===

    def _prepare_edit_vals(self, changes):
        """Override of `cement_sale` to change the wished hours as well."""
        vals = super()._prepare_edit_vals(changes)
        carts = self.env["cement.cart"]
        for name in ("desired_from", "desired_to"):
            if name in changes:
                vals[name] = carts._parse_hour(changes[name]) or 0.0
        return vals

    # === Applying a change request ===

    def _cement_apply_change(self, vals, *, kind, note):
        """Change an order that is under way, through the gate.

        :param vals: values of the order; ``order_line`` among them for quantities.
        :param kind: the kind of the request: days are looked at when it is about
            the day only.
        :raises UserError: naming every block; nothing is changed then.
        """
        self.ensure_one()
        service = self.env["cement.order.gate"]
        with self.env.cr.savepoint():
            # sudo: the caller has checked who answers
            order_sudo = self.sudo()
            order_sudo.write(vals)
            order_sudo._hold_book()
            passed = service._get_day_codes() - (
                {"plant_closed"} if kind == change.DAY else set()
            )
            blocks = [
                finding
                for finding in order_sudo._get_gate_findings()
                if finding.severity == BLOCK and finding.code not in passed
            ]
            if blocks and not self.env.user.has_group(
                "cement_base.group_gate_override"
            ):
                service._raise_blocked(blocks)
            if blocks:
                order_sudo.with_env(self.env)._log_lifted(blocks, note)
        order_sudo.message_post(body=note, author_id=self.env.user.partner_id.id)
        order_sudo._portal_announce()

    def _cement_cancel_by_change(self, note):
        """Cancel an order on a request of its client."""
        self.ensure_one()
        force = self.env.user.has_group("cement_base.group_gate_override")
        if not self.can_cancel and not force:
            raise UserError(self.cancel_reason)
        # sudo: dispatchers may not write orders; the life cycle checks the move
        order_sudo = self.sudo()
        pickings = order_sudo.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        order_sudo._cement_set_state(
            lifecycle.CANCELLED, "manager", note=note[:200], force=force
        )
        pickings._cement_set_shipment_state(
            way.CANCELLED, "dispatcher", note=note[:200]
        )

    def _cement_set_state(self, target, source, date=None, note=None, force=False):
        """Override of `cement_sale`: nobody fetches what has left or is off."""
        moved = super()._cement_set_state(target, source, date, note, force)
        # sudo: managers and 1C do not write passes
        entries_sudo = moved.sudo().picking_ids.pass_ids
        if target == lifecycle.CANCELLED:
            entries_sudo._cancel_open()
        elif target in GONE:
            entries_sudo._close_open()
        return moved

    def _check_nothing_left(self):
        """Override of `cement_sale`: what is aboard is unloaded first."""
        result = super()._check_nothing_left()
        # sudo: sales people and members read neither passes nor transfers
        for order in self.sudo():
            inside = order.picking_ids.pass_ids.filtered(
                lambda entry: entry.state == passes.INSIDE
            )[:1]
            if inside:
                raise UserError(
                    self.env._(
                        "Vehicle %(plate)s is on the premises for order %(order)s, "
                        "pass %(name)s. Cancel its shipment, have the vehicle unloaded "
                        "and let out at the gate; then cancel the order.",
                        plate=inside._get_plates(),
                        order=order.name,
                        name=inside.name,
                    )
                )
            loading = order.picking_ids.filtered(
                lambda picking: picking.shipment_state == way.LOADING
                and picking.state != "cancel"
            )[:1]
            if loading:
                raise UserError(
                    self.env._(
                        "Shipment %(name)s of order %(order)s is being loaded. Have it "
                        "unloaded and cancel the shipment; then cancel the order.",
                        name=loading.name,
                        order=order.name,
                    )
                )
        return result

    def action_release_hold(self):
        """Take the order off hold: it waits for a new promise."""
        self._check_may_answer()
        self.check_access("read")
        # sudo: dispatchers do not write orders; they may read these
        held = self.sudo().filtered("is_on_hold")
        held.write({"is_on_hold": False, "hold_until": False})
        held._answer_by_plant()

    def action_view_change_requests(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_logistics_dispatch.cement_change_request_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    # === Portal ===

    def _portal_page(self):
        """Override of `cement_portal` to show requests, hours and the pick-up."""
        page = super()._portal_page()
        return {
            **page,
            "changes": self.env["cement.change.request"]._portal_rows_of(self),
            "pickup": self._portal_pickup(),
        }

    def _portal_state(self):
        values = super()._portal_state()
        order_sudo = values["order"]
        pickings = order_sudo.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
            and picking.state != "cancel"
        )[:1]
        return {
            **values,
            "desired_text": order_sudo.desired_text,
            "promised_window": pickings._get_promised_text(),
            "hold_text": order_sudo._get_hold_text(),
            "desired_hours": {
                "from": hours.hour_text(order_sudo.desired_from)
                if order_sudo.desired_from
                else "",
                "to": hours.hour_text(order_sudo.desired_to)
                if order_sudo.desired_to
                else "",
            },
        }

    def _get_hold_text(self) -> str:
        self.ensure_one()
        if not self.is_on_hold:
            return ""
        fmt = self.env["cement.portal.shell"]._get_formats()
        if self.hold_until:
            return self.env._("on hold until %(day)s", day=fmt.day(self.hold_until))
        return self.env._("on hold")

    def _portal_pickup(self) -> dict | None:
        """Return the block of the pick-up, or ``None`` when the plant delivers."""
        self.ensure_one()
        order_sudo = self._member_sudo()
        method = order_sudo.delivery_method_id
        if not method.is_pickup or method.transport != "road":
            return None
        pickings = order_sudo.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
            and picking.state != "cancel"
        )
        return {
            "rows": [picking._portal_pickup_row() for picking in pickings],
            "reason": self._portal_role_reason(),
        }

    def _portal_actions(self):
        """Override of `cement_portal` to offer a change after the dispatch."""
        denial = self._portal_change_reason()
        return [
            *super()._portal_actions(),
            {
                "key": "change",
                "label": self.env._("Request a change"),
                "allowed": not denial,
                "reason": denial,
            },
        ]

    def _portal_change_reason(self) -> str:
        """Return why no change can be asked for, or nothing."""
        order_sudo = self._member_sudo()
        role_reason = self._portal_role_reason()
        if role_reason:
            return role_reason
        if order_sudo.state != "sale" or order_sudo.cement_state in lifecycle.FINAL:
            return self.env._("The order is closed: there is nothing to change.")
        options = self.env["cement.change.request"]._get_options(self)
        if not any(option["allowed"] for option in options):
            return self.env._(
                "The shipment is too far on its way to be changed. Call your manager."
            )
        return ""

    def _check_change_right(self):
        """Return the order as superuser when the member may ask for changes."""
        self.ensure_one()
        return self._member_sudo(roles.ORDER)

    def _portal_first_day(self):
        """Return the first day that a client may ask for."""
        self.ensure_one()
        # sudo: the plant of an order that the person may read
        plant_sudo = self.sudo().plant_id
        now = plant_sudo._get_local_now() if plant_sudo else fields.Datetime.now()
        return now.date() + timedelta(1)
