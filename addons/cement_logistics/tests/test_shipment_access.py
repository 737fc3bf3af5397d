# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementLogisticsCommon

_QUIET = (
    "odoo.http",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.rpc.controllers.json2",
)


@tagged("post_install", "-at_install")
class TestShipmentAccess(CementLogisticsCommon, CementPortalHttpCommon):
    """Who sees which shipment, at every door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        agreement2 = cls._create_agreement(cls.client, cls.supplier2)
        site2 = cls._create_site(cls.client, "Site South")
        cls.limited = cls._create_member(
            cls.client, "privileged", agreements=agreement2, login="lim@x.com"
        ).user_id
        cls.site_limited = cls._create_member(
            cls.client, "viewer", sites=site2, login="site@x.com"
        ).user_id
        cls.shipments = cls.shipment | cls.buyer_shipment | cls.other_shipment
        own = cls.shipment | cls.buyer_shipment
        cls.expected = {
            cls.owner: own,
            cls.privileged: own,
            cls.accountant: own,
            cls.viewer: own,
            cls.buyer: cls.buyer_shipment,
            cls.limited: own.browse(),
            cls.site_limited: own.browse(),
            cls.stranger: cls.other_shipment,
            cls.nobody: own.browse(),
        }
        cls.paper = cls.env["ir.attachment"].create(
            {
                "name": "internal.pdf",
                "raw": b"%PDF-1.4 internal",
                "res_model": "stock.picking",
                "res_id": cls.shipment.id,
            }
        )
        cls.passport = cls.env["ir.attachment"].create(
            {
                "name": "passport.pdf",
                "raw": b"%PDF-1.4 passport",
                "res_model": "stock.picking",
                "res_id": cls.shipment.id,
                "cement_shared": True,
                "cement_kind": "quality",
            }
        )

    def test_search_and_groups(self):
        for user, expected in self.expected.items():
            env = self.portal_env(user)
            pickings = env["stock.picking"]
            self.assertEqual(pickings.search([]).ids, expected.sorted().ids, user.login)
            [(count,)] = pickings._read_group([], [], ["__count"])
            self.assertEqual(count, len(expected), user.login)
            self.assertEqual(
                sum(
                    row["__count"]
                    for row in pickings.formatted_read_group(
                        [], ["shipment_state"], ["__count"]
                    )
                ),
                len(expected),
                user.login,
            )

    def test_read(self):
        for user, expected in self.expected.items():
            for shipment in self.shipments:
                mine = self.as_user(user, shipment)
                if shipment in expected:
                    self.assertTrue(mine.read(["vehicle_text"]))
                    continue
                for run in (
                    lambda mine=mine: mine.read(["vehicle_text"]),
                    lambda mine=mine: mine._portal_page(),
                    lambda mine=mine: mine._portal_links(),
                    lambda mine=mine: mine._confirm_as_member({}, b"", []),
                ):
                    with self.assertRaises(AccessError, msg=user.login):
                        run()

    def test_nobody_outside_writes(self):
        for user in (self.owner, self.viewer):
            env = self.portal_env(user)
            mine = self.as_user(user)
            for run in (
                lambda mine=mine: mine.write({"vehicle_plate": "X"}),
                lambda mine=mine: mine.action_cement_loading(),
                lambda mine=mine: mine.action_cement_leave(),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.read(["note"]),
                lambda mine=mine: mine.read(["driver_id"]),
                lambda mine=mine: mine.read(["cement_carrier_id"]),
                lambda mine=mine: mine.read(["seals"]),
                lambda env=env: env["cement.shipment.link"].search([]),
                lambda env=env: env["cement.driver"].search([]),
                lambda env=env: env["cement.shipment.event"].search([]),
                lambda env=env: env["cement.delivery.confirmation"].search([]),
            ):
                with self.assertRaises(AccessError), mute_logger(*_QUIET):
                    run()
                    self.env.flush_all()

    def test_notes_cannot_be_guessed(self):
        self.assert_notes_unguessed(self.shipment, self.viewer)

    def test_the_phone_of_the_driver_stays_inside(self):
        self.shipment.driver_id = self.env["cement.driver"].create(
            {"name": "Ivan Driver", "phone": "+7 900 123-45-67"}
        )
        self.login(self.owner)
        for url in (f"/my/shipments/{self.shipment.id}", "/my/shipments"):
            self.assertNoPart("123-45-67", self.url_open(url).text)
        self.assertPart(
            "Ivan Driver", self.url_open(f"/my/shipments/{self.shipment.id}").text
        )

    @mute_logger(*_QUIET)
    def test_pages(self):
        for user, expected in self.expected.items():
            self.login(user)
            listing = self.url_open("/my/shipments")
            self.assertEqual(
                listing.status_code, 403 if user == self.nobody else 200, user.login
            )
            for shipment in self.shipments:
                known = shipment in expected
                self.assertEqual(
                    f'data-shipment-id="{shipment.id}"' in listing.text,
                    known,
                    (user.login, shipment.name),
                )
                denied = 403 if user == self.nobody else 404
                for path in ("", "/confirm"):
                    answer = self.url_open(f"/my/shipments/{shipment.id}{path}")
                    self.assertEqual(
                        answer.status_code, 200 if known else denied, user.login
                    )

    @mute_logger(*_QUIET)
    def test_jsonrpc_of_the_portal(self):
        for user in (self.stranger, self.buyer, self.limited):
            self.login(user)
            for route in ("state", "link", "unlink"):
                self.rpc_error(f"shipment/{self.shipment.id}/{route}")
            self.assertNotIn(
                str(self.shipment.id),
                self.rpc("shipments/rows", ids=self.shipments.ids),
            )
        self._leave()
        self._place()
        for user, count in ((self.owner, 1), (self.buyer, 0), (self.stranger, 0)):
            self.login(user)
            points = self.rpc("shipments/map", ids=self.shipment.ids)["points"]
            self.assertEqual(len(points), count, user.login)
            points = self.rpc("shipments/map", query={})["points"]
            self.assertEqual(len(points), count, user.login)

    @mute_logger(*_QUIET)
    def test_core_delivery_slip(self):
        url = f"/my/picking/pdf/{self.shipment.id}"
        token = self.order._portal_ensure_token()
        for user in (self.stranger, self.buyer, self.limited, self.nobody):
            self.login(user)
            self.assertEqual(self.url_open(url).status_code, 404, user.login)
            answer = self.url_open(f"{url}?access_token={token}")
            self.assertEqual(answer.status_code, 404, user.login)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(f"{url}?access_token={token}").status_code, 404)

    @mute_logger(*_QUIET)
    def test_files(self):
        """What is not shared nobody outside gets; what is, who sees the shipment."""
        for user in (self.owner, self.buyer, self.stranger):
            self.login(user)
            answer = self.url_open(f"/my/documents/{self.paper.id}")
            self.assertEqual(answer.status_code, 404, user.login)
            answer = self.url_open(f"/web/content/{self.paper.id}")
            self.assertNotIn(b"internal", answer.content, user.login)
            answer = self.url_open(f"/my/documents/{self.passport.id}")
            self.assertEqual(
                answer.status_code, 200 if user == self.owner else 404, user.login
            )
        self.authenticate(None, None)
        answer = self.url_open(f"/web/content/{self.passport.id}")
        self.assertNotIn(b"passport", answer.content)

    def test_certificate_of_the_lot(self):
        """One certificate for all vehicles of a lot."""
        product = self.shipment.move_ids.product_id
        lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": product.id, "company_id": False}
        )
        paper = self.env["ir.attachment"].create(
            {
                "name": "lot.pdf",
                "raw": b"%PDF-1.4 lot",
                "res_model": "stock.lot",
                "res_id": lot.id,
                "cement_shared": True,
                "cement_kind": "quality",
            }
        )
        self._leave()
        self.shipment.move_line_ids.lot_id = lot
        names = [
            file["name"]
            for file in self.as_user(self.owner)._portal_shipment_documents()
        ]
        self.assertIn("lot.pdf", names)
        for user, status in (
            (self.owner, 200),
            (self.buyer, 404),
            (self.stranger, 404),
        ):
            self.login(user)
            with mute_logger(*_QUIET):
                answer = self.url_open(f"/my/documents/{paper.id}")
            self.assertEqual(answer.status_code, status, user.login)

    @mute_logger(*_QUIET)
    def test_rpc_and_json2(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.buyer)
            .sudo()
            ._generate("rpc", "test", None)
        )

        def ask(method, model="stock.picking", **body):
            return self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(body),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {key}",
                },
            )

        answer = ask("search_read", domain=[], fields=["vehicle_text"])
        self.assertEqual([row["id"] for row in answer.json()], self.buyer_shipment.ids)
        for method, body in (
            ("read", {"ids": self.shipment.ids, "fields": ["vehicle_text"]}),
            ("write", {"ids": self.buyer_shipment.ids, "vals": {"seals": "1"}}),
            ("action_cement_loading", {"ids": self.buyer_shipment.ids}),
            ("_portal_page", {"ids": self.shipment.ids}),
            ("_cement_update_positions", {"ids": self.shipment.ids, "positions": {}}),
        ):
            self.assertGreaterEqual(ask(method, **body).status_code, 400, method)
        for model in (
            "cement.shipment.link",
            "cement.delivery.confirmation",
            "cement.shipment.event",
            "cement.driver",
        ):
            answer = ask("search_read", model, domain=[])
            self.assertGreaterEqual(answer.status_code, 400, model)
        self._leave(self.buyer_shipment)
        self._place(self.buyer_shipment)
        self._leave()
        self._place()
        data = ask("get_cement_map").json()
        self.assertEqual(
            [point["id"] for point in data["points"]], self.buyer_shipment.ids
        )

    def test_the_public(self):
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.env(user=public)["stock.picking"].search([])
        self.authenticate(None, None)
        for url in ("/my/shipments", f"/my/shipments/{self.shipment.id}"):
            answer = self.url_open(url, allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_access_ends_with_the_membership(self):
        self.env["cement.member"].search(
            [("user_id", "=", self.owner.id)]
        ).active = False
        self.assertFalse(self.portal_env(self.owner)["stock.picking"].search([]))

    def test_the_rule_walks_nowhere(self):
        """The guard compares columns of the shipment alone."""
        env = self.portal_env(self.owner)
        query = env["stock.picking"]._search([])
        sql = str(query.select())
        self.assertNotIn("sale_order", sql)

    def test_watchers_agree_with_the_rule(self):
        watchers = self.buyer_order._portal_watchers()
        for user in self.expected:
            seen = (
                self.buyer_shipment.id
                in self.portal_env(user)["stock.picking"].search([]).ids
            )
            self.assertEqual(seen, user in watchers, user.login)
