# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""One request of 1C and the answer to it, as plain values between HTTP and models."""

from collections.abc import Callable
from dataclasses import dataclass, field

TEXT = "text/plain"


class DoorError(Exception):
    """The step failed; the text is for the log of 1C, so it says what to do."""


class Body:
    """The body of a request, taken only after the session was checked.

    A stranger may announce megabytes: nobody reads them.
    """

    __slots__ = ("_data", "_source")

    def __init__(self, source: Callable[[], bytes] | bytes = b"") -> None:
        self._source = source
        self._data: bytes | None = None if callable(source) else source

    def take(self) -> bytes:
        """Return the bytes, read at the first call."""
        if self._data is None:
            self._data = self._source()
        return self._data

    @property
    def size(self) -> int:
        """Return how many bytes were taken."""
        return len(self._data or b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What came over HTTP, with nothing trusted yet."""

    type: str = ""
    mode: str = ""
    filename: str = ""
    version: str = ""
    address_token: str = ""
    session_token: str = ""
    credentials: tuple[str, str] | None = None
    body: Body = field(default_factory=Body)
    address: str = ""

    @property
    def title(self) -> str:
        """Name the step for a log line."""
        return f"{self.type[:20]}/{self.mode[:20]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer: always text with its charset, never a page."""

    text: str = ""
    body: bytes = b""
    status: int = 200
    charset: str = "utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """Return the bytes to send."""
        return self.body or self.text.encode(self.charset, "replace")

    @property
    def content_type(self) -> str:
        """Return the header 1C decodes the body by."""
        return f"{TEXT}; charset={self.charset}"

    @property
    def first_line(self) -> str:
        """Return the beginning of the answer for a log line."""
        head = self.content[:300].decode(self.charset, "replace")
        return " ".join(head.split("\n")[:2])[:200]
