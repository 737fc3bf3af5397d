# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import unittest
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.cement_logistics_dispatch.tools import (
    capacity,
    change,
    files,
    hours,
    passes,
    plates,
)
from odoo.addons.cement_logistics_dispatch.tools.capacity import (
    Calendar,
    Load,
    Point,
    Shift,
    Wish,
)
from odoo.addons.cement_portal.tests.samples import make_photo
from odoo.addons.cement_portal.tools import uploads

MONDAY = date(2026, 11, 23)
WEEKDAYS = frozenset(range(5))

loads_st = st.lists(
    st.builds(
        Load,
        kg=st.integers(1_000, 70_000),
        form=st.sampled_from([1, 2, 3]),
        transport=st.sampled_from(["road", "rail"]),
    ),
    max_size=25,
)
points_st = st.lists(
    st.builds(
        Point,
        key=st.integers(1, 1000),
        forms=st.none() | st.frozensets(st.sampled_from([1, 2, 3]), min_size=1),
        transports=st.none()
        | st.sampled_from([frozenset({"road"}), frozenset({"rail"})]),
        start=st.sampled_from([0.0, 6.0, 8.0]),
        stop=st.sampled_from([16.0, 20.0, 24.0]),
        tonnes_per_hour=st.sampled_from([0.0, 20.0, 60.0, 120.0]),
        vehicles_per_hour=st.sampled_from([0.0, 1.0, 2.5]),
    ),
    max_size=4,
    unique_by=lambda point: point.key,
)
calendar_st = st.builds(
    Calendar,
    shifts=st.lists(
        st.builds(
            Shift,
            weekdays=st.frozensets(st.integers(0, 6)),
            start=st.sampled_from([0.0, 6.0, 8.0]),
            stop=st.sampled_from([12.0, 20.0, 24.0]),
        ),
        max_size=3,
    ).map(tuple),
)


class TestCalendar(unittest.TestCase):
    def test_no_shifts_is_around_the_clock(self):
        self.assertEqual(Calendar().hours(MONDAY), ((0.0, 24.0),))

    def test_shifts_merge_and_exceptions_win(self):
        calendar = Calendar(
            (
                Shift(weekdays=WEEKDAYS, start=8, stop=16),
                Shift(weekdays=WEEKDAYS, start=16, stop=22),
            ),
            {MONDAY: (), MONDAY + timedelta(5): ((9.0, 12.0),)},
        )
        self.assertFalse(calendar.is_open(MONDAY))
        self.assertEqual(calendar.hours(MONDAY + timedelta(1)), ((8, 22),))
        self.assertEqual(calendar.hours(MONDAY + timedelta(5)), ((9.0, 12.0),))
        self.assertFalse(calendar.is_open(MONDAY + timedelta(6)))
        self.assertEqual(calendar.first_open(MONDAY), MONDAY + timedelta(1))

    def test_dated_shift(self):
        calendar = Calendar(
            (Shift(weekdays=WEEKDAYS, start=8, stop=16, valid_to=MONDAY),)
        )
        self.assertTrue(calendar.is_open(MONDAY))
        self.assertFalse(calendar.is_open(MONDAY + timedelta(1)))

    @given(calendar_st, st.integers(0, 30))
    def test_first_open_is_open_and_first(self, calendar, offset):
        start = MONDAY + timedelta(offset)
        first = calendar.first_open(start, 14)
        days = [start + timedelta(number) for number in range(15)]
        self.assertEqual(
            first, next((day for day in days if calendar.is_open(day)), None)
        )

    @given(st.lists(st.tuples(st.floats(0, 24), st.floats(0, 24)), max_size=8))
    def test_merged_hours_never_overlap(self, intervals):
        merged = capacity.merge(intervals)
        for (_start, stop), (start, _stop) in zip(merged, merged[1:], strict=False):
            self.assertLess(stop, start)
        self.assertLessEqual(capacity.length(merged), 24.0)


