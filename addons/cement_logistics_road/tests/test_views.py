# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import HttpCase, tagged

from .common import RoadCommon


@tagged("post_install", "-at_install")
class TestViews(RoadCommon):
    """Every screen opens for those who work with it."""

    def test_backend_screens(self):
        env = self.env(user=self.dispatcher)
        for name, kinds in (
            ("cement.tracking.provider", ("list", "form")),
            ("cement.tracked.object", ("list", "form", "search")),
            ("cement.tracking.exchange", ("list", "form", "search")),
            ("cement.tracking.unit", ("list",)),
            ("cement.tracking.speed", ("list",)),
            ("cement.tracking.manual", ("form",)),
            ("stock.picking", ("form",)),
            ("cement.site", ("form",)),
            ("cement.plant", ("form",)),
            ("cement.driver", ("list",)),
        ):
            for kind in kinds:
                self.assertTrue(env[name].get_view(view_type=kind)["arch"])

    def test_the_tab_is_for_dispatchers(self):
        manager = self._create_internal_user(
            "mgr", "cement_base.group_sales_manager", "stock.group_stock_user"
        )
        view = self.env.ref("cement_logistics.stock_picking_view_form_shipment")
        for user, seen in ((self.dispatcher, True), (manager, False)):
            pickings = self.env(user=user)["stock.picking"]
            arch = pickings.get_view(view.id, "form")["arch"]
            self.assertEqual("action_start_tracking" in arch, seen, user.login)


@tagged("post_install", "-at_install")
class TestPartnerPage(HttpCase, RoadCommon):
    """What the partner's page of the shipment says, and what it never says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.password = "own@x.com"

    def _page(self):
        self.authenticate("own@x.com", "own@x.com")
        return self.url_open(f"/my/shipments/{self.shipment.id}")

    def test_while_the_trip_lasts(self):
        trip = self._load()
        self._drive([(0.0, -60), (0.0, -55), (0.1, -40), (0.3, -20)])
        self.env.flush_all()
        page = self._page()
        self.assertEqual(page.status_code, 200)
        self.assertIn("km left", page.text)
        self.assertIn("±", page.text)
        for hidden in ("79000001200", "900) 000-12-00", "8671", str(trip.memory)):
            self.assertNotIn(hidden, page.text)
        listed = self.url_open("/my/shipments").text
        self.assertNotIn("900) 000-12-00", listed)

    def test_when_it_is_over(self):
        self._load()
        self._drive([(0.0, -60), (0.0, -55), (0.1, -40), (0.3, -20)])
        self.shipment._cement_set_shipment_state("done", "dispatcher")
        self.env.flush_all()
        page = self._page().text
        for hidden in ("km left", "56.55", "km 30"):
            self.assertNotIn(hidden, page)
