# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.cement_logistics.tools import lifecycle

from ..tools import geo, loop
from ..tools.geo import Fence
from ..tools.loop import Fix, Memory, Rules

BEGIN = datetime(2026, 11, 20, 6, 0)
PLANT = Fence(56.42, 61.93, 700.0)
SITE = Fence(56.87, 60.54, 500.0)
MINUTE = timedelta(minutes=1)


def at(share):
    """Return the place after that share of the straight way."""
    return (
        PLANT.latitude + (SITE.latitude - PLANT.latitude) * share,
        PLANT.longitude + (SITE.longitude - PLANT.longitude) * share,
    )


def fix(minutes, share, accuracy=50, eta=None):
    latitude, longitude = at(share)
    return Fix(BEGIN + minutes * MINUTE, latitude, longitude, accuracy, eta)


def run(fixes, memory=None, rules=None):
    memory, steps = memory or Memory(), []
    for one in fixes:
        memory, moved = loop.advance(memory, one, PLANT, SITE, rules or Rules())
        steps.extend(moved)
    return memory, steps


def trip(every=5, accuracy=50, hours=2.0, noise=0.0):
    """Return the fixes of a whole trip: 20 min loading, drive, 40 min there, away."""
    dice = random.Random(1)  # noqa: S311 the same in each run
    minutes, fixes = 0, []
    drive = hours * 60
    while minutes < 20 + drive + 40 + 40:
        if minutes < 20:
            share = 0.0
        elif minutes < 20 + drive:
            share = (minutes - 20) / drive
        elif minutes < 20 + drive + 40:
            share = 1.0
        else:
            share = 1 - (minutes - 60 - drive) / drive
        left = max(0.0, 20 + drive - minutes)
        one = fix(minutes, share, accuracy, left if 20 <= minutes else None)
        if noise:
            one = replace(one, latitude=one.latitude + dice.uniform(-noise, noise))
        fixes.append(one)
        minutes += every
    return fixes


def states(steps):
    return [step.state for step in steps]


WHOLE = ["left", "on_way", "near", "arrived", "unloading", "done"]


class TestLoop(TestCase):
    def test_a_whole_trip(self):
        memory, steps = run(trip())
        self.assertEqual(states(steps), WHOLE)
        when = {step.state: (step.at - BEGIN) / MINUTE for step in steps}
        # when it was true, not when it was sure
        self.assertLessEqual(when["left"], 25)
        self.assertEqual(when["near"], 80)
        self.assertAlmostEqual(when["arrived"], 140, delta=5)
        self.assertAlmostEqual(when["unloading"], 155, delta=5)
        self.assertAlmostEqual(when["done"], 185, delta=5)
        self.assertTrue(steps[-1].is_estimated)
        self.assertFalse(any(step.is_estimated for step in steps[:-1]))
        self.assertEqual(memory.state, lifecycle.DONE)

    def test_a_whole_trip_by_gsm(self):
        """Fixes of 900 m and a place that wanders by 300 m."""
        _memory, steps = run(trip(accuracy=900, noise=0.003))
        self.assertEqual(states(steps), WHOLE)

    def test_a_mast_beside_the_yard(self):
        """No fix ever falls into the fence, but the truck stays near it."""
        memory = Memory(state=lifecycle.ON_WAY)
        beside = (SITE.latitude + 900 / 111_195, SITE.longitude)
        fixes = [
            Fix(BEGIN + minutes * MINUTE, *beside, 1500.0)
            for minutes in range(0, 60, 5)
        ]
        _memory, steps = run(fixes, memory)
        self.assertEqual(states(steps), ["arrived", "unloading"])
        self.assertEqual(steps[0].at, BEGIN)

    def test_driving_past_a_mast(self):
        memory = Memory(state=lifecycle.ON_WAY)
        fixes = [fix(minutes, 0.7 + minutes / 100, 1500) for minutes in range(0, 28, 5)]
        past = [fix(30 + step * 5, 1.05 + step / 20, 1500) for step in range(6)]
        memory, steps = run(fixes + past, memory)
        self.assertNotIn(lifecycle.UNLOADING, states(steps))
        self.assertNotIn(lifecycle.DONE, states(steps))

    def test_one_fix_proves_nothing(self):
        _memory, steps = run([fix(0, 0), fix(5, 0), fix(30, 0.2)])
        self.assertEqual(steps, [])
        memory = Memory(state=lifecycle.ON_WAY)
        _memory, steps = run([fix(0, 0.9), fix(10, 1.0)], memory)
        self.assertEqual(steps, [])

    def test_a_jump_changes_nothing(self):
        """A fix at the site while the truck is loaded 100 km away."""
        fixes = [fix(0, 0), fix(5, 0), fix(10, 1.0), fix(15, 0), fix(20, 0)]
        memory, steps = run(fixes)
        self.assertEqual(steps, [])
        self.assertIsNone(memory.suspect)
        self.assertTrue(memory.plant.inside)

    def test_jumps_all_along_the_way(self):
        for period in (3, 4, 7):
            fixes = trip()
            for index in range(2, len(fixes) - 6, period):
                far = at(-3.0)
                fixes[index] = replace(fixes[index], latitude=far[0], longitude=far[1])
            _memory, steps = run(fixes)
            self.assertEqual(states(steps), WHOLE, period)

    def test_the_wrong_one_was_the_first(self):
        """Two far fixes that agree are the truth, the one before was the jump."""
        memory, _steps = run([fix(0, 1.0), fix(2, 0.0), fix(4, 0.0), fix(6, 0.0)])
        self.assertEqual(memory.last, fix(6, 0.0))

    def test_who_was_not_at_the_plant_cannot_leave_it(self):
        """The dispatcher says loading while the truck is still at its last site."""
        fixes = [fix(minutes, 1.0) for minutes in range(0, 60, 5)]
        back = [fix(60 + minutes, 1 - minutes / 120) for minutes in range(0, 121, 5)]
        memory, steps = run(fixes + back)
        self.assertEqual(steps, [])
        memory, steps = run([fix(185, 0.0), fix(190, 0), fix(220, 0.2)], memory)
        memory, steps = run([fix(230, 0.3)], memory)
        self.assertIn(lifecycle.LEFT, states(steps))

    def test_a_short_stop_at_the_site_is_no_delivery(self):
        memory = Memory(state=lifecycle.ON_WAY)
        fixes = [fix(0, 0.95), fix(3, 1.0), fix(6, 1.0), fix(9, 1.2), fix(12, 1.3)]
        memory, steps = run(fixes, memory)
        self.assertEqual(states(steps), ["arrived"])
        self.assertEqual(memory.state, lifecycle.ARRIVED)

    def test_without_fences(self):
        memory = Memory(state=lifecycle.LEFT)
        for one in trip():
            memory, steps = loop.advance(
                memory, replace(one, eta_minutes=None), None, None
            )
            self.assertEqual(steps, [])

    def test_older_fixes_change_nothing(self):
        memory, _steps = run(trip()[:20])
        again, steps = run(trip()[:10], memory)
        self.assertEqual((again, steps), (memory, []))

    def test_the_memory_is_kept_as_json(self):
        for count in (0, 1, 5, 12, 30):
            memory, _steps = run(trip()[:count])
            kept = json.loads(json.dumps(loop.dump(memory)))
            self.assertEqual(loop.load(kept, memory.state), memory)
        for wrong in (None, {}, {"last": {"at": "x"}}, {"plant": 5}, []):
            self.assertEqual(loop.load(wrong, "left"), Memory(state="left"))


