# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The load planner by example: each test is a sentence of the trade."""

import datetime
import doctest
import os
import subprocess
import sys
import unittest
from decimal import Decimal
from pathlib import Path

from odoo.addons.cement_sale.tools import planner
from odoo.addons.cement_sale.tools.planner import (
    BAG,
    BIG_BAG,
    BULK,
    DEFAULT_RULES,
    EVEN,
    FULL,
    PALLET,
    RAIL,
    Capacity,
    ConsolidationRule,
    DemandLine,
    InvalidCapacity,
    InvalidLine,
    InvalidOption,
    InvalidRules,
    InvalidVehicle,
    RuleSet,
    VehicleType,
    kg_from_tonnes,
    plan,
    tonnes_from_kg,
)

PACKAGED = frozenset({BIG_BAG, PALLET, BAG})
SILO = VehicleType(key="silo", payload_kg=25_000, forms=frozenset({BULK}))
SMALL_SILO = VehicleType(key="small_silo", payload_kg=12_000, forms=frozenset({BULK}))
CURTAIN = VehicleType(
    key="curtain",
    payload_kg=20_000,
    forms=PACKAGED,
    unloading=frozenset({"side", "rear"}),
    max_packages=33,
)
SOLO = VehicleType(key="solo", payload_kg=10_000, forms=PACKAGED, max_packages=12)
HOPPER = VehicleType(
    key="hopper", payload_kg=70_000, forms=frozenset({BULK}), transport=RAIL
)
FLEET = (SILO, CURTAIN, HOPPER)


def bulk(key, mass_kg, **fields):
    fields.setdefault("product_key", "M500")
    return DemandLine(key=key, form=BULK, mass_kg=mass_kg, **fields)


def big_bags(key, count, unit_mass_kg=1_000, **fields):
    fields.setdefault("product_key", "M500")
    fields.setdefault("form", BIG_BAG)
    return DemandLine(
        key=key,
        mass_kg=count * unit_mass_kg,
        unit_mass_kg=unit_mass_kg,
        **fields,
    )


def masses(answer):
    return [load.mass_kg for load in answer.loads]


def vehicles(answer):
    return [load.vehicle_key for load in answer.loads]


