# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from itertools import product
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import lifecycle as lc


class TestLifecycle(TestCase):
    def test_forward_only(self):
        for state, target in product(lc.STATES, repeat=2):
            moved = lc.can_move(state, target)
            if state == target:
                self.assertTrue(moved)
            elif state in lc.FINAL:
                self.assertFalse(moved, (state, target))
            elif target == lc.CANCELLED:
                self.assertEqual(moved, lc.can_cancel(state))
            elif state in lc.RESERVE and target in lc.RESERVE:
                self.assertTrue(moved)
            else:
                self.assertEqual(moved, lc.STEPS[target] > lc.STEPS[state])

    @given(st.lists(st.sampled_from(lc.STATES), max_size=30))
    def test_no_way_leads_back(self, wishes):
        """Whatever is asked in whatever order, the step never falls."""
        state, step = lc.NEW, 0
        for wish in wishes:
            if lc.can_move(state, wish):
                state = wish
                self.assertGreaterEqual(lc.STEPS[state], step)
                step = lc.STEPS[state]

    def test_unknown_states(self):
        self.assertFalse(lc.can_move("new", "paid"))
        self.assertFalse(lc.can_move("paid", "new"))

    def test_check_move_names_both(self):
        with self.assertRaises(lc.TransitionError) as caught:
            lc.check_move(lc.SHIPPED, lc.NEW)
        self.assertEqual(
            (caught.exception.state, caught.exception.target), (lc.SHIPPED, lc.NEW)
        )
        lc.check_move(lc.NEW, lc.SHIPPED)

    def test_what_is_allowed_shrinks_on_the_way(self):
        """F165, F166: edited while processed, not while assembled."""
        self.assertTrue(lc.can_edit(lc.NEW) and lc.can_edit(lc.PROCESSING))
        self.assertFalse(lc.can_edit(lc.ASSEMBLING) or lc.can_edit(lc.RESERVE_ALLOWED))
        self.assertTrue(lc.can_cancel(lc.RESERVE_ALLOWED))
        self.assertFalse(lc.can_cancel(lc.ASSEMBLING) or lc.can_cancel(lc.SHIPPED))
