# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementCommon


@tagged("post_install", "-at_install")
class TestMember(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_counterparty("Client")
        cls.agreement = cls._create_agreement(cls.partner)
        cls.agreement2 = cls._create_agreement(cls.partner, cls.supplier2)
        cls.site = cls._create_site(cls.partner)
        cls.site2 = cls._create_site(cls.partner)
        cls.owner = cls._create_member(cls.partner, "owner", login="owner@example.com")
        cls.buyer = cls._create_member(cls.partner, "buyer", login="buyer@example.com")
        cls.lines = (
            cls._create_specification(cls.agreement).line_ids
            | cls._create_specification(cls.agreement2).line_ids
        )

    def _as(self, member):
        return self.portal_env(member.user_id)["cement.member"]

    def _visible_lines(self, member):
        env = self.portal_env(member.user_id)
        return env["cement.specification.line"].search([]).with_env(self.env)

    # === Constraints ===

    def test_once_for_a_counterparty(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_member(self.partner, "viewer", user=self.buyer.user_id)

    def test_limits_of_another_counterparty(self):
        other = self._create_counterparty()
        with self.assertRaises(ValidationError):
            self.buyer.agreement_ids = self._create_agreement(other)
        with self.assertRaises(ValidationError):
            self.buyer.site_ids = self._create_site(other)

    def test_inside_people_are_no_members(self):
        inside = self._create_internal_user("inside")
        with self.assertRaises(ValidationError):
            self._create_member(self.partner, user=inside)

    # === Invitations ===

    def test_invite_new_person(self):
        before = self.env["mail.mail"].search([])
        member = self._as(self.owner)._invite(
            self.partner, " New.Person@Example.com ", "New Person", "buyer"
        )
        member = member.with_env(self.env)
        self.assertEqual(member.user_id.login, "new.person@example.com")
        self.assertEqual(member.user_id.name, "New Person")
        self.assertTrue(member.user_id.has_group("base.group_portal"))
        self.assertFalse(member.user_id.has_group("base.group_user"))
        self.assertEqual(member.user_id.partner_id.parent_id, self.partner)
        self.assertEqual(member.invited_by_id, self.owner.user_id)
        self.assertEqual(member.user_id.company_ids, self.supplier | self.supplier2)
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.recipient_ids, member.user_id.partner_id)
        self.assertIn("/web/signup", mail.body_html.replace("reset_password", "signup"))
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(self._visible_lines(member), self.lines)

    def test_invite_known_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Anna", "email": "anna@example.com", "parent_id": self.partner.id}
        )
        member = self._as(self.owner)._invite(
            self.partner, "anna@example.com", "", "viewer"
        )
        self.assertEqual(member.sudo().user_id.partner_id, contact)

    def test_invite_person_of_another_counterparty(self):
        foreign = self._create_member(
            self._create_counterparty(), login="foreign@example.com"
        )
        member = self._as(self.owner)._invite(
            self.partner, "FOREIGN@example.com", "x", "viewer"
        )
        self.assertEqual(member.sudo().user_id, foreign.user_id)
        self.assertEqual(len(foreign.user_id._cement_scopes()), 2)

    def test_invite_is_not_fooled_by_wildcards(self):
        """An underscore in an address is a character, not a placeholder."""
        self._create_member(self._create_counterparty(), login="axb@example.com")
        member = self._as(self.owner)._invite(
            self.partner, "a_b@example.com", "x", "viewer"
        )
        self.assertEqual(member.sudo().user_id.login, "a_b@example.com")

    def test_invite_refused(self):
        Member = self._as(self.owner)
        cases = (
            ("not an address", "viewer", "e-mail"),
            ("inside@example.com", "viewer", "cannot be invited"),
            ("closed@example.com", "viewer", "cannot be invited"),
            ("ok@example.com", "emperor", "no role"),
            ("buyer@example.com", "owner", "has access already"),
        )
        self._create_internal_user("inside@example.com")
        closed = self._create_portal_user("closed@example.com")
        closed.active = False
        for email, role, message in cases:
            with self.assertRaisesRegex(UserError, message):
                Member._invite(self.partner, email, "x", role)

    def test_only_owners_and_managers_invite(self):
        for role in ("privileged", "buyer", "accountant", "viewer"):
            member = self._create_member(self.partner, role)
            with self.assertRaises(AccessError):
                self._as(member)._invite(self.partner, "x@example.com", "x", "viewer")
            with self.assertRaises(AccessError):
                member.with_env(self._as(member).env)._set_access("owner")
            with self.assertRaises(AccessError):
                self.buyer.with_env(self._as(member).env)._revoke()
            with self.assertRaises(AccessError):
                self.buyer.with_env(self._as(member).env).action_resend_invitation()
        foreign = self._create_member(self._create_counterparty())
        with self.assertRaises(AccessError):
            self._as(foreign)._invite(self.partner, "x@example.com", "x", "viewer")
        clerk = self._create_internal_user("clerk")
        with self.assertRaises(AccessError):
            self.env(user=clerk)["cement.member"]._invite(
                self.partner, "x@example.com", "x", "viewer"
            )
        manager = self._create_internal_user(
            "manager", "cement_base.group_sales_manager"
        )
        member = self.env(user=manager)["cement.member"]._invite(
            self.partner, "x@example.com", "x", "viewer"
        )
        self.assertTrue(member)

    def test_invite_with_foreign_limits(self):
        other = self._create_agreement(self._create_counterparty())
        with self.assertRaises(ValidationError):
            self._as(self.owner)._invite(
                self.partner, "x@example.com", "x", "viewer", agreement_ids=other.ids
            )

    def test_resend(self):
        before = self.env["mail.mail"].search_count([])
        self.buyer.with_env(self._as(self.owner).env).action_resend_invitation()
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)

    # === Owners with limits ===

    def test_letters_of_a_day_are_bounded(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("cement_base.invitations_a_day", 2)
        mine = self._as(self.owner)
        partner = mine.env["res.partner"].browse(self.partner.id)
        new = mine._invite(partner, "one@example.com", "One", "viewer")
        mine.browse(new.id).action_resend_invitation()
        with self.assertRaisesRegex(UserError, "2 invitations"):
            mine.browse(new.id).action_resend_invitation()
        with self.assertRaisesRegex(UserError, "2 invitations"):
            mine._invite(partner, "two@example.com", "Two", "viewer")
        self.assertFalse(
            self.env["res.users"].search([("login", "=", "two@example.com")])
        )
        # people inside are not bounded, and tomorrow is another day
        manager = self._create_internal_user("mgr", "cement_base.group_sales_manager")
        self.env(user=manager)["cement.member"]._invite(
            self.partner, "three@example.com", "Three", "viewer"
        )
        self.partner.sudo().invitation_day = "2020-01-01"
        mine._invite(partner, "two@example.com", "Two", "viewer")

    def test_limited_owner_gives_no_more_than_he_has(self):
        limited = self._create_member(self.partner, "owner", self.agreement)
        Member = self._as(limited)
        with self.assertRaises(AccessError):
            Member._invite(self.partner, "x@example.com", "x", "viewer")
        with self.assertRaises(AccessError):
            Member._invite(
                self.partner,
                "x@example.com",
                "x",
                "viewer",
                agreement_ids=self.agreement2.ids,
            )
        # not to himself either, nor over people who see more
        with self.assertRaises(AccessError):
            limited.with_env(Member.env)._set_access("owner")
        with self.assertRaises(AccessError):
            self.owner.with_env(Member.env)._revoke()
        member = Member._invite(
            self.partner,
            "x@example.com",
            "x",
            "viewer",
            agreement_ids=self.agreement.ids,
        )
        self.assertEqual(member.sudo().agreement_ids, self.agreement)

    # === Changes take effect at once ===

    def test_set_access(self):
        as_owner = self.buyer.with_env(self._as(self.owner).env)
        self.assertEqual(self._visible_lines(self.buyer), self.lines)
        as_owner._set_access("viewer", self.agreement.ids, self.site.ids)
        self.assertEqual(self.buyer.role, "viewer")
        self.assertEqual(self.buyer.site_ids, self.site)
        self.assertEqual(
            self._visible_lines(self.buyer),
            self.lines.filtered(lambda line: line.agreement_id == self.agreement),
        )
        sites = self.portal_env(self.buyer.user_id)["cement.site"].search([])
        self.assertEqual(sites.ids, self.site.ids)
        as_owner._set_access("buyer")
        self.assertEqual(self._visible_lines(self.buyer), self.lines)

    def test_revoke_and_come_back(self):
        as_owner = self.buyer.with_env(self._as(self.owner).env)
        self.assertTrue(self._visible_lines(self.buyer))
        as_owner._revoke()
        self.assertFalse(self.buyer.active)
        self.assertFalse(self._visible_lines(self.buyer))
        self.assertFalse(self.buyer.user_id._cement_scopes())
        member = self._as(self.owner)._invite(
            self.partner, "buyer@example.com", "x", "viewer"
        )
        self.assertEqual(member.ids, self.buyer.ids)
        self.assertTrue(self._visible_lines(self.buyer))

    def test_revoked_stay_revoked_whatever_the_context(self):
        """The context comes from the client: it must not bring a membership back,
        nor spoil the cache for others."""
        self.buyer._revoke()
        env = self.portal_env(self.buyer.user_id)
        env = env(context={**env.context, "active_test": False})
        self.assertFalse(env.user._cement_scopes())
        self.assertFalse(env["cement.specification.line"].search([]))
        self.assertFalse(self._visible_lines(self.buyer))

    def test_archived_contract_still_limits(self):
        """A limit to a contract that was archived must not become "no limit"."""
        self.buyer.agreement_ids = self.agreement
        self.agreement.active = False
        self.env["cement.member"]._forget_cached()
        lines = self._visible_lines(self.buyer)
        self.assertEqual(lines.agreement_id, self.agreement)
        self.site.active = False
        self.buyer.site_ids = self.site
        sites = self.portal_env(self.buyer.user_id)["cement.site"].search([])
        self.assertFalse(sites)

    def test_contract_that_limits_is_not_deleted(self):
        agreement = self._create_agreement(self.partner)
        self.buyer.agreement_ids = agreement
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            agreement.unlink()

    def test_archived_counterparty(self):
        self.assertTrue(self._visible_lines(self.buyer))
        self.partner.is_counterparty = False
        self.assertFalse(self._visible_lines(self.buyer))
        self.partner.is_counterparty = True
        self.assertTrue(self._visible_lines(self.buyer))

    def test_unlink(self):
        self.assertTrue(self._visible_lines(self.buyer))
        self.buyer.unlink()
        env = self.portal_env(self.env.ref("base.public_user"))
        self.assertFalse(env.user._cement_scopes())

    # === Last owner ===

    def test_last_owner(self):
        as_owner = self.owner.with_env(self._as(self.owner).env)
        with self.assertRaisesRegex(UserError, "last owner"):
            as_owner._revoke()
        with self.assertRaisesRegex(UserError, "last owner"):
            as_owner._set_access("viewer")
        self.buyer.with_env(as_owner.env)._set_access("owner")
        as_owner._set_access("viewer")
        self.assertEqual(self.owner.role, "viewer")

    # === Companies ===

    def test_companies_follow_contracts(self):
        supplier3 = self._create_supplier("Supplier Three")
        self.assertNotIn(supplier3, self.buyer.user_id.company_ids)
        self._create_agreement(self.partner, supplier3)
        self.assertIn(supplier3, self.buyer.user_id.company_ids)

    # === Several counterparties ===

    def test_switch(self):
        other = self._create_counterparty("Second")
        user = self.buyer.user_id
        self.assertEqual(user._get_cement_partner(), self.partner)
        with self.assertRaises(AccessError):
            user._cement_switch_partner(other.id)
        second = self._create_member(other, "accountant", user=user)
        self.portal_env(user).user._cement_switch_partner(other.id)
        self.assertEqual(user._get_cement_partner(), other)
        self.assertTrue(user._cement_can("finance"))
        self.assertFalse(user._cement_can("finance", self.partner))
        self.assertTrue(user._cement_can("order", self.partner))
        # the person reads the name of both
        env = self.portal_env(user)
        names = env["res.partner"].browse((self.partner | other).ids).mapped("name")
        self.assertEqual(names, ["Client", "Second"])
        second._revoke()
        self.assertEqual(user._get_cement_partner(), self.partner)

    def test_nobody(self):
        user = self._create_portal_user()
        self.assertFalse(user._get_cement_partner())
        self.assertFalse(user._cement_can("see"))

    def test_capabilities(self):
        expected = {
            "owner": {"see", "see_all", "order", "edit_all", "finance", "people"},
            "privileged": {"see", "see_all", "order", "edit_all", "finance"},
            "buyer": {"see", "order"},
            "accountant": {"see", "see_all", "finance"},
            "viewer": {"see", "see_all"},
        }
        for role, capabilities in expected.items():
            self.buyer.write({"role": role, "agreement_ids": [Command.clear()]})
            self.assertEqual(
                {
                    capability
                    for capability in expected["owner"]
                    if self.buyer.user_id._cement_can(capability)
                },
                capabilities,
                role,
            )