class TestBulk(unittest.TestCase):
    def test_even_masses_in_the_fewest_vehicles(self):
        answer = plan([bulk(1, 70_000)], FLEET, strategy=EVEN)
        self.assertEqual(masses(answer), [23_400, 23_300, 23_300])
        self.assertEqual(answer.groups[0].fill_last_kg, 5_000)

    def test_full_ones_and_a_remainder(self):
        answer = plan([bulk(1, 70_000)], FLEET, strategy=FULL)
        self.assertEqual(masses(answer), [25_000, 25_000, 20_000])
        self.assertEqual(answer.loads[-1].free_kg, 5_000)
        self.assertEqual(answer.loads[-1].hint.kg, 5_000)
        self.assertEqual(answer.loads[0].hint.kind, "full")

    def test_crumbs_below_the_step_are_not_lost(self):
        answer = plan([bulk(1, 70_057)], FLEET, strategy=EVEN)
        self.assertEqual(sum(masses(answer)), 70_057)
        self.assertLessEqual(max(masses(answer)) - min(masses(answer)), 100)

    def test_step_gives_way_to_the_capacity(self):
        silo = VehicleType(key=1, payload_kg=23_355, forms=frozenset({BULK}))
        answer = plan([bulk(1, 3 * 23_352)], [silo], strategy=EVEN)
        self.assertEqual(len(answer.loads), 3)
        self.assertLessEqual(max(masses(answer)), 23_355)

    def test_exactly_full(self):
        answer = plan([bulk(1, 75_000)], FLEET, strategy=EVEN)
        self.assertEqual(masses(answer), [25_000] * 3)
        self.assertEqual(answer.groups[0].fill_last_kg, 0)

    def test_a_kilogram_more_takes_another_vehicle(self):
        self.assertEqual(len(plan([bulk(1, 75_001)], FLEET).loads), 4)

    def test_one_product_a_vehicle_whatever_the_rules(self):
        loose = RuleSet(
            [
                ConsolidationRule("bulk", "", frozenset({BULK}), ()),
                ConsolidationRule("packaged", "", PACKAGED, ()),
            ]
        )
        lines = [bulk(1, 5_000), bulk(2, 5_000, product_key="M400")]
        self.assertEqual(len(plan(lines, FLEET, loose).loads), 2)

    def test_lines_of_one_product_share(self):
        answer = plan([bulk(1, 10_000), bulk(2, 12_000)], FLEET)
        self.assertEqual([load.line_keys for load in answer.loads], [(1, 2)])

    def test_smaller_vehicles_where_they_do(self):
        fleet = [SILO, SMALL_SILO]
        answer = plan([bulk(1, 35_000)], fleet, strategy=FULL)
        self.assertEqual(vehicles(answer), ["silo", "small_silo"])
        # 24 t would go into two small ones, but one large is fewer.
        self.assertEqual(vehicles(plan([bulk(1, 24_000)], fleet)), ["silo"])

    def test_even_means_even(self):
        """A smaller vehicle would save capacity, but leave the other more."""
        fleet = [SILO, SMALL_SILO]
        answer = plan([bulk(1, 30_000)], fleet, strategy=EVEN)
        self.assertEqual(vehicles(answer), ["silo", "silo"])
        self.assertEqual(masses(answer), [15_000, 15_000])
        answer = plan([bulk(1, 30_000)], fleet, strategy=FULL)
        self.assertEqual(vehicles(answer), ["silo", "small_silo"])

    def test_even_takes_the_smallest_that_has_room(self):
        answer = plan([bulk(1, 14_000)], [SMALL_SILO, SILO], strategy=EVEN)
        self.assertEqual(vehicles(answer), ["silo"])
        middle = VehicleType(key="middle", payload_kg=16_000, forms=frozenset({BULK}))
        answer = plan([bulk(1, 30_000)], [SILO, SMALL_SILO, middle], strategy=EVEN)
        self.assertEqual(vehicles(answer), ["middle", "middle"])

    def test_a_wish_counts_for_more_than_evenness(self):
        wish = {"preferred_vehicle_key": "small_silo"}
        answer = plan([bulk(1, 30_000, **wish)], [SILO, SMALL_SILO], strategy=EVEN)
        self.assertEqual(vehicles(answer), ["silo", "small_silo"])
        self.assertEqual(masses(answer), [18_000, 12_000])

    def test_even_although_a_line_may_not_go_on_every_vehicle(self):
        lines = [
            bulk(1, 10_000, allowed_vehicle_keys=frozenset({"silo"})),
            bulk(2, 20_000),
        ]
        answer = plan(lines, [SILO, SMALL_SILO], strategy=EVEN)
        self.assertEqual(masses(answer), [15_000, 15_000])
        lines = [
            bulk(1, 10_000, allowed_vehicle_keys=frozenset({"small_silo"})),
            bulk(2, 20_000),
        ]
        answer = plan(lines, [SILO, SMALL_SILO], strategy=EVEN)
        # the line for small ones needs one: the even share does not fit it
        self.assertEqual(masses(answer), [18_000, 12_000])

    def test_preferred_vehicle_never_costs_another_one(self):
        fleet = [SILO, SMALL_SILO]
        wish = {"preferred_vehicle_key": "silo"}
        self.assertEqual(vehicles(plan([bulk(1, 9_000, **wish)], fleet)), ["silo"])
        wish = {"preferred_vehicle_key": "small_silo"}
        self.assertEqual(vehicles(plan([bulk(1, 20_000, **wish)], fleet)), ["silo"])

    def test_volume_of_the_silo_binds(self):
        silo = VehicleType(
            key=1, payload_kg=30_000, forms=frozenset({BULK}), volume_l=20_000
        )
        answer = plan([bulk(1, 22_000, density_kg_m3=1_100)], [silo])
        self.assertEqual(answer.loads[0].capacity_kg, 22_000)
        self.assertEqual(answer.loads[0].capacity_reason, "volume")

    def test_wagons_by_the_same_code(self):
        answer = plan([bulk(1, 140_000, transport=RAIL)], FLEET)
        self.assertEqual(vehicles(answer), ["hopper", "hopper"])

    def test_vehicle_restrictions_of_lines_are_met_jointly(self):
        lines = [
            bulk(1, 20_000, allowed_vehicle_keys=frozenset({"silo"})),
            bulk(2, 5_000),
        ]
        answer = plan(lines, [SILO, SMALL_SILO])
        self.assertEqual(vehicles(answer), ["silo"])


