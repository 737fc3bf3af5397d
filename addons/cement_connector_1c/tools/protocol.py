# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The words of the exchange over HTTP (1C sheet, sections 1.1, 1.2, 1.8 and 1.9).

Answers are lines joined by ``\\n``, without a newline at the end: the client counts
lines and refuses an ``init`` that has not exactly two.
"""

import base64
import binascii
import re
from dataclasses import dataclass

SUCCESS, FAILURE, PROGRESS = "success", "failure", "progress"
COOKIE_NAME = "cml_sid"  # must differ from Odoo's own session_id

_TOKEN = re.compile(r"[0-9a-f]{32,128}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PREFIXES = ("/tmp/", "upload/1c_catalog/", "upload/1c/webdata/", "1c_catalog/")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
NAME_MAX = 255
PART_MAX = 120
PARTS_MAX = 8
_LINE_MAX = 500


class FileNameError(ValueError):
    """The name sent for a file cannot be used."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A text answer taken apart: its first word and the lines below."""

    word: str
    lines: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the step is finished well."""
        return self.word == SUCCESS


def format_answer(word: str, *lines: str) -> str:
    """Return an answer; each remark is kept to one line of sane length."""
    return "\n".join([word, *(_one_line(line) for line in lines if line)])


def success(*lines: str) -> str:
    """Return the answer to a step that is finished well."""
    return format_answer(SUCCESS, *lines)


def failure(message: str) -> str:
    """Return the answer to a step that failed, with a reason for a human."""
    return format_answer(FAILURE, message or "error")


def progress(message: str) -> str:
    """Return the answer that makes 1C repeat the same request at once."""
    return format_answer(PROGRESS, message or "...")


def checkauth_answer(token: str) -> str:
    """Return cookie name, cookie value and session id, a line each."""
    return format_answer(SUCCESS, COOKIE_NAME, token, f"sessid={token}")


def init_answer(*, file_limit: int, token: str = "", version: str = "") -> str:
    """Return the two lines of ``init``.

    Two more lines only for a client that named its ``version`` (the Bitrix module):
    УТ and ERP break on a third line. Never ``zip=yes``: the client packs by a
    Windows path.
    """
    lines = ["zip=no", f"file_limit={max(int(file_limit), 0)}"]
    if version:
        lines += [f"sessid={token}", f"version={version}"]
    return "\n".join(lines)


def parse_answer(text: str) -> Answer:
    """Take an answer apart; an unknown first word counts as a failure."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    word = lines[0].strip().lower()
    if word not in (SUCCESS, FAILURE, PROGRESS):
        return Answer(FAILURE, tuple(lines))
    return Answer(word, tuple(lines[1:]))


def parse_basic(header: str | None) -> tuple[str, str] | None:
    """Return login and password of an ``Authorization`` header, or None.

    A Russian password comes in UTF-8 or in the code page of Windows.
    """
    scheme, _sep, encoded = (header or "").strip().partition(" ")
    if scheme.lower() != "basic" or len(encoded) > 4096:
        return None
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("windows-1251", errors="replace")
    login, colon, password = text.partition(":")
    return (login, password) if colon else None


def parse_token(*candidates: str | None) -> str:
    """Return the first session token among cookie and ``sessid``, or ''.

    The client may send the fourth line of ``checkauth`` with its ``sessid=``.
    """
    for candidate in candidates:
        token = (candidate or "").strip().removeprefix("sessid=").lower()
        if _TOKEN.fullmatch(token):
            return token
    return ""


def sanitise_filename(name: str | None) -> str:
    """Return a safe relative path with ``/`` between its parts.

    :raises FileNameError: empty, too long, absolute, hidden or climbing up
    """
    raw = (name or "").strip().replace("\\", "/")
    for prefix in _PREFIXES:
        raw = raw.removeprefix(prefix)
    if not raw or len(raw) > NAME_MAX or _CONTROL.search(raw):
        raise FileNameError("no usable file name")
    parts = raw.split("/")
    if len(parts) > PARTS_MAX or raw.startswith("/") or ":" in raw:
        raise FileNameError(f"file name not accepted: {raw[:80]}")
    for part in parts:
        if not part.strip(". ") or part.startswith(".") or part != part.strip():
            raise FileNameError(f"file name not accepted: {raw[:80]}")
        if len(part.encode()) > 2 * PART_MAX or _RESERVED.fullmatch(part):
            raise FileNameError(f"file name not accepted: {raw[:80]}")
    return raw


def version_tuple(text: str | None) -> tuple[int, ...]:
    """Return a schema version as numbers; what is not a version gives ()."""
    parts = (text or "").strip().split(".")
    return tuple(int(part) for part in parts if part.isdigit() and len(part) < 6)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LINE_MAX]
