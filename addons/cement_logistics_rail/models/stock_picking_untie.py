# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models

from odoo.addons.cement_logistics.models.stock_picking_lifecycle import POSITION_FIELDS
from odoo.addons.cement_logistics.tools import lifecycle
from odoo.addons.cement_sale.tools import lifecycle as order_lifecycle

# States of an order that follow from its shipments.
_OF_SHIPMENTS = (
    order_lifecycle.SHIPPING,
    order_lifecycle.SHIPPED,
    order_lifecycle.DELIVERED,
)


class StockPicking(models.Model):
    """Taking back what a wagon has told of a shipment that is not its own."""

    _inherit = "stock.picking"

    def _get_tie_memories(self) -> dict[int, dict]:
        """Return what these shipments are before wagons are tied to them.

        :return: ``{picking id: {position, step, order_step}}``: values of the
            position that are there, and the last steps of shipments and orders.
        """
        self.env.cr.execute(
            "SELECT (SELECT max(id) FROM cement_shipment_event), "
            "(SELECT max(id) FROM cement_order_event)"
        )
        step, order_step = self.env.cr.fetchone()
        names = [name for name in POSITION_FIELDS if name in self._fields]
        return {
            picking.id: {
                "position": {name: picking[name] for name in names if picking[name]},
                "step": step or 0,
                "order_step": order_step or 0,
            }
            for picking in self
        }

    def _take_back_tie(self, memory: dict):
        """Make the shipment what it was before a wagon was tied to it (as superuser).

        What people have written since stays.

        :param memory: as ``_get_tie_memories`` gave it, with the ``papers`` that the
            tie has filled in.
        """
        self.ensure_one()
        papers = {
            name: False
            for name, value in memory.get("papers", {}).items()
            if str(self[name] or "") == str(value)
        }
        if papers:
            self.write(papers)
        blank = {name: False for name in POSITION_FIELDS if name in self._fields}
        self._cement_update_positions(
            {self.id: {**blank, **memory.get("position", {})}}
        )
        if "step" in memory:
            self._take_back_steps(memory["step"])
            self.sale_id._take_back_steps(memory["order_step"])
        self._cement_announce_shipments()

    def _take_back_steps(self, last_id: int):
        """Forget the steps after *last_id* that the railway has told."""
        told = self.shipment_event_ids.filtered(
            lambda event: event.source == "rail" and event.id > last_id
        )
        if not told:
            return
        rest = self.shipment_event_ids - told
        steps = [(lifecycle.STEPS[event.state], event) for event in rest]
        step, event = max(steps, default=(0, rest), key=lambda item: item[0])
        state = event.state or lifecycle.PLANNED
        if self.state == "done" and step < lifecycle.STEPS[lifecycle.LEFT]:
            state = lifecycle.LEFT
        vals = {"shipment_state": state, "shipment_state_date": event.date}
        if self.arrived_date in told.mapped("date"):
            vals["arrived_date"] = False
        told.unlink()
        self.write(vals)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _take_back_steps(self, last_id: int):
        """Take the order back to where its shipments are, when a wagon that was not
        theirs has moved it on since the event *last_id* (as superuser)."""
        if not self:
            return
        events = self.env["cement.order.event"].search(
            [("order_id", "=", self.id)], order="id"
        )
        told = events.filtered(
            lambda event: event.id > last_id
            and event.source == "system"
            and event.state in _OF_SHIPMENTS
        )
        if not told or events[-1] not in told:
            return
        steps = order_lifecycle.STEPS
        target = max(
            filter(
                None,
                (
                    self._get_cement_shipments()._get_order_target(),
                    (events - told)[-1:].state,
                ),
            ),
            key=steps.get,
            default=None,
        )
        if target and steps[target] < steps[self.cement_state]:
            self.with_context(cement_shipments_lead=True)._cement_set_state(
                target,
                "system",
                note=self.env._("The wagon that told of it was not of this order."),
                force=True,
            )
