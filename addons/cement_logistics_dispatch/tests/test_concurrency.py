# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""People who book at the same moment, on real and separate transactions.

What is made here is committed, so it is taken apart again in the end.
"""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.cement_sale.tests.concurrency import ConcurrencyCase

_SECONDS = 60


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls._env() as env:
            plant = env["cement.plant"].create({"name": "Plant twice", "code": "TW1"})
            point = env["cement.loading.point"].create(
                {"name": "Point", "plant_id": plant.id, "vehicles_per_hour": 1}
            )
            start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=2)
            slot = env["cement.loading.slot"].create(
                {
                    "point_id": point.id,
                    "day": start.date(),
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "capacity": 3,
                }
            )
            cls.plant, cls.point, cls.slot = plant.id, point.id, slot.id

    @classmethod
    def tearDownClass(cls):
        with cls._env() as env:
            env["cement.loading.slot"].browse(cls.slot).unlink()
            env["cement.loading.point"].browse(cls.point).unlink()
            env["cement.plant"].browse(cls.plant).unlink()
        super().tearDownClass()

    @classmethod
    @contextmanager
    def _env(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})

    def _take(self, barrier, outcomes):
        with self._env() as env:
            first = [True]

            def take():
                slot = env["cement.loading.slot"].browse(self.slot)
                # each has seen the free place before anybody takes it
                slot.read(["booked"])
                if first:
                    first.clear()
                    barrier.wait(_SECONDS)
                slot._take()

            try:
                retrying(take, env)
                outcomes.append("taken")
            except UserError:
                outcomes.append("refused")

    def test_places_are_given_once(self):
        """Of eight at once three get the three places, and five are refused."""
        barrier, outcomes = threading.Barrier(8), []
        threads = [
            threading.Thread(target=partial(self._take, barrier, outcomes))
            for _number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_SECONDS)
        self.assertEqual(sorted(outcomes), ["refused"] * 5 + ["taken"] * 3)
        with self._env() as env:
            self.assertEqual(env["cement.loading.slot"].browse(self.slot).booked, 3)


@tagged("post_install", "-at_install")
class TestAnswersAtOnce(ConcurrencyCase):
    """Two who answer a change request, and a shipment that moves meanwhile."""

    def _ask(self, **vals):
        with self._env(self.users[0]) as env:
            cart = env["cement.cart"].browse(self._create_cart(20.0))
            self.order = cart._confirm("portal_desktop").ids[0]
        with self._env(self.users[0]) as env:
            return self._submit(env, **vals)

    def _submit(self, env, **vals):
        order = env["sale.order"].browse(self.order)
        vals = {"kind": "quantity", "quantity": "15", "reason": "Less", **vals}
        return env["cement.change.request"]._submit(order, vals).id

    def _answer(self, request_id, name):
        def work(env):
            request = env["cement.change.request"].browse(request_id)
            request.answer = request.answer or "No"
            getattr(request, name)()
            return name

        return SUPERUSER_ID, work

    def _state(self, request_id):
        with self._env() as env:
            order = env["sale.order"].browse(self.order)
            request = env["cement.change.request"].browse(request_id)
            return request.state, order.load_mass, order.picking_ids.shipment_state

    def test_answered_once(self):
        for names in (
            ("action_accept", "action_accept"),
            ("action_accept", "action_decline"),
        ):
            request_id = self._ask()
            results = self._at_once(*(self._answer(request_id, name) for name in names))
            won = [result for result in results if isinstance(result, str)]
            lost = [result for result in results if isinstance(result, UserError)]
            self.assertEqual((len(won), len(lost)), (1, 1), results)
            state, mass, _way = self._state(request_id)
            accepted = won == ["action_accept"]
            self.assertEqual(state, "accepted" if accepted else "declined")
            self.assertEqual(mass, 15.0 if accepted else 20.0)

    def test_vehicle_moves_meanwhile(self):
        request_id = self._ask()

        def move(env):
            pickings = env["sale.order"].browse(self.order).picking_ids
            pickings._cement_set_shipment_state("loading", "dispatcher")
            return "moved"

        results = self._at_once(
            self._answer(request_id, "action_accept"), (SUPERUSER_ID, move)
        )
        self.assertEqual(results[1], "moved")
        state, mass, way = self._state(request_id)
        self.assertEqual(way, "loading")
        # accepted before the loading began, or not at all
        self.assertIn((state, mass), (("accepted", 15.0), ("expired", 20.0)))

    def test_sent_twice_at_once(self):
        self._ask(kind="hold")

        def submit(env):
            return self._submit(env, key="at-once-0001")

        one, two = self._at_once((self.users[0], submit), (self.users[0], submit))
        self.assertEqual(one, two)


@tagged("post_install", "-at_install")
class TestDaysAtOnce(ConcurrencyCase):
    """A place of a day is promised once, however many ask for it at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._env() as env:
            plant = env["cement.specification.line"].browse(cls.line).plant_id
            # one vehicle a day
            point = env["cement.loading.point"].create(
                {"name": "P", "plant_id": plant.id, "vehicles_per_hour": 0.05}
            )
            # a line of another specification: its volume is held by nobody else
            first = env["cement.specification.line"].browse(cls.line)
            other = first.specification_id.copy({"name": "AT-S2"})
            if not other.line_ids:
                first.copy({"specification_id": other.id})
            other.action_activate()
            cls.plant, cls.point = plant.id, point.id
            cls.lines = cls.line, other.line_ids.id
            cls.made = [("cement.specification", other.ids), *cls.made]

    @classmethod
    def tearDownClass(cls):
        with cls._env() as env:
            env["cement.loading.point"].browse(cls.point).unlink()
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        self._set_plant(promise_mode="manual", capacity_check="none")

    def _set_plant(self, **vals):
        with self._env() as env:
            env["cement.plant"].browse(self.plant).write(vals)

    def _confirm(self, cart_id):
        def work(env):
            return env["cement.cart"].browse(cart_id)._confirm("portal_desktop").ids

        return work

    def _create_orders(self):
        orders = []
        for user in (0, 1):
            cart = self._create_cart(20.0, user)
            with self._env(self.users[user]) as env:
                orders += self._confirm(cart)(env)
        # without a day of its own an order does not take the place of the other
        with self._env() as env:
            env["sale.order"].browse(orders).write({"promised_date": False})
        return orders

    def _assert_apart(self, orders):
        with self._env() as env:
            days = env["sale.order"].browse(orders).mapped("promised_date")
        self.assertTrue(all(days), days)
        self.assertEqual(len(set(days)), 2, days)

    def test_plant_promises_two_at_once(self):
        orders = self._create_orders()
        self._set_plant(promise_mode="auto")

        def answer(order_id):
            return lambda env: env["sale.order"].browse(order_id)._answer_by_plant()

        self._at_once(*((SUPERUSER_ID, answer(order)) for order in orders))
        self._assert_apart(orders)

    def test_two_proposals_of_one_day_accepted_at_once(self):
        orders = self._create_orders()
        with self._env() as env:
            env["sale.order"].browse(orders).write({"proposed_date": self.day})

        def accept(order_id):
            def work(env):
                env["sale.order"].browse(order_id).action_accept_proposed()

            return work

        self._at_once(*((SUPERUSER_ID, accept(order)) for order in orders))
        with self._env() as env:
            both = env["sale.order"].browse(orders)
            self.assertEqual(
                sorted(both.mapped(lambda o: bool(o.promised_date))), [0, 1]
            )
            late = both.filtered(lambda order: not order.promised_date)
            self.assertGreater(late.proposed_date, self.day)

    def test_full_day_is_refused_to_the_second_of_two(self):
        self._set_plant(capacity_check="block")
        carts = []
        for user, line in enumerate(self.lines):
            with patch.object(type(self), "line", line):
                carts.append(self._create_cart(20.0, user))
        results = self._at_once(
            *(
                (uid, self._confirm(cart))
                for uid, cart in zip(self.users, carts, strict=True)
            )
        )
        failed = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(failed), 1, results)
        self.assertIn("is taken", str(failed[0]))

    def test_board_asks_the_second_of_two(self):
        orders = self._create_orders()
        day = (self.day + timedelta(days=3)).isoformat()

        def move(order_id):
            board = "cement.dispatch.board"
            return lambda env: env[board].move_order(order_id, day)["ask"]

        answers = self._at_once(*((SUPERUSER_ID, move(order)) for order in orders))
        self.assertEqual(sorted(map(bool, answers)), [False, True], answers)
