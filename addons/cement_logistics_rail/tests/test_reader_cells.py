# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Cells and codes as live reports hold them."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ..tools import codes
from ..tools.reader import cells
from . import reports
from .kernel import KernelCase


class TestCells(KernelCase):
    def test_moments(self):
        moment = datetime(2026, 8, 1, 8, 37)
        for text in (
            "01.08.2026 08:37",
            "2026-08-01T08:37:00.000",
            "2026-08-01 08:37:00",
            "2026-08-01T05:37:00Z",
            "08-01-2026 08:37",
            "1.8.2026 8:37",
            "01.08.26 08:37",
            moment,
            46235.35902777778,
            "46235.35902777778",
        ):
            with self.subTest(text):
                self.assertEqual(cells.moment(text), moment)
        self.assertEqual(cells.moment("01.08.2026"), datetime(2026, 8, 1))
        self.assertEqual(
            cells.moment("01.08", datetime(2026, 8, 3)), datetime(2026, 8, 1)
        )
        self.assertEqual(cells.moment(date(2026, 8, 1)), datetime(2026, 8, 1))

    def test_year_that_is_not_written(self):
        """New Year: the last day of the year is yesterday, not in a year."""
        new_year = datetime(2027, 1, 1, 2, 0)
        self.assertEqual(
            cells.moment("31.12 23:50", near=new_year), datetime(2026, 12, 31, 23, 50)
        )
        self.assertEqual(
            cells.moment("01.01 01:50", near=new_year), datetime(2027, 1, 1, 1, 50)
        )
        # the clock of the feed may be ahead of the report's, by a day at most
        self.assertEqual(
            cells.moment("01.01 00:10", near=datetime(2026, 12, 31, 23, 58)),
            datetime(2027, 1, 1, 0, 10),
        )
        before = datetime(2026, 12, 30, 8, 0)
        self.assertEqual(cells.day("05.01", near=before), date(2027, 1, 5))
        self.assertEqual(cells.day("20.12", near=new_year), date(2026, 12, 20))
        # what has happened is never ahead
        self.assertEqual(cells.moment("05.01", near=before), datetime(2026, 1, 5))
        self.assertEqual(cells.day("29.02", near=new_year.replace(2028)).year, 2028)
        for value in ("29.02", "31.04", "01.13"):
            with self.subTest(value), self.assertRaises(ValueError):
                cells.moment(value, near=new_year.replace(2026))

    @given(
        st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)),
        st.integers(-180 * 1440, 1440),
    )
    def test_half_a_year_back_is_certain(self, near, minutes):
        near = near.replace(second=0, microsecond=0)
        moment = near + timedelta(minutes=minutes)
        self.assertEqual(cells.moment(f"{moment:%d.%m %H:%M}", near=near), moment)

    def test_empty(self):
        for value in ("", None, "None", "null", " - ", "nan", float("nan"), "н/д"):
            with self.subTest(value):
                self.assertIsNone(cells.moment(value))
                self.assertIsNone(cells.number(value))
                self.assertIsNone(cells.text(value))
        self.assertIsNone(cells.moment("0001-01-01T00:00:00"))

    def test_impossible_moments(self):
        for value in ("32.01.2026 10:00", "вчера", "01.08", "2026-13-01", "999"):
            with self.subTest(value), self.assertRaises(ValueError):
                cells.moment(value)

    def test_numbers(self):
        for text, number in (
            ("0000006094", 6094),
            ("1 284,50", 1284.5),
            ("1\u00a0284.5", 1284.5),
            ("1.284,50", 1284.5),
            ("1,284.50", 1284.5),
            ("74900.0", 74900),
            ("1e3", 1000),
            (17, 17),
        ):
            with self.subTest(text):
                self.assertEqual(cells.number(text), number)
        for text in ("1 2 x", "12:30", "1" * 60, True and "да"):
            with self.subTest(text), self.assertRaises(ValueError):
                cells.decimal(text)

    def test_mass_and_money(self):
        self.assertEqual(cells.tonnes("74900", "kg"), 74.9)
        self.assertEqual(cells.tonnes("69,5", "t"), 69.5)
        self.assertEqual(cells.tonnes("69500", ""), 69.5)
        self.assertEqual(cells.tonnes("69.5", ""), 69.5)
        self.assertEqual(cells.roubles("0000018318500", "kopeck"), Decimal("183185"))

    def test_idle(self):
        for value, unit, minutes in (
            ("2:12:30", "dhm", 2 * 1440 + 12 * 60 + 30),
            ("12:30", "hm", 750),
            ("2", "days", 2880),
            ("1,5", "days", 2160),
            ("3", "hours", 180),
            (timedelta(hours=50), "dhm", 3000),
            (time(12, 30), "hm", 750),
            ("2 сут. 12 ч. 30 мин", "", 2 * 1440 + 750),
        ):
            with self.subTest(value):
                self.assertEqual(cells.idle_minutes(value, unit), minutes)

    def test_coded(self):
        for value, pair in (
            ("ЧЕМСКОЙ (850308)", ("850308", "ЧЕМСКОЙ")),
            ("МЫС АСТАФЬЕВА (ЭКСП.) (985702)", ("985702", "МЫС АСТАФЬЕВА (ЭКСП.)")),
            ("НИКЕЛЬ (ЭКСП.)", (None, "НИКЕЛЬ (ЭКСП.)")),
            ("850308", ("850308", None)),
            (850308.0, ("850308", None)),
            ("850308 Чемской", ("850308", "Чемской")),
            ("", (None, None)),
        ):
            with self.subTest(value):
                self.assertEqual(cells.coded(value), pair)

    def test_loaded(self):
        """An empty wagon keeps the weight of its last load: only flags count."""
        self.assertIs(cells.loaded("Порожний", ""), False)
        self.assertIs(cells.loaded("Груженый", ""), True)
        self.assertIs(cells.loaded("1", "empty_flag"), False)
        self.assertIsNone(cells.loaded("0", "empty_flag"))
        self.assertIs(cells.loaded(1.0, "loaded_flag"), True)
        self.assertIs(cells.loaded("да", ""), True)

    @given(st.text(max_size=30) | st.floats() | st.integers() | st.booleans())
    def test_any_value_or_value_error(self, value):
        """Nothing but ValueError leaves a converter (and what stems from it)."""
        for function in (
            cells.moment,
            cells.number,
            cells.kilometres,
            cells.whole,
            cells.flag,
            cells.coordinates,
        ):
            with suppress(ValueError, OverflowError, ArithmeticError, TypeError):
                function(value)
        cells.coded(value)
        cells.text(value)


