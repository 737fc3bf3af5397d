# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common import RailCommon, make_wagon
from .test_import import ARRIVED


@tagged("post_install", "-at_install")
class TestPortalHttp(RailCommon, HttpCase):
    """The pages of the partner tell where the wagon is, to its partner only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls._create_shipments()
        cls.picking.wagon_number = make_wagon(1)
        cls._receive(
            [
                cls._row(
                    1,
                    hours_ago=29,
                    arrived=cls.now - timedelta(hours=29),
                    **ARRIVED,
                )
            ],
            cls.now - timedelta(hours=5),
        )
        cls.url = f"/my/shipments/{cls.picking.id}"

    def test_page_of_the_shipment(self):
        self.authenticate(self.owner.login, self.owner.login)
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn(make_wagon(1), page.text)
        self.assertIn("Time of the operation", page.text)
        self.assertIn("1.2 d, 300.00", page.text)
        self.assertIn("MSK", page.text)

    def test_list_of_shipments(self):
        self.authenticate(self.owner.login, self.owner.login)
        page = self.url_open("/my/shipments")
        self.assertEqual(page.status_code, 200)
        self.assertIn(make_wagon(1), page.text)
        self.assertIn("Idle", page.text)

    def test_foreign_partner(self):
        foreign = self._create_counterparty("Foreign", inn="7707083893")
        stranger = self._create_member(foreign, "owner", login="s@x.com").user_id
        self.authenticate(stranger.login, stranger.login)
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertNotIn(make_wagon(1), self.url_open("/my/shipments").text)

    def test_without_login(self):
        page = self.url_open(self.url)
        self.assertIn("/web/login", page.url)

    def test_sees_the_news_after_the_next_report(self):
        others = [self._row(serial) for serial in range(2, 5)]
        self._receive(others, self.now - timedelta(hours=4))
        self._receive(others, self.now)
        self.authenticate(self.owner.login, self.owner.login)
        self.assertIn(
            "it has probably been unloaded",
            self.url_open(self.url).text,
        )
