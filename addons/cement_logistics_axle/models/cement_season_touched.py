# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.cement_sale.tools import lifecycle

from ..tools import changes, payload

# Lines of the list of an activity; more is a matter of the list of orders.
MAX_LINES = 50
_GONE = (
    lifecycle.SHIPPED,
    lifecycle.DELIVERED,
    lifecycle.CLOSED,
    lifecycle.CANCELLED,
)


class CementSeasonOrder(models.Model):
    """Whom a change of the closed season is told."""

    _inherit = "cement.season.order"

    def _tell_touched(self, before):
        """Leave a dispatcher of each company one activity with the open orders of
        which the law says another thing now.

        :param before: the law as it was.
        """
        law = self.env["cement.axle.law"]._get_law()
        rules = changes.changed_rules(before.rules, law.rules)
        if not self or not rules:
            return
        orders = self._get_touched_orders(rules)
        found = changes.changes(
            {order.id: order._get_axle_said(before) for order in orders},
            {order.id: order._get_axle_said(law) for order in orders},
        )
        people = {}
        for company, own in orders.grouped("company_id").items():
            user = self._get_told_user(company, own)
            for order in own:
                people[order.id] = user
        for user in dict.fromkeys(people[change.key] for change in found):
            if user:
                self[:1]._tell_user(
                    user, [change for change in found if people[change.key] == user]
                )

    @api.model
    def _get_told_user(self, company, orders_sudo):
        """Return who looks after the open orders of a company."""
        dispatcher = self.env["cement.axle.law"]._get_person(
            "cement_base.group_dispatcher", company
        )
        return dispatcher or orders_sudo.user_id[:1]

    @api.model
    def _get_touched_orders(self, rules):
        """Return the open orders that go by road on the days of *rules*, through
        their regions."""
        # sudo: orders of every company, whoever enters the order of the region
        orders_sudo = self.env["sale.order"].sudo()
        first = min(rule.date_from for rule in rules)
        last = max(rule.date_to for rule in rules)
        days = Domain.OR(
            [
                [("promised_date", ">=", first), ("promised_date", "<=", last)],
                [
                    ("promised_date", "=", False),
                    ("requested_date", ">=", first),
                    ("requested_date", "<=", last),
                ],
                [("promised_date", "=", False), ("requested_date", "=", False)],
            ]
        )
        open_orders = orders_sudo.search(
            days
            & Domain("state", "=", "sale")
            & Domain("is_cement", "=", True)
            & Domain("cement_state", "not in", _GONE)
            & Domain("delivery_method_id.transport", "=", "road")
        )

        def is_touched(order):
            day = order._get_axle_day()
            regions = {piece.region for piece in order._get_route()}
            return any(
                rule.region in regions and rule.date_from <= day <= rule.date_to
                for rule in rules
            )

        return open_orders.filtered(is_touched)

    def _tell_user(self, user, found):
        """Leave the activity, or add to the one that waits already."""
        self.ensure_one()
        kind = "cement_logistics_axle.activity_type_season"
        # sudo: the list is for the dispatcher, not for who made the change
        told = self.sudo().with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        )
        note = told._describe_touched(found)
        waiting = told.activity_search([kind], user_id=user.id)[:1]
        if waiting:
            waiting.note = note + Markup("<hr/>") + (waiting.note or "")
            return
        told.activity_schedule(
            kind,
            user_id=user.id,
            summary=told.env._(
                "Open orders touched by %(order)s", order=told._get_label()
            ),
            note=note,
        )

    @api.model
    def _describe_touched(self, found) -> Markup:
        """Return the changes as a list."""
        law = self.env["cement.axle.law"]
        orders_sudo = self.env["sale.order"].sudo()

        def words(said):
            if said.state == payload.UNKNOWN:
                return self.env._("not known")
            if said.state == payload.OK:
                return self.env._("within the limits")
            return self.env._("allowed %(mass)s", mass=law._format_kg(said.most_kg))

        lines = []
        for change in found[:MAX_LINES]:
            order = orders_sudo.browse(change.key)
            lines.append(
                self.env._(
                    "%(order)s, %(client)s, %(day)s, %(mass)s: was %(before)s, now "
                    "%(now)s",
                    order=order.name,
                    client=order.partner_id.display_name,
                    day=law._format_day(order._get_axle_day()),
                    mass=law._format_tonnes(order.load_mass),
                    before=words(change.before),
                    now=words(change.now),
                )
            )
        if len(found) > MAX_LINES:
            lines.append(
                self.env._("… and %(count)s more", count=len(found) - MAX_LINES)
            )
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        return Markup("<ul>%s</ul>") % items
