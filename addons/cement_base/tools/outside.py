# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""One HTTP request to a service outside: to a checked address, within a time and a
size.

People enter the addresses, so the server must not be turned against its own network:
every address that a name stands for is checked, and the connection goes to the one
that was checked and never to the name again. Whoever answers may be slow, endless or
broken; none of it may hold a worker.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

Resolver = Callable[[str, int], list[str]]

HTTPS: Final = ("https",)
HTTP: Final = ("https", "http")
_PORTS: Final = {"https": 443, "http": 80}
_PORTION: Final = 64 << 10
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOST: Final = re.compile(r"[0-9A-Za-z._:%-]+")
# What an address may hold beside letters and figures; the rest is quoted.
_SAFE: Final = "/%:@!$&'()*+,;=~-._"


class OutsideError(Exception):
    """Nothing useful came.

    :param reason: of the address ``scheme``, ``credentials``, ``host``, ``unknown``
        (no such host) or ``local`` (leads into a network of our own); of the way
        ``unreachable``, ``tls``, ``timeout``, ``broken``, ``big`` or ``redirect``.
    :param status: of the answer, where it got as far as that; else 0.
    """

    def __init__(self, reason: str, detail: str = "", status: int = 0):
        super().__init__(detail or reason)
        self.reason = reason
        self.status = status


class AddressError(OutsideError, ValueError):
    """The address may not be asked."""


class _TooBig(Exception):
    """The answer is longer than may be taken."""


