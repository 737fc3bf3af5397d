# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Vehicles of the reference, the act as the reference copies it, and generators."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from odoo.addons.cement_logistics_axle.tools.regulation import (
    AxleLimit,
    MassLimit,
    Regulation,
)
from odoo.addons.cement_logistics_axle.tools.season import Piece, Rule
from odoo.addons.cement_logistics_axle.tools.statics import (
    Axle,
    Drawbar,
    Saddle,
    Solo,
    Vehicle,
)

REGION = "perm"


def saddle_a(**changes):
    return Saddle(
        **{
            "front_tare_kg": 5_300,
            "rear_tare_kg": 2_400,
            "wheelbase_mm": 3_600,
            "lead_mm": 600,
            "kingpin_tare_kg": 1_600,
            "bogie_tare_kg": 4_900,
            "bogie_mm": 6_000,
            "payload_mm": 3_900,
            **changes,
        }
    )


def saddle_b(**changes):
    return saddle_a(
        **{
            "front_tare_kg": 5_600,
            "rear_tare_kg": 3_600,
            "wheelbase_mm": 3_900,
            "lead_mm": 350,
            **changes,
        }
    )


def axles(*described, air=False):
    """Make axles of (position, support, tyres)."""
    return tuple(
        Axle(
            number=number,
            position_mm=position,
            support=support,
            tyres=tyres,
            air=air and support == "bogie",
        )
        for number, (position, support, tyres) in enumerate(described, start=1)
    )


BOGIE_3 = (
    (7_690, "bogie", "single"),
    (9_000, "bogie", "single"),
    (10_310, "bogie", "single"),
)


def truck_a(air=False, payload_kg=60_000, **changes):
    return Vehicle(
        key="A",
        geometry=saddle_a(**changes),
        axles=axles((0, "front", "single"), (3_600, "rear", "twin"), *BOGIE_3, air=air),
        payload_kg=payload_kg,
    )


def truck_b(air=False, payload_kg=60_000, **changes):
    return Vehicle(
        key="B",
        geometry=saddle_b(**changes),
        axles=axles(
            (0, "front", "single"),
            (3_220, "rear", "twin"),
            (4_580, "rear", "twin"),
            *((position + 350, *rest) for position, *rest in BOGIE_3),
            air=air,
        ),
        payload_kg=payload_kg,
    )


TRUCK_A = truck_a()
TRUCK_B = truck_b()

_MASS = {
    "solo": {2: 18, 3: 25, 4: 32, 5: 38},
    "train": {3: 28, 4: 36, 5: 40, 6: 44},
}
_AXLE = {
    1: {None: {60: (5.5, 6), 100: (9, 10), 115: (10.5, 11.5)}},
    2: {
        1000: {60: (8, 9), 100: (10, 11), 115: (11.5, 12.5)},
        1300: {60: (9, 10), 100: (13, 14), 115: (14, 16)},
        1800: {60: (10, 11), 100: (15, 16), 115: (17, 18)},
        2500: {60: (11, 12), 100: (17, 18), 115: (18, 20)},
    },
    3: {
        1000: {60: (11, 12), 100: (15, 16.5), 115: (17, 18)},
        1300: {60: (12, 13.5), 100: (18, 19.5), 115: (20, 21)},
        1800: {60: (13.5, 15), 100: (21, 22.5), 115: (23.5, 24)},
        2500: {60: (15, 16.5), 100: (22, 23), 115: (25, 26)},
    },
    4: {
        1000: {60: (3.5, 4), 100: (5, 5.5), 115: (5.5, 6)},
        1300: {60: (4, 4.5), 100: (6, 6.5), 115: (6.5, 7)},
        1800: {60: (4.5, 5), 100: (6.5, 7), 115: (7.5, 8)},
        2500: {60: (5, 5.5), 100: (7, 7.5), 115: (8.5, 9)},
    },
}
_EIGHT = {
    1000: {60: 6, 100: 9.5, 115: 11},
    1300: {60: 6.5, 100: 10.5, 115: 12},
    1800: {60: 7.5, 100: 12, 115: 14},
    2500: {60: 8.5, 100: 13.5, 115: 16},
}


