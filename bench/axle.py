# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The check of axle loads against the clock.

    bin/bench axle [--days 1000] [--rounds 9]

Two trucks of the reference (A: five axles, B: six) and one with lift axles, a route
of three pieces in two regions, a year with spring orders. Three works:

1. each vehicle-day reckoned from scratch (statics, groups, act, orders), nothing
   remembered from the day before;
2. the same through `Law`, which remembers answers, as the planner asks it;
3. a year of 40 regions for the calendar of the plant.

Times are those of the processor, for the machine may be shared. Needs no database.
Exits 1 when work 1 or 2 takes more than 50 ms per 1,000
vehicle-days.
"""

import argparse
import datetime
import importlib.util
import statistics
import sys
import time
from pathlib import Path

TOOLS = Path(__file__).parents[1] / "addons" / "cement_logistics_axle" / "tools"
LIMIT_S = 0.050


def load_kernel():
    """Import the kernel from its folder: the addon around it needs Odoo."""
    spec = importlib.util.spec_from_file_location(
        "axle_kernel", TOOLS / "__init__.py", submodule_search_locations=[str(TOOLS)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


kernel = load_kernel()
Axle = kernel.statics.Axle
Piece = kernel.season.Piece


def make_axles(*described):
    return tuple(
        Axle(number=number, position_mm=place, support=support, tyres=tyres, lift=lift)
        for number, (place, support, tyres, lift) in enumerate(described, start=1)
    )


def make_vehicles():
    bogie = [(7_690 + 1_310 * n, "bogie", "single", False) for n in range(3)]
    a = kernel.statics.Saddle(
        front_tare_kg=5_300,
        rear_tare_kg=2_400,
        wheelbase_mm=3_600,
        lead_mm=600,
        kingpin_tare_kg=1_600,
        bogie_tare_kg=4_900,
        bogie_mm=6_000,
        payload_mm=3_900,
    )
    b = kernel.statics.Saddle(
        front_tare_kg=5_600,
        rear_tare_kg=3_600,
        wheelbase_mm=3_900,
        lead_mm=350,
        kingpin_tare_kg=1_600,
        bogie_tare_kg=4_900,
        bogie_mm=6_000,
        payload_mm=3_900,
    )
    head_a = [(0, "front", "single", False), (3_600, "rear", "twin", False)]
    head_b = [
        (0, "front", "single", False),
        (3_220, "rear", "twin", False),
        (4_580, "rear", "twin", False),
    ]
    lifting = [(*bogie[0][:3], True), *bogie[1:]]
    shifted = [(place + 350, *rest) for place, *rest in bogie]
    return [
        kernel.statics.Vehicle(
            key=key, geometry=geometry, axles=make_axles(*axles), payload_kg=28_000
        )
        for key, geometry, axles in (
            (1, a, [*head_a, *bogie]),
            (2, b, [*head_b, *shifted]),
            (3, a, [*head_a, *lifting]),
        )
    ]


def make_regulation():
    regulation = kernel.regulation
    pairs = {
        1: {None: {60: (5500, 6000), 100: (9000, 10000), 115: (10500, 11500)}},
        2: {1800: {60: (10000, 11000), 100: (15000, 16000), 115: (17000, 18000)}},
        3: {1800: {60: (13500, 15000), 100: (21000, 22500), 115: (23500, 24000)}},
    }
    return regulation.Regulation(
        "act",
        "act",
        [
            regulation.MassLimit(kind, axles, kg)
            for kind, axles, kg in (
                ("solo", 2, 18_000),
                ("solo", 3, 25_000),
                ("train", 4, 36_000),
                ("train", 5, 40_000),
                ("train", 6, 44_000),
            )
        ],
        [
            regulation.AxleLimit(count, tyres, spacing, rating, pair[place])
            for count, by_spacing in pairs.items()
            for spacing, by_rating in by_spacing.items()
            for rating, pair in by_rating.items()
            for place, tyres in enumerate(("single", "twin"))
        ],
    )


def make_rules(regions):
    return [
        kernel.season.Rule(
            key=(region, year),
            region=region,
            date_from=datetime.date(year, 3, 15) + datetime.timedelta(region % 40),
            date_to=datetime.date(year, 4, 14) + datetime.timedelta(region % 40),
            single_kg=6_000,
            double_kg=5_000,
            triple_kg=4_000,
        )
        for region in regions
        for year in (2026, 2027, 2028, 2029)
    ]


ROUTE = (
    Piece(region=1, rating=115, road_class="federal"),
    Piece(region=1, rating=100),
    Piece(region=2, rating=115, road_class="local"),
)
START = datetime.date(2027, 1, 1)


def from_scratch(vehicles, regulation, rules, days):
    """Reckon each vehicle-day anew, from the geometry on."""
    for number in range(days):
        vehicle = vehicles[number % len(vehicles)]
        day = START + datetime.timedelta(number)
        pieces = [(piece, kernel.season.rules_on(rules, piece, day)) for piece in ROUTE]
        kernel.payload.most_of(FRAMES[vehicle.key], regulation, pieces)


def remembered(vehicles, regulation, rules, days):
    """Ask as the planner asks: one law for all."""
    law = kernel.law.Law([regulation], rules, vehicles)
    for number in range(days):
        law.answer(
            vehicles[number % len(vehicles)].key,
            ROUTE,
            START + datetime.timedelta(number),
        )


def calendar(vehicles, regulation, days):
    """A year of 40 regions for one vehicle."""
    law = kernel.law.Law([regulation], make_rules(range(40)), vehicles[:1])
    end = START + datetime.timedelta(364)
    for region in range(40):
        route = (Piece(region=region, rating=100),)
        list(law.spans(1, route, START, end))


def median(work, rounds, *args):
    taken = []
    for _round in range(rounds):
        start = time.process_time()
        work(*args)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


FRAMES = {}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    vehicles, regulation = make_vehicles(), make_regulation()
    FRAMES.update((v.key, kernel.payload.frames(v)) for v in vehicles)
    rules = make_rules((1, 2))
    limit = LIMIT_S * options.days / 1000
    failed = False
    for name, work, *args in (
        ("each from scratch", from_scratch, vehicles, regulation, rules, options.days),
        ("as the planner asks", remembered, vehicles, regulation, rules, options.days),
    ):
        seconds = median(work, options.rounds, *args)
        missed = seconds > limit
        failed = failed or missed
        print(
            f"{options.days} vehicle-days, {name}: {seconds * 1000:.1f} ms "
            f"(limit {limit * 1000:.0f} ms){' MISSED' if missed else ''}"
        )
    seconds = median(calendar, options.rounds, vehicles, regulation, options.days)
    print(f"year of 40 regions for the calendar: {seconds * 1000:.1f} ms")
    return failed


if __name__ == "__main__":
    sys.exit(main())
