# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged, users

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestBackend(CementSaleCommon):
    """The screens of managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_manager()

    def test_every_view_opens_for_every_role(self):
        people = [
            self.manager,
            self._create_internal_user("dispatcher", "cement_base.group_dispatcher"),
            self._create_internal_user("books", "cement_base.group_accountant"),
            self._create_internal_user("boss", "cement_base.group_cement_admin"),
        ]
        views = self.env["ir.ui.view"].search(
            [
                ("id", "in", self._own_ids("ir.ui.view")),
                ("type", "!=", "qweb"),
            ]
        )
        self.assertGreater(len(views), 20)
        for user in people:
            for view in views:
                model = self.env[view.model].with_user(user)
                if model.has_access("read"):
                    model.get_view(view.id, view.type)

    def test_actions_and_menus(self):
        menus = self.env["ir.ui.menu"].browse(self._own_ids("ir.ui.menu"))
        self.assertGreaterEqual(len(menus), 10)
        for action in self.env["ir.actions.act_window"].browse(
            self._own_ids("ir.actions.act_window")
        ):
            model = self.env[action.res_model]
            for _view_id, view_type in action.views:
                model.get_view(_view_id, view_type)
        visible = menus.with_user(self.manager)._filter_visible_menus()
        self.assertIn(self.env.ref("cement_sale.cement_today_menu"), visible)
        self.assertNotIn(self.env.ref("cement_sale.cement_table_heading_menu"), visible)

    def _own_ids(self, model):
        return (
            self.env["ir.model.data"]
            .search([("module", "=", "cement_sale"), ("model", "=", model)])
            .mapped("res_id")
        )

    def test_request_made_by_a_manager(self):
        form = Form(self.env["cement.cart"].with_user(self.manager))
        form.name = "By telephone"
        form.partner_id = self.client
        with form.line_ids.new() as line:
            line.specification_line_id = self.line_bulk
            line.quantity = 45
            line.day = self.day
            line.site_id = self.site
        cart = form.save()
        self.assertEqual(cart.line_ids.price_seen, 5000)
        html = str(cart.plan_html)
        self.assertIn("Silo semitrailer", html)
        self.assertIn("Site North", html)
        version = cart.version
        with Form(cart) as form, form.line_ids.edit(0) as line:
            line.quantity = 20
        self.assertGreater(cart.version, version)
        action = cart.action_confirm()
        orders = self.env["sale.order"].search(action["domain"])
        self.assertEqual(orders.load_mass, 20)
        self.assertEqual(orders.channel, "manager")
        self.assertFalse(cart.plan_html)

    def test_plan_shows_what_blocks(self):
        cart = self._create_cart([(self.line_bulk, 1005)]).with_user(self.manager)
        html = str(cart.plan_html)
        self.assertIn("alert-danger", html)
        self.assertIn("1,005 t asked for", html)
        self.specification.name = "<script>alert(1)</script>"
        cart.invalidate_recordset()
        self.assertNotIn("<script>alert", str(cart.plan_html))

    def test_plan_of_many_vehicles_is_cut(self):
        self.line_bulk.volume_agreed = 0
        cart = self._create_cart([(self.line_bulk, 2000)]).with_user(self.manager)
        html = str(cart.plan_html)
        self.assertEqual(html.count('role="progressbar"'), 60)
        self.assertIn("The first", html)

    def test_order_form(self):
        order = self._create_order(20).with_user(self.manager)
        with Form(order) as form:
            form.promised_date = self.day + timedelta(2)
        self.assertEqual(order.due_date, self.day + timedelta(2))
        action = order.action_view_cement_cart()
        self.assertEqual(action["res_id"], order.cement_cart_id.id)

    def test_quotation_by_hand(self):
        form = Form(self.env["sale.order"].with_user(self.manager))
        form.partner_id = self.client
        with form.order_line.new() as line:
            line.specification_line_id = self.line_bulk
            self.assertEqual(line.product_id, self.cement)
            line.product_uom_qty = 20
        form.requested_date = self.day
        form.site_id = self.site
        order = form.save()
        self.assertTrue(order.is_cement)
        self.assertEqual(order.order_line.price_unit, 5000)
        self.assertEqual(order.load_mass, 20)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _tile(self, code):
        return (
            self.env["cement.today.tile"]
            .with_user(self.manager)
            .search([("code", "=", code)])
        )

    def test_board_of_today(self):
        tiles = self.env["cement.today.tile"].search([("area", "=", "sales")])
        counts = {tile.code: tile.count for tile in tiles}
        self.assertEqual(len(counts), 8)
        today = self._create_order(20)
        today.promised_date = self.today
        late = self._create_order(21)
        late.promised_date = self.today - timedelta(1)
        refused = self._create_order(22)
        refused._cement_set_state("reserve_refused", "onec")
        refused.user_id = self.manager
        soon = self._create_order(23)
        soon.requested_date = self.today + timedelta(2)
        soon.user_id = False
        self._create_quotation(24)
        idle = self._create_cart()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_cart SET write_date = now() - interval '3 days' "
            "WHERE id = %s",
            [idle.id],
        )
        self.line_bulk.volume_agreed = 90
        self.env.invalidate_all()
        rise = {tile.code: tile.count - counts[tile.code] for tile in tiles}
        self.assertEqual(
            rise,
            {
                "new": 3,
                "blocked": 2,
                "late": 1,
                "promised_today": 1,
                "no_promise": 1,
                "unassigned": 1,
                "idle_carts": 1,
                "volume_ends": 1,
            },
        )
        blocked = self._tile("blocked")
        self.assertEqual(blocked.count_mine, 1)
        self.assertIn(refused.name, str(blocked.rows_html))
        mine = blocked.action_open_mine()
        self.assertEqual(self.env["sale.order"].search(mine["domain"]), refused)
        self.assertIn(idle.sudo().name, str(self._tile("idle_carts").rows_html))
        for tile in self.env["cement.today.tile"].with_user(self.manager).search([]):
            action = tile.action_open()
            self.env[action["res_model"]].with_user(self.manager).search(
                action["domain"]
            )

    def test_own_area_comes_first(self):
        tile_model = self.env["cement.today.tile"]
        for area, group in (
            ("dispatch", "cement_base.group_dispatcher"),
            ("finance", "cement_base.group_accountant"),
        ):
            tile_model.create(
                {
                    "name": area,
                    "code": f"x_{area}",
                    "area": area,
                    "group_ids": [Command.link(self.env.ref(group).id)],
                }
            )
        for group, first, hidden in (
            ("sales_manager", "sales", {"x_dispatch", "x_finance"}),
            ("dispatcher", "dispatch", {"x_finance"}),
            ("accountant", "finance", {"x_dispatch"}),
            ("cement_admin", "sales", set()),
        ):
            with self.subTest(group=group):
                user = self._create_internal_user(
                    f"{group}@today", f"cement_base.group_{group}"
                )
                tiles = tile_model.with_user(user).search([])
                self.assertEqual(tiles[0].area, first)
                self.assertFalse(hidden & set(tiles.mapped("code")))
                self.assertIn("new", tiles.mapped("code"))

    def test_unreadable_question_is_empty(self):
        tile = self.env["cement.today.tile"].search([("code", "=", "idle_carts")])
        idle = self._create_cart()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_cart SET write_date = now() - interval '3 days' "
            "WHERE id = %s",
            [idle.id],
        )
        self.env.invalidate_all()
        self.assertTrue(tile.count)
        self.env.invalidate_all()
        carts = self.registry["cement.cart"]
        with patch.object(carts, "has_access", return_value=False):
            self.assertEqual((tile.count, tile.rows_html), (0, False))

    def test_unknown_tile_shows_nothing(self):
        tile = self.env["cement.today.tile"].create({"name": "X", "code": "other"})
        self.assertEqual((tile.count, tile.rows_html), (0, False))

    def test_columns_of_the_status_board(self):
        self._create_order(20)
        groups = (
            self.env["sale.order"]
            .with_user(self.manager)
            .with_context(read_group_expand=True)
            .web_read_group(
                [("counterparty_id", "=", self.client.id)],
                ["cement_state"],
                ["load_mass:sum"],
            )["groups"]
        )
        by_state = {group["cement_state"]: group for group in groups}
        self.assertEqual(by_state["new"]["load_mass:sum"], 20)
        self.assertIn("shipping", by_state)
        self.assertNotIn("cancelled", by_state)

    def test_consolidation_rules_do_not_contradict(self):
        rule = self.env.ref("cement_sale.rule_packaged")
        for kinds in ("bulk,big_bag,pallet,bag", "sand", ""):
            with self.assertRaises(ValidationError, msg=kinds):
                rule.cargo_kinds = kinds
        # a kind that no rule names keeps the built-in one
        rule.cargo_kinds = "big_bag"
        self.assertTrue(self._create_cart([(self.line_pallet, 3)])._get_plan_view())

    @users("manager")
    def test_configuration_is_the_administrators(self):
        with self.assertRaises(AccessError):
            self.env["cement.table.heading"].create({"name": "x", "field_name": "day"})
