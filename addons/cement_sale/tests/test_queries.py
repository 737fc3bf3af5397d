# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestQueries(CementSaleCommon):
    """The number of queries does not follow the number of lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line_bulk.volume_agreed = 0
        products = [cls._create_product("pallet") for _number in range(10)]
        cls.lines = (
            cls.line_bulk
            | cls._create_specification(
                cls.agreement, [{"product_id": product.id} for product in products]
            ).line_ids
        )
        cls.sites = cls.site | cls._create_site(cls.client, "Second")

    def _cart(self, count):
        return self._create_cart(
            [
                {
                    "specification_line_id": self.lines[index % len(self.lines)].id,
                    "quantity": 3,
                    "day": self.day + timedelta(index % 20),
                    "site_id": self.sites[index % 2].id,
                }
                for index in range(count)
            ]
        )

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_plan(self):
        few, many = self._cart(40), self._cart(500)
        for cart in (few, many):
            cart._get_plan_view()
        # twice: the first look fills the cache of record rules
        counts = [
            min(self._count(cart._get_plan_view) for _look in range(2))
            for cart in (few, many)
        ]
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 60)

    def test_add_rows(self):
        rows = [self._prepare_row((self.line_bulk, 3))]
        cart = self._create_cart([])
        cart._add_rows(rows)
        few = self._count(lambda: cart._add_rows(rows * 10))
        many = self._count(lambda: cart._add_rows(rows * 500))
        # core writes a batch of rows a query
        self.assertLessEqual(many, few + 10)

    def test_import(self):
        text = f"{self.cement.default_code}\t3\n"
        cart = self._create_cart([])
        cart._import_table(text)
        few = self._count(lambda: cart._import_table(text * 10))
        many = self._count(lambda: cart._import_table(text * 500))
        self.assertLessEqual(many, few + 10)

    def test_board_of_today(self):
        tiles = self.env["cement.today.tile"].search([])

        def look():
            tiles.read(["count", "mass", "count_mine", "rows_html"])

        look()
        few = self._count(look)
        cart = self._cart(60)
        cart._confirm("portal_desktop")
        self.assertLessEqual(self._count(look), few + 12)

    def _queries_an_order(self, make):
        """Return how many queries one more order costs."""
        counts = []
        for orders in (5, 25):
            before = self._count(lambda number=orders: counts.append(len(make(number))))
            counts.append(before)
        few, few_queries, many, many_queries = counts
        return (many_queries - few_queries) / (many - few)

    def test_confirmation_by_the_order(self):
        """What we add to core's own work on an order is nothing."""

        def ours(number):
            rows = [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": 25,
                    "day": self.day + timedelta(step),
                }
                for step in range(number)
            ]
            return self._create_cart(rows)._confirm("portal_desktop")

        def plain(number):
            # as a server has it: the tests switch core's messages off
            env = self.env(context={"allowed_company_ids": self.supplier.ids})
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": self.client.id,
                        "company_id": self.supplier.id,
                        "warehouse_id": self.warehouse.id,
                        "order_line": [
                            Command.create(
                                {"product_id": self.cement.id, "product_uom_qty": 25}
                            )
                        ],
                    }
                    for _number in range(number)
                ]
            )
            orders.action_confirm()
            return orders

        ours(1), plain(1)
        self.assertLessEqual(
            self._queries_an_order(ours), self._queries_an_order(plain)
        )
