# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Tokens of the push door, and keys that must not reach a log."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 24


def new_token() -> str:
    """Return an unguessable token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """Return what is kept of a token: who reads the table cannot use it.

    The token is random and long, so a plain hash is enough.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def same_text(one: str, other: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def mask(text: str, *hidden: str | None) -> str:
    """Return the text without the secrets."""
    for word in filter(None, hidden):
        text = text.replace(word, "***")
    return text


def mask_phone(phone: str | None) -> str:
    """Return the phone so that a person is not told by it: ``79…4567``."""
    return f"{phone[:2]}…{phone[-4:]}" if phone and len(phone) > 6 else ""
