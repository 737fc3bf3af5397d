# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Bytes to UTF-8 that the parser may be given (1C sheet, sections 1.7 and 9).

The bytes are believed more than the declaration: the name of the root element is
Russian, so the encoding in which it can be read is the encoding of the file.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from .values import strip_illegal

ROOT = "КоммерческаяИнформация"
HEAD_SIZE = 64 * 1024
# Attributes of CommerceML are a few, their values short.
TAG_SIZE = 16 * 1024

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


class _TagGuard:
    """Refuses a start tag that goes on and on.

    libxml2 compares each attribute of a tag with all before it: fifty thousand of
    them, half a megabyte, take it twenty seconds, before anybody can count them.
    A "<" stands in no attribute, so the text is looked at from one to the next, and
    closely only where they lie far apart.
    """

    _END = re.compile(r"""[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+>""")
    _QUIET = (("![CDATA[", "]]>"), ("!--", "-->"), ("?", "?>"))

    def __init__(self) -> None:
        # the beginning of what follows the last "<", while it may be an open tag
        self._open: str | None = None
        # what ends the passage in which "<" means nothing
        self._until: str | None = None
        # the end of the part before: what ends the passage may lie on the seam
        self._seam = ""

    def feed(self, text: str) -> None:
        """Look at the next part of the document.

        :raises ReadError: a tag is longer than any that 1C writes
        """
        first, *pieces = text.split("<")
        seam, self._seam = self._seam, text[-2:]
        if self._until:
            self._leave(seam + first)
        elif self._open is not None:
            self._look(self._open + first[:TAG_SIZE])
        for piece in pieces:
            if self._until:
                self._leave(piece)
                continue
            self._open = None
            for begin, end in self._QUIET:
                if piece.startswith(begin):
                    self._until = end
                    self._leave(piece)
                    break
            else:
                self._look(piece[: TAG_SIZE + 1])

    def _leave(self, piece: str) -> None:
        if self._until in piece:
            self._until = None
        self._open = None

    def _look(self, piece: str) -> None:
        if len(piece) <= TAG_SIZE:
            # short: closed, closed by the next "<", or gone on with later
            self._open = piece
            return
        if not self._END.match(piece, 0, TAG_SIZE):
            raise ReadError("attributes", f"a tag of more than {TAG_SIZE} characters")
        self._open = None


class Utf8Source:
    """The same document in UTF-8 without declaration, chunk by chunk.

    Raw characters that XML forbids are dropped on the way: exports carry them in
    names typed from paper. A byte that the encoding forbids is an error.
    """

    def __init__(self, source: BinaryIO, max_bytes: int) -> None:
        head = _read_exactly(source, HEAD_SIZE)
        self.encoding, skip = sniff(head)
        self.given = 0
        self._source = source
        self._max_bytes = max_bytes
        self._taken = len(head)
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        text = self._decode(head[skip:])
        self._guard = _TagGuard()
        self._head = _DECLARATION.sub("", text, count=1).lstrip()
        prologue = self._head[: self._head.find(ROOT)]
        if "<!DOCTYPE" in prologue or "<!ENTITY" in prologue:
            raise ReadError("doctype", "a document type declaration is not accepted")

    def chunks(self) -> Iterator[bytes]:
        """Yield the document; ``given`` counts what was yielded so far.

        :raises ReadError: too big, or not in its encoding
        """
        self._guard.feed(self._head)
        yield self._count(self._head.encode())
        data = b"more"
        while data:
            data = self._source.read(HEAD_SIZE)
            self._taken += len(data)
            text = self._decode(data)
            if text:
                self._guard.feed(text)
                yield self._count(text.encode())

    def _count(self, chunk: bytes) -> bytes:
        if self._taken > self._max_bytes:
            raise ReadError("too_big", f"more than {self._max_bytes} bytes")
        self.given += len(chunk)
        return chunk

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
