"""What Movizor keeps, and how it answers: strict where it is, loose in its types."""

import random
import re
import time
from dataclasses import dataclass, field

from .road import Truck, distance

FIRST_EVENT = 35_424_000
OPERATORS = {"mts", "megafon", "beeline", "tele2"}
KNOWN = {
    "object_add": {"phone", "title", "tags", "dateoff", "tariff", "package_prolong"},
    "object_edit": {"phone", "title", "tags", "dateoff", "tariff", "activate"},
    "object_get": {"phone"},
    "object_delete": {"phone"},
    "object_list": set(),
    "pos_objects": set(),
    "pos_last": {"phone"},
    "events": {"req_limit", "afterid"},
    "balance": set(),
}
LISTS = re.compile(r"^(destination\[\d+\]\[(text|coord|time)\]|metadata\[.+\])$")


class Refusal(Exception):
    """An answer with ``result: error``."""

    def __init__(self, code, text, text_ru=""):
        super().__init__(text)
        self.code, self.text, self.text_ru = code, text, text_ru


@dataclass
class Tracked:
    """One phone. :param plan: what its driver does: ``confirm``, ``reject``,
    ``silent``, ``wrong`` (operator) or ``exists`` (another company's)."""

    phone: str
    added: float
    plan: str = "confirm"
    status: str = "new"
    title: str = ""
    tariff: str = "15"
    off: str = "0"
    destinations: list = field(default_factory=list)
    metadata: dict = field(default_factory=dict)
    truck: Truck | None = None
    last: float = 0.0
    parked: bool = False


