# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cement_sale.tests.common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestOrderPage(CementSaleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_member(cls.client, "buyer", login="buy@x.com").user_id
        cls.viewer = cls._create_member(
            cls.client, "viewer", login="view@x.com"
        ).user_id
        cls.other_site = cls._create_site(cls.client, "Site South")
        cls.order = cls._create_order(20.0)

    def _as(self, user):
        return self.portal_env(user)["sale.order"].browse(self.order.id)

    def _actions(self, user):
        return {action["key"]: action for action in self._as(user)._portal_actions()}

    def test_page_of_the_owner(self):
        page = self._as(self.owner)._portal_page()
        self.assertEqual(page["state"], "new")
        self.assertEqual(page["lines"][0]["mass"], 20.0)
        line = page["lines"][0]
        self.assertAlmostEqual(line["price_excl"], 5000.0)
        self.assertAlmostEqual(line["untaxed"] + line["tax"], line["total"])
        self.assertGreater(line["price_incl"], line["price_excl"])
        self.assertEqual(page["load"]["mass"], 20.0)
        self.assertTrue(page["load"]["vehicle_name"])
        self.assertEqual(page["siblings"][0]["id"], self.order.id)
        self.assertEqual(page["specifications"], self.specification)

    def test_page_is_refused_to_others(self):
        foreign = self._create_counterparty("Foreign")
        stranger = self._create_member(foreign, "owner", login="for@x.com").user_id
        nobody = self._create_portal_user("nobody@x.com")
        for user in (stranger, nobody, self.buyer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user)._portal_page()

    def test_siblings_are_those_one_may_see(self):
        cart = self._create_cart([(self.line_bulk, 60.0)], self.owner)
        orders = cart._confirm("portal_desktop").sudo()
        self.assertGreater(len(orders), 1)
        hidden = orders[-1]
        hidden.site_id = self.other_site
        limited = self._create_member(
            self.client, "viewer", sites=self.site, login="lim@x.com"
        ).user_id
        env = self.portal_env(limited)
        siblings = env["sale.order"].browse(orders[0].id)._portal_siblings()
        self.assertNotIn(hidden.id, [row["id"] for row in siblings])
        self.assertEqual(len(siblings), len(orders) - 1)

    # === Actions ===

    def test_owner_may_do_all_on_a_new_order(self):
        self.assertTrue(all(a["allowed"] for a in self._actions(self.owner).values()))

    def test_viewer_reads_why_not(self):
        actions = self._actions(self.viewer)
        for key in ("edit", "cancel", "repeat", "copy"):
            self.assertFalse(actions[key]["allowed"])
            self.assertTrue(actions[key]["reason"])
        self.assertTrue(actions["print"]["allowed"])

    def test_status_decides(self):
        for state in ("processing", "reserve_allowed", "assembling"):
            self.order._cement_set_state(state, "onec")
            actions = self._actions(self.owner)
            self.assertEqual(actions["edit"]["allowed"], state == "processing")
            self.assertEqual(actions["cancel"]["allowed"], state != "assembling")
            self.assertTrue(actions["repeat"]["allowed"])
        self.assertIn("Assembling", actions["edit"]["reason"])

    def test_edit(self):
        day = self.day + timedelta(days=1)
        self._as(self.owner)._cement_edit(
            {
                "quantities": {str(self.order.order_line.id): "22,5"},
                "requested_date": day.isoformat(),
                "site_id": str(self.other_site.id),
            }
        )
        self.assertEqual(self.order.load_mass, 22.5)
        self.assertEqual(self.order.requested_date, day)
        self.assertEqual(self.order.site_id, self.other_site)

    def test_edit_is_refused(self):
        foreign_site = self._create_site(self._create_counterparty("Foreign"))
        line = self.order.order_line.id
        for changes in (
            {"quantities": {line: -5}},
            {"quantities": {line: "abc"}},
            {"quantities": {line: 10**9}},
            {"quantities": {line + 1000: 5}},
            {"site_id": foreign_site.id},
            {"requested_date": "2020-01-01"},
            {"quantities": {line: 5000}},
        ):
            with self.subTest(changes=changes), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    self._as(self.owner)._cement_edit(changes)
        self.assertEqual(self.order.load_mass, 20.0)
        with self.assertRaises(AccessError):
            self._as(self.viewer)._cement_edit({"quantities": {line: 21}})

    def test_cancel_facts_and_cancel(self):
        facts = self._as(self.owner)._portal_cancel_facts()
        self.assertEqual(facts["mass"], 20.0)
        (volume,) = facts["volumes"]
        remaining = self.line_bulk.volume_remaining
        self.assertEqual(volume["remaining"], remaining)
        self._as(self.owner)._cement_cancel("not needed")
        self.assertEqual(self.order.cement_state, "cancelled")
        self.assertEqual(self.order.status_event_ids[-1].note, "not needed")
        self.assertEqual(self.line_bulk.volume_remaining, remaining + 20.0)
        with self.assertRaises(UserError):
            self._as(self.owner)._cement_cancel()

    def test_repeat_for_another_site(self):
        day = self.day + timedelta(days=2)
        report = self._as(self.owner)._portal_repeat(
            self.other_site.id, day.isoformat()
        )
        self.assertEqual((report["added"], report["errors"]), (1, []))
        cart = self.env["cement.cart"].browse(int(report["url"].split("/")[-1]))
        self.assertEqual(cart.user_id, self.owner)
        self.assertEqual(cart.line_ids.site_id, self.other_site)
        self.assertEqual(cart.line_ids.day, day)
        self.assertEqual(cart.line_ids.quantity, 20.0)

    def test_repeat_of_a_colleagues_order(self):
        theirs = self._create_order(15.0, self.buyer)
        env = self.portal_env(self.owner)
        report = env["sale.order"].browse(theirs.id)._portal_repeat()
        self.assertEqual(report["added"], 1)

    def test_repeat_leaves_nothing_behind_when_refused(self):
        self.specification.action_close()
        before = self.env["cement.cart"].search_count([])
        report = self._as(self.owner)._portal_repeat()
        self.assertFalse(report["url"])
        self.assertTrue(report["errors"])
        self.assertEqual(self.env["cement.cart"].search_count([]), before)
        with self.assertRaises(AccessError):
            self._as(self.viewer)._portal_repeat()

    def test_repeat_to_a_foreign_site(self):
        site = self._create_site(self._create_counterparty("Foreign"))
        report = self._as(self.owner)._portal_repeat(site.id)
        self.assertFalse(report["added"])

    def test_repeat_offers_the_sites_that_can_be_served(self):
        self._create_site(self.client, "Siding", self._create_station())
        self.assertEqual(
            self._as(self.owner)._portal_repeat_sites(), self.site + self.other_site
        )
        self.line_bulk.site_id = self.site
        self.assertEqual(self._as(self.owner)._portal_repeat_sites(), self.site)
        other = self._create_specification(
            self._create_agreement(self.client),
            [{"product_id": self.line_bulk.product_id.id}],
        ).line_ids
        self.assertEqual(
            self._as(self.owner)._portal_repeat_sites(), self.site + self.other_site
        )
        report = self._as(self.owner)._portal_repeat(self.other_site.id)
        self.assertEqual(report["added"], 1)
        self.assertIn(other.specification_id.name, report["notes"][0])

    def test_repeat_never_goes_silently_to_the_site_of_the_specification(self):
        self.line_bulk.site_id = self.site
        report = self._as(self.owner)._portal_repeat(self.other_site.id)
        self.assertFalse(report["url"])
        self.assertIn(self.site.name, report["errors"][0])

    # === Live ===

    def test_watchers_are_those_who_may_see(self):
        foreign = self._create_counterparty("Foreign")
        self._create_member(foreign, "owner", login="for@x.com")
        self._create_member(
            self.client,
            "viewer",
            agreements=self._create_agreement(self.client),
            login="lim@x.com",
        )
        watchers = self.order._portal_watchers()
        self.assertEqual(
            {user.login for user in watchers}, {self.owner.login, self.viewer.login}
        )

    def test_watchers_agree_with_the_rule(self):
        users = self.env["cement.member"].search([]).user_id
        watchers = self.order._portal_watchers()
        for user in users:
            env = self.portal_env(user)
            seen = env["sale.order"].search([("id", "=", self.order.id)])
            self.assertEqual(bool(seen), user in watchers, user.login)

    def test_status_is_announced_once(self):
        with patch.object(type(self.env["res.users"]), "_bus_send") as send:
            self.order._cement_set_state("processing", "onec")
            self.order._cement_set_state("processing", "onec")
        # the owner and the viewer, once each
        self.assertEqual(send.call_count, 2)
        for call in send.call_args_list:
            self.assertEqual(call.args[0], "cement.order_state")
            self.assertEqual(call.args[1], {"ids": [self.order.id]})

    def test_author_follows_and_manager_hears(self):
        self.assertTrue(self.order.user_id)
        followers = self.order.message_partner_ids
        self.assertIn(self.owner.partner_id, followers)
        self.assertIn(self.order.user_id.partner_id, followers)

    # === Printed form ===

    def _render(self, user):
        return self.portal_env(user)["ir.actions.report"]._render_qweb_html(
            "cement_portal.report_order", self.order.ids
        )[0]

    def test_report(self):
        html = self._render(self.owner).decode()
        self.assertIn(self.order.name, html)
        self.assertIn(self.client.vat, html)
        self.assertIn(self.agreement.code, html)

    def test_report_in_words(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        words = (
            self.env["report.cement_portal.report_order"]
            .with_context(lang="ru_RU")
            ._get_words(self.order)
        )
        self.assertIn("рубл", words)

    def test_report_by_number_is_refused_to_others(self):
        foreign = self._create_counterparty("Foreign")
        stranger = self._create_member(foreign, "owner", login="for@x.com").user_id
        for user in (stranger, self.buyer, self._create_portal_user("n@x.com")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._render(user)

    # === Documents ===

    def _attach(self, record, name="file.pdf", **vals):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "res_model": record._name,
                "res_id": record.id,
                "raw": b"content",
                "cement_shared": True,
                **vals,
            }
        )

    def _documents(self, user):
        env = self.portal_env(user)
        partner = env["res.partner"].browse(self.client.id)
        data = env["ir.attachment"]._portal_documents(partner)
        return {file["name"] for file in data["files"]}

    def test_documents_by_role_and_record(self):
        self._attach(self.order, "quality.pdf", cement_kind="quality")
        self._attach(self.order, "invoice.pdf", cement_kind="invoice")
        self._attach(self.agreement, "contract.pdf")
        self._attach(self.specification, "spec.pdf")
        self._attach(self.order, "internal.pdf", cement_shared=False)
        self.assertEqual(
            self._documents(self.owner),
            {"quality.pdf", "invoice.pdf", "contract.pdf", "spec.pdf"},
        )
        self.assertEqual(
            self._documents(self.viewer), {"quality.pdf", "contract.pdf", "spec.pdf"}
        )
        # the buyer does not see the order of the owner
        self.assertEqual(self._documents(self.buyer), {"contract.pdf", "spec.pdf"})
        accountant = self._create_member(self.client, "accountant", login="a@x.com")
        self.assertIn("invoice.pdf", self._documents(accountant.user_id))

    def test_documents_of_a_limited_member(self):
        agreement = self._create_agreement(self.client)
        self._attach(self.agreement, "theirs.pdf")
        self._attach(agreement, "mine.pdf")
        limited = self._create_member(
            self.client, "viewer", agreements=agreement, login="lim@x.com"
        ).user_id
        self.assertEqual(self._documents(limited), {"mine.pdf"})

    def test_internal_files_are_not_handed_out(self):
        internal = self._attach(self.order, "internal.pdf", cement_shared=False)
        shared = self._attach(self.order, "shared.pdf")
        env = self.portal_env(self.owner)
        files = env["ir.attachment"]
        partner = env["res.partner"].browse(self.client.id)
        self.assertFalse(files._portal_document_sudo(partner, internal.id))
        self.assertTrue(files._portal_document_sudo(partner, shared.id))
        with self.assertRaises(AccessError):
            files.browse(internal.id).read(["name"])
        with self.assertRaises(AccessError):
            files.browse(shared.id).read(["datas"])
