# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""People who book at the same moment, on real and separate transactions.

What is made here is committed, so it is taken apart again in the end.
"""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

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
