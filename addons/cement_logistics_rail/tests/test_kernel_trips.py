# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What operations make of a trip, in any order and any number of times."""

import itertools
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import trips
from ..tools.reader import Row
from . import reports
from .kernel import KernelCase

RULES = trips.Rules(
    stages={
        "2": "departed",
        "4": "moving",
        "8": "moving",
        "11": "loading",
        "21": "unloading",
        "53": "faulty",
        "72": "written_off",
        "92": "abandoned",
    },
    mnemonics={"ПАДР": "readdress", "ВУ36": "repaired", "ПРИБ": "arrived"},
    aliases={reports.esr(98560): "astafieva", reports.esr(98570): "astafieva"},
)
START = datetime(2026, 8, 8, 17, 13)
ORIGIN, MIDDLE, NEXT, END = (
    reports.esr(number) for number in (81190, 83000, 83500, 98570)
)
WAGON = "93014207"


def row(hours: float, station=MIDDLE, code="2", **values) -> Row:
    """Return an operation *hours* after the start of the trip."""
    values = {
        "wagon": WAGON,
        "waybill": "ЭХ077532",
        "trip_start": START,
        "origin_code": ORIGIN,
        "destination_code": END,
        "station_code": station,
        "operation_code": code,
        "operation_time": START + timedelta(hours=hours),
        "loaded": True,
        "km_left": 1000.0,
        "idle_minutes": 0,
        "train_index": "872504178985702",
        **values,
    }
    return Row(values.pop("number", 1), b"", **values)


def next_trip() -> Row:
    """Return the first operation of the way back, loaded anew, nine days later."""
    return row(
        220,
        END,
        "2",
        trip_start=START + timedelta(days=9),
        waybill="ЭЦ228978",
        origin_code=END,
        destination_code=ORIGIN,
    )


def run(*rows: Row, state=None, rules=RULES) -> trips.Change:
    """Return the last change after rows that came one report each."""
    change = None
    for item in rows:
        changes = trips.advance({WAGON: state} if state else {}, [item], rules)
        change = changes[-1]
        state = change.state
    return change


def kinds(change) -> list[str]:
    return [event.kind for event in change.events]


class TestStatus(KernelCase):
    def test_the_whole_way(self):
        """F27: loading, waiting, ready, moving, arrived, unloaded."""
        steps = [
            (row(0, ORIGIN, "11"), trips.LOADING),
            (row(1, ORIGIN, "9", train_index=None), trips.WAITING),
            (row(2, ORIGIN, "9"), trips.READY),
            (row(12, ORIGIN, "2"), trips.MOVING),
            (row(20), trips.MOVING),
            (row(90, END, "8", km_left=0.0), trips.CANDIDATE),
            (row(91, END, "8", arrived=START + timedelta(hours=91)), trips.ARRIVED),
            (row(110, END, "21", loaded=False), trips.UNLOADED),
        ]
        state = None
        for item, status in steps:
            change = run(item, state=state)
            state = change.state
            self.assertEqual(state.status, status)
        self.assertTrue(state.finished)
        self.assertEqual(state.arrived, START + timedelta(hours=91))
        self.assertFalse(state.unload_estimated)
        self.assertEqual(
            kinds(change), ["status", "unloaded", "finished"], "nothing twice"
        )

    def test_long_idle(self):
        self.assertEqual(run(row(5, idle_minutes=720)).state.status, trips.IDLE)
        self.assertEqual(run(row(5, idle_minutes=719)).state.status, trips.MOVING)

    def test_empty_run_keeps_the_weight_of_the_last_load(self):
        """Weight and cargo say nothing: the flag does."""
        change = run(row(5, loaded=False, mass_t=69.5, cargo_code="281014"))
        self.assertEqual(change.state.status, trips.EMPTY)
        change = run(row(5, loaded=None, cargo_code="421034"))
        self.assertEqual(change.state.status, trips.EMPTY)

    def test_abandoned_by_code_or_mnemonic(self):
        self.assertEqual(run(row(5, code="92")).state.status, trips.ABANDONED)
        rules = trips.Rules(mnemonics={"БРОС": "abandoned"})
        change = run(row(5, code=None, operation_mnemonic="БРОС"), rules=rules)
        self.assertEqual(change.state.status, trips.ABANDONED)
        self.assertIn("abandoned", kinds(change))

    def test_unknown_code_is_no_error(self):
        self.assertEqual(run(row(5, code="999")).state.status, trips.MOVING)

    def test_written_off(self):
        """Code 72 ends the trip: the wagon leaves all screens."""
        change = run(row(5), row(9, code="72"))
        self.assertEqual(change.state.status, trips.WRITTEN_OFF)
        self.assertTrue(change.state.finished)

    def test_faulty_until_repaired(self):
        """F27: faulty holds at the station; repair or departure ends it."""
        change = run(row(5), row(9, code="53"), row(12, code="9"))
        self.assertEqual(change.state.status, trips.FAULTY)
        change = run(row(14, code=None, operation_mnemonic="ВУ36"), state=change.state)
        self.assertEqual(change.state.status, trips.MOVING)
        self.assertIn("repaired", kinds(change))
        self.assertEqual(run(row(5, working=False, code="9")).state.status, "faulty")

    def test_other_code_of_the_same_place(self):
        """«(ЭКСП.)» has a code of its own: an alias tells that it is the place."""
        change = run(row(90, reports.esr(98560), "8", arrived=START))
        self.assertEqual(change.state.status, trips.ARRIVED)

    def test_no_distance_is_no_arrival(self):
        self.assertEqual(run(row(5, km_left=0.0)).state.status, trips.MOVING)
        self.assertEqual(
            run(row(5, km_left=0.0, arrived=START)).state.status, trips.ARRIVED
        )


