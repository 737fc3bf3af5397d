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
UNKNOWN: Final = "unknown"
BLOCK: Final = "block"
_RANKS: Final = {OK: 0, WARN: 1, UNKNOWN: 2, BLOCK: 3}
# Why the law has no answer: no act holds, or it has no figure for the vehicle.
NO_ACT: Final = "act"
NO_FIGURES: Final = "figures"
# A vehicle with more axles than this is held for a road train when only counted.
MOST_SOLO_AXLES: Final = 4


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
    :param missing: why this is not what the law allows, but only what others do:
        ``act``, ``figures``, or nothing.
    """

    kg: int
    limit: Limit
    lifted: bool = False
    empty_forbidden: bool = False
    unknown: tuple[tuple[int, ...], ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A vehicle of which only the number of axles is known: gross mass alone says
    whether it may go."""

    key: Hashable
    count: int
    tare_kg: int
    payload_kg: int

    @property
    def axles(self) -> range:
        """Numbers of the axles, from the front."""
        return range(1, self.count + 1)

    @property
    def is_train(self) -> bool:
        return self.count > MOST_SOLO_AXLES

    def with_tare(self, tare_kg: int) -> "Counted":
        """Return the vehicle as empty as the scales found it."""
        return replace(self, tare_kg=tare_kg)


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

    :param state: ``ok``, ``warn``, ``unknown`` or ``block``. Not known is what no act
        or no figure of it speaks of, unless an order of a region forbids it anyway.
    :param worst: the row that decides: of the law's the one with the greatest excess
        where the law has something to say, else the maker's; when all is kept, the
        one with the least room.
    :param excess_percent: of the worst row, 0 when all is kept.
    :param fill: what lies in each section, kg; empty where there are none.
    :param missing: why the law has no answer: ``act``, ``figures``, or nothing.
    """

    state: str
    rows: tuple[Row, ...]
    worst: Row | None
    excess_percent: Fraction
    lifted: bool = False
    fill: tuple[int, ...] = ()
    missing: str = ""


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
        missing = _get_missing(regulation, limits, unknown)
        if missing:
            answer = replace(
                answer, unknown=tuple(dict.fromkeys(unknown)), missing=missing
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
    is no matter of the road, and it never hides what the law says. More than the type
    itself takes is never within the limits.

    :param warn_percent: above this excess it warns.
    :param block_percent: above this excess it blocks.
    :param fill: what lies in each section; else they are filled as the law likes best.
    """
    verdicts = []
    for frame in ways:
        limits, unknown = frame.limits(regulation, pieces)
        laden = tuple(fill)
        if frame.vehicle.sections and not laden:
            laden = frame.body(limits).fill(payload_kg).masses
        rank, verdict = _judge(
            (
                *frame.rows(limits, payload_kg, laden),
                *_plate_rows(frame.vehicle.payload_kg, payload_kg),
            ),
            _get_missing(regulation, limits, unknown),
            warn_percent,
            block_percent,
        )
        verdicts.append((rank, replace(verdict, lifted=frame.lifted, fill=laden)))
    return min(verdicts, key=lambda item: item[0])[1]


def gross_limits(
    vehicle: Counted,
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
) -> list[Limit]:
    """Return what act and orders allow a vehicle whose axles are only counted."""
    found = []
    gross = regulation.gross(vehicle.is_train, vehicle.count) if regulation else None
    if gross:
        found.append(Limit(GROSS, (), gross.kg, BY_ACT, gross.key))
    found.extend(
        Limit(GROSS, (), rule.gross_kg, BY_ORDER, rule.key, piece)
        for piece, rules in pieces
        for rule in rules
        if rule.gross_kg
    )
    return found


def most_gross(
    vehicle: Counted,
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
    with_maker: bool = True,
) -> Answer:
    """Return the greatest payload by gross mass alone.

    :param with_maker: see :meth:`Frame.most`.
    """
    limits = gross_limits(vehicle, regulation, pieces)
    plate = Limit(PLATE, (), vehicle.payload_kg, BY_MAKER)
    found = [(limit.kg - vehicle.tare_kg, limit) for limit in limits]
    if with_maker or not found:
        found.append((plate.kg, plate))
    kg, limit = min(found, key=lambda pair: pair[0])
    return Answer(
        kg=max(kg, 0),
        limit=limit,
        empty_forbidden=kg < 0,
        missing=_get_missing(regulation, limits),
    )


def check_gross(
    vehicle: Counted,
    regulation: Regulation | None,
    pieces: Sequence[tuple[Piece, Sequence[Rule]]],
    payload_kg: int,
    warn_percent: Fraction | int = 0,
    block_percent: Fraction | int = 10,
) -> Verdict:
    """Return what the law says of the gross mass with *payload_kg* on board; see
    :func:`check_mass`."""
    limits = gross_limits(vehicle, regulation, pieces)
    gross = Fraction(vehicle.tare_kg + payload_kg)
    return _judge(
        (
            *(Row(limit, gross) for limit in limits),
            *_plate_rows(vehicle.payload_kg, payload_kg),
        ),
        _get_missing(regulation, limits),
        warn_percent,
        block_percent,
    )[1]


def _plate_rows(plate_kg: int, payload_kg: int) -> tuple[Row, ...]:
    """Return the row of what the type itself takes, when that is exceeded."""
    if payload_kg <= plate_kg:
        return ()
    return (Row(Limit(PLATE, (), plate_kg, BY_MAKER), Fraction(payload_kg)),)


def _get_missing(
    regulation: Regulation | None,
    limits: Iterable[Limit],
    unknown: Sequence[tuple[int, ...]] = (),
) -> str:
    """Return why the law cannot answer; nothing when it can."""
    if regulation is None:
        return NO_ACT
    has_gross = any(limit.what == GROSS and limit.source == BY_ACT for limit in limits)
    return "" if has_gross and not unknown else NO_FIGURES


def _judge(
    rows: Sequence[Row], missing: str, warn_percent, block_percent
) -> tuple[tuple, Verdict]:
    """Return the verdict on *rows*, after what it is to be compared by."""
    worst = _get_worst(rows)
    lawful = _get_worst(row for row in rows if row.limit.source != BY_MAKER)
    legal = lawful.excess_percent if lawful else Fraction(0)
    if legal > block_percent:
        state, worst = BLOCK, lawful
    elif lawful and legal > warn_percent:
        state, worst = WARN, lawful
    elif worst and (
        worst.excess_percent > warn_percent
        or any(row.limit.what == PLATE for row in rows)
    ):
        state = WARN
    else:
        state = OK
    if missing and state != BLOCK:
        state = UNKNOWN
    excess = max(worst.excess_percent, Fraction(0)) if worst else Fraction(0)
    rank = (_RANKS[state], max(legal, Fraction(0)), excess)
    return rank, Verdict(state, tuple(rows), worst, excess, missing=missing)


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