class TestCodes(KernelCase):
    def test_wagons(self):
        for number in ("63499578", "55150627", "61194155", "60848066", "62599774"):
            self.assertTrue(codes.is_wagon(number))
        for number in ("93014207", "93014215", "93014223", "59381103"):
            self.assertTrue(codes.is_wagon(number))
        for number in ("63499579", "6349957", "", None, "6349957X", "６３４９９５７８"):
            self.assertFalse(codes.is_wagon(number))

    @given(st.integers(0, 9_999_999), st.integers(0, 7), st.integers(1, 9))
    def test_one_wrong_digit_is_seen(self, serial, place, step):
        first = f"{serial:07d}"
        number = first + str(codes.wagon_check_digit(first))
        self.assertTrue(codes.is_wagon(number))
        wrong = str((int(number[place]) + step) % 10)
        self.assertFalse(codes.is_wagon(number[:place] + wrong + number[place + 1 :]))

    def test_wagon_spellings(self):
        for value in (63499578, 63499578.0, "63499578.0", " 6349 9578 ", "6.3499578E7"):
            with self.subTest(value):
                self.assertEqual(codes.normalise_wagon(value), "63499578")

    def test_waybills(self):
        self.assertEqual(codes.normalise_waybill("эX 077532"), "ЭХ077532")
        self.assertTrue(codes.is_waybill("ЭХ077532"))
        self.assertFalse(codes.is_waybill("ЭX077532"), "a Latin X")

    def test_identifiers(self):
        self.assertEqual(codes.normalise_uno(1234567.0), "000001234567")
        self.assertEqual(codes.okpo_key("01126022"), "1126022")
        self.assertEqual(codes.okpo_key(1126022), "1126022")

    def test_stations_and_cargo(self):
        for code in ("811905", "814208", "985702", "872504"):
            self.assertEqual(codes.normalise_esr(code), code)
        self.assertEqual(codes.normalise_esr("46700", five_digits=True)[:5], "46700")
        self.assertEqual(codes.normalise_esr(10002), "010002", "a lost zero")
        for code in ("161128", "161043", "232431", "281000", "421034"):
            self.assertTrue(codes.is_etsng(code))
        self.assertTrue(codes.is_cement_cargo("281014"))
        self.assertTrue(codes.is_empty_run_cargo("421195"))

    def test_railway_day(self):
        """The railway's day begins at 18:00."""
        self.assertEqual(
            codes.railway_day(datetime(2026, 8, 8, 19, 30)), date(2026, 8, 9)
        )
        self.assertEqual(
            codes.railway_day(datetime(2026, 8, 8, 17, 59)), date(2026, 8, 8)
        )

    def test_train_index(self):
        self.assertEqual(codes.format_train_index("872504178985702"), "8725-178-9857")
        for value in ("000000000000000", "", None, "Б/И", "123"):
            self.assertEqual(codes.normalise_train_index(value), "")
        self.assertEqual(
            codes.format_train_index(codes.normalise_train_index("8725-178-9857")),
            "8725-178-9857",
        )

    def test_roads(self):
        roads = {"81": "ЮУР"}
        self.assertEqual(codes.road_of(reports.esr(81190), roads), "ЮУР")
        self.assertEqual(codes.road_of(None, roads), "")