class Service:
    """The state of the service; *clock* gives unix seconds."""

    def __init__(
        self,
        project="cement",
        key="demo-key",
        *,
        clock=time.time,
        consent_after=5.0,
        speed=55.0,
        fix_every=5.0,
        per_second=15,
        per_hour=5000,
        stand=20 * 60.0,
        wait=60.0,
    ):
        self.project, self.key, self.clock = project, key, clock
        self.consent_after, self.speed, self.fix_every = consent_after, speed, fix_every
        self.per_second, self.per_hour = per_second, per_hour
        self.stand, self.wait = stand, wait
        self.plans: dict[str, str] = {}
        # methods that are refused whatever is asked: code, text, Russian text
        self.refusals: dict[str, tuple[str, str, str]] = {}
        self.objects: dict[str, Tracked] = {}
        self.events: list[dict] = []
        self.calls: list[float] = []
        self.log: list[str] = []
        self.wrong_keys: list[float] = []
        self.complaints: list[str] = []
        self._dice = random.Random(7)  # noqa: S311 the same in each run

    # --- the door -------------------------------------------------------------------

    def answer(self, project: str, method: str, params: dict) -> dict:
        """Return the envelope of an answer."""
        try:
            self._check_key(project, params.pop("key", ""))
            self._check_limits()
            self.log.append(method)
            if method not in KNOWN:
                raise Refusal("METHOD_NOT_FOUND", "Unknown method")
            self._check_params(method, params)
            self._advance()
            if method in self.refusals:
                raise Refusal(*self.refusals[method])
            message, data = getattr(self, f"_{method}")(params)
        except Refusal as error:
            return {
                "result": "error",
                "error_code": error.code,
                "error_text": error.text,
                "error_text_ru": error.text_ru,
            }
        envelope = {"code": "OK", "message": message, "result": "success"}
        if data is not None:
            envelope["data"] = data
        return envelope

    def _check_key(self, project, key):
        now = self.clock()
        self.wrong_keys = [moment for moment in self.wrong_keys if now - moment < 3600]
        if len(self.wrong_keys) >= 5:
            self.complaints.append("asked while blocked for wrong keys")
            raise Refusal("ACCESS_DENIED", "Auth rate limit exceeded")
        if key != self.key or project != self.project:
            self.wrong_keys.append(now)
            raise Refusal("ACCESS_DENIED", "Access denied", "Неверный ключ доступа")

    def _check_limits(self):
        now = self.clock()
        self.calls = [moment for moment in self.calls if now - moment < 3600]
        last_second = sum(now - moment < 1 for moment in self.calls)
        if len(self.calls) >= self.per_hour or last_second >= self.per_second:
            self.complaints.append(f"limit: {last_second} a second, {len(self.calls)}")
            raise Refusal("LIMIT", "Too many requests", "Превышен лимит запросов")
        self.calls.append(now)

    def _check_params(self, method, params):
        for name in params:
            if name not in KNOWN[method] and not (
                method in ("object_add", "object_edit") and LISTS.match(name)
            ):
                self.complaints.append(f"{method}: unknown parameter {name}")
        if "phone" in KNOWN[method]:
            params["phone"] = self._normal_phone(params.get("phone", ""))
        off = params.get("dateoff")
        if off and not re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d", off):
            raise Refusal(7, "Wrong dateoff", "Неверная дата отключения")

    def _normal_phone(self, phone):
        digits = re.sub(r"\D", "", phone)
        if len(digits) == 11 and digits[0] == "8":
            digits = f"7{digits[1:]}"
        if not re.fullmatch(r"79\d{9}", digits):
            raise Refusal(3, "Wrong phone number", "Неверный номер телефона")
        return digits

    # --- methods --------------------------------------------------------------------

    def _object_add(self, params):
        phone = params["phone"]
        kept = self.objects.get(phone)
        if kept and kept.status not in ("off", "off_new"):
            raise Refusal(5, "Object already exists", "Объект уже добавлен")
        plan = self.plans.get(phone, "confirm")
        if plan == "exists":
            raise Refusal(
                "error_exists",
                "Phone is tracked by another company",
                "Номер отслеживается другой компанией",
            )
        if plan == "wrong":
            raise Refusal(
                "wrong", "Operator is not supported", "Оператор не поддерживается"
            )
        tracked = Tracked(phone, self.clock(), plan)
        self._fill(tracked, params)
        self.objects[phone] = tracked
        self._event(phone, "add")
        return "Object added", None

    def _object_edit(self, params):
        tracked = self._get(params)
        self._fill(tracked, params)
        if params.get("activate") == "1" and tracked.status in ("off", "off_new"):
            tracked.status, tracked.added = "new", self.clock()
            self._event(tracked.phone, "reactivate")
        return "Object changed", None

    def _object_get(self, params):
        return "", self._describe(self._get(params))

    def _object_delete(self, params):
        tracked = self._get(params)
        del self.objects[tracked.phone]
        return "Object deleted", None

    def _object_list(self, _params):
        rows = [
            {"phone": tracked.phone, "status": tracked.status}
            for tracked in self.objects.values()
        ]
        return "", rows

    def _pos_objects(self, _params):
        rows = [
            {"phone": tracked.phone, **self._position(tracked)}
            for tracked in self.objects.values()
            if tracked.last
        ]
        return "Current positions", rows

    def _pos_last(self, params):
        tracked = self._get(params)
        if not tracked.last:
            raise Refusal("NO_POSITION", "No position")
        return "", self._position(tracked)

    def _events(self, params):
        after = int(params.get("afterid") or 0)
        limit = min(1000, int(params.get("req_limit") or 1000))
        rows = [row for row in self.events if int(row["id"]) > after][:limit]
        return "", rows[::-1]

    def _balance(self, _params):
        data = {"balance": "476.50", "credit": "0.00", "type": "org", "tariff": []}
        return "Balance info", data

    # --- the inside -----------------------------------------------------------------

    def _get(self, params) -> Tracked:
        tracked = self.objects.get(params["phone"])
        if tracked is None:
            raise Refusal("NOT_FOUND", "Object not found", "Объект не найден")
        return tracked

    def _fill(self, tracked, params):
        tracked.title = params.get("title", tracked.title)
        tracked.tariff = params.get("tariff", tracked.tariff)
        tracked.off = params.get("dateoff", tracked.off)
        for name, value in params.items():
            found = re.match(r"metadata\[(.+)\]$", name)
            if found:
                tracked.metadata[found[1]] = value
        points = []
        for index in range(20):
            coord = params.get(f"destination[{index}][coord]")
            if not coord:
                break
            if not re.fullmatch(r"-?\d+\.\d+,-?\d+\.\d+", coord):
                raise Refusal(8, "Wrong coordinates", "Неверные координаты")
            at = params.get(f"destination[{index}][time]", "")
            if at and not re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", at):
                raise Refusal(9, "Wrong time", "Неверное время точки")
            lat, lon = map(float, coord.split(","))
            name = params.get(f"destination[{index}][text]", "")
            points.append({"text": name, "lat": lat, "lon": lon, "time": at})
        if points:
            tracked.destinations = points

    def _advance(self):
        """Let time pass: consents come, trucks move on."""
        now = self.clock()
        for tracked in self.objects.values():
            age = now - tracked.added
            if tracked.status == "new":
                tracked.status = "wait"
            if tracked.status == "wait" and age >= self.consent_after:
                self._decide(tracked, now)
            if tracked.status == "ok" and tracked.truck:
                if now - tracked.last >= self.fix_every:
                    tracked.last = now
                    self._event(tracked.phone, "request")
                self._park(tracked, now)

    def _decide(self, tracked, now):
        if tracked.plan == "reject":
            tracked.status = "rejected"
            self._event(tracked.phone, "reject")
        elif tracked.plan == "silent":
            tracked.status = "no_confirmed"
            self._event(tracked.phone, "no_confirm")
        else:
            tracked.status = "ok"
            self._event(tracked.phone, "confirm")
            places = [(point["lat"], point["lon"]) for point in tracked.destinations]
            if len(places) >= 2:
                tracked.truck = Truck(
                    places[0],
                    places[-1],
                    now,
                    speed=self.speed,
                    share=int(tracked.phone[-2:]) / 100,
                    stand=self.stand,
                    wait=self.wait,
                )

    def _park(self, tracked, now):
        parked = tracked.truck.is_standing(now)
        if parked != tracked.parked:
            tracked.parked = parked
            self._event(tracked.phone, "onparking" if parked else "offparking")

    def _event(self, phone, kind):
        number = FIRST_EVENT + 7 * len(self.events) + 1
        row = {"id": number, "timestamp": int(self.clock()), "phone": phone}
        row["type"] = kind
        row["id"], row["timestamp"] = str(number), self._mixed(row["timestamp"])
        self.events.append(row)

    def _position(self, tracked):
        lat, lon = tracked.truck.place(tracked.last)
        # the circle of a mast, not the truck: off by part of its radius
        spread = (int(tracked.phone[-4:]) + int(tracked.last)) % 13
        radius = 250 + 40 * spread
        off = (spread - 6) / 6 * radius * 0.3 / 111_000
        left = tracked.truck.left(tracked.last)
        # by a truck's own speed, however fast time is made to pass
        hours = round(left / 55.0) if left > 5 else None
        return {
            "lon": f"{lon + off:.6f}",
            "lat": self._mixed(round(lat + off, 6)),
            "timestamp": self._mixed(int(tracked.last)),
            "timestamp_request": self._mixed(int(tracked.last)),
            "radius": self._mixed(radius),
            "distance": self._mixed(round(left)) if hours else None,
            "distance_forecast_time": self._mixed(hours) if hours else None,
            "distance_forecast_status": "ok" if hours else None,
            "place": self._place(tracked),
        }

    def _place(self, tracked):
        place = tracked.truck.place(tracked.last)
        for point in tracked.destinations:
            if distance(place, (point["lat"], point["lon"])) < 2:
                return point["text"]
        return f"Трасса, {round(tracked.truck.driven(tracked.last))} км"

    def _describe(self, tracked):
        located = bool(tracked.last)
        position = self._position(tracked) if located else {}
        return {
            "phone": tracked.phone,
            "status": tracked.status,
            "confirmed": tracked.status == "ok",
            "title": tracked.title,
            "tariff": tracked.tariff,
            "tariff_new": None,
            "last_timestamp": str(int(tracked.last)) if located else 0,
            "at_request": False,
            "current_lon": position.get("lon"),
            "current_lat": position.get("lat"),
            "place": position.get("place", ""),
            "distance": position.get("distance") or 0,
            "distance_forecast_time": position.get("distance_forecast_time"),
            "distance_forecast_status": position.get("distance_forecast_status"),
            "on_parking": tracked.parked if located else None,
            "destination": [
                {**point, "lat": f"{point['lat']}", "status": "new"}
                for point in tracked.destinations
            ],
            "offline_time": 0,
            "pos_error": False,
            "timestamp_off": "0",
            "timestamp_add": str(int(tracked.added)),
            "metadata": tracked.metadata or [],
        }

    def _mixed(self, value):
        """Return the value as a number or as a string, as it happens."""
        return str(value) if self._dice.random() < 0.5 else value
