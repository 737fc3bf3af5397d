# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The most a vehicle may carry, the limit that binds, and the check of a mass.

Every limit is a bound of a function that grows evenly with the payload, so the
legal maximum is a floor division of integers: at it every limit is kept, one
kilogram more breaks one.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from .groups import group_axles
from .regulation import Regulation
from .season import Piece, Rule
from .sections import Body, Bound, Fill
from .statics import Drawbar, Linear, Saddle, Vehicle

# What a limit is put on.
GROSS: Final = "gross"
AXLE: Final = "axle"
GROUP: Final = "group"
KINGPIN: Final = "kingpin"
BOGIE: Final = "bogie"
PLATE: Final = "plate"
SECTION: Final = "section"
# Where it comes from.
BY_ACT: Final = "act"
BY_ORDER: Final = "order"
BY_MAKER: Final = "maker"

OK: Final = "ok"
WARN: Final = "warn"
BLOCK: Final = "block"
_RANKS: Final = {OK: 0, WARN: 1, BLOCK: 2}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, and whom to blame for it.

    :param what: ``gross``, ``axle`` (of a group), ``group`` (also an axle alone),
        ``kingpin``, ``bogie``, ``plate`` or ``section`` (of the body).
    :param axles: numbers of the axles it is put on, from the front; of a section its
        own number, none for all sections together.
    :param kg: what they may carry together.
    :param source: ``act``, ``order`` or ``maker``.
    :param rule: key of the cell of the act or of the rule of the order.
    :param piece: the piece of the route it holds on.
    """

    what: str
    axles: tuple[int, ...]
    kg: int
    source: str
    rule: Hashable = None
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The most a vehicle may carry on a route on a day.

    :param kg: the payload; 0 when even the empty vehicle breaks a limit.
    :param limit: the limit that binds.
    :param lifted: whether it carries that much with its lift axles up.
    :param empty_forbidden: whether even the empty vehicle may not go.
    :param unknown: axles for which the act has no number.
    """

    kg: int
    limit: Limit
    lifted: bool = False
    empty_forbidden: bool = False
    unknown: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One limit against what is borne."""

    limit: Limit
    load: Fraction

    @property
    def excess_percent(self) -> Fraction:
        """How much above the limit, in percent of it; negative when below."""
        if not self.limit.kg:
            return Fraction(100)
        return (self.load - self.limit.kg) * 100 / self.limit.kg


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the law says of a vehicle with so much on it.

    :param state: ``ok``, ``warn`` or ``block``.
    :param worst: the row that decides: of the law's the one with the greatest excess
        where the law has something to say, else the maker's; when all is kept, the
        one with the least room.
    :param excess_percent: of the worst row, 0 when all is kept.
    :param fill: what lies in each section, kg; empty where there are none.
    """

    state: str
    rows: tuple[Row, ...]
    worst: Row | None
    excess_percent: Fraction
    lifted: bool = False
    fill: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bound:
    """A load as integers: (fixed + slope × payload) / denominator."""

    fixed: int
    slope: int
    denominator: int

    def most(self, kg: int) -> int | None:
        """Return the greatest payload that keeps the limit *kg*; ``None`` = any."""
        room = kg * self.denominator - self.fixed
        if self.slope <= 0:
            return None if room >= 0 else -1
        return room // self.slope if room >= 0 else -1


