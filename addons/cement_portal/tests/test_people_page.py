# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cement_base.tests.common import CementCommon


@tagged("post_install", "-at_install")
class TestPeoplePage(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.client = cls._create_counterparty("Client")
        cls.agreement = cls._create_agreement(cls.client)
        cls.agreement2 = cls._create_agreement(cls.client)
        cls.site = cls._create_site(cls.client)
        cls.owner = cls._create_member(cls.client, "owner", login="own@x.com")
        cls.buyer = cls._create_member(cls.client, "buyer", login="buy@x.com")
        cls.foreign = cls._create_counterparty("Foreign")
        cls.foreign_agreement = cls._create_agreement(cls.foreign)
        cls.stranger = cls._create_member(cls.foreign, "owner", login="for@x.com")

    def _members(self, member):
        env = self.portal_env(member.user_id)
        return env["cement.member"], env["res.partner"].browse(self.client.id)

    def test_list_of_the_owner(self):
        members, partner = self._members(self.owner)
        data = members._portal_people(partner)
        self.assertEqual(
            [person["role"] for person in data["people"]], ["owner", "buyer"]
        )
        self.assertTrue(data["people"][0]["is_last_owner"])
        self.assertEqual(len(data["roles"]), 5)
        self.assertTrue(all(role["text"] for role in data["roles"]))
        self.assertEqual(data["agreements"], self.agreement | self.agreement2)

    def test_others_are_refused(self):
        for member in (self.buyer, self.stranger):
            members, partner = self._members(member)
            with self.subTest(member=member.user_id.login):
                with self.assertRaises(AccessError):
                    members._portal_people(partner)
                with self.assertRaises(AccessError):
                    members._portal_find(partner, self.owner.id)
                with self.assertRaises(AccessError):
                    members._portal_restore(partner, self.buyer.id)

    def test_limits_must_be_ones_own(self):
        members, partner = self._members(self.owner)
        self.assertEqual(
            members._portal_limits(partner, self.agreement.ids, self.site.ids),
            (self.agreement.ids, self.site.ids),
        )
        for agreements, sites in (
            (self.foreign_agreement.ids, []),
            ([10**9], []),
            ([], [10**9]),
        ):
            with self.subTest(agreements=agreements), self.assertRaises(UserError):
                members._portal_limits(partner, agreements, sites)

    def test_a_foreign_member_is_not_found(self):
        members, partner = self._members(self.owner)
        for member_id in (self.stranger.id, 0, 10**9):
            with self.assertRaises(UserError):
                members._portal_find(partner, member_id)

    def test_remove_and_take_back(self):
        members, partner = self._members(self.owner)
        members._portal_find(partner, self.buyer.id)._revoke()
        self.assertFalse(self.buyer.active)
        self.assertFalse(self.buyer.user_id._cement_scopes())
        letters = self.env["mail.mail"].search_count([])
        members._portal_restore(partner, self.buyer.id)
        self.assertTrue(self.buyer.active)
        self.assertTrue(self.buyer.user_id._cement_can("order", self.client))
        self.assertEqual(self.env["mail.mail"].search_count([]), letters)
        with self.assertRaises(UserError):
            members._portal_restore(partner, self.stranger.id)

    def test_last_owner_stays(self):
        members, partner = self._members(self.owner)
        owner = members._portal_find(partner, self.owner.id)
        with self.assertRaises(UserError):
            owner._revoke()
        with self.assertRaises(UserError):
            owner._set_access("viewer")

    def test_invited_sees_the_one_contract_at_once(self):
        members, partner = self._members(self.owner)
        member = members._invite(
            partner, "new@x.com", "New", "viewer", self.agreement.ids, []
        )
        env = self.portal_env(member.sudo().user_id)
        self.assertEqual(env["agreement"].search([]), self.agreement)

    # === Sites ===

    def _sites(self, member):
        env = self.portal_env(member.user_id)
        return env["cement.site"], env["res.partner"].browse(self.client.id)

    def test_owner_changes_contact_and_hours(self):
        sites, _partner = self._sites(self.owner)
        sites.browse(self.site.id)._portal_update(
            {
                "contact_name": "Ivan",
                "contact_phone": "+7 900",
                "hour_from": "08:30",
                "hour_to": "20:00",
                "days": [0, 1, 2],
                "note": "Ring the bell",
                "max_vehicle_mass": 1000,
                "partner_id": self.foreign.id,
            }
        )
        self.assertEqual(self.site.contact_name, "Ivan")
        self.assertEqual(self.site.access_hour_from, 8.5)
        self.assertFalse(self.site.access_sunday)
        self.assertEqual(self.site.max_vehicle_mass, 0)
        self.assertEqual(self.site.partner_id, self.client)

    def test_senseless_hours_and_days(self):
        sites, _partner = self._sites(self.owner)
        for values in (
            {"hour_from": "20:00", "hour_to": "08:00"},
            {"hour_from": "25:00", "hour_to": "26:00"},
            {"hour_from": "aa", "hour_to": "bb"},
            {"days": []},
            {"days": ["x", 99]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                sites.browse(self.site.id)._portal_update(values)

    def test_buyer_and_stranger_change_no_site(self):
        for member in (self.buyer, self.stranger):
            sites, partner = self._sites(member)
            with self.subTest(member=member.user_id.login):
                with self.assertRaises(AccessError):
                    sites.browse(self.site.id)._portal_update({"note": "x"})
                with self.assertRaises(AccessError):
                    sites._portal_create(partner, {"name": "x"})

    def test_new_address_tells_the_manager(self):
        manager = self._create_internal_user("mgr", "cement_base.group_sales_manager")
        self.client.cement_manager_id = manager
        sites, partner = self._sites(self.owner)
        site = sites._portal_create(
            partner, {"name": "New", "city": "Perm", "street": "Lenina 1"}
        ).sudo()
        self.assertEqual(site.partner_id, self.client)
        self.assertIn(manager.partner_id, site.message_ids.notified_partner_ids)
        for values in ({"name": "x"}, {"city": "x"}, {}):
            with self.assertRaises(UserError):
                sites._portal_create(partner, values)

    def test_new_station_comes_from_the_directory(self):
        station = self._create_station("Perm-Sorting")
        sites, partner = self._sites(self.owner)
        found = sites._portal_stations("sorting")
        self.assertEqual([entry["id"] for entry in found], station.ids)
        self.assertFalse(sites._portal_stations("%"))
        site = sites._portal_create(
            partner, {"kind": "station", "station_id": str(station.id)}
        ).sudo()
        self.assertEqual((site.kind, site.station_id), ("station", station))
        for wrong in ("0", "-1", "999999999", "abc", None):
            with self.assertRaises(UserError):
                sites._portal_create(partner, {"kind": "station", "station_id": wrong})

    def test_limited_owner_adds_no_site(self):
        limited = self._create_member(
            self.client, "privileged", sites=self.site, login="lim@x.com"
        )
        sites, partner = self._sites(limited)
        with self.assertRaises(AccessError):
            sites._portal_create(
                partner, {"name": "New", "city": "Perm", "street": "Lenina 1"}
            )

    # === Profile and statistics ===

    def test_profile_by_role(self):
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "40702810900000000001", "partner_id": self.client.id}
        )
        self._create_specification(self.agreement)
        for member, sees_bank in ((self.owner, True), (self.buyer, False)):
            env = self.portal_env(member.user_id)
            profile = env["res.partner"].browse(self.client.id)._portal_profile()
            self.assertEqual(bool(profile["banks"]), sees_bank)
            self.assertEqual(len(profile["contracts"]), 2)
            self.assertIn(("INN", self.client.vat), profile["requisites"])
            specifications = [
                row for row in profile["contracts"] if row["specifications"]
            ]
            self.assertEqual(specifications[0]["specifications"][0]["lines"], 1)
        self.assertTrue(bank)

    def test_statistics(self):
        env = self.portal_env(self.owner.user_id)
        data = env["res.partner"].browse(self.client.id)._portal_statistics()
        self.assertEqual(len(data["months"]), 12)
        self.assertEqual((data["orders"], data["mass"]), (0, 0.0))
