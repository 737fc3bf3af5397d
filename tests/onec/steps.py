"""The steps of a run, in the client's order and with its checks.

Facts: 1C sheet, sections 1.3 (upload) and 1.4 (orders). A step that 1C would call
failed raises :class:`ExchangeError`; what it would swallow but must not happen is a
complaint of the wire.
"""

import time
from collections.abc import Iterable, Iterator

from .wire import ExchangeError, Reply, Wire

IMPORT_PATIENCE = 600  # seconds of «progress» before the stand-in gives up
WORDS = {"success", "failure", "progress"}


def checkauth(wire: Wire, kind: str) -> None:
    """Open a session: three lines at least, the fourth with the session id."""
    reply = wire.get(type=kind, mode="checkauth")
    _check(wire, reply, ok_status=(200, 401))
    if reply.word != "success":
        if reply.status == 401 and not reply.headers.get("WWW-Authenticate"):
            wire.complain("401 без WWW-Authenticate")
        raise ExchangeError(f"вход не удался: {reply.text[:200]}")
    lines = reply.lines
    if len(lines) < 3 or not lines[1].strip() or not lines[2].strip():
        raise ExchangeError(f"checkauth: мало строк: {lines}")
    if lines[1].strip() in ("session_id", "PHPSESSID"):
        wire.complain(f"чужое имя cookie: {lines[1]}")
    wire.cookie = f"{lines[1]}={lines[2]}"
    if len(lines) > 3:
        if not lines[3].startswith("sessid="):
            wire.complain(f"четвёртая строка не sessid: {lines[3]!r}")
        wire.session_id = lines[3].replace("sessid=", "")


def init(wire: Wire, kind: str, version: str = "") -> int:
    """Ask for the limits; УТ fails unless there are exactly two lines."""
    params = {"type": kind, "mode": "init"}
    if version:
        params["version"] = version
    reply = wire.get(**params)
    _check(wire, reply, words=False)
    count = len(reply.lines)
    if version:
        names = [line.partition("=")[0] for line in reply.lines]
        if names != ["zip", "file_limit", "sessid", "version"]:
            raise ExchangeError(f"init с version: не те строки: {names}")
    elif count != 2:
        raise ExchangeError(f"init: строк {count}, а нужно ровно две: {reply.text!r}")
    pairs = dict(line.partition("=")[::2] for line in reply.lines)
    if pairs.get("zip") not in ("yes", "no"):
        raise ExchangeError(f"init: первая строка {reply.lines[0]!r}")
    if pairs["zip"] == "yes":
        wire.complain("zip=yes: клиент пакует по пути Windows")
    limit = pairs.get("file_limit", "")
    if not limit.isdigit():
        wire.complain(f"file_limit не число: {limit!r}, файл уйдёт целиком")
        return -1
    return int(limit)


def fragments(data: bytes, limit: int) -> Iterator[bytes]:
    """Cut bytes anywhere, in the middle of a character too."""
    step = limit if limit > 0 else len(data) or 1
    for start in range(0, len(data) or 1, step):
        yield data[start : start + step]


def upload(
    wire: Wire,
    kind: str,
    files: Iterable[tuple[str, bytes]],
    limit: int,
    abort_after: int | None = None,
) -> list[str]:
    """Send the files in fragments of one and the same name."""
    sent: list[str] = []
    count = 0
    for name, data in files:
        for part in fragments(data, limit):
            if abort_after is not None and count >= abort_after:
                raise ExchangeError("обрыв связи (так задано)")
            reply = wire.post(part, type=kind, mode="file", filename=name)
            _check(wire, reply)
            if reply.word != "success":
                raise ExchangeError(f"{name}: {reply.text[:200]}")
            count += 1
        sent.append(name)
    return sent


def import_files(wire: Wire, kind: str, names: Iterable[str]) -> list[str]:
    """Ask for the import of each XML file; an error does not stop the others."""
    errors = []
    for name in names:
        if not name.lower().endswith(".xml"):
            continue
        deadline = time.monotonic() + IMPORT_PATIENCE
        while True:
            reply = wire.get(type=kind, mode="import", filename=name)
            _check(wire, reply)
            if reply.word != "progress":
                break
            if time.monotonic() > deadline:
                raise ExchangeError(f"{name}: импорт не кончается")
        if reply.word != "success":
            errors.append(f"{name}: {reply.text[:300]}")
    return errors


def query(wire: Wire) -> str:
    """Pull the orders; the text must begin with exactly ``<?xml``."""
    reply = wire.get(type="sale", mode="query")
    _check(wire, reply, words=False)
    if reply.text[:5] != "<?xml":
        raise ExchangeError(f"query: ответ начинается с {reply.text[:40]!r}")
    return reply.text


def success(wire: Wire) -> None:
    """Tell that the pulled orders are in; the content of the answer is ignored."""
    reply = wire.get(type="sale", mode="success")
    _check(wire, reply)


def _check(
    wire: Wire,
    reply: Reply,
    words: bool = True,
    ok_status: tuple[int, ...] = (200,),
) -> None:
    if reply.status not in ok_status:
        wire.complain(f"код ответа {reply.status}: {reply.text[:120]}")
    if not reply.body:
        raise ExchangeError("пустой ответ")
    if words and reply.word not in WORDS:
        wire.complain(f"неизвестное слово в ответе: {reply.text[:120]!r}")
