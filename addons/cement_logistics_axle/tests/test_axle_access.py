# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CementAxleCommon

MODELS = (
    "cement.axle.regulation",
    "cement.axle.mass.limit",
    "cement.axle.limit",
    "cement.axle.fine",
    "cement.axle.check",
    "cement.road.rating",
    "cement.road.zone",
    "cement.road.section",
    "cement.route.piece",
    "cement.season.exemption",
    "cement.season.order",
    "cement.season.rule",
    "cement.vehicle.section",
    "cement.season.copy",
    "cement.season.import",
    "cement.axle.lift",
)
LAW = MODELS[:4] + ("cement.season.exemption", "cement.vehicle.section")
PLANT = (
    "cement.road.rating",
    "cement.road.zone",
    "cement.road.section",
    "cement.route.piece",
    "cement.season.order",
    "cement.season.rule",
)


@tagged("post_install", "-at_install")
class TestAxleAccess(CementAxleCommon):
    """Who may do what; partners see answers, never the records."""

    def _rights(self, user, model):
        env = self.env(user=user)
        return {
            mode
            for mode in ("read", "write", "create", "unlink")
            if env[model].has_access(mode)
        }

    def test_nobody_outside(self):
        for model in MODELS:
            for user in (self.owner, self.env.ref("base.public_user")):
                self.assertFalse(self._rights(user, model), (model, user.login))
        for call in ("get_options", "get_year"):
            args = () if call == "get_options" else (self.silo.id, 2027, "regional")
            with self.assertRaises(AccessError):
                getattr(self.portal_env(self.owner)["cement.season.calendar"], call)(
                    *args
                )
        site = self.portal_env(self.owner)["cement.site"].browse(self.site.id)
        with self.assertRaises(AccessError):
            site.read(["route_piece_ids"])

    def test_people_of_the_plant(self):
        everything = {"read", "write", "create", "unlink"}
        for model in PLANT:
            self.assertEqual(self._rights(self.dispatcher, model), everything, model)
        for model in LAW:
            self.assertEqual(self._rights(self.dispatcher, model), {"read"}, model)

    def test_managers_and_accountants(self):
        manager = self._create_manager("axle-reader")
        for model in (*LAW, "cement.season.order", "cement.axle.check"):
            self.assertEqual(self._rights(manager, model), {"read"}, model)
        self.assertIn("write", self._rights(manager, "cement.route.piece"))
        clerk = self._create_internal_user("axle-clerk", "cement_base.group_accountant")
        for model in MODELS:
            self.assertLessEqual(self._rights(clerk, model), {"read"}, model)
        self.assertFalse(self._rights(clerk, "cement.axle.check"))

    def test_administrator(self):
        admin = self._create_internal_user(
            "axle-admin", "cement_base.group_cement_admin"
        )
        for model in (*LAW, *PLANT):
            self.assertEqual(
                self._rights(admin, model), {"read", "write", "create", "unlink"}, model
            )

    def test_nobody_writes_evidence(self):
        admin = self._create_internal_user(
            "axle-root", "cement_base.group_cement_admin"
        )
        for user in (self.dispatcher, admin):
            self.assertEqual(self._rights(user, "cement.axle.check"), {"read"})

    def test_a_client_plans_within_the_law(self):
        """Without a right to any of its records."""
        self._create_season()
        cart = self._create_cart([(self.line_bulk, 25.0)])
        self.assertEqual(cart.env.user, self.owner)
        self.assertIn("axle_season", self.codes(cart._plan().findings))
