# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Groups of axles and the tables of the act (sections 1.1 and 1.2 of the reference)."""

import unittest
from datetime import date

from hypothesis import given, settings

from odoo.addons.cement_logistics_axle.tools.groups import group_axles, group_tyres
from odoo.addons.cement_logistics_axle.tools.regulation import (
    AxleLimit,
    MassLimit,
    Regulation,
    in_force,
)

from .vehicles import REGULATION, axles, make_regulation, vehicles

law = settings(max_examples=200, deadline=None, derandomize=True)


def bogie(*positions, tyres="single", air=True):
    kinds = tyres if isinstance(tyres, list) else [tyres] * len(positions)
    made = axles(
        *((place, "bogie", kind) for place, kind in zip(positions, kinds, strict=True)),
        air=air,
    )
    return group_axles(made)


class TestGroups(unittest.TestCase):
    def test_by_spacing(self):
        made = axles(
            (0, "front", "single"),
            (2_500, "front", "single"),
            (5_001, "rear", "twin"),
            (6_300, "rear", "twin"),
        )
        self.assertEqual(
            [group.numbers for group in group_axles(made)], [(1, 2), (3, 4)]
        )
        self.assertEqual(
            [group.numbers for group in group_axles(made, gap_mm=1_000)],
            [(1,), (2,), (3,), (4,)],
        )

    def test_mean_of_unequal_spacings(self):
        (group,) = bogie(0, 1_200, 2_700)
        self.assertEqual(group.spacing_mm, 1_350)
        (group,) = bogie(0, 1_300, 2_601)
        self.assertEqual(group.spacing_mm, 1_301)

    def test_mixed_tyres_count_as_single(self):
        self.assertEqual(group_tyres(["twin", "twin", "single"]), "single")
        self.assertEqual(group_tyres(["twin", "twin"]), "twin")
        self.assertEqual(group_tyres(["single", "eight"]), "single")
        self.assertEqual(group_tyres(["eight", "twin"]), "twin")
        self.assertEqual(group_tyres(["eight"]), "eight")
        (group,) = bogie(0, 1_310, tyres=["single", "twin"])
        self.assertEqual(REGULATION.group(group, 100).kg, 15_000)

    def test_air_counts_when_all_have_it(self):
        (group,) = bogie(0, 1_310, 2_620)
        self.assertTrue(group.air)
        (group,) = bogie(0, 1_310, 2_620, air=False)
        self.assertFalse(group.air)

    @law
    @given(vehicles())
    def test_every_axle_is_in_one_group(self, vehicle):
        numbers = [n for group in group_axles(vehicle.axles) for n in group.numbers]
        self.assertEqual(numbers, [axle.number for axle in vehicle.axles])


class TestTables(unittest.TestCase):
    def test_gross(self):
        for is_train, count, kg in (
            (False, 2, 18_000),
            (False, 3, 25_000),
            (False, 4, 32_000),
            (False, 6, 38_000),
            (True, 3, 28_000),
            (True, 5, 40_000),
            (True, 6, 44_000),
            (True, 9, 44_000),
        ):
            self.assertEqual(
                REGULATION.gross(is_train, count).kg, kg, (is_train, count)
            )
        self.assertIsNone(REGULATION.gross(True, 2))

    def test_cells(self):
        """Bounds of spacing are inclusive; each road has its own column."""
        for positions, tyres, rating, kg in (
            ((0,), "single", 100, 9_000),
            ((0,), "twin", 100, 10_000),
            ((0,), "twin", 60, 6_000),
            ((0,), "twin", 115, 11_500),
            ((0, 1_000), "twin", 100, 11_000),
            ((0, 1_001), "twin", 100, 14_000),
            ((0, 1_300), "twin", 100, 14_000),
            ((0, 1_301), "twin", 100, 16_000),
            ((0, 1_800), "twin", 115, 18_000),
            ((0, 2_500), "twin", 115, 20_000),
            ((0, 1_310, 2_620), "twin", 100, 22_500),
            ((0, 1_310, 2_620), "single", 115, 23_500),
            ((0, 1_000, 2_000), "single", 60, 11_000),
        ):
            (group,) = bogie(*positions, tyres=tyres, air=False)
            self.assertEqual(
                REGULATION.group(group, rating).kg, kg, (positions, tyres, rating)
            )

    def test_four_and_more_count_by_axle(self):
        (group,) = bogie(0, 1_310, 2_620, 3_930, tyres="single")
        self.assertEqual(REGULATION.group(group, 100).kg, 4 * 6_500)
        (group,) = bogie(0, 1_310, 2_620, 3_930, 5_240, tyres="twin")
        self.assertEqual(REGULATION.group(group, 100).kg, 5 * 7_000)

    def test_eight_wheels(self):
        (group,) = bogie(0, 1_310, tyres="eight")
        self.assertEqual(REGULATION.group(group, 100).kg, 2 * 12_000)
        bare = Regulation(
            "x", "x", [], [AxleLimit(2, "twin", 1_800, 100, 16_000, key="cell")]
        )
        found = bare.group(group, 100)
        self.assertEqual((found.kg, found.key), (16_000, "cell"))

    def test_air_exception(self):
        """Only three single-tyred axles, 1.3 to 1.8 m, on 10-t roads."""
        (air,) = bogie(0, 1_310, 2_620)
        (steel,) = bogie(0, 1_310, 2_620, air=False)
        self.assertEqual(REGULATION.group(air, 100).kg, 22_500)
        self.assertEqual(REGULATION.group(steel, 100).kg, 21_000)
        self.assertEqual(REGULATION.group(air, 115).kg, 23_500)
        (pair,) = bogie(0, 1_310)
        self.assertEqual(REGULATION.group(pair, 100).kg, 15_000)

    def test_nothing_is_made_up(self):
        """An unknown road or a spacing beyond the table has no limit."""
        (group,) = bogie(0, 1_310)
        self.assertIsNone(REGULATION.group(group, 80))
        (wide,) = group_axles(
            axles((0, "bogie", "single"), (2_600, "bogie", "single")), gap_mm=3_000
        )
        self.assertIsNone(REGULATION.group(wide, 100))

    def test_in_force(self):
        old = make_regulation(valid_from=date(2021, 1, 1), valid_to=date(2024, 2, 29))
        acts = [old, REGULATION]
        self.assertIs(in_force(acts, date(2024, 2, 29)), old)
        self.assertIs(in_force(acts, date(2024, 3, 1)), REGULATION)
        self.assertIsNone(in_force(acts, date(2020, 12, 31)))
        self.assertIsNone(in_force(acts, date(2030, 3, 1)))
        newer = Regulation("n", "n", [MassLimit("solo", 2, 1)], [])
        self.assertIs(in_force([newer], date(1990, 1, 1)), newer)
