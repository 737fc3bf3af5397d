# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Wagons on their way: routes, operations, and a clock that moves them."""

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

MOSCOW = timezone(timedelta(hours=3))
DEPARTED = (2, "ОТПР", "Отправление вагона со станции")
PASSED = (2, "ОТПР", "Проследование станции без обработки")
LOADED = (11, "ПГР2", "Погрузка вагона на подъездных путях")
BROKEN_UP = (8, "ПРИБ", "Прибытие вагона на станцию")
UNLOADED = (21, "ВЫГ2", "Выгрузка вагона на подъездных путях")
FAULTY = (53, "РМНТ", "Перевод вагона в неисправные")


def moscow_now() -> datetime:
    """Return the railway's wall clock."""
    return datetime.now(MOSCOW).replace(tzinfo=None, second=0, microsecond=0)


@dataclass(frozen=True)
class Station:
    """A station with its place and its distance from the plant."""

    code: str
    name: str
    latitude: float
    longitude: float
    km: int


# The ends are the invented stations of the demo; what lies between them is real.
ROUTES = {
    "west": (
        Station("773154", "КАМЕННОГОРСК-ТОВАРНЫЙ", 56.42, 61.93, 0),
        Station("780001", "ЕКАТЕРИНБУРГ-СОРТ.", 56.88, 60.47, 118),
        Station("783002", "ШАЛЯ", 57.25, 58.73, 262),
        Station("763701", "КУНГУР", 57.42, 57.0, 389),
        Station("765425", "ЛЕСНАЯ ПОЛЯНА", 57.95, 56.3, 487),
    ),
    "south": (
        Station("773154", "КАМЕННОГОРСК-ТОВАРНЫЙ", 56.42, 61.93, 0),
        Station("800008", "ЧЕЛЯБИНСК-ГЛАВНЫЙ", 55.14, 61.42, 193),
        Station("806201", "ЗЛАТОУСТ", 55.2, 59.72, 354),
        Station("808601", "КРОПАЧЁВО", 55.01, 57.98, 517),
        Station("650005", "ДЁМА", 54.7, 55.84, 691),
        Station("659902", "АБДУЛИНО", 53.68, 53.65, 887),
        Station("659300", "ПОХВИСТНЕВО", 53.65, 52.13, 998),
        Station("654311", "ЗАРЕЧНАЯ-СОРТИРОВОЧНАЯ", 53.2, 50.4, 1132),
    ),
    "east": (
        Station("773154", "КАМЕННОГОРСК-ТОВАРНЫЙ", 56.42, 61.93, 0),
        Station("793209", "БОГДАНОВИЧ", 56.78, 62.05, 71),
        Station("827805", "ШАДРИНСК", 56.09, 63.61, 229),
        Station("790605", "ВИННИКИ", 55.6, 64.9, 341),
    ),
}


@dataclass
class Wagon:
    """One wagon; ``place`` is the index of its station on the way."""

    number: str
    waybill: str
    way: tuple[Station, ...]
    place: int = 0
    mass_kg: int = 69_500
    state: str = "way"  # way, arrived, unloaded, idle, faulty
    loaded: bool = True
    back: bool = False  # on the way back, under papers of its own
    operation: tuple[int, str, str] = LOADED
    operation_at: datetime = field(default_factory=moscow_now)
    start: datetime = field(default_factory=moscow_now)
    departed: datetime | None = None
    arrived: datetime | None = None
    due: datetime | None = None
    okpo: str = ""
    consignee: str = ""
    history: list[dict] = field(default_factory=list)

    @property
    def stations(self) -> tuple[Station, ...]:
        """The way, or the way back to the plant."""
        return tuple(reversed(self.way)) if self.back else self.way

    @property
    def station(self) -> Station:
        return self.stations[self.place]

    @property
    def km_total(self) -> int:
        return self.way[-1].km

    @property
    def km_left(self) -> int:
        return abs(self.stations[-1].km - self.station.km)

    def do(self, operation: tuple[int, str, str], moment: datetime) -> None:
        """Note an operation where the wagon stands."""
        self.operation, self.operation_at = operation, moment
        self.history.append(
            {"operation": operation, "at": moment, "station": self.station}
        )


def check_digit(first7: str) -> int:
    """Return the last digit of a wagon number (the sheet, section 4.1)."""
    total = 0
    for position, digit in enumerate(first7):
        product = int(digit) * (2 if position % 2 == 0 else 1)
        total += product // 10 + product % 10
    return (10 - total % 10) % 10


def wagon_number(serial: int) -> str:
    """Return a cement hopper's number."""
    first = f"93{serial:05d}"
    return f"{first}{check_digit(first)}"


