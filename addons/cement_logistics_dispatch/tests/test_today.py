# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields
from odoo.tests import tagged

from odoo.addons.cement_sale.tests.today import TodayCase

from .common import CementDispatchCommon

CODES = ("change_requests", "passes_today", "orders_without_day")
SHIPMENTS = ("shipments_left_open", "shipments_late")


@tagged("post_install", "-at_install")
class TestToday(TodayCase, CementDispatchCommon):
    """The first screen of the dispatcher: who waits, who comes."""

    def test_dispatcher_counts_own_work(self):
        counts = {
            code: tile.count
            for code, tile in self._tiles(self.dispatcher, CODES).items()
        }
        order = self._create_pickup()
        order.promised_date = False
        # booking a slot promises its day
        entry = self._book_now(self._create_pickup())
        asked = self._create_pickup()
        asked.promised_date = self.day
        request = self._ask(asked).sudo()
        entry.sudo().slot_id.day = fields.Date.context_today(
            self.env["cement.today.tile"].with_user(self.dispatcher)
        )
        tiles = self._tiles(self.dispatcher, CODES)
        self.assertEqual(
            {code: tile.count - counts[code] for code, tile in tiles.items()},
            dict.fromkeys(CODES, 1),
        )
        self.assertIn(request.name, str(tiles["change_requests"].rows_html))
        self.assertIn("until", str(tiles["change_requests"].rows_html))
        self.assertIn(entry.vehicle_plate, str(tiles["passes_today"].rows_html))
        for tile, record in (
            (tiles["change_requests"], request),
            (tiles["passes_today"], entry),
            (tiles["orders_without_day"], order),
        ):
            action = tile.action_open()
            self.assertIn(
                record, self.env[action["res_model"]].search(action["domain"])
            )
        for tile in self._tiles(self._other_dispatcher(), CODES).values():
            self.assertEqual(tile.count, 0, tile.code)
        self.assertFalse(self._tiles(self._create_manager(), CODES))

    def test_shipment_left_open(self):
        order = self._create_pickup()
        shipment = order.picking_ids[:1]
        before = self._tiles(self.dispatcher, SHIPMENTS)["shipments_left_open"].count
        shipment.sudo().shipment_state = "left"
        tiles = self._tiles(self.dispatcher, SHIPMENTS)
        self.assertEqual(tiles["shipments_left_open"].count - before, 1)
        self.assertGreaterEqual(tiles["shipments_late"].count, 0)
        self.assertIn(shipment.name, str(tiles["shipments_left_open"].rows_html))
        other = self._tiles(self._other_dispatcher(), SHIPMENTS)
        self.assertEqual(other["shipments_left_open"].count, 0)
