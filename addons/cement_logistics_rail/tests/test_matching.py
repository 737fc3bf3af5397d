# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import dataclasses
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ..tools import demurrage, figures, matching, moscow, station_table, trouble
from ..tools.trips import State
from .kernel import KernelCase

DAY = date(2026, 8, 1)
wagons = st.sampled_from(["93014207", "93014215", "93014223"])
waybills = st.sampled_from(["ЭЦ000001", "ЭЦ000002", None])
days = st.integers(-9, 9).map(lambda gap: DAY + timedelta(days=gap))
places = st.sampled_from(["1", "2", None])


def make_trip(number, wagon="93014207", waybill=None, day=DAY, place="1", mass=69.0):
    return matching.Trip(
        number, wagon, frozenset(filter(None, [waybill])), day, place, mass
    )


def make_shipment(number, wagon=None, waybill=None, day=DAY, place="1", mass=69.0):
    return matching.Shipment(number, wagon, waybill, day, place, mass)


class TestMatching(KernelCase):
    def test_waybill_of_another_wagon_is_no_pair(self):
        pairs = matching.match(
            [make_trip(1, waybill="ЭЦ000001")],
            [make_shipment(2, "93014215", "ЭЦ000001")],
        )
        self.assertEqual(pairs, [])

    def test_group_waybill_goes_by_wagon(self):
        trips = [
            make_trip(1, "93014207", "ЭЦ000001"),
            make_trip(2, "93014215", "ЭЦ000001"),
        ]
        shipments = [
            make_shipment(3, "93014215", "ЭЦ000001"),
            make_shipment(4, "93014207", "ЭЦ000001"),
        ]
        pairs = {
            (pair.trip, pair.shipment) for pair in matching.match(trips, shipments)
        }
        self.assertEqual(pairs, {(1, 4), (2, 3)})

    def test_group_waybill_without_wagons_asks_a_person(self):
        trips = [
            make_trip(1, "93014207", "ЭЦ000001"),
            make_trip(2, "93014215", "ЭЦ000001"),
        ]
        self.assertEqual(
            matching.match(trips, [make_shipment(3, waybill="ЭЦ000001")]), []
        )

    def test_other_papers_are_another_cargo(self):
        """The next trip of a wagon does not take the shipment of the one before."""
        shipment = make_shipment(2, "93014207", "ЭЦ000001")
        trip = make_trip(1, waybill="ЭЦ000002", day=DAY + timedelta(days=3))
        self.assertEqual(matching.match([trip], [shipment]), [])
        for one, other in (
            (make_trip(1), shipment),
            (trip, make_shipment(2, "93014207")),
        ):
            self.assertEqual(
                matching.match([one], [other]),
                [matching.Pair(1, 2, matching.WAGON)],
            )

    def test_nearest_day_wins(self):
        shipments = [
            make_shipment(2, "93014207", day=DAY - timedelta(days=4)),
            make_shipment(3, "93014207", day=DAY + timedelta(days=1)),
        ]
        self.assertEqual(
            matching.match([make_trip(1)], shipments),
            [matching.Pair(1, 3, matching.WAGON)],
        )

    def test_refused_by_a_person(self):
        """What a person has untied is not tied again, in no way."""
        trips = [
            dataclasses.replace(
                make_trip(1, "93014207", "ЭЦ000001"), refused=frozenset({3})
            ),
            make_trip(2, "93014215", "ЭЦ000001"),
        ]
        for shipment in (
            make_shipment(3, "93014207", "ЭЦ000001"),
            make_shipment(3, "93014207"),
        ):
            self.assertEqual(matching.match(trips, [shipment]), [])
            self.assertEqual(matching.suggest(trips[0], [shipment]), [])
        # the other wagon of the waybill is left
        self.assertEqual(
            matching.match(trips, [make_shipment(3, waybill="ЭЦ000001")]),
            [matching.Pair(2, 3, matching.WAYBILL)],
        )

    def test_suggestion_needs_more_than_the_day(self):
        found = matching.suggest(make_trip(1), [make_shipment(2, place="2")])
        self.assertEqual(found, [])

    @given(
        st.lists(st.tuples(wagons, waybills, days, places), max_size=6),
        st.lists(
            st.tuples(st.one_of(st.none(), wagons), waybills, days, places), max_size=6
        ),
    )
    def test_each_once(self, trips, shipments):
        trips = [
            make_trip(number, wagon, waybill, day, place)
            for number, (wagon, waybill, day, place) in enumerate(trips)
        ]
        shipments = [
            make_shipment(number, wagon, waybill, day, place)
            for number, (wagon, waybill, day, place) in enumerate(shipments)
        ]
        pairs = matching.match(trips, shipments)
        self.assertEqual(len({pair.trip for pair in pairs}), len(pairs))
        self.assertEqual(len({pair.shipment for pair in pairs}), len(pairs))
        for pair in pairs:
            trip, shipment = trips[pair.trip], shipments[pair.shipment]
            self.assertIn(shipment.wagon, (None, trip.wagon))
            if pair.by == matching.WAYBILL:
                self.assertIn(shipment.waybill, trip.waybills)
            else:
                self.assertLessEqual(abs((trip.day - shipment.day).days), 5)
                self.assertFalse(shipment.waybill and trip.waybills)


