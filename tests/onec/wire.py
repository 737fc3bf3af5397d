"""HTTP as 1C does it: one connection a session, Basic in every request.

Facts: 1C sheet, section 1.1. Nothing is followed or forgiven here: a redirect is an
answer like any other, Set-Cookie is ignored, the charset of the answer decides.
"""

import base64
import http.client
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import quote

TIMEOUT = 180  # the client's own limit for one request
DEFAULT_PATH = "bitrix/admin/1c_exchange.php"


class ExchangeError(Exception):
    """The run is over, as it would be in 1C; the text goes to its log."""


@dataclass(frozen=True)
class Address:
    secure: bool
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        url = url.replace("\\", "/").replace(" ", "")
        if "?" in url:
            raise ExchangeError("в адресе есть «?»: 1С сама допишет ?type=…")
        scheme, sep, rest = url.partition("://")
        if not sep:
            scheme, rest = "http", url
        host, _slash, path = rest.partition("/")
        name, _colon, port = host.partition(":")
        secure = scheme.lower() == "https"
        number = int(port) if port else (443 if secure else 80)
        return cls(secure, name, number, path or DEFAULT_PATH)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def word(self) -> str:
        return self.lines[0].strip()


@dataclass
class Options:
    """Oddities of clients, to be switched on by tests."""

    send_session_id: bool = True
    send_cookie: bool = True
    body: str = "octet"  # none | octet | form | chunked
    authorization_after_checkauth: bool = True


@dataclass
class Wire:
    """One session: one connection object, closed by leaving the block."""

    address: Address
    login: str
    password: str
    options: Options = field(default_factory=Options)
    complaints: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    cookie: str = ""
    session_id: str = ""
    connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> "Wire":
        kind = (
            http.client.HTTPSConnection
            if self.address.secure
            else http.client.HTTPConnection
        )
        self.connection = kind(self.address.host, self.address.port, timeout=TIMEOUT)
        return self

    def __exit__(self, *_exception) -> None:
        self.connection.close()

    def get(self, **params: str) -> Reply:
        return self._request("GET", params, None)

    def post(self, body: bytes, **params: str) -> Reply:
        return self._request("POST", params, body)

    def complain(self, text: str) -> None:
        """Note what real 1C would choke on, or what only luck lets through."""
        self.complaints.append(text)

    def _request(self, method: str, params: dict, body: bytes | None) -> Reply:
        query = "&".join(f"{key}={quote(value)}" for key, value in params.items())
        if self.session_id and self.options.send_session_id:
            query += f"&sessid={self.session_id}"
        target = f"/{self.address.path}?{query}"
        headers = self._headers(params)
        payload: object = body
        if body is not None:
            payload = self._dress(body, headers)
        try:
            self.connection.request(
                method,
                target,
                body=payload,
                headers=headers,
                encode_chunked="Transfer-Encoding" in headers,
            )
            answer = self.connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ExchangeError(f"нет связи: {error}") from error
        reply = self._read(answer, data)
        size = len(body or b"")
        self.log.append(f"{method} {query} [{size}] -> {reply.status} {reply.word}")
        return reply

    def _headers(self, params: dict) -> dict[str, str]:
        headers = {"User-Agent": "1C+Enterprise/8.3"}
        first = params.get("mode") == "checkauth"
        if first or self.options.authorization_after_checkauth:
            pair = f"{self.login}:{self.password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        if self.cookie and self.options.send_cookie:
            headers["Cookie"] = self.cookie
        return headers

    def _dress(self, body: bytes, headers: dict[str, str]) -> object:
        kind = self.options.body
        if kind == "octet":
            headers["Content-Type"] = "application/octet-stream"
        elif kind == "form":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif kind == "chunked":
            headers["Transfer-Encoding"] = "chunked"
            half = max(1, len(body) // 2)
            return iter([body[:half], body[half:]])
        return body

    def _read(self, answer: http.client.HTTPResponse, data: bytes) -> Reply:
        kind = answer.headers.get("Content-Type") or ""
        charset = answer.headers.get_content_charset()
        if not charset:
            self.complain(f"ответ без charset: {kind!r}")
            charset = "utf-8"
        if "html" in kind.lower() or data.lstrip()[:1] == b"<" and b"<html" in data:
            self.complain(f"вместо ответа пришла страница: {data[:80]!r}")
        if answer.headers.get("Set-Cookie"):
            self.complain("ответ ставит cookie, которую 1С не возьмёт")
        try:
            text = data.decode(charset).lstrip("\ufeff")
        except (LookupError, UnicodeDecodeError):
            self.complain(f"тело не читается в {charset}")
            text = data.decode("utf-8", errors="replace")
        return Reply(answer.status, answer.headers, data, text)
