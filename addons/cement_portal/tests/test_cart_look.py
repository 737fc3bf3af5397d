# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import tagged

from .common import CementPortalHttpCommon


@tagged("post_install", "-at_install")
class TestCartLook(CementPortalHttpCommon):
    """The drawn cart is kept while nothing that it shows changed, and no longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart([(cls.line_bulk, 30.0)])
        cls.drawn = cls.cart.sudo()

    def _stamp(self):
        return self.cart._get_plan_stamp()

    def _age(self):
        """Make what was written in this transaction look older: of a many2many only
        the moment is written to the row."""
        self.env.flush_all()
        for table in ("cement_specification_line", "cement_site"):
            self.env.cr.execute(
                f"UPDATE {table} SET write_date = write_date - interval '1 day'"
            )
        self.env.invalidate_all()

    def _plans(self, work):
        """Return how often *work* planned a cart."""
        cart_class = type(self.env["cement.cart"])
        with patch.object(
            cart_class, "_plan", autospec=True, side_effect=cart_class._plan
        ) as planned:
            work()
        return planned.call_count

    def test_whatever_a_plan_is_made_of_changes_the_stamp(self):
        line = self.drawn.line_ids
        silo = self.env.ref("cement_base.vehicle_silo_5")
        changes = {
            "quantity": lambda: line.write({"quantity": 31.0}),
            "wish": lambda: line.write({"vehicle_type_id": silo.id}),
            "filling": lambda: self.drawn.write({"strategy": "full"}),
            "price": lambda: self.line_bulk.write({"price_unit": 5001.0}),
            "volume": lambda: self.line_bulk.write({"volume_agreed": 999.0}),
            "vehicles agreed": lambda: self.line_bulk.write(
                {"vehicle_type_ids": [(6, 0, silo.ids)]}
            ),
            "term": lambda: self.specification.write({"note": "x"})
            if "note" in self.specification
            else self.specification.write({"name": "Another"}),
            "contract": lambda: self.agreement.write({"name": "Another"}),
            "product": lambda: self.cement.write({"name": "Another"}),
            "package": lambda: self.cement.product_tmpl_id.write({"weight": 2}),
            "site": lambda: self.site.write({"max_vehicle_mass": 20.0}),
            "unloading": lambda: self.site.write(
                {
                    "unloading_way_ids": [
                        (4, self.env.ref("cement_base.unloading_pneumatic").id)
                    ]
                }
            ),
            "new site": lambda: self._create_site(self.client, "One more"),
            "vehicle": lambda: silo.write({"payload": 24.0}),
            "plant": lambda: self.plant.write({"cutoff_hour": 0.5}),
            "client": lambda: self.client.write({"name": "Another"}),
            "rule": lambda: self.env["cement.consolidation.rule"]
            .search([], limit=1)
            .write({"name": "Another"}),
            "rate": lambda: self.env["cement.vat.rate"]
            .search([], limit=1)
            .write({"rate": 21.0}),
            "memory": lambda: self.env.registry.clear_cache(),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self._age()
                before = self._stamp()
                self.assertEqual(self._stamp(), before)
                change()
                self.assertNotEqual(self._stamp(), before)

    def test_an_order_of_another_changes_the_volume(self):
        before = self._stamp()
        self._create_order(10.0)
        self.assertNotEqual(self._stamp(), before)

    def test_the_clock(self):
        self.plant.write({"tz": "Europe/Moscow", "cutoff_hour": 15.0})
        moments = ("2026-11-20 09:00", "2026-11-20 11:59", "2026-11-20 12:01")
        stamps = []
        for moment in moments:
            with freeze_time(moment):
                stamps.append(self._stamp())
        self.assertEqual(stamps[0], stamps[1])
        self.assertNotEqual(stamps[1], stamps[2])
        with freeze_time("2026-11-21 09:00"):
            self.assertNotEqual(self._stamp(), stamps[0])

    def test_who_looks(self):
        colleague = self._create_member(
            self.client, "owner", login="second-owner@x.com"
        ).user_id
        other = self.cart.with_env(self.portal_env(colleague))
        self.assertNotEqual(other._get_plan_stamp(), self._stamp())
        russian = self.cart.with_context(lang="ru_RU")
        self.assertNotEqual(russian._get_plan_stamp(), self._stamp())
        # a member whose limits are narrowed
        before = self._stamp()
        member = self.env["cement.member"].search([("user_id", "=", self.owner.id)])
        member.site_ids = self._create_site(self.client, "Only this")
        self.assertNotEqual(self._stamp(), before)

    def _open(self):
        return self.url_open(f"/my/carts/{self.cart.id}").text

    def test_planned_once_for_two_looks(self):
        self.login(self.owner)
        pages = []
        self.assertEqual(self._plans(lambda: pages.append(self._open())), 1)
        self.assertEqual(self._plans(lambda: pages.append(self._open())), 0)
        self.assertIn("cp-load", pages[0])
        self.assertEqual(
            [page.count("cp-load-foot") for page in pages],
            [pages[0].count("cp-load-foot")] * 2,
        )
        self.assertIn(f'name="version" value="{self.drawn.version}"', pages[1])
        # a change is planned by the answer to it, and not once more by the page
        change = {"cart_id": self.cart.id, "line_id": self.drawn.line_ids.id}
        self.assertEqual(
            self._plans(lambda: self.rpc("cart/line", quantity="40", **change)), 1
        )
        self.assertEqual(self._plans(lambda: pages.append(self._open())), 0)
        self.assertIn("40", pages[2])
        # somebody else's change, too
        self.site.max_vehicle_mass = 20.0
        self.assertEqual(self._plans(lambda: pages.append(self._open())), 1)
        self.assertNotEqual(pages[2], pages[3])

    def test_the_token_is_that_of_the_session(self):
        self.login(self.owner)
        for _look in range(2):
            page = self._open()
            self.assertNotIn("cement-csrf-token", page)
            bar = page[page.index("cp-place-order") :]
            token = bar.split('name="csrf_token" value="')[1].split('"')[0]
            self.assertGreater(len(token), 20)

    def test_a_kept_look_is_never_confirmed(self):
        """A page drawn before the price changed orders nothing."""
        self.login(self.owner)
        self._open()
        version = self.drawn.version
        self.line_bulk.price_unit = 6000.0
        self.assertGreater(
            self._plans(
                lambda: self.url_open(
                    f"/my/carts/{self.cart.id}/confirm",
                    data={
                        "csrf_token": Request.csrf_token(self),
                        "version": str(version),
                    },
                )
            ),
            0,
        )
        self.assertEqual(self.drawn.state, "draft")
        self.assertFalse(self.drawn.order_ids)
        # and the site that closed meanwhile is found by the gate, whatever is kept
        self._open()
        self.drawn.line_ids.day = self.today - timedelta(1)
        self.url_open(
            f"/my/carts/{self.cart.id}/confirm",
            data={
                "csrf_token": Request.csrf_token(self),
                "version": str(self.drawn.version),
            },
        )
        self.assertFalse(self.drawn.order_ids)

    def test_queries_of_a_second_look(self):
        """As many as a page of core has: the shell, the cart and the stamp."""
        self.login(self.owner)
        self._open()
        self._open()
        with self.assertQueryCount(16):
            self._open()