class TestFigures(KernelCase):
    tariffs = (demurrage.Tariff(free_hours=24, steps=[(0, Decimal(50))]),)

    def get(self, is_open=True, **facts):
        facts = {"loaded": True, "operation_time": datetime(2026, 8, 1, 8), **facts}
        now = datetime(2026, 8, 3, 8)
        return figures.get_figures(State(**facts), is_open, now, self.tariffs)

    def test_moving_is_not_idle(self):
        self.assertEqual(self.get(), figures.Figures())

    def test_money_at_the_station_only(self):
        self.assertEqual(self.get(status="abandoned").idle_money, 0)
        arrived = datetime(2026, 8, 1, 8)
        found = self.get(status="arrived", arrived=arrived)
        self.assertEqual((found.idle_days, found.idle_money), (2.0, 1200))
        self.assertTrue(found.is_idle)

    def test_unloaded_stops_the_clock(self):
        arrived = datetime(2026, 8, 1, 8)
        found = self.get(
            status="unloaded",
            loaded=False,
            arrived=arrived,
            unloaded_at=arrived + timedelta(hours=30),
        )
        self.assertEqual((found.idle_money, found.is_idle), (300, False))

    def test_late_until_it_arrives(self):
        found = self.get(due_date=date(2026, 8, 1))
        self.assertEqual((found.late_days, found.trouble), (2, 1002))
        arrived = datetime(2026, 8, 1, 8)
        found = self.get(status="arrived", arrived=arrived, due_date=date(2026, 8, 1))
        self.assertEqual(found.late_days, 0)

    def test_what_is_over_troubles_nobody(self):
        found = self.get(is_open=False, status="lost", due_date=date(2026, 8, 1))
        self.assertEqual((found.is_lost, found.late_days, found.trouble), (False, 0, 0))

    @given(
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.integers(-5, 2000),
        st.floats(0, 5000),
    )
    def test_kind_of_trouble_before_length(self, lost, faulty, idle, late, length):
        score = trouble.score(
            lost=lost, faulty=faulty, idle=idle, late_days=late, days=length
        )
        kind = 4 if lost else 3 if faulty else 2 if idle else 1 if late > 0 else 0
        self.assertEqual(score // 1000, kind)


class TestMoscow(KernelCase):
    @given(st.datetimes(datetime(2015, 1, 1), datetime(2100, 1, 1)))
    def test_there_and_back(self, moment):
        self.assertEqual(moscow.from_utc(moscow.to_utc(moment)), moment)

    def test_summer_time_of_old(self):
        self.assertEqual(
            moscow.to_utc(datetime(2010, 7, 1, 12)), datetime(2010, 7, 1, 8)
        )


class TestStationTable(KernelCase):
    @given(st.binary(max_size=300))
    def test_any_bytes(self, data):
        try:
            table = station_table.read(data)
        except station_table.TableError as error:
            self.assertIn(error.code, ("empty", "too_big", "no_columns"))
        else:
            self.assertGreaterEqual(table.rows, len(table.stations))

    def test_nan_is_no_coordinate(self):
        table = station_table.read(b"esr;lat;lon\n811905;nan;55\n81190;51.7;55\n")
        self.assertEqual(list(table.stations), ["811905"])
        self.assertEqual(table.refused, 1)
