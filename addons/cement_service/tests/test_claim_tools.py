# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from itertools import product
from unittest import TestCase

from ..tools import lifecycle


class TestLifecycle(TestCase):
    def test_moves_forward_only(self):
        for state, target in product(lifecycle.STATES, repeat=2):
            if lifecycle.can_move(state, target):
                self.assertFalse(lifecycle.can_move(target, state))
        self.assertTrue(lifecycle.can_move("new", "in_work"))
        self.assertTrue(lifecycle.can_move("in_work", "refused"))
        self.assertFalse(lifecycle.can_move("accepted", "refused"))
        self.assertFalse(lifecycle.can_move("new", "new"))
        self.assertFalse(lifecycle.can_move("new", "nonsense"))
        self.assertFalse(lifecycle.can_move("", "closed"))

    def test_each_state_is_open_or_answered(self):
        self.assertEqual({*lifecycle.OPEN, *lifecycle.ANSWERED}, set(lifecycle.STATES))
        for state in lifecycle.STATES:
            self.assertEqual(lifecycle.needs_answer(state), state in lifecycle.ANSWERED)
