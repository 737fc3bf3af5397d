# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestConfirm(CementSaleCommon):
    """A request becomes its orders, once and completely."""

    def _confirm(self, cart):
        return cart._confirm("portal_desktop").sudo().with_env(self.env)

    def test_one_order_a_vehicle(self):
        cart = self._create_cart([(self.line_bulk, 70), (self.line_big_bag, 10)])
        cart._set_options(client_ref="PO-77")
        plan = cart._get_plan_view()
        orders = self._confirm(cart)
        self.assertEqual(len(orders), plan["totals"]["vehicles"])
        self.assertEqual(orders.mapped("load_index"), list(range(len(orders))))
        loads = [load for group in plan["groups"] for load in group["loads"]]
        for order in orders:
            load = loads[order.load_index]
            self.assertEqual(order.state, "sale")
            self.assertEqual(order.cement_state, "new")
            self.assertEqual(order.amount_total, load["total"])
            self.assertEqual(order.amount_untaxed, load["untaxed"])
            self.assertEqual(order.load_mass, load["mass"])
            self.assertEqual(order.load_capacity, load["capacity"])
            self.assertEqual(order.vehicle_type_id.code, load["vehicle_code"])
            self.assertEqual(order.client_order_ref, "PO-77")
            self.assertEqual(order.ordered_by_id, self.owner)
            self.assertEqual(order.channel, "portal_desktop")
            self.assertEqual(order.requested_date, self.day)
            self.assertEqual(order.site_id, self.site)
            self.assertEqual(order.agreement_id, self.agreement)
            self.assertEqual(order.plant_id, self.plant)
            self.assertEqual(order.counterparty_id, self.client)
            self.assertRegex(order.name, r"^P\d{7}$")
            self.assertEqual(order.status_event_ids.mapped("state"), ["new"])
            self.assertEqual(len(order.picking_ids), 1)
            self.assertEqual(
                order.picking_ids.scheduled_date.date(), self.day, order.picking_ids
            )
        self.assertAlmostEqual(
            sum(orders.mapped("amount_total")), plan["totals"]["total"], 2
        )
        cart_sudo = cart.sudo()
        self.assertEqual(cart_sudo.state, "confirmed")
        self.assertEqual(cart_sudo.confirmed_by_id, self.owner)
        self.assertEqual(cart_sudo.order_ids.sorted("id"), orders.sorted("id"))

    def test_twice_gives_one_set(self):
        cart = self._create_cart([(self.line_bulk, 50)])
        first = self._confirm(cart)
        self.assertEqual(self._confirm(cart).sorted("id"), first.sorted("id"))
        self.assertEqual(self.line_bulk.volume_ordered, 50)

    def test_stale_page(self):
        cart = self._create_cart()
        version = cart.sudo().version
        cart._add_rows([self._prepare_row((self.line_bulk, 5))])
        with self.assertRaises(UserError):
            cart._confirm("portal_desktop", version)
        self.assertFalse(cart.sudo().order_ids)
        self.assertTrue(cart._confirm("portal_desktop", cart.sudo().version))

    def test_what_cannot_be_confirmed(self):
        empty = self._create_cart([])
        with self.assertRaises(UserError):
            empty._confirm("portal_desktop")
        cancelled = self._create_cart()
        cancelled.sudo().state = "cancelled"
        with self.assertRaises(UserError):
            cancelled._confirm("portal_desktop")

    def test_roles_that_do_not_order(self):
        cart = self._create_cart()
        for role in ("viewer", "accountant"):
            user = self._create_member(self.client, role).user_id
            with self.assertRaises(AccessError):
                cart.with_env(self.portal_env(user))._confirm("portal_desktop")
        stranger = self._create_member(self._create_counterparty(), "owner").user_id
        with self.assertRaises(AccessError):
            cart.with_env(self.portal_env(stranger))._confirm("portal_desktop")
        self.assertEqual(cart.sudo().state, "draft")

    def test_blocked_request_leaves_nothing_behind(self):
        cart = self._create_cart([(self.line_bulk, 20), (self.line_pallet, 4)])
        before = self.env["sale.order"].search_count([])
        with self.assertRaisesRegex(UserError, "whole packages"):
            cart._confirm("portal_desktop")
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertEqual((cart.sudo().state, cart.sudo().channel), ("draft", False))

    def test_failure_on_the_way_is_complete(self):
        """One transaction: all orders or none."""
        cart = self._create_cart([(self.line_bulk, 60)])
        before = self.env["sale.order"].search_count([])

        def fail(_self):
            raise InterruptedError

        self.patch(type(self.env["sale.order"]), "_cement_after_confirm", fail)
        with self.assertRaises(InterruptedError), self.env.cr.savepoint():
            cart._confirm("portal_desktop")
        self.env.invalidate_all()
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertEqual(cart.sudo().state, "draft")
        self.assertEqual(self.line_bulk.volume_ordered, 0)

    def test_vat_of_the_day_of_shipment(self):
        """A rate that changes between two days taxes each order by its own."""
        rate = self.env["cement.vat.rate"]._get_rate("standard", self.day)
        rate.date_to = self.day
        self.env["cement.vat.rate"].create(
            {
                "name": "VAT 30 %",
                "category": "standard",
                "rate": 30,
                "date_from": self.day + timedelta(1),
                "source": "test",
            }
        )
        rows = [
            {
                "specification_line_id": self.line_bulk.id,
                "quantity": 20,
                "day": self.day + timedelta(step),
            }
            for step in (0, 1)
        ]
        cart = self._create_cart(rows)
        plan = cart._get_plan_view()
        orders = self._confirm(cart).sorted("requested_date")
        self.assertEqual(
            [order.order_line.tax_ids.amount for order in orders], [rate.rate, 30.0]
        )
        self.assertAlmostEqual(
            sum(orders.mapped("amount_total")), plan["totals"]["total"], 2
        )
        self.assertEqual(orders[1].amount_tax, 30_000)

    def test_a_price_that_changed_behind_the_page(self):
        """Nobody orders at a price that the page did not show."""
        cart = self._create_cart()
        other = self._create_cart([(self.line_pallet, 1.5)])
        seen, kept = cart.version, other.version
        before = cart.write_date
        self.line_bulk.price_unit = 9900.0
        with self.assertRaisesRegex(UserError, "confirm again"):
            cart._confirm("portal_desktop", seen)
        self.assertFalse(cart.sudo().order_ids)
        self.assertEqual((other.version, cart.write_date), (kept, before))
        # the same price again, as an exchange writes it, changes nothing
        seen = cart.version
        self.line_bulk.price_unit = 9900.0
        self.assertEqual(cart.version, seen)
        orders = cart._confirm("portal_desktop", seen)
        self.assertEqual(orders.sudo().order_line.price_unit, 9900.0)

    def test_prices_survive_recomputation(self):
        order = self._create_order(20)
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half price",
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.client.property_product_pricelist = pricelist
        self.cement.list_price = 1.0
        order._recompute_prices()
        order.action_update_prices()
        order.order_line.invalidate_recordset()
        self.env.add_to_compute(
            order.order_line._fields["price_unit"], order.order_line
        )
        order.order_line.flush_recordset()
        self.assertEqual(order.order_line.price_unit, 5000)
        self.assertEqual(order.order_line.discount, 0)
        self.assertEqual(order.amount_untaxed, 100_000)
        order.order_line.product_uom_qty = 25
        self.assertEqual(order.order_line.price_unit, 5000)
        self.assertEqual(order.amount_untaxed, 125_000)

    def test_tax_survives_recomputation(self):
        order = self._create_order(20)
        taxes = order.order_line.tax_ids
        order.order_line._compute_tax_ids()
        self.assertEqual(order.order_line.tax_ids, taxes)
        self.assertTrue(taxes.cement_vat_rate_id)

    def test_price_of_a_package(self):
        cart = self._create_cart([(self.line_pallet, 6)])
        order = self._confirm(cart)
        line = order.order_line
        self.assertEqual((line.product_uom_qty, line.price_unit), (4, 8700))
        self.assertEqual((line.mass, order.load_mass), (6, 6))
        self.assertEqual(order.amount_untaxed, 34_800)

    def test_currency_of_the_contract(self):
        yuan = self._enable_currency("CNY")
        agreement = self._create_agreement(self.client, currency_id=yuan.id)
        line = self._create_specification(agreement, [{"price_unit": 430}]).line_ids
        cart = self._create_cart([(line, 20)])
        self.assertEqual(cart._get_plan_view()["currency"], yuan)
        order = self._confirm(cart)
        self.assertEqual(order.currency_id, yuan)
        self.assertEqual(order.amount_untaxed, 8600)
        order.with_context(x=1)._compute_currency_id()
        self.assertEqual(order.currency_id, yuan)

    def test_two_companies(self):
        """F129: lines of two suppliers make orders of two companies."""
        agreement = self._create_agreement(self.client, self.supplier2)
        line = self._create_specification(agreement).line_ids
        cart = self._create_cart([(self.line_bulk, 20), (line, 20)])
        orders = self._confirm(cart)
        self.assertEqual(orders.company_id, self.supplier | self.supplier2)
        for order in orders:
            self.assertEqual(order.warehouse_id.company_id, order.company_id)
            self.assertEqual(order.order_line.tax_ids.company_id, order.company_id)
            self.assertEqual(order.picking_ids.company_id, order.company_id)
            self.assertEqual(order.agreement_id.company_id, order.company_id)

    def test_two_accounting_categories(self):
        mix = self._create_product(
            "pallet",
            accounting_category_id=self.env.ref("cement_base.accounting_mix").id,
        )
        specification = self._create_specification(
            self.agreement, [{"product_id": self.pallet.id}, {"product_id": mix.id}]
        )
        orders = self._confirm(
            self._create_cart([(line, 3) for line in specification.line_ids])
        )
        self.assertEqual(len(orders), 2)
        for order in orders:
            self.assertEqual(
                order.order_line.product_id.accounting_category_id,
                order.accounting_category_id,
            )

    def test_pick_up_needs_no_site(self):
        line = self._create_specification(
            self.agreement, [{"delivery_method_id": self.road_pickup.id}]
        ).line_ids
        cart = self._create_cart(
            [{"specification_line_id": line.id, "quantity": 20, "site_id": False}]
        )
        order = self._confirm(cart)
        self.assertFalse(order.site_id)
        self.assertEqual(order.delivery_method_id, self.road_pickup)

    def test_consignee(self):
        builder = self._create_counterparty("Builder")
        self.site.consignee_id = builder
        order = self._create_order()
        self.assertEqual(order.consignee_id, builder)
        self.assertEqual(order.partner_shipping_id, builder)
        self.assertEqual(order.partner_id, self.client)

    def test_names_are_never_reused(self):
        names = [self._create_order(1).name for _number in range(3)]
        self.assertEqual(len(set(names)), 3)
        self.assertTrue(all(len(name) <= 11 for name in names))

    def test_letter_to_the_manager_once(self):
        """F138: one message a request, however many orders."""
        manager = self._create_manager()
        self.client.cement_manager_id = manager
        self.env["cement.manager.profile"].create({"user_id": manager.id})
        cart = self._create_cart([(self.line_bulk, 100)])
        orders = self._confirm(cart)
        self.assertGreater(len(orders), 3)
        self.assertEqual(orders.user_id, manager)
        messages = self.env["mail.message"].search(
            [("notified_partner_ids", "in", manager.partner_id.ids)]
        )
        self.assertEqual(len(messages), 1, messages.mapped("body"))
        self.assertEqual((messages.model, messages.res_id), ("cement.cart", cart.id))
        self.assertIn("100", messages.body)
        self.assertIn(orders[0].name, messages.body)

    def test_name_of_the_client_is_no_markup(self):
        manager = self._create_manager()
        self.client.write(
            {"cement_manager_id": manager.id, "name": "<img src=x onerror=alert(1)>"}
        )
        self.env["cement.manager.profile"].create({"user_id": manager.id})
        cart = self._create_cart()
        cart._confirm("portal_desktop")
        message = cart.sudo().message_ids.filtered("notified_partner_ids")
        self.assertNotIn("<img", message.body)
