# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""ZIP archives that came although ``zip=no`` was answered (1C sheet 1.3).

An archive is opened only within limits: members, size, ratio, names. Nothing is
written to disk here; members are streams that stop at the limit.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .protocol import FileNameError, sanitise_filename


class ArchiveError(ValueError):
    """The archive is broken or hostile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """What an archive may unpack to."""

    members: int = 5_000
    # each becomes an exchange of its own; the rest of an archive are pictures
    tables: int = 200
    total_bytes: int = 1 << 30
    ratio: int = 200
    ratio_floor: int = 1 << 20  # small texts may be packed better than that


def is_zip(head: bytes) -> bool:
    """Tell whether the bytes begin a ZIP archive."""
    return head[:2] == b"PK"


def iter_members(
    source: BinaryIO, limits: ArchiveLimits | None = None
) -> Iterator[tuple[str, BinaryIO]]:
    """Yield safe name and stream of each file of the archive.

    :raises ArchiveError: broken, encrypted, a name that climbs, or too much inside
    """
    limits = limits or ArchiveLimits()
    try:
        with zipfile.ZipFile(source) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > limits.members:
                raise ArchiveError("too many files in the archive")
            tables = sum(info.filename.lower().endswith(".xml") for info in infos)
            if tables > limits.tables:
                raise ArchiveError("too many XML files in the archive")
            budget = _Budget(limits.total_bytes)
            for info in infos:
                yield _open(archive, info, limits, budget)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise ArchiveError(f"the archive cannot be read: {error}") from error


class _Budget:
    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ArchiveError("the archive unpacks to more than allowed")


def _open(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    limits: ArchiveLimits,
    budget: _Budget,
) -> tuple[str, BinaryIO]:
    try:
        name = sanitise_filename(info.filename)
    except FileNameError as error:
        raise ArchiveError(str(error)) from error
    if info.flag_bits & 0x1:
        raise ArchiveError("the archive is encrypted")
    packed = max(info.compress_size, 1)
    if info.file_size > max(limits.ratio_floor, packed * limits.ratio):
        raise ArchiveError(f"{name} unpacks to suspiciously much")
    return name, io.BufferedReader(_Metered(archive.open(info), budget))


class _Metered(io.RawIOBase):
    """Stream that charges what was really unpacked: headers of a ZIP may lie."""

    def __init__(self, stream: BinaryIO, budget: _Budget) -> None:
        super().__init__()
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self._stream.read(len(buffer))
        self._budget.take(len(data))
        buffer[: len(data)] = data
        return len(data)