class Frame:
    """A vehicle prepared for many questions: its loads as integers, its groups."""

    __slots__ = (
        "_axles",
        "_bounds",
        "_groups",
        "_groups_gap",
        "_maker",
        "_places",
        "lifted",
        "vehicle",
    )

    def __init__(self, vehicle: Vehicle, lifted: bool = False):
        self.vehicle = vehicle
        self.lifted = lifted
        self._axles = vehicle.axle_lines()
        self._groups: tuple = ()
        self._groups_gap: int | None = None
        self._bounds: dict[tuple[int, ...], _Bound] = {}
        self._maker = tuple(self._maker_limits())
        # with all of the load in one section, for each section
        self._places = tuple(
            Frame(
                replace(vehicle.with_payload_at(section.centre_mm), sections=()), lifted
            )
            for section in vehicle.sections
        )

    def limits(
        self,
        regulation: Regulation | None,
        pieces: Iterable[tuple[Piece, Sequence[Rule]]],
    ) -> tuple[list[Limit], list[tuple[int, ...]]]:
        """Return every limit of the act and of the orders on the *pieces*, and the
        axles for which the act has no number."""
        found: list[Limit] = []
        unknown: list[tuple[int, ...]] = []
        gap = regulation.gap_mm if regulation else 2500
        groups = self._get_groups(gap)
        if regulation:
            count = len(self._axles)
            gross = regulation.gross(self.vehicle.is_train, count)
            if gross:
                found.append(Limit(GROSS, (), gross.kg, BY_ACT, gross.key))
        seen: set[int] = set()
        for piece, rules in pieces:
            if regulation and piece.rating and piece.rating not in seen:
                seen.add(piece.rating)
                self._add_act_limits(found, unknown, regulation, piece, groups)
            for rule in rules:
                self._add_order_limits(found, rule, piece, groups)
        return found, unknown

    def most(self, limits: Iterable[Limit], with_maker: bool = True) -> Answer:
        """Return the greatest payload that keeps *limits* and those of the maker.

        Sections are filled as lets most through.

        :param with_maker: without the maker's, the plate speaks only where the law
            says nothing.
        """
        if self.vehicle.sections:
            body = self.body(limits, with_maker)
            return Answer(
                kg=max(body.kg, 0),
                limit=body.binding.source
                if body.binding
                else Limit(SECTION, (), body.capacity_kg, BY_MAKER),
                lifted=self.lifted,
                empty_forbidden=body.kg < 0,
            )
        plate = Limit(PLATE, (), self.vehicle.payload_kg, BY_MAKER)
        best_kg, best = (plate.kg, plate) if with_maker else (None, plate)
        maker = (limit for limit, _bound in self._maker if with_maker)
        for limit in (*limits, *maker):
            most = self._bound(limit).most(limit.kg)
            # on equal terms the law is named before the plate
            if most is not None and (
                best_kg is None
                or most < best_kg
                or (most == best_kg and best.source == BY_MAKER)
            ):
                best_kg, best = most, limit
        if best_kg is None:
            best_kg = plate.kg
        return Answer(
            kg=max(best_kg, 0),
            limit=best,
            lifted=self.lifted,
            empty_forbidden=best_kg < 0,
        )

    def body(self, limits: Iterable[Limit], with_maker: bool = True) -> Body:
        """Return the sections of the vehicle under *limits* and those of the maker."""
        maker = [limit for limit, _bound in self._maker if with_maker]
        if with_maker:
            maker.append(Limit(PLATE, (), self.vehicle.payload_kg, BY_MAKER))
        # of limits on the same axles the first of the strictest speaks for all
        strictest: dict[tuple, Limit] = {}
        for limit in (*limits, *maker):
            known = strictest.setdefault((limit.what, limit.axles), limit)
            if limit.kg < known.kg:
                strictest[limit.what, limit.axles] = limit
        return Body(
            self.vehicle.sections,
            [self._section_bound(limit) for limit in strictest.values()],
        )

    def _section_bound(self, limit: Limit) -> Bound:
        """Return what a kilogram in each section adds to what *limit* is put on."""
        if limit.what == PLATE:
            return Bound((Fraction(1),) * len(self._places), Fraction(limit.kg), limit)
        bounds = [place._bound(limit) for place in self._places]
        return Bound(
            tuple(Fraction(one.slope, one.denominator) for one in bounds),
            limit.kg - Fraction(bounds[0].fixed, bounds[0].denominator),
            limit,
        )

    def rows(
        self, limits: Iterable[Limit], payload_kg: int, fill: Sequence[int] = ()
    ) -> tuple[Row, ...]:
        """Return what is borne under each limit with *payload_kg* on board.

        :param fill: what lies in each section; an overfilled one has its own row.
        """
        if any(fill):
            over = [
                Row(
                    Limit(SECTION, (number,), section.capacity_kg, BY_MAKER),
                    Fraction(mass),
                )
                for number, (mass, section) in enumerate(
                    zip(fill, self.vehicle.sections, strict=True), start=1
                )
                if mass > section.capacity_kg
            ]
            laden = Frame(self.vehicle.with_fill(fill), self.lifted)
            return (*laden.rows(limits, payload_kg), *over)
        result = []
        for limit in (*limits, *(limit for limit, _bound in self._maker)):
            bound = self._bound(limit)
            load = Fraction(bound.fixed + bound.slope * payload_kg, bound.denominator)
            result.append(Row(limit, load))
        return tuple(result)

    def _get_groups(self, gap: int):
        if self._groups_gap != gap:
            self._groups = group_axles(self.vehicle.axles, gap)
            self._groups_gap = gap
        return self._groups

    def _add_act_limits(self, found, unknown, regulation, piece, groups):
        for group in groups:
            cell = regulation.group(group, piece.rating)
            if cell is None:
                unknown.append(group.numbers)
                continue
            found.append(Limit(GROUP, group.numbers, cell.kg, BY_ACT, cell.key, piece))
            if group.count in (2, 3):
                # axles of one support carry alike: one of them speaks for all
                alike = {
                    self.vehicle.axles[place].support: self.vehicle.axles[place]
                    for place in reversed(group.places)
                }
                for axle in alike.values():
                    alone = regulation.axle(group.tyres, piece.rating, axle.air)
                    if alone:
                        found.append(
                            Limit(
                                AXLE,
                                (axle.number,),
                                alone.kg,
                                BY_ACT,
                                alone.key,
                                piece,
                            )
                        )

    def _add_order_limits(self, found, rule, piece, groups):
        if rule.gross_kg:
            found.append(Limit(GROSS, (), rule.gross_kg, BY_ORDER, rule.key, piece))
        if not rule.limits_axles:
            return
        for group in groups:
            kg = rule.limit(group.count)
            if kg:
                found.append(Limit(GROUP, group.numbers, kg, BY_ORDER, rule.key, piece))

    def _maker_limits(self):
        geometry = self.vehicle.geometry
        if not isinstance(geometry, Saddle):
            return
        supports = geometry.supports()
        for what, kg, line in (
            (KINGPIN, self.vehicle.kingpin_limit_kg, geometry.kingpin()),
            (BOGIE, self.vehicle.bogie_limit_kg, supports["bogie"]),
        ):
            if kg:
                yield Limit(what, (), kg, BY_MAKER), _bound(line)

    def _bound(self, limit: Limit) -> _Bound:
        if limit.what in (KINGPIN, BOGIE):
            return next(b for known, b in self._maker if known.what == limit.what)
        bound = self._bounds.get(limit.axles)
        if bound is None:
            numbers = set(limit.axles)
            lines = [
                line
                for axle, line in zip(self.vehicle.axles, self._axles, strict=True)
                if not numbers or axle.number in numbers
            ]
            total = lines[0]
            for line in lines[1:]:
                total = total + line
            bound = self._bounds[limit.axles] = _bound(total)
        return bound


