# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import HttpCase, tagged

from .common import CementCommon

STAFF = ("group_sales_manager", "group_dispatcher", "group_accountant")


@tagged("post_install", "-at_install")
class TestHome(CementCommon, HttpCase):
    """What a person of the back office sees first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.env["res.users"].create(
            [
                {
                    "name": group,
                    "login": group,
                    "password": group,
                    "company_id": cls.supplier2.id,
                    "company_ids": (cls.supplier | cls.supplier2).ids,
                    "group_ids": cls.env.ref(f"cement_base.{group}").ids,
                }
                for group in STAFF
            ]
        )

    def _open(self, login, cookie=None):
        self.authenticate(login, login)
        if cookie:
            self.opener.cookies.set("cids", cookie)
        return self.url_open("/odoo", allow_redirects=False).cookies.get("cids")

    def test_suite_comes_first(self):
        """The first app is what the web client opens after the login."""
        menu = self.env.ref("cement_base.menu_cement_root")
        for person in self.staff:
            menus = self.env["ir.ui.menu"].with_user(person).load_menus(False)
            self.assertEqual(menus["root"]["children"][0], menu.id, person.login)

    def test_goods_of_all_suppliers_at_once(self):
        for login in STAFF:
            both = f"{self.supplier2.id}-{self.supplier.id}"
            self.assertEqual(self._open(login), both)

    def test_chosen_companies_stay(self):
        self.assertFalse(self._open("group_dispatcher", str(self.supplier.id)))

    def test_outsiders_begin_as_core_does(self):
        self.staff[0].group_ids = self.env.ref("base.group_user")
        self.assertFalse(self._open("group_sales_manager"))

    def test_station_by_name_alone(self):
        station = self.env["cement.station"].create(
            {"name": "Lesnaya", "esr_code": "765425"}
        )
        self.assertEqual(station.display_name, "Lesnaya (765425)")
        short = station.with_context(cement_station_name=True)
        self.assertEqual(short.display_name, "Lesnaya")
