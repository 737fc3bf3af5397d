# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a client may send in: photos and PDF, told by their content.

Neither the name nor the type that the browser claims is believed: a page or a
drawing with a script inside, called ``photo.jpg``, is not a photo.
"""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image

NAME_LENGTH: Final = 100

# Type and the endings of the name that go with it.
_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
}
TYPES: Final = frozenset(_ENDINGS)
# What Pillow calls the types that it opens; a phone's HEIC it does not.
_FORMATS: Final[dict[str, str]] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}
# Types that every browser shows.
SHOWN: Final = frozenset(_FORMATS)
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc")

EMPTY: Final = "empty"
TOO_BIG: Final = "too_big"
UNKNOWN: Final = "unknown"
DAMAGED: Final = "damaged"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken.

    :param max_pixels: a picture of more takes the memory of whoever looks at it.
    """

    max_bytes: int
    max_pixels: int
    types: frozenset[str] = TYPES


def sniff(content: bytes) -> str | None:
    """Return the type of *content* by its first bytes, or ``None`` for anything
    that is neither photo nor PDF."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return None


def find_fault(content: bytes, limits: Limits) -> str | None:
    """Return why *content* is not taken, or ``None`` when it is.

    :return: :data:`EMPTY`, :data:`TOO_BIG`, :data:`UNKNOWN` or :data:`DAMAGED`.
    """
    if not content:
        return EMPTY
    if len(content) > limits.max_bytes:
        return TOO_BIG
    mimetype = sniff(content)
    if mimetype not in limits.types:
        return UNKNOWN
    if mimetype in _FORMATS and not _is_sound(content, mimetype, limits.max_pixels):
        return DAMAGED
    return None


def _is_sound(content: bytes, mimetype: str, max_pixels: int) -> bool:
    """Whether the head of a picture can be read and its size is sane."""
    image_format = _FORMATS[mimetype]
    Image.init()
    if image_format not in Image.OPEN:
        # Pillow was built without WebP: the first bytes have to do
        return True
    try:
        with warnings.catch_warnings():
            # a picture too large is told from its size below
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[image_format]) as image:
                width, height = image.size
    except Exception:
        # Pillow raises many kinds of errors on hostile bytes: none of them is ours
        return False
    return 0 < width * height <= max_pixels


def clean_name(name: str, mimetype: str, index: int = 1) -> str:
    """Return a safe name for a file: no folders, no control characters, and an
    ending that says what it is.

    :param index: number of the file, for names of which nothing remains.
    """
    base = re.split(r"[\\/]", name if isinstance(name, str) else "")[-1]
    base = "".join(char for char in base if char.isprintable()).strip(" .")
    stem, _dot, ending = base.rpartition(".")
    endings = _ENDINGS[mimetype]
    if ending.lower() in endings:
        base, ending = stem, ending.lower()
    else:
        ending = endings[0]
    base = base.strip(" .")[:NAME_LENGTH] or f"file-{index}"
    return f"{base}.{ending}"
