# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from odoo.addons.cement_portal.models import cement_portal_list
from odoo.addons.cement_portal.tools.order_query import OrderQuery
from odoo.addons.cement_sale.tests.common import CementSaleCommon
from odoo.addons.cement_sale.tools import lifecycle


@tagged("post_install", "-at_install")
class TestOrderList(CementSaleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_member(cls.client, "buyer", login="buy@x.com").user_id
        cls.viewer = cls._create_member(
            cls.client, "viewer", login="view@x.com"
        ).user_id
        cls.order = cls._create_order(20.0)
        cls.order.client_order_ref = "Z-77"
        cls.buyers = cls._create_order(12.0, cls.buyer, cls.line_big_bag)

    def _list(self, user=None, page_size=50, **query):
        env = self.portal_env(user or self.owner)
        partner = env["res.partner"].browse(self.client.id)
        return env["sale.order"]._portal_list(partner, OrderQuery(**query), page_size)

    def _ids(self, *args, **query):
        return {row["id"] for row in self._list(*args, **query)["rows"]}

    def test_by_role(self):
        both = {self.order.id, self.buyers.id}
        self.assertEqual(self._ids(), both)
        self.assertEqual(self._ids(self.viewer), both)
        self.assertEqual(self._ids(self.buyer), {self.buyers.id})

    def test_limits_of_contract_and_site(self):
        agreement = self._create_agreement(self.client)
        other = self._create_member(
            self.client, "viewer", agreements=agreement, login="lim@x.com"
        ).user_id
        self.assertFalse(self._ids(other))
        site = self._create_site(self.client, "Elsewhere")
        elsewhere = self._create_member(
            self.client, "viewer", sites=site, login="site@x.com"
        ).user_id
        self.assertFalse(self._ids(elsewhere))

    def test_foreigner_finds_nothing(self):
        foreign = self._create_counterparty("Foreign")
        stranger = self._create_member(foreign, "owner", login="for@x.com").user_id
        self.assertFalse(self._ids(stranger))

    def test_row(self):
        (row,) = [row for row in self._list()["rows"] if row["id"] == self.order.id]
        self.assertEqual(row["number"], self.order.name)
        self.assertEqual(row["product"], self.cement.name)
        self.assertEqual(row["mass"], 20.0)
        self.assertEqual(row["amount"], self.order.amount_total)
        self.assertEqual(row["author"], self.owner.name)
        self.assertEqual(row["state"], "new")

    def test_totals(self):
        data = self._list()
        self.assertEqual(data["total"], 2)
        self.assertAlmostEqual(data["mass"], 32.0)
        ((currency, amount),) = data["amounts"]
        self.assertEqual(currency, self.rub)
        self.assertAlmostEqual(
            amount, self.order.amount_total + self.buyers.amount_total
        )

    def test_search(self):
        self.assertEqual(self._ids(text=self.order.name), {self.order.id})
        self.assertEqual(self._ids(text="z-77"), {self.order.id})
        self.assertEqual(self._ids(text=self.big_bag.name), {self.buyers.id})
        self.assertEqual(self._ids(text=self.big_bag.default_code), {self.buyers.id})
        self.assertFalse(self._ids(text="%"))

    def test_filters(self):
        self.assertEqual(self._ids(mine=True), {self.order.id})
        self.assertEqual(self._ids(plant_id=self.plant.id), self._ids())
        self.assertFalse(self._ids(plant_id=self.plant2.id))
        env = self.portal_env(self.owner)
        env["sale.order"].browse(self.order.id)._toggle_favourite()
        self.assertEqual(self._ids(favourite=True), {self.order.id})
        self.assertFalse(self._ids(self.viewer, favourite=True))
        self.order._cement_set_state("cancelled", "manager")
        self.assertEqual(self._ids(status="under_way"), {self.buyers.id})
        self.assertEqual(self._ids(status="finished"), {self.order.id})
        self.assertEqual(self._ids(status="cancelled"), {self.order.id})

    def test_home_and_list_mean_the_same(self):
        """What has been delivered is under way neither there nor here."""
        self.order._cement_set_state("delivered", "manager", force=True)
        env = self.portal_env(self.owner)
        home = env["cement.portal.shell"]._get_home(
            env["res.partner"].browse(self.client.id)
        )
        found = self._list(status="under_way")
        self.assertEqual({row["id"] for row in found["rows"]}, {self.buyers.id})
        self.assertEqual(home["under_way"]["count"], 1)
        self.assertEqual(found["filters"]["under_way"], 1)

    def test_period_is_of_the_persons_zone(self):
        # 22:30 of the 30th in UTC is the 1st in Moscow
        self.order.date_order = "2026-04-30 22:30:00"
        self.assertEqual(self._ids(month="2026-05"), {self.order.id})
        self.assertNotIn(self.order.id, self._ids(month="2026-04"))

    def test_filters_offer_what_occurs(self):
        filters = self._list()["filters"]
        self.assertEqual(filters["plants"], [(self.plant.id, self.plant.name)])
        self.assertEqual([state["code"] for state in filters["states"]], ["new"])
        self.assertEqual(filters["total"], 2)

    def test_every_column_sorts_both_ways(self):
        third = self._create_order(26.0)
        third.write({"promised_date": self.day, "client_order_ref": "A-1"})
        third._cement_set_state("processing", "manager")
        for sort in OrderQuery.SORTS:
            for descending in (True, False):
                with self.subTest(sort=sort, descending=descending):
                    ids = self._ids(sort=sort, descending=descending)
                    self.assertEqual(len(ids), 3)

        def order_of(**query):
            return [row["id"] for row in self._list(**query)["rows"]]

        self.assertEqual(
            order_of(sort="mass", descending=False),
            [self.buyers.id, self.order.id, third.id],
        )
        # what is empty stands last either way
        for descending in (True, False):
            self.assertEqual(
                order_of(sort="promised", descending=descending)[0], third.id
            )
        self.assertEqual(order_of(sort="state")[0], third.id)
        self.assertEqual(order_of(sort="author", descending=False)[0], self.buyers.id)

    def test_paging(self):
        first = self._list(page_size=1)
        second = self._list(page_size=1, page=2)
        beyond = self._list(page_size=1, page=99)
        self.assertEqual((first["pages"], first["total"]), (2, 2))
        self.assertNotEqual(first["rows"][0]["id"], second["rows"][0]["id"])
        self.assertEqual(beyond["page"], 2)

    # === Size ===

    def _multiply(self, count):
        """Add *count* orders like the first one, past the planner and the gate."""
        line = self.order.order_line
        self.env["sale.order"].create(
            [
                {
                    "name": f"X{index:07d}",
                    "partner_id": self.client.id,
                    "company_id": self.supplier.id,
                    "plant_id": self.plant.id,
                    "site_id": self.site.id,
                    "agreement_id": self.agreement.id,
                    "ordered_by_id": self.owner.id,
                    "requested_date": self.day,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.cement.id,
                                "product_uom_qty": 20,
                                "specification_line_id": line.specification_line_id.id,
                            }
                        )
                    ],
                }
                for index in range(count)
            ]
        ).state = "sent"
        self.env.flush_all()

    def _count_queries(self, page_size):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        data = self._list(page_size=page_size, sort="author")
        return self.env.cr.sql_log_count - before, len(data["rows"])

    def test_queries_do_not_grow_with_rows(self):
        self._list()
        self._multiply(8)
        small, rows = self._count_queries(1000)
        self.assertEqual(rows, 10)
        self._multiply(190)
        large, rows = self._count_queries(1000)
        self.assertEqual(rows, 200)
        self.assertEqual(small, large)

    def test_list_uses_the_index_of_the_counterparty(self):
        env = self.portal_env(self.owner)
        orders = env["sale.order"]
        partner = env["res.partner"].browse(self.client.id)
        search = orders._search(orders._portal_domain(partner, OrderQuery()))
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        self.env.cr.execute(
            self.env.cr.mogrify(
                "EXPLAIN " + search.select().code, search.select().params
            )
        )
        text = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertRegex(
            text, r"Index.* (using|on) sale_order_\w*(counterparty|author)"
        )

    # === Export ===

    def _export(self, user=None, **query):
        env = self.portal_env(user or self.owner)
        partner = env["res.partner"].browse(self.client.id)
        target = io.BytesIO()
        count = env["sale.order"]._portal_export(partner, OrderQuery(**query), target)
        target.seek(0)
        return count, load_workbook(target).active

    def test_export(self):
        self.order.client_order_ref = "=HYPERLINK(1)"
        self.order.promised_date = self.day + timedelta(days=1)
        count, sheet = self._export()
        self.assertEqual(count, 2)
        rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
        row = rows[self.order.name]
        self.assertEqual(row[1], "'=HYPERLINK(1)")
        self.assertIn(20.0, row)
        self.assertIn(self.order.amount_total, row)
        self.assertIn(self.cement.name, row)

    def test_export_takes_what_the_list_shows(self):
        count, sheet = self._export(text=self.order.name)
        self.assertEqual(count, 1)
        self.assertEqual(sheet["A2"].value, self.order.name)
        count, _sheet = self._export(self.buyer)
        self.assertEqual(count, 1)

    def test_export_says_when_it_is_cut(self):
        self.patch(
            cement_portal_list,
            "EXPORT_LIMIT",
            1,
        )
        count, sheet = self._export()
        self.assertEqual(count, 1)
        self.assertIn("2", str(sheet["A4"].value))

    def test_states_have_a_meaning(self):
        labels = dict(self.env["sale.order"]._selection_cement_state())
        self.assertEqual(set(labels), set(lifecycle.STATES))