class TestPackaged(unittest.TestCase):
    def test_whole_packages_only(self):
        curtain = VehicleType(key=1, payload_kg=20_500, forms=PACKAGED)
        answer = plan([big_bags(1, 30)], [curtain], strategy=FULL)
        self.assertEqual([load.packages for load in answer.loads], [20, 10])
        self.assertEqual(answer.loads[0].hint.kind, "full")
        self.assertEqual(answer.loads[1].hint.packages, 10)

    def test_even_packages(self):
        answer = plan([big_bags(1, 31)], [CURTAIN], strategy=EVEN)
        self.assertEqual([load.packages for load in answer.loads], [16, 15])

    def test_even_packages_want_room_for_their_share(self):
        answer = plan([big_bags(1, 28)], [CURTAIN, SOLO], strategy=EVEN)
        self.assertEqual([load.packages for load in answer.loads], [14, 14])
        answer = plan([big_bags(1, 28)], [CURTAIN, SOLO], strategy=FULL)
        self.assertEqual([load.packages for load in answer.loads], [20, 8])

    def test_even_packages_of_two_masses(self):
        lines = [big_bags(1, 16), big_bags(2, 8, 1_500)]
        answer = plan(lines, [CURTAIN, SOLO], strategy=EVEN)
        self.assertEqual(masses(answer), [14_000, 14_000])

    def test_lines_that_agree_are_consolidated(self):
        lines = [big_bags(1, 6), big_bags(2, 8, 1_500, product_key="M400")]
        answer = plan(lines, [CURTAIN])
        self.assertEqual(len(answer.loads), 1)
        self.assertEqual(set(answer.loads[0].line_keys), {1, 2})
        self.assertEqual(answer.explain_split(1, 2).kind, "shared")

    def test_greedy_is_beaten(self):
        # From the heaviest down 6+6, 5+5, 5 leaves no room for the 4s; 6+5+... does.
        truck = VehicleType(key=1, payload_kg=20, forms=PACKAGED)
        lines = [
            big_bags(number, count, unit)
            for number, (unit, count) in enumerate(
                [(9, 2), (7, 2), (6, 1), (5, 2), (4, 3)]
            )
        ]
        answer = plan(lines, [truck])
        self.assertEqual(len(answer.loads), 3)
        self.assertTrue(answer.groups[0].proven)

    def test_pallet_places_bind(self):
        answer = plan([big_bags(1, 30, 100)], [SOLO])
        self.assertEqual(len(answer.loads), 3)

    def test_loose_bags_take_no_place(self):
        answer = plan([big_bags(1, 200, 50, form=BAG)], [SOLO])
        self.assertEqual(len(answer.loads), 1)

    def test_two_limits_by_law_in_one_group(self):
        def capacity(vehicle, line):
            if line.product_key == "exempt":
                return Capacity(vehicle.payload_kg)
            return Capacity(8_000, "spring order 12")

        lines = [big_bags(1, 16, product_key="exempt"), big_bags(2, 8)]
        answer = plan(lines, [CURTAIN], capacity=capacity)
        self.assertEqual(len(answer.loads), 2)
        limit = {load.line_keys: load.capacity_reason for load in answer.loads}
        self.assertEqual(limit[(2,)], "spring order 12")
        self.assertEqual(limit[(1,)], "payload")

    def test_smaller_truck_for_the_rest(self):
        lines = [big_bags(1, 18), big_bags(2, 8, 1_500)]
        answer = plan(lines, [CURTAIN, SOLO], strategy=FULL)
        self.assertEqual(sorted(vehicles(answer)), ["curtain", "solo"])

    def test_many_bags_are_quick(self):
        lines = [
            big_bags(1, 40_000, 25, form=BAG),
            big_bags(2, 9_999, 40, form=BAG),
        ]
        answer = plan(lines, [CURTAIN])
        self.assertEqual(len(answer.loads), 70)


