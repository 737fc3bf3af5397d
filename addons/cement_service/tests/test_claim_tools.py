# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from itertools import product
from unittest import TestCase

from ..tools import files, lifecycle
from .common import HTML, PDF, SVG, make_image


class TestLifecycle(TestCase):
    def test_moves_forward_only(self):
        for state, target in product(lifecycle.STATES, repeat=2):
            if lifecycle.can_move(state, target):
                self.assertFalse(lifecycle.can_move(target, state))
        self.assertTrue(lifecycle.can_move("new", "in_work"))
        self.assertTrue(lifecycle.can_move("in_work", "refused"))
        self.assertFalse(lifecycle.can_move("accepted", "refused"))
        self.assertFalse(lifecycle.can_move("new", "new"))
        self.assertFalse(lifecycle.can_move("new", "nonsense"))
        self.assertFalse(lifecycle.can_move("", "closed"))

    def test_each_state_is_open_or_answered(self):
        self.assertEqual({*lifecycle.OPEN, *lifecycle.ANSWERED}, set(lifecycle.STATES))
        for state in lifecycle.STATES:
            self.assertEqual(lifecycle.needs_answer(state), state in lifecycle.ANSWERED)


class TestFiles(TestCase):
    def test_what_it_is_is_told_by_the_content(self):
        for image_format in ("JPEG", "PNG", "GIF"):
            content = make_image(image_format)
            self.assertEqual(files.sniff(content), f"image/{image_format.lower()}")
            self.assertIsNone(files.find_fault(content))
        self.assertEqual(files.sniff(PDF), "application/pdf")
        self.assertIsNone(files.find_fault(PDF))
        self.assertEqual(files.sniff(b"RIFF\x00\x00\x00\x00WEBPVP8 "), "image/webp")
        heic = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20
        self.assertEqual(files.sniff(heic), "image/heic")

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
            self.assertEqual(files.find_fault(content), files.UNKNOWN, content)
        self.assertEqual(files.find_fault(b""), files.EMPTY)
        # a page that begins like a picture
        self.assertEqual(files.find_fault(b"GIF89a" + HTML), files.DAMAGED)
        self.assertEqual(files.find_fault(b"\xff\xd8\xff" + HTML), files.DAMAGED)
        self.assertEqual(files.find_fault(PDF + b" " * files.MAX_BYTES), files.TOO_BIG)

    def test_a_picture_of_absurd_size(self):
        bomb = bytearray(make_image("PNG"))
        # width and height in the head of a PNG
        bomb[16:24] = (60_000).to_bytes(4, "big") * 2
        self.assertEqual(files.find_fault(bytes(bomb)), files.DAMAGED)

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
            self.assertEqual(files.clean_name(name, mimetype, 3), expected)
        self.assertLessEqual(len(files.clean_name("x" * 5000, jpeg, 1)), 110)
