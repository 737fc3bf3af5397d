# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import BaseCase, tagged

from ..tools.assignment import Assignment, Manager, assign
from .common import CementCommon

CEMENT, STONE = 1, 2
URAL, VOLGA = 10, 20

managers = st.lists(
    st.builds(
        Manager,
        user_id=st.integers(1, 30),
        regions=st.frozensets(st.sampled_from([URAL, VOLGA])),
        categories=st.frozensets(st.sampled_from([CEMENT, STONE])),
        load=st.integers(0, 5),
    ),
    unique_by=lambda manager: manager.user_id,
    max_size=8,
)


class TestAssignment(BaseCase):
    def test_order_of_rules(self):
        both = Manager(1, frozenset({URAL}), frozenset({CEMENT}), load=9)
        region = Manager(2, frozenset({URAL}), frozenset({STONE}))
        expert = Manager(3, frozenset(), frozenset({CEMENT}))
        stranger = Manager(4)
        everybody = [stranger, expert, region, both]
        want = {"region": URAL, "categories": frozenset({CEMENT})}
        self.assertEqual(assign(everybody, **want), Assignment(1, "region_expertise"))
        self.assertEqual(assign(everybody[:3], **want), Assignment(2, "region"))
        self.assertEqual(assign(everybody[:2], **want), Assignment(3, "expertise"))
        self.assertEqual(
            assign([stranger], **want, leader_user_id=7), Assignment(7, "leader")
        )
        self.assertEqual(assign([stranger], **want), Assignment(None, "nobody"))

    def test_history_first(self):
        old = Manager(5, frozenset({VOLGA}), load=100)
        near = Manager(1, frozenset({URAL}))
        want = {"region": URAL, "categories": frozenset({CEMENT})}
        self.assertEqual(
            assign([near, old], history_user_id=5, **want), Assignment(5, "history")
        )
        # away: not among the candidates
        self.assertEqual(
            assign([near], history_user_id=5, **want),
            Assignment(1, "region_expertise"),
        )
        # knows stone only
        mason = Manager(5, categories=frozenset({STONE}))
        self.assertEqual(assign([near, mason], history_user_id=5, **want).user_id, 1)

    def test_lightest_load(self):
        want = {"region": URAL, "categories": frozenset()}
        busy = Manager(1, frozenset({URAL}), load=3)
        free = Manager(2, frozenset({URAL}), load=1)
        also_free = Manager(3, frozenset({URAL}), load=1)
        self.assertEqual(assign([also_free, busy, free], **want).user_id, 2)

    @given(
        managers,
        st.sampled_from([URAL, VOLGA, None]),
        st.frozensets(st.sampled_from([CEMENT, STONE])),
        st.one_of(st.none(), st.integers(1, 30)),
    )
    @settings(max_examples=300, deadline=None)
    def test_sound(self, candidates, region, categories, history):
        answer = assign(
            candidates, region=region, categories=categories, history_user_id=history
        )
        by_id = {manager.user_id: manager for manager in candidates}
        if answer.user_id is None:
            self.assertEqual(answer.reason, "nobody")
            return
        chosen = by_id[answer.user_id]
        if answer.reason in ("history", "region_expertise", "expertise"):
            self.assertTrue(chosen.knows(categories))
        if answer.reason in ("region", "region_expertise"):
            self.assertTrue(chosen.serves(region))
        # the order of the candidates does not matter
        self.assertEqual(
            answer,
            assign(
                reversed(candidates),
                region=region,
                categories=categories,
                history_user_id=history,
            ),
        )


@tagged("post_install", "-at_install")
class TestManagerProfile(CementCommon):
    def test_candidates(self):
        Profile = self.env["cement.manager.profile"]
        user = self._create_internal_user(
            "manager_one", "cement_base.group_sales_manager"
        )
        away = self._create_internal_user(
            "manager_two", "cement_base.group_sales_manager"
        )
        state = self.env["res.country.state"].search(
            [("country_id", "=", self.russia.id)], limit=1
        )
        Profile.create([{"user_id": user.id, "state_ids": [Command.link(state.id)]}])
        profile = Profile.create(
            {"user_id": away.id, "absent_from": self.today - timedelta(days=1)}
        )
        ids = {m.user_id: m for m in Profile._get_candidates(self.today)}
        self.assertIn(user.id, ids)
        self.assertEqual(ids[user.id].regions, frozenset(state.ids))
        self.assertNotIn(away.id, ids)
        profile.absent_to = self.today - timedelta(days=1)
        ids = [m.user_id for m in Profile._get_candidates(self.today)]
        self.assertIn(away.id, ids)
        user.active = False
        ids = [m.user_id for m in Profile._get_candidates(self.today)]
        self.assertNotIn(user.id, ids)
