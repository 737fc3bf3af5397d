# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Axle statics: the vectors of the reference (section 3.3) and what always holds."""

import unittest
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.cement_logistics_axle.tools import statics
from odoo.addons.cement_logistics_axle.tools.statics import (
    Axle,
    Drawbar,
    GeometryError,
    Linear,
    Section,
    Solo,
    Vehicle,
    fill_sections,
    payload_centre,
    to_kg,
)

from .vehicles import TRUCK_A, TRUCK_B, geometries, saddle_a, saddle_b, vehicles

law = settings(max_examples=200, deadline=None, derandomize=True)


class TestVectors(unittest.TestCase):
    """Tonnes to two places, as the reference states them."""

    def _loads(self, geometry, payload):
        supports = geometry.supports()
        return {
            name: round(float(line.at(payload)) / 1000, 2)
            for name, line in supports.items()
        }

    def test_a(self):
        self.assertEqual(
            self._loads(saddle_a(), 26_000),
            {"front": 7.08, "rear": 11.32, "bogie": 21.80},
        )
        self.assertEqual(saddle_a().kingpin().at(26_000), 10_700)
        self.assertEqual(saddle_a().tare_kg + 26_000, 40_200)

    def test_a_empty(self):
        self.assertEqual(
            self._loads(saddle_a(), 0), {"front": 5.57, "rear": 3.73, "bogie": 4.90}
        )
        self.assertEqual(saddle_a().kingpin().at(0), 1_600)
        self.assertEqual(saddle_a().tare_kg, 14_200)

    def test_b(self):
        self.assertEqual(
            self._loads(saddle_b(), 28_300),
            {"front": 6.63, "rear": 14.07, "bogie": 23.30},
        )
        self.assertEqual(round(float(saddle_b().kingpin().at(28_300)) / 1000, 2), 11.51)
        self.assertEqual(saddle_b().tare_kg + 28_300, 44_000)

    def test_b_empty(self):
        # 5.7436 t; the reference says 5.74
        self.assertEqual(
            self._loads(saddle_b(), 0), {"front": 5.74, "rear": 5.06, "bogie": 4.90}
        )
        self.assertEqual(saddle_b().tare_kg, 15_700)

    def test_solo(self):
        """One beam: 12 t a third of the way to the rear bear 4 t on it."""
        beam = Solo(
            front_tare_kg=5000,
            rear_tare_kg=6000,
            wheelbase_mm=4500,
            payload_mm=1500,
        )
        self.assertEqual(self._loads(beam, 12_000), {"front": 13.0, "rear": 10.0})

    def test_drawbar(self):
        """Two beams: what is put on the trailer does not reach the truck."""
        train = Drawbar(
            truck=Solo(
                front_tare_kg=5000,
                rear_tare_kg=4000,
                wheelbase_mm=5000,
                payload_mm=4000,
            ),
            trailer=Solo(
                front_tare_kg=2000,
                rear_tare_kg=2000,
                wheelbase_mm=4000,
                payload_mm=2000,
            ),
            truck_share=Fraction(2, 5),
        )
        self.assertEqual(
            self._loads(train, 20_000),
            {"front": 6.6, "rear": 10.4, "trailer_front": 8.0, "trailer_rear": 8.0},
        )
        self.assertEqual(
            self._loads(train, 0),
            {"front": 5.0, "rear": 4.0, "trailer_front": 2.0, "trailer_rear": 2.0},
        )

    def test_pieces(self):
        """x = Σ(Pi·xi)/ΣPi, and the loads are those of the pieces one by one."""
        pieces = [(10_000, 2_000), (16_000, 5_000)]
        centre = payload_centre(pieces)
        self.assertEqual(centre, Fraction(100_000_000, 26_000))
        together = saddle_a().with_payload_at(centre).supports()["bogie"].at(26_000)
        apart = 4_900 + sum(Fraction(mass * x, 6_000) for mass, x in pieces)
        self.assertEqual(together, apart)
        for wrong in ([], [(0, 100)], [(-1, 100), (5, 100)]):
            with self.assertRaises(GeometryError):
                payload_centre(wrong)


class TestSections(unittest.TestCase):
    sections = (Section(1_000, 9_000), Section(4_000, 9_000), Section(7_000, 8_000))

    def _centre(self, masses):
        return payload_centre(
            (mass, section.centre_mm)
            for mass, section in zip(masses, self.sections, strict=True)
        )

    def test_full_is_the_same_in_any_order(self):
        for order in ("even", "front", "rear"):
            self.assertEqual(
                self._centre(fill_sections(self.sections, 26_000, order)),
                Fraction(9_000 * 1_000 + 9_000 * 4_000 + 8_000 * 7_000, 26_000),
            )

    def test_half_full(self):
        self.assertEqual(
            fill_sections(self.sections, 10_000, "front"), [9_000, 1_000, 0]
        )
        self.assertEqual(
            fill_sections(self.sections, 10_000, "rear"), [0, 2_000, 8_000]
        )

    @law
    @given(st.integers(1, 60_000), st.sampled_from(["even", "front", "rear"]))
    def test_nothing_is_lost(self, payload, order):
        masses = fill_sections(self.sections, payload, order)
        self.assertEqual(sum(masses), payload)

    def test_two_bodies_have_no_sections(self):
        beam = Solo(
            front_tare_kg=5_000,
            rear_tare_kg=5_000,
            wheelbase_mm=4_000,
            payload_mm=2_000,
        )
        train = Drawbar(truck=beam, trailer=beam, truck_share=Fraction(1, 2))
        axles = tuple(
            Axle(number=number, position_mm=number * 3_000, support=support)
            for number, support in enumerate(train.supports(), start=1)
        )
        with self.assertRaises(GeometryError):
            Vehicle(
                key=1,
                geometry=train,
                axles=axles,
                payload_kg=20_000,
                sections=self.sections,
            )


