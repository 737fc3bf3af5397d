# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementCommon, make_esr


@tagged("post_install", "-at_install")
class TestSite(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_counterparty()
        cls.station = cls._create_station("Vinniki", make_esr(11111))

    def test_address_line(self):
        site = self._create_site(self.partner, street="Lesnaya 1", city="Perm")
        self.assertEqual(site.address_line, "Perm, Lesnaya 1")
        by_rail = self._create_site(self.partner, station=self.station)
        self.assertEqual(by_rail.address_line, f"Vinniki ({make_esr(11111)})")
        self.station.name = "Vinniki-2"
        self.assertEqual(by_rail.address_line, f"Vinniki-2 ({make_esr(11111)})")

    def test_region_of_the_station(self):
        state = self.env["res.country.state"].search(
            [("country_id", "=", self.russia.id)], limit=1
        )
        self.station.state_id = state
        site = self._create_site(self.partner, station=self.station)
        self.assertEqual(site.state_id, state)

    def test_station_is_required(self):
        with self.assertRaises(ValidationError):
            self._create_site(self.partner, kind="station")

    def test_hours(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_site(self.partner, access_hour_from=20, access_hour_to=8)

    def test_open_days(self):
        site = self._create_site(self.partner, access_sunday=False)
        self.assertTrue(site._is_open_on(date(2026, 1, 3)))
        self.assertFalse(site._is_open_on(date(2026, 1, 4)))

    def test_methods(self):
        address = self._create_site(self.partner)
        rail = self._create_site(self.partner, station=self.station)
        self.assertTrue(address._fits_method(self.road_delivery))
        self.assertFalse(address._fits_method(self.rail_delivery))
        self.assertTrue(rail._fits_method(self.rail_delivery))
        self.assertFalse(rail._fits_method(self.road_delivery))
        self.assertTrue(rail._fits_method(self.road_pickup))

    def test_station_code(self):
        with self.assertRaises(ValidationError):
            self._create_station(code="12345")
        doubtful = self._create_station(code="111110")
        self.assertTrue(doubtful.esr_doubtful)
        self.assertFalse(self.station.esr_doubtful)
        found = self.env["cement.station"].name_search(make_esr(11111))
        self.assertIn(self.station.id, [row[0] for row in found])

    def test_plant_cutoff(self):
        with self.assertRaises(ValidationError):
            self.plant.cutoff_hour = 25
