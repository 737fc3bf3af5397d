# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""One HTTP request to a provider: to a checked address, within a time and a size.

Redirects are not followed: the key stands in the address and must not travel on.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from .address import AddressError, Resolver, Target, resolve

TIMEOUT = 10.0
MAX_ANSWER = 4 << 20
_PORTION = 64 << 10


class TransportError(Exception):
    """Nothing useful came. :param reason: ``timeout``, ``refused``, ``broken``,
    ``tls``, ``big`` or a reason of :class:`AddressError`."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    seconds: float


def post(
    url: str,
    params: list[tuple[str, str]],
    *,
    allow_local: bool = False,
    timeout: float = TIMEOUT,
    resolver: Resolver | None = None,
) -> Reply:
    """Post a form and return the answer, whatever its status.

    :param timeout: seconds for the whole of it; a server that drips is cut off.
    :raises TransportError: when there is no whole answer in time.
    """
    begun = time.monotonic()
    try:
        target = resolve(url, allow_local, resolver)
    except AddressError as error:
        raise TransportError(error.reason) from error
    body = urlencode(params).encode()
    connection = _Connection(target, timeout)
    watch = _Watch(connection, timeout)
    try:
        with watch:
            connection.request("POST", target.path, body, _headers(target))
            answer = connection.getresponse()
            content = _read(answer)
        return Reply(answer.status, content, time.monotonic() - begun)
    except TimeoutError as error:
        raise TransportError("timeout") from error
    except ConnectionRefusedError as error:
        raise TransportError("refused") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = "tls" if isinstance(error, ssl.SSLError) else "broken"
        # the watch cuts the line, and the cut looks like a fault of the server
        reason = "timeout" if watch.rang else reason
        raise TransportError(reason, type(error).__name__) from error
    finally:
        connection.close()


def _headers(target: Target) -> dict[str, str]:
    return {
        "Host": _host_header(target),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "User-Agent": "cement-portal",
        "Connection": "close",
    }


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Read to the end or the largest size.

    :raises http.client.IncompleteRead: when the server ended too early.
    """
    portions, size = [], 0
    while portion := answer.read1(_PORTION):
        size += len(portion)
        if size > MAX_ANSWER:
            raise TransportError("big")
        portions.append(portion)
    if answer.length:
        raise http.client.IncompleteRead(b"")
    return b"".join(portions)


class _Watch:
    """Cuts the line when the whole request lasts too long.

    The timeout of a socket starts anew with every byte, so a server that drips
    could hold a worker for hours.
    """

    def __init__(self, connection: "_Connection", seconds: float):
        self.rang = False
        self._connection = connection
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *exc) -> None:
        self._timer.cancel()
        if self.rang and not exc[0]:
            raise TransportError("timeout")

    def _ring(self) -> None:
        self.rang = True
        with contextlib.suppress(OSError, AttributeError):
            self._connection.line.shutdown(socket.SHUT_RDWR)


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.scheme == "https" else 80
    return host if target.port == usual else f"{host}:{target.port}"


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked; TLS asks for the name."""

    def __init__(self, target: Target, timeout: float):
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target
        self.line: socket.socket | None = None

    def connect(self) -> None:
        target = self._target
        self.sock = socket.create_connection((target.ip, target.port), self.timeout)
        if target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=target.host)
        # the answer takes the socket over from the connection
        self.line = self.sock
