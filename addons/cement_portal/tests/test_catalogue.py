# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.tests import tagged

from .common import CementPortalCommon


@tagged("post_install", "-at_install")
class TestCatalogue(CementPortalCommon):
    def _catalogue(self, user=None, partner=None, **options):
        env = self.portal_env(user or self.owner)
        options = {"filters": {}, **options}
        return env["cement.specification.line"]._get_catalogue(
            env["res.partner"].browse((partner or self.client).id), **options
        )

    def _ids(self, **options):
        return [row["id"] for row in self._catalogue(**options)["rows"]]

    def test_a_client_sees_its_own_lines_in_force_only(self):
        draft = self._create_specification(self.agreement, activate=False)
        past = self._create_specification(
            self.agreement,
            date_start=self.today - timedelta(90),
            date_end=self.today - timedelta(1),
        )
        shown = self._ids()
        self.assertEqual(set(shown), set(self.specification.line_ids.ids))
        self.assertFalse(set(shown) & set((draft | past).line_ids.ids))
        # asking for another's catalogue by its id gives nothing
        self.assertEqual(self._ids(partner=self.other_client), [])

    def test_a_person_limited_to_a_contract_sees_it_only(self):
        second = self._create_agreement(self.client, code="D-2")
        line = self._create_specification(second).line_ids
        user = self._create_member(
            self.client, "buyer", agreements=second, login="limited@x.com"
        ).user_id
        self.assertEqual(self._ids(user=user), line.ids)

    def test_every_word_is_looked_for_in_every_column(self):
        self.big_bag.product_tmpl_id.write(
            {"name": "Limestone flour", "gost": "14050-93"}
        )
        for words in ("limestone", "FLOUR 14050", self.specification.name):
            self.assertIn(self.line_big_bag.id, self._ids(search=words), words)
        self.assertNotIn(self.line_bulk.id, self._ids(search="limestone"))
        self.assertEqual(self._ids(search="limestone brick"), [])
        # signs of LIKE are letters like any other
        self.assertEqual(self._ids(search="%%%%"), [])

    def test_days_that_may_be_ordered_are_told_in_words(self):
        """The browser only knows that a value is out of its range."""
        self.specification.write({"date_end": self.day + timedelta(30)})
        rows = self._catalogue()["rows"]
        row = next(row for row in rows if row["id"] == self.line_bulk.id)
        fmt = self.env["cement.portal.shell"]._get_formats()
        self.assertEqual(row["end_text"], fmt.day(self.day + timedelta(30)))
        self.assertEqual(row["first_text"], fmt.day(row["first_day"]))

    def test_a_site_of_the_line_is_found(self):
        line = self._create_specification(
            self.agreement, [{"site_id": self.site.id}]
        ).line_ids
        self.assertEqual(self._ids(search="site north"), line.ids)
        self.assertEqual(self._ids(filters={"site": self.site.id}), line.ids)

    def test_filters_offer_what_is_left_by_the_others(self):
        facets = {f["name"]: f for f in self._catalogue()["facets"]}
        self.assertEqual(len(facets["form"]["options"]), 3)
        found = self._catalogue(filters={"form": self.form_bulk.id})
        self.assertEqual([row["id"] for row in found["rows"]], self.line_bulk.ids)
        facets = {f["name"]: f for f in found["facets"]}
        self.assertTrue(facets["form"]["active"])
        # the own filter does not hide its other options
        self.assertEqual(len(facets["form"]["options"]), 3)

    def test_every_column_sorts_both_ways(self):
        from ..models.cement_specification_line import SORTS

        for name in SORTS:
            forth, back = self._ids(sort=name), self._ids(sort=f"-{name}")
            self.assertEqual(sorted(forth), sorted(back), name)
        self.assertEqual(self._ids(sort="price")[0], self.line_bulk.id)
        self.assertEqual(self._ids(sort="-price")[0], self.line_pallet.id)
        # a line without a limit has more left than any limited one
        self.assertEqual(self._ids(sort="remaining")[0], self.line_bulk.id)
        self.assertEqual(len(self._ids(sort="1; drop table")), 3)

    def test_favourites_are_the_person_s_own(self):
        self.owner._toggle_cement_favourite(self.big_bag)
        shown = self._ids(filters={"favourite": True})
        self.assertEqual(shown, self.line_big_bag.ids)
        self.assertEqual(self._ids(user=self.buyer, filters={"favourite": True}), [])
        self.assertFalse(self.owner._toggle_cement_favourite(self.big_bag))

    def test_a_page_beyond_the_last_is_the_last(self):
        found = self._catalogue(page=99, step=2)
        self.assertEqual((found["page"], found["total"]), (2, 3))
        self.assertEqual(len(found["rows"]), 1)

    def test_queries_do_not_grow_with_the_lines(self):
        few = self.count_queries(lambda: self._catalogue(step=40))
        self.env["cement.specification.line"].create(
            [
                {
                    **self._prepare_specification_line(self.agreement, {}),
                    "specification_id": self.specification.id,
                    "price_unit": 4000.0 + number,
                }
                for number in range(1000)
            ]
        )
        many = self.count_queries(lambda: self._catalogue(step=40))
        self.assertEqual(self._catalogue(step=40)["total"], 1003)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 45)

    def test_the_card_tells_stock_or_lead_time(self):
        env = self.portal_env(self.owner)
        line = env["cement.specification.line"].browse(self.line_bulk.id)
        card = line._prepare_card()
        self.assertEqual(card["price_excl"], 5000.0)
        self.assertEqual(card["remaining"], 1000.0)
        self.assertGreater(card["retail_price"], card["price_excl"])
        self.cement.product_tmpl_id.write({"made_to_order": True, "lead_days": 14})
        card = line._prepare_card()
        self.assertTrue(card["made_to_order"])
        self.assertEqual(card["lead_days"], 14)


