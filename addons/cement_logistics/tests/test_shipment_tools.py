# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
import unittest
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from odoo.addons.cement_logistics.tools import (
    lifecycle,
    photos,
    shipment_line,
    weighing,
)
from odoo.addons.cement_logistics.tools.shipment_query import ShipmentQuery
from odoo.addons.cement_portal.tests.samples import make_photo

from .common import make_signature

_MASS = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 3))


class TestWeighing(unittest.TestCase):
    def test_faults(self):
        self.assertIsNone(weighing.find_fault(40.0, 15.0, 25.0))
        self.assertIsNone(weighing.find_fault(40.0, 15.0, 25.02))
        self.assertEqual(weighing.find_fault(40.0, 15.0, 25.04), weighing.NET_DIFFERS)
        self.assertEqual(
            weighing.find_fault(14.0, 15.0, 0.0), weighing.GROSS_BELOW_TARE
        )
        self.assertEqual(weighing.find_fault(0.0, 0.0, -1.0), weighing.NEGATIVE)
        self.assertIsNone(weighing.find_fault(0.0, 0.0, 25.0))

    def test_tolerance_is_tight(self):
        self.assertFalse(weighing.is_beyond(25.0, 24.875, 0.5))
        self.assertTrue(weighing.is_beyond(25.0, 24.874, 0.5))
        self.assertFalse(weighing.is_beyond(25.0, 26.0, 0.5))

    @given(_MASS, _MASS)
    def test_net_and_tare_make_gross(self, net, tare):
        gross = round(net + tare, 3)
        self.assertAlmostEqual(weighing.net(gross, tare), net, places=3)
        self.assertIsNone(weighing.find_fault(gross, tare, net))

    @given(_MASS, _MASS, st.floats(0, 5))
    def test_shortage_is_never_below_zero(self, sent, received, percent):
        missing = weighing.shortage(sent, received)
        self.assertGreaterEqual(missing, 0)
        self.assertLessEqual(missing, sent)
        if weighing.is_beyond(sent, received, percent):
            self.assertGreater(missing, 0)

    @given(_MASS, st.lists(_MASS, min_size=1, max_size=6))
    def test_shares_sum_to_the_kilogram(self, total, parts):
        shares = weighing.share(total, parts)
        self.assertEqual(len(shares), len(parts))
        kilograms = sum(map(weighing.kilograms, shares))
        self.assertEqual(kilograms, weighing.kilograms(total))


class TestLifecycle(unittest.TestCase):
    @given(st.sampled_from(lifecycle.STATES), st.sampled_from(lifecycle.STATES))
    def test_never_back(self, state, target):
        if lifecycle.can_move(state, target) and state != target:
            self.assertNotIn(state, lifecycle.FINAL)
            self.assertGreater(lifecycle.STEPS[target], lifecycle.STEPS[state])

    def test_cancelled_before_leaving_only(self):
        self.assertTrue(lifecycle.can_move("loading", "cancelled"))
        self.assertFalse(lifecycle.can_move("left", "cancelled"))


class TestShipmentLine(unittest.TestCase):
    def test_a_silent_tracker_leaves_gaps(self):
        when = datetime(2026, 11, 20, 8)
        line = shipment_line.build(
            "arrived",
            [
                shipment_line.Event("left", when),
                shipment_line.Event("arrived", when + timedelta(hours=5)),
            ],
        )
        self.assertEqual(
            [step.progress for step in line],
            [
                "done",
                "skipped",
                "done",
                "skipped",
                "skipped",
                "current",
                "future",
                "future",
            ],
        )
        self.assertEqual(line[2].when, when)

    def test_a_wagon_has_no_steps_of_a_truck(self):
        line = shipment_line.build("arrived", [], is_rail=True)
        self.assertEqual(
            [step.state for step in line],
            ["planned", "loading", "left", "on_way", "arrived", "done"],
        )
        # what was said all the same is not hidden
        event = shipment_line.Event("unloading", datetime(2026, 11, 20, 8))
        for state, events in (("unloading", []), ("done", [event])):
            line = shipment_line.build(state, events, is_rail=True)
            self.assertIn("unloading", [step.state for step in line])

    def test_cancelled_ends_the_line(self):
        line = shipment_line.build(
            "cancelled", [shipment_line.Event("cancelled", datetime(2026, 1, 1))]
        )
        self.assertEqual([step.state for step in line], ["cancelled"])

    @given(st.sampled_from(lifecycle.STATES))
    def test_every_state_has_a_line(self, state):
        line = shipment_line.build(state, [])
        self.assertIn(state, [step.state for step in line])