class TestRules(unittest.TestCase):
    def test_each_attribute_keeps_lines_apart(self):
        values = {
            "specification_key": 1,
            "warehouse_key": 1,
            "consignee_key": 1,
            "site_key": 1,
            "form": PALLET,
            "packaging_rule_key": 1,
            "method_key": 1,
            "day": datetime.date(2026, 5, 4),
            "unloading_key": "side",
            "accounting_category_key": 1,
        }
        for field, value in values.items():
            with self.subTest(field):
                answer = plan([big_bags(1, 2), big_bags(2, 2, **{field: value})], FLEET)
                self.assertEqual(len(answer.loads), 2)
                found = answer.explain_split(1, 2)
                self.assertEqual(found.kind, "attributes")
                self.assertEqual(
                    [d.attribute for d in found.differences],
                    [field.removesuffix("_key")],
                )
                self.assertEqual(found.differences[0].value_b, value)

    def test_two_accounting_categories_never_share(self):
        free = RuleSet(
            [
                ConsolidationRule("bulk", "", frozenset({BULK}), ()),
                ConsolidationRule("packaged", "", PACKAGED, ()),
            ]
        )
        lines = [
            big_bags(1, 2, accounting_category_key="cement"),
            big_bags(2, 2, accounting_category_key="mixes"),
            big_bags(3, 2, accounting_category_key="cement", site_key="elsewhere"),
        ]
        answer = plan(lines, FLEET, free)
        self.assertEqual([load.line_keys for load in answer.loads], [(1, 3), (2,)])

    def test_rule_is_data(self):
        forms_together = RuleSet(
            [
                ConsolidationRule("bulk", "", frozenset({BULK}), ()),
                ConsolidationRule("packaged", "", PACKAGED, ("site",)),
            ]
        )
        lines = [big_bags(1, 4), big_bags(2, 4, form=PALLET)]
        self.assertEqual(len(plan(lines, FLEET).loads), 2)
        self.assertEqual(len(plan(lines, FLEET, forms_together).loads), 1)

    def test_bulk_and_packages_part_by_form(self):
        answer = plan([bulk(1, 1_000), big_bags(2, 1)], FLEET)
        attributes = [d.attribute for d in answer.explain_split(1, 2).differences]
        self.assertEqual(attributes, ["form"])

    def test_apart_by_mass_alone(self):
        lines = [big_bags(1, 20), big_bags(2, 20)]
        answer = plan(lines, [CURTAIN], strategy=FULL)
        self.assertEqual(answer.explain_split(1, 2).kind, "capacity")

    def test_explanations_say_what_parts_the_groups(self):
        lines = [big_bags(1, 2, site_key="A"), big_bags(2, 2, site_key="B")]
        (explanation,) = plan(lines, FLEET).explanations
        self.assertEqual((explanation.line_a, explanation.line_b), (1, 2))
        self.assertEqual(explanation.differences[0].attribute, "site")

    def test_bad_rules(self):
        with self.assertRaises(InvalidRules):
            ConsolidationRule("x", "", PACKAGED, ("colour",))
        with self.assertRaises(InvalidRules):
            ConsolidationRule("x", "", frozenset({BULK, BAG}), ())
        with self.assertRaises(InvalidRules):
            RuleSet([ConsolidationRule("x", "", frozenset({BULK}), ())])
        with self.assertRaises(InvalidRules):
            RuleSet([*DEFAULT_RULES.rules, DEFAULT_RULES.rules[0]])


