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