class TestShipmentQuery(unittest.TestCase):
    def test_senseless_values_fall_back(self):
        query = ShipmentQuery.parse(
            {"status": "DROP TABLE", "by": "air", "site": "9" * 30, "sort": "id; --"}
        )
        self.assertEqual(query, ShipmentQuery())

    def test_round_trip(self):
        query = ShipmentQuery(
            text="A 123",
            status="under_way",
            transport="rail",
            plant_id=3,
            site_id=4,
            date_from=date(2026, 11, 1),
            sort="mass",
            descending=True,
            page=2,
        )
        self.assertEqual(ShipmentQuery.parse(query.to_params()), query)

    def test_what_matters_now_is_no_column(self):
        """The default order is one of its own and cannot be turned."""
        query = ShipmentQuery.parse({"sort": "now", "dir": "desc"})
        self.assertEqual(query, ShipmentQuery())
        self.assertTrue(query.sorted_by("mass").descending)
        self.assertFalse(query.sorted_by("site").descending)


class TestPhotos(unittest.TestCase):
    def test_photo_is_redrawn_small_and_without_its_place(self):
        exif = Image.Exif()
        exif[0x010E] = "Site of the foreman"
        exif[0x8825] = {1: "N", 2: (56.0, 50.0, 0.0)}
        content = make_photo((3000, 2000), exif=exif.tobytes())
        self.assertIn(b"foreman", content)
        drawn = photos.redraw_photo(content)
        self.assertNotIn(b"foreman", drawn)
        image = Image.open(io.BytesIO(drawn))
        self.assertEqual(image.format, "JPEG")
        self.assertEqual(max(image.size), photos.PHOTO_SIDE)
        self.assertFalse(image.getexif())

    def test_other_formats_become_jpeg(self):
        drawn = photos.redraw_photo(make_photo(image_format="PNG"))
        self.assertTrue(drawn.startswith(b"\xff\xd8"))

    def test_what_is_no_picture(self):
        for content, code in (
            (b"", photos.EMPTY),
            (b"<html><script>alert(1)</script>", photos.UNKNOWN),
            (b"%PDF-1.4", photos.UNKNOWN),
            (b'<svg onload="alert(1)"/>', photos.UNKNOWN),
            (make_photo()[:40], photos.UNKNOWN),
            (b"x" * (photos.MAX_BYTES + 1), photos.TOO_BIG),
        ):
            with self.assertRaises(photos.PictureError) as caught:
                photos.redraw_photo(content)
            self.assertEqual(caught.exception.code, code)

    def test_a_bomb_is_not_opened(self):
        stream = io.BytesIO()
        Image.new("1", (20_000, 20_000)).save(stream, "PNG")
        self.assertLess(len(stream.getvalue()), photos.MAX_BYTES)
        with self.assertRaises(photos.PictureError) as caught:
            photos.redraw_photo(stream.getvalue())
        self.assertEqual(caught.exception.code, photos.TOO_BIG)

    def test_a_signature_bomb_is_told_by_its_head(self):
        stream = io.BytesIO()
        Image.new("1", (7000, 7000)).save(stream, "PNG")
        self.assertLess(len(stream.getvalue()), photos.SIGNATURE_BYTES)
        with self.assertRaises(photos.PictureError) as caught:
            photos.redraw_signature(stream.getvalue())
        self.assertEqual(caught.exception.code, photos.TOO_BIG)

    def test_comments_do_not_go_on(self):
        stream = io.BytesIO()
        Image.new("RGB", (60, 40)).save(stream, "JPEG", comment=b"SECRET 55.1,37.2")
        self.assertIn(b"SECRET", stream.getvalue())
        self.assertNotIn(b"SECRET", photos.redraw_photo(stream.getvalue()))

    def test_signature_needs_ink(self):
        self.assertTrue(
            photos.redraw_signature(make_signature()).startswith(b"\x89PNG")
        )
        with self.assertRaises(photos.PictureError) as caught:
            photos.redraw_signature(make_signature(ink=False))
        self.assertEqual(caught.exception.code, photos.NO_INK)