def frames(vehicle: Vehicle) -> tuple[Frame, ...]:
    """Return the ways a vehicle may go: lift axles down, and up if it has any."""
    raised = vehicle.raised()
    down = Frame(vehicle)
    return (down, Frame(raised, lifted=True)) if raised else (down,)


def most_of(
    ways: Sequence[Frame],
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
    with_maker: bool = True,
) -> Answer:
    """Return the greatest payload over the *ways* a vehicle may go."""
    best: Answer | None = None
    for frame in ways:
        limits, unknown = frame.limits(regulation, pieces)
        answer = frame.most(limits, with_maker)
        if unknown:
            answer = Answer(
                answer.kg,
                answer.limit,
                answer.lifted,
                answer.empty_forbidden,
                tuple(dict.fromkeys(unknown)),
            )
        if best is None or answer.kg > best.kg:
            best = answer
    return best


def best_fill(
    ways: Sequence[Frame],
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
    masses: Mapping[Hashable, int],
) -> Fill | None:
    """Return how to fill the sections with so much of each product.

    ``None`` when they do not go in, each in sections of its own, or when the vehicle
    has no sections. One product too heavy for the law has a fill all the same.

    :param masses: product -> kg.
    """
    goods = {key: mass for key, mass in masses.items() if mass > 0}
    bodies = [
        frame.body(frame.limits(regulation, pieces)[0])
        for frame in ways
        if frame.vehicle.sections
    ]
    if not bodies or not goods:
        return None
    if len(goods) == 1:
        ((key, mass),) = goods.items()
        body = max(bodies, key=lambda body: body.kg)
        return body.fill(mass, key)
    fills = [fill for body in bodies if (fill := body.fill_goods(goods))]
    return max(fills, key=lambda fill: fill.is_even, default=None)


