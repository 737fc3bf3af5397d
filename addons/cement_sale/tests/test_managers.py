# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestManagers(CementSaleCommon):
    """F23 to F25: who of the managers takes the order, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["res.country.state"].search(
            [("country_id", "=", cls.russia.id)], limit=1
        )
        cls.other_region = cls.env["res.country.state"].search(
            [("country_id", "=", cls.russia.id), ("id", "!=", cls.region.id)], limit=1
        )
        cls.stone = cls.env["product.category"].create({"name": "Crushed stone"})
        cls.env["cement.manager.profile"].search([]).action_archive()
        cls.env["crm.team"].search([]).user_id = False
        cls.site.state_id = cls.region

    def _manager(self, login, regions=None, categories=None):
        user = self._create_manager(login)
        self.env["cement.manager.profile"].create(
            {
                "user_id": user.id,
                "state_ids": (regions or self.env["res.country.state"]).ids,
                "categ_ids": (categories or self.env["product.category"]).ids,
            }
        )
        return user

    def _assigned(self, mass=5):
        order = self._create_order(mass)
        return order.user_id, order.manager_reason

    def test_history(self):
        known = self._manager("known")
        self._manager("local", self.region, self.cement.categ_id)
        self.client.cement_manager_id = known
        self.assertEqual(self._assigned(), (known, "already works with this client"))

    def test_last_order_is_history(self):
        known = self._manager("known")
        self._create_order(5).user_id = known
        self._manager("local", self.region)
        self.assertEqual(self._assigned()[0], known)

    def test_region_and_product(self):
        self._manager("elsewhere", self.other_region)
        self._manager("stones", self.region, self.stone)
        local = self._manager("local", self.region, self.cement.categ_id)
        self.assertEqual(self._assigned(), (local, "region and product, lightest load"))

    def test_lightest_load(self):
        first = self._manager("first", self.region)
        second = self._manager("second", self.region)
        other = self._create_counterparty()
        site = self._create_site(other, state_id=self.region.id)
        line = self._create_specification(self._create_agreement(other)).line_ids
        user = self._create_member(other, "owner").user_id
        cart = self._create_cart(
            [
                {
                    "specification_line_id": line.id,
                    "quantity": 20,
                    "site_id": site.id,
                }
            ],
            user,
            partner=other,
        )
        orders = cart._confirm("portal_desktop").sudo()
        self.assertEqual(orders.user_id, first)
        self.assertEqual(self._assigned()[0], second)

    def test_leader_and_nobody(self):
        self.assertEqual(
            self._assigned(),
            (self.env["res.users"], "nobody fits, to be assigned by hand"),
        )
        leader = self._create_manager("leader")
        self.env["crm.team"].search([], limit=1).user_id = leader
        self.assertEqual(
            self._assigned(), (leader, "leader of the team: nobody else fits")
        )

    def test_absent_manager(self):
        away = self._manager("away", self.region)
        profile = self.env["cement.manager.profile"].search([("user_id", "=", away.id)])
        profile.absent_from = fields.Date.today()
        at_work = self._manager("present", self.region)
        self.assertEqual(self._assigned()[0], at_work)

    def test_handed_over(self):
        boss = self._create_manager("chief")
        manager = self._manager("local", self.region)
        order = self._create_order(5)
        self.assertEqual(order.user_id, manager)
        order.with_user(boss).user_id = boss
        self.assertEqual(order.manager_reason, f"handed over by {boss.name}")

    def test_board_shows_managers_without_orders(self):
        idle = self._manager("idle", self.other_region)
        busy = self._manager("local", self.region)
        self._create_order(5)
        orders = self.env["sale.order"].with_user(busy)
        orders = orders.with_context(read_group_expand=True)
        domain = [("is_cement", "=", True), ("counterparty_id", "=", self.client.id)]
        groups = orders.with_context(cement_assignment_board=True).web_read_group(
            domain, ["user_id"], ["load_mass:sum"]
        )["groups"]
        shown = {group["user_id"][0]: group for group in groups if group["user_id"]}
        self.assertIn(idle.id, shown)
        self.assertEqual(shown[busy.id]["load_mass:sum"], 5)
        groups = orders.web_read_group(domain, ["user_id"], ["load_mass:sum"])["groups"]
        self.assertEqual(len(groups), 1)
