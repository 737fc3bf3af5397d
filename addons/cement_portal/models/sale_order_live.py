# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict

from odoo import models

from ..tools import visibility

NOTIFICATION = "cement.order_state"
# A message of the bus travels in pieces of 8,000 bytes; this stays within one.
ORDERS_A_MESSAGE = 100
# What an open page shows and somebody else may change.
_SHOWN_FIELDS = frozenset({"promised_date", "requested_date", "user_id"})


class SaleOrder(models.Model):
    """Open pages follow the status: a message goes to those who may see it."""

    _inherit = "sale.order"

    def _cement_set_state(self, target, source, date=None, note=None, force=False):
        """Override of `cement_sale` to move the pages that are open."""
        moved = super()._cement_set_state(target, source, date, note, force)
        moved._portal_announce()
        return moved

    def write(self, vals):
        """Override of `sale` to show promised days at once."""
        result = super().write(vals)
        if _SHOWN_FIELDS & vals.keys():
            self.filtered("is_cement")._portal_announce()
        return result

    def _cement_after_confirm(self):
        """Override of `cement_sale` to let who ordered and the manager follow the
        conversation: the orders were made without followers, in one batch."""
        result = super()._cement_after_confirm()
        parties = self.sudo().grouped(
            lambda order: (
                order.ordered_by_id.partner_id
                if order.ordered_by_id.share
                else order.env["res.partner"]
            )
            | order.user_id.partner_id
        )
        for partners, orders in parties.items():
            orders.message_subscribe(partners.ids)
        return result

    def _portal_announce(self):
        """Tell the members who may see the orders that something has changed.

        The message holds ids only: the page asks for the rest, with its rights.
        """
        for user, order_ids in self._portal_watchers().items():
            for start in range(0, len(order_ids), ORDERS_A_MESSAGE):
                user._bus_send(
                    NOTIFICATION, {"ids": order_ids[start : start + ORDERS_A_MESSAGE]}
                )

    def _portal_watchers(self) -> dict:
        """Return ``{user: [order ids]}`` of the members who may see the orders."""
        # sudo: memberships and logins of colleagues, to send to them and no more
        orders_sudo = self.sudo()
        members_sudo = (
            self.env["cement.member"]
            .sudo()
            .search([("partner_id", "in", orders_sudo.counterparty_id.ids)])
        )
        by_client = orders_sudo.grouped("counterparty_id")
        watchers = defaultdict(list)
        for member in members_sudo:
            user, partner = member.user_id, member.partner_id
            scope = user._cement_scope(partner)
            if not scope:
                continue
            watchers[user] += [
                order.id
                for order in by_client[partner]
                if visibility.may_see_order(
                    scope,
                    user.id,
                    partner_id=order.counterparty_id.id,
                    agreement_id=order.agreement_id.id,
                    site_id=order.site_id.id,
                    author_id=order.ordered_by_id.id,
                )
            ]
        return {user: ids for user, ids in watchers.items() if ids}
