# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from odoo.tests import HttpCase, tagged

from .common import CementAxleCommon


@tagged("post_install", "-at_install")
class TestAxleCalendar(CementAxleCommon):
    """The year of the plant (F36, F37)."""

    def _row(self, year=2027, road_class="regional", exemption=None, user=None):
        calendar = self.env["cement.season.calendar"].with_user(user or self.dispatcher)
        data = calendar.get_year(self.silo.id, year, road_class, exemption)
        return data, next(row for row in data["rows"] if row["id"] == self.perm.id)

    def test_weeks_of_a_year(self):
        data, row = self._row()
        self.assertEqual(len(data["weeks"]), len(row["cells"]))
        self.assertEqual(data["weeks"][0]["start"], "2027-01-01")
        self.assertEqual(data["weeks"][-1]["end"], "2027-12-31")
        self.assertEqual({cell["kg"] for cell in row["cells"]}, {25_800})
        self.assertEqual(len(row["spans"]), 1)

    def test_an_order_changes_its_weeks(self):
        order = self._create_season(start=date(2027, 4, 15), days=39)
        data, row = self._row()
        low = [
            week
            for week, cell in zip(data["weeks"], row["cells"], strict=True)
            if cell["kg"] == 7_428
        ]
        self.assertEqual(
            (low[0]["start"], low[-1]["end"]), ("2027-04-12", "2027-05-30")
        )
        span = row["spans"][1]
        self.assertEqual((span["from"], span["to"]), ("15.04.2027", "24.05.2027"))
        self.assertEqual(span["order_id"], order.id)
        self.assertIn("112-од", span["why"])
        # federal roads and other years are free
        _data, row = self._row(road_class="federal")
        self.assertEqual({cell["kg"] for cell in row["cells"]}, {25_800})
        _data, row = self._row(year=2028)
        self.assertEqual({cell["kg"] for cell in row["cells"]}, {25_800})

    def test_expected_orders_are_marked(self):
        self._create_season(confirm=False, start=date(2027, 4, 15), days=39)
        _data, row = self._row()
        self.assertEqual({cell["kg"] for cell in row["cells"]}, {25_800})
        self.assertEqual({cell["expected"] for cell in row["cells"]}, {None, 7_428})
        self.assertTrue(any(span["expected"] for span in row["spans"]))

    def test_exempt_goods_pass(self):
        self._create_season(start=date(2027, 4, 15), days=39)
        feed = self.env.ref("cement_logistics_axle.exemption_feed")
        _data, row = self._row(exemption=feed.id)
        self.assertEqual({cell["kg"] for cell in row["cells"]}, {25_800})

    def test_pavement(self):
        self._create_season(start=date(2027, 4, 1), days=29, pavement="gravel")
        calendar = self.env["cement.season.calendar"].with_user(self.dispatcher)
        for pavement, least in ((None, 7_428), ("gravel", 7_428), ("asphalt", 25_800)):
            data = calendar.get_year(self.silo.id, 2027, "regional", None, pavement)
            row = next(row for row in data["rows"] if row["id"] == self.perm.id)
            self.assertEqual(min(cell["kg"] for cell in row["cells"]), least)

    def test_says_why_the_strictest_rule_counts(self):
        """«No» in April for want of a pavement: a person reads what to choose."""
        self._create_season(start=date(2027, 4, 1), days=29, pavement="gravel")
        calendar = self.env["cement.season.calendar"].with_user(self.dispatcher)
        hints = {}
        for pavement in (None, "gravel", "asphalt"):
            data = calendar.get_year(self.silo.id, 2027, "regional", None, pavement)
            row = next(row for row in data["rows"] if row["id"] == self.perm.id)
            hints[pavement] = [span["hint"] for span in row["spans"] if span["hint"]]
            self.assertEqual(data["is_strictest"], bool(hints[pavement]))
        self.assertEqual((hints["gravel"], hints["asphalt"]), ([], []))
        self.assertEqual(len(hints[None]), 1)
        self.assertIn("Gravel", hints[None][0])
        self.assertIn("choose yours", hints[None][0])

    def test_no_word_of_pavement_where_the_order_has_none(self):
        self._create_season(start=date(2027, 4, 1), days=29)
        data, row = self._row()
        self.assertFalse(data["is_strictest"])
        self.assertEqual({span["hint"] for span in row["spans"]}, {""})

    def test_options(self):
        options = (
            self.env["cement.season.calendar"].with_user(self.dispatcher).get_options()
        )
        self.assertIn(self.silo.id, [row["id"] for row in options["vehicles"]])
        self.assertIn(2027, options["years"])

    def test_queries_do_not_grow_with_orders(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._row()
            return self.env.cr.sql_log_count - before

        self._row()
        self._create_season(start=date(2027, 4, 15), days=39)
        self._row()
        one = queries()
        for number, state in enumerate(
            self.env["res.country.state"].search(
                [("country_id.code", "=", "RU"), ("id", "!=", self.perm.id)], limit=20
            )
        ):
            self._create_season(start=date(2027, 3, 1 + number), days=30, state=state)
        self._row()
        self.assertLessEqual(queries(), one + 2)

    def test_months_of_a_site(self):
        """The client's page tells what may come in which month."""
        self._create_season()
        site = self.portal_env(self.owner)["cement.site"].browse(self.site.id)
        card = site._portal_cards()[0]
        months = card["axle_months"]
        self.assertEqual(len(months["months"]), 12)
        row = next(row for row in months["rows"] if row["vehicle"] == self.silo.name)
        self.assertTrue(any(cell["is_seasonal"] for cell in row["cells"]))
        self.assertIn("25.8\u202ft", [cell["mass"] for cell in row["cells"]])
        self.assertIn("112-од", months["notes"][0])
        self.site.state_id = False
        self.plant.state_id = False
        self.assertIsNone(site._portal_cards()[0]["axle_months"])


@tagged("post_install", "-at_install")
class TestSpringOrder(HttpCase, CementAxleCommon):
    """A person at the plant enters the spring order of a region, sees the calendar
    change, and the client's cart refuses 25 t and offers four vehicles."""

    def test_from_the_order_to_the_cart(self):
        self.line_bulk.specification_id.date_end = date(2027, 12, 31)
        self.agreement.end_date = date(2027, 12, 31)
        cart = self._create_cart(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": 25.0,
                    "day": date(2027, 4, 20),
                    "unloading_way_id": self.env.ref(
                        "cement_base.unloading_pneumatic"
                    ).id,
                }
            ]
        )
        self.owner.lang = "en_US"
        self.authenticate("own@x.com", "own@x.com")
        page = self.url_open(f"/my/carts/{cart.id}").text
        self.assertNotIn("112-од", page)
        self.assertIn("25.8", page)
        self.start_tour("/odoo/load-calendar", "cement_spring_order", login="admin")
        order = self.env["cement.season.order"].search(
            [("name", "=", "112-од"), ("state_id", "=", self.perm.id)]
        )
        self.assertEqual(order.status, "confirmed")
        self.authenticate("own@x.com", "own@x.com")
        page = self.url_open(f"/my/carts/{cart.id}").text
        self.assertIn("112-од", page)
        self.assertIn("7.42\u202ft instead of 25.8\u202ft", page)
        self.assertEqual(len(cart._plan().loads), 4)
        profile = self.url_open("/my/profile").text
        self.assertIn("What may come by month", profile)
