# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The cabinet over HTTP: a report is ordered, asked after, and done after a while.

    POST /reports                 order: 201 {"id", "status": "new"}; the body may name
                                  the wagons: {"wagons": [{"number", "waybill", "way"}]}
    GET  /reports/<id>            {"status": "processing"}, then the report
    GET  /report.json|.csv|.xlsx  the report at once
    GET  /wagons/<n>/history      history 601
    POST /control                 {"mode": ...}: how the next answers go wrong

Modes: ``ok``, ``500``, ``503`` (with Retry-After), ``slow``, ``drip``, ``nonsense``,
``truncated``, ``redirect``, ``huge``, ``empty``, ``failed``, ``never``.
"""

import base64
import hmac
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import papers
from .scenario import Scenario

HTML = "<html><body><h1>Технические работы</h1></body></html>".encode()


class Cabinet(ThreadingHTTPServer):
    """The server with its wagons; ``log`` is what was asked."""

    daemon_threads = True

    def __init__(
        self,
        port: int = 0,
        scenario: Scenario | None = None,
        login: str = "cement",
        password: str = "demo",
        polls: int = 1,
        slow_seconds: float = 30.0,
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.scenario = scenario or Scenario()
        self.login = login
        self.password = password
        self.polls = polls  # how often a report is "processing" before it is done
        self.slow_seconds = slow_seconds
        self.mode = "ok"
        self.orders: dict[str, int] = {}
        self.ordered: dict[str, list] = {}
        self.log: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> "Cabinet":
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Serve no more."""
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Cabinet
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args) -> None:  # noqa: A002 - the parent's name
        """Keep the console quiet; ``Cabinet.log`` tells what was asked."""

    def do_GET(self) -> None:  # noqa: N802 - the parent's name
        self._answer()

    def do_POST(self) -> None:  # noqa: N802 - the parent's name
        self._answer()

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(size, 1 << 20))
        path = self.path.partition("?")[0]
        if path == "/control" and self.command == "POST":
            self.server.mode = json.loads(body or b"{}").get("mode", "ok")
            self._send(200, b'{"ok": true}')
            return
        with self.server.lock:
            self.server.log.append(f"{self.command} {path}")
        if not self._is_known():
            self._send(401, b'{"error": "login"}', **{"WWW-Authenticate": "Basic"})
            return
        if self._misbehave():
            return
        self._route(path, body)

    def _is_known(self) -> bool:
        kind, _space, text = (self.headers.get("Authorization") or "").partition(" ")
        if kind == "Bearer":
            return hmac.compare_digest(text.encode(), self.server.password.encode())
        try:
            given = base64.b64decode(text).decode()
        except ValueError:
            return False
        return given == f"{self.server.login}:{self.server.password}"

    def _misbehave(self) -> bool:
        """Answer as the mode says; tell whether that was all."""
        mode = self.server.mode
        if mode in ("500", "503"):
            self._send(int(mode), HTML, **{"Retry-After": "600"})
        elif mode == "slow":
            time.sleep(self.server.slow_seconds)
            self._send(200, b"{}")
        elif mode == "drip":
            self._drip()
        elif mode == "nonsense":
            self._send(200, HTML)
        elif mode == "redirect":
            self._send(302, b"", Location="http://localhost:1/elsewhere")
        elif mode == "empty":
            self._send(200, b"")
        elif mode == "huge":
            self._huge()
        else:
            return False
        return True

    def _drip(self) -> None:
        """Send a byte now and then: each read succeeds, the whole never ends."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            for _second in range(int(self.server.slow_seconds * 5)):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            pass
        self.close_connection = True

    def _huge(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        try:
            for _part in range(300):
                self.wfile.write(b" " * (1 << 20))
        except OSError:
            pass

    def _route(self, path: str, body: bytes) -> None:
        wagons = self.server.scenario.wagons
        parts = path.strip("/").split("/")
        if path == "/reports" and self.command == "POST":
            self._order(body)
        elif parts[0] == "reports" and len(parts) == 2:
            self._report(parts[1])
        elif path == "/report.json":
            self._json(200, papers.report(wagons))
        elif path == "/report.csv":
            self._send(200, papers.csv_report(wagons))
        elif path == "/report.xlsx":
            name = 'attachment; filename="dislocation.xlsx"'
            self._send(200, papers.xlsx_report(wagons), **{"Content-Disposition": name})
        elif parts[0] == "wagons" and parts[-1] == "history":
            found = [wagon for wagon in wagons if wagon.number == parts[1]]
            if found:
                self._json(200, papers.history(found[0]))
            else:
                self._json(404, {"error": "unknown wagon"})
        else:
            self._json(404, {"error": "unknown address"})

    def _order(self, body: bytes) -> None:
        try:
            named = json.loads(body or b"{}").get("wagons")
            scenario = self.server.scenario
            wagons = scenario.follow(named) if named else scenario.wagons
        except (ValueError, TypeError, KeyError, AttributeError):
            self._json(400, {"error": "order"})
            return
        key = uuid.uuid4().hex
        self.server.orders[key] = 0
        self.server.ordered[key] = wagons
        self._json(201, {"id": key, "status": "new"})

    def _report(self, key: str) -> None:
        if key not in self.server.orders:
            self._json(404, {"error": "unknown report"})
            return
        self.server.orders[key] += 1
        if self.server.mode == "failed":
            self._json(200, {"status": "error", "message": "Отчет не построен"})
        elif self.server.mode == "never" or (
            self.server.orders[key] <= self.server.polls
        ):
            self._json(200, {"status": "processing"})
        else:
            self._json(200, papers.report(self.server.ordered[key]))

    def _json(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False).encode())

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        whole = len(body)
        if self.server.mode == "truncated" and whole > 200:
            body = body[: whole // 2]
            self.close_connection = True
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(whole))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the other side has hung up
