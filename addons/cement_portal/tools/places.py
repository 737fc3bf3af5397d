# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What clients say of a place: its photo and its point on the map."""

import base64
import binascii
import re

MAX_PHOTO_BYTES = 8 * 1024 * 1024
# Beginnings of JPEG, PNG and WebP (whose size stands between RIFF and WEBP).  A
# drawing in SVG can carry scripts and is no photo.
_PHOTO = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)
_POINT = re.compile(
    r"^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$"
)


class PlaceError(ValueError):
    """Not a photo or not a point; *code* is ``too_big``, ``not_a_photo`` or
    ``not_a_point``."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def read_photo(text: str) -> bytes:
    """Return the photo in *text* (base64, perhaps as a data address).

    :raises PlaceError: when it is too big or no JPEG, PNG or WebP.
    """
    body = text.rpartition(",")[2] if text.startswith("data:") else text
    if len(body) > MAX_PHOTO_BYTES * 4 // 3 + 8:
        raise PlaceError("too_big")
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PlaceError("not_a_photo") from error
    if len(data) > MAX_PHOTO_BYTES:
        raise PlaceError("too_big")
    if not _PHOTO.match(data):
        raise PlaceError("not_a_photo")
    return data


def read_point(text: str) -> tuple[float, float] | None:
    """Return ``(latitude, longitude)`` of ``56.8389, 60.6057``; ``None`` for an
    empty text.

    :raises PlaceError: when it is no point of the earth.
    """
    if not text.strip():
        return None
    match = _POINT.match(text)
    if not match:
        raise PlaceError("not_a_point")
    latitude, longitude = (float(part.replace(",", ".")) for part in match.groups())
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PlaceError("not_a_point")
    return latitude, longitude


def write_point(latitude: float, longitude: float) -> str:
    """Return the point as :func:`read_point` reads it; nothing for 0, 0."""
    return f"{latitude:.6f}, {longitude:.6f}" if latitude or longitude else ""
