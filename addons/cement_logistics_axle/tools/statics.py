# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Axle loads of a vehicle from its geometry and its payload (statics of beams).

Solo truck: one beam on two supports, the front axle (or axles) and the rear ones.
Saddle train: the semitrailer is a beam on kingpin and bogie, the tractor a beam
that bears the kingpin. Drawbar train: two independent beams. With the notation of
the reference (section 3.3 of the logistics facts of the project)::

    Bp = P*x/Ls ;  Kp = P - Bp ;  K = K0 + Kp
    F  = F0 + K*d/Lt            front axle
    R  = R0 + K*(Lt-d)/Lt       drive axle or tandem
    B  = B0 + Bp                bogie
    G  = F + R + B

A support is where a beam rests; its axles share the load evenly (the suspension
equalises them). Each load is a linear function of the payload, which is what makes
the legal maximum exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

SINGLE: Final = "single"
TWIN: Final = "twin"
EIGHT: Final = "eight"

FRONT: Final = "front"
REAR: Final = "rear"
BOGIE: Final = "bogie"
TRAILER_FRONT: Final = "trailer_front"
TRAILER_REAR: Final = "trailer_rear"

Length = int | Fraction


class GeometryError(ValueError):
    """The description of a vehicle cannot be true.

    :param code: ``length``, ``mass``, ``support``, ``order``, ``lift``, ``share`` or
        ``sections``; the texts hang on it.
    """

    def __init__(self, code: str, name: str = ""):
        super().__init__(f"{code}: {name}" if name else code)
        self.code = code
        self.name = name