class TestDay(unittest.TestCase):
    def test_slower_limit_decides(self):
        point = Point(key=1, tonnes_per_hour=60, vehicles_per_hour=4)
        self.assertEqual(point.hours_for(30_000), 0.5)
        self.assertEqual(point.hours_for(6_000), 0.25)

    def test_full_day(self):
        point = Point(key=1, start=8, stop=10, vehicles_per_hour=2)
        day = capacity.fill_day(MONDAY, Calendar(), [point], [Load(25_000)] * 4)
        self.assertEqual(day.share, 1.0)
        self.assertFalse(day.is_over)
        self.assertFalse(day.has_room(Load(1_000)))
        day.add(Load(1_000))
        self.assertTrue(day.is_over)

    def test_special_point_first(self):
        anything = Point(key=1, start=8, stop=9, vehicles_per_hour=1)
        bulk = Point(key=2, forms=frozenset({1}), start=8, stop=9, vehicles_per_hour=1)
        day = capacity.fill_day(MONDAY, Calendar(), [anything, bulk], [Load(1000, 1)])
        self.assertTrue(day.has_room(Load(1000, 2)))

    def test_unknown_form_is_not_limited(self):
        point = Point(key=1, forms=frozenset({1}), vehicles_per_hour=1)
        day = capacity.fill_day(MONDAY, Calendar(), [point], [Load(1000, 2)] * 99)
        self.assertEqual(day.vehicles, 99)
        self.assertFalse(day.is_over)
        self.assertTrue(day.has_room(Load(1000, 2)))

    def test_work_on_a_closed_day_is_over(self):
        calendar = Calendar((), {MONDAY: ()})
        self.assertTrue(capacity.fill_day(MONDAY, calendar, [], [Load(1)]).is_over)

    @given(calendar_st, points_st, loads_st)
    @settings(max_examples=200)
    def test_nothing_is_lost(self, calendar, points, loads):
        day = capacity.fill_day(MONDAY, calendar, points, loads)
        self.assertEqual(day.vehicles, len(loads))
        self.assertEqual(day.kg, sum(load.kg for load in loads))

    @given(calendar_st, points_st, loads_st)
    def test_room_is_true(self, calendar, points, loads):
        """What finds room does not push any point over the edge."""
        day = capacity.fill_day(MONDAY, calendar, points, [])
        for load in loads:
            if day.has_room(load):
                day.add(load)
        self.assertFalse(day.is_over)

    @given(calendar_st, points_st, loads_st, st.randoms())
    def test_order_of_loads_does_not_matter(self, calendar, points, loads, random):
        shuffled = list(loads)
        random.shuffle(shuffled)
        one = capacity.fill_day(MONDAY, calendar, points, loads)
        two = capacity.fill_day(MONDAY, calendar, points, shuffled)
        self.assertAlmostEqual(one.taken, two.taken)
        self.assertEqual(one.is_over, two.is_over)

    @given(calendar_st, points_st, loads_st, loads_st)
    def test_more_work_takes_more_time(self, calendar, points, loads, more):
        less = capacity.fill_day(MONDAY, calendar, points, loads)
        taken = less.taken
        for load in more:
            less.add(load)
            self.assertGreaterEqual(less.taken, taken)
            taken = less.taken


class TestFirstDay(unittest.TestCase):
    @given(calendar_st, points_st, loads_st, loads_st)
    def test_first_day_has_room_and_none_before(self, calendar, points, there, asked):
        def get_day(day):
            return capacity.fill_day(day, calendar, points, there)

        found = capacity.first_day(asked, MONDAY, get_day, 6)
        for offset in range(7):
            day = MONDAY + timedelta(offset)
            if day == found:
                self.assertTrue(capacity.fits(asked, get_day(day)))
                break
            self.assertFalse(capacity.fits(asked, get_day(day)))
        else:
            self.assertIsNone(found)

    @given(
        calendar_st,
        points_st,
        st.lists(st.tuples(loads_st.filter(bool), st.integers(0, 5)), max_size=5),
    )
    def test_proposals_never_overfill(self, calendar, points, groups):
        wishes = [
            Wish((number, index), load, MONDAY + timedelta(offset))
            for number, (loads, offset) in enumerate(groups)
            for index, load in enumerate(loads)
        ]

        def get_day(day):
            return capacity.fill_day(day, calendar, points, [])

        answer = capacity.propose(wishes, get_day, 8)
        self.assertEqual(set(answer), {wish.key for wish in wishes})
        by_day = {}
        for wish in wishes:
            day = answer[wish.key]
            if day:
                self.assertGreaterEqual(day, wish.earliest)
                self.assertLessEqual(day, wish.earliest + timedelta(8))
                by_day.setdefault(day, get_day(day))
                self.assertTrue(by_day[day].has_room(wish.load))
                by_day[day].add(wish.load)
                self.assertFalse(by_day[day].is_over)

    def test_batch_goes_day_by_day(self):
        point = Point(key=1, start=8, stop=9, vehicles_per_hour=2)
        wishes = [Wish(number, Load(1), MONDAY) for number in range(5)]
        answer = capacity.propose(
            wishes, lambda day: capacity.fill_day(day, Calendar(), [point], [])
        )
        offsets = [(answer[number] - MONDAY).days for number in range(5)]
        self.assertEqual(offsets, [0, 0, 1, 1, 2])


