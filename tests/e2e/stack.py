# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A server of its own on a copy of the test database."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import requests

import odoo
from odoo.modules.registry import Registry
from odoo.service import db as db_service

START_SECONDS = 120


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _plain_odoo() -> Iterator[None]:
    """Make this process, which runs tests, act as a plain Odoo for a moment.

    The configuration keeps core's database functions shut, and a registry that is
    loaded in a test run looks for tests of its own.
    """
    config = odoo.tools.config
    before = {name: config[name] for name in ("list_db", "test_enable")}
    for name, value in (("list_db", True), ("test_enable", False)):
        config[name] = value
    try:
        yield
    finally:
        for name, value in before.items():
            config[name] = value


class Stack:
    """One database and one server process that can be killed and started again.

    :param source: database with the suite installed; it is copied.
    """

    def __init__(self, source: str, name: str, log: Path):
        self.database = name
        self.log = log
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self._drop()
        # only this process may copy databases, and only here
        with _plain_odoo():
            db_service.exp_duplicate_database(source, name)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def environment(self) -> Iterator[odoo.api.Environment]:
        """Give an environment on the database and commit at the end."""
        with _plain_odoo():
            registry = Registry(self.database)
        with registry.cursor() as cr:
            yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "ru_RU"})
            cr.commit()

    def start(self) -> None:
        """Start the server and wait until it answers.

        :raises RuntimeError: with the end of its log when it does not.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [
                    sys.executable,
                    "-m",
                    "odoo",
                    "-d",
                    self.database,
                    "-p",
                    str(self.port),
                    "--http-interface",
                    "127.0.0.1",
                    "--max-cron-threads",
                    "0",
                ],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "ODOO_QUEUE_JOB_CHANNELS": "root:1"},
            )
        limit = time.monotonic() + START_SECONDS
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/web/health", timeout=5).ok:
                    return
            time.sleep(0.3)
        raise RuntimeError(f"the server did not start: {self.tail()}")

    def tail(self, lines: int = 30) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def kill(self) -> None:
        """End the server without a word, as a power failure would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def close(self) -> None:
        self.stop()
        self._drop()

    def _drop(self) -> None:
        if self.database in Registry.registries:
            Registry.delete(self.database)
        odoo.sql_db.close_db(self.database)
        # config refuses the dropping of databases where the list is switched off
        with odoo.sql_db.db_connect("postgres").cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND pid <> pg_backend_pid()",
                (self.database,),
            )
            cr.execute(f'DROP DATABASE IF EXISTS "{self.database}"')


class Person:
    """A member at a browser without a window: a session and its forms."""

    def __init__(self, stack: Stack, login: str):
        self.url = stack.url
        self.session = requests.Session()
        page = self.session.get(f"{self.url}/web/login", timeout=60)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        self.session.post(
            f"{self.url}/web/login",
            data={
                "login": login,
                "password": login,
                "csrf_token": token.group(1),
            },
            timeout=60,
        )

    def get(self, path: str, **kwargs):
        return self.session.get(self.url + path, timeout=120, **kwargs)

    def post(self, path: str, referer: str, data: dict, timeout: int = 120):
        """Send a form, with the token of the page it stands on."""
        token = re.search(
            r'csrf_token"?:? ?(?:value=)?"([^"]+)"', self.get(referer).text
        )
        return self.session.post(
            self.url + path,
            data={**data, "csrf_token": token.group(1)},
            timeout=timeout,
        )

    def call(self, path: str, **params):
        """Call a JSON route and return its result.

        :raises RuntimeError: with the server's words.
        """
        answer = self.session.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params, "id": 1},
            timeout=120,
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]
