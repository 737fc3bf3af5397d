# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon
from odoo.addons.cement_portal.tests.test_access_portal_pages import SENSELESS

from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestShipmentHttp(CementLogisticsCommon, CementPortalHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave()
        cls._place(eta_date=cls.now + timedelta(hours=2))

    def test_list(self):
        self.login(self.owner)
        page = self.url_open("/my/shipments").text
        for text in ("A 123 BC 96", "WB-1", "Site North", "Left the plant", "20.00"):
            self.assertPart(text, page)
        # the library of the map comes by itself, and from nowhere else
        self.assertNoPart("leaflet", page)
        self.assertNoPart("openstreetmap", page)
        self.assertPart('aria-sort="', self.url_open("/my/shipments?sort=mass").text)

    def test_address_of_the_list(self):
        self.login(self.owner)
        for params in (
            "status=left&by=road&sort=arrival&dir=asc",
            "status=x&plant=9999999999999&page=999999&month=2026-99",
            "q=%25%27%22%3Cscript%3E",
            "from=2026-02-31&to=9999-12-31",
            "page=abc&sort=;drop",
        ):
            answer = self.url_open(f"/my/shipments?{params}")
            self.assertEqual(answer.status_code, 200, params)
            self.assertNoPart(
                "<script>", answer.text.partition("cp-orders-filter")[2][:600]
            )

    def test_excel(self):
        self.owner.tz = "Europe/Moscow"
        self.login(self.owner)
        answer = self.url_open("/my/shipments/export?status=under_way")
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        sheet = load_workbook(io.BytesIO(answer.content)).active
        self.assertEqual(sheet.max_row, 2)
        self.assertEqual(sheet.cell(2, 2).value, "A 123 BC 96")
        # whose hours they are stands over them
        heads = [cell.value for cell in sheet[1]]
        for head in ("Position of, MSK", "Expected, MSK", "Arrived, MSK"):
            self.assertIn(head, heads)

    def test_page(self):
        self.login(self.owner)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        for text in ("A 123 BC 96", "35.00", "15.00", "WB-1", self.order.name):
            self.assertPart(text, page)
        for hook in ("cp-ship-way", "cp-ship-actions", "cp-ship-where"):
            self.assertPart(f'id="{hook}"', page)

    def test_page_in_russian(self):
        """No word of the page is left in English."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.owner.lang = "ru_RU"
        self.login(self.owner)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        for text in ("Отгрузки", "Где груз", "Подтвердить доставку", "Накладная"):
            self.assertPart(text, page)

    def test_moving_parts(self):
        self.login(self.owner)
        state = self.rpc(f"shipment/{self.shipment.id}/state")
        self.assertEqual((state["state"], state["label"]), ("left", "Left the plant"))
        rows = self.rpc("shipments/rows", ids=[self.shipment.id, 10**12, "x", None])
        self.assertEqual(list(rows), [str(self.shipment.id)])
        self.assertIn("Left the plant", rows[str(self.shipment.id)]["state"])
        data = self.rpc("shipments/map", query={"status": "under_way"})
        self.assertEqual([point["id"] for point in data["points"]], self.shipment.ids)
        self.assertEqual(data["points"][0]["kind"], "truck")
        data = self.rpc("shipments/map", query={"status": "done"})
        self.assertFalse(data["points"])

    @mute_logger("odoo.http")
    def test_senseless(self):
        self.login(self.owner)
        for value in SENSELESS:
            self.rpc("shipments/rows", ids=value)
            self.rpc("shipments/map", query=value)
            self.rpc("shipments/map", ids=value)
        for path in ("0", "99999999", "x"):
            self.assertEqual(self.url_open(f"/my/shipments/{path}").status_code, 404)

    @mute_logger("odoo.http")
    def test_moves_inside_the_plant_have_no_page(self):
        inside = self.shipment.copy(
            {"picking_type_id": self.shipment.picking_type_id.return_picking_type_id.id}
        )
        inside.sale_id = self.order
        self.login(self.owner)
        answer = self.url_open(f"/my/shipments/{inside.id}")
        self.assertEqual(answer.status_code, 404)

    def test_home_and_order_page(self):
        self.login(self.owner)
        page = self.url_open("/my").text
        self.assertPart("My cargo on the way", page)
        page = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertPart(f"/my/shipments/{self.shipment.id}", page)
