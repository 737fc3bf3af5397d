# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.cement_sale.tools import lifecycle

from .capacity_book import CapacityBook

MAX_DAYS = 14
MAX_ORDERS = 2000
# days from today that the board looks at, and promises
MAX_AHEAD = 730


class CementDispatchBoard(models.AbstractModel):
    """Days of the plants with what is promised on them, and orders to move."""

    _name = "cement.dispatch.board"
    _description = "Board of days"

    @api.model
    def get_board(self, start=None, days=7, plant_id=None):
        """Return the board: a row a plant, a cell a day, the orders in them.

        :param start: first day, ISO; today by default.
        """
        self.env["sale.order"]._check_may_answer()
        start = self._parse_start(start)
        days = max(1, min(self._parse_id(days) or 7, MAX_DAYS))
        domain = [("company_id", "in", self.env.companies.ids)]
        if plant_id:
            domain.append(("id", "=", self._parse_id(plant_id)))
        # sudo: the board was opened to dispatchers above, of their companies only
        plants = self.env["cement.plant"].sudo().search(domain)
        every = [start + timedelta(offset) for offset in range(days)]
        book = CapacityBook(plants, every[0], every[-1])
        orders = self._get_orders(plants, every)
        today = {plant.id: plant._get_local_now().date() for plant in plants}
        return {
            "start": start.isoformat(),
            "tonne": self.env["cement.portal.shell"]._get_formats().unit,
            "hour": self.env._("hours"),
            "days": [
                {
                    "day": day.isoformat(),
                    "label": format_date(self.env, day, date_format="EEE d MMM"),
                }
                for day in every
            ],
            "plants": [
                {
                    "id": plant.id,
                    "name": plant.name,
                    "waiting": [
                        self._prepare_card(order)
                        for order in orders
                        if order.plant_id == plant and not order.promised_date
                    ],
                    "cells": [
                        self._prepare_cell(
                            plant,
                            book.day(plant.id, day),
                            [
                                order
                                for order in orders
                                if order.plant_id == plant
                                and order.promised_date == day
                            ],
                            day < today[plant.id],
                        )
                        for day in every
                    ],
                }
                for plant in plants
            ],
        }

    @api.model
    def _parse_start(self, value) -> date:
        today = date.today()
        try:
            start = date.fromisoformat(value) if value else today
        except (TypeError, ValueError):
            return today
        return start if abs((start - today).days) < MAX_AHEAD else today

    @api.model
    def _parse_id(self, value) -> int:
        """Return a number that came from a browser; 0 for what is none."""
        try:
            number = int(value or 0)
        except (TypeError, ValueError, OverflowError):
            return 0
        return number if 0 < number < 2**31 else 0

    @api.model
    def _parse_day(self, value) -> date | None:
        """Return the day that an order is moved to; ``None`` takes the promise back.

        :raises UserError: when it is no day, or nobody can promise so far ahead.
        """
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise UserError(
                self.env._("“%(value)s” is not a day.", value=str(value)[:30])
            ) from None
        if (day - date.today()).days >= MAX_AHEAD:
            raise UserError(self.env._("This day is too far ahead to be promised."))
        return day

    @api.model
    def _get_orders(self, plants, every):
        """Return promised orders of the days, and all that wait for a promise."""
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("plant_id", "in", plants.ids),
                    ("is_cement", "=", True),
                    ("state", "=", "sale"),
                    "|",
                    "&",
                    ("promised_date", ">=", every[0]),
                    ("promised_date", "<=", every[-1]),
                    "&",
                    ("promised_date", "=", False),
                    ("cement_state", "in", list(self._get_waiting_states())),
                ],
                order="due_date, id",
                limit=MAX_ORDERS,
            )
            .filtered(lambda order: order.cement_state != lifecycle.CANCELLED)
        )

    @api.model
    def _get_waiting_states(self):
        return [
            state
            for state in lifecycle.UNDER_WAY
            if lifecycle.STEPS[state] < lifecycle.STEPS[lifecycle.SHIPPED]
        ]

    @api.model
    def _prepare_cell(self, plant, filled, orders, is_past) -> dict:
        capacity_t = sum(entry.tonnes_capacity for entry in filled.points)
        capacity_n = sum(entry.vehicles_capacity for entry in filled.points)
        share = filled.share
        if not filled.is_open:
            word, tone = (
                (self.env._("Closed, but promised"), "over")
                if filled.vehicles
                else (self.env._("Closed"), "closed")
            )
        elif filled.is_over:
            word, tone = self.env._("Over capacity"), "over"
        elif share >= 0.9:
            word, tone = self.env._("Nearly full"), "warn"
        else:
            word, tone = self.env._("Room left"), "ok"
        return {
            "day": filled.day.isoformat(),
            "tonnes": round(filled.kg / 1000, 1),
            "capacity": round(capacity_t, 1),
            "vehicles": filled.vehicles,
            "capacity_vehicles": capacity_n,
            "share": round(min(share, 9.99) * 100),
            "word": word,
            "tone": tone,
            "is_past": is_past,
            "points": [
                {
                    "name": self._get_point_name(entry.point.key),
                    "tonnes": round(entry.kg / 1000, 1),
                    "capacity": round(entry.tonnes_capacity, 1),
                    "vehicles": entry.vehicles,
                    "hours": round(entry.hours, 1),
                    "taken": round(entry.taken, 1),
                    "is_over": entry.is_over,
                }
                for entry in filled.points
            ],
            "orders": [self._prepare_card(order) for order in orders],
        }

    @api.model
    def _get_point_name(self, point_id) -> str:
        return self.env["cement.loading.point"].sudo().browse(point_id).name

    @api.model
    def _prepare_card(self, order) -> dict:
        labels = dict(order._selection_cement_state())
        day = order.promised_date or order.proposed_date or order.requested_date
        return {
            "id": order.id,
            "name": order.name,
            "client": order.counterparty_id.name,
            "site": order.site_id.name or "",
            "product": ", ".join(order.order_line.product_id.mapped("name")),
            "tonnes": round(order.load_mass, 3),
            "hours": order.desired_text or "",
            "unloading": order.unloading_way_id.name or "",
            "requested": order.requested_date and order.requested_date.isoformat(),
            "promised": order.promised_date and order.promised_date.isoformat(),
            "proposed": order.proposed_date and order.proposed_date.isoformat(),
            "proposed_label": order.proposed_date
            and format_date(self.env, order.proposed_date, date_format="EEE d MMM"),
            "requested_label": order.requested_date
            and format_date(self.env, order.requested_date, date_format="EEE d MMM"),
            "is_late": bool(
                order.promised_date
                and order.requested_date
                and order.promised_date > order.requested_date
            ),
            "is_on_hold": order.is_on_hold,
            "barred": " ".join(self._get_day_words(order, day))
            if day and order._can_be_promised()
            else "",
            "changes": order.change_request_count,
            "state": labels.get(order.cement_state, ""),
            "can_move": order._can_be_promised(),
        }

    @api.model
    def move_order(self, order_id, day, is_sure=False) -> dict:
        """Promise *day* to the client of an order, from the board.

        :param day: ISO; nothing takes the promise back.
        :param is_sure: the person has seen what speaks against the day.
        :return: ``ask``: what speaks against it, nothing was promised then; or
            nothing.
        :raises UserError: when the order is too far on its way, or the day is past
            or none at all.
        """
        orders = self.env["sale.order"]
        orders._check_may_answer()
        # sudo: dispatchers do not write orders; company and state are checked below
        order_sudo = orders.sudo().search(
            [
                ("id", "=", self._parse_id(order_id)),
                ("is_cement", "=", True),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        if not order_sudo:
            raise UserError(self.env._("The order is not there any more."))
        new = self._parse_day(day)
        order_sudo._cement_lock()
        doubts = []
        if new and new != order_sudo.promised_date and order_sudo._can_be_promised():
            order_sudo.plant_id._hold_days()
            doubts = self._get_doubts(order_sudo, new)
        if doubts and not is_sure:
            return {"ask": "\n".join(doubts)}
        order_sudo.sudo(False)._cement_promise_day(new)
        if doubts:
            order_sudo.message_post(
                body=self.env._("Promised all the same: %(why)s", why=" ".join(doubts)),
                author_id=self.env.user.partner_id.id,
            )
        return {"ask": False}

    @api.model
    def _get_doubts(self, order, day) -> list[str]:
        """Return in words what speaks against promising *day*; the past is none of
        it: that is refused."""
        plant = order.plant_id
        if not plant or day < plant._get_local_now().date():
            return []
        today = plant._get_local_now().date()
        params = {"plant": plant.name, "day": format_date(self.env, day)}
        doubts = []
        if day > today + timedelta(plant.promise_horizon):
            doubts.append(
                self.env._(
                    "%(day)s is further ahead than %(plant)s looks (%(days)s days).",
                    days=plant.promise_horizon,
                    **params,
                )
            )
        book = CapacityBook(plant, day, day, order, promised=True)
        filled = book.day(plant.id, day)
        if not filled.is_open:
            doubts.append(self.env._("%(plant)s does not work on %(day)s.", **params))
        elif not filled.has_room(order._get_capacity_load()):
            doubts.append(
                self.env._("%(plant)s: the loading of %(day)s is taken.", **params)
            )
        return doubts + self._get_day_words(order, day)

    @api.model
    def _get_day_words(self, order, day) -> list[str]:
        """Return in words what the gate will stop the order for on *day*."""
        gate = self.env["cement.order.gate"]
        return [
            f"{words['message']} {words['remedy']}".strip()
            for words in gate._describe_all(gate._get_day_blocks(order, day))
        ]

    @api.model
    def propose(self, order_ids):
        """Propose days for the orders of the board that wait for one."""
        orders = self.env["sale.order"]
        orders._check_may_answer()
        orders.browse(self._parse_ids(order_ids)).exists().action_propose_days()

    @api.model
    def accept(self, order_ids):
        """Promise the proposed days of these orders.

        :return: the notification about those whose day is taken meanwhile, if any.
        """
        orders = self.env["sale.order"]
        orders._check_may_answer()
        orders = orders.browse(self._parse_ids(order_ids)).exists()
        return orders.action_accept_proposed() or False

    @api.model
    def _parse_ids(self, values) -> list[int]:
        if not isinstance(values, list | tuple):
            return []
        return [number for value in values if (number := self._parse_id(value))]
