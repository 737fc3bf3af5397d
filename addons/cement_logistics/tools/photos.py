# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Pictures from a phone at the silo: made small, and made anew.

What comes in is drawn into a new picture, so that neither the place and the
owner of the phone (EXIF) nor anything hidden in the file (comments) goes on. It is
made small before anything else is done with it: whoever sends it is not known.
"""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

MAX_PHOTOS: Final = 6
MAX_BYTES: Final = 8 * 1024 * 1024
# A picture of more pixels takes the memory of the server.
MAX_PIXELS: Final = 25_000_000
SIGNATURE_PIXELS: Final = 4_000_000
PHOTO_SIDE: Final = 1600
SIGNATURE_BYTES: Final = 512 * 1024
SIGNATURE_SIZE: Final = (900, 400)
# Fewer dark points than this are a slip of the finger, no signature.
MIN_INK: Final = 60
_DARK: Final = 160
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


class PictureError(ValueError):
    """The bytes are no picture that is taken; ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


EMPTY: Final = "empty"
TOO_BIG: Final = "too_big"
UNKNOWN: Final = "unknown"
NO_INK: Final = "no_ink"


def redraw_photo(content: bytes) -> bytes:
    """Return the photo as a new JPEG, upright, at most ``PHOTO_SIDE`` wide or high.

    :raises PictureError: for what is empty, too big or no picture.
    """
    image = _open(content, MAX_BYTES, MAX_PIXELS, PHOTO_SIDE)
    image = ImageOps.exif_transpose(image).convert("RGB")
    return _save(image, "JPEG", quality=82, optimize=True)


def redraw_signature(content: bytes) -> bytes:
    """Return the signature as a new PNG in grey on white.

    :raises PictureError: ``NO_INK`` when nothing was drawn, else as photos.
    """
    image = _open(content, SIGNATURE_BYTES, SIGNATURE_PIXELS, max(SIGNATURE_SIZE))
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    image = Image.alpha_composite(paper, image).convert("L")
    image.thumbnail(SIGNATURE_SIZE)
    if sum(image.histogram()[:_DARK]) < MIN_INK:
        raise PictureError(NO_INK)
    return _save(image, "PNG", optimize=True)


def _open(content: bytes, limit: int, pixels: int, side: int) -> Image.Image:
    """Return the picture, at most *side* wide or high; refused by its head, before it
    is unpacked, when it has more than *pixels*."""
    if not content:
        raise PictureError(EMPTY)
    if len(content) > limit:
        raise PictureError(TOO_BIG)
    try:
        with warnings.catch_warnings():
            # a picture too large is told from its size below
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=_FORMATS)
            if image.size[0] * image.size[1] > pixels:
                raise PictureError(TOO_BIG)
            # JPEG is unpacked at a fraction of its size
            image.draft("RGB", (side, side))
            image.thumbnail((side, side))
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(TOO_BIG) from error
    except Exception as error:
        # Pillow raises many kinds of errors on hostile bytes: none of them is ours
        raise PictureError(UNKNOWN) from error
    return image


def _save(image, image_format, **options) -> bytes:
    stream = io.BytesIO()
    # comments and profiles would be written again
    image.info.clear()
    image.save(stream, image_format, **options)
    return stream.getvalue()
