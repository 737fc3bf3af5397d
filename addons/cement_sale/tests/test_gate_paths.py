# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestGatePaths(CementSaleCommon):
    """Every way to an order goes through the one gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_manager()
        cls.lifter = cls._create_manager("lifter", "cement_base.group_gate_override")

    def _quotation(self, quantity=20.0, user=None, **vals):
        return self._create_quotation(quantity, **vals).with_user(user or self.manager)

    def _rpc(self, user, records, method, *args, **kwargs):
        return call_kw(
            records.with_user(user).browse(), method, [records.ids, *args], kwargs
        )

    # === Portal ===

    def test_portal_confirm(self):
        cart = self._create_cart([(self.line_bulk, 1001)])
        with self.assertRaisesRegex(UserError, "1,001"):
            cart._confirm("portal_desktop")

    def test_repeat(self):
        order = self._create_order(20)
        self._create_cart([(self.line_bulk, 970)])._confirm("portal_desktop")
        cart = self._create_cart([])
        cart._add_from_orders(order.with_env(cart.env), day=self.day)
        with self.assertRaisesRegex(UserError, "10 t left"):
            cart._confirm("portal_desktop")

    def test_import(self):
        cart = self._create_cart([])
        day = self.day.strftime("%d.%m.%Y")
        cart._import_table(f"{self.cement.default_code}\t1001\t{day}\tSite North")
        with self.assertRaises(UserError):
            cart._confirm("portal_desktop")

    def test_edit(self):
        order = self._create_order(20)
        mine = order.with_env(self.portal_env(self.owner))
        line = order.order_line
        for changes in (
            {"quantities": {line.id: 26}},
            {"quantities": {line.id: "-1"}},
            {"quantities": {line.id + 999: 1}},
            {"requested_date": self.today},
            {"requested_date": self.today + timedelta(days=365)},
            {"site_id": self._create_site(self._create_counterparty()).id},
        ):
            with self.assertRaises(UserError, msg=changes):
                mine._cement_edit(changes)
        self.assertEqual(
            (line.mass, order.requested_date, order.site_id),
            (20, self.day, self.site),
        )

    def test_edit_cuts_no_package_open(self):
        """A cart asks for whole packages; changing its order must too."""
        order = self._create_order(5, line=self.line_big_bag)
        line = order.order_line
        unit = self.big_bag.unit_mass
        mine = order.with_env(self.portal_env(self.owner))
        for mass in (unit * 2.5, unit / 2):
            with self.assertRaisesRegex(UserError, "whole packages"):
                mine._cement_edit({"quantities": {line.id: mass}})
        self.assertEqual(line.mass, 5)
        mine._cement_edit({"quantities": {line.id: unit * 3}})
        self.assertEqual(line.product_uom_qty, 3)

    def test_edit_that_is_fine(self):
        order = self._create_order(20)
        order.promised_date = self.day
        mine = order.with_env(self.portal_env(self.owner))
        later = self.day + timedelta(1)
        second = self._create_site(self.client, "Site South")
        mine._cement_edit(
            {
                "quantities": {str(order.order_line.id): "22,5"},
                "requested_date": later.isoformat(),
                "site_id": second.id,
            }
        )
        self.assertEqual(order.load_mass, 22.5)
        self.assertEqual((order.requested_date, order.site_id), (later, second))
        # the promise was given for another day
        self.assertFalse(order.promised_date)
        self.assertEqual(self.line_bulk.volume_ordered, 22.5)
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 22.5)

    def test_who_is_not_known_to_be_allowed_is_refused(self):
        """One function decides for requests and orders; its default is no."""
        line, client, site = self.line_bulk, self.client, self.site
        no_site = site.browse()
        owner = self.owner
        self.assertTrue(line._is_open_to(owner, client, site))
        self.assertTrue(line._is_open_to(owner, client, no_site))
        self.assertTrue(line._is_open_to(self.manager, client, site))
        other = self._create_counterparty("Other Works")
        nobody = self._create_portal_user("nobody@y.com")
        viewer = self._create_member(client, "viewer", login="v@y.com").user_id
        stranger = self._create_member(other, "owner", login="s@y.com").user_id
        for user in (nobody, viewer, stranger, self.env.ref("base.public_user")):
            self.assertFalse(line._is_open_to(user, client, site), user.login)
        # the line of another client is nobody's, not even a manager's
        for user in (owner, stranger, self.manager):
            self.assertFalse(line._is_open_to(user, other, site), user.login)
            self.assertFalse(line._is_open_to(user, other.browse(), site), user.login)
        member = owner.cement_member_ids
        second = self._create_site(client, "Site South")
        member.site_ids = second
        self.assertFalse(line._is_open_to(owner, client, site))
        self.assertTrue(line._is_open_to(owner, client, second))
        self.assertTrue(line._is_open_to(owner, client, no_site))
        member.write(
            {"site_ids": False, "agreement_ids": self._create_agreement(client).ids}
        )
        self.assertFalse(line._is_open_to(owner, client, site))

    def test_a_member_without_membership_is_blocked_on_both_ways(self):
        """The request and its order answer the same when the access is gone."""
        cart = self._create_cart()
        order = self._create_order(20)
        self._create_member(self.client, "owner", login="second@y.com")
        self.owner.cement_member_ids.active = False
        findings = cart.with_user(self.owner).sudo()._plan().findings
        self.assertIn("line_not_allowed", self.codes(findings))
        findings = order.with_user(self.owner)._get_gate_findings()
        self.assertIn("line_not_allowed", self.codes(findings))

    def test_narrowed_limits_close_what_the_draft_holds(self):
        """Neither product nor price of a contract outside of the limits."""
        cart = self._create_cart([(self.line_bulk, 20.0), (self.line_bulk, 5.0)])
        other = self._create_agreement(self.client, code="D-2")
        self.owner.cement_member_ids.agreement_ids = other
        view = cart._get_plan_view()
        self.assertEqual(view["groups"], [])
        self.assertEqual(view["totals"]["total"], 0.0)
        self.assertFalse(view["can_confirm"])
        [finding] = view["findings"]
        self.assertEqual(finding["code"], "line_not_allowed")
        self.assertEqual(sorted(finding["keys"]), sorted(cart.sudo().line_ids.ids))
        self.assertNotIn(self.cement.name, str(view))
        with self.assertRaises(UserError):
            cart._confirm("portal_desktop")
        # what is closed can still be taken out
        cart._remove_lines(cart.sudo().line_ids.ids)
        self.assertFalse(cart.sudo().line_ids)

    # === The price of what was ordered ===

    def test_an_order_keeps_its_price(self):
        order = self._create_order(20)
        line = order.order_line
        self.line_bulk.price_unit = 6000
        mine = order.with_env(self.portal_env(self.owner))
        mine._cement_edit({"quantities": {line.id: 15}})
        self.assertEqual((line.mass, line.price_unit), (15, 5000))
        mine._cement_edit({"requested_date": self.day + timedelta(1)})
        self.assertEqual(line.price_unit, 5000)
        # the same tonnes are not more tonnes
        mine._cement_edit({"quantities": {line.id: "15,000"}})
        self.assertEqual(line.price_unit, 5000)
        # nor does a manager's change of the quantity reprice
        self._rpc(self.manager, line, "write", {"product_uom_qty": 18})
        self.assertEqual((line.mass, line.price_unit), (18, 5000))

    def test_more_tonnes_at_another_price_are_asked_about(self):
        order = self._create_order(20)
        line = order.order_line
        mine = order.with_env(self.portal_env(self.owner))
        more = {"quantities": {line.id: 21}}
        # the price is the same: nothing to ask
        self.assertEqual(mine._get_price_questions(more), [])
        self.line_bulk.price_unit = 6000
        for agreed in ({}, {line.id: 5000}, {line.id: "x"}, {line.id + 1: 6000}):
            with self.assertRaisesRegex(UserError, "6,000"):
                mine._cement_edit({**more, "prices": agreed})
        self.assertEqual((line.mass, line.price_unit), (20, 5000))
        [question] = mine._get_price_questions(more)
        self.assertEqual((question["line_id"], question["price"]), (line.id, 6000))
        self.assertIn("5,000", question["message"])
        agreed = {str(line.id): question["price"]}
        self.assertEqual(mine._get_price_questions({**more, "prices": agreed}), [])
        mine._cement_edit({**more, "prices": agreed})
        self.assertEqual((line.mass, line.price_unit), (21, 6000))
        # the price moved on between question and answer: asked once more
        self.line_bulk.price_unit = 6500
        with self.assertRaisesRegex(UserError, "6,500"):
            mine._cement_edit({"quantities": {line.id: 22}, "prices": agreed})

    def test_money_of_an_order_is_not_written_by_hand(self):
        order = self._create_order(20)
        line = order.order_line
        foreign_tax = self.env["account.tax"].create(
            {"name": "Mine", "amount": 1, "company_id": order.company_id.id}
        )
        for vals in (
            {"price_unit": 1},
            {"discount": 50},
            {"tax_ids": [Command.set(foreign_tax.ids)]},
        ):
            with self.assertRaises(AccessError, msg=vals):
                self._rpc(self.manager, line, "write", vals)
        with self.assertRaises(AccessError):
            self._rpc(self.manager, order, "write", {"ordered_by_id": self.manager.id})
        with self.assertRaises(AccessError):
            self._rpc(
                self.manager,
                order,
                "write",
                {"order_line": [Command.update(line.id, {"price_unit": 1})]},
            )
        self.assertEqual((line.price_unit, line.discount), (5000, 0))
        self.assertEqual(order.ordered_by_id, self.owner)
        # a form sends what it shows
        self._rpc(self.manager, line, "write", {"price_unit": 5000, "discount": 0})
        # with the right it is done, and kept
        self._rpc(self.lifter, line, "write", {"price_unit": 4900})
        self.assertEqual(line.price_unit, 4900)
        self.assertIn("4,900", order.message_ids[0].body)
        self.assertIn("5,000", order.message_ids[0].body)
        self.assertEqual(order.message_ids[0].author_id, self.lifter.partner_id)

    def test_a_quotation_by_specification_has_its_price(self):
        order = self._quotation(20)
        with self.assertRaises(AccessError):
            order.order_line.price_unit = 1
        lines = [
            Command.create(
                {
                    "product_id": self.cement.id,
                    "product_uom_qty": 1,
                    "specification_line_id": self.line_bulk.id,
                    "price_unit": 1,
                }
            )
        ]
        with self.assertRaises(AccessError):
            self._rpc(self.manager, order, "write", {"order_line": lines})

    # === Backend ===

    def test_backend_confirm(self):
        order = self._quotation(20)
        order.action_confirm()
        self.assertEqual((order.state, order.channel), ("sale", "manager"))
        self.assertEqual(order.agreement_id, self.agreement)
        self.assertEqual(order.plant_id, self.plant)
        self.assertEqual(order.ordered_by_id, self.manager)
        self.assertEqual(order.order_line.price_unit, 5000)
        self.assertEqual(self.line_bulk.volume_ordered, 20)

    def test_backend_confirm_blocked(self):
        for quantity, vals in (
            (1001, {}),
            (-1, {}),
            (20, {"requested_date": self.today - timedelta(1)}),
            (20, {"requested_date": False}),
            (20, {"site_id": False}),
            (20, {"site_id": self._create_site(self._create_counterparty()).id}),
        ):
            order = self._quotation(quantity, **vals)
            with self.assertRaises(UserError, msg=(quantity, vals)):
                order.action_confirm()
            self.assertEqual(order.state, "draft")

    def test_backend_batch_is_checked_together(self):
        """Two quotations of 600 t do not fit the 1,000 t that are left."""
        orders = self._quotation(600) | self._quotation(600)
        with self.assertRaises(UserError):
            orders.action_confirm()

    def test_copy_and_confirm(self):
        order = self._create_order(20)
        copy = order.with_user(self.manager).copy()
        self.assertEqual(copy.cement_state, "new")
        self.assertFalse(copy.channel or copy.cement_cart_id or copy.promised_date)
        self.assertEqual(copy.requested_date, self.day)
        copy.action_confirm()
        self.assertEqual(self.line_bulk.volume_ordered, 40)
        self.line_bulk.volume_agreed = 45
        again = order.with_user(self.manager).copy()
        with self.assertRaises(UserError):
            again.action_confirm()

    def test_request_confirmed_in_the_backend(self):
        cart = self._create_cart().with_user(self.manager)
        cart.action_confirm()
        self.assertEqual(cart.order_ids.mapped("channel"), ["manager"])

    def test_line_added_to_a_confirmed_order(self):
        order = self._create_order(20).with_user(self.manager)
        self.line_bulk.volume_agreed = 30
        line = order.order_line
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.product_uom_qty = 31
            self.env.flush_all()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.cement.id,
                        "product_uom_qty": 11,
                        "specification_line_id": self.line_bulk.id,
                    }
                )
            ]
        line.product_uom_qty = 25
        self.assertEqual(self.line_bulk.volume_ordered, 25)

    def test_change_by_right_is_kept(self):
        order = self._create_order(20).with_user(self.lifter)
        self.line_bulk.volume_agreed = 22
        order.order_line.product_uom_qty = 24
        override = self.env["cement.gate.override"].search(
            [("order_id", "=", order.id)]
        )
        self.assertEqual(override.code, "volume_exceeded")
        self.assertEqual(override.user_id, self.lifter)

    def test_product_must_be_the_agreed_one(self):
        order = self._quotation(20)
        with self.assertRaises(ValidationError):
            order.order_line.product_id = self.pallet

    def test_two_contracts_do_not_share_an_order(self):
        second = self._create_specification(
            self._create_agreement(self.client)
        ).line_ids
        order = self._quotation(10)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.cement.id,
                    "product_uom_qty": 5,
                    "specification_line_id": second.id,
                }
            )
        ]
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_foreign_specification_line(self):
        other = self._create_counterparty()
        line = self._create_specification(self._create_agreement(other)).line_ids
        order = self._create_quotation(10, line).with_user(self.manager)
        with self.assertRaises(UserError):
            order.action_confirm()

    # === Lifting ===

    def _lift(self, document, user, reason="agreed with the director"):
        wizard = (
            self.env["cement.gate.lift"]
            .with_user(user)
            .create({document[0]: document[1].id, "reason": reason})
        )
        return wizard, wizard.action_lift

    def test_lift_for_an_order(self):
        order = self._quotation(1010, self.lifter)
        order.vehicle_type_id = False
        action = order.action_confirm()
        self.assertEqual(action["res_model"], "cement.gate.lift")
        self.assertEqual(order.state, "draft")
        wizard, lift = self._lift(("order_id", order), self.lifter)
        self.assertTrue(wizard.can_lift)
        self.assertIn("1,010", wizard.findings_text)
        lift()
        self.assertEqual(order.state, "sale")
        override = order.override_ids
        self.assertEqual(
            (override.code, override.reason, override.user_id),
            ("volume_exceeded", "agreed with the director", self.lifter),
        )

    def test_lift_for_a_request(self):
        cart = self._create_cart([(self.line_bulk, 1010)])
        inside = cart.with_user(self.lifter)
        self.assertEqual(inside.action_confirm()["res_model"], "cement.gate.lift")
        self._lift(("cart_id", inside), self.lifter)[1]()
        self.assertEqual(cart.sudo().state, "confirmed")
        self.assertEqual(cart.sudo().override_ids.mapped("code"), ["volume_exceeded"])
        self.assertEqual(self.line_bulk.volume_ordered, 1010)

    def test_lifted_overdraft_does_not_grow(self):
        """A member who edits the order later does not inherit more than was
        lifted."""
        cart = self._create_cart([(self.line_bulk, 1010)])
        self._lift(("cart_id", cart), self.lifter)[1]()
        order = cart.sudo().order_ids[0]
        line = order.order_line
        mine = order.with_env(self.portal_env(self.owner))
        mine._cement_edit({"quantities": {line.id: line.mass - 2}})
        with self.assertRaises(UserError):
            mine._cement_edit({"quantities": {line.id: line.mass + 3}})
        self.assertEqual(self.line_bulk.volume_ordered, 1008)

    def test_lift_needs_right_and_reason(self):
        order = self._quotation(1010)
        with self.assertRaises(AccessError):
            self._lift(("order_id", order), self.manager)
        with self.assertRaises(UserError):
            self._lift(("order_id", order), self.lifter, "  ")[1]()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.override_ids)

    def test_contradictions_stay(self):
        order = self._quotation(-5, self.lifter)
        wizard, lift = self._lift(("order_id", order), self.lifter)
        self.assertFalse(wizard.can_lift)
        with self.assertRaises(UserError):
            lift()

    def test_log_is_read_only(self):
        order = self._create_order(20)
        vals = {
            "order_id": order.id,
            "code": "volume_exceeded",
            "message": "m",
            "reason": "r",
            "user_id": self.lifter.id,
        }
        override = self.env["cement.gate.override"].create(vals)
        admin = self._create_internal_user("boss", "cement_base.group_cement_admin")
        for user in (self.manager, self.lifter, admin):
            log = self.env["cement.gate.override"].with_user(user)
            with self.assertRaises(AccessError):
                log.create(vals)
            with self.assertRaises(AccessError):
                override.with_user(user).reason = "x"
            with self.assertRaises(AccessError):
                override.with_user(user).unlink()

    # === RPC ===

    def test_underscore_methods_are_closed(self):
        order, cart = self._create_order(20), self._create_cart()
        for records, method in (
            (cart, "_confirm"),
            (cart, "_create_orders"),
            (cart, "_log_lifted"),
            (order, "_cement_set_state"),
            (order, "_cement_confirm_checked"),
            (order, "_cement_edit"),
            (order, "_log_lifted"),
        ):
            for user in (self.owner, self.manager):
                with self.assertRaises(AccessError, msg=method):
                    self._rpc(user, records, method, "manager")

    def test_state_cannot_be_written(self):
        order, quotation = self._create_order(20), self._create_quotation(1010)
        forged = {
            "cement_state": "closed",
            "cement_state_date": fields.Datetime.now(),
            "is_cement": False,
            "channel": "portal_mobile",
            "manager_reason": "x",
            "cement_cart_id": False,
            "load_index": 7,
        }
        for name, value in forged.items():
            for user in (self.manager, self.lifter):
                with self.assertRaises(AccessError, msg=name):
                    self._rpc(user, order, "write", {name: value})
        context = {"install_mode": True, "force": True, "cement_gate": True}
        for user in (self.manager, self.lifter):
            with self.assertRaises(AccessError):
                self._rpc(user, quotation, "write", {"state": "sale"}, context=context)
        with self.assertRaises(AccessError):
            call_kw(
                self.env["sale.order"].with_user(self.manager),
                "create",
                [{"partner_id": self.client.id, "cement_state": "closed"}],
                {},
            )

    def test_request_cannot_be_forged(self):
        cart = self._create_cart()
        for vals in ({"state": "confirmed"}, {"channel": "portal_mobile"}):
            with self.assertRaises(AccessError):
                self._rpc(self.manager, cart, "write", vals)
        cart._confirm("portal_desktop")
        with self.assertRaises(UserError):
            self._rpc(self.manager, cart.line_ids, "write", {"quantity": 1})
        with self.assertRaises(UserError):
            self._rpc(self.manager, cart.line_ids, "unlink")
        with self.assertRaises(UserError):
            self._rpc(self.manager, cart, "write", {"line_ids": [Command.clear()]})

    def test_context_does_not_open_the_gate(self):
        order = self._quotation(1010).with_context(
            tracking_disable=True,
            install_mode=True,
            force=True,
            default_state="sale",
            clean_context=True,
            no_gate=True,
        )
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_members_have_no_buttons_of_managers(self):
        order, cart = self._create_order(20), self._create_cart()
        for records, method in (
            (order, "action_cement_processing"),
            (order, "action_cement_next"),
            (order, "action_cancel"),
            (order, "action_draft"),
            (order, "write"),
            (cart, "write"),
            (cart, "unlink"),
            (cart, "action_cancel"),
        ):
            args = [{"note": "x"}] if method == "write" else []
            with self.assertRaises(AccessError, msg=method):
                self._rpc(self.owner, records, method, *args)
        self.assertEqual((order.cement_state, order.state), ("new", "sale"))
        quotation = self._create_quotation(20)
        quotation.action_quotation_sent()
        with self.assertRaises(AccessError):
            self._rpc(self.owner, quotation, "action_confirm")

    def test_member_cannot_pass_as_a_manager(self):
        cart = self._create_cart()
        with self.assertRaises(AccessError):
            self._rpc(self.owner, cart, "action_confirm")
        self.assertEqual(cart.sudo().state, "draft")

    def test_channel_of_the_books_passes(self):
        """What 1C says is stored as superuser, without the gate."""
        order = self._create_order(20)
        order.sudo().order_line.product_uom_qty = 2000
        self.assertEqual(self.line_bulk.volume_remaining, -1000)
