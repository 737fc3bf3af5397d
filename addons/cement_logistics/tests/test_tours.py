# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestShipmentToursPhone(CementLogisticsCommon, CementPortalHttpCommon):
    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave()
        cls._place(eta_date=cls.now + timedelta(hours=2), position_text="km 9")

    def test_list_map_and_link(self):
        self.start_tour(
            "/my", "cement_logistics_cargo", login=self.owner.login, timeout=120
        )
        link = self.env["cement.shipment.link"].search(
            [("picking_id", "=", self.shipment.id)]
        )
        self.assertEqual(link.user_id, self.owner)

    def test_foreman_confirms(self):
        owner = self.as_user(self.owner)
        link = owner.env["cement.shipment.link"]._make(owner)
        self.start_tour(
            f"/cement/track/{link.token}", "cement_logistics_confirm", timeout=120
        )
        record = self.shipment.confirmation_ids
        self.assertEqual(len(record), 1)
        self.assertEqual(record.receiver_name, "I. Foreman")
        self.assertEqual(record.accepted_mass, 19.98)
        self.assertEqual(len(record.photo_ids), 1)
        self.assertEqual(self.shipment.shipment_state, "done")


@tagged("post_install", "-at_install")
class TestShipmentToursDesk(CementLogisticsCommon, CementPortalHttpCommon):
    browser_size = "1366x900"

    def test_map_of_the_dispatcher(self):
        self._leave()
        self._place()
        self.start_tour(
            "/odoo/action-cement_logistics.action_cement_map",
            "cement_logistics_backend_map",
            login="dispatcher",
            timeout=120,
        )
