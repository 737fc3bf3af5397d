# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What each role sees of orders and their documents, by every door of the ORM."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import CementSaleCommon

MODELS = (
    "cement.cart",
    "cement.cart.line",
    "sale.order",
    "sale.order.line",
    "cement.order.event",
    "stock.picking",
    "account.move",
    "account.move.line",
    "cement.gate.override",
)


@tagged("post_install", "-at_install")
class TestAccess(CementSaleCommon):
    """Two counterparties; the first has two contracts and two sites.

    ``mine``: an order of the buyer (contract one, site one); ``others``: of the
    owner (contract two, site two); ``foreign``: of the other counterparty.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement2 = cls._create_agreement(cls.client, code="D-2")
        cls.site2 = cls._create_site(cls.client, "Site South")
        cls.line2 = cls._create_specification(cls.agreement2).line_ids
        cls.stranger_client = cls._create_counterparty("Stranger")
        cls.stranger_site = cls._create_site(cls.stranger_client)
        cls.stranger_line = cls._create_specification(
            cls._create_agreement(cls.stranger_client)
        ).line_ids
        people = {
            role: cls._create_member(cls.client, role).user_id
            for role in ("privileged", "buyer", "accountant", "viewer")
        }
        people["owner"] = cls.owner
        people["contract"] = cls._create_member(
            cls.client, "owner", agreements=cls.agreement
        ).user_id
        people["site"] = cls._create_member(cls.client, "owner", sites=cls.site).user_id
        people["foreign"] = cls._create_member(cls.stranger_client, "owner").user_id
        people["nobody"] = cls._create_portal_user("nobody@example.com")
        people["public"] = cls.env.ref("base.public_user")
        cls.people = people
        cls.income = cls.env["account.account"].create(
            {
                "name": "Income",
                "code": "INC900",
                "account_type": "income",
                "company_ids": [Command.set(cls.supplier.ids)],
            }
        )
        receivable = cls.env["account.account"].create(
            {
                "name": "Receivable",
                "code": "REC900",
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [Command.set(cls.supplier.ids)],
            }
        )
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "CSAL",
                "type": "sale",
                "company_id": cls.supplier.id,
                "default_account_id": cls.income.id,
            }
        )
        for partner in (cls.client, cls.stranger_client):
            partner.with_company(
                cls.supplier
            ).property_account_receivable_id = receivable
        cls.mine = cls._make_order(people["buyer"], cls.line_bulk, cls.site)
        cls.others = cls._make_order(cls.owner, cls.line2, cls.site2)
        cls.foreign = cls._make_order(
            people["foreign"], cls.stranger_line, cls.stranger_site
        )
        cls.sets = {
            order: {
                "cement.cart": order.cement_cart_id,
                "cement.cart.line": order.cement_cart_id.line_ids,
                "sale.order": order,
                "sale.order.line": order.order_line,
                "cement.order.event": order.status_event_ids,
                "stock.picking": order.picking_ids,
                "account.move": cls._make_invoice(order),
                "cement.gate.override": cls.env["cement.gate.override"].create(
                    {
                        "order_id": order.id,
                        "code": "min_lot",
                        "message": "m",
                        "reason": "r",
                    }
                ),
            }
            for order in (cls.mine, cls.others, cls.foreign)
        }
        for records in cls.sets.values():
            records["account.move.line"] = records["account.move"].line_ids
        cls.env.flush_all()

    @classmethod
    def _make_order(cls, user, line, site):
        cart = cls._create_cart(
            [
                {
                    "specification_line_id": line.id,
                    "quantity": 20,
                    "site_id": site.id,
                }
            ],
            user,
            partner=site.partner_id,
        )
        return cart._confirm("portal_desktop").sudo().with_env(cls.env)

    @classmethod
    def _make_invoice(cls, order):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": order.partner_id.id,
                "company_id": order.company_id.id,
                "journal_id": cls.journal.id,
                "invoice_date": cls.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": order.name,
                            "quantity": 1,
                            "price_unit": 100,
                            "account_id": cls.income.id,
                            "tax_ids": [],
                            "sale_line_ids": [Command.set(order.order_line.ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _seen(self, user, model):
        """Return what *user* sees of our records, by every door alike."""
        records = self.portal_env(user)[model]
        ours = Domain("id", "in", self._all(model).ids)
        try:
            found = records.search(ours)
        except AccessError:
            self._assert_closed(user, model)
            return None
        self.assertEqual(records.search_count(ours), len(found))
        [(count,)] = records._read_group(ours, [], ["__count"])
        self.assertEqual(count, len(found))
        groups = records.formatted_read_group(
            list(ours), ["create_date:day"], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in groups), len(found))
        named = records.name_search(domain=list(ours), limit=100)
        self.assertEqual({row[0] for row in named}, set(found.ids))
        rows = call_kw(records, "search_read", [list(ours), ["id"]], {})
        self.assertEqual({row["id"] for row in rows}, set(found.ids))
        hidden = self._all(model) - found.sudo().with_env(self.env)
        for record in hidden:
            with self.assertRaises(AccessError, msg=f"{user.login} {record}"):
                call_kw(records, "read", [[record.id], ["create_uid"]], {})
            # refused altogether, before a row is looked at
            with self.assertRaises(UserError):
                call_kw(records, "export_data", [[record.id], [".id"]], {})
        return found.sudo().with_env(self.env)

    def _assert_closed(self, user, model):
        records = self.portal_env(user)[model]
        ids = self._all(model).ids
        for method, args in (
            ("read", [ids, ["id"]]),
            ("search_read", [[], ["id"]]),
            ("name_search", []),
            ("formatted_read_group", [[], [], ["__count"]]),
            ("web_search_read", [[], {"id": {}}]),
        ):
            with self.assertRaises(AccessError, msg=(user.login, model, method)):
                call_kw(records, method, args, {})

    def _all(self, model):
        records = self.env[model]
        for of_order in self.sets.values():
            records |= of_order[model]
        return records

    def _expect(self, role, *orders, closed=()):
        user = self.people[role]
        for model in MODELS:
            with self.subTest(role=role, model=model):
                seen = self._seen(user, model)
                if model in closed:
                    self.assertFalse(seen, f"{role} {model}")
                    continue
                expected = self.env[model]
                for order in orders:
                    expected |= self.sets[order][model]
                self.assertEqual(
                    seen.sorted("id") if seen is not None else None,
                    expected.sorted("id"),
                )

    _LOG = ("cement.gate.override",)
    _CARTS = ("cement.cart", "cement.cart.line")
    _MONEY = ("account.move", "account.move.line")

    def test_owner(self):
        self._expect("owner", self.mine, self.others, closed=self._LOG)

    def test_privileged(self):
        self._expect("privileged", self.mine, self.others, closed=self._LOG)

    def test_buyer(self):
        """F154: own orders only, and no finances."""
        self._expect("buyer", self.mine, closed=self._LOG + self._MONEY)

    def test_accountant(self):
        self._expect(
            "accountant", self.mine, self.others, closed=self._LOG + self._CARTS
        )

    def test_viewer(self):
        self._expect(
            "viewer",
            self.mine,
            self.others,
            closed=self._LOG + self._CARTS + self._MONEY,
        )

    def test_limited_to_a_contract(self):
        """What a colleague asked for by another contract stays hidden, the request
        itself too: its page shows all lines with their prices."""
        user = self.people["contract"]
        self.assertEqual(
            self._seen(user, "cement.cart"), self.sets[self.mine]["cement.cart"]
        )
        for model in ("sale.order", "sale.order.line", "cement.cart.line"):
            self.assertEqual(self._seen(user, model), self.sets[self.mine][model])
        for model in ("stock.picking", "cement.order.event"):
            self.assertEqual(self._seen(user, model), self.sets[self.mine][model])
        for model in self._MONEY:
            self.assertEqual(self._seen(user, model), self.sets[self.mine][model])

    def test_limited_and_mixed_requests(self):
        """One line from outside the limits closes a colleague's request; the own
        stays, or what was typed would be lost when the limits are narrowed."""
        rows = [(self.line_bulk, 20.0), (self.line2, 20.0)]
        mixed = self._create_cart(rows, self.owner)
        plain = self._create_cart(rows[:1], self.owner)
        empty = self._create_cart([], self.owner)
        member = self._create_member(self.client, "privileged")
        user = member.user_id
        own = self._create_cart(rows, user)
        carts = mixed | plain | empty | own
        ids = carts.ids
        found = self.portal_env(user)["cement.cart"].search([("id", "in", ids)])
        self.assertEqual(set(found.ids), set(ids))
        member.agreement_ids = self.agreement
        found = self.portal_env(user)["cement.cart"].search([("id", "in", ids)])
        self.assertEqual(set(found.ids), {plain.id, empty.id, own.id})
        with self.assertRaises(AccessError):
            mixed.with_user(user)._get_plan_view()

    def test_limited_to_a_site(self):
        user = self.people["site"]
        for model in ("cement.cart", *self._MONEY):
            self.assertEqual(self._seen(user, model), self.sets[self.mine][model])
        for model in ("sale.order", "sale.order.line", "cement.cart.line"):
            self.assertEqual(self._seen(user, model), self.sets[self.mine][model])
        self.assertEqual(
            self._seen(user, "stock.picking"), self.sets[self.mine]["stock.picking"]
        )

    def test_foreign(self):
        self._expect("foreign", self.foreign, closed=self._LOG)

    def test_without_a_counterparty_and_public(self):
        for role in ("nobody", "public"):
            for model in MODELS:
                seen = self._seen(self.people[role], model)
                self.assertFalse(seen, f"{role} {model}")

    def test_revoked_at_once(self):
        user = self.people["viewer"]
        self.assertTrue(self._seen(user, "sale.order"))
        user.cement_member_ids.active = False
        self.assertFalse(self._seen(user, "sale.order"))

    def test_nobody_outside_writes(self):
        for role, user in self.people.items():
            for model in MODELS:
                records = self.portal_env(user)[model]
                target = self.sets[self.mine][model]
                for method, args in (
                    ("write", [target.ids, {"create_uid": 1}]),
                    ("unlink", [target.ids]),
                    ("create", [dict.fromkeys(("move_id", "order_id"))]),
                    ("copy", [target.ids]),
                    ("web_save", [target.ids, {"create_uid": 1}, {}]),
                ):
                    with self.assertRaises(AccessError, msg=(role, model, method)):
                        call_kw(records, method, args, {})

    def test_quotations_are_not_shown(self):
        """A manager's draft is no offer yet; once sent it is."""
        quotation = self._create_quotation(20)
        orders = self.portal_env(self.owner)["sale.order"]
        self.assertFalse(orders.search([("id", "=", quotation.id)]))
        quotation.state = "sent"
        self.assertTrue(orders.search([("id", "=", quotation.id)]))

    def test_notes_cannot_be_guessed(self):
        """What managers write beneath an order or an invoice stays theirs."""
        for model in ("sale.order", "account.move"):
            self.assert_notes_unguessed(self.sets[self.mine][model][:1], self.owner)

    def test_draft_invoices_and_entries_are_not_shown(self):
        move = self.sets[self.mine]["account.move"]
        move.button_draft()
        moves = self.portal_env(self.owner)["account.move"]
        self.assertFalse(moves.search([("id", "=", move.id)]))

    def test_plain_orders_stay_with_core(self):
        """Orders of other kinds are no business of the portal of cement."""
        order = self.env["sale.order"].create({"partner_id": self.client.id})
        orders = self.portal_env(self.owner)["sale.order"]
        self.assertFalse(orders.search([("id", "=", order.id)]))

    def test_chatter_of_orders(self):
        """The conversation of an order is closed to those who do not see it."""
        message = self.mine.message_post(body="our price", message_type="comment")
        for role, seen in (("owner", True), ("foreign", False), ("nobody", False)):
            messages = self.portal_env(self.people[role])["mail.message"]
            try:
                found = messages.search([("id", "=", message.id)])
            except AccessError:
                found = messages
            if not seen:
                self.assertFalse(found, role)
                with self.assertRaises(AccessError):
                    messages.browse(message.id).read(["body"])

    def test_attachments_of_orders(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "waybill.pdf",
                "raw": b"secret",
                "res_model": "sale.order",
                "res_id": self.mine.id,
            }
        )
        for role in ("foreign", "nobody", "public"):
            attachments = self.portal_env(self.people[role])["ir.attachment"]
            self.assertFalse(attachments.search([("id", "=", attachment.id)]))
            with self.assertRaises(AccessError):
                attachments.browse(attachment.id).read(["raw"])

    def test_people_of_two_counterparties(self):
        """One person, two companies: the orders of both, nothing between."""
        user = self.people["buyer"]
        self._create_member(self.stranger_client, "viewer", user=user)
        self.assertEqual(
            self._seen(user, "sale.order"),
            (self.mine | self.foreign).sorted("id")[::-1],
        )

    # === People inside ===

    def test_manager_and_dispatcher(self):
        manager = self._create_manager()
        dispatcher = self._create_internal_user(
            "dispatcher", "cement_base.group_dispatcher"
        )
        accountant = self._create_internal_user("books", "cement_base.group_accountant")
        for user, models in (
            (manager, ("cement.cart", "sale.order", "cement.gate.override")),
            (dispatcher, ("cement.cart", "stock.picking")),
            (accountant, ("account.move", "cement.cart")),
        ):
            for model in models:
                records = self.env[model].with_user(user)
                found = records.search([("id", "in", self._all(model).ids)])
                self.assertEqual(len(found), len(self._all(model)), (user.login, model))
        with self.assertRaises(AccessError):
            self.mine.cement_cart_id.with_user(dispatcher).name = "x"
        with self.assertRaises(AccessError):
            self.mine.status_event_ids.with_user(manager).note = "x"
        with self.assertRaises(AccessError):
            self.mine.with_user(dispatcher).action_cancel()
