# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A password that must be sent on: kept encrypted, its key outside the database.

A hash would do where we only compare; here the provider wants the password itself.
The key is a file beside the filestore, so a dump of the database alone opens nothing.
"""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

KEY_FILE = "cement.key"
# under which the railway alone kept it; what it sealed opens with it only
FORMER_KEY_FILE = "cement_rail.key"


class SecretError(ValueError):
    """The kept password cannot be opened: another key, or damaged."""


def load_key(folder: str | Path, create: bool = False) -> bytes | None:
    """Return the key kept in *folder*.

    :param create: make one when there is none; two processes end with the same.
    :raises OSError: the folder cannot be written to.
    """
    path = Path(folder) / KEY_FILE
    for known in (path, path.with_name(FORMER_KEY_FILE)):
        with suppress(FileNotFoundError):
            return known.read_bytes().strip()
    if not create:
        return None
    fresh = path.with_name(f"{KEY_FILE}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(Fernet.generate_key())
    try:
        # fails when another process was quicker: then its key holds
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        os.unlink(fresh)
    return path.read_bytes().strip()


def seal(secret: str, key: bytes) -> str:
    """Return the encrypted text to keep."""
    return Fernet(key).encrypt(secret.encode()).decode()


def unseal(kept: str, key: bytes | None) -> str:
    """Return the password.

    :raises SecretError: it cannot be opened with this key.
    """
    if not key:
        raise SecretError("no key")
    try:
        return Fernet(key).decrypt(kept.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise SecretError("wrong key") from error