def check_mass(
    ways: Sequence[Frame],
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
    payload_kg: int,
    warn_percent: Fraction | int = 0,
    block_percent: Fraction | int = 10,
    fill: Sequence[int] = (),
) -> Verdict:
    """Return what the law says of *payload_kg* on board.

    Of the ways the vehicle may go the most lawful one counts, of equally lawful ones
    that with the least excess. What only the maker limits warns, but never blocks: it
    is no matter of the road, and it never hides what the law says.

    :param warn_percent: above this excess it warns.
    :param block_percent: above this excess it blocks.
    :param fill: what lies in each section; else they are filled as the law likes best.
    """
    verdicts = []
    for frame in ways:
        limits, _unknown = frame.limits(regulation, pieces)
        laden = tuple(fill)
        if frame.vehicle.sections and not laden:
            laden = frame.body(limits).fill(payload_kg).masses
        rows = frame.rows(limits, payload_kg, laden)
        worst = _get_worst(rows)
        lawful = _get_worst(row for row in rows if row.limit.source != BY_MAKER)
        legal = lawful.excess_percent if lawful else Fraction(0)
        if legal > block_percent:
            state, worst = BLOCK, lawful
        elif lawful and legal > warn_percent:
            state, worst = WARN, lawful
        elif worst and worst.excess_percent > warn_percent:
            state = WARN
        else:
            state = OK
        excess = max(worst.excess_percent, Fraction(0)) if worst else Fraction(0)
        rank = (_RANKS[state], max(legal, Fraction(0)), excess)
        verdicts.append(
            (rank, Verdict(state, rows, worst, excess, frame.lifted, laden))
        )
    return min(verdicts, key=lambda item: item[0])[1]


def best_place(
    vehicle: Vehicle,
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
    least_mm: int,
    most_mm: int,
    step_mm: int = 50,
) -> tuple[int, int]:
    """Return where to put the load and how much may be loaded then: (mm, kg).

    Of equal places the one furthest forward. Drawbar trains have two loads and no
    single place, nor has a body of sections.

    :param least_mm: the foremost place of the load's centre that the body allows.
    :param most_mm: the rearmost one.
    """
    fixed = isinstance(vehicle.geometry, Drawbar) or vehicle.sections
    if fixed or most_mm < least_mm:
        answer = most_of(frames(vehicle), regulation, pieces)
        place = getattr(vehicle.geometry, "payload_mm", 0)
        return floor(place), answer.kg
    places = [*range(least_mm, most_mm, step_mm), most_mm]
    found = [
        (
            most_of(frames(vehicle.with_payload_at(place)), regulation, pieces).kg,
            -place,
        )
        for place in places
    ]
    kg, place = max(found)
    return -place, kg


def _get_worst(rows: Iterable[Row]) -> Row | None:
    return max(rows, key=lambda row: row.excess_percent, default=None)


def round_up_percent(percent: Fraction) -> float:
    """Return an excess for the screen: never shown less than it is."""
    return ceil(percent * 100) / 100


def _bound(line: Linear) -> _Bound:
    denominator = lcm(line.fixed.denominator, line.slope.denominator)
    return _Bound(
        int(line.fixed * denominator), int(line.slope * denominator), denominator
    )