# What may go wrong with a server that answers as it likes.
_FAULTS: Final = (
    OSError,
    http.client.HTTPException,
    ValueError,
    zlib.error,
    _TooBig,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the checked *ip*, never the name again.

    :param path: with what follows the question mark.
    """

    scheme: str
    host: str
    port: int
    path: str
    ip: str = ""

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered.

    :param headers: by their names in lower case.
    :param seconds: how long it took.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


# === Addresses ===


def parse(url: str, schemes: tuple[str, ...] = HTTP) -> Target:
    """Return the parts of an address that looks fit.

    :raises AddressError: ``scheme``, ``credentials`` or ``host``.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as error:
        raise AddressError("host") from error
    if parts.scheme not in schemes:
        raise AddressError("scheme")
    if parts.username or parts.password:
        raise AddressError("credentials")
    if not _HOST.fullmatch(host) or parts.fragment:
        raise AddressError("host")
    path = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        path += f"?{quote(parts.query, safe=f'{_SAFE}?[]')}"
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def resolve(
    url: str,
    *,
    schemes: tuple[str, ...] = HTTP,
    allow_local: bool = False,
    resolver: Resolver | None = None,
) -> Target:
    """Return the target of the address, its name looked up and checked.

    Every address the name stands for must be fit: a name with one public and one
    inner address would otherwise be a way in.

    :param allow_local: it may lie in the own network or on this machine.
    :raises AddressError: also ``unknown`` and ``local``.
    """
    target = parse(url, schemes)
    try:
        found = (resolver or _look_up)(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise AddressError("unknown") from error
    if not found:
        raise AddressError("unknown")
    if not all(_is_fit(text, allow_local) for text in found):
        raise AddressError("local")
    return Target(target.scheme, target.host, target.port, target.path, found[0])


def _is_fit(text: str, allow_local: bool) -> bool:
    ip = ipaddress.ip_address(text.partition("%")[0])
    # an address of version 4 in the dress of version 6
    ip = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    # the address of a cloud's own data is never a service's
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    return allow_local or ip.is_global


def _look_up(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(row[4][0] for row in rows))


def is_same_place(url: str, other: str) -> bool:
    """Whether a redirect stays with the host; from http to https it may change."""
    try:
        one, two = parse(url), parse(other)
    except AddressError:
        return False
    if one.host != two.host or (one.scheme, two.scheme) == ("https", "http"):
        return False  # the login would go to another, or over the wire in clear
    return one.port == two.port if one.scheme == two.scheme else two.port == 443


# === Asking ===


def ask(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str | bytes] | None = None,
    *,
    timeout: float,
    largest: int,
    schemes: tuple[str, ...] = HTTP,
    allow_local: bool = False,
    redirects: int = 0,
    resolver: Resolver | None = None,
) -> Reply:
    """Send one request and return the answer, whatever its status.

    :param timeout: seconds for the whole of it; a server that drips is cut off.
    :param largest: bytes of the answer, unpacked.
    :param redirects: how many are followed, and only on the same host: the login
        must not travel to another. The answer that redirects is returned when none
        may be followed.
    :raises OutsideError: when there is no whole answer in time.
    """
    begun = time.monotonic()
    for left in range(redirects, -1, -1):
        target = resolve(
            url, schemes=schemes, allow_local=allow_local, resolver=resolver
        )
        remaining = timeout - (time.monotonic() - begun)
        reply = _ask_once(target, method, body, headers or {}, remaining, largest)
        location = reply.headers.get("location")
        if not redirects or reply.status not in _REDIRECTS or not location:
            return Reply(
                reply.status, reply.headers, reply.body, time.monotonic() - begun
            )
        try:
            following = urljoin(url, location)
        except ValueError as error:
            raise OutsideError("redirect", status=reply.status) from error
        if not left or not is_same_place(url, following):
            raise OutsideError("redirect", status=reply.status)
        url = following
    raise OutsideError("redirect")


def _ask_once(target, method, body, headers, timeout, largest) -> Reply:
    if timeout <= 0:
        raise OutsideError("timeout")
    connection = _Connection(target, timeout)
    watch = _Watch(connection, timeout)
    wanted = {
        "Host": target.host_header,
        "User-Agent": "Cement Portal",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **headers,
    }
    answer = None
    try:
        with watch:
            connection.request(method, target.path, body, wanted)
            answer = connection.getresponse()
            content = _read(answer, largest)
    except _FAULTS as error:
        reason = _get_reason(error, connection, watch)
        status = answer.status if answer else 0
        raise OutsideError(reason, type(error).__name__, status) from error
    finally:
        connection.close()
    found = {name.lower(): value for name, value in answer.getheaders()}
    return Reply(answer.status, found, content, 0.0)


def _get_reason(error: Exception, connection: "_Connection", watch: "_Watch") -> str:
    # the watch cuts the line, and the cut looks like a fault of the server
    if watch.rang or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, _TooBig):
        return "big"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unreachable" if connection.line is None else "broken"


def _read(answer: http.client.HTTPResponse, largest: int) -> bytes:
    """Read to the end or the largest size.

    :raises http.client.IncompleteRead: when the server ended too early.
    :raises _TooBig: when there is more than may be taken.
    """
    packed = answer.getheader("Content-Encoding", "").strip().lower()
    unpacker = None
    if packed in ("gzip", "x-gzip", "deflate"):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    portions, size = [], 0
    while portion := answer.read1(_PORTION):
        if unpacker:
            # no more than may be taken, however small it is packed
            portion = unpacker.decompress(portion, largest - size + 1)
        size += len(portion)
        if size > largest:
            raise _TooBig()
        portions.append(portion)
    if answer.length or (unpacker and not unpacker.eof and size):
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
            raise TimeoutError()

    def _ring(self) -> None:
        self.rang = True
        with contextlib.suppress(OSError, AttributeError):
            self._connection.line.shutdown(socket.SHUT_RDWR)


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked; TLS asks for the name."""

    def __init__(self, target: Target, timeout: float):
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target
        self.line: socket.socket | None = None

    def connect(self) -> None:
        target = self._target
        self.sock = socket.create_connection((target.ip, target.port), self.timeout)
        # the answer takes the socket over from the connection
        self.line = self.sock
        if target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=target.host)
            self.line = self.sock
