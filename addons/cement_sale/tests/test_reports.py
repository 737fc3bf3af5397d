# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestReports(CementSaleCommon):
    """Share of online orders and unmet demand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["res.country.state"].search(
            [("country_id", "=", cls.russia.id)], limit=1
        )
        cls.site.state_id = cls.region
        for channel, mass in (
            ("portal_desktop", 20),
            ("portal_mobile", 10),
            ("manager", 25),
            ("manager", 5),
        ):
            cart = cls._create_cart([(cls.line_bulk, mass)])
            cart.sudo()._confirm(channel)
        cls.env.flush_all()
        cls.domain = [
            ("is_cement", "=", True),
            ("state", "=", "sale"),
            ("commercial_partner_id", "=", cls.client.id),
        ]

    def test_online_share(self):
        groups = self.env["sale.report"].formatted_read_group(
            self.domain,
            ["region_id"],
            [
                "mass:sum",
                "mass_online:sum",
                "online_share:avg",
                "order_online_share:avg",
                "mobile_share:avg",
                "order_reference:count_distinct",
            ],
        )
        self.assertEqual(len(groups), 1)
        group = groups[0]
        self.assertEqual(group["region_id"][0], self.region.id)
        self.assertEqual(group["mass:sum"], 60)
        self.assertEqual(group["mass_online:sum"], 30)
        self.assertEqual(group["online_share:avg"], 50)
        self.assertEqual(group["order_online_share:avg"], 50)
        self.assertEqual(group["mobile_share:avg"], 25)
        self.assertEqual(group["order_reference:count_distinct"], 4)

    def test_shares_count_orders_and_not_lines(self):
        cart = self._create_cart([(self.line_pallet, 3), (self.line_pallet, 6)])
        cart._confirm("portal_desktop")
        self.env.flush_all()
        [(share, orders)] = self.env["sale.report"]._read_group(
            self.domain,
            [],
            ["order_online_share:avg", "order_reference:count_distinct"],
        )
        self.assertEqual(orders, 5)
        self.assertAlmostEqual(share, 60)

    def test_by_channel_and_plant(self):
        groups = dict(
            self.env["sale.report"]._read_group(self.domain, ["channel"], ["mass:sum"])
        )
        self.assertEqual(
            groups, {"portal_desktop": 20, "portal_mobile": 10, "manager": 30}
        )
        [(plant, state)] = self.env["sale.report"]._read_group(
            self.domain, ["plant_id", "cement_state"]
        )
        self.assertEqual((plant, state), (self.plant, "new"))

    def test_unmet_demand(self):
        order = self.env["sale.order"].search(
            [("counterparty_id", "=", self.client.id), ("load_mass", "=", 25)]
        )
        order._cement_set_state("reserve_refused", "onec")
        self.env.flush_all()
        action = self.env.ref("cement_sale.sale_report_action_unmet")
        rows = self.env["sale.report"].search([("mass_unmet", ">", 0)])
        self.assertEqual(rows.product_id, self.cement)
        self.assertEqual(sum(rows.mapped("mass_unmet")), 25)
        self.assertIn("mass_unmet", action.domain)
