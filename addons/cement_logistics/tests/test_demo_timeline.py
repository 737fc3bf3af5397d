# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, timedelta
from unittest import TestCase

from odoo.addons.cement_logistics.demo import cement_logistics_demo, timeline
from odoo.addons.cement_logistics.tools import lifecycle

NOW = datetime(2027, 1, 1, 0, 30)


class TestDemoTimeline(TestCase):
    """The demo's trucks do nothing before its time."""

    def _check(self, steps):
        states = [lifecycle.STEPS[state] for state, _at in steps]
        moments = [at for _state, at in steps]
        self.assertEqual(states, sorted(set(states)))
        self.assertEqual(moments, sorted(moments))
        self.assertLessEqual(moments[-1], NOW)

    def test_trucks_under_way(self):
        for (
            _login,
            _number,
            state,
            hours,
            _place,
            left,
            eta,
            _promised,
        ) in cement_logistics_demo._ON_ROAD:
            with self.subTest(state=state, hours=hours):
                steps = timeline.under_way(state, NOW, hours, eta)
                self._check(steps)
                reached = {step for step, _at in steps}
                # what is done is signed for besides
                self.assertTrue(state in reached or state == lifecycle.DONE)
                # nothing is left of the way where the truck has arrived
                self.assertEqual(
                    bool(left),
                    state in (lifecycle.ON_WAY, lifecycle.NEAR),
                )

    def test_loaded_within_the_hour_before(self):
        steps = dict(timeline.under_way(lifecycle.LEFT, NOW, 0.3, None))
        self.assertEqual(set(steps), {lifecycle.LOADING, lifecycle.LEFT})
        gap = steps[lifecycle.LEFT] - steps[lifecycle.LOADING]
        self.assertLess(gap, timedelta(hours=1))

    def test_delivered_days_ago(self):
        steps = timeline.delivered(NOW - timedelta(days=2))
        self._check(steps)
        self.assertEqual(steps[-1][0], lifecycle.DONE)