class TestFindings(unittest.TestCase):
    def only_finding(self, line, fleet=FLEET, **options):
        good = bulk("good", 1_000)
        answer = plan([line, good], fleet, **options)
        # One bad line stops nothing else.
        self.assertEqual(answer.loads[0].line_keys, ("good",))
        self.assertEqual(answer.unplaced, (line.key,))
        (finding,) = answer.findings
        self.assertEqual(finding.severity, "block")
        self.assertEqual(finding.line_key, line.key)
        return finding

    def test_mass(self):
        self.assertEqual(self.only_finding(bulk(1, 0)).code, "non_positive_mass")
        self.assertEqual(self.only_finding(bulk(1, -5)).code, "non_positive_mass")
        absurd = self.only_finding(bulk(1, 10_000_001))
        self.assertEqual(
            (absurd.code, absurd.param("limit_kg")), ("absurd_mass", 10**7)
        )
        finding = self.only_finding(bulk(1, 9_000), max_line_kg=8_000)
        self.assertEqual(finding.code, "absurd_mass")

    def test_not_whole_packages_is_never_cut(self):
        line = DemandLine(
            key=1, product_key="M500", form=BIG_BAG, mass_kg=27_500, unit_mass_kg=1_000
        )
        finding = self.only_finding(line)
        self.assertEqual(finding.code, "not_whole_packages")
        self.assertEqual(finding.param("lower_kg"), 27_000)
        self.assertEqual(finding.param("upper_kg"), 28_000)

    def test_unit_mass_missing(self):
        line = DemandLine(key=1, product_key="M500", form=PALLET, mass_kg=5_000)
        self.assertEqual(self.only_finding(line).code, "unit_mass_missing")

    def test_package_too_heavy(self):
        finding = self.only_finding(big_bags(1, 1, 20_001))
        self.assertEqual(finding.code, "package_too_heavy")
        self.assertEqual(finding.param("capacity_kg"), 20_000)

    def test_no_vehicle_and_why(self):
        hopper_only = big_bags(1, 1, transport=RAIL)
        no_air = big_bags(1, 1, unloading_key="compressor")
        not_allowed = bulk(1, 1_000, allowed_vehicle_keys=frozenset({"curtain"}))
        for line, criterion in (
            (bulk(1, 1_000, transport="river"), "transport"),
            (hopper_only, "form"),
            (no_air, "unloading"),
            (not_allowed, "allowed"),
        ):
            with self.subTest(criterion):
                finding = self.only_finding(line)
                self.assertEqual(finding.code, "no_vehicle")
                self.assertEqual(finding.param("criterion"), criterion)

    def test_closed_by_law(self):
        def capacity(vehicle, line):
            closed = vehicle.key == "curtain"
            return Capacity(0, "bridge") if closed else Capacity(vehicle.payload_kg)

        finding = self.only_finding(big_bags(1, 1), capacity=capacity)
        self.assertEqual(finding.param("criterion"), "capacity")
        self.assertEqual(finding.param("reason"), "bridge")

    def test_hardly_any_capacity(self):
        def capacity(vehicle, line):
            closing = line.key == 1
            return Capacity(3, "spring") if closing else Capacity(vehicle.payload_kg)

        line = bulk(1, 70_000, site_key="beyond the bridge")
        finding = self.only_finding(line, capacity=capacity)
        self.assertEqual(finding.code, "too_many_vehicles")
        self.assertEqual(finding.param("reason"), "spring")

    def test_preferred_vehicle_that_does_not_fit(self):
        answer = plan([bulk(1, 1_000, preferred_vehicle_key="curtain")], FLEET)
        (finding,) = answer.findings
        self.assertEqual(finding.severity, "warning")
        self.assertEqual(answer.unplaced, ())
        self.assertEqual(vehicles(answer), ["silo"])

    def test_nothing_to_plan(self):
        answer = plan([], FLEET)
        self.assertEqual((answer.loads, answer.groups, answer.findings), ((), (), ()))

    def test_no_vehicles_at_all(self):
        answer = plan([bulk(1, 1_000)], [])
        self.assertEqual(answer.findings[0].code, "no_vehicle")

    def test_unplaced_is_explained(self):
        answer = plan([bulk(1, 0), bulk(2, 5_000)], FLEET)
        self.assertEqual(answer.explain_split(1, 2).kind, "unplaced")
        with self.assertRaises(KeyError):
            answer.explain_split(1, "unknown")