class TestSlots(unittest.TestCase):
    def test_slots(self):
        self.assertEqual(
            capacity.slots([(8.0, 10.5)], 60, 2.0), [(8.0, 9.0, 2), (9.0, 10.0, 2)]
        )

    def test_slow_points_sell_what_they_load(self):
        def places(*args):
            return sum(places for _start, _stop, places in capacity.slots(*args))

        self.assertEqual(places([(8.0, 18.0)], 60, 0.5), 5)
        self.assertEqual(places([(8.0, 18.0)], 10, 1.0), 10)
        self.assertEqual(places([(8.0, 18.0)], 60, 2.5), 25)
        self.assertEqual(places([(8.0, 9.0)], 60, 0.5), 0)

    @given(
        st.sampled_from([10, 15, 30, 45, 60, 90]), st.floats(0.05, 12), st.floats(0, 24)
    )
    def test_never_more_than_the_rate(self, minutes, rate, until):
        found = [
            slot
            for slot in capacity.slots([(0, 24)], minutes, rate)
            if slot[1] <= until
        ]
        sold = sum(places for _start, _stop, places in found)
        self.assertLessEqual(sold, rate * until + 1e-6)

    @given(
        st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)), max_size=4),
        st.sampled_from([15, 30, 45, 60, 90]),
        st.floats(0.1, 12),
    )
    def test_slots_lie_in_the_hours(self, intervals, minutes, rate):
        merged = capacity.merge(intervals)
        for start, stop, places in capacity.slots(intervals, minutes, rate):
            self.assertGreaterEqual(places, 1)
            self.assertTrue(
                any(a - 1e-6 <= start and stop <= b + 1e-6 for a, b in merged)
            )


class TestPlates(unittest.TestCase):
    def test_one_plate_however_typed(self):
        for text in ("а123вс 196", "A123BC196", "А 123 ВС 196 RUS", "a123bc-196"):
            self.assertEqual(plates.normalise(text), "А123ВС196")
        self.assertEqual(plates.normalise("AH 4521 66"), "АН452166")
        self.assertEqual(plates.pretty("А123ВС196"), "А123ВС 196")

    def test_foreign(self):
        self.assertEqual(plates.normalise("888 ABC 02"), "888ABC02")

    def test_no_plate(self):
        for text in ("", None, "машина", "1", "<script>", "А" * 30, 5):
            with self.assertRaises(plates.PlateError):
                plates.normalise(text)

    @given(st.text(max_size=30))
    def test_any_text_is_a_plate_or_refused(self, text):
        try:
            plate = plates.normalise(text)
        except plates.PlateError:
            return
        self.assertEqual(plates.normalise(plate), plate)
        self.assertEqual(plates.normalise(plates.pretty(plate)), plate)

    @given(
        st.from_regex(r"[ABEKMHOPCTYX]\d{3}[ABEKMHOPCTYX]{2}\d{2,3}", fullmatch=True)
    )
    def test_alphabets_meet(self, latin):
        cyrillic = latin.translate(str.maketrans(plates.LATIN, plates.CYRILLIC))
        self.assertEqual(plates.normalise(latin), plates.normalise(cyrillic))


