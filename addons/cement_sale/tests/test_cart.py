# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestCart(CementSaleCommon):
    """Drafts of a member: rows, grid, spread, copies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_client = cls._create_counterparty("Other")
        cls.other_agreement = cls._create_agreement(cls.other_client)
        cls.other_site = cls._create_site(cls.other_client)
        cls.other_line = cls._create_specification(cls.other_agreement).line_ids

    def _reasons(self, report):
        return [error["reason"] for error in report["errors"]]

    def test_several_named_drafts(self):
        first = self._create_cart(name="Site North")
        second = self._create_cart(name="  ")
        self.assertEqual(first.name, "Site North")
        self.assertTrue(second.name)
        self.assertNotEqual(first, second)
        newest = first.browse()._get_open(first.partner_id)
        self.assertEqual(newest, second)

    def test_open_draft_is_made_when_asked(self):
        carts = self.portal_env(self.owner)["cement.cart"]
        client = carts.env["res.partner"].browse(self.client.id)
        self.assertFalse(carts._get_open(client))
        cart = carts._get_open(client, create=True)
        self.assertEqual(carts._get_open(client, create=True), cart)
        self.assertEqual(cart.sudo().user_id, self.owner)

    def test_draft_for_a_foreign_counterparty(self):
        carts = self.portal_env(self.owner)["cement.cart"]
        with self.assertRaises(AccessError):
            carts._create_draft(carts.env["res.partner"].browse(self.other_client.id))

    def test_good_rows_stay_and_bad_ones_are_told(self):
        cart = self._create_cart([])
        rows = [
            {"specification_line_id": self.line_bulk.id, "quantity": "20,5"},
            {"specification_line_id": self.other_line.id, "quantity": 5},
            {"specification_line_id": self.line_bulk.id, "quantity": -3},
            {"specification_line_id": self.line_bulk.id, "quantity": 10**9},
            {"specification_line_id": self.line_bulk.id, "quantity": "x"},
            {"specification_line_id": self.line_bulk.id, "quantity": 0.0001},
            {
                "specification_line_id": self.line_bulk.id,
                "quantity": 5,
                "site_id": self.other_site.id,
            },
            {"specification_line_id": self.line_bulk.id, "quantity": 5, "day": "x"},
            {"specification_line_id": self.line_bulk.id, "quantity": 7, "number": 42},
        ]
        report = cart._add_rows(rows)
        self.assertEqual(report["added"], 2)
        self.assertEqual(
            [error["row"] for error in report["errors"]], [2, 3, 4, 5, 6, 7, 8]
        )
        self.assertEqual(cart.sudo().line_ids.mapped("quantity"), [20.5, 7.0])
        self.assertTrue(all(self._reasons(report)))

    def test_ids_of_any_kind(self):
        """What comes from outside is no id until it is one."""
        cart = self._create_cart([])
        for value in (None, "", "1 or 1=1", -1, 0, 2**40, 1.5, [1], {}, True):
            report = cart._add_rows([{"specification_line_id": value, "quantity": 1}])
            self.assertEqual((report["added"], len(report["errors"])), (0, 1), value)
        for value in ("x", 2**40, [1], self.other_site.id):
            row = {
                "specification_line_id": self.line_bulk.id,
                "quantity": 1,
                "unloading_way_id": value,
                "vehicle_type_id": 2**31 - 1,
                "site_id": self.site.id,
                "note": "\x00\ud800 by the gate",
            }
            self.assertEqual(cart._add_rows([row])["added"], 1, value)
        cart.env.flush_all()
        self.assertEqual(set(cart.sudo().line_ids.mapped("note")), {"by the gate"})
        self.assertFalse(cart.sudo().line_ids.vehicle_type_id)

    def test_foreign_and_missing_lines_sound_the_same(self):
        cart = self._create_cart([])
        reports = [
            cart._add_rows([{"specification_line_id": value, "quantity": 1}])
            for value in (self.other_line.id, 2**30)
        ]
        self.assertEqual(*map(self._reasons, reports))

    def test_only_site_is_chosen(self):
        cart = self._create_cart([])
        row = {"specification_line_id": self.line_bulk.id, "quantity": 5}
        cart._add_rows([row])
        self.assertEqual(cart.sudo().line_ids.site_id, self.site)
        self._create_site(self.client, "Second")
        cart._add_rows([row])
        self.assertFalse(cart.sudo().line_ids[-1].site_id)

    def test_agreed_site_cannot_be_replaced(self):
        self.line_bulk.site_id = self.site
        second = self._create_site(self.client, "Second")
        cart = self._create_cart([])
        report = cart._add_rows(
            [
                {
                    "specification_line_id": self.line_bulk.id,
                    "quantity": 5,
                    "site_id": second.id,
                },
                {"specification_line_id": self.line_bulk.id, "quantity": 5},
            ]
        )
        self.assertEqual((report["added"], len(report["errors"])), (1, 1))
        self.assertIn("Site North", report["errors"][0]["reason"])

    def test_update_line(self):
        cart = self._create_cart()
        line = cart.sudo().line_ids
        version = cart.sudo().version
        cart._update_line(line.id, {"quantity": "30,5", "day": "01.02.2030"})
        self.assertEqual(line.quantity, 30.5)
        self.assertEqual(str(line.day), "2030-02-01")
        self.assertEqual(line.site_id, self.site)
        self.assertGreater(cart.sudo().version, version)
        for changes in (
            {"quantity": "-1"},
            {"site_id": self.other_site.id},
            {"day": "never"},
        ):
            with self.assertRaises(UserError, msg=changes):
                cart._update_line(line.id, changes)
        self.assertEqual((line.quantity, line.site_id), (30.5, self.site))

    def test_line_cannot_become_another(self):
        cart = self._create_cart()
        line = cart.sudo().line_ids
        cart._update_line(
            line.id, {"quantity": 5, "specification_line_id": self.line_big_bag.id}
        )
        self.assertEqual(line.specification_line_id, self.line_bulk)

    def test_lines_of_another_cart(self):
        mine, other = self._create_cart(), self._create_cart()
        foreign = other.sudo().line_ids
        with self.assertRaises(UserError):
            mine._update_line(foreign.id, {"quantity": 1})
        mine._remove_lines(foreign.ids)
        self.assertTrue(foreign.exists())

    def test_remove_and_undo(self):
        cart = self._create_cart([(self.line_bulk, 20), (self.line_big_bag, 5)])
        rows = cart._remove_lines(cart.sudo().line_ids[:1].ids)
        self.assertEqual(len(cart.sudo().line_ids), 1)
        cart._add_rows(rows)
        self.assertEqual(sorted(cart.sudo().line_ids.mapped("quantity")), [5, 20])

    def test_spread_over_days(self):
        """F39: a line parted over days."""
        cart = self._create_cart([(self.line_bulk, 70)])
        line = cart.sudo().line_ids
        cart._spread_line(
            line.id,
            [
                {"day": self.day, "quantity": 30},
                {"day": self.day + timedelta(2), "quantity": "40"},
                {"day": self.day + timedelta(3), "quantity": 0},
            ],
        )
        self.assertFalse(line.exists())
        self.assertEqual(cart.sudo().line_ids.mapped("quantity"), [30, 40])
        self.assertEqual(cart.sudo().line_ids.site_id, self.site)

    def test_spread_that_fails_changes_nothing(self):
        cart = self._create_cart([(self.line_bulk, 70)])
        line = cart.sudo().line_ids
        for parts in ([], [{"day": self.day, "quantity": 5}, {"quantity": "-"}]):
            with self.assertRaises(UserError):
                cart._spread_line(line.id, parts)
            self.assertEqual(cart.sudo().line_ids.mapped("quantity"), [70])

    def test_grid(self):
        cart = self._create_cart([])
        cell = (self.line_bulk.id, self.site.id, self.day.isoformat())
        cart._set_grid_cell(*cell, "25,5")
        self.assertEqual(cart.sudo().line_ids.quantity, 25.5)
        cart._set_grid_cell(*cell, 30)
        self.assertEqual(cart.sudo().line_ids.mapped("quantity"), [30])
        cart._add_rows([self._prepare_row((self.line_bulk, 5))])
        cart._set_grid_cell(*cell, 40)
        self.assertEqual(cart.sudo().line_ids.mapped("quantity"), [40])
        cart._set_grid_cell(*cell, "")
        self.assertFalse(cart.sudo().line_ids)
        with self.assertRaises(UserError):
            cart._set_grid_cell(self.other_line.id, self.site.id, self.day, 5)
        with self.assertRaises(UserError):
            cart._set_grid_cell(self.line_bulk.id, self.other_site.id, self.day, 5)

    def test_options(self):
        cart = self._create_cart()
        cart._set_options(
            strategy="full", note="\x00call", is_favourite=1, state="confirmed", name=[]
        )
        cart_sudo = cart.sudo()
        self.assertEqual(
            (cart_sudo.strategy, cart_sudo.note, cart_sudo.is_favourite),
            ("full", "call", True),
        )
        self.assertEqual(cart_sudo.state, "draft")
        cart._set_options(strategy="cheapest")
        self.assertEqual(cart_sudo.strategy, "full")

    def test_duplicate_and_discard(self):
        cart = self._create_cart([(self.line_bulk, 20), (self.line_pallet, 3)])
        copy = cart._duplicate("Again")
        self.assertEqual(copy.sudo().line_ids.mapped("quantity"), [20, 3])
        copy._discard()
        self.assertFalse(copy.exists())
        self.assertTrue(cart.exists())

    def test_confirmed_request_is_not_changed(self):
        cart = self._create_cart()
        cart._confirm("portal_desktop")
        line = cart.sudo().line_ids
        for change in (
            lambda: cart._add_rows([self._prepare_row((self.line_bulk, 1))]),
            lambda: cart._update_line(line.id, {"quantity": 1}),
            lambda: cart._remove_lines(line.ids),
            lambda: cart._rename("x"),
            lambda: cart._set_options(note="x"),
            lambda: cart._discard(),
            lambda: cart._import_table("a\t1"),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(UserError):
            cart.sudo().unlink()

    def test_many_lines(self):
        cart = self._create_cart([(self.line_bulk, 1)] * 1000)
        self.assertEqual((cart.sudo().line_count, cart.sudo().mass), (1000, 1000))
        self.assertEqual(len(cart._get_plan_view()["groups"]), 1)

    def test_too_many_lines(self):
        cart = self._create_cart([])
        from ..models import cement_cart_import

        self.patch(cement_cart_import, "MAX_CART_LINES", 3)
        with self.assertRaises(UserError):
            cart._add_rows([self._prepare_row((self.line_bulk, 1))] * 4)

    # === From former orders ===

    def test_repeat_order(self):
        order = self._create_order(20)
        cart = self._create_cart([])
        orders = order.with_env(cart.env)
        report = cart._add_from_orders(orders, day=self.day)
        self.assertEqual((report["added"], report["errors"]), (1, []))
        line = cart.sudo().line_ids
        self.assertEqual(
            (line.quantity, line.site_id, line.day, line.specification_line_id),
            (20, self.site, self.day, self.line_bulk),
        )
        self.assertTrue(cart._get_plan_view()["can_confirm"])

    def test_repeat_finds_the_successor(self):
        """An ended specification is followed by the line of the same product."""
        order = self._create_order(20)
        self.specification.action_close()
        successor = self._create_specification(
            self.agreement, [{"price_unit": 5200.0}]
        ).line_ids
        cart = self._create_cart([])
        report = cart._add_from_orders(order.with_env(cart.env))
        self.assertEqual(report["added"], 1)
        self.assertEqual(cart.sudo().line_ids.specification_line_id, successor)

    def test_repeat_without_a_successor(self):
        order = self._create_order(20)
        self.specification.action_close()
        cart = self._create_cart([])
        report = cart._add_from_orders(order.with_env(cart.env))
        self.assertEqual(report["added"], 0)
        self.assertIn(order.order_line.product_id.name, report["errors"][0]["reason"])

    def test_repeat_does_not_reach_foreign_orders(self):
        stranger = self._create_member(self.other_client, "owner").user_id
        order = self._create_order(20)
        cart = self._create_cart([], stranger, partner=self.other_client)
        with self.assertRaises(AccessError):
            cart._add_from_orders(order.with_env(cart.env))
        self.assertFalse(cart.sudo().line_ids)

    # === To another site ===

    def _fix_site(self):
        """Return another site; from now on the former line leads to Site North."""
        self.line_bulk.sudo().site_id = self.site
        return self._create_site(self.client, "Site South", street="South")

    def _create_line(self, **vals):
        agreement = self._create_agreement(self.client)
        vals = {"product_id": self.line_bulk.product_id.id, **vals}
        return self._create_specification(agreement, [vals]).line_ids

    def test_repeat_to_another_site_takes_the_line_that_leads_there(self):
        order = self._create_order(20)
        south = self._fix_site()
        small = self._create_line(volume_agreed=10.0)
        line = self._create_line(price_unit=5300.0, volume_agreed=100.0)
        cart = self._create_cart([])
        report = cart._add_from_orders(order.with_env(cart.env), site_id=south.id)
        self.assertEqual((report["added"], report["errors"]), (1, []))
        row = cart.sudo().line_ids
        self.assertEqual((row.site_id, row.specification_line_id), (south, line))
        self.assertNotEqual(row.specification_line_id, small)
        (note,) = report["notes"]
        for part in ("Site South", "Site North", line.specification_id.name):
            self.assertIn(part, note)

    def test_repeat_to_a_site_where_nothing_leads_is_refused_in_words(self):
        order = self._create_order(20)
        south = self._fix_site()
        cart = self._create_cart([])
        report = cart._add_from_orders(order.with_env(cart.env), site_id=south.id)
        self.assertEqual(report["added"], 0)
        self.assertFalse(cart.sudo().line_ids)
        (error,) = report["errors"]
        self.assertIn("“Site North” only, not to “Site South”", error["reason"])
        # the site of the line is the one that was ordered to: nothing to say
        report = cart._add_from_orders(order.with_env(cart.env), site_id=self.site.id)
        self.assertEqual((report["added"], report["notes"]), (1, []))

    def test_repeat_to_another_site_says_how_little_is_left(self):
        order = self._create_order(20)
        south = self._fix_site()
        self._create_line(volume_agreed=15.0)
        cart = self._create_cart([])
        report = cart._add_from_orders(order.with_env(cart.env), site_id=south.id)
        self.assertEqual(report["added"], 0)
        self.assertIn("15.00 t are left", report["errors"][0]["reason"])

    def test_repeat_does_not_bring_a_lorry_to_a_station(self):
        order = self._create_order(20)
        station = self._create_site(self.client, "Siding", self._create_station())
        cart = self._create_cart([])
        report = cart._add_from_orders(order.with_env(cart.env), site_id=station.id)
        self.assertEqual(report["added"], 0)
        self.assertIn("cannot be brought to “Siding”", report["errors"][0]["reason"])

    def test_repeat_of_a_whole_request_asks_for_it_as_one(self):
        orders = self._create_cart([(self.line_bulk, 70)])._confirm("portal_desktop")
        self.assertGreater(len(orders), 1)
        cart = self._create_cart([])
        report = cart._add_from_orders(orders.with_env(cart.env))
        self.assertEqual((report["added"], report["errors"]), (1, []))
        self.assertEqual(cart.sudo().line_ids.mapped("quantity"), [70])
