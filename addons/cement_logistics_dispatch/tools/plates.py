# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Plates of vehicles as one and the same text, however they were typed.

On Russian plates stand only letters that look alike in both alphabets; people and
cameras type either.  Plates of other countries pass when they look like a plate.
"""

import re
from typing import Final

# the twelve letters of Russian plates, as Latin and as Cyrillic
LATIN: Final = "ABEKMHOPCTYX"
CYRILLIC: Final = "АВЕКМНОРСТУХ"
_TO_CYRILLIC: Final = str.maketrans(LATIN, CYRILLIC)
_NOISE: Final = re.compile(r"[\s\-–—._/\\|]+")
_L: Final = f"[{CYRILLIC}]"
# known forms and where the region is set apart when they are shown
_KNOWN: Final = (
    re.compile(rf"({_L}\d{{3}}{_L}{{2}})(\d{{2,3}})"),
    re.compile(rf"({_L}{{2}}\d{{4}})(\d{{2,3}})"),
)
_TOLERANT: Final = re.compile(r"[0-9A-ZА-ЯЁ]{4,12}")


class PlateError(ValueError):
    """What was typed is no plate."""


def normalise(text: object) -> str:
    """Return the plate without gaps, in capitals, Russian ones in Cyrillic.

    :raises PlateError: when it cannot be a plate.
    """
    plain = _NOISE.sub("", text if isinstance(text, str) else "").upper()
    # RUS stands on the plate and is no part of it
    plain = plain.removesuffix("RUS")
    cyrillic = plain.translate(_TO_CYRILLIC)
    if any(pattern.fullmatch(cyrillic) for pattern in _KNOWN):
        return cyrillic
    if not _TOLERANT.fullmatch(plain) or sum(map(str.isdigit, plain)) < 2:
        raise PlateError(plain[:20])
    return plain


def pretty(plate: str) -> str:
    """Return *plate* for people: ``А123ВС 196``."""
    for pattern in _KNOWN:
        match = pattern.fullmatch(plate or "")
        if match:
            return " ".join(match.groups())
    return plate or ""
