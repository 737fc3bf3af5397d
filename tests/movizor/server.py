"""The service on HTTP, and its bad days."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from .service import Service

MODES = (
    "ok",
    "500",
    "slow",
    "drip",
    "nonsense",
    "html",
    "half",
    "big",
    "redirect",
    "hang",
)


class Standin:
    """A running stand-in: ``with Standin() as movizor: movizor.url``.

    *mode* is how the next answers go, *mode_count* for how many (0 = until changed).
    """

    def __init__(self, service: Service | None = None, port: int = 0, slow=30.0):
        self.service = service or Service()
        self.mode, self.mode_count, self.slow = "ok", 0, slow
        self.requests: list[tuple[str, dict]] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.standin = self
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api_2/{{project}}/{{method}}/"

    def start(self) -> "Standin":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> "Standin":
        return self.start()

    def __exit__(self, *exc) -> None:
        self.stop()

    def wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def set_mode(self, mode: str, count: int = 0) -> None:
        if mode not in MODES:
            raise ValueError(mode)
        with self._lock:
            self.mode, self.mode_count = mode, count

    def take_mode(self) -> str:
        with self._lock:
            mode = self.mode
            if self.mode_count:
                self.mode_count -= 1
                if not self.mode_count:
                    self.mode = "ok"
            return mode

    def answer(self, path: str, params: dict) -> bytes:
        with self._lock:
            parts = path.strip("/").split("/")
            project, method = parts[1], parts[2]
            self.requests.append((method, {k: v for k, v in params.items()}))
            envelope = self.service.answer(project, method, dict(params))
            return json.dumps(envelope, ensure_ascii=False).encode()


class _Handler(BaseHTTPRequestHandler):
    """One request; the server knows whose."""

    protocol_version = "HTTP/1.1"

    @property
    def standin(self) -> Standin:
        return self.server.standin

    def do_GET(self):
        split = urlsplit(self.path)
        if split.path == "/_control":
            query = dict(parse_qsl(split.query))
            self.standin.set_mode(query.get("mode", "ok"), int(query.get("count", 0)))
            return self._send(200, b"ok\n", "text/plain")
        return self._serve(dict(parse_qsl(split.query)), split.path)

    def do_POST(self):
        split = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        params = dict(parse_qsl(split.query))
        params.update(parse_qsl(body.decode(), keep_blank_values=True))
        return self._serve(params, split.path)

    def _serve(self, params, path):
        parts = path.strip("/").split("/")
        if len(parts) != 3 or parts[0] != "api_2":
            return self._send(404, b"<h1>Not Found</h1>", "text/html")
        return getattr(self, f"_mode_{self.standin.take_mode()}")(params, path)

    def _mode_ok(self, params, path):
        self._send(200, self.standin.answer(path, params))

    def _mode_500(self, _params, _path):
        self._send(500, b"<h1>Internal Server Error</h1>", "text/html")

    def _mode_slow(self, params, path):
        self.standin.wait(self.standin.slow)
        self._mode_ok(params, path)

    def _mode_hang(self, _params, _path):
        self.standin.wait(self.standin.slow)
        self.close_connection = True

    def _mode_drip(self, params, path):
        """A byte at a time, so that no single wait is long."""
        body = self.standin.answer(path, params)
        self._head(200, len(body), "application/json")
        until = time.monotonic() + self.standin.slow
        for byte in body:
            if time.monotonic() > until or self.standin._stopped.is_set():
                break
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            self.standin.wait(0.2)
        self.close_connection = True

    def _mode_nonsense(self, _params, _path):
        self._send(200, b"bad json")

    def _mode_html(self, _params, _path):
        self._send(200, b"<html><body>Maintenance</body></html>", "text/html")

    def _mode_half(self, params, path):
        body = self.standin.answer(path, params)
        self._head(200, len(body), "application/json")
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _mode_big(self, _params, _path):
        self._send(200, b'{"result": "success", "data": "' + b"x" * (6 << 20))

    def _mode_redirect(self, _params, _path):
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status, body, kind="application/json; charset=utf-8"):
        try:
            self._head(status, len(body), kind)
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the caller has hung up

    def _head(self, status, length, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_args):
        pass
