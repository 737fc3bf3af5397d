# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.cement_sale.tools import lifecycle as order_lifecycle

from ..tools import lifecycle, weighing

# What a tracker writes often; see _cement_update_positions.
POSITION_FIELDS = (
    "latitude",
    "longitude",
    "position_date",
    "position_text",
    "position_accuracy",
    "distance_left",
    "eta_date",
    "eta_source",
    "due_date",
)
# Who says so on the shipment, and how the order calls it.
_ORDER_SOURCES = {"dispatcher": "manager", "onec": "onec", "client": "portal"}
_SHIPMENT_SOURCES = {"manager": "dispatcher", "onec": "onec", "portal": "client"}

_AT_LEAST = {
    order_lifecycle.SHIPPING: lifecycle.LOADING,
    order_lifecycle.SHIPPED: lifecycle.LEFT,
    order_lifecycle.DELIVERED: lifecycle.DONE,
    order_lifecycle.CLOSED: lifecycle.DONE,
}


class StockPicking(models.Model):
    """The way of a shipment: scales, leaving, arriving; the order follows."""

    _inherit = "stock.picking"

    @api.constrains("gross_mass", "tare_mass", "net_mass")
    def _check_masses(self):
        for picking in self:
            fault = weighing.find_fault(
                picking.gross_mass, picking.tare_mass, picking.net_mass
            )
            if fault:
                raise ValidationError(picking._get_weighing_error(fault))

    def _get_weighing_error(self, fault) -> str:
        self.ensure_one()
        if fault == weighing.GROSS_BELOW_TARE:
            return self.env._(
                "%(name)s: the loaded vehicle is lighter than the empty one.",
                name=self.name,
            )
        if fault == weighing.NET_DIFFERS:
            return self.env._(
                "%(name)s: gross less tare is %(reckoned)s t, not %(net)s t.",
                name=self.name,
                reckoned=weighing.net(self.gross_mass, self.tare_mass),
                net=self.net_mass,
            )
        return self.env._("%(name)s: a mass is below zero.", name=self.name)

    # === Leaving the plant ===

    def button_validate(self):
        """Override of `stock`: of bulk goods the scales say how much has left."""
        self._cement_apply_weighing()
        if any(picking.is_cement for picking in self):
            # clients follow their cargo here: no paid text message is offered
            self = self.with_context(skip_sms=True)
        return super().button_validate()

    def _check_backorder(self):
        """Override of `stock`: what the scales show a little below the order is the
        whole load, and no reason for a second vehicle."""
        return (
            super()
            ._check_backorder()
            .filtered(lambda picking: not picking._is_load_complete())
        )

    def _is_load_complete(self) -> bool:
        """Whether the weighed mass is the order's, within the loading tolerance."""
        self.ensure_one()
        return (
            self.is_cement
            and bool(self.net_mass)
            and not weighing.is_beyond(
                self.ordered_mass,
                self.net_mass,
                self.company_id.cement_load_tolerance,
            )
        )

    def _action_done(self):
        """Override of `stock`: the goods have left, the way begins."""
        self._cement_apply_weighing()
        if any(picking.is_cement for picking in self):
            # see button_validate
            self = self.with_context(skip_sms=True)
        complete = self.filtered(lambda picking: picking._is_load_complete())
        if complete:
            super(
                StockPicking, complete.with_context(cancel_backorder=True)
            )._action_done()
        others = self - complete
        result = super(StockPicking, others)._action_done() if others else True
        left = self.filtered(
            lambda picking: picking.state == "done" and picking._is_cement_shipment()
        )
        left._cement_set_shipment_state(lifecycle.LEFT, "system")
        return result

    def _is_cement_shipment(self) -> bool:
        self.ensure_one()
        return self.is_cement and self.picking_type_code == "outgoing"

    def _cement_apply_weighing(self):
        """Make of the weighed mass of bulk goods the quantity that is shipped.

        :raises ValidationError: when the masses cannot be true together.
        """
        weighed = self.filtered(
            lambda picking: picking.net_mass
            and picking.state not in ("done", "cancel")
            and picking._is_cement_shipment()
        )
        if not weighed:
            return
        for picking in weighed:
            moves = picking.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            kinds = set(moves.product_id.mapped("cargo_kind"))
            # of packages the count is shipped, the scales only prove it
            if kinds == {"bulk"} and len(moves.product_id) == 1:
                shares = weighing.share(
                    picking.net_mass,
                    [move._get_cement_mass(move.product_uom_qty) for move in moves],
                )
                for move, mass in zip(moves, shares, strict=True):
                    move._set_cement_mass(mass)
        weighed._cement_weighed()

    def action_cancel(self):
        """Override of `stock`: the way of a cancelled shipment ends."""
        result = super().action_cancel()
        self.filtered(
            lambda picking: picking.state == "cancel"
        )._cement_set_shipment_state(lifecycle.CANCELLED, "system")
        return result

    # === The order follows ===

    def _cement_after_shipment_state(self, target, source):
        """Override to note the arrival and to take the orders along."""
        result = super()._cement_after_shipment_state(target, source)
        if target in (lifecycle.ARRIVED, lifecycle.UNLOADING, lifecycle.DONE):
            arriving = self.filtered(
                lambda picking: not picking.arrived_date and not picking.is_pickup
            )
            for date, shipments in arriving.grouped("shipment_state_date").items():
                shipments.write({"arrived_date": date})
        if target == lifecycle.LEFT:
            # the client's own vehicle: the goods are handed over at the gate
            own = self.filtered("is_pickup")
            for date, shipments in own.grouped("shipment_state_date").items():
                shipments._cement_set_shipment_state(lifecycle.DONE, source, date=date)
        if not self.env.context.get("cement_orders_lead"):
            self._cement_move_orders(_ORDER_SOURCES.get(source, "system"))
        return result

    def _cement_move_orders(self, source):
        """Take the orders as far as all of their shipments are, never back.

        An accounting system that knows more has its own say: what it has reported
        stays.
        """
        # sudo: dispatchers and trackers do not write orders; the state follows from
        # shipments that they may move
        orders_sudo = self.sudo().sale_id
        targets = {}
        for order in orders_sudo:
            target = order._get_cement_shipments()._get_order_target()
            if target and (
                order_lifecycle.STEPS[target]
                > order_lifecycle.STEPS[order.cement_state]
                and order_lifecycle.can_move(order.cement_state, target)
            ):
                when = max(
                    order._get_cement_shipments()
                    .filtered("shipment_state_date")
                    .mapped("shipment_state_date")
                )
                targets.setdefault((target, when), orders_sudo.browse())
                targets[(target, when)] |= order
        for (target, when), orders in targets.items():
            orders.with_context(cement_shipments_lead=True)._cement_set_state(
                target, source, date=when
            )

    def _get_order_target(self):
        """Return the state that an order with these shipments has at least."""
        open_shipments = self.filtered(
            lambda picking: picking.shipment_state != lifecycle.CANCELLED
        )
        steps = [
            lifecycle.STEPS[state or lifecycle.PLANNED]
            for state in open_shipments.mapped("shipment_state")
        ]
        if not steps:
            return None
        if min(steps) >= lifecycle.STEPS[lifecycle.DONE]:
            return order_lifecycle.DELIVERED
        if min(steps) >= lifecycle.STEPS[lifecycle.LEFT]:
            return order_lifecycle.SHIPPED
        if max(steps) >= lifecycle.STEPS[lifecycle.LOADING]:
            return order_lifecycle.SHIPPING
        return None

    @api.model
    def _cement_init_states(self):
        """Give the shipments made before this addon the state that the transfer and
        the order tell, with one step each. Letters and messages are not sent."""
        outgoing = self._get_outgoing_type_ids()
        if not outgoing:
            return
        for condition, state, date in (
            ("o.cement_state IN ('delivered', 'closed')", lifecycle.DONE, "order"),
            ("p.state = 'done'", lifecycle.LEFT, "picking"),
            ("p.state = 'cancel'", lifecycle.CANCELLED, "order"),
            ("o.cement_state = 'shipped'", lifecycle.LEFT, "order"),
            ("o.cement_state = 'shipping'", lifecycle.LOADING, "order"),
        ):
            when = "p.date_done" if date == "picking" else "o.cement_state_date"
            self.env.cr.execute(
                SQL(
                    """WITH moved AS (
                        UPDATE stock_picking p
                           SET shipment_state = %(state)s,
                               shipment_state_date = COALESCE(%(when)s, p.write_date),
                               arrived_date = CASE WHEN %(state)s = 'done'
                                   THEN COALESCE(%(when)s, p.write_date) END
                          FROM sale_order o
                         WHERE o.id = p.sale_id AND p.is_cement IS TRUE
                           AND p.picking_type_id IN %(outgoing)s
                           AND COALESCE(p.shipment_state, 'planned') = 'planned'
                           AND %(condition)s
                     RETURNING p.id, p.shipment_state_date)
                    INSERT INTO cement_shipment_event
                           (picking_id, state, date, source, is_estimated)
                    SELECT id, %(state)s, shipment_state_date, 'system', TRUE
                      FROM moved""",
                    state=state,
                    when=SQL(when),
                    outgoing=outgoing,
                    condition=SQL(condition),
                )
            )
        self.env.invalidate_all()

    # === Positions ===

    def _cement_update_positions(self, positions: dict):
        """Write what is known of the way now, for any number of shipments at once.

        :param positions: ``{picking id: values}`` of ``POSITION_FIELDS``; what is
            absent stays. What is as it was is not written.
        :return: the shipments of which anything has changed.
        """
        self.fetch([name for name in POSITION_FIELDS if name in self._fields])
        changes: dict[tuple, list] = {}
        for picking in self:
            vals = {}
            for name, value in positions.get(picking.id, {}).items():
                before = picking[name] if name in POSITION_FIELDS else value
                # most values are those of before: no need to convert them
                if value == before or not (value or before):
                    continue
                convert = self._fields[name].convert_to_cache
                value = convert(value, picking)
                if value != convert(before, picking):
                    vals[name] = value
            if vals:
                changes.setdefault(tuple(sorted(vals)), []).append((picking.id, vals))
        moved = self.browse()
        for names, rows in changes.items():
            shipments = self.browse([picking_id for picking_id, _vals in rows])
            shipments._write_positions(names, [vals for _id, vals in rows])
            moved |= shipments
        moved._cement_announce_shipments()
        return moved

    def _write_positions(self, names, vals_list):
        """Write different values to each shipment in one statement: `write` would go
        through the whole of `stock` and `mail` once a vehicle. Values are those of
        the cache.

        Nothing stored depends on these fields, nobody follows them.
        """
        self.check_access("write")
        self.flush_recordset(names)
        self._write_multi(
            [
                {
                    name: self._fields[name].convert_to_column(vals[name], picking)
                    for name in names
                }
                for picking, vals in zip(self, vals_list, strict=True)
            ]
        )
        self.invalidate_recordset(names, flush=False)

    # === Dispatcher's buttons ===

    def action_cement_loading(self):
        """The vehicle stands under the spout."""
        self._check_cement()
        self._cement_set_shipment_state(lifecycle.LOADING, "dispatcher")

    def action_cement_leave(self):
        """The goods leave: the transfer is validated, core's dialogs included."""
        self._check_cement()
        waiting = self.filtered(lambda picking: picking.state not in ("done", "cancel"))
        for picking in waiting:
            # nothing counted: what was ordered has left; the scales may correct it
            if not any(picking.move_ids.mapped("quantity")):
                for move in picking.move_ids:
                    move.quantity = move.product_uom_qty
        self._cement_set_shipment_state(lifecycle.LOADING, "dispatcher")
        if waiting:
            return waiting.button_validate()
        self._cement_set_shipment_state(lifecycle.LEFT, "dispatcher")
        return True

    def action_cement_arrive(self):
        """The vehicle stands at the client's gate."""
        self._check_left()
        self._cement_set_shipment_state(lifecycle.ARRIVED, "dispatcher")

    def action_cement_deliver(self):
        """The goods are unloaded."""
        self._check_left()
        self._cement_set_shipment_state(lifecycle.DONE, "dispatcher")

    def _check_left(self):
        """Refuse shipments that are still at the plant.

        :raises UserError: naming the first of them.
        """
        self._check_cement()
        for picking in self:
            if picking.shipment_state not in (*lifecycle.UNDER_WAY, lifecycle.DONE):
                raise UserError(
                    self.env._(
                        "%(name)s has not left the plant yet.", name=picking.name
                    )
                )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _set_cement_mass(self, mass: float):
        """Ship *mass* tonnes by this move."""
        self.ensure_one()
        product, uom = self.product_id, self.product_uom
        quantity = mass / product.uom_mass if product.uom_mass else 0.0
        if uom and uom != product.uom_id:
            quantity = product.uom_id._compute_quantity(quantity, uom, round=False)
        if uom.compare(self.quantity, quantity):
            self.quantity = quantity
        self.picked = True

    def _action_cancel(self):
        """Override of `stock`: cancelled orders cancel the moves, not the transfer."""
        result = super()._action_cancel()
        self.picking_id.filtered(
            lambda picking: picking.state == "cancel"
        )._cement_set_shipment_state(lifecycle.CANCELLED, "system")
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_cement_shipments(self):
        """Return the shipments of the orders to the client."""
        return self.picking_ids.filtered(lambda picking: picking._is_cement_shipment())

    def _cement_set_state(self, target, source, date=None, note=None, force=False):
        """Override of `cement_sale`: where the accounting system or the manager
        leads, the shipments follow."""
        moved = super()._cement_set_state(target, source, date, note, force)
        if target in _AT_LEAST and not self.env.context.get("cement_shipments_lead"):
            moved._cement_move_shipments(_AT_LEAST[target], source, date)
        return moved

    def _cement_move_shipments(self, target, source, date):
        # sudo: members, managers and 1C do not write transfers
        shipments_sudo = self.sudo()._get_cement_shipments()
        following = shipments_sudo.browse()
        for shipments in shipments_sudo.grouped("sale_id").values():
            # of an order shipped in parts, the part that has not left stays
            left = shipments.filtered(lambda picking: picking.state == "done")
            following |= left or shipments
        following.with_context(cement_orders_lead=True)._cement_set_shipment_state(
            target,
            _SHIPMENT_SOURCES.get(source, "system"),
            date=date,
            is_estimated=target == lifecycle.DONE,
        )
