# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.cement_base.tools import roles

from ..tools import lifecycle
from ..tools.findings import WARN, Finding
from ..tools.table_import import clean_text

OVERRIDE_GROUP = "cement_base.group_gate_override"


class SaleOrder(models.Model):
    """The life of an order as the accounting side sees it."""

    _inherit = "sale.order"

    cement_state = fields.Selection(
        selection="_selection_cement_state",
        string="Client status",
        default=lifecycle.NEW,
        required=True,
        copy=False,
        readonly=True,
        index=True,
        tracking=True,
    )
    cement_state_date = fields.Datetime(
        string="Status since", readonly=True, copy=False, default=fields.Datetime.now
    )
    status_event_ids = fields.One2many(
        "cement.order.event", "order_id", string="Status history", readonly=True
    )
    can_edit = fields.Boolean(compute="_compute_allowed_actions")
    can_cancel = fields.Boolean(compute="_compute_allowed_actions")
    can_copy = fields.Boolean(compute="_compute_allowed_actions")
    edit_reason = fields.Char(
        compute="_compute_allowed_actions", help="Why the order cannot be changed."
    )
    cancel_reason = fields.Char(
        compute="_compute_allowed_actions", help="Why the order cannot be cancelled."
    )

    @api.model
    def _selection_cement_state(self):
        return [
            (lifecycle.NEW, self.env._("New")),
            (lifecycle.PROCESSING, self.env._("Processing")),
            (lifecycle.RESERVE_ALLOWED, self.env._("Reserve allowed")),
            (lifecycle.RESERVE_PARTIAL, self.env._("Reserve allowed in part")),
            (lifecycle.RESERVE_REFUSED, self.env._("Reserve refused")),
            (lifecycle.ASSEMBLING, self.env._("Assembling")),
            (lifecycle.SHIPPING, self.env._("Shipping")),
            (lifecycle.SHIPPED, self.env._("Shipped")),
            (lifecycle.DELIVERED, self.env._("Delivered")),
            (lifecycle.CLOSED, self.env._("Closed")),
            (lifecycle.CANCELLED, self.env._("Cancelled")),
        ]

    @api.depends("cement_state", "is_cement", "state")
    @api.depends_context("uid", "lang")
    def _compute_allowed_actions(self):
        """What may be done now; the view, the button and the check read the same."""
        labels = dict(self._selection_cement_state())
        for order in self:
            state = order.cement_state
            confirmed = order.is_cement and order.state == "sale"
            order.can_edit = confirmed and lifecycle.can_edit(state)
            order.can_cancel = confirmed and lifecycle.can_cancel(state)
            order.can_copy = order.is_cement
            order.edit_reason = (
                False
                if order.can_edit
                else self.env._(
                    "In the status “%(status)s” an order is not changed any more. "
                    "Write to your manager.",
                    status=labels.get(state, ""),
                )
            )
            order.cancel_reason = (
                False
                if order.can_cancel
                else self.env._(
                    "In the status “%(status)s” an order is not cancelled any more. "
                    "Write to your manager.",
                    status=labels.get(state, ""),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to begin the status history."""
        orders = super().create(vals_list)
        cement = orders.filtered("is_cement")
        cement._log_state("system")
        return orders

    # === Moving on ===

    def _cement_set_state(self, target, source, date=None, note=None, force=False):
        """Move the orders to *target*.

        Orders that are there already are left alone, so messages may come twice.

        :param source: who says so, as in ``cement.order.event``.
        :param date: when it was true; the present moment by default.
        :param force: move backwards too; only people with the right may.
        :return: the orders that moved.
        :raises UserError: naming the order that cannot go there.
        """
        self.check_access("write")
        if force:
            self._check_force_right()
        moving = self.filtered(lambda order: order.cement_state != target)
        for order in moving:
            if not force and not lifecycle.can_move(order.cement_state, target):
                labels = dict(self._selection_cement_state())
                raise UserError(
                    self.env._(
                        "Order %(order)s cannot go from “%(state)s” to “%(target)s”.",
                        order=order.name,
                        state=labels.get(order.cement_state),
                        target=labels.get(target, target),
                    )
                )
        if target == lifecycle.CANCELLED:
            moving._check_nothing_left()
        if moving:
            when = date or fields.Datetime.now()
            # sudo: nobody writes the state by hand; it was checked above
            moving.sudo().write({"cement_state": target, "cement_state_date": when})
            moving._log_state(source, when, note)
            if target == lifecycle.CANCELLED:
                moving._cement_cancel_documents()
        return moving

    def _check_force_right(self):
        if not (self.env.su or self.env.user.has_group(OVERRIDE_GROUP)):
            raise UserError(
                self.env._("Only a person with the right may move a status backwards.")
            )

    def _log_state(self, source, when=None, note=None):
        # sudo: members and 1C have no write access to the history
        self.env["cement.order.event"].sudo().create(
            [
                {
                    "order_id": order.id,
                    "state": order.cement_state,
                    "date": when or fields.Datetime.now(),
                    "source": source,
                    "note": note,
                }
                for order in self
            ]
        )

    def _check_nothing_left(self):
        # sudo: sales people and members do not read transfers
        if any(picking.state == "done" for picking in self.sudo().picking_ids):
            raise UserError(
                self.env._("Goods have left already: the order cannot be cancelled.")
            )

    def _cement_cancel_documents(self):
        """Cancel the orders themselves, with their transfers."""
        open_orders = self.filtered(lambda order: order.state != "cancel")
        locked = open_orders.filtered("locked")
        if locked:
            locked.action_unlock()
        open_orders._action_cancel()

    def action_cement_processing(self):
        """Take the orders to work (manager)."""
        self._cement_set_state(lifecycle.PROCESSING, "manager")

    def action_cement_next(self):
        """Move on by one step, for plants whose accounting does not answer."""
        following = {
            lifecycle.NEW: lifecycle.PROCESSING,
            lifecycle.PROCESSING: lifecycle.RESERVE_ALLOWED,
            lifecycle.RESERVE_ALLOWED: lifecycle.ASSEMBLING,
            lifecycle.RESERVE_PARTIAL: lifecycle.ASSEMBLING,
            lifecycle.ASSEMBLING: lifecycle.SHIPPING,
            lifecycle.SHIPPING: lifecycle.SHIPPED,
            lifecycle.SHIPPED: lifecycle.DELIVERED,
            lifecycle.DELIVERED: lifecycle.CLOSED,
        }
        for state, orders in self.grouped("cement_state").items():
            if state in following:
                orders._cement_set_state(following[state], "manager")

    # === Cancel ===

    def action_cancel(self):
        """Override of `sale`: orders by specification obey their life cycle."""
        others = self - self._cement_cancel_under_way()
        return super(SaleOrder, others).action_cancel() if others else True

    def _action_cancel(self):
        """Override of `sale`: the dialog that cancels many orders of a list comes
        here past the button."""
        others = self - self._cement_cancel_under_way()
        return super(SaleOrder, others)._action_cancel() if others else True

    def _cement_cancel_under_way(self):
        """Cancel those by specification that are under way, and return them.

        :raises UserError: when the status of one does not allow it any more.
        """
        cement = self.filtered(
            lambda order: order.is_cement
            and order.state == "sale"
            and order.cement_state != lifecycle.CANCELLED
        )
        force = self.env.user.has_group(OVERRIDE_GROUP)
        for order in cement:
            if not order.can_cancel and not force:
                raise UserError(order.cancel_reason)
        if cement:
            cement._cement_set_state(lifecycle.CANCELLED, "manager", force=force)
        return cement

    def action_draft(self):
        """Override of `sale`: a cancelled order comes back to life by right only."""
        cement = self.filtered(
            lambda order: order.is_cement and order.cement_state == lifecycle.CANCELLED
        )
        result = super().action_draft()
        if cement:
            cement._cement_set_state(lifecycle.NEW, "manager", force=True)
        return result

    def _cement_cancel(self, reason=None):
        """Cancel on behalf of a member.

        :raises UserError: when the status does not allow it any more.
        """
        orders_sudo = self._member_sudo(roles.ORDER)
        for order in orders_sudo:
            if not order.can_cancel:
                raise UserError(order.cancel_reason)
        orders_sudo._cement_set_state(
            lifecycle.CANCELLED, "portal", note=clean_text(reason, 200) or None
        )

    # === Change ===

    def _cement_edit(self, changes: dict):
        """Change an order on behalf of a member, through the whole gate.

        The order keeps its price while no tonne is added. Tonnes are added at the
        price of the day: when that is another one, it must be in ``prices``, and
        the whole line has it then (see docs/decisions/0009).

        :param changes: ``quantities`` (``{order line id: tonnes}``),
            ``requested_date``, ``site_id``, ``unloading_way_id``; what is absent
            stays. ``prices`` (``{order line id: price per tonne}``): those that
            the person has agreed with.
        :raises UserError: when the status forbids it or the gate refuses; nothing
            is changed then.
        """
        self.ensure_one()
        order_sudo = self._member_sudo(roles.ORDER)
        order_sudo._cement_lock()
        if not order_sudo.can_edit:
            raise UserError(order_sudo.edit_reason)
        vals = order_sudo._prepare_edit_vals(changes)
        if not vals:
            return
        repriced = order_sudo._get_repriced_lines(changes)
        not_agreed = order_sudo._get_price_findings(repriced, changes)
        if not_agreed:
            service = self.env["cement.order.gate"]
            raise UserError(
                "\n".join(
                    f"{finding['message']} {finding['remedy']}"
                    for finding in service._describe_all(not_agreed)
                )
            )
        # whoever catches the refusal finds the order as it was
        with self.env.cr.savepoint():
            order_sudo.write(vals)
            repriced._take_agreed_price()
            if vals.get("requested_date"):
                # the promise was given for another day
                order_sudo.promised_date = False
            self.env["cement.order.gate"]._raise_blocked(
                order_sudo._get_gate_findings()
            )
        order_sudo.message_post(
            body=self.env._("The client has changed the order."),
            author_id=self.env.user.partner_id.id,
        )
        order_sudo._cement_after_edit()

    def _get_price_questions(self, changes: dict) -> list[dict]:
        """Return the prices with which the person has to agree before
        :meth:`_cement_edit`: ``line_id``, ``price`` per tonne and ``message``."""
        self.ensure_one()
        order_sudo = self._member_sudo(roles.ORDER)
        findings = order_sudo._get_price_findings(
            order_sudo._get_repriced_lines(changes), changes
        )
        described = self.env["cement.order.gate"]._describe_all(findings)
        return [
            {
                "line_id": finding.keys[0],
                "price": finding.params["now"],
                "message": f"{words['message']} {words['remedy']}",
            }
            for finding, words in zip(findings, described, strict=True)
        ]

    def _get_repriced_lines(self, changes: dict):
        """Return the lines that get tonnes added while the specification has
        another price than the order."""
        lines = {line.id: line for line in self.order_line}
        repriced = self.order_line.browse()
        for line_id, quantity in (changes.get("quantities") or {}).items():
            line = lines.get(_to_int(line_id))
            if not line or not line.specification_line_id or line.qty_invoiced > 0:
                continue
            mass = self.env["cement.cart"]._parse_quantity(quantity)
            if round(mass * 1000) > round(line.mass * 1000) and line._has_other_price():
                repriced |= line
        return repriced

    def _get_price_findings(self, repriced, changes: dict) -> list[Finding]:
        """Return a finding for each of the lines *repriced* with whose new price the
        person has not agreed."""
        agreed = changes.get("prices") or {}
        findings = []
        for line in repriced:
            now = line.specification_line_id.price_unit
            seen = _to_float(agreed.get(line.id, agreed.get(str(line.id))))
            if round(seen * 100) != round(now * 100):
                params = {
                    "label": line.product_id.name or "",
                    "seen": line.price_unit / (line._get_mass_of_unit() or 1.0),
                    "now": now,
                }
                findings.append(Finding("order_price", WARN, params, (line.id,)))
        return findings

    def _prepare_edit_vals(self, changes) -> dict:
        self.ensure_one()
        cart = self.env["cement.cart"]
        vals: dict = {}
        if "requested_date" in changes:
            day = cart._parse_day(changes["requested_date"])
            if day != self.requested_date:
                vals["requested_date"] = day
        if "site_id" in changes:
            site = (
                self.env["cement.site"]
                .sudo(False)
                .search(
                    [
                        ("id", "=", _to_int(changes["site_id"])),
                        ("partner_id", "=", self.counterparty_id.id),
                    ]
                )
            )
            if not site:
                raise UserError(self.env._("This site is not among yours."))
            if site != self.site_id:
                vals["site_id"] = site.id
        if "unloading_way_id" in changes:
            way = self.env["cement.unloading.way"].browse(
                _to_int(changes["unloading_way_id"])
            )
            vals["unloading_way_id"] = way.exists().id
        lines = self._prepare_edit_line_vals(changes.get("quantities") or {})
        if lines:
            vals["order_line"] = lines
        return vals

    def _prepare_edit_line_vals(self, quantities) -> list:
        lines = {line.id: line for line in self.order_line}
        commands = []
        for line_id, quantity in quantities.items():
            line = lines.get(_to_int(line_id))
            if not line or not line.specification_line_id:
                raise UserError(self.env._("This line is not in the order."))
            mass = self.env["cement.cart"]._parse_quantity(quantity)
            if round(mass * 1000) != round(line.mass * 1000):
                commands.append(
                    Command.update(
                        line.id, {"product_uom_qty": line._get_uom_quantity(mass)}
                    )
                )
        return commands

    def _cement_after_edit(self):
        """Called with an order that a member changed; addons extend it."""


def _to_float(value) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _to_int(value) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
