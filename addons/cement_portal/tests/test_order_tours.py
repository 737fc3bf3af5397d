# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import HttpCase, tagged

from odoo.addons.cement_sale.tests.common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestOrderTours(CementSaleCommon, HttpCase):
    def test_repeat_for_another_site(self):
        south = self._create_site(self.client, "Site South", street="Lesnaya South")
        order = self._create_order(20.0)
        self.start_tour(
            "/my/orders", "cement_portal_repeat", login=self.owner.login, timeout=120
        )
        repeated = self.env["sale.order"].search(
            [("counterparty_id", "=", self.client.id), ("id", "!=", order.id)]
        )
        self.assertEqual(repeated.site_id, south)
        self.assertEqual(repeated.load_mass, 20.0)
        self.assertEqual(repeated.ordered_by_id, self.owner)

    def test_colleague_limited_to_one_contract(self):
        limited = self._create_agreement(self.client, code="D-LIMITED")
        line = self._create_specification(limited).line_ids
        other = self._create_member(self.client, "viewer", login="other@x.com")
        other.user_id.partner_id.name = "Other Colleague"
        hidden = self._create_order(20.0)
        shown = self._create_order(20.0, line=line)
        shown.name = "LIMITED-1"
        self.start_tour(
            "/my/people", "cement_portal_invite", login=self.owner.login, timeout=120
        )
        member = self.env["cement.member"].search(
            [("user_id.login", "=", "colleague@x.com")]
        )
        self.assertEqual(member.agreement_ids, limited)
        self.assertEqual(member.role, "viewer")
        self.assertTrue(other.active)
        # the person follows the link of the letter and chooses a password
        member.user_id.password = "colleague@x.com"
        self.env["res.lang"]._activate_lang("en_US")
        self.start_tour(
            "/my/orders", "cement_portal_limited", login="colleague@x.com", timeout=120
        )
        env = self.portal_env(member.user_id)
        seen = env["sale.order"].search([])
        self.assertIn(shown.id, seen.ids)
        self.assertNotIn(hidden.id, seen.ids)
