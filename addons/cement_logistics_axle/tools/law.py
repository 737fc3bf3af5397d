# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The law for many vehicles, routes and days at once, each answered one time.

The answer depends on the day only through the act and the rules in force, so a
year of a route has as many answers as it has seasons, not days.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from . import payload
from .regulation import Regulation, in_force
from .season import Piece, Rule, heat_rules_on, rules_on
from .sections import Fill
from .statics import Vehicle

Route = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which one answer holds, both ends inclusive."""

    date_from: date
    date_to: date
    answer: payload.Answer


@dataclass(frozen=True, slots=True)
class Advice:
    """What would help to carry more than the law allows here and now.

    :param vehicle: (key, kg) of the vehicle that carries most, if it is another.
    :param day: (day, kg): the next day on which this vehicle may carry more.
    :param place: (mm, kg): a better place for the load, if there is one.
    """

    vehicle: tuple[Hashable, int] | None = None
    day: tuple[date, int] | None = None
    place: tuple[int, int] | None = None


class Law:
    """Acts, orders and vehicles, read once.

    :param places: vehicle key -> (foremost, rearmost) place of the load, mm.
    """

    def __init__(
        self,
        regulations: Iterable[Regulation],
        rules: Iterable[Rule],
        vehicles: Iterable[Vehicle],
        places: Mapping[Hashable, tuple[int, int]] | None = None,
    ):
        self.regulations = tuple(regulations)
        self.vehicles = {vehicle.key: vehicle for vehicle in vehicles}
        self.places = dict(places or {})
        self._rules: dict[Hashable, list[Rule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.region, []).append(rule)
        self._ways = {
            key: payload.frames(vehicle) for key, vehicle in self.vehicles.items()
        }
        self._states: dict[tuple, tuple] = {}
        self._answers: dict[tuple, payload.Answer] = {}
        self._fills: dict[tuple, Fill | None] = {}

    @property
    def rules(self) -> Iterator[Rule]:
        """Yield the rules of all regions."""
        for rules in self._rules.values():
            yield from rules

    @property
    def remembered(self) -> int:
        """How many route-days and fills are remembered."""
        return len(self._states) + len(self._fills)

    def forget(self):
        """Let go of what was answered; it is reckoned anew when asked."""
        self._states.clear()
        self._answers.clear()
        self._fills.clear()

    def regulation(self, day: date) -> Regulation | None:
        return in_force(self.regulations, day)

    def state(
        self, route: Route, day: date, exempt: Hashable = None
    ) -> tuple[Regulation | None, tuple[tuple[Piece, tuple[Rule, ...]], ...]]:
        """Return the act of *day* and the rules in force on each piece."""
        key = (route, day, exempt)
        known = self._states.get(key)
        if known is None:
            known = self._states[key] = (
                self.regulation(day),
                tuple(
                    (
                        piece,
                        rules_on(self._rules.get(piece.region, ()), piece, day, exempt),
                    )
                    for piece in route
                ),
            )
        return known

    @staticmethod
    def _state_key(regulation, pieces) -> tuple:
        """Return what tells states of the law apart, short enough to be kept."""
        return (
            regulation.key if regulation else None,
            tuple(
                (piece, tuple(rule.key for rule in rules)) for piece, rules in pieces
            ),
        )

    def answer(
        self, vehicle: Hashable, route: Route, day: date, exempt: Hashable = None
    ) -> payload.Answer:
        """Return the most that *vehicle* may carry on *route* on *day*.

        :raises KeyError: when the vehicle is not described.
        """
        regulation, pieces = self.state(route, day, exempt)
        key = (vehicle, *self._state_key(regulation, pieces))
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = payload.most_of(
                self._ways[vehicle], regulation, pieces
            )
        return known

    def lawful(
        self,
        vehicle: Hashable | payload.Counted,
        route: Route,
        day: date,
        exempt: Hashable = None,
    ) -> payload.Answer:
        """Return the most that acts and orders allow, whatever the maker says."""
        if isinstance(vehicle, payload.Counted):
            return payload.most_gross(
                vehicle, *self.state(route, day, exempt), with_maker=False
            )
        return payload.most_of(
            self._ways[vehicle], *self.state(route, day, exempt), with_maker=False
        )

    def most(
        self,
        vehicle: Vehicle | payload.Counted,
        route: Route,
        day: date,
        exempt: Hashable = None,
    ) -> payload.Answer:
        """Return the most that a vehicle as the scales found it may carry."""
        state = self.state(route, day, exempt)
        if isinstance(vehicle, payload.Counted):
            return payload.most_gross(vehicle, *state)
        return payload.most_of(payload.frames(vehicle), *state)

    def normal(self, vehicle: Hashable, route: Route, day: date) -> payload.Answer:
        """Return the most that may be carried when no order is in force."""
        regulation = self.regulation(day)
        pieces = tuple((piece, ()) for piece in route)
        key = (vehicle, regulation.key if regulation else None, pieces)
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = payload.most_of(
                self._ways[vehicle], regulation, pieces
            )
        return known

    def check(
        self,
        vehicle: Vehicle | payload.Counted | Hashable,
        route: Route,
        day: date,
        payload_kg: int,
        exempt: Hashable = None,
        warn_percent=0,
        block_percent=10,
        fill: Sequence[int] = (),
    ) -> payload.Verdict:
        """Return the verdict on *payload_kg*.

        :param vehicle: a key, or a vehicle as the scales found it. One whose axles
            are only counted is judged by its gross mass.
        :param fill: what lies in each section; else as the law likes best.
        """
        if isinstance(vehicle, payload.Counted):
            return payload.check_gross(
                vehicle,
                *self.state(route, day, exempt),
                payload_kg,
                warn_percent,
                block_percent,
            )
        ways = (
            payload.frames(vehicle)
            if isinstance(vehicle, Vehicle)
            else self._ways[vehicle]
        )
        return payload.check_mass(
            ways,
            *self.state(route, day, exempt),
            payload_kg,
            warn_percent,
            block_percent,
            fill,
        )

    def fill(
        self,
        vehicle: Hashable,
        route: Route,
        day: date,
        masses: Mapping[Hashable, int],
        exempt: Hashable = None,
    ) -> Fill | None:
        """Return how to fill the sections of *vehicle* with so much of each product.

        ``None`` when it has none, or when several products do not go into them.

        :raises KeyError: when the vehicle is not described.
        """
        ways = self._ways[vehicle]
        if not ways[0].vehicle.sections:
            return None
        state = self.state(route, day, exempt)
        key = (vehicle, *self._state_key(*state), tuple(masses.items()))
        if key not in self._fills:
            self._fills[key] = payload.best_fill(ways, *state, masses)
        return self._fills[key]

    def heat_rules(self, route: Route, day: date) -> tuple[Rule, ...]:
        """Return the heat rules on the way."""
        return tuple(
            rule
            for piece in route
            for rule in heat_rules_on(self._rules.get(piece.region, ()), piece, day)
        )

    def spans(
        self,
        vehicle: Hashable,
        route: Route,
        date_from: date,
        date_to: date,
        exempt: Hashable = None,
    ) -> Iterator[Span]:
        """Yield the days from *date_from* to *date_to* by equal answers."""
        starts = self._turns(route, date_from, date_to)
        for place, start in enumerate(starts):
            end = (
                starts[place + 1] - timedelta(1) if place + 1 < len(starts) else date_to
            )
            yield Span(start, end, self.answer(vehicle, route, start, exempt))

    def next_change(
        self,
        vehicle: Hashable,
        route: Route,
        day: date,
        days: int,
        exempt: Hashable = None,
    ) -> Span | None:
        """Return the next span within *days* on which the payload is another."""
        now = self.answer(vehicle, route, day, exempt)
        for span in self.spans(vehicle, route, day, day + timedelta(days), exempt):
            if span.answer.kg != now.kg:
                return span
        return None

    def advice(
        self,
        vehicle: Hashable,
        route: Route,
        day: date,
        exempt: Hashable = None,
        others: Sequence[Hashable] = (),
        days: int = 120,
    ) -> Advice:
        """Return what would let more through than *vehicle* may carry on *day*."""
        now = self.answer(vehicle, route, day, exempt).kg
        best = max(
            (
                (self.answer(other, route, day, exempt).kg, str(other), other)
                for other in others
                if other in self._ways and other != vehicle
            ),
            default=None,
        )
        later = next(
            (
                (span.date_from, span.answer.kg)
                for span in self.spans(
                    vehicle, route, day, day + timedelta(days), exempt
                )
                if span.answer.kg > now
            ),
            None,
        )
        place = None
        if vehicle in self.places:
            found = payload.best_place(
                self.vehicles[vehicle],
                *self.state(route, day, exempt),
                *self.places[vehicle],
            )
            place = found if found[1] > now else None
        return Advice(
            vehicle=(best[2], best[0]) if best and best[0] > now else None,
            day=later,
            place=place,
        )

    def _turns(self, route: Route, date_from: date, date_to: date) -> list[date]:
        """Return the days on which the act or a rule begins or has ended."""
        turns = {date_from}
        for regulation in self.regulations:
            turns.add(regulation.valid_from)
            if regulation.valid_to:
                turns.add(regulation.valid_to + timedelta(1))
        for region in {piece.region for piece in route}:
            for rule in self._rules.get(region, ()):
                turns.add(rule.date_from)
                turns.add(rule.date_to + timedelta(1))
        return sorted(turn for turn in turns if turn and date_from <= turn <= date_to)
