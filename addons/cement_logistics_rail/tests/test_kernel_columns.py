# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from ..tools import moscow, trip_columns, trips
from .kernel import KernelCase

STATIONS = {1: "850308", 2: "010002", 3: "194013"}
OPERATIONS = {7: "20", 8: "3"}
VOCABULARY = trip_columns.Vocabulary(
    {code: number for number, code in STATIONS.items()}.get,
    STATIONS.get,
    OPERATIONS.get,
)
texts = st.sampled_from([None, "ЭЦ000001", "ЭЦ000002"])
stations = st.sampled_from([None, *STATIONS.values()])
moments = st.none() | st.datetimes(datetime(2015, 1, 1), datetime(2090, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
states = st.builds(
    trips.State,
    wagon=st.just("93014207"),
    id=st.just(5),
    waybill=texts,
    first_waybill=texts,
    origin_code=stations,
    destination_code=stations,
    station_code=stations,
    trip_start=moments,
    departed=moments,
    arrived=moments,
    status_since=moments,
    operation_time=moments,
    unloaded_at=moments,
    lost_since=moments,
    due_date=st.none() | st.dates(date(2015, 1, 1), date(2090, 1, 1)),
    loaded=st.sampled_from([None, True, False]),
    mass_t=st.none() | st.floats(1, 80),
    status=st.sampled_from(trips.STATUSES),
    operation_code=st.sampled_from([None, *OPERATIONS.values()]),
    km_left=st.none() | st.integers(0, 9000),
    km_total=st.none() | st.integers(1, 9000),
    idle_minutes=st.integers(0, 9000),
    unload_estimated=st.booleans(),
)
OPERATION_IDS = {code: number for number, code in OPERATIONS.items()}


def dump(items, befores=None):
    return trip_columns.dump_states(items, VOCABULARY, befores)


def load(items):
    """Return the states as the database would give them back."""
    columns = dump(items)
    columns["operation_code_id"] = [
        OPERATION_IDS.get(item.operation_code) for item in items
    ]
    return trip_columns.load_states(
        [item.wagon for item in items],
        [item.id for item in items],
        [not item.finished for item in items],
        columns["distance_known"],
        [columns[name] for name in trip_columns.COLUMNS],
        VOCABULARY,
    )


class TestColumns(KernelCase):
    @given(st.lists(states, min_size=1, max_size=5))
    def test_there_and_back(self, items):
        wanted = [
            replace(item, first_waybill=item.first_waybill or item.waybill)
            for item in items
        ]
        self.assertEqual(load(items), wanted)

    @given(st.lists(st.tuples(states, states), min_size=1, max_size=5))
    def test_what_differs_is_enough(self, pairs):
        befores, afters = (list(items) for items in zip(*pairs, strict=True))
        befores = load(befores)
        kept = dump(befores)
        kept.update(dump(afters, befores))
        self.assertEqual(kept, dump(afters))

    @given(st.lists(states, min_size=1, max_size=5))
    def test_nothing_differs(self, items):
        known = load(items)
        self.assertEqual(dump(known, known), {})

    def test_no_way_left_is_not_no_word_of_it(self):
        items = [trips.State(km_left=0), trips.State(km_left=None)]
        columns = dump(items)
        self.assertEqual(columns["distance_left"], [0, 0])
        self.assertEqual(columns["distance_known"], [True, False])

    def test_moments_are_utc_and_days_the_railways(self):
        started = datetime(2026, 8, 1, 18, 30)
        columns = dump([trips.State(trip_start=started)])
        self.assertEqual(columns["started_at"], [moscow.to_utc(started)])
        self.assertEqual(columns["railway_date"], [date(2026, 8, 2)])

    def test_each_value_of_the_state_has_its_column(self):
        mine = {"wagon", "id", "finished"}
        self.assertEqual(set(trip_columns.FIELDS) | mine, set(trips.State.__slots__))
