# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import math
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import geo
from ..tools.geo import Fence, Sight

PLACES = st.tuples(st.floats(-80, 80), st.floats(-179, 179))
YARD = Fence(56.87, 60.54, 500.0)
# metres of a degree, as the kernel sees the earth
DEGREE = math.pi * geo.EARTH_RADIUS / 180


def north(fence, metres):
    """Return the place so many metres north of the middle."""
    return (fence.latitude + metres / DEGREE, fence.longitude)


def square(half):
    """Return a polygon of the given half side in metres around the yard."""
    turn = math.cos(math.radians(YARD.latitude))
    lat, lon = half / DEGREE, half / DEGREE / turn
    return tuple(
        (YARD.latitude + north * lat, YARD.longitude + east * lon)
        for north, east in ((1, 1), (1, -1), (-1, -1), (-1, 1))
    )


class TestDistance(TestCase):
    def test_known(self):
        moscow, petersburg = (55.7558, 37.6173), (59.9343, 30.3351)
        self.assertAlmostEqual(geo.haversine(moscow, petersburg) / 1000, 634, delta=3)
        self.assertEqual(geo.haversine(moscow, moscow), 0)
        # over the date line it is a step, not the way round
        self.assertLess(geo.haversine((60, 179.99), (60, -179.99)), 3000)

    @given(PLACES, PLACES)
    def test_both_ways_the_same(self, one, other):
        there, back = geo.haversine(one, other), geo.haversine(other, one)
        self.assertAlmostEqual(there, back, delta=0.01)
        self.assertTrue(0 <= there <= math.pi * geo.EARTH_RADIUS + 1)

    @given(PLACES, PLACES, PLACES)
    def test_no_way_round_is_shorter(self, one, other, third):
        direct = geo.haversine(one, other)
        around = geo.haversine(one, third) + geo.haversine(third, other)
        self.assertLessEqual(direct, around + 0.01)


class TestPlace(TestCase):
    def test_what_is_no_place(self):
        self.assertTrue(geo.is_place(56.8, 60.5))
        self.assertTrue(geo.is_place(0.0, 37.0))
        for latitude, longitude in (
            (0, 0),
            (None, 60),
            (91, 60),
            (56, 181),
            (math.nan, 60),
            (math.inf, 60),
        ):
            self.assertFalse(geo.is_place(latitude, longitude))


class TestFence(TestCase):
    def test_circle_with_an_exact_fix(self):
        for metres, sight in (
            (0, Sight.INSIDE),
            (480, Sight.INSIDE),
            (495, Sight.LIKELY),
            (505, Sight.UNSURE),
            (700, Sight.OUTSIDE),
        ):
            self.assertEqual(geo.look(YARD, north(YARD, metres), 10), sight, metres)

    def test_a_coarse_fix_proves_little(self):
        """A circle of 4,300 m is never surely within a yard of 500 m."""
        for metres, sight in (
            (0, Sight.LIKELY),
            (400, Sight.LIKELY),
            (3000, Sight.UNSURE),
            (4900, Sight.UNSURE),
            (5000, Sight.OUTSIDE),
        ):
            self.assertEqual(geo.look(YARD, north(YARD, metres), 4300), sight, metres)

    def test_polygon(self):
        fence = Fence(YARD.latitude, YARD.longitude, 500, square(1000))
        self.assertAlmostEqual(geo.edge_distance(fence, fence.centre), -1000, delta=5)
        self.assertAlmostEqual(
            geo.edge_distance(fence, north(fence, 1300)), 300, delta=5
        )
        self.assertEqual(geo.look(fence, north(fence, 900), 50), Sight.INSIDE)
        self.assertEqual(geo.look(fence, north(fence, 1300), 50), Sight.OUTSIDE)

    @given(PLACES, st.floats(50, 20000), st.floats(1, 5000))
    def test_a_wider_circle_never_proves_more(self, place, metres, accuracy):
        fence = Fence(place[0], place[1], 700.0)
        spot = (max(-89.0, place[0] - metres / DEGREE), place[1])
        fine, coarse = (
            geo.look(fence, spot, accuracy),
            geo.look(fence, spot, accuracy * 2),
        )
        if fine in (Sight.LIKELY, Sight.UNSURE):
            self.assertEqual(coarse, fine)
        elif fine is Sight.INSIDE:
            self.assertIn(coarse, (Sight.INSIDE, Sight.LIKELY))
        else:
            self.assertIn(coarse, (Sight.OUTSIDE, Sight.UNSURE))

    @given(st.floats(100, 5000), st.floats(0, 8000))
    def test_a_polygon_is_seen_as_its_circle(self, half, metres):
        """Inside the inner circle of a square is inside the square."""
        fence = Fence(YARD.latitude, YARD.longitude, 500, square(half))
        distance = geo.edge_distance(fence, north(fence, metres))
        self.assertAlmostEqual(distance, metres - half, delta=0.02 * half + 20)

    def test_reads_polygons(self):
        lines = "56.1, 60.1\n56.2 60.1\n56.2; 60.3\n"
        self.assertEqual(len(geo.parse_polygon(lines)), 3)
        json_text = "[[56.1, 60.1], [56.2, 60.1], [56.2, 60.3], [56.1, 60.1]]"
        self.assertEqual(geo.parse_polygon(json_text), geo.parse_polygon(lines))
        self.assertEqual(geo.parse_polygon("  "), ())
        for wrong in (
            "56.1, 60.1\n56.2, 60.1",
            "a, b\nc, d\ne, f",
            "[1]",
            "[[1,2]",
            "[]",
            "[" * 50_000,
            f"[[1{'0' * 400}, 60.1], [56.2, 60.1], [56.2, 60.3]]",
        ):
            with self.assertRaises(ValueError):
                geo.parse_polygon(wrong)
        with self.assertRaises(ValueError):
            geo.parse_polygon("156.1, 60.1\n56.2, 60.1\n56.2, 60.3")
