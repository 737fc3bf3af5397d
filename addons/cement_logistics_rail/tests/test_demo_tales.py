# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from unittest import TestCase

from odoo.addons.cement_logistics_rail.demo import tales


class TestDemoTales(TestCase):
    """The demo's wagons are loaded, leave, go on and come, in this order."""

    def test_hours_run_towards_now(self):
        for name, steps in tales.TALES.items():
            with self.subTest(tale=name):
                hours = [step.hours for step in steps]
                self.assertEqual(hours, sorted(set(hours), reverse=True))
                self.assertGreater(hours[-1], 0)

    def test_way_grows_shorter(self):
        for name, steps in tales.TALES.items():
            with self.subTest(tale=name):
                left = [tales.KM_LEFT[step.place] for step in steps]
                self.assertEqual(left, sorted(left, reverse=True))
                arrived = [step for step in steps if step.operation == tales.COME]
                self.assertEqual(bool(arrived), left[-1] == 0)

    def test_plant_comes_before_the_railway(self):
        for steps in tales.TALES.values():
            self.assertTrue(tales.is_loading(steps[0]))
            self.assertEqual(steps[0].hours, tales.LOADED)
            self.assertGreater(tales.LOADED, tales.LEFT)
            self.assertGreater(tales.LEFT, tales.DEPARTED)
            self.assertEqual(steps[1].hours, tales.DEPARTED)

    def test_unloaded_after_the_arrival(self):
        self.assertLess(tales.UNLOADED, tales.TALES["done"][-1].hours)
