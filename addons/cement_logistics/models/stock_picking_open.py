# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.exceptions import UserError

from ..tools import lifecycle

TASK = "cement_logistics.mail_activity_type_transfer"


class StockPicking(models.Model):
    """Goods that have left by a tracker, the railway, the accounting system or a
    button, while their transfer was never validated: the stock does not know."""

    _inherit = "stock.picking"

    def _cement_after_shipment_state(self, target, source):
        """Override to have the transfers of what has left validated."""
        result = super()._cement_after_shipment_state(target, source)
        if target in lifecycle.GONE:
            self._cement_ask_for_transfers()
        return result

    def _is_left_open(self) -> bool:
        """Whether the goods have left and the transfer is still to be validated."""
        self.ensure_one()
        return (
            self.shipment_state in lifecycle.GONE
            and self.state not in ("done", "cancel")
            and self._is_cement_shipment()
        )

    def _cement_ask_for_transfers(self):
        """Give a dispatcher one task for each shipment that left without its
        transfer; reports of the railway bring thousands at once."""
        # sudo: trackers, guests and guards bring shipments on their way; the task is
        # the dispatcher's
        open_sudo = self.sudo().filtered(lambda picking: picking._is_left_open())
        if not open_sudo:
            return
        kind_sudo = self.env.ref(TASK).sudo()
        told = open_sudo._get_transfer_tasks(kind_sudo).mapped("res_id")
        waiting_sudo = open_sudo - open_sudo.browse(told)
        for user, shipments_sudo in waiting_sudo._group_by_dispatcher().items():
            # no letter on top: the dispatcher has a list of them
            shipments_sudo.with_context(
                lang=user.lang or self.env.lang, mail_activity_quick_update=True
            )._add_transfer_tasks(kind_sudo, user)

    def _add_transfer_tasks(self, kind, user):
        self.activity_schedule(
            activity_type_id=kind.id,
            user_id=user.id,
            summary=self.env._("Left without the transfer"),
            note=self.env._(
                "The goods have left, but the transfer is open: the stock and the "
                "delivered quantity do not know of it. Enter the masses of the scales "
                "and validate the transfer."
            ),
        )

    def _get_transfer_tasks(self, kind):
        """Return the open tasks of these shipments (as superuser)."""
        return self.env["mail.activity"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ],
            ["res_id"],
        )

    def _group_by_dispatcher(self) -> dict:
        """Return ``{user: shipments}``: who is told of them (as superuser). A
        dispatcher of the company, else the manager of the order; addons that know the
        dispatchers of a plant extend it."""
        dispatchers = self.env["res.users"].search(
            [
                ("group_ids", "in", self.env.ref("cement_base.group_dispatcher").ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        result = {}
        for company, shipments in self.grouped("company_id").items():
            first = dispatchers.filtered(
                lambda user: company in user.company_ids  # noqa: B023
            )[:1]
            groups = (
                {first: shipments}
                if first
                else shipments.grouped(lambda picking: picking.sale_id.user_id)
            )
            for user, part in groups.items():
                if user:
                    result[user] = result.get(user, self.browse()) | part
        return result

    def action_cement_validate_left(self):
        """Validate the transfers of what has left without them, and of nothing else.

        :raises UserError: when there is none among the chosen ones.
        """
        self._check_cement()
        waiting = self.filtered(lambda picking: picking._is_left_open())
        if not waiting:
            raise UserError(
                self.env._("None of these shipments has left without its transfer.")
            )
        return waiting.action_cement_leave()

    def _action_done(self):
        """Override of `stock`: what has left already is done as of that moment, and
        nobody is asked for its transfer any more."""
        # sudo: steps and tasks are read, whoever validates
        gone_sudo = self.sudo().filtered(lambda picking: picking._is_left_open())
        result = super()._action_done()
        done_sudo = gone_sudo.filtered(lambda picking: picking.state == "done")
        if not done_sudo:
            return result
        for picking in done_sudo:
            left = picking.shipment_event_ids.filtered(
                lambda event: event.state in lifecycle.GONE
            )
            if left:
                picking.date_done = min(left.mapped("date"))
        tasks_sudo = done_sudo._get_transfer_tasks(self.env.ref(TASK).sudo())
        if tasks_sudo:
            tasks_sudo.action_feedback()
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_cancel(self):
        """Override of `stock`: goods that have left are not undone by cancelling.

        :raises UserError: naming the first such shipment.
        """
        result = super()._action_cancel()
        for picking in self.picking_id:
            if picking.state == "cancel" and picking.shipment_state in lifecycle.GONE:
                raise UserError(
                    self.env._(
                        "The goods of %(name)s have left: validate the transfer "
                        "instead. What comes back is a return.",
                        name=picking.name,
                    )
                )
        return result
