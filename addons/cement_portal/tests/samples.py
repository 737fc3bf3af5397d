# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Files as clients send them, good and bad."""

import io

from PIL import Image

PDF = b"%PDF-1.4\n%%EOF\n"
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def make_photo(size=(60, 40), image_format="JPEG", exif=b"") -> bytes:
    """Return the bytes of a small picture."""
    stream = io.BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new("RGB", size, (120, 80, 40)).save(stream, image_format, **options)
    return stream.getvalue()