class TestSticky(KernelCase):
    def test_arrival_is_not_unset(self):
        """F27: an arrival that vanishes from the next report is held."""
        arrived = START + timedelta(hours=90)
        change = run(row(90, END, "8", arrived=arrived), row(95, END, "9"))
        self.assertEqual(change.state.arrived, arrived)
        self.assertEqual(change.state.status, trips.ARRIVED)

    def test_arrival_set_by_a_person_stays(self):
        before = run(row(90, END, "8")).state
        before.arrived = START + timedelta(hours=80)
        before.arrived_locked = True
        change = run(
            row(95, END, "8", arrived=START + timedelta(hours=94)), state=before
        )
        self.assertEqual(change.state.arrived, START + timedelta(hours=80))

    def test_idle_and_abandoned_hold_at_the_station(self):
        idle = run(row(5, idle_minutes=900, code="8")).state
        change = run(row(6, code="8", idle_minutes=0), state=idle)
        self.assertEqual(change.state.status, trips.IDLE)
        change = run(row(7, code="92"), state=change.state)
        self.assertEqual(change.state.status, trips.ABANDONED)
        change = run(row(8, code="8", idle_minutes=2000), state=change.state)
        self.assertEqual(change.state.status, trips.ABANDONED, "never back to idle")
        change = run(row(9, NEXT, "8"), state=change.state)
        self.assertEqual(change.state.status, trips.MOVING)
        self.assertIn("raised", kinds(change))


class TestOrder(KernelCase):
    def test_late_news_is_history(self):
        """F27: an older operation never moves the wagon back."""
        change = run(row(20, NEXT), row(10, MIDDLE))
        self.assertEqual(change.state.station_code, NEXT)
        self.assertEqual(len(change.late), 1)
        self.assertEqual(change.operations, [])

    def test_late_news_fills_what_nobody_knew(self):
        change = run(row(20, NEXT), row(10, departed=START, due_date=date(2026, 8, 20)))
        self.assertEqual(change.state.departed, START)
        self.assertEqual(change.state.due_date, date(2026, 8, 20))

    def test_the_same_row_again(self):
        change = run(row(20), row(20))
        self.assertEqual((change.operations, change.late), ([], []))
        self.assertEqual(change.fields, frozenset())
        self.assertEqual(change.events, [])

    def test_two_operations_in_one_minute(self):
        """F27: both are kept; the later one in the file decides."""
        first, second = row(20, code="8", number=1), row(20, code="4", number=2)
        change = trips.advance({}, [second, first], RULES)[-1]
        self.assertEqual(
            [item.operation_code for item in change.operations], ["8", "4"]
        )
        self.assertEqual(change.state.operation_code, "4")

    @settings(max_examples=60)
    @given(st.permutations(range(6)), st.integers(1, 3))
    def test_any_order_gives_the_same_place(self, order, times):
        """Reports in any order, each any number of times, end in the same state."""
        rows = [row(hour * 3 + 1, reports.esr(83000 + hour)) for hour in range(6)]
        expected = run(*rows).state
        shuffled = list(
            itertools.chain.from_iterable([rows[place]] * times for place in order)
        )
        found = run(*shuffled).state
        for name in ("station_code", "operation_time", "status", "waybill", "arrived"):
            self.assertEqual(getattr(found, name), getattr(expected, name))

    @settings(max_examples=60)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 40),
                st.sampled_from([ORIGIN, MIDDLE, NEXT, END]),
                st.sampled_from(["2", "4", "8", "11", "21", "53", "92", "999"]),
                st.booleans(),
                st.none() | st.integers(0, 40),
            ),
            max_size=8,
        )
    )
    def test_nothing_breaks(self, steps):
        """Any operations: a status, a time that never falls, no lost operation."""
        state = None
        rows = [
            row(hour, station, code, loaded=loaded, arrived=arrived and START)
            for hour, station, code, loaded, arrived in steps
        ]
        changes = trips.advance({}, rows, RULES)
        kept = sum(len(change.operations) + len(change.late) for change in changes)
        self.assertEqual(kept, len({item.key for item in rows}))
        for item in rows:
            before = state.twin() if state else None
            change = run(item, state=state)
            if before:
                self.assertEqual(state, before, "what was handed in is not changed")
                self.assertGreaterEqual(
                    change.state.operation_time, before.operation_time
                )
            state = change.state
            self.assertIn(state.status, trips.STATUSES)