class TestWrongUse(unittest.TestCase):
    def test_lines(self):
        with self.assertRaises(InvalidLine):
            plan([bulk(1, 1_000), bulk(1, 2_000)], FLEET)
        for mass in (1.5, "1000", True, None):
            with self.assertRaises(InvalidLine):
                plan([bulk(1, mass)], FLEET)
        with self.assertRaises(InvalidLine):
            plan([{"key": 1}], FLEET)
        with self.assertRaises(InvalidLine):
            plan([big_bags(1, 1, form="barrel")], FLEET)

    def test_vehicles(self):
        with self.assertRaises(InvalidVehicle):
            plan([], [SILO, SILO])
        for fields in (
            {"payload_kg": 1.5},
            {"payload_kg": -1},
            {"payload_kg": 1, "max_packages": -1},
            {"payload_kg": 1, "forms": frozenset({"barrel"})},
        ):
            fields = {"forms": PACKAGED, **fields}
            with self.assertRaises(InvalidVehicle):
                plan([], [VehicleType(key=1, **fields)])
        with self.assertRaises(InvalidVehicle):
            plan([], [SILO, VehicleType(key=1, payload_kg=1, forms=PACKAGED)])

    def test_capacity_and_options(self):
        with self.assertRaises(InvalidCapacity):
            plan([bulk(1, 1_000)], FLEET, capacity=lambda vehicle, line: 25_000)
        with self.assertRaises(InvalidOption):
            plan([], FLEET, strategy="best")
        with self.assertRaises(InvalidOption):
            plan([], FLEET, step_kg=0)


class TestMass(unittest.TestCase):
    def test_tonnes_to_kilograms(self):
        for tonnes, kg in (
            (Decimal("27.55"), 27_550),
            (27.55, 27_550),
            (0.1 + 0.2, 300),
            ("1,5".replace(",", "."), 1_500),
            (Decimal("0.0005"), 1),
            (Decimal("0.0004"), 0),
            (-2, -2_000),
        ):
            self.assertEqual(kg_from_tonnes(tonnes), kg)
        self.assertEqual(tonnes_from_kg(27_550), Decimal("27.550"))

    def test_not_a_mass(self):
        for value in ("", "abc", float("nan"), float("inf"), "1,5"):
            with self.assertRaises(ValueError):
                kg_from_tonnes(value)


class TestPackage(unittest.TestCase):
    def test_example_of_the_documentation(self):
        self.assertEqual(doctest.testmod(planner).failed, 0)

    def test_same_plan_under_any_hash_seed(self):
        """The order of sets and of dict keys must not leak into the plan."""
        script = (
            "import planner as p\n"
            "forms = frozenset({p.BIG_BAG, p.PALLET, p.BAG})\n"
            "fleet = [p.VehicleType(key=k, payload_kg=kg, forms=forms, max_packages=n)"
            " for k, kg, n in (('b', 20000, 24), ('a', 22000, 16), ('c', 9000, 8))]\n"
            "lines = [p.DemandLine(key=f'line {i}', product_key=f'p{i}', form=p.PALLET,"
            " unit_mass_kg=u, mass_kg=u * n, site_key='AB'[i % 2]) for i, (u, n) in"
            " enumerate([(1800, 9), (1260, 14), (1400, 7), (1000, 21), (900, 5),"
            " (1750, 8)])]\n"
            "print(p.plan(lines, fleet))\n"
        )
        tools = str(Path(planner.__file__).parents[1])
        plans = {
            subprocess.run(
                [sys.executable, "-c", script],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": tools},
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            for seed in ("0", "1", "77")
        }
        self.assertEqual(len(plans), 1)
        self.assertIn("Load(", plans.pop())
