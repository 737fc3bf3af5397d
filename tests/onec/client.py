"""Whole runs: what «Обмен с сайтом» does when its schedule strikes.

Order of a run: test of the connection, goods up, orders down, statuses up. The last
happens even when the pull failed; each part has a session of its own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from . import papers, steps
from .infobase import Infobase, Result
from .wire import Address, ExchangeError, Options, Wire

# 1C writes the wall clock of its server and no zone.
MOSCOW = timezone(timedelta(hours=3))


def local_now() -> datetime:
    """Return the wall clock of the 1C server."""
    return datetime.now(MOSCOW).replace(tzinfo=None, microsecond=0)


@dataclass
class Settings:
    """Options of the exchange node, and faults to play."""

    wait_for_import: bool = True
    version: str = ""
    file_limit: int | None = None  # smaller than the site's, to cut more often
    portion: int = 50
    send_success: bool = True
    abort_after: int | None = None
    options: Options = field(default_factory=Options)


class Client:
    """1C with one exchange node; ``complaints`` gather over its life."""

    def __init__(
        self,
        url: str,
        login: str,
        password: str,
        infobase: Infobase,
        settings: Settings | None = None,
    ) -> None:
        self.address = Address.parse(url)
        self.login = login
        self.password = password
        self.infobase = infobase
        self.settings = settings or Settings()
        self.wire_complaints: list[str] = []
        self.log: list[str] = []

    @property
    def complaints(self) -> list[str]:
        """What real 1C would choke on, from the wire and from the orders."""
        return self.wire_complaints + self.infobase.complaints

    @contextmanager
    def session(self, kind: str) -> Iterator[Wire]:
        """Open a connection and log in."""
        wire = Wire(
            self.address,
            self.login,
            self.password,
            options=self.settings.options,
            complaints=self.wire_complaints,
            log=self.log,
        )
        with wire:
            steps.checkauth(wire, kind)
            yield wire

    def check(self) -> None:
        """Press the test button: always ``type=catalog``."""
        with self.session("catalog"):
            pass

    def pull(self) -> Result:
        """Take the orders; ``success`` only when the whole batch is in."""
        with self.session("sale") as wire:
            result = self.infobase.load(steps.query(wire))
            self.infobase.save()
            if result.ok and self.settings.send_success:
                steps.success(wire)
        return result

    def push(self, kind: str, files: Iterable[tuple[str, bytes]]) -> list[str]:
        """Send files and, if the node waits, see their import through."""
        with self.session(kind) as wire:
            limit = steps.init(wire, kind, self.settings.version)
            if self.settings.file_limit:
                own = self.settings.file_limit
                limit = min(limit, own) if limit > 0 else own
            names = steps.upload(wire, kind, files, limit, self.settings.abort_after)
            if not self.settings.wait_for_import:
                return []
            return steps.import_files(wire, kind, names)

    def push_status(self, orders: list[dict] | None = None) -> int:
        """Tell the site how its orders are; return how many were told."""
        orders = self.infobase.changed() if orders is None else orders
        if not orders:
            return 0
        files = papers.status_files(orders, local_now(), self.settings.portion)
        errors = self.push("sale", list(files))
        if errors:
            raise ExchangeError("; ".join(errors))
        self.infobase.mark_pushed(orders)
        self.infobase.save()
        return len(orders)

    def push_catalog(self, files: list[tuple[str, bytes]] | None = None) -> None:
        """Send goods, prices and stock."""
        if files is None:
            files = papers.goods_files(local_now())
        errors = self.push("catalog", files)
        if errors:
            raise ExchangeError("; ".join(errors))

    def cycle(self) -> tuple[Result, int]:
        """Run once: pull, let the older orders live on, push."""
        self.check()
        fresh = self.pull()
        now = local_now().isoformat()
        just_loaded = {*fresh.created, *fresh.rewritten}
        for key, order in self.infobase.orders.items():
            if key not in just_loaded:
                self.infobase.advance(order, now)
        told = [
            order
            for order in self.infobase.changed()
            if order["site_number"] not in just_loaded
        ]
        return fresh, self.push_status(told)