@dataclass(frozen=True, slots=True)
class Linear:
    """A load in kg that grows evenly with the payload: *fixed* + *slope* × payload."""

    fixed: Fraction
    slope: Fraction

    def at(self, payload_kg: int | Fraction) -> Fraction:
        return self.fixed + self.slope * payload_kg

    def __add__(self, other: "Linear") -> "Linear":
        return Linear(self.fixed + other.fixed, self.slope + other.slope)

    def times(self, factor: Fraction) -> "Linear":
        return Linear(self.fixed * factor, self.slope * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axle:
    """One axle.

    :param number: counted from the front of the whole train, from 1.
    :param position_mm: behind the first axle of the train.
    :param support: the support it belongs to: ``front``, ``rear``, ``bogie``,
        ``trailer_front``, ``trailer_rear``.
    :param tyres: ``single``, ``twin``, or ``eight`` for eight wheels and more.
    """

    number: int
    position_mm: int
    support: str
    tyres: str = TWIN
    air: bool = False
    lift: bool = False
    drive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Solo:
    """A beam on two supports: a solo truck, or a trailer of its own.

    :param wheelbase_mm: from the middle of the front support to that of the rear.
    :param payload_mm: the payload's centre, behind the middle of the front support.
    """

    front_tare_kg: int | Fraction
    rear_tare_kg: int | Fraction
    wheelbase_mm: Length
    payload_mm: Length

    def __post_init__(self):
        _check_positive(wheelbase_mm=self.wheelbase_mm)
        _check_not_negative(
            front_tare_kg=self.front_tare_kg, rear_tare_kg=self.rear_tare_kg
        )

    @property
    def tare_kg(self) -> int | Fraction:
        return self.front_tare_kg + self.rear_tare_kg

    @property
    def beam_mm(self) -> Length:
        """Within 0 and this no payload relieves an axle."""
        return self.wheelbase_mm

    def with_payload_at(self, payload_mm: Length) -> "Solo":
        return replace(self, payload_mm=payload_mm)

    def scaled(self, factor: Fraction) -> "Solo":
        return replace(
            self,
            front_tare_kg=self.front_tare_kg * factor,
            rear_tare_kg=self.rear_tare_kg * factor,
        )

    def moved(self, support: str, by_mm: Fraction) -> "Solo":
        """Return it with the middle of the rear support further back."""
        if support != REAR:
            raise GeometryError("lift", support)
        wheelbase = self.wheelbase_mm + by_mm
        rear = self.rear_tare_kg * Fraction(self.wheelbase_mm) / wheelbase
        return replace(
            self,
            front_tare_kg=self.tare_kg - rear,
            rear_tare_kg=rear,
            wheelbase_mm=wheelbase,
        )

    def supports(self) -> dict[str, Linear]:
        at_rear = Fraction(self.payload_mm) / self.wheelbase_mm
        return {
            FRONT: Linear(Fraction(self.front_tare_kg), 1 - at_rear),
            REAR: Linear(Fraction(self.rear_tare_kg), at_rear),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Saddle:
    """A tractor with a semitrailer.

    :param wheelbase_mm: from the front axle to the middle of the drive axles (Lt).
    :param lead_mm: the fifth wheel ahead of that middle (d).
    :param bogie_mm: from the kingpin to the middle of the bogie (Ls).
    :param payload_mm: the payload's centre behind the kingpin (x).
    """

    front_tare_kg: int | Fraction
    rear_tare_kg: int | Fraction
    wheelbase_mm: Length
    lead_mm: Length
    kingpin_tare_kg: int | Fraction
    bogie_tare_kg: int | Fraction
    bogie_mm: Length
    payload_mm: Length

    def __post_init__(self):
        _check_positive(wheelbase_mm=self.wheelbase_mm, bogie_mm=self.bogie_mm)
        _check_not_negative(
            front_tare_kg=self.front_tare_kg,
            rear_tare_kg=self.rear_tare_kg,
            kingpin_tare_kg=self.kingpin_tare_kg,
            bogie_tare_kg=self.bogie_tare_kg,
        )
        if not 0 <= self.lead_mm <= self.wheelbase_mm:
            raise GeometryError("length", "lead_mm")

    @property
    def tare_kg(self) -> int | Fraction:
        return (
            self.front_tare_kg
            + self.rear_tare_kg
            + self.kingpin_tare_kg
            + self.bogie_tare_kg
        )

    @property
    def beam_mm(self) -> Length:
        """Within 0 and this no payload relieves an axle."""
        return self.bogie_mm

    def with_payload_at(self, payload_mm: Length) -> "Saddle":
        return replace(self, payload_mm=payload_mm)

    def scaled(self, factor: Fraction) -> "Saddle":
        return replace(
            self,
            front_tare_kg=self.front_tare_kg * factor,
            rear_tare_kg=self.rear_tare_kg * factor,
            kingpin_tare_kg=self.kingpin_tare_kg * factor,
            bogie_tare_kg=self.bogie_tare_kg * factor,
        )

    def moved(self, support: str, by_mm: Fraction) -> "Saddle":
        """Return it with the middle of the drive axles or the bogie further back.

        The tare keeps its centre of mass: the supports share it anew.
        """
        if support == BOGIE:
            bogie = self.bogie_mm + by_mm
            at_bogie = self.bogie_tare_kg * Fraction(self.bogie_mm) / bogie
            trailer = self.kingpin_tare_kg + self.bogie_tare_kg
            return replace(
                self,
                kingpin_tare_kg=trailer - at_bogie,
                bogie_tare_kg=at_bogie,
                bogie_mm=bogie,
            )
        if support == REAR:
            wheelbase = self.wheelbase_mm + by_mm
            rear = self.rear_tare_kg * Fraction(self.wheelbase_mm) / wheelbase
            return replace(
                self,
                front_tare_kg=self.front_tare_kg + self.rear_tare_kg - rear,
                rear_tare_kg=rear,
                wheelbase_mm=wheelbase,
                lead_mm=self.lead_mm + by_mm,
            )
        raise GeometryError("lift", support)

    def kingpin(self) -> Linear:
        """Return the load on the fifth wheel."""
        return Linear(
            Fraction(self.kingpin_tare_kg),
            1 - Fraction(self.payload_mm) / self.bogie_mm,
        )

    def supports(self) -> dict[str, Linear]:
        kingpin = self.kingpin()
        at_front = Fraction(self.lead_mm) / self.wheelbase_mm
        return {
            FRONT: Linear(Fraction(self.front_tare_kg), Fraction(0))
            + kingpin.times(at_front),
            REAR: Linear(Fraction(self.rear_tare_kg), Fraction(0))
            + kingpin.times(1 - at_front),
            BOGIE: Linear(Fraction(self.bogie_tare_kg), 1 - kingpin.slope),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawbar:
    """A truck with a full trailer: two beams that do not bear each other.

    :param truck_share: the part of the payload that the truck carries, 0 to 1.
    """

    truck: Solo
    trailer: Solo
    truck_share: Fraction

    def __post_init__(self):
        if not 0 <= self.truck_share <= 1:
            raise GeometryError("share", "truck_share")

    @property
    def tare_kg(self) -> int | Fraction:
        return self.truck.tare_kg + self.trailer.tare_kg

    def scaled(self, factor: Fraction) -> "Drawbar":
        return replace(
            self, truck=self.truck.scaled(factor), trailer=self.trailer.scaled(factor)
        )

    def moved(self, support: str, by_mm: Fraction) -> "Drawbar":
        if support == REAR:
            return replace(self, truck=self.truck.moved(REAR, by_mm))
        if support == TRAILER_REAR:
            return replace(self, trailer=self.trailer.moved(REAR, by_mm))
        raise GeometryError("lift", support)

    def supports(self) -> dict[str, Linear]:
        truck, trailer = self.truck.supports(), self.trailer.supports()
        share = Fraction(self.truck_share)
        return {
            FRONT: _shared(truck[FRONT], share),
            REAR: _shared(truck[REAR], share),
            TRAILER_FRONT: _shared(trailer[FRONT], 1 - share),
            TRAILER_REAR: _shared(trailer[REAR], 1 - share),
        }


Geometry = Solo | Saddle | Drawbar


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the body that is filled by itself.

    :param centre_mm: measured as the payload's centre of the vehicle.
    :param capacity_kg: what fits into it.
    """

    centre_mm: int
    capacity_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle or train with its axles, from the front.

    :param payload_kg: what the maker and the body allow, whatever the law says.
    :param kingpin_limit_kg: what the maker allows on the kingpin; 0 = not known.
    :param bogie_limit_kg: what the maker allows on the bogie; 0 = not known.
    :param sections: the parts of the body, from the front; none when the load lies
        where the geometry says. Not for drawbar trains, which have two bodies.
    """

    key: object
    geometry: Geometry
    axles: tuple[Axle, ...]
    payload_kg: int
    kingpin_limit_kg: int = 0
    bogie_limit_kg: int = 0
    sections: tuple[Section, ...] = ()

    def __post_init__(self):
        if self.sections and isinstance(self.geometry, Drawbar):
            raise GeometryError("sections")
        if {axle.support for axle in self.axles} != set(self.geometry.supports()):
            raise GeometryError("support")
        positions = [axle.position_mm for axle in self.axles]
        if any(b <= a for a, b in zip(positions, positions[1:], strict=False)):
            raise GeometryError("order")

    @property
    def tare_kg(self) -> int | Fraction:
        return self.geometry.tare_kg

    @property
    def is_train(self) -> bool:
        return not isinstance(self.geometry, Solo)

    def with_payload_at(self, payload_mm: Length) -> "Vehicle":
        """Return it with the load's centre elsewhere (not for drawbar trains)."""
        return replace(self, geometry=self.geometry.with_payload_at(payload_mm))

    def with_fill(self, masses: Sequence[int]) -> "Vehicle":
        """Return it with the load where *masses* in its sections put it."""
        pieces = [
            (mass, section.centre_mm)
            for mass, section in zip(masses, self.sections, strict=True)
        ]
        return self.with_payload_at(payload_centre(pieces)) if any(masses) else self

    def with_tare(self, tare_kg: int) -> "Vehicle":
        """Return it as heavy as the scales say, the tare spread as before."""
        factor = Fraction(tare_kg) / Fraction(self.tare_kg)
        return replace(self, geometry=self.geometry.scaled(factor))

    def raised(self) -> "Vehicle | None":
        """Return it with its lift axles up; ``None`` when it has none.

        The middle of the support moves to the axles that stay down, and its tare
        is borne by them.

        :raises GeometryError: ``lift`` when a support would lose all its axles.
        """
        if not any(axle.lift for axle in self.axles):
            return None
        geometry = self.geometry
        for support in dict.fromkeys(axle.support for axle in self.axles if axle.lift):
            own = [axle for axle in self.axles if axle.support == support]
            down = [axle for axle in own if not axle.lift]
            if not down:
                raise GeometryError("lift", support)
            geometry = geometry.moved(support, _middle(down) - _middle(own))
        return replace(
            self,
            geometry=geometry,
            axles=tuple(axle for axle in self.axles if not axle.lift),
        )

    def axle_lines(self) -> tuple[Linear, ...]:
        """Return the load of each axle as a function of the payload."""
        supports = self.geometry.supports()
        counts: dict[str, int] = {}
        for axle in self.axles:
            counts[axle.support] = counts.get(axle.support, 0) + 1
        return tuple(
            supports[axle.support].times(Fraction(1, counts[axle.support]))
            for axle in self.axles
        )

    def axle_loads(self, payload_kg: int) -> tuple[Fraction, ...]:
        """Return the load of each axle in kg; they sum to tare and payload."""
        return tuple(line.at(payload_kg) for line in self.axle_lines())


def payload_centre(pieces: Iterable[tuple[int, Length]]) -> Fraction:
    """Return the centre of *pieces* of (kg, mm): Σ(Pi·xi)/ΣPi.

    :raises GeometryError: ``mass`` when there is nothing or a negative mass.
    """
    pieces = list(pieces)
    total = sum(mass for mass, _place in pieces)
    if total <= 0 or any(mass < 0 for mass, _place in pieces):
        raise GeometryError("mass", "pieces")
    return Fraction(sum(mass * Fraction(place) for mass, place in pieces)) / total


def fill_sections(
    sections: Sequence[Section], payload_kg: int, order: str = "even"
) -> list[int]:
    """Return what of *payload_kg* lies in each of *sections*, in their order.

    :param order: ``even`` (each by its share), ``front`` or ``rear`` (one full
        after the other from that end). What does not fit goes into the last one.
    """
    if order == "even":
        room = sum(section.capacity_kg for section in sections)
        masses = [payload_kg * section.capacity_kg // room for section in sections]
        masses[-1] += payload_kg - sum(masses)
        return masses
    masses = [0] * len(sections)
    left = payload_kg
    places = sorted(
        range(len(sections)),
        key=lambda place: sections[place].centre_mm,
        reverse=order == "rear",
    )
    for place in places:
        masses[place] = min(left, sections[place].capacity_kg)
        left -= masses[place]
    masses[places[-1]] += left
    return masses


def to_kg(loads: Sequence[Fraction]) -> list[int]:
    """Return *loads* in whole kilograms that still sum to the (whole) gross mass."""
    whole = [int(load // 1) for load in loads]
    missing = round(sum(loads)) - sum(whole)
    by_rest = sorted(
        range(len(loads)), key=lambda place: loads[place] - whole[place], reverse=True
    )
    for place in by_rest[:missing]:
        whole[place] += 1
    return whole


def _shared(line: Linear, share: Fraction) -> Linear:
    return Linear(line.fixed, line.slope * share)


def _middle(axles: Sequence[Axle]) -> Fraction:
    return Fraction(sum(axle.position_mm for axle in axles), len(axles))


def _check_positive(**values):
    for name, value in values.items():
        if value <= 0:
            raise GeometryError("length", name)


def _check_not_negative(**values):
    for name, value in values.items():
        if value < 0:
            raise GeometryError("mass", name)