@tagged("post_install", "-at_install")
class TestCartPageModel(CementPortalCommon):
    def test_queries_of_the_page_do_not_grow_with_the_lines(self):
        small = self._create_cart([(self.line_bulk, 20.0)] * 10)
        small._get_page()
        few = self.count_queries(lambda: small._get_page())
        large = self._create_cart(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": 1.0,
                    "day": self.day + timedelta(number % 50),
                }
                for number in range(900)
            ]
        )
        large._get_page()
        many = self.count_queries(lambda: large._get_page())
        # rates are read once a day asked for, nothing else may grow
        self.assertLessEqual(many, few + 60)

    def test_a_large_cart_is_paged_and_folded(self):
        cart = self._create_cart(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": 50.0,
                    "day": self.day + timedelta(number),
                }
                for number in range(18)
            ]
            + [{"specification_line_id": self.line_bulk.id, "quantity": 0.5}] * 60
        )
        page = cart._get_page()
        self.assertEqual(page["asked"]["pages"], 2)
        self.assertEqual(
            sum(len(group["lines"]) for group in page["asked"]["groups"]), 40
        )
        self.assertEqual(cart._get_page(99)["asked"]["page"], 2)
        self.assertEqual(len(page["groups"]), 18)

    def test_a_long_cart_opens_before_it_is_planned(self):
        rows = [
            {
                "specification_line_id": self.line_bulk.id,
                "quantity": 1.0,
                "day": self.day + timedelta(number % 50),
            }
            for number in range(900)
        ]
        short = self._create_cart(rows[:40])
        self.assertEqual(short._get_first_page()["plan"]["totals"]["lines"], 40)
        middle, long = self._create_cart(rows[:60]), self._create_cart(rows)
        page = long._get_first_page()
        self.assertIsNone(page["plan"])
        self.assertEqual(page["asked"]["count"], 900)
        self.assertAlmostEqual(page["asked"]["mass"], 900.0)
        self.assertEqual(page["asked"]["pages"], 23)
        self.assertEqual(
            page["asked"]["first_day"], short._get_page()["asked"]["first_day"]
        )
        few = self.count_queries(lambda: middle._get_first_page())
        many = self.count_queries(lambda: long._get_first_page())
        self.assertEqual(many, few)

    def test_a_group_of_many_vehicles_is_drawn_in_part(self):
        cart = self._create_cart()
        groups = [
            {
                "loads": [
                    {
                        "vehicle": "Silo",
                        "capacity": 30.0,
                        "capacity_reason": "payload",
                        "mass": 20.0 + number,
                        "number": number,
                        "total": 1.0,
                        "parts": [],
                    }
                    for number in range(45)
                ]
            }
        ]
        [folded] = cart._fold_groups(groups)
        self.assertEqual((len(folded["runs"]), folded["has_more"]), (30, True))
        self.assertEqual((folded["vehicles"], folded["total"]), (45, 45.0))
        [whole] = cart._fold_groups(groups, None)
        self.assertEqual((len(whole["runs"]), whole["has_more"]), (45, False))

    def test_the_mini_cart_forgets_the_vehicles_when_the_cart_changes(self):
        cart = self._create_cart()
        self.assertIsNone(cart._prepare_mini()["vehicles"])
        cart._get_page()
        self.assertEqual(cart._prepare_mini()["vehicles"], 1)
        cart._add_rows([self._prepare_row((self.line_bulk, 20.0))])
        self.assertIsNone(cart._prepare_mini()["vehicles"])
        self.assertEqual(cart._prepare_mini(plan=True)["vehicles"], 2)

    def test_looking_does_not_make_a_cart_the_current_one(self):
        first = self._create_cart(name="First")
        second = self._create_cart(name="Second")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_cart SET write_date = write_date + interval '1 hour' "
            "WHERE id = %s",
            (second.id,),
        )
        self.env.invalidate_all()
        first._get_page()
        self.assertEqual(
            first._get_open(first.env["res.partner"].browse(self.client.id)), second
        )

    def test_grid_cells_are_set_in_a_batch(self):
        other = self._create_site(self.client, "Site South")
        cart = self._create_cart(
            [(self.line_bulk, 5.0), (self.line_bulk, 7.0)],
        )
        day = self.day.isoformat()
        report = cart._set_grid_cells(
            self.line_bulk.id,
            [
                {"site_id": self.site.id, "day": day, "quantity": "30"},
                {"site_id": other.id, "day": day, "quantity": "12,5"},
                {"site_id": other.id, "day": day[:8] + "28", "quantity": "x"},
                {"site_id": self.other_site.id, "day": day, "quantity": "4"},
            ],
        )
        lines = {(line.site_id, line.quantity) for line in cart.sudo().line_ids}
        self.assertEqual(lines, {(self.site, 30.0), (other, 12.5)})
        self.assertEqual(len(report["errors"]), 2)
        grid = cart._get_grid(self.line_bulk.id, self.day)
        self.assertEqual(grid["total"], 42.5)
        cart._set_grid_cells(
            self.line_bulk.id, [{"site_id": other.id, "day": day, "quantity": ""}]
        )
        self.assertEqual(len(cart.sudo().line_ids), 1)

    def test_the_template_comes_back_through_the_import(self):
        from io import BytesIO

        import openpyxl

        cart = self._create_cart([])
        target = BytesIO()
        self.assertEqual(cart._write_template(cart.partner_id, target), 3)
        book = openpyxl.load_workbook(target)
        sheet = book.active
        self.assertEqual(sheet.max_row, 4)
        sheet.cell(2, 2).value = 21.5
        sheet.cell(2, 3).value = self.day
        sheet.cell(2, 4).value = self.site.name
        output = BytesIO()
        book.save(output)
        report = cart._import_table(output.getvalue())
        self.assertEqual((report["added"], report["errors"]), (1, []))
        # the rows that were not filled in are no errors
        self.assertEqual(report["blank"], 2)
        # nor are the columns that explain the rows unknown
        self.assertEqual(report["unknown"], [])
        self.assertEqual(cart.sudo().line_ids.quantity, 21.5)

    def test_home_by_rights(self):
        def home(user):
            env = self.portal_env(user)
            return env["cement.portal.shell"]._get_home(
                env["res.partner"].browse(self.client.id)
            )

        self._create_cart()._confirm("portal_desktop")
        mine = home(self.owner)
        self.assertEqual(
            (mine["under_way"]["count"], mine["under_way"]["mass"]), (1, 20)
        )
        self.assertEqual(mine["obstacles"], [])
        # a buyer sees the own orders only, a viewer sees all and orders nothing
        self.assertEqual(home(self.buyer)["under_way"]["count"], 0)
        seen = home(self.viewer)
        self.assertEqual(seen["under_way"]["count"], 1)
        self.assertTrue(seen["obstacles"])
        self.specification.action_close()
        self.assertTrue(home(self.owner)["obstacles"])

    def test_queries_of_home_do_not_grow_with_the_orders(self):
        env = self.portal_env(self.owner)
        shell = env["cement.portal.shell"]
        partner = env["res.partner"].browse(self.client.id)
        self._create_cart([(self.line_bulk, 200.0)])._confirm("portal_desktop")
        shell._get_home(partner)
        few = self.count_queries(lambda: shell._get_home(partner))
        self._create_cart([(self.line_bulk, 600.0)])._confirm("portal_desktop")
        many = self.count_queries(lambda: shell._get_home(partner))
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 60)
