# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo.tests import tagged

from odoo.addons.cement_logistics.tools.shipment_query import ShipmentQuery

from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestShipmentList(CementLogisticsCommon):
    def _list(self, user=None, **query):
        env = self.portal_env(user or self.owner)
        partner = env["res.partner"].browse(self.client.id)
        return env["stock.picking"]._portal_list(partner, ShipmentQuery(**query))

    def _ids(self, **query):
        return [row["id"] for row in self._list(**query)["rows"]]

    def test_columns(self):
        """F34, F35: status, vehicle, product, weight, waybill, date, address."""
        self._leave(gross_mass=34.9, seals="77")
        self._place(eta_date=self.now + timedelta(hours=3), position_text="km 12")
        row = next(row for row in self._list()["rows"] if row["id"] == self.shipment.id)
        self.assertEqual(row["state_label"], "Left the plant")
        self.assertEqual(row["vehicle"], "A 123 BC 96")
        self.assertEqual(row["product"], self.cement.name)
        self.assertEqual(row["mass"], 19.9)
        self.assertEqual(row["waybill"], "WB-1")
        self.assertEqual(row["day"], self.shipment.shipment_day)
        self.assertEqual(row["site"], "Site North")
        self.assertEqual(row["place"], "km 12")
        self.assertEqual(row["eta"], self.now + timedelta(hours=3))

    def test_filters(self):
        both = {self.shipment.id, self.buyer_shipment.id}
        self.assertEqual(set(self._ids()), both)
        self._leave()
        self.assertEqual(self._ids(status="under_way"), self.shipment.ids)
        self.assertEqual(self._ids(status="left"), self.shipment.ids)
        self.assertEqual(self._ids(status="waiting"), self.buyer_shipment.ids)
        self.assertEqual(set(self._ids(transport="road")), both)
        self.assertFalse(self._ids(transport="rail"))
        self.assertEqual(set(self._ids(site_id=self.site.id)), both)
        self.assertFalse(self._ids(site_id=self.other_site.id))
        self.assertEqual(set(self._ids(plant_id=self.order.plant_id.id)), both)
        self.assertFalse(self._ids(date_from=self.day + timedelta(days=30)))
        data = self._list()["filters"]
        self.assertEqual((data["under_way"], data["waiting"], data["total"]), (1, 1, 2))

    def test_search(self):
        self._leave()
        for text in ("123 bc", "wb-1", self.order.name, self.shipment.name):
            self.assertEqual(self._ids(text=text), self.shipment.ids, text)
        self.assertEqual(len(self._ids(text=self.cement.name)), 2)
        self.assertFalse(self._ids(text="%"))

    def test_late(self):
        self._leave()
        self.assertFalse(self._ids(status="late"))
        self.shipment.promised_to = self.now + timedelta(hours=2)
        self._place(eta_date=self.now + timedelta(hours=3))
        self.assertEqual(self._ids(status="late"), self.shipment.ids)
        self.assertTrue(self._list()["rows"][0]["is_late"])
        self._place(eta_date=self.now + timedelta(hours=1))
        self.assertFalse(self._ids(status="late"))
        self.shipment.promised_to = self.now - timedelta(hours=2)
        self.assertEqual(self._ids(status="late"), self.shipment.ids)
        backend = self.env["stock.picking"].search([("is_late", "=", True)])
        self.assertEqual(backend, self.shipment)
        others = self.env["stock.picking"].search([("is_late", "=", False)])
        self.assertNotIn(self.shipment, others)
        self.assertTrue(self.shipment.is_late)

    def test_wagon_is_measured_by_the_day_of_the_carrier(self):
        """F39: the plant's hours are over as soon as the wagon has left."""
        self.shipment.sale_id.delivery_method_id = self.rail_delivery
        self._leave()
        self.shipment.write(
            {
                "promised_to": self.now - timedelta(days=3),
                "due_date": self.now.date() + timedelta(days=2),
            }
        )
        self.assertFalse(self._ids(status="late"))
        self.assertFalse(self.shipment.is_late)
        self.shipment.due_date = self.now.date() - timedelta(days=2)
        self.assertEqual(self._ids(status="late"), self.shipment.ids)
        self.assertTrue(self.shipment.is_late)

    def test_every_sort_works_both_ways(self):
        for sort in ("now", *ShipmentQuery.SORTS):
            for descending in (False, True):
                ids = self._ids(sort=sort, descending=descending)
                self.assertEqual(len(ids), 2, sort)
        self.assertEqual(
            self._ids(sort="mass", descending=True),
            [self.shipment.id, self.buyer_shipment.id],
        )

    def test_what_is_on_the_way_comes_first(self):
        self.assertEqual(len(self._ids()), 2)
        self._leave(self.buyer_shipment)
        self.assertEqual(self._ids()[0], self.buyer_shipment.id)

    def test_returns_are_no_shipments(self):
        self._leave()
        self.shipment.copy(
            {"picking_type_id": self.shipment.picking_type_id.return_picking_type_id.id}
        )
        self.assertEqual(len(self._ids()), 2)

    # === Excel ===

    def test_export(self):
        self._leave(vehicle_plate="=CMD|'/C calc'!A0", waybill_number="+1")
        target = io.BytesIO()
        env = self.portal_env(self.owner)
        partner = env["res.partner"].browse(self.client.id)
        count = env["stock.picking"]._portal_export(partner, ShipmentQuery(), target)
        self.assertEqual(count, 2)
        sheet = load_workbook(io.BytesIO(target.getvalue())).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0][0], "Status")
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertIn("'=CMD|'/C calc'!A0", rows[1] + rows[2])
        env = self.portal_env(self.buyer)
        target = io.BytesIO()
        count = env["stock.picking"]._portal_export(
            partner.with_env(env), ShipmentQuery(), target
        )
        self.assertEqual(count, 1)

    # === Queries ===

    def test_queries_do_not_grow_with_the_rows(self):
        self._leave()
        self._place()

        def run(size):
            env = self.portal_env(self.owner)
            partner = env["res.partner"].browse(self.client.id)
            pickings = env["stock.picking"]
            pickings._portal_list(partner, ShipmentQuery(), size)
            pickings._portal_map(partner, ShipmentQuery())
            env["cement.portal.shell"]._get_cargo(partner)
            env["cement.portal.shell"]._get_growth(partner)

        run(50)
        few = self.count_queries(lambda: run(50))
        self._multiply(1000)
        many = self.count_queries(lambda: run(1000))
        self.assertLessEqual(many, few + 1)

    def _multiply(self, count):
        """Make *count* shipments as the database would hold them."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO stock_picking (name, is_cement, counterparty_id, agreement_id,
                site_id, ordered_by_id, plant_id, transport, picking_type_id, state,
                company_id, location_id, location_dest_id, sale_id, shipment_state,
                shipment_mass, shipment_day, latitude, longitude, position_date,
                vehicle_text, move_type, scheduled_date)
            SELECT 'X/' || n, is_cement, counterparty_id, agreement_id, site_id,
                ordered_by_id, plant_id, transport, picking_type_id, 'done', company_id,
                location_id, location_dest_id, sale_id,
                (ARRAY['left', 'on_way', 'done'])[1 + n %% 3], 25, shipment_day, 56, 60,
                now() AT TIME ZONE 'UTC', 'A ' || n, 'direct', scheduled_date
              FROM stock_picking, generate_series(1, %s) n WHERE id = %s
            """,
            [count, self.shipment.id],
        )
        self.env.invalidate_all()

    # === Home, order page ===

    def test_home(self):
        """F77: the first line of the home page says where the cargo is."""
        shell = self.portal_env(self.owner)["cement.portal.shell"]
        partner = self.client.with_env(shell.env)
        cargo = shell._get_cargo(partner)
        self.assertEqual((cargo["count"], cargo["planned"]), (0, 2))
        self._leave()
        eta = self.now + timedelta(hours=2)
        self._place(eta_date=eta)
        cargo = shell._get_cargo(partner)
        self.assertEqual((cargo["trucks"], cargo["wagons"]), (1, 0))
        self.assertEqual((cargo["mass"], cargo["next_eta"]), (20.0, eta))
        places = [block["template"] for block in shell._prepare_home_blocks(partner)]
        self.assertIn("cement_logistics.home_cargo", places)

    def test_growth_points(self):
        """F83: figures only where something was measured."""
        shell = self.portal_env(self.owner)["cement.portal.shell"]
        partner = self.client.with_env(shell.env)
        self.assertFalse(shell._get_growth(partner)["count"])
        self._leave(promised_to=self.now - timedelta(hours=3))
        self._confirm(mass="19.5")
        growth = shell._get_growth(partner)
        self.assertEqual(
            (growth["count"], growth["late"], growth["confirmed"], growth["short"]),
            (1, 1, 1, 1),
        )
        self.assertAlmostEqual(growth["late_hours"], 2.0, places=1)
        self.assertAlmostEqual(growth["hours"], 1.0, places=1)
        self.assertAlmostEqual(growth["shortage"], 0.5)
        # who sees only the own orders has no picture of the company
        shell = self.portal_env(self.buyer)["cement.portal.shell"]
        places = [
            block["template"]
            for block in shell._prepare_home_blocks(self.client.with_env(shell.env))
        ]
        self.assertNotIn("cement_logistics.home_growth", places)

    def test_rows_of_the_order_page(self):
        self._leave()
        self._place(position_text="km 7", eta_date=self.now + timedelta(hours=1))
        order = self.portal_env(self.owner)["sale.order"].browse(self.order.id)
        [row] = order._portal_shipments()
        self.assertEqual(row["shipment_state"], "left")
        self.assertEqual(row["position"], "km 7")
        self.assertEqual(row["url"], f"/my/shipments/{self.shipment.id}")
        self.assertTrue(row["eta"])

    def test_search_everywhere(self):
        self._leave()
        shell = self.portal_env(self.owner)["cement.portal.shell"]
        sections = shell._search_everywhere(self.client.with_env(shell.env), "A 123")
        self.assertIn("Shipments", [section["label"] for section in sections])

    def test_place_in_the_bar_of_the_phone(self):
        shell = self.portal_env(self.owner)["cement.portal.shell"]
        phone = [entry["key"] for entry in shell._get_shell()["nav_phone"]]
        self.assertEqual(phone.index("shipments"), 3)
