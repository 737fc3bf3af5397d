# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Pick-ups with booked hours, and change requests in several states."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cement_sale.tools import lifecycle

# Login, specification line, tonnes, days ahead: orders to be picked up.
_PICKUPS = (
    ("partner", "sb_1_line_2", 25.0, 2),
    ("partner", "sb_1_line_2", 24.0, 3),
    ("multi", "ms_1_line_3", 12.0, 3),
)
_DRIVERS = (
    ("А123ВС196", "АН4521 66", "Сидоров Павел Ильич", "+7 900 000-11-22"),
    ("М456ОР159", "", "Ганиев Рустам", "+7 900 000-33-44"),
)


class CementLogisticsDispatchDemo(models.AbstractModel):
    """Makes the demo of dispatching; called by the demo data only."""

    _name = "cement.logistics.dispatch.demo"
    _description = "Demo of dispatching"

    @api.model
    def _load(self):
        self.env["cement.loading.point"]._cron_make_slots()
        orders = [self._make_order(*recipe) for recipe in _PICKUPS]
        for order, driver in zip(orders, _DRIVERS, strict=False):
            self._book(order, driver)
        # the second one takes a part with a waybill of its own
        picking = orders[1].picking_ids
        self._as("partner", picking.browse(picking[:1].id))._make_waybill("24")
        self._ask_changes()
        self._name_login("guard")
        # the demo sends no letters
        self.env["mail.mail"].search(
            [("model", "in", ("cement.change.request", "sale.order"))]
        ).cancel()

    def _name_login(self, login):
        """Add to what `bin/demo` prints; role, login and password are one word."""
        parameters = self.env["ir.config_parameter"]
        known = parameters.get_param("cement.demo.logins", "")
        parameters.set_param(
            "cement.demo.logins", "\n".join([known, "\t".join([login] * 3)])
        )

    def _as(self, login, records):
        user = self.env.ref(f"cement_base.user_{login}")
        return records.with_env(
            self.env(user=user, context={"lang": "ru_RU", "tz": "Europe/Moscow"})
        ).sudo(False)

    def _make_order(self, login, line, mass, ahead):
        line = self.env.ref(f"cement_base.specification_{line}")
        carts = self._as(login, self.env["cement.cart"])
        partner = carts.env["res.partner"].browse(line.commercial_partner_id.id)
        cart = carts._create_draft(partner, "Самовывоз")
        report = cart._add_rows(
            [
                {
                    "specification_line_id": line.id,
                    "quantity": mass,
                    "day": fields.Date.context_today(self) + timedelta(days=ahead),
                }
            ]
        )
        if report["errors"]:
            raise ValueError(report["errors"])
        orders = cart._confirm("portal_desktop").sudo().with_env(self.env)
        orders._cement_set_state(lifecycle.PROCESSING, "manager")
        return orders[0]

    def _book(self, order, driver):
        plate, trailer, name, phone = driver
        picking = order.picking_ids[:1]
        days = self.env["cement.loading.pass"]._get_slot_days(picking.sudo())
        wanted = order.requested_date
        slots = next(
            (day["slots"] for day in days if day["day"] >= wanted and day["free"]), []
        )
        free = [slot for slot in slots if slot["free"]]
        if not free:
            return
        today = fields.Date.context_today(self)
        self._as(order.ordered_by_id.login, self.env["cement.loading.pass"])._submit(
            self._as(order.ordered_by_id.login, picking),
            {
                "slot_id": free[min(3, len(free) - 1)]["id"],
                "plate": plate,
                "trailer": trailer,
                "driver": name,
                "phone": phone,
                "attorney_number": "117",
                "attorney_date": fields.Date.to_string(today - timedelta(days=3)),
                "attorney_until": fields.Date.to_string(today + timedelta(days=30)),
            },
        )

    def _ask_changes(self):
        """Make requests on the orders under way: new, accepted, declined."""
        recipes = (
            (
                "partner",
                "day",
                {"day": 6},
                "Бетононасос будет на день позже.",
                None,
                "",
            ),
            (
                "multi",
                "hours",
                {"from": "08:00", "to": "12:00"},
                "Склад принимает только до обеда.",
                "accept",
                "Передали водителю.",
            ),
            (
                "foreign",
                "quantity",
                {"quantity": "20"},
                "Силос занят, примем только 20 тонн.",
                "decline",
                "Машина уже заказана на полный вес. Перенесите день или примите 25 т.",
            ),
            (
                "privileged",
                "hold",
                {"hold_until": 9},
                "Ждём оплаты от заказчика.",
                None,
                "",
            ),
        )
        dispatcher = self.env.ref("cement_base.user_dispatcher")
        today = fields.Date.context_today(self)
        for login, kind, vals, reason, answer, text in recipes:
            user = self.env.ref(f"cement_base.user_{login}")
            orders = self.env["sale.order"].search(
                [
                    ("ordered_by_id", "=", user.id),
                    ("state", "=", "sale"),
                    (
                        "cement_state",
                        "in",
                        (
                            lifecycle.NEW,
                            lifecycle.PROCESSING,
                            lifecycle.RESERVE_ALLOWED,
                            lifecycle.ASSEMBLING,
                        ),
                    ),
                    ("delivery_method_id.is_pickup", "=", False),
                    ("due_date", ">", today + timedelta(days=1)),
                ],
                order="id DESC",
                limit=1,
            )
            if not orders:
                continue
            typed = {
                name: fields.Date.to_string(today + timedelta(days=value))
                if isinstance(value, int)
                else value
                for name, value in vals.items()
            }
            requests = self._as(login, self.env["cement.change.request"])
            request = requests._submit(
                self._as(login, orders), {"kind": kind, "reason": reason, **typed}
            )
            if answer:
                inside = request.with_user(dispatcher).with_context(
                    allowed_company_ids=dispatcher.company_ids.ids, lang="ru_RU"
                )
                inside.answer = text
                getattr(inside, f"action_{answer}")()
