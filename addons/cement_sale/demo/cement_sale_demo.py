# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Requests of the last two months, made as members make them.

Every order here went through the plan and the gate, so vehicles, amounts and
volumes are true. The gate takes no day that is past: the requests are confirmed
for a day to come, then the calendar is turned back.
"""

from datetime import timedelta

from odoo import api, fields, models

from ..tools import lifecycle

_WAY = (
    lifecycle.NEW,
    lifecycle.PROCESSING,
    lifecycle.RESERVE_ALLOWED,
    lifecycle.ASSEMBLING,
    lifecycle.SHIPPING,
    lifecycle.SHIPPED,
    lifecycle.DELIVERED,
    lifecycle.CLOSED,
)

# Who orders what: login, lines (specification line, tonnes, site).
_RECIPES = {
    "rbu": ("partner", [("sb_1_line_1", 75, "sb_rbu"), ("sb_1_line_3", 50, "sb_rbu")]),
    "north": (
        "buyer",
        [("sb_1_line_6", 12, "sb_north"), ("sb_1_line_8", 4.8, "sb_north")],
    ),
    "mkr": ("privileged", [("sb_1_line_5", 18, "sb_north")]),
    "gornyj": ("limited", [("sb_g1_line_1", 50, "sb_rbu")]),
    "wagon": ("partner", [("sb_v1_line_1", 138, "sb_rail")]),
    "zhbi": ("foreign", [("zh_1_line_1", 150, "zh_plant")]),
    "zhbi_rail": ("foreign", [("zh_1_line_3", 207, "zh_rail")]),
    "shops": (
        "multi",
        [
            ("ms_1_line_1", 15, "ms_shop1"),
            ("ms_1_line_4", 6, "ms_shop1"),
            ("ms_1_line_1", 18, "ms_base"),
        ],
    ),
    "shop": ("shop", [("ms_1_line_2", 10, "ms_shop1")]),
    "field": ("agro", [("ag_1_line_2", 52, "ag_field")]),
    "wagon_agro": ("agro", [("ag_1_line_1", 134, "ag_rail")]),
}

# Recipe, ordered how many days ago, shipped how many days after, channel, state.
_HISTORY = (
    ("rbu", 58, 3, "manager", lifecycle.CLOSED),
    ("zhbi", 57, 4, "manager", lifecycle.CLOSED),
    ("shops", 54, 3, "manager", lifecycle.CLOSED),
    ("wagon", 52, 6, "portal_desktop", lifecycle.CLOSED),
    ("north", 50, 2, "manager", lifecycle.CLOSED),
    ("field", 47, 3, "onec", lifecycle.CLOSED),
    ("zhbi", 44, 3, "manager", lifecycle.CLOSED),
    ("rbu", 42, 3, "portal_desktop", lifecycle.CLOSED),
    ("gornyj", 40, 4, "portal_desktop", lifecycle.CLOSED),
    ("shop", 37, 2, "portal_mobile", lifecycle.CLOSED),
    ("wagon_agro", 36, 7, "manager", lifecycle.CLOSED),
    ("zhbi_rail", 34, 8, "portal_desktop", lifecycle.CLOSED),
    ("mkr", 31, 3, "portal_mobile", lifecycle.DELIVERED),
    ("rbu", 28, 3, "portal_desktop", lifecycle.DELIVERED),
    ("shops", 26, 3, "portal_desktop", lifecycle.DELIVERED),
    ("zhbi", 23, 3, "api", lifecycle.DELIVERED),
    ("north", 20, 3, "portal_mobile", lifecycle.DELIVERED),
    ("field", 17, 3, "manager", lifecycle.CANCELLED),
    ("wagon", 15, 9, "portal_desktop", lifecycle.SHIPPED),
    ("gornyj", 12, 4, "portal_desktop", lifecycle.SHIPPED),
    ("shops", 9, 4, "portal_mobile", lifecycle.SHIPPED),
    ("rbu", 7, 5, "portal_desktop", lifecycle.SHIPPING),
    ("zhbi", 5, 5, "portal_desktop", lifecycle.SHIPPING),
    ("zhbi_rail", 5, 9, "portal_desktop", lifecycle.ASSEMBLING),
    ("mkr", 4, 4, "portal_mobile", lifecycle.ASSEMBLING),
    ("shop", 4, 6, "portal_mobile", lifecycle.RESERVE_PARTIAL),
    ("wagon_agro", 3, 8, "portal_desktop", lifecycle.RESERVE_REFUSED),
    ("north", 2, 5, "portal_desktop", lifecycle.RESERVE_ALLOWED),
    ("rbu", 1, 4, "portal_desktop", lifecycle.PROCESSING),
    ("gornyj", 1, 5, "manager", lifecycle.PROCESSING),
    ("shops", 0, 5, "portal_mobile", lifecycle.NEW),
    ("zhbi", 0, 4, "portal_desktop", lifecycle.NEW),
)

# Colleagues who came to look and ordered nothing; one was invited only.
_LOOKED_IN = ("accountant",)

# Drafts: login, name, favourite, lines, days until the shipment.
_DRAFTS = (
    (
        "partner",
        "Объект Северный",
        True,
        [
            ("sb_1_line_6", 9, "sb_north"),
            ("sb_1_line_5", 8, "sb_north"),
            ("sb_1_line_8", 2.4, "sb_north"),
        ],
        6,
    ),
    ("partner", "РБУ, следующая неделя", False, [("sb_1_line_1", 130, "sb_rbu")], 8),
    ("buyer", "Мешки на склад", False, [("sb_1_line_6", 15, "sb_north")], 7),
    ("multi", "Магазины, декабрь", True, [("ms_1_line_1", 30, "ms_base")], 9),
    ("foreign", "ЖБИ, полувагоны", False, [("zh_1_line_2", 60, "zh_plant")], 5),
)


class CementSaleDemo(models.AbstractModel):
    """Makes the demo requests; called by the demo data only."""

    _name = "cement.sale.demo"
    _description = "Demo requests"

    @api.model
    def _load(self):
        """Make the requests and their orders."""
        # the demo sends no letters: managers read their messages inside
        managers = self._ref("user", "manager") | self._ref("user", "manager2")
        managers.notification_type = "inbox"
        for recipe, ago, lead, channel, state in _HISTORY:
            login, lines = _RECIPES[recipe]
            orders = self._confirm(login, recipe, lines, channel)
            self._turn_back(orders, ago, lead)
            self._move(orders, ago, lead, state)
        for login, name, favourite, lines, lead in _DRAFTS:
            cart = self._make_cart(login, name, lines, lead)
            cart._set_options(is_favourite=favourite)
        self._log_in(
            {login for login, _lines in _RECIPES.values()}
            | {draft[0] for draft in _DRAFTS}
            | set(_LOOKED_IN)
        )

    def _log_in(self, logins):
        """Let the people of *logins* have been here: who orders has logged in."""
        for login in sorted(logins):
            user = self._ref("user", login)
            # sudo: the journal of log-ins takes the person from the environment
            self.env["res.users.log"].with_user(user).sudo().create({})

    def _ref(self, kind, name):
        return self.env.ref(f"cement_base.{kind}_{name}")

    def _make_cart(self, login, name, lines, lead):
        """Return a draft of *login* for a day at least *lead* days from now."""
        user = self._ref("user", login)
        env = self.env(user=user, context={"lang": "ru_RU", "tz": "Europe/Moscow"})
        partner = self._ref("specification", lines[0][0]).commercial_partner_id
        cart = env["cement.cart"]._create_draft(partner.with_env(env), name)
        sites = [self._ref("site", site) for _line, _quantity, site in lines]
        report = cart._add_rows(
            [
                {
                    "specification_line_id": self._ref("specification", line).id,
                    "quantity": quantity,
                    "day": self._get_open_day(sites, lead),
                    "site_id": site.id,
                }
                for (line, quantity, _name), site in zip(lines, sites, strict=True)
            ]
        )
        if report["errors"]:
            raise ValueError(report["errors"])
        return cart

    @api.model
    def _get_open_day(self, sites, lead):
        """Return the first day from *lead* days on when all *sites* are open."""
        day = fields.Date.context_today(self) + timedelta(days=lead)
        while not all(site._is_open_on(day) for site in sites):
            day += timedelta(days=1)
        return day

    def _confirm(self, login, recipe, lines, channel):
        """Return the orders of a request, as superuser."""
        name = {
            "rbu": "РБУ «Лесная»",
            "north": "ЖК «Северный»",
            "zhbi": "Завод ЖБИ, силос 2",
        }.get(recipe)
        cart = self._make_cart(login, name, lines, 3)
        orders = cart._confirm(
            "portal_desktop" if channel in ("manager", "onec") else channel
        ).sudo()
        if channel in ("manager", "onec"):
            # a member passes as a member only; who really typed it is told here
            orders.channel = channel
            orders.cement_cart_id.channel = channel
        return orders.with_env(self.env)

    def _turn_back(self, orders, ago, lead):
        """Move *orders* so many days into the past, as if made then."""
        made = fields.Datetime.now() - timedelta(days=ago)
        shipped = made.date() + timedelta(days=lead)
        orders.write({"date_order": made, "requested_date": shipped})
        orders.picking_ids.write(
            {"scheduled_date": fields.Datetime.to_datetime(shipped)}
        )
        carts = orders.cement_cart_id
        carts.confirmed_at = made
        today = fields.Date.context_today(self)
        for cart in carts:
            # named by the day when nobody names it
            cart.name = cart.name.replace(f"{today:%d.%m.%Y}", f"{made:%d.%m.%Y}")
        carts.line_ids.day = shipped
        orders.write({"cement_state_date": made})
        orders.status_event_ids.write(
            {"date": made, "source": "portal", "user_id": orders[0].ordered_by_id.id}
        )

    def _move(self, orders, ago, lead, state):
        """Take *orders* along the way to *state*, each step at its hour."""
        began = fields.Datetime.now() - timedelta(days=ago)
        hours = lead * 24.0
        if state == lifecycle.CANCELLED:
            orders._cement_set_state(
                state,
                "portal",
                date=began + timedelta(hours=20),
                note="Сместился график",
            )
            return
        if state in lifecycle.RESERVE:
            way = (lifecycle.PROCESSING, state)
        else:
            way = _WAY[1 : _WAY.index(state) + 1]
        # hours after the order at which each step is taken
        at = {
            lifecycle.PROCESSING: 1,
            lifecycle.ASSEMBLING: hours - 20,
            lifecycle.SHIPPING: hours - 6,
            lifecycle.SHIPPED: hours,
            lifecycle.DELIVERED: hours + 8,
            lifecycle.CLOSED: hours + 100,
        } | dict.fromkeys(lifecycle.RESERVE, 5)
        for step in way:
            when = min(began + timedelta(hours=at[step]), fields.Datetime.now())
            source = "manager" if step == lifecycle.PROCESSING else "onec"
            if step == lifecycle.SHIPPED:
                self._ship(orders, when)
            orders._cement_set_state(step, source, date=when)
            if step == lifecycle.PROCESSING and ago > 2:
                # every fourth promise is a day later than asked
                for order in orders:
                    delay = 1 if order.id % 4 == 0 else 0
                    order.promised_date = order.requested_date + timedelta(days=delay)
        if state == lifecycle.RESERVE_PARTIAL:
            for line in orders.order_line:
                line.mass_reserved = round(line.mass * 0.6, 1)

    def _ship(self, orders, when):
        """Let the goods of *orders* leave at *when*."""
        for picking in orders.picking_ids:
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
        orders.picking_ids.with_context(skip_backorder=True)._action_done()
        orders.picking_ids.write({"date_done": when})
        orders.picking_ids.move_ids.write({"date": when})
