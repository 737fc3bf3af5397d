# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementCommon, make_inn, make_ogrn, make_person_inn


@tagged("post_install", "-at_install")
class TestPartner(CementCommon):
    def test_requisites(self):
        for vals in (
            {"inn": "7707083894"},
            {"kpp": "12"},
            {"ogrn": "1027700132196"},
        ):
            with self.assertRaises(ValidationError, msg=vals):
                self._create_counterparty(**vals)
        partner = self._create_counterparty(
            inn=make_person_inn(77), kpp="", ogrn=make_ogrn(5)
        )
        self.assertEqual(len(partner.vat), 12)
        # partners that buy nothing may have any number
        self.env["res.partner"].create({"name": "Other", "vat": "123"})
        foreign = self._create_counterparty(
            inn="DE123", country_id=self.env.ref("base.de").id
        )
        self.assertEqual(foreign.vat, "DE123")

    def test_unique(self):
        inn = make_inn(4242)
        first = self._create_counterparty(inn=inn, kpp="770101001")
        # a branch has the INN of its head and a KPP of its own
        self._create_counterparty(inn=inn, kpp="770201001")
        for kpp in ("770101001",):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._create_counterparty(inn=inn, kpp=kpp)
        first.active = False
        self._create_counterparty(inn=inn, kpp="770101001")

    def test_unique_without_kpp(self):
        inn = make_person_inn(4243)
        self._create_counterparty(inn=inn, kpp="")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_counterparty(inn=inn, kpp="")

    def test_contacts_share_requisites(self):
        partner = self._create_counterparty(ogrn=make_ogrn(9))
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": partner.id}
        )
        self.assertEqual(contact.ogrn, partner.ogrn)
        self.assertEqual(contact.kpp, partner.kpp)

    def test_search_by_requisites(self):
        partner = self._create_counterparty()
        Partner = self.env["res.partner"]
        domain = Partner._get_counterparty_domain(f" {partner.vat} ", partner.kpp)
        self.assertEqual(Partner.search(domain), partner)
        domain = Partner._get_counterparty_domain(partner.vat, "999901001")
        self.assertFalse(Partner.search(domain))

    def test_merge(self):
        """Core's merging of partners moves contracts, sites and members."""
        keep = self._create_counterparty("Keep")
        twin = self._create_counterparty("Twin")
        agreement = self._create_agreement(twin)
        specification = self._create_specification(agreement)
        site = self._create_site(twin)
        member = self._create_member(twin, "viewer")
        scopes = member.user_id._cement_scopes()
        self.assertEqual(scopes[0].partner_id, twin.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((keep | twin).ids, keep, extra_checks=False)
        self.assertFalse(twin.exists())
        self.env.invalidate_all()
        self.assertEqual(agreement.commercial_partner_id, keep)
        self.assertEqual(specification.line_ids.commercial_partner_id, keep)
        self.assertEqual(site.partner_id, keep)
        self.assertEqual(member.partner_id, keep)
        self.assertEqual(member.user_id._cement_scopes()[0].partner_id, keep.id)
        env = self.portal_env(member.user_id)
        self.assertTrue(env["cement.specification.line"].search([]))

    def test_merge_of_double_member(self):
        keep = self._create_counterparty("Keep")
        twin = self._create_counterparty("Twin")
        user = self._create_member(twin, "viewer").user_id
        colleague = self._create_member(twin, "owner")
        self._create_member(keep, "buyer", user=user)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with mute_logger("odoo.sql_db"):
            wizard._merge((keep | twin).ids, keep, extra_checks=False)
        scopes = user._cement_scopes()
        self.assertEqual([scope.role for scope in scopes], ["buyer"])
        # the other people of the merged counterparty moved with it
        self.assertEqual(colleague.partner_id, keep)
