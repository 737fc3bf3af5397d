# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementServiceCommon


@tagged("post_install", "-at_install")
class TestClaimTourPhone(CementServiceCommon, CementPortalHttpCommon):
    browser_size = "360x740"
    touch_enabled = True

    def test_claim_with_a_photo(self):
        self.start_tour(
            f"/my/orders/{self.order.id}",
            "cement_service_claim",
            login=self.owner.login,
            timeout=120,
        )
        claim = self.env["cement.claim"].search([("order_id", "=", self.order.id)])
        self.assertEqual(len(claim), 1)
        self.assertEqual(claim.kind_id.code, "packaging")
        self.assertEqual(claim.mass, 1.5)
        self.assertEqual(claim.photo_ids.mapped("mimetype"), ["image/png"])