class TestPasses(unittest.TestCase):
    key = b"key"

    @given(
        st.integers(1, 2**31 - 1), st.from_regex(r"[0-9A-Za-z_-]{22}", fullmatch=True)
    )
    def test_code_comes_back(self, number, secret):
        code = passes.make_code(number, secret, self.key)
        self.assertEqual(passes.read_code(code, self.key), passes.Code(number, secret))
        url = f"https://x.example/cement/pass/{code}?a=1"
        self.assertEqual(passes.read_code(url, self.key), passes.Code(number, secret))
        self.assertIsNone(passes.read_code(code, b"other"))

    @given(st.integers(0, 60), st.characters())
    def test_one_letter_off_is_no_code(self, place, letter):
        code = passes.make_code(7, "a" * 22, self.key)
        place %= len(code)
        forged = code[:place] + letter + code[place + 1 :]
        if code not in (forged, forged.translate(passes._RUSSIAN_KEYS)):
            self.assertIsNone(passes.read_code(forged, self.key))

    @given(st.text(max_size=600) | st.none() | st.integers())
    def test_nonsense_is_no_code(self, text):
        self.assertIsNone(passes.read_code(text, self.key))

    def test_scanner_on_a_russian_keyboard(self):
        code = passes.make_code(7, "abcdefghijklmnopqrstuv", self.key)
        russian = code.translate(
            str.maketrans("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")
        )
        self.assertEqual(passes.read_code(russian, self.key).pass_id, 7)

    def _judge(self, now, state=passes.BOOKED, **options):
        return passes.judge(
            state,
            now,
            datetime(2026, 11, 23, 10),
            datetime(2026, 11, 23, 11),
            early=timedelta(hours=1),
            grace=timedelta(hours=2),
            **options,
        )

    def test_verdicts(self):
        day = datetime(2026, 11, 23)
        self.assertEqual(self._judge(day.replace(hour=9)), passes.VALID)
        self.assertEqual(self._judge(day.replace(hour=8)), passes.EARLY)
        self.assertEqual(self._judge(day.replace(hour=13)), passes.VALID)
        self.assertEqual(self._judge(day.replace(hour=13, minute=1)), passes.EXPIRED)
        self.assertEqual(self._judge(day - timedelta(1)), passes.WRONG_DAY)
        self.assertEqual(self._judge(day.replace(hour=10), is_held=True), passes.HELD)
        for state, verdict in (
            (passes.INSIDE, passes.INSIDE),
            (passes.LEFT, passes.USED),
            (passes.CANCELLED, passes.CANCELLED),
        ):
            self.assertEqual(self._judge(day.replace(hour=10), state), verdict)

    @given(st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 26)))
    def test_only_a_booked_pass_enters(self, now):
        for state in (passes.INSIDE, passes.LEFT, passes.CANCELLED):
            self.assertNotIn(self._judge(now, state), passes.ENTERS)

    @given(
        st.lists(
            st.tuples(
                st.none() | st.datetimes(), st.datetimes(), st.integers(1, 10**6)
            ),
            min_size=1,
            max_size=12,
            unique_by=lambda entry: entry[2],
        )
    )
    def test_queue_is_one_line(self, entries):
        places = [
            passes.queue_place(entry, [other for other in entries if other != entry])
            for entry in entries
        ]
        self.assertEqual(sorted(places), list(range(1, len(entries) + 1)))


class TestChange(unittest.TestCase):
    rules = (
        change.Rule("day", "planned", hours_before=12),
        change.Rule("site", "left", "rail"),
        change.Rule("site", "near", "road"),
    )

    def test_transport_before_general(self):
        self.assertEqual(
            change.find_rule(self.rules, "site", "road").last_state, "near"
        )
        self.assertEqual(
            change.find_rule(self.rules, "site", "rail").last_state, "left"
        )
        self.assertIsNone(change.find_rule(self.rules, "cancel", "road"))

    def test_denials(self):
        rule = self.rules[0]
        loading = datetime(2026, 11, 24)
        ok, late = loading - timedelta(hours=13), loading - timedelta(hours=11)
        self.assertIsNone(change.find_denial(rule, "planned", ok, loading))
        self.assertEqual(
            change.find_denial(rule, "planned", late, loading), change.TOO_LATE
        )
        self.assertEqual(
            change.find_denial(rule, "loading", ok, loading), change.TOO_FAR
        )
        self.assertEqual(change.find_denial(None, "planned", ok, None), change.NO_RULE)
        self.assertEqual(
            change.find_denial(self.rules[2], "done", ok, None), change.TOO_FAR
        )


class TestHours(unittest.TestCase):
    def test_parse(self):
        self.assertEqual(hours.parse_hour("8:30"), 8.5)
        self.assertEqual(hours.parse_hour("14"), 14)
        self.assertIsNone(hours.parse_hour(""))
        for text in ("25", "8:75", "утро", "-1", True, "8:30:00:00"):
            with self.assertRaises(ValueError):
                hours.parse_hour(text)

    @given(st.integers(0, 96))
    def test_text_comes_back(self, quarter):
        self.assertEqual(hours.parse_hour(hours.hour_text(quarter / 4)), quarter / 4)

    def test_zone(self):
        moment = hours.at(MONDAY, 8, "Asia/Yekaterinburg")
        self.assertEqual(moment, datetime(2026, 11, 23, 3))
        self.assertEqual(hours.local(moment, "Asia/Yekaterinburg").hour, 8)


class TestFiles(unittest.TestCase):
    def test_a_power_of_attorney_is_a_pdf_or_a_photo(self):
        def fault(content):
            return uploads.find_fault(content, files.LIMITS)

        self.assertIsNone(fault(b"%PDF-1.4"))
        self.assertIsNone(fault(make_photo()))
        self.assertEqual(fault(make_photo(image_format="GIF")), uploads.UNKNOWN)
        self.assertEqual(fault(b"\xff\xd8\xffrubbish"), uploads.DAMAGED)
        large = b"%PDF-" + b"0" * files.LIMITS.max_bytes
        self.assertEqual(fault(large), uploads.TOO_BIG)
