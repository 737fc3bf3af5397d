# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import unittest
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.cement_portal.tools import list_query
from odoo.addons.cement_portal.tools.list_query import ListQuery
from odoo.addons.cement_portal.tools.order_query import OrderQuery

STATES = ("new", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleQuery(ListQuery):
    SORTS: ClassVar = ("number", "mass")
    LARGEST_FIRST: ClassVar = {"mass"}

    state: str = list_query.choice("state", STATES)
    plant_id: int = list_query.record_id("plant")
    mine: bool = list_query.flag("mine")
    sort: str = "number"


NAMES = ("q", "month", "from", "to", "page", "state", "plant", "mine", "sort", "dir")
# what is nearly right finds more than what is quite wrong
VALUES = st.one_of(
    st.text(),
    st.integers(),
    st.none(),
    st.booleans(),
    st.lists(st.text()),
    st.binary(),
    st.sampled_from(("new", "1", "mass", "asc", "2026-02", "2026-02-30", "\ud800")),
    st.from_regex(r"[12]\d{3}-\d\d(-\d\d)?", fullmatch=True),
    st.integers(min_value=-2, max_value=2**33).map(str),
)
QUERIES = st.builds(
    SampleQuery,
    text=st.text().map(lambda text: SampleQuery.parse({"q": text}).text),
    month=st.sampled_from(("", "2026-02", "2099-12")),
    date_from=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    date_to=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    page=st.integers(1, list_query.MAX_PAGE),
    state=st.sampled_from(("", *STATES)),
    plant_id=st.integers(0, list_query.MAX_ID),
    mine=st.booleans(),
    sort=st.sampled_from(SampleQuery.SORTS),
    descending=st.booleans(),
)


class TestListQuery(unittest.TestCase):
    def test_empty_address_is_the_default(self):
        query = SampleQuery.parse({})
        self.assertEqual(query, SampleQuery())
        self.assertFalse(query.is_filtered or query.is_sorted)
        self.assertEqual(query.to_params(), {})

    @given(st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text()), VALUES))
    def test_any_address_gives_a_valid_query(self, params):
        query = SampleQuery.parse(params)
        self.assertLessEqual(len(query.text), list_query.MAX_TEXT)
        self.assertNotIn("\x00", query.text)
        query.text.encode()
        self.assertIn(query.state, ("", *STATES))
        self.assertIn(query.sort, SampleQuery.SORTS)
        self.assertTrue(0 <= query.plant_id <= list_query.MAX_ID)
        self.assertTrue(1 <= query.page <= list_query.MAX_PAGE)
        self.assertIsInstance(query.mine, bool)
        for day in query.days:
            self.assertTrue(day is None or isinstance(day, date))
        self.assertEqual(SampleQuery.parse(query.to_params()), query)

    @given(QUERIES)
    def test_round_trip_through_the_address(self, query):
        address = urlencode(query.to_params())
        self.assertEqual(SampleQuery.parse(dict(parse_qsl(address))), query)

    @given(QUERIES)
    def test_default_values_are_not_written(self, query):
        plain = SampleQuery(sort=query.sort, descending=query.descending)
        self.assertEqual(query.is_filtered, replace(query, page=1) != plain)
        for value in query.to_params().values():
            self.assertIsInstance(value, str)

    @given(st.sampled_from(STATES), st.text(max_size=200), st.integers())
    def test_one_bad_value_spoils_no_other(self, state, plant, page):
        query = SampleQuery.parse({"state": state, "plant": plant, "page": page})
        self.assertEqual(query.state, state)

    @given(QUERIES, st.sampled_from(SampleQuery.SORTS))
    def test_two_clicks_turn_the_order(self, query, column):
        first = query.sorted_by(column)
        second = first.sorted_by(column)
        self.assertEqual((second.sort, second.page), (column, 1))
        self.assertNotEqual(first.descending, second.descending)
        self.assertEqual(
            replace(second, sort=query.sort, descending=query.descending),
            replace(query, page=1),
        )

    def test_first_click_shows_the_largest_first_or_the_alphabet(self):
        self.assertTrue(SampleQuery().sorted_by("mass").descending)
        query = replace(SampleQuery(), sort="mass")
        self.assertFalse(query.sorted_by("number").descending)

    def test_a_month_wins_over_days(self):
        query = SampleQuery.parse({"month": "2028-02", "from": "2026-01-01"})
        self.assertEqual(query.days, (date(2028, 2, 1), date(2028, 2, 29)))

    def test_the_page_may_come_as_a_number(self):
        self.assertEqual(SampleQuery.parse({"page": 3}).page, 3)


class TestOrderQuery(unittest.TestCase):
    def test_everything_is_read(self):
        query = OrderQuery.parse(
            {
                "q": " 42,5 ",
                "status": "shipping",
                "plant": "7",
                "manager": "12",
                "month": "2026-02",
                "mine": "1",
                "fav": "1",
                "sort": "amount",
                "dir": "asc",
                "page": "3",
            }
        )
        self.assertEqual(
            query,
            OrderQuery(
                text="42,5",
                status="shipping",
                plant_id=7,
                manager_id=12,
                month="2026-02",
                mine=True,
                favourite=True,
                sort="amount",
                descending=False,
                page=3,
            ),
        )
        self.assertEqual(OrderQuery.parse(query.to_params()), query)

    def test_nonsense_is_dropped(self):
        query = OrderQuery.parse(
            {
                "q": ["a"],
                "status": "'; drop table",
                "plant": "-1",
                "manager": "99999999999",
                "month": "2026-13",
                "from": "2026-02-31",
                "to": "tomorrow",
                "sort": "password",
                "page": "0x10",
            }
        )
        self.assertEqual(query, OrderQuery())

    def test_named_sets_of_states(self):
        self.assertEqual(OrderQuery().states, ())
        self.assertEqual(OrderQuery(status="new").states, ("new",))
        self.assertEqual(OrderQuery(status="finished").states, ("cancelled", "closed"))
        self.assertNotIn("closed", OrderQuery(status="under_way").states)

    def test_the_default_order_can_be_turned(self):
        query = OrderQuery.parse({"sort": "date", "dir": "asc"})
        self.assertFalse(query.descending)
        self.assertEqual(query.to_params(), {"sort": "date", "dir": "asc"})
