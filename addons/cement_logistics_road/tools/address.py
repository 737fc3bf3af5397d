# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which address a provider may have: the server must not be turned against its own
network."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

Resolver = Callable[[str, int], list[str]]


class AddressError(ValueError):
    """The address may not be asked. :param reason: a key of the door's texts."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the checked *ip*, never the name again."""

    scheme: str
    host: str
    port: int
    ip: str
    path: str


def parse(url: str, allow_local: bool = False) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path of an address that looks fit.

    :raises AddressError: ``scheme``, ``credentials`` or ``host``.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise AddressError("host") from error
    if parts.scheme not in (("https", "http") if allow_local else ("https",)):
        raise AddressError("scheme")
    if parts.username or parts.password:
        raise AddressError("credentials")
    if not parts.hostname or parts.fragment:
        raise AddressError("host")
    port = port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname, port, parts.path or "/"


def resolve(url: str, allow_local: bool = False, resolver: Resolver | None = None):
    """Return the :class:`Target` of the address.

    Every address the name stands for must be fit: a name with one public and one
    inner address would otherwise be a way in.

    :raises AddressError: ``local`` when it leads into a network of our own.
    """
    scheme, host, port, path = parse(url, allow_local)
    try:
        found = (resolver or _resolve)(host, port)
    except (OSError, UnicodeError) as error:
        raise AddressError("unknown") from error
    if not found:
        raise AddressError("unknown")
    for text in found:
        if not allow_local and not _is_public(text):
            raise AddressError("local")
    return Target(scheme, host, port, found[0], path)


def _is_public(text: str) -> bool:
    ip = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (not mapped or mapped.is_global)


def _resolve(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(row[4][0] for row in rows))