class TestLift(unittest.TestCase):
    def _with_lift(self, number):
        axles = tuple(
            Axle(
                number=axle.number,
                position_mm=axle.position_mm,
                support=axle.support,
                tyres=axle.tyres,
                lift=axle.number == number,
            )
            for axle in TRUCK_A.axles
        )
        return Vehicle(key="l", geometry=saddle_a(), axles=axles, payload_kg=26_000)

    def test_foremost_axle_of_the_bogie_up(self):
        """The middle of the bogie moves back by half a spacing: 6.0 to 6.655 m."""
        raised = self._with_lift(3).raised()
        self.assertEqual(len(raised.axles), 4)
        self.assertEqual(raised.geometry.bogie_mm, 6_655)
        self.assertEqual(raised.tare_kg, 14_200)
        # by hand: the tare's moment about the kingpin stays 4,900 × 6.0
        self.assertAlmostEqual(
            float(raised.geometry.bogie_tare_kg), 4_900 * 6_000 / 6_655
        )

    def test_lift_axle_of_the_tractor(self):
        axles = (
            Axle(number=1, position_mm=0, support="front", tyres="single"),
            Axle(number=2, position_mm=3_200, support="rear", lift=True),
            Axle(number=3, position_mm=4_600, support="rear"),
            *(
                Axle(number=n, position_mm=8_000 + n * 1_310, support="bogie")
                for n in (4, 5, 6)
            ),
        )
        vehicle = Vehicle(key="t", geometry=saddle_b(), axles=axles, payload_kg=28_000)
        raised = vehicle.raised().geometry
        self.assertEqual((raised.wheelbase_mm, raised.lead_mm), (4_600, 1_050))
        # the fifth wheel has not moved: 3.55 m behind the front axle
        self.assertEqual(raised.wheelbase_mm - raised.lead_mm, 3_550)
        self.assertEqual(raised.tare_kg, saddle_b().tare_kg)

    def test_no_lift_axle(self):
        self.assertIsNone(TRUCK_A.raised())

    def test_not_all_axles_of_a_support(self):
        with self.assertRaises(GeometryError):
            self._with_lift(2).raised()
        with self.assertRaises(GeometryError):
            self._with_lift(1).raised()


class TestRefusals(unittest.TestCase):
    def test_geometry(self):
        for wrong in (
            {"wheelbase_mm": 0},
            {"bogie_mm": -1},
            {"lead_mm": 3_601},
            {"lead_mm": -1},
            {"front_tare_kg": -1},
        ):
            with self.assertRaises(GeometryError, msg=wrong):
                statics.replace(saddle_a(), **wrong)

    def test_axles(self):
        with self.assertRaises(GeometryError):
            Vehicle(
                key=1,
                geometry=saddle_a(),
                axles=TRUCK_A.axles[:2],
                payload_kg=1,
            )
        with self.assertRaises(GeometryError):
            Vehicle(
                key=1,
                geometry=saddle_a(),
                axles=TRUCK_A.axles[::-1],
                payload_kg=1,
            )
        with self.assertRaises(GeometryError):
            Drawbar(
                truck=Solo(
                    front_tare_kg=1, rear_tare_kg=1, wheelbase_mm=1, payload_mm=0
                ),
                trailer=Solo(
                    front_tare_kg=1, rear_tare_kg=1, wheelbase_mm=1, payload_mm=0
                ),
                truck_share=Fraction(3, 2),
            )


class TestProperties(unittest.TestCase):
    @law
    @given(vehicles(), st.integers(0, 60_000))
    def test_loads_sum_to_gross(self, vehicle, payload):
        loads = vehicle.axle_loads(payload)
        self.assertEqual(sum(loads), vehicle.tare_kg + payload)
        whole = to_kg(loads)
        self.assertEqual(sum(whole), vehicle.tare_kg + payload)
        for exact, shown in zip(loads, whole, strict=True):
            self.assertLess(abs(exact - shown), 1)

    @law
    @given(geometries(), st.integers(0, 50_000), st.integers(0, 10_000))
    def test_more_payload_never_lowers_an_axle(self, geometry, payload, more):
        """With the load's centre within the beam, which `geometries` keeps to:
        behind the bogie a load would relieve the drive axle."""
        for line in geometry.supports().values():
            self.assertGreaterEqual(line.at(payload + more), line.at(payload))

    def test_behind_the_beam_an_axle_is_relieved(self):
        """Why the precondition is there."""
        line = saddle_a().with_payload_at(6_100).supports()["rear"]
        self.assertLess(line.at(1_000), line.at(0))

    @law
    @given(vehicles(lift=True), st.integers(0, 60_000))
    def test_raised_axles_leave_the_mass_as_it_is(self, vehicle, payload):
        raised = vehicle.raised()
        self.assertEqual(
            sum(raised.axle_loads(payload)), sum(vehicle.axle_loads(payload))
        )
        self.assertLess(len(raised.axles), len(vehicle.axles))

    @law
    @given(vehicles(), st.integers(8_000, 30_000))
    def test_the_scales_decide_the_tare(self, vehicle, tare):
        self.assertEqual(vehicle.with_tare(tare).tare_kg, tare)

    def test_linear(self):
        line = Linear(Fraction(1), Fraction(1, 2)) + Linear(Fraction(2), Fraction(1, 2))
        self.assertEqual(line.at(10), 13)
        self.assertTrue(TRUCK_B.is_train)