class TestTrips(KernelCase):
    def test_new_trip_by_its_start(self):
        """F27: a later day of start and another waybill is another trip."""
        first = run(row(90, END, "8", arrived=START + timedelta(hours=90))).state
        start = START + timedelta(days=6)
        change = run(
            row(
                150,
                END,
                "9",
                trip_start=start,
                waybill="ЭЦ228978",
                origin_code=END,
                destination_code=ORIGIN,
                loaded=False,
            ),
            state=first,
        )
        self.assertTrue(change.is_new_trip)
        self.assertEqual(change.state.status, trips.EMPTY)
        self.assertTrue(change.previous.finished)
        self.assertTrue(change.previous.unload_estimated, "unloaded between reports")
        self.assertEqual(change.previous.unloaded_at, start)
        self.assertIn("unloaded", [item.kind for item in change.previous_events])
        self.assertIsNone(change.state.arrived)

    def test_railway_day_of_the_start(self):
        """19:30 of the 8th and 05:20 of the 9th are one railway day: one trip."""
        first = run(row(5, trip_start=datetime(2026, 8, 8, 19, 30))).state
        change = run(
            row(9, trip_start=datetime(2026, 8, 9, 5, 20), waybill="ЭЦ228978"),
            state=first,
        )
        self.assertFalse(change.is_new_trip)

    def test_readdressing_keeps_the_trip(self):
        """F27: another end on the same trip; the first waybill is kept."""
        first = run(row(5)).state
        other = reports.esr(92000)
        change = run(row(9, destination_code=other, waybill="ЭЦ228978"), state=first)
        self.assertFalse(change.is_new_trip)
        self.assertEqual(change.state.first_waybill, "ЭХ077532")
        self.assertEqual(change.state.waybill, "ЭЦ228978")
        event = change.events[0]
        self.assertEqual(event.kind, "readdressed")
        self.assertEqual(event.params, {"before": END, "after": other})

    def test_forwarding(self):
        change = run(row(5), row(9, waybill_forward="ЭЛ970932"))
        self.assertEqual(change.state.waybill, "ЭЛ970932")
        self.assertEqual(change.state.first_waybill, "ЭХ077532")
        self.assertIn("forwarded", kinds(change))
        again = run(row(12, waybill_forward="ЭЛ970932"), state=change.state)
        self.assertNotIn("forwarded", kinds(again))
        self.assertFalse(again.is_new_trip)

    def test_unloaded_though_the_feed_names_the_way_back(self):
        there = run(row(90, END, "8", arrived=START + timedelta(hours=90))).state
        change = run(
            row(99, END, "21", loaded=False, destination_code=ORIGIN), state=there
        )
        self.assertEqual(change.state.status, trips.UNLOADED)

    def test_rows_after_the_end_change_nothing(self):
        done = run(row(90, END, "21", loaded=False)).state
        change = run(row(95, END, "9", loaded=False), state=done)
        self.assertFalse(change.is_new_trip)
        self.assertEqual(change.state.status, trips.UNLOADED)
        self.assertEqual(len(change.operations), 1)

    def test_two_trips_in_one_report(self):
        """History 601 holds both: each gets its own operations."""
        rows = [
            row(1),
            row(90, END, "21", loaded=False),
            next_trip(),
        ]
        first, second = trips.advance({}, rows, RULES)
        self.assertEqual((len(first.operations), len(second.operations)), (2, 1))
        self.assertTrue(second.is_new_trip)
        self.assertTrue(second.previous.finished)
        self.assertFalse(second.previous.unload_estimated)

    def test_idle_stays(self):
        """F28: from the operation to the one that moved the wagon."""
        idle = run(row(5, idle_minutes=900))
        begin = START + timedelta(hours=5)
        self.assertEqual(idle.idle, [trips.IdleEpisode(MIDDLE, begin)])
        again = run(row(5, idle_minutes=1900), state=idle.state)
        self.assertEqual(again.idle, [], "the same stay")
        gone = run(row(40, NEXT), state=again.state)
        self.assertEqual(
            gone.idle,
            [trips.IdleEpisode(MIDDLE, begin, START + timedelta(hours=40))],
        )

    def test_stay_at_the_end(self):
        arrived = START + timedelta(hours=90)
        there = run(row(91, END, "8", arrived=arrived))
        self.assertEqual(there.idle, [trips.IdleEpisode(END, arrived)])
        done = run(row(120, END, "21", loaded=False), state=there.state)
        self.assertEqual(
            done.idle,
            [trips.IdleEpisode(END, arrived, START + timedelta(hours=120))],
        )


