# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The ways in: folders and senders.

All of it deals with what strangers may have put there: names that climb, links,
files still being written.
"""

import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

DONE: Final = "processed"
FAILED: Final = "failed"
REPORT_SUFFIXES: Final = (".xlsx", ".xls", ".xlsm", ".csv", ".txt", ".json", ".xml")
_UNFINISHED: Final = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp")
_NAME_MAX: Final = 200


class FolderError(ValueError):
    """The folder cannot be used.

    :param code: ``outside``, ``missing`` or ``unreadable``.
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that lies ready in a watched folder.

    ``name`` may be shown and kept; that of the path need not be text at all.
    """

    path: Path
    name: str
    size: int
    stamp: int  # of its last change, ns

    @property
    def key(self) -> str:
        """What makes this file, in this state, one."""
        return f"{self.name}:{self.stamp}:{self.size}"


def resolve_folder(root: str | Path, name: str) -> Path:
    """Return the folder *name* below *root*; links and ``..`` lead nowhere else.

    :raises FolderError: outside of the root, or not there.
    """
    text = (name or "").strip()
    if not text or "\x00" in text or os.path.isabs(text) or text.startswith("~"):
        raise FolderError("outside")
    base = Path(os.path.realpath(root))
    folder = Path(os.path.realpath(base / text))
    if folder == base or not folder.is_relative_to(base):
        raise FolderError("outside")
    if not folder.is_dir():
        raise FolderError("missing")
    return folder


def ready_files(
    folder: Path, now: float, settle: float = 10.0, limit: int = 5000
) -> list[FoundFile]:
    """Return the files to take, oldest first, at most *limit*.

    Links, folders, hidden and temporary files are passed over, and files that were
    written to less than *settle* seconds ago: somebody may still be at it.

    :param now: seconds since 1970.
    :raises FolderError: the folder cannot be read.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED):
                    continue
                if not entry.is_file(follow_symlinks=False):
                    continue
                status = entry.stat(follow_symlinks=False)
                if now - status.st_mtime < settle:
                    continue
                found.append(
                    FoundFile(
                        Path(entry.path),
                        clean_name(name),
                        status.st_size,
                        status.st_mtime_ns,
                    )
                )
    except OSError as error:
        raise FolderError("unreadable") from error
    found.sort(key=lambda item: (item.stamp, item.name))
    return found[:limit]


def clean_name(name: str) -> str:
    """Return a file's name as text that can be kept: names come in cp1251, too."""
    raw = os.fsencode(name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1251", "replace")
    return re.sub(r"[\x00-\x1f\x7f]", "_", text)[:_NAME_MAX]


def read_file(found: FoundFile, limit: int) -> bytes | None:
    """Return the bytes of a file; ``None`` when it has changed since it was found.

    No link is followed, and no more than *limit* bytes and one are read.

    :raises OSError: it cannot be read.
    """
    handle = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if (status.st_size, status.st_mtime_ns) != (found.size, found.stamp):
            return None
        return stream.read(limit + 1)


def put_away(found: FoundFile, is_taken: bool, moment: datetime) -> bool:
    """Move the file into the subfolder of what was taken, or of what was not.

    :return: whether it could be moved; the caller's memory of its key must do else.
    """
    target = found.path.parent / (DONE if is_taken else FAILED)
    try:
        target.mkdir(exist_ok=True)
        if target.is_symlink():
            return False
        name = f"{moment:%Y%m%d-%H%M%S}_{_tail(found.name)}"
        place = target / name
        number = 0
        while place.exists():
            number += 1
            place = target / f"{number}_{name}"
        os.rename(found.path, place)
    except OSError:
        return False
    return True


def _tail(name: str) -> str:
    """Return the end of a name that fits a file system's 255 bytes with a stamp."""
    return name.encode()[-_NAME_MAX:].decode(errors="ignore")


def is_report_name(name: str) -> bool:
    """Whether an attachment looks like a report and not like a picture or a letter."""
    return (name or "").lower().endswith(REPORT_SUFFIXES)


def is_allowed_sender(sender: str, allowed: str) -> bool:
    """Whether a letter from *sender* is taken.

    :param allowed: addresses or ``@domain``, one a line or parted by commas; nobody
        is allowed when it is empty.
    """
    address = sender_address(sender)
    if not address or "@" not in address:
        return False
    domain = address[address.rindex("@") :]
    wanted = re.split(r"[\s,;]+", (allowed or "").lower())
    return any(item in (address, domain) for item in wanted if item)


def sender_address(sender: str) -> str:
    """Return the bare address of ``Имя <a@b>``, in lower case.

    The last address counts: a display name may hold another one to mislead.
    """
    text = (sender or "").strip().lower()
    if text.endswith(">") and "<" in text:
        return text[text.rindex("<") + 1 : -1].strip()
    return text
