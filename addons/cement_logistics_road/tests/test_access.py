# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RoadCommon

MODELS = (
    "cement.tracking.provider",
    "cement.tracking.exchange",
    "cement.tracking.ledger",
    "cement.tracked.object",
    "cement.tracking.position",
    "cement.tracking.event",
    "cement.tracking.unit",
    "cement.tracking.speed",
    "cement.tracking.manual",
)


@tagged("post_install", "-at_install")
class TestAccess(RoadCommon):
    """Whose truck, whose phone: each sees what the work needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trip = cls._load()
        cls._drive([(0.0, -60), (0.0, -55), (0.1, -40), (0.3, -20)])
        cls.stranger = cls._create_member(
            cls._create_counterparty("Other", inn="7707083893"),
            "owner",
            login="s@x.com",
        ).user_id

    def test_partners_reach_nothing(self):
        public = self.env.ref("base.public_user")
        for user in (self.owner, self.stranger, public):
            env = self.env(user=user)
            for model in MODELS:
                for run in (
                    lambda model=model: env[model].search([]),  # noqa: B023
                    lambda model=model: env[model].search_count([]),  # noqa: B023
                ):
                    with self.assertRaises(AccessError):
                        run()
            with self.assertRaises(AccessError):
                env["cement.tracked.object"].browse(self.trip.id).read(["ext_id"])

    def test_partners_do_not_read_through_the_shipment(self):
        picking = self.portal_env(self.owner)["stock.picking"].browse(self.shipment.id)
        for name in (
            "tracked_object_id",
            "tracked_object_ids",
            "tracked_status",
            "tracking_reason",
        ):
            with self.assertRaises(AccessError):
                picking.read([name])
        with self.assertRaises(AccessError):
            picking.action_start_tracking()
        with self.assertRaises(AccessError):
            picking.action_stop_tracking()

    def test_people_without_the_work(self):
        for group in ("group_sales_manager", "group_accountant"):
            user = self._create_internal_user(group, f"cement_base.{group}")
            env = self.env(user=user)
            for model in MODELS:
                with self.assertRaises(AccessError):
                    env[model].search([])

    def test_dispatchers(self):
        env = self.env(user=self.dispatcher)
        trip = env["cement.tracked.object"].browse(self.trip.id)
        self.assertEqual(trip.ext_id, "8671")
        self.assertEqual(len(trip.position_ids), 4)
        provider = env["cement.tracking.provider"].browse(self.provider.id)
        self.assertEqual(provider.name, "Trackers")
        for run in (
            lambda: provider.write({"address": "https://elsewhere.example/"}),
            lambda: provider.write({"state": "off"}),
            lambda: provider.action_new_token(),
            lambda: provider.read(["sealed_secret"]),
            lambda: provider.read(["secret"]),
            lambda: provider.read(["token_digest"]),
            lambda: trip.position_ids[0].write({"latitude": 1}),
            lambda: env["cement.tracking.exchange"].create({}),
            lambda: env["cement.tracking.ledger"].search([]),
        ):
            with self.assertRaises(AccessError):
                run()

    def test_consent_is_nobodys_word(self):
        """What the driver and the service said is written by the tracker only."""
        chief = self._create_internal_user("boss", "cement_base.group_cement_admin")
        for user in (self.dispatcher, chief):
            trip = self.trip.with_user(user)
            for vals in (
                {"asked_at": self.now},
                {"given_at": self.now},
                {"refused_at": self.now},
                {"ext_id": "79000000001"},
                {"status": "ok"},
                {"phase": "ended"},
            ):
                with self.assertRaises(AccessError):
                    trip.write(vals)
                with self.assertRaises(AccessError):
                    trip.picking_id.write({"tracked_object_ids": [(1, trip.id, vals)]})
            with self.assertRaises(AccessError):
                trip.create({"picking_id": self.shipment.id})
            with self.assertRaises(AccessError):
                trip.unlink()
        # the buttons go on
        self.trip.with_user(self.dispatcher).action_retry()
        self.trip.with_user(self.dispatcher).action_stop()
        self.assertEqual(self.trip.phase, "ended")

    def test_the_key_is_of_the_system(self):
        chief = self._create_internal_user("chief", "cement_base.group_cement_admin")
        provider = self.env(user=chief)["cement.tracking.provider"].browse(
            self.provider.id
        )
        provider.secret = "secret-key"
        provider.invalidate_recordset()
        self.assertFalse(provider.secret)
        self.assertNotIn("secret-key", provider.sudo().sealed_secret)
        self.assertEqual(provider._get_secret(), "secret-key")
        for name in ("sealed_secret", "token_digest"):
            with self.assertRaises(AccessError):
                provider.read([name])
        self.assertNotIn("secret-key", str(provider.message_ids.mapped("body")))

    def test_other_companies(self):
        user = self._create_internal_user(
            "second",
            "cement_base.group_dispatcher",
            company_id=self.supplier2.id,
            company_ids=[self.supplier2.id],
        )
        env = self.env(user=user, context={"allowed_company_ids": self.supplier2.ids})
        self.assertFalse(
            env["cement.tracked.object"].search([("id", "=", self.trip.id)])
        )
        self.assertFalse(
            env["cement.tracking.position"].search([("object_id", "=", self.trip.id)])
        )

    def test_doors_are_private(self):
        """Nothing of the machine can be called from outside."""
        for model, methods in (
            ("cement.tracking.provider", ("_poll", "_take_positions", "_door_start")),
            ("cement.tracking.door.movizor", ("_ask", "_start")),
            ("cement.tracking.door.push", ("_receive",)),
            ("cement.tracking.ledger", ("_forgive", "_take")),
        ):
            for name in methods:
                self.assertTrue(hasattr(self.env[model], name))
                self.assertTrue(name.startswith("_"))