class TestMissing(KernelCase):
    def _missing(self, state, hours, present=frozenset()):
        return trips.missing(
            {WAGON: state}, present, START + timedelta(hours=hours), RULES
        )

    def test_lost_and_found(self):
        """F27: gone on the way is lost, kept in sight, found again."""
        lost = self._missing(run(row(5)).state, 30)[0]
        self.assertEqual(lost.state.status, trips.LOST)
        self.assertEqual(self._missing(lost.state, 40), [])
        found = run(row(41, NEXT), state=lost.state)
        self.assertEqual(found.state.status, trips.MOVING)
        self.assertIsNone(found.state.lost_since)
        self.assertIn("found", kinds(found))

    def test_forgotten_after_a_week(self):
        lost = self._missing(run(row(5)).state, 30)[0].state
        change = self._missing(lost, 30 + 7 * 24)[0]
        self.assertTrue(change.state.finished)

    def _arrived(self):
        return run(row(90, END, "8", arrived=START + timedelta(hours=90))).state

    def _unloaded(self):
        """Return a wagon that two reports in a row have not named."""
        absent = self._missing(self._arrived(), 120)[0].state
        return self._missing(absent, 126)[0].state

    def test_one_report_without_an_arrived_wagon(self):
        """A report may be short of a row: the wagon stands, and costs."""
        change = self._missing(self._arrived(), 120)[0]
        self.assertEqual(change.state.status, trips.ARRIVED)
        self.assertEqual(change.state.lost_since, START + timedelta(hours=120))
        self.assertFalse(change.state.finished or change.state.unload_estimated)
        self.assertIsNone(change.state.unloaded_at)
        self.assertEqual((kinds(change), change.idle), (["absent"], []))
        # the very row of before: it is there again
        found = run(
            row(90, END, "8", arrived=START + timedelta(hours=90)), state=change.state
        )
        self.assertEqual(found.state, self._arrived())
        self.assertEqual(kinds(found), ["found"])

    def test_arrived_and_gone_was_unloaded(self):
        """F27: away from two reports in a row: unloaded since the first (estimated)."""
        absent = self._missing(self._arrived(), 120)[0].state
        self.assertEqual(self._missing(absent, 120), [], "the same report")
        self.assertEqual(self._missing(absent, 121), [], "an hour is nothing")
        change = self._missing(absent, 126)[0]
        self.assertEqual(change.state.status, trips.UNLOADED)
        self.assertTrue(change.state.unload_estimated and change.state.finished)
        self.assertEqual(change.state.unloaded_at, START + timedelta(hours=120))
        self.assertEqual(change.idle[0].end, START + timedelta(hours=120))
        self.assertEqual(kinds(change), ["unloaded", "finished"])
        self.assertEqual(self._missing(change.state, 130), [])

    def test_estimate_is_taken_back(self):
        """Found at the same station, loaded: it was never unloaded."""
        again = row(90, END, "8", arrived=START + timedelta(hours=90))
        for item in (again, row(130, END, "9", loaded=None)):
            with self.subTest(item.operation_code):
                change = run(item, state=self._unloaded())
                state = change.state
                self.assertFalse(change.is_new_trip)
                self.assertEqual(state.status, trips.ARRIVED)
                self.assertFalse(state.finished or state.unload_estimated)
                self.assertIsNone(state.unloaded_at)
                self.assertEqual(state.arrived, START + timedelta(hours=90))
                self.assertEqual(state.status_since, state.arrived)
                self.assertEqual(kinds(change), ["resumed"])
                self.assertEqual(
                    change.idle,
                    [trips.IdleEpisode(END, START + timedelta(hours=90))],
                    "the stay goes on",
                )

    def test_loaded_elsewhere_was_not_unloaded(self):
        """Sent on from the station, as loaded as it came."""
        change = run(
            row(140, NEXT, "2", destination_code=reports.esr(92000)),
            state=self._unloaded(),
        )
        self.assertEqual(change.state.status, trips.MOVING)
        self.assertIsNone(change.state.unloaded_at)
        self.assertEqual(kinds(change)[:2], ["resumed", "readdressed"])
        self.assertEqual(change.idle[0].end, START + timedelta(hours=140))

    def test_estimate_is_confirmed(self):
        """Seen empty or under the unloading: no estimate any more."""
        first = START + timedelta(hours=120)
        for item, moment in (
            (row(130, END, "9", loaded=False), first),
            (row(130, NEXT, "2", loaded=None), first),
            (row(130, END, "21"), START + timedelta(hours=130)),
        ):
            with self.subTest(item.operation_code):
                change = run(item, state=self._unloaded())
                self.assertFalse(change.is_new_trip)
                self.assertEqual(change.state.status, trips.UNLOADED)
                self.assertFalse(change.state.unload_estimated)
                self.assertTrue(change.state.finished)
                self.assertEqual(change.state.unloaded_at, moment)
                self.assertEqual(kinds(change), ["unloaded"])

    def test_next_trip_confirms_the_estimate(self):
        start = START + timedelta(days=9)
        change = run(
            next_trip(),
            state=self._unloaded(),
        )
        self.assertTrue(change.is_new_trip)
        self.assertEqual(change.previous.unloaded_at, START + timedelta(hours=120))
        self.assertEqual([item.kind for item in change.previous_events], ["unloaded"])
        absent = self._missing(self._arrived(), 120)[0].state
        change = run(row(220, ORIGIN, trip_start=start, waybill="Э"), state=absent)
        self.assertEqual(change.previous.unloaded_at, START + timedelta(hours=120))

    def test_empty_and_gone_is_not_lost(self):
        empty = run(row(5, loaded=False)).state
        change = self._missing(empty, 30)[0]
        self.assertTrue(change.state.finished)
        self.assertNotIn("lost", kinds(change))

    def test_present_is_not_missing(self):
        self.assertEqual(self._missing(run(row(5)).state, 30, {WAGON}), [])

    def test_old_operation_is_forgotten(self):
        state = run(row(5)).state
        self.assertFalse(trips.is_forgotten(state, START + timedelta(days=60), RULES))
        self.assertTrue(trips.is_forgotten(state, START + timedelta(days=61), RULES))


class TestTransfer(KernelCase):
    def test_cargo_moved_to_another_wagon(self):
        """F27: same station, mass within 0.1 t, same due date."""
        donor = run(row(5, code="53", mass_t=69.5, due_date=date(2026, 8, 20))).state
        acceptor = trips.State(
            wagon="93014215",
            origin_code=MIDDLE,
            destination_code=END,
            mass_t=69.6,
            due_date=date(2026, 8, 20),
            trip_start=START + timedelta(days=2),
            loaded=True,
        )
        found = trips.transfer_candidates([donor], [acceptor])
        self.assertEqual(
            found,
            [(donor, acceptor, ("station", "mass", "due_date", "destination"))],
        )
        for name, value in (
            ("mass_t", 69.8),
            ("due_date", date(2026, 8, 21)),
            ("origin_code", NEXT),
            ("trip_start", START),
            ("loaded", False),
        ):
            other = acceptor.twin()
            setattr(other, name, value)
            with self.subTest(name):
                self.assertEqual(trips.transfer_candidates([donor], [other]), [])
