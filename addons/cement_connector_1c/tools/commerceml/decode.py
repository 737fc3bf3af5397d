# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Bytes to UTF-8 that the parser may be given (1C sheet, sections 1.7 and 9).

The bytes are believed more than the declaration: the name of the root element is
Russian, so the encoding in which it can be read is the encoding of the file.
"""

import codecs
import io
import re
from typing import BinaryIO

from .values import strip_illegal

ROOT = "КоммерческаяИнформация"
HEAD_SIZE = 64 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("utf-8", "windows-1251", "utf-16-le", "utf-16-be", "cp866", "koi8-r")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


class ReadError(ValueError):
    """The file cannot be read; ``code`` is stable, the text is for the log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def sniff(head: bytes) -> tuple[str, int]:
    """Return the encoding of a file by its first bytes and the length of its BOM.

    :raises ReadError: empty, or no CommerceML root in any known encoding
    """
    if not head.strip(b"\x00 \t\r\n"):
        raise ReadError("empty", "the file is empty")
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            if f"<{ROOT}".encode(encoding) not in head:
                raise ReadError("not_commerceml", f"no <{ROOT}> after the BOM")
            return encoding, len(bom)
    for encoding in _CANDIDATES:
        # A prefix is legal too, though nobody was seen to use one.
        if ROOT.encode(encoding) in head:
            return encoding, 0
    raise ReadError("not_commerceml", f"no <{ROOT}> element in the first bytes")


class Utf8Source(io.RawIOBase):
    """File object that gives the same document in UTF-8 without declaration.

    Raw characters that XML forbids are dropped on the way: exports carry them in
    names typed from paper. A byte that the encoding forbids is an error.
    """

    def __init__(self, source: BinaryIO, max_bytes: int) -> None:
        super().__init__()
        head = _read_exactly(source, HEAD_SIZE)
        self.encoding, skip = sniff(head)
        self._source = source
        self._left = max_bytes - len(head)
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        self._buffer = b""
        self._done = False
        self.given = 0
        text = self._decode(head[skip:])
        text = _DECLARATION.sub("", text, count=1).lstrip()
        prologue = text[: text.find(ROOT)]
        if "<!DOCTYPE" in prologue or "<!ENTITY" in prologue:
            raise ReadError("doctype", "a document type declaration is not accepted")
        self._buffer = text.encode()
        if self._left < 0:
            raise ReadError("too_big", f"more than {max_bytes} bytes")

    def readable(self) -> bool:
        """Tell io that this object can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to about ``size`` bytes; empty at the end."""
        while not self._buffer and not self._done:
            self._fill()
        if size is None or size < 0:
            size = len(self._buffer)
        chunk, self._buffer = self._buffer[:size], self._buffer[size:]
        self.given += len(chunk)
        return chunk

    def _fill(self) -> None:
        data = self._source.read(HEAD_SIZE)
        self._left -= len(data)
        if self._left < 0:
            raise ReadError("too_big", "the file is bigger than allowed")
        self._done = not data
        self._buffer = self._decode(data).encode()

    def _decode(self, data: bytes) -> str:
        try:
            return strip_illegal(self._decoder.decode(data, final=not data))
        except UnicodeDecodeError as error:
            message = f"bytes that are not {self.encoding}: {error.reason}"
            raise ReadError("encoding", message) from error


def _read_exactly(source: BinaryIO, size: int) -> bytes:
    """Read up to ``size`` bytes even from a source that gives them in drops."""
    parts: list[bytes] = []
    while size > 0:
        data = source.read(size)
        if not data:
            break
        parts.append(data)
        size -= len(data)
    return b"".join(parts)
