# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, TransactionCase, tagged

from ..tools import zones

NOON = datetime(2026, 11, 21, 12)


class TestZones(BaseCase):
    def test_regions(self):
        self.assertEqual(zones.of_region("RU", "SVE"), "Asia/Yekaterinburg")
        self.assertEqual(zones.of_region("RU", "SAM"), "Europe/Samara")
        self.assertEqual(zones.of_region("RU", "MOW"), "Europe/Moscow")
        self.assertEqual(zones.of_region("BY", "MI"), "Europe/Minsk")
        self.assertIsNone(zones.of_region("RU", None))
        self.assertIsNone(zones.of_region("US", "TX"))
        self.assertIsNone(zones.of_region(None, None))

    def test_every_zone_is_known(self):
        for zone in {*zones._REGIONS.values(), *zones._COUNTRIES.values()}:
            self.assertIn(zone, pytz.all_timezones_set)

    def test_whose_clock(self):
        given_zones = {"site": "Asia/Omsk", "plant": "Europe/Samara"}
        self.assertEqual(
            zones.choose(is_rail=False, is_pickup=False, **given_zones),
            ("site", "Asia/Omsk"),
        )
        self.assertEqual(
            zones.choose(is_rail=False, is_pickup=True, **given_zones),
            ("plant", "Europe/Samara"),
        )
        self.assertEqual(
            zones.choose(is_rail=True, is_pickup=False, **given_zones),
            ("rail", "Europe/Moscow"),
        )
        # a site whose region nobody has written
        self.assertEqual(
            zones.choose(
                is_rail=False, is_pickup=False, site=None, plant="Europe/Samara"
            ),
            ("plant", "Europe/Samara"),
        )
        self.assertEqual(
            zones.choose(is_rail=False, is_pickup=False, site=None, plant=None),
            ("plant", "Europe/Moscow"),
        )

    def test_local(self):
        self.assertEqual(
            zones.local(NOON, "Asia/Yekaterinburg"), datetime(2026, 11, 21, 17)
        )

    def test_sign(self):
        for zone, text in (
            ("Europe/Moscow", "МСК"),
            ("Europe/Kaliningrad", "МСК−1"),
            ("Asia/Yekaterinburg", "МСК+2"),
            ("Asia/Kamchatka", "МСК+9"),
            ("UTC", "UTC+0"),
            ("Asia/Kolkata", "UTC+5:30"),
            ("America/New_York", "UTC−5"),
        ):
            self.assertEqual(zones.sign(zones.offset(NOON, zone), "МСК"), text)

    @given(
        st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),
        st.sampled_from(sorted(zones._REGIONS.values())),
    )
    @settings(max_examples=100, deadline=None)
    def test_russia_is_counted_from_moscow(self, moment, zone):
        self.assertTrue(zones.sign(zones.offset(moment, zone), "М").startswith("М"))


@tagged("post_install", "-at_install")
class TestSiteZone(TransactionCase):
    def test_zone_follows_the_region(self):
        region = self.env["res.country.state"].search(
            [("country_id.code", "=", "RU"), ("code", "=", "PER")]
        )
        partner = self.env["res.partner"].create(
            {"name": "Client", "is_counterparty": True}
        )
        site = self.env["cement.site"].create(
            {"name": "Site", "partner_id": partner.id, "state_id": region.id}
        )
        self.assertEqual(site.tz, "Asia/Yekaterinburg")
        # a region may lie in several zones: people know better
        site.tz = "Europe/Samara"
        site.name = "Another name"
        self.assertEqual(site.tz, "Europe/Samara")

    def test_nothing_is_guessed(self):
        partner = self.env["res.partner"].create(
            {"name": "Client", "is_counterparty": True}
        )
        site = self.env["cement.site"].create({"name": "S", "partner_id": partner.id})
        self.assertFalse(site.tz)
