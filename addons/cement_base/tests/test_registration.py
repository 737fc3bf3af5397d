# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementCommon, make_inn, make_ogrn, make_person_inn


@tagged("post_install", "-at_install")
class TestRegistration(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.manager = cls._create_internal_user(
            "registrar", "cement_base.group_sales_manager"
        )

    def _register(self, **vals):
        env = self.portal_env(self.public)
        vals = {
            "inn": make_inn(90001),
            "kpp": "770101001",
            "ogrn": make_ogrn(90001),
            "name": "New Company",
            "email": "Director@New.example.com",
            "phone": "+7 342 000-00-00",
            "contact_name": "Ivan Director",
            "note": "We want <b>cement</b>",
            **vals,
        }
        return env["res.partner"]._cement_register(vals).sudo().with_env(self.env)

    def test_register(self):
        partner = self._register()
        self.assertEqual(partner.registration_state, "pending")
        self.assertFalse(partner.is_counterparty)
        self.assertEqual(partner.legal_form, "company")
        self.assertEqual(partner.country_id, self.russia)
        self.assertEqual(partner.child_ids.name, "Ivan Director")
        self.assertEqual(partner.child_ids.email, "director@new.example.com")
        self.assertFalse(partner.child_ids.user_ids)
        # what a stranger typed is text, not markup
        self.assertIn("&lt;b&gt;cement", partner.comment)
        self.assertTrue(partner.activity_ids.user_id)
        self.assertFalse(partner.activity_ids.user_id.share)
        sole = self._register(inn=make_person_inn(90002), kpp="", ogrn="")
        self.assertEqual(sole.legal_form, "sole")

    def test_refused_by_the_form(self):
        cases = (
            ({"inn": ""}, "Enter the INN"),
            ({"inn": "7707083894"}, "not right"),
            ({"inn": ["7707083893"]}, "not right"),
            ({"name": " "}, "name of your company"),
            ({"email": "nonsense"}, "e-mail"),
            ({"kpp": "12"}, "KPP"),
            ({"ogrn": "1027700132196"}, "OGRN"),
        )
        for vals, message in cases:
            with (
                self.assertRaisesRegex(UserError, message),
                self.cr.savepoint(),
            ):
                self._register(**vals)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "New Company")]))

    def test_long_texts_are_cut(self):
        partner = self._register(name="Я" * 1000, note="x" * 10000)
        self.assertEqual(len(partner.name), 200)

    def test_forged_fields_are_ignored(self):
        partner = self._register(
            is_counterparty=True, registration_state="approved", user_id=1
        )
        self.assertFalse(partner.is_counterparty)
        self.assertEqual(partner.registration_state, "pending")

    def test_known_inn(self):
        known = self._create_counterparty()
        with self.assertRaisesRegex(UserError, "registered already"):
            self._register(inn=known.vat)
        # with another KPP as well: branches are added by the manager
        with self.assertRaisesRegex(UserError, "registered already"):
            self._register(inn=known.vat, kpp="590201001")
        self._register()
        with self.assertRaisesRegex(UserError, "waiting for approval"):
            self._register()

    def test_two_at_once(self):
        partner = self._register()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["res.partner"].create(
                {
                    "name": "Twin",
                    "vat": partner.vat,
                    "kpp": partner.kpp,
                    "registration_state": "pending",
                }
            )

    def test_public_sees_nothing_of_it(self):
        partner = self._register()
        env = self.portal_env(self.public)
        with self.assertRaises(AccessError):
            env["res.partner"].browse(partner.id).read(["name"])

    def test_approve(self):
        partner = self._register()
        partner.with_user(self.manager).action_cement_approve()
        self.assertTrue(partner.is_counterparty)
        self.assertEqual(partner.registration_state, "approved")
        self.assertEqual(partner.cement_manager_id, self.manager)
        member = partner.cement_member_ids
        self.assertEqual(member.role, "owner")
        self.assertEqual(member.user_id.login, "director@new.example.com")
        self.assertEqual(member.user_id.partner_id, partner.child_ids)
        self.assertFalse(partner.activity_ids)
        with self.assertRaises(UserError):
            partner.with_user(self.manager).action_cement_approve()

    def test_refuse(self):
        partner = self._register()
        action = partner.with_user(self.manager).action_cement_refuse()
        wizard = (
            self.env["cement.registration.refuse"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "In liquidation"})
        )
        before = self.env["mail.mail"].search([])
        wizard.action_refuse()
        self.assertEqual(partner.registration_state, "refused")
        self.assertFalse(partner.active)
        mail = self.env["mail.mail"].search([]) - before
        self.assertIn("In liquidation", mail.body_html)
        with self.assertRaises(UserError):
            partner.with_user(self.manager)._cement_refuse("again")
        # once settled, the company may apply again
        self.assertTrue(self._register())

    def test_rights(self):
        partner = self._register()
        clerk = self._create_internal_user("clerk")
        owner = self._create_member(self._create_counterparty()).user_id
        for user in (clerk, owner, self.public):
            for method in ("action_cement_approve", "action_cement_refuse"):
                with self.assertRaises(AccessError):
                    getattr(partner.with_user(user), method)()
            with self.assertRaises(AccessError):
                partner.with_user(user)._cement_refuse("x")
