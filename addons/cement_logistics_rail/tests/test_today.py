# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.cement_sale.tests.today import TodayCase

from .common import RailCommon, make_wagon
from .test_import import ARRIVED

CODES = ("wagons_in_trouble", "wagons_demurrage", "rail_reports")


@tagged("post_install", "-at_install")
class TestToday(TodayCase, RailCommon):
    """The first screen of the dispatcher: wagons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls._create_shipments()
        cls.picking.wagon_number = make_wagon(1)
        here = cls._row(
            1, hours_ago=47.5, arrived=cls.now - timedelta(hours=47.5), **ARRIVED
        )
        cls._receive([here], cls.now - timedelta(hours=3))

    def test_wagons_of_the_dispatcher(self):
        tiles = self._tiles(self.dispatcher, CODES)
        self.assertEqual(set(tiles), set(CODES))
        trip = self._trip(1)
        for code in ("wagons_demurrage", "rail_reports"):
            self.assertGreaterEqual(tiles[code].count, 1, code)
        action = tiles["wagons_demurrage"].action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(trip, found)
        self.assertTrue(tiles["wagons_demurrage"].mass_text)
        self.assertIn("3 h ago", tiles["rail_reports"].mass_text)
        for trouble in (0, 1):
            trip.trouble = trouble
            tile = self._tiles(self.dispatcher, CODES)["wagons_in_trouble"]
            action = tile.action_open()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(trip in found, bool(trouble))
            self.assertEqual(tile.count, len(found))

    def test_who_sees_wagons(self):
        manager = self._create_manager()
        self.assertFalse(self._tiles(manager, CODES))
        tiles = self._tiles(self._other_dispatcher(), CODES)
        action = tiles["wagons_demurrage"].action_open()
        seen = (
            tiles["wagons_demurrage"].env[action["res_model"]].search(action["domain"])
        )
        self.assertNotIn(self._trip(1).id, seen.ids)

    def test_queries_do_not_grow(self):
        tiles = self.env["cement.today.tile"].with_user(self.dispatcher)
        tiles.search_fetch([("code", "in", CODES)], ["count"]).mapped("rows_html")
        self.env.invalidate_all()
        with self.assertQueryCount(24):
            tiles.search([("code", "in", CODES)]).mapped("rows_html")
