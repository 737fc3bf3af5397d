# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.cement_portal.tools import uploads

from .samples import HTML, PDF, SVG, make_photo

LIMITS = uploads.Limits(max_bytes=1 << 20, max_pixels=100_000_000)


class TestUploads(TestCase):
    def test_what_it_is_is_told_by_the_content(self):
        for image_format in ("JPEG", "PNG", "GIF"):
            content = make_photo(image_format=image_format)
            self.assertEqual(uploads.sniff(content), f"image/{image_format.lower()}")
            self.assertIsNone(uploads.find_fault(content, LIMITS))
        self.assertEqual(uploads.sniff(PDF), "application/pdf")
        self.assertIsNone(uploads.find_fault(PDF, LIMITS))
        self.assertEqual(uploads.sniff(b"RIFF\x00\x00\x00\x00WEBPVP8 "), "image/webp")
        heic = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20
        self.assertEqual(uploads.sniff(heic), "image/heic")

    def test_hostile_and_broken_content(self):
        for content in (
            HTML,
            SVG,
            b"\xef\xbb\xbf" + SVG,
            b" \n" + PDF,
            b"MZ\x90\x00",
            b"PK\x03\x04",
            b"GIF",
            b"RIFF\x00\x00\x00\x00WAVE",
        ):
            self.assertEqual(
                uploads.find_fault(content, LIMITS), uploads.UNKNOWN, content
            )
        self.assertEqual(uploads.find_fault(b"", LIMITS), uploads.EMPTY)
        # a page that begins like a picture
        self.assertEqual(uploads.find_fault(b"GIF89a" + HTML, LIMITS), uploads.DAMAGED)
        self.assertEqual(
            uploads.find_fault(b"\xff\xd8\xff" + HTML, LIMITS), uploads.DAMAGED
        )
        self.assertEqual(
            uploads.find_fault(PDF + b" " * LIMITS.max_bytes, LIMITS), uploads.TOO_BIG
        )

    def test_types_that_are_not_asked_for(self):
        limits = uploads.Limits(100, 100, frozenset({"application/pdf"}))
        self.assertIsNone(uploads.find_fault(PDF, limits))
        gif = make_photo((4, 4), "GIF")
        self.assertEqual(uploads.find_fault(gif, limits), uploads.UNKNOWN)

    @given(st.binary(max_size=200))
    def test_any_bytes_are_judged(self, content):
        for head in (b"", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP"):
            fault = uploads.find_fault(head + content, LIMITS)
            if fault is None:
                self.assertIn(uploads.sniff(head + content), uploads.TYPES)

    def test_a_picture_of_absurd_size(self):
        bomb = bytearray(make_photo(image_format="PNG"))
        # width and height in the head of a PNG
        bomb[16:24] = (60_000).to_bytes(4, "big") * 2
        self.assertEqual(uploads.find_fault(bytes(bomb), LIMITS), uploads.DAMAGED)

    def test_names(self):
        jpeg, pdf = "image/jpeg", "application/pdf"
        for name, mimetype, expected in (
            ("IMG_1.JPG", jpeg, "IMG_1.jpg"),
            ("Фото поддона.jpeg", jpeg, "Фото поддона.jpeg"),
            ("../../etc/passwd", jpeg, "passwd.jpg"),
            ("C:\\temp\\a.png", jpeg, "a.png.jpg"),
            ("page.html", pdf, "page.html.pdf"),
            ("a\r\nSet-Cookie: x.pdf", pdf, "aSet-Cookie: x.pdf"),
            ("", pdf, "file-3.pdf"),
            (None, pdf, "file-3.pdf"),
            (".jpg", jpeg, "file-3.jpg"),
        ):
            self.assertEqual(uploads.clean_name(name, mimetype, 3), expected)
        self.assertLessEqual(len(uploads.clean_name("x" * 5000, jpeg, 1)), 110)