def make_regulation(**options):
    """Return the act as section 1.3 of the reference copies it."""
    cells = [
        AxleLimit(count, tyres, spacing, rating, round(pair[place] * 1000))
        for count, by_spacing in _AXLE.items()
        for spacing, by_rating in by_spacing.items()
        for rating, pair in by_rating.items()
        for place, tyres in enumerate(("single", "twin"))
    ]
    cells.append(AxleLimit(3, "single", 1800, 100, 22_500, air=True))
    cells += [
        AxleLimit(4, "eight", spacing, rating, round(tonnes * 1000))
        for spacing, by_rating in _EIGHT.items()
        for rating, tonnes in by_rating.items()
    ]
    return Regulation(
        "2060",
        "ПП РФ 2060",
        [
            MassLimit(kind, count, tonnes * 1000)
            for kind, by_count in _MASS.items()
            for count, tonnes in by_count.items()
        ],
        cells,
        **{
            "valid_from": date(2024, 3, 1),
            "valid_to": date(2030, 2, 28),
            **options,
        },
    )


REGULATION = make_regulation()


def piece(rating=100, **vals):
    return Piece(**{"region": REGION, "rating": rating, **vals})


def rule(**vals):
    return Rule(
        **{
            "key": "r",
            "region": REGION,
            "date_from": date(2027, 4, 1),
            "date_to": date(2027, 4, 30),
            "single_kg": 6_000,
            "double_kg": 5_000,
            "triple_kg": 4_000,
            **vals,
        }
    )


# === Generators ===


@st.composite
def beams(draw):
    wheelbase = draw(st.integers(2_500, 8_000))
    return Solo(
        front_tare_kg=draw(st.integers(1_500, 8_000)),
        rear_tare_kg=draw(st.integers(1_500, 8_000)),
        wheelbase_mm=wheelbase,
        payload_mm=draw(st.integers(0, wheelbase)),
    )


@st.composite
def geometries(draw, kinds=("solo", "saddle", "drawbar")):
    """Geometries with the load's centre within the beam."""
    kind = draw(st.sampled_from(kinds))
    if kind == "solo":
        return draw(beams())
    if kind == "drawbar":
        return Drawbar(
            truck=draw(beams()),
            trailer=draw(beams()),
            truck_share=Fraction(draw(st.integers(0, 100)), 100),
        )
    wheelbase = draw(st.integers(2_800, 5_000))
    bogie = draw(st.integers(4_000, 9_000))
    return Saddle(
        front_tare_kg=draw(st.integers(4_000, 6_000)),
        rear_tare_kg=draw(st.integers(2_000, 5_000)),
        wheelbase_mm=wheelbase,
        lead_mm=draw(st.integers(0, 1_200)),
        kingpin_tare_kg=draw(st.integers(0, 3_000)),
        bogie_tare_kg=draw(st.integers(2_000, 7_000)),
        bogie_mm=bogie,
        payload_mm=draw(st.integers(0, bogie)),
    )


@st.composite
def vehicles(draw, lift=False, kinds=("solo", "saddle", "drawbar")):
    """Vehicles with one to four axles under each support."""
    geometry = draw(geometries(kinds))
    made, position = [], 0
    for support in geometry.supports():
        count = draw(st.integers(1, 2 if support == "front" else 4))
        if lift and support != "front":
            count = max(count, 2)
        for place in range(count):
            if made:
                position += (
                    draw(st.integers(900, 2_600))
                    if place
                    else draw(st.integers(2_501, 6_000))
                )
            made.append(
                Axle(
                    number=len(made) + 1,
                    position_mm=position,
                    support=support,
                    tyres=draw(st.sampled_from(["single", "twin", "eight"])),
                    air=draw(st.booleans()),
                    lift=lift and place == 0 and support in ("rear", "bogie"),
                )
            )
    return Vehicle(
        key=draw(st.integers(0, 5)),
        geometry=geometry,
        axles=tuple(made),
        payload_kg=draw(st.integers(1_000, 60_000)),
    )
