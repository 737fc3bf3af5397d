# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What may be uploaded as a power of attorney: PDF and photos, told by content."""

import io
import re
import warnings
from typing import Final

from PIL import Image

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_PIXELS: Final = 60_000_000
_KINDS: Final = (
    (b"%PDF-", "application/pdf", "pdf", None),
    (b"\xff\xd8\xff", "image/jpeg", "jpg", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png", "PNG"),
)

EMPTY: Final = "empty"
TOO_BIG: Final = "too_big"
UNKNOWN: Final = "unknown"
DAMAGED: Final = "damaged"


def sniff(content: bytes) -> tuple[str, str, str | None] | None:
    """Return type, ending and Pillow's name of the format, or ``None``."""
    for head, mimetype, ending, image_format in _KINDS:
        if content.startswith(head):
            return mimetype, ending, image_format
    return None


def find_fault(content: bytes) -> str | None:
    """Return why *content* is not taken, or ``None`` when it is."""
    if not content:
        return EMPTY
    if len(content) > MAX_BYTES:
        return TOO_BIG
    kind = sniff(content)
    if kind is None:
        return UNKNOWN
    if kind[2] and not _is_sound(content, kind[2]):
        return DAMAGED
    return None


def _is_sound(content: bytes, image_format: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[image_format]) as image:
                width, height = image.size
    except Exception:
        # Pillow raises many kinds of errors on hostile bytes: none of them is ours
        return False
    return 0 < width * height <= MAX_PIXELS


def clean_name(name: str, ending: str) -> str:
    """Return a safe name with the *ending* that says what it is."""
    base = re.split(r"[\\/]", name if isinstance(name, str) else "")[-1]
    base = "".join(char for char in base if char.isprintable()).strip(" .")
    stem = base.rpartition(".")[0] or base
    return f"{stem.strip(' .')[:80] or 'file'}.{ending}"
