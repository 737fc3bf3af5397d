# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import roles
from ..tools.access import NOTHING, GuardFields, Scope, guard_domain


def matches(domain, row):
    """Evaluate a prefix *domain* on *row*, a dictionary."""

    def leaf(condition):
        name, operator, value = condition
        left = row[name] if isinstance(name, str) else name
        if operator == "=":
            return left == value
        if operator == "!=":
            return left != value
        assert operator == "in", operator
        return left in value

    stack = []
    for item in reversed(domain):
        if item == "&":
            first, second = stack.pop(), stack.pop()
            stack.append(first and second)
        elif item == "|":
            first, second = stack.pop(), stack.pop()
            stack.append(first or second)
        else:
            stack.append(leaf(item))
    assert len(stack) == 1, "not one complete expression"
    return stack[0]


GUARD = GuardFields(
    "partner",
    agreement="agreement",
    site="site",
    author="author",
    extra=(("state", "!=", "draft"),),
)
ids = st.integers(1, 4)
scopes = st.lists(
    st.builds(
        Scope,
        partner_id=ids,
        role=st.sampled_from([*roles.ROLE_CAPABILITIES, "nonsense"]),
        agreement_ids=st.lists(ids, max_size=2).map(tuple),
        site_ids=st.lists(ids, max_size=2).map(tuple),
    ),
    unique_by=lambda scope: scope.partner_id,
    max_size=3,
)
rows = st.fixed_dictionaries(
    {
        "partner": ids,
        "agreement": ids,
        "site": st.one_of(st.just(False), ids),
        "author": ids,
        "state": st.sampled_from(["draft", "active", "closed"]),
    }
)
capabilities = st.sampled_from(
    [roles.SEE, roles.SEE_ALL, roles.ORDER, roles.FINANCE, roles.PEOPLE]
)


def may_see(scopes, row, user_id, capability):
    """The rule in plain words, to compare the domain with."""
    if row["state"] == "draft":
        return False
    for scope in scopes:
        if scope.partner_id != row["partner"] or not scope.can(capability):
            continue
        if scope.agreement_ids and row["agreement"] not in scope.agreement_ids:
            continue
        if scope.site_ids and row["site"] and row["site"] not in scope.site_ids:
            continue
        if not scope.can(roles.SEE_ALL) and row["author"] != user_id:
            continue
        return True
    return False


class TestAccessDomain(BaseCase):
    @given(scopes, rows, ids, capabilities)
    @settings(max_examples=1000, deadline=None)
    def test_says_what_the_rule_says(self, scopes, row, user_id, capability):
        guard = GuardFields(
            **{
                **{name: getattr(GUARD, name) for name in GUARD.__slots__},
                "capability": capability,
            }
        )
        self.assertEqual(
            matches(guard_domain(scopes, guard, user_id), row),
            may_see(scopes, row, user_id, capability),
        )

    @given(scopes, rows, ids)
    @settings(max_examples=500, deadline=None)
    def test_never_a_foreign_row(self, scopes, row, user_id):
        own = {scope.partner_id for scope in scopes}
        if matches(guard_domain(scopes, GUARD, user_id), row):
            self.assertIn(row["partner"], own)

    def test_nothing_by_default(self):
        self.assertEqual(guard_domain([], GUARD, 1), NOTHING)
        self.assertEqual(
            guard_domain([Scope(1, "nonsense")], GUARD, 1),
            NOTHING,
        )
        self.assertEqual(
            guard_domain([Scope(1, "buyer")], GuardFields("p", capability="people"), 1),
            NOTHING,
        )

    def test_roles(self):
        self.assertTrue(roles.can("owner", "people"))
        self.assertFalse(roles.can("privileged", "people"))
        self.assertTrue(roles.can("buyer", "order"))
        self.assertFalse(roles.can("buyer", "see_all"))
        self.assertFalse(roles.can("viewer", "order"))
        self.assertFalse(roles.can("accountant", "order"))
        self.assertTrue(roles.can("accountant", "finance"))
        self.assertFalse(roles.can("", "see"))