STATES = st.sampled_from(lifecycle.STATES)
FIXES = st.lists(
    st.builds(
        lambda minutes, share, accuracy, eta: (minutes, share, accuracy, eta),
        st.integers(1, 40),
        st.floats(-0.5, 1.5),
        st.sampled_from([5.0, 250.0, 790.0, 4300.0, None]),
        st.one_of(st.none(), st.floats(0, 600)),
    ),
    max_size=60,
)


class TestProperties(TestCase):
    @given(STATES, FIXES)
    def test_states_only_go_forward(self, state, rows):
        memory, minutes, known = Memory(state=state), 0, state
        for step, share, accuracy, eta in rows:
            minutes += step
            memory, moved = loop.advance(
                memory, fix(minutes, share, accuracy, eta), PLANT, SITE
            )
            for one in moved:
                self.assertGreater(lifecycle.STEPS[one.state], lifecycle.STEPS[known])
                self.assertTrue(lifecycle.can_move(known, one.state))
                self.assertLessEqual(one.at, BEGIN + minutes * MINUTE)
                known = one.state
            self.assertEqual(memory.state, known)

    @given(FIXES, st.integers(0, 59))
    def test_twice_is_once(self, rows, index):
        """A fix that comes again changes nothing."""
        minutes, memory = 0, Memory()
        for number, (step, share, accuracy, eta) in enumerate(rows):
            minutes += step
            one = fix(minutes, share, accuracy, eta)
            memory, _moved = loop.advance(memory, one, PLANT, SITE)
            if number == index:
                again, moved = loop.advance(memory, one, PLANT, SITE)
                self.assertEqual(moved, [])
                self.assertEqual(again.state, memory.state)

    @given(FIXES)
    def test_interrupted_is_the_same(self, rows):
        """Keeping the memory between two polls loses nothing."""
        minutes, straight, broken = 0, Memory(), Memory()
        for step, share, accuracy, eta in rows:
            minutes += step
            one = fix(minutes, share, accuracy, eta)
            straight, moved = loop.advance(straight, one, PLANT, SITE)
            broken = loop.load(json.loads(json.dumps(loop.dump(broken))), broken.state)
            broken, also = loop.advance(broken, one, PLANT, SITE)
            self.assertEqual(moved, also)

    @given(st.integers(2, 30), st.floats(0.2, 0.9), st.integers(0, 27))
    def test_a_single_jump_never_moves(self, every, share, place):
        """A truck that stands still, with one fix from anywhere else."""
        fixes = [fix(minutes * every, 0.0) for minutes in range(30)]
        jump = fixes[place + 1]
        latitude, longitude = at(share * 40)
        if geo.is_place(latitude, longitude):
            fixes[place + 1] = replace(jump, latitude=latitude, longitude=longitude)
        _memory, steps = run(fixes)
        self.assertEqual(steps, [])
