# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The password of an exchange node: kept as a salted hash, compared in constant time.

The door answers machines on the open network, so a wrong login costs as much time as
a wrong password.
"""

import functools
import hashlib
import hmac
import secrets

ALGORITHM = "pbkdf2_sha256"
ROUNDS = 200_000
_SALT_BYTES = 16
TOKEN_BYTES = 16


def hash_secret(secret: str, rounds: int = ROUNDS) -> str:
    """Return the text to keep: algorithm, rounds, salt and hash."""
    salt = secrets.token_hex(_SALT_BYTES)
    return f"{ALGORITHM}${rounds}${salt}${_digest(secret, salt, rounds)}"


def check_secret(secret: str, kept: str | None) -> bool:
    """Tell whether the secret is the kept one; no kept one costs the same time."""
    algorithm, _sep, rest = (kept or _dummy()).partition("$")
    rounds, salt, digest = (rest.split("$") + ["", "", ""])[:3]
    if algorithm != ALGORITHM or not rounds.isdigit() or not salt:
        return False
    same = hmac.compare_digest(_digest(secret, salt, int(rounds)), digest)
    return same and bool(kept)


def new_token() -> str:
    """Return an unguessable token for a session or an address.

    Of figures and small letters: what 1C sends back is read without regard to case.
    """
    return secrets.token_hex(TOKEN_BYTES)


def _digest(secret: str, salt: str, rounds: int) -> str:
    raw = hashlib.pbkdf2_hmac("sha256", secret.encode(), salt.encode(), rounds)
    return raw.hex()


@functools.cache
def _dummy() -> str:
    """Return what to compare with when there is nobody to compare with."""
    return hash_secret(secrets.token_hex(_SALT_BYTES))
