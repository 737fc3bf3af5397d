# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Keys and phones that must not reach a log."""


def mask(text: str, *hidden: str | None) -> str:
    """Return the text without the secrets."""
    for word in filter(None, hidden):
        text = text.replace(word, "***")
    return text


def mask_phone(phone: str | None) -> str:
    """Return the phone so that a person is not told by it: ``79…4567``."""
    return f"{phone[:2]}…{phone[-4:]}" if phone and len(phone) > 6 else ""
