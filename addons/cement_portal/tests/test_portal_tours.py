# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from .common import CementPortalHttpCommon


@tagged("post_install", "-at_install")
class TestPortalTours(CementPortalHttpCommon):
    def _check_ordered(self, channel):
        cart = self.env["cement.cart"].search(
            [("partner_id", "=", self.client.id)], order="id desc", limit=1
        )
        self.assertEqual(cart.state, "confirmed")
        self.assertEqual(sum(cart.order_ids.mapped("load_mass")), 70.0)
        self.assertEqual(len(set(cart.order_ids.mapped("requested_date"))), 2)
        self.assertEqual(set(cart.order_ids.mapped("channel")), {channel})

    def test_seventy_tonnes_over_two_days(self):
        self.start_tour(
            "/my", "cement_portal_order", login=self.owner.login, timeout=120
        )
        self._check_ordered("portal_desktop")


@tagged("post_install", "-at_install")
class TestPortalToursPhone(TestPortalTours):
    browser_size = "360x740"
    touch_enabled = True
