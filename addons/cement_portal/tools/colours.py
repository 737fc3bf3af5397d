# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""One accent colour from the settings, made readable whatever it is (WCAG 2.1)."""

import re
from typing import Final

DEFAULT_ACCENT: Final = "#1f5673"
WHITE: Final = "#ffffff"
INK: Final = "#1b2126"
# contrast of small text that WCAG AA asks for
AA: Final = 4.5

_HEX = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)
_SHORT_HEX = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])", re.IGNORECASE)


def normalize(text: str | None) -> str | None:
    """Return a colour as ``#rrggbb``, or ``None`` when *text* is not one.

    The result is safe to print into a style sheet.
    """
    text = (text or "").strip()
    if match := _HEX.fullmatch(text):
        return f"#{match[1].lower()}"
    if match := _SHORT_HEX.fullmatch(text):
        return "#" + "".join(digit * 2 for digit in match.groups()).lower()
    return None


def _channels(colour: str) -> tuple[int, int, int]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return *colour* with a *share* (0 to 1) of *other*."""
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}"
        for a, b in zip(_channels(colour), _channels(other), strict=True)
    )


def readable(colour: str, ground: str = WHITE) -> str:
    """Return *colour*, darkened until text of it can be read on *ground*."""
    for step in range(21):
        darker = mix(colour, INK, step / 20)
        if contrast(darker, ground) >= AA:
            return darker
    return INK


def accent_palette(text: str | None) -> dict[str, str]:
    """Return the colours that follow from the company's one.

    ``accent`` fills, ``on_accent`` writes on it, ``accent_text`` writes on white
    and on ``accent_soft``, the ground of what is selected.
    """
    accent = normalize(text) or DEFAULT_ACCENT
    soft = mix(accent, WHITE, 0.92)
    if contrast(accent, WHITE) < AA and contrast(accent, INK) < AA:
        # a middle tone on which neither can be read
        accent = readable(accent)
    on_accent = WHITE if contrast(accent, WHITE) >= AA else INK
    return {
        "accent": accent,
        # under the pointer: away from what is written on it
        "accent_dark": mix(accent, INK if on_accent == WHITE else WHITE, 0.25),
        "on_accent": on_accent,
        "accent_text": readable(accent, soft),
        "accent_soft": soft,
    }
