# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.cement_logistics.tools import lifecycle

from ..tools import change
from .cement_cart import window_text

NOTIFICATION = "cement.change_request"
# what the person who answers writes; the rest is the client's
_BY_HAND = {"answer"}


class CementChangeRequest(models.Model):
    """What a client asks to be changed after the order was taken.

    It is made by :meth:`_submit`, answered by :meth:`_accept` or :meth:`_decline`,
    and changes nothing but through the life cycle of the order and its gate.
    """

    _name = "cement.change.request"
    _description = "Change request"
    _inherit = ["cement.private.thread", "mail.thread", "mail.activity.mixin"]
    _order = "is_open DESC, create_date DESC, id DESC"

    name = fields.Char(string="Number", required=True, readonly=True, default="/")
    order_id = fields.Many2one(
        "sale.order", string="Order", required=True, index=True, ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Shipment", index="btree_not_null", ondelete="cascade"
    )
    # stored copies: the portal's record rule compares them
    partner_id = fields.Many2one(
        related="order_id.counterparty_id", string="Client", store=True, index=True
    )
    agreement_id = fields.Many2one(
        related="order_id.agreement_id", string="Contract", store=True
    )
    site_id = fields.Many2one(
        related="order_id.site_id", string="Site of the order", store=True
    )
    ordered_by_id = fields.Many2one(
        related="order_id.ordered_by_id", string="Ordered by", store=True
    )
    plant_id = fields.Many2one(
        related="order_id.plant_id", string="Plant", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", string="Supplier", store=True, index=True
    )
    shipment_state = fields.Selection(
        related="picking_id.shipment_state", string="Shipment is"
    )
    kind = fields.Selection(selection="_selection_kind", required=True, index=True)
    order_line_id = fields.Many2one(
        "sale.order.line", string="Line", ondelete="cascade", index="btree_not_null"
    )
    new_quantity = fields.Float(string="New quantity, t", digits=(16, 3))
    new_day = fields.Date()
    new_site_id = fields.Many2one("cement.site", string="New site", ondelete="restrict")
    new_unloading_way_id = fields.Many2one(
        "cement.unloading.way", string="New unloading", ondelete="restrict"
    )
    new_from = fields.Float(string="New hours from")
    new_to = fields.Float(string="New hours until")
    hold_until = fields.Date()
    before_text = fields.Char(string="Was", readonly=True)
    after_text = fields.Char(string="Asked for", readonly=True)
    reason = fields.Text(required=True, help="Why, in the client's words.")
    state = fields.Selection(
        selection="_selection_state",
        string="Status",
        required=True,
        readonly=True,
        default=change.NEW,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True, index=True)
    answer = fields.Text(copy=False, help="Shown to the client; needed to decline.")
    answered_by_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False
    )
    answered_at = fields.Datetime(readonly=True, copy=False)
    expires_at = fields.Datetime(string="Answer until", readonly=True, copy=False)
    author_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, index="btree_not_null"
    )
    client_key = fields.Char(copy=False, readonly=True, groups="base.group_system")

    _client_key_uniq = models.UniqueIndex(
        "(author_id, client_key) WHERE client_key IS NOT NULL",
        "This request has been made already.",
    )
    _open_uniq = models.UniqueIndex(
        "(order_id, COALESCE(picking_id, 0), kind) WHERE state = 'new'",
        "There is a request of this kind without an answer already.",
    )

    @api.model
    def _selection_kind(self):
        return [
            (change.QUANTITY, self.env._("Quantity")),
            (change.DAY, self.env._("Day")),
            (change.SITE, self.env._("Address")),
            (change.UNLOADING, self.env._("Unloading")),
            (change.HOURS, self.env._("Hours")),
            (change.HOLD, self.env._("Hold")),
            (change.CANCEL, self.env._("Cancellation")),
        ]

    @api.model
    def _selection_state(self):
        return [
            (change.NEW, self.env._("New")),
            (change.ACCEPTED, self.env._("Accepted")),
            (change.DECLINED, self.env._("Declined")),
            (change.EXPIRED, self.env._("Expired")),
            (change.WITHDRAWN, self.env._("Withdrawn")),
        ]

    @api.depends("state")
    def _compute_is_open(self):
        for request in self:
            request.is_open = request.state == change.NEW

    @api.model_create_multi
    def create(self, vals_list):
        """Number the requests; each begins as a new one."""
        if not self.env.su:
            raise AccessError(
                self.env._("A change is asked for by the client, on the order's page.")
            )
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequence.next_by_code("cement.change.request") or "/"
            vals["state"] = change.NEW
        requests = super().create(vals_list)
        requests._assign_work()
        return requests

    def write(self, vals):
        """Override: what was asked stays, and the status has its buttons."""
        forged = {
            name
            for name in vals.keys() - _BY_HAND
            if not name.startswith(("message_", "activity_"))
        }
        if forged and not self.env.su:
            raise AccessError(
                self.env._("A change request is answered by its buttons only.")
            )
        return super().write(vals)

    # === Rules ===

    def _get_present_denial(self) -> str:
        """Return in words why the change is not possible any more, or nothing."""
        self.ensure_one()
        return self._get_denial(self.order_id, self.picking_id, self.kind)

    @api.model
    def _get_denial(self, order, picking, kind, *, is_answer=True) -> str:
        """Return why *kind* may not be changed now, or nothing.

        :param is_answer: the plant answers: its own cut-off hours do not bind it.
        """
        transport = order.delivery_method_id.transport or "road"
        rule = change.find_rule(
            self.env["cement.change.rule"]._get_rules(), kind, transport
        )
        state = picking.shipment_state or lifecycle.PLANNED
        if picking.state == "done" and state == lifecycle.PLANNED:
            state = lifecycle.LEFT
        code = change.find_denial(
            rule,
            state,
            fields.Datetime.now(),
            None if is_answer or not picking else picking._get_loading_moment(),
        )
        if not code:
            return ""
        labels = dict(picking._selection_shipment_state())
        return {
            change.NO_RULE: self.env._("The plant does not take such requests."),
            change.TOO_FAR: self.env._(
                "Not possible any more: the shipment is “%(state)s”.",
                state=labels.get(state, ""),
            ),
            change.TOO_LATE: self.env._(
                "Too late: such a change is taken until %(hours)s h before loading.",
                hours=f"{rule.hours_before:g}" if rule else "",
            ),
        }[code]

    # === Answers ===

    def _lock(self):
        """Hold the request, its order and its shipment until the end.

        Two who answer at once, and a shipment that moves meanwhile, wait for each
        other; the second finds the answer of the first.
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT id FROM cement_change_request WHERE id = %s FOR UPDATE", self.id
            )
        )
        if self.picking_id:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM stock_picking WHERE id = %s FOR NO KEY UPDATE",
                    self.picking_id.id,
                )
            )
            self.picking_id.invalidate_recordset()
        self.order_id._cement_lock()
        self.invalidate_recordset()

    def _check_open(self):
        """Refuse to answer twice.

        :raises UserError: naming who was first.
        """
        self.ensure_one()
        if self.state == change.NEW:
            return
        labels = dict(self._selection_state())
        raise UserError(
            self.env._(
                "Request %(name)s has its answer already: %(state)s, %(user)s.",
                name=self.name,
                state=labels[self.state],
                user=self.answered_by_id.name or "—",
            )
        )

    def action_accept(self):
        """Agree: the change is made, or nothing is and the reason is told."""
        self.env["sale.order"]._check_may_answer()
        for request in self:
            request.check_access("write")
            request._accept()

    def action_decline(self):
        """Disagree, for the reason in the answer."""
        self.env["sale.order"]._check_may_answer()
        for request in self:
            request.check_access("write")
            request._decline()

    def _accept(self):
        self.ensure_one()
        # sudo: the right to answer was checked; orders are not written by dispatchers
        request_sudo = self.sudo()
        request_sudo._lock()
        request_sudo._check_open()
        denial = request_sudo._get_present_denial()
        if denial:
            raise UserError(denial)
        with self.env.cr.savepoint():
            request_sudo._apply()
            request_sudo._close(change.ACCEPTED)

    def _decline(self):
        self.ensure_one()
        # sudo: see _accept
        request_sudo = self.sudo()
        request_sudo._lock()
        request_sudo._check_open()
        if not (request_sudo.answer or "").strip():
            raise UserError(
                self.env._(
                    "Write the client why: the answer is shown with the request."
                )
            )
        request_sudo._close(change.DECLINED)

    def _apply(self):
        """Make the change (as superuser); the gate of the order decides."""
        self.ensure_one()
        order = self.order_id
        note = self.env._(
            "Change request %(name)s is accepted: %(what)s.",
            name=self.name,
            what=self.after_text or dict(self._selection_kind())[self.kind],
        )
        if self.kind == change.CANCEL:
            order._cement_cancel_by_change(note)
            return
        vals = getattr(self, f"_prepare_{self.kind}_vals")()
        # the person who answers, not the superuser, stands behind lifted blocks
        order.sudo(False)._cement_apply_change(vals, kind=self.kind, note=note)
        if self.kind == change.HOLD:
            order.picking_ids.pass_ids._cancel_open()
        elif self.kind == change.DAY:
            self._release_pass()

    def _release_pass(self):
        """A pass for another day than the promised one is void."""
        self.order_id.picking_ids.pass_ids.filtered(
            lambda entry: entry.day != self.new_day
        )._cancel_open()
        self.order_id.picking_ids._cement_write_windows()

    def _prepare_quantity_vals(self):
        line = self.order_line_id or self.order_id.order_line[:1]
        kg = round(self.new_quantity * 1000)
        return {
            "order_line": [
                Command.update(
                    line.id, {"product_uom_qty": line._get_uom_quantity(kg / 1000)}
                )
            ]
        }

    def _prepare_day_vals(self):
        # the plant that accepts the day promises it
        return {"requested_date": self.new_day, "promised_date": self.new_day}

    def _prepare_site_vals(self):
        site = self.new_site_id
        consignee = site.consignee_id or self.order_id.counterparty_id
        return {"site_id": site.id, "consignee_id": consignee.id}

    def _prepare_unloading_vals(self):
        way, vehicle = self.new_unloading_way_id, self.order_id.vehicle_type_id
        ways = vehicle.unloading_way_ids
        if way and ways and way not in ways:
            raise UserError(
                self.env._(
                    "%(vehicle)s cannot be unloaded so: %(way)s. Choose another "
                    "vehicle first.",
                    vehicle=vehicle.name,
                    way=way.name,
                )
            )
        return {"unloading_way_id": way.id}

    def _prepare_hours_vals(self):
        return {"desired_from": self.new_from, "desired_to": self.new_to}

    def _prepare_hold_vals(self):
        return {
            "is_on_hold": True,
            "hold_until": self.hold_until,
            "promised_date": False,
            "proposed_date": False,
        }

    def _close(self, state, answer=None):
        """Keep the answer and tell the client (as superuser)."""
        vals = {
            "state": state,
            "answered_at": fields.Datetime.now(),
            "answered_by_id": self.env.uid if state != change.EXPIRED else False,
        }
        if answer:
            vals["answer"] = answer
        self.write(vals)
        self.activity_unlink(["mail.mail_activity_data_todo"])
        labels = dict(self._selection_state())
        for request in self:
            request.order_id.message_post(
                body=self.env._(
                    "Change request %(name)s (%(what)s): %(state)s. %(answer)s",
                    name=request.name,
                    what=request.after_text or "",
                    state=labels[state],
                    answer=request.answer or "",
                ).strip()
            )
        self._announce()

    def _expire_impossible(self):
        """Close those whose shipment has gone too far (as superuser)."""
        for request in self:
            denial = request._get_present_denial()
            if denial:
                request._close(change.EXPIRED, denial)

    @api.model
    def _cron_expire(self):
        """Close the requests that nobody answered in time."""
        late = self.search(
            [("state", "=", change.NEW), ("expires_at", "<", fields.Datetime.now())],
            limit=500,
        )
        for request in late:
            request._close(
                change.EXPIRED,
                self.env._("There was no answer in time. Call your manager."),
            )

    # === Who is told ===

    def _assign_work(self):
        """Give the dispatchers of the plant an activity, else the manager."""
        for request in self:
            people = request.plant_id.dispatcher_ids or request.order_id.user_id
            for user in people.filtered(lambda user: user.active and not user.share):
                speech = request.with_context(lang=user.lang or self.env.lang)
                speech.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=speech._get_activity_summary(),
                )

    def _get_activity_summary(self) -> str:
        self.ensure_one()
        return self.env._(
            "%(client)s asks for a change: %(kind)s",
            client=self.partner_id.name,
            kind=dict(self._selection_kind())[self.kind],
        )

    def _announce(self):
        """Move the open pages of those who may see the orders."""
        for user, order_ids in self.order_id._portal_watchers().items():
            user._bus_send(NOTIFICATION, {"order_ids": order_ids[:100]})
        self.order_id._portal_announce()

    def _get_expiry(self, order, kind):
        hours = self.env["cement.change.rule"]._get_answer_hours(
            kind, order.delivery_method_id.transport or "road"
        )
        return fields.Datetime.now() + timedelta(hours=hours)

    # === In words ===

    @api.model
    def _get_before_text(self, order, kind, line=None) -> str:
        """Return in words what stands now."""
        fmt = self.env["cement.portal.shell"]._get_formats()
        if kind == change.QUANTITY:
            return fmt.mass((line or order.order_line[:1]).mass)
        return {
            change.DAY: fmt.day(order.promised_date or order.requested_date),
            change.SITE: order.site_id.name or "—",
            change.UNLOADING: order.unloading_way_id.name or self.env._("any"),
            change.HOURS: window_text(self.env, order.desired_from, order.desired_to)
            or self.env._("any"),
        }.get(kind, "")

    @api.model
    def _get_after_text(self, vals) -> str:
        """Return in words what *vals* ask for."""
        fmt = self.env["cement.portal.shell"]._get_formats()
        kind = vals["kind"]
        if kind == change.QUANTITY:
            return fmt.mass(vals["new_quantity"])
        if kind == change.DAY:
            return fmt.day(vals["new_day"])
        if kind == change.SITE:
            return self.env["cement.site"].sudo().browse(vals["new_site_id"]).name
        if kind == change.UNLOADING:
            ways = self.env["cement.unloading.way"].sudo()
            return ways.browse(vals["new_unloading_way_id"]).name
        if kind == change.HOURS:
            return window_text(
                self.env, vals["new_from"], vals["new_to"]
            ) or self.env._("any")
        if kind == change.HOLD:
            if vals.get("hold_until"):
                return self.env._(
                    "on hold until %(day)s", day=fmt.day(vals["hold_until"])
                )
            return self.env._("on hold")
        return self.env._("cancel the order")