class Scenario:
    """All wagons and their clock."""

    def __init__(self, path: Path | None = None, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.wagons = (
            [_wagon(item) for item in json.loads(path.read_text("utf-8"))]
            if path
            else _default()
        )
        self.steps = 0
        self._papers = 310_100
        # the wagons somebody has ordered reports of: these move
        self.followed: list[Wagon] = []

    def follow(self, items: list[dict]) -> list[Wagon]:
        """Return the wagons that an order names; those never heard of begin now."""
        known = {wagon.number: wagon for wagon in self.wagons}
        found = []
        for item in items:
            wagon = known.get(item["number"])
            if wagon is None:
                wagon = _wagon(item)
                self.wagons.append(wagon)
            found.append(wagon)
        self.followed = found
        return found

    def advance(self, moment: datetime | None = None, moves: int = 2) -> list[Wagon]:
        """Let some wagons go one operation further.

        :return: the wagons that moved.
        """
        self.steps += 1
        moment = moment or moscow_now()
        wagons = self.followed or self.wagons
        free = [wagon for wagon in wagons if wagon.state not in ("idle", "faulty")]
        moved = self.random.sample(free, min(moves, len(free)))
        for wagon in moved:
            self._step(wagon, moment)
        return moved

    def _step(self, wagon: Wagon, moment: datetime) -> None:
        if moment <= wagon.operation_at:
            moment = wagon.operation_at + timedelta(minutes=1)
        if wagon.state == "unloaded":
            self._turn(wagon, moment)
        elif wagon.state == "arrived":
            if wagon.loaded:
                wagon.state = "unloaded"
                wagon.loaded = False
                wagon.do(UNLOADED, moment)
            else:
                self._load(wagon, moment)
        elif wagon.place + 1 < len(wagon.stations):
            wagon.place += 1
            if wagon.departed is None:
                wagon.departed = moment
            if wagon.place + 1 == len(wagon.stations):
                wagon.state = "arrived"
                wagon.arrived = moment
                wagon.do(BROKEN_UP, moment)
            else:
                wagon.do(PASSED, moment)

    def _turn(self, wagon: Wagon, moment: datetime) -> None:
        """Send the empty wagon back under papers of its own."""
        wagon.state = "way"
        wagon.back = True
        wagon.place = 0
        wagon.waybill = self._waybill()
        wagon.start = wagon.departed = moment
        wagon.arrived = None
        wagon.do(DEPARTED, moment)

    def _load(self, wagon: Wagon, moment: datetime) -> None:
        """Load the wagon at the plant again."""
        wagon.loaded = True
        wagon.back = False
        wagon.state = "way"
        wagon.place = 0
        wagon.waybill = self._waybill()
        wagon.start, wagon.departed, wagon.arrived = moment, None, None
        wagon.do(LOADED, moment)

    def _waybill(self) -> str:
        self._papers += 1
        return f"ЭЦ{self._papers:06d}"


def _default(now: datetime | None = None) -> list[Wagon]:
    """Return the wagons of the demo: on three ways, one idle, one faulty."""
    now = now or moscow_now()
    wagons = []
    plan = (
        # route, stations passed, days since the start, state
        ("west", 1, 1, "way"),
        ("west", 2, 2, "way"),
        ("west", 3, 2, "way"),
        ("south", 1, 1, "way"),
        ("south", 4, 3, "way"),
        ("south", 5, 4, "way"),
        ("south", 6, 4, "way"),
        ("east", 1, 1, "way"),
        ("east", 2, 2, "way"),
        ("south", 2, 8, "idle"),
        ("west", 1, 6, "faulty"),
        ("east", 3, 3, "arrived"),
    )
    for index, (route, place, days, state) in enumerate(plan):
        wagon = Wagon(
            number=wagon_number(1420 + index),
            waybill=f"ЭЦ{310_001 + index:06d}",
            way=ROUTES[route],
            place=place,
            mass_kg=68_900 + 100 * index,
            state=state,
            start=now - timedelta(days=days, hours=3),
        )
        wagon.departed = wagon.start + timedelta(hours=9)
        for step in range(place + 1):
            wagon.place = step
            at = wagon.departed + timedelta(hours=10) * step
            wagon.do(LOADED if step == 0 else PASSED, min(at, now - timedelta(hours=1)))
        if state == "faulty":
            wagon.do(FAULTY, wagon.operation_at + timedelta(minutes=40))
        elif state == "arrived":
            wagon.do(BROKEN_UP, wagon.operation_at)
            wagon.arrived = wagon.operation_at
        wagon.consignee = wagon.way[-1].name.title()
        wagons.append(wagon)
    return wagons


def _wagon(item: dict) -> Wagon:
    """Return a wagon of a scenario file or of an order.

    ``way`` is the name of a route or a list of code, name, latitude, longitude, km;
    moments are ISO and Moscow's.
    """
    way = item["way"]
    wagon = Wagon(
        number=item["number"],
        waybill=item["waybill"],
        way=ROUTES[way] if isinstance(way, str) else tuple(Station(*s) for s in way),
        place=item.get("place", 0),
        mass_kg=item.get("mass_kg", 69_500),
        state=item.get("state", "way"),
        okpo=item.get("okpo", ""),
        consignee=item.get("consignee", ""),
    )
    now = moscow_now()
    wagon.start = _moment(item.get("start")) or now - timedelta(days=2)
    wagon.departed = _moment(item.get("departed"))
    if wagon.place and wagon.departed is None:
        wagon.departed = wagon.start + timedelta(hours=9)
    wagon.due = _moment(item.get("due"))
    moment = _moment(item.get("operation_at")) or now - timedelta(hours=1)
    wagon.do(PASSED if wagon.place else LOADED, moment)
    return wagon


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
