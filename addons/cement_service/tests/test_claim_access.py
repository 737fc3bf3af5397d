# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CementServiceCommon


@tagged("post_install", "-at_install")
class TestClaimAccess(CementServiceCommon):
    """Who sees which claim; nobody outside writes one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement2 = cls._create_agreement(cls.client, cls.supplier2)
        cls.claims = {
            "owner": cls._submit(files=[("a.jpg", cls.jpeg)]),
            "buyer": cls._submit(cls.buyer, order_id=cls.buyer_order.id),
            "second": cls._submit(order_id=0, agreement_id=cls.agreement2.id),
            "foreign": cls._submit(cls.stranger, order_id=cls.other_order.id),
        }
        cls.limited = cls._create_member(
            cls.client, "privileged", agreements=cls.agreement2
        ).user_id
        other_site = cls._create_site(cls.client, "Site South")
        cls.site_limited = cls._create_member(
            cls.client, "viewer", sites=other_site
        ).user_id

    def _seen(self, user):
        claims = self.portal_env(user)["cement.claim"].search([])
        return {key for key, claim in self.claims.items() if claim.id in claims.ids}

    def test_rows_by_role(self):
        own = {"owner", "buyer", "second"}
        for user, expected in (
            (self.owner, own),
            (self.privileged, own),
            (self.accountant, own),
            (self.viewer, own),
            (self.buyer, {"buyer"}),
            (self.limited, {"second"}),
            (self.site_limited, {"second"}),
            (self.stranger, {"foreign"}),
            (self.nobody, set()),
        ):
            self.assertEqual(self._seen(user), expected, user.login)

    def test_the_public_sees_nothing(self):
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.env(user=public)["cement.claim"].search([])

    def test_access_ends_with_the_membership(self):
        self.env["cement.member"].search(
            [("user_id", "=", self.owner.id)]
        ).active = False
        self.assertEqual(self._seen(self.owner), set())

    def test_nobody_outside_writes(self):
        for user in (self.owner, self.buyer, self.accountant, self.viewer):
            env = self.portal_env(user)
            claim = env["cement.claim"].browse(self.claims["buyer"].id)
            for run in (
                lambda claim=claim: claim.write({"state": "closed"}),
                lambda claim=claim: claim.write({"resolution": "We agree."}),
                lambda claim=claim: claim.action_take(),
                lambda claim=claim: claim.unlink(),
                lambda env=env: env["cement.claim"].create(
                    {
                        "partner_id": self.client.id,
                        "kind_id": self.env.ref("cement_service.kind_late").id,
                        "description": "x",
                    }
                ),
            ):
                with self.assertRaises(AccessError):
                    run()

    def test_nobody_outside_reads_files_and_kinds(self):
        photo = self._inside(self.claims["owner"]).photo_ids
        env = self.portal_env(self.owner)
        with self.assertRaises(AccessError):
            env["ir.attachment"].browse(photo.id).read(["name", "raw"])
        with self.assertRaises(AccessError):
            env["cement.claim"].browse(self.claims["owner"].id).read(["photo_ids"])
        with self.assertRaises(AccessError):
            env["cement.claim"].browse(self.claims["owner"].id).read(["client_key"])
        with self.assertRaises(AccessError):
            env["cement.claim.kind"].search([])

    def test_conversation(self):
        claim = self._inside(self.claims["buyer"])
        claim.message_post(body="between us", subtype_xmlid="mail.mt_note")
        claim.message_post(body="for you", subtype_xmlid="mail.mt_comment")
        for user, count in ((self.buyer, 1), (self.owner, 1), (self.stranger, 0)):
            messages = self.portal_env(user)["mail.message"].search(
                [
                    ("model", "=", "cement.claim"),
                    ("res_id", "=", claim.id),
                    ("body", "ilike", "for you"),
                ]
            )
            self.assertEqual(len(messages), count, user.login)
            hidden = self.portal_env(user)["mail.message"].search(
                [("res_id", "=", claim.id), ("body", "ilike", "between us")]
            )
            self.assertFalse(hidden)
            thread = self.portal_env(user)["cement.claim"]._get_thread_with_access(
                claim.id, mode="read"
            )
            self.assertEqual(bool(thread), bool(count))

    def test_people_inside(self):
        claim = self.claims["owner"]
        for group in ("group_dispatcher", "group_accountant"):
            user = self._create_internal_user(group, f"cement_base.{group}")
            inside = self.env(user=user)["cement.claim"].browse(claim.id)
            self.assertTrue(inside.read(["name", "photo_ids"]))
            with self.assertRaises(AccessError):
                inside.resolution = "x"
        clerk = self._create_internal_user("clerk")
        with self.assertRaises(AccessError):
            self.env(user=clerk)["cement.claim"].browse(claim.id).read(["name"])
        one = self._create_manager("one-company", companies=self.supplier2)
        found = self.env(user=one, context={"allowed_company_ids": self.supplier2.ids})[
            "cement.claim"
        ].search([]) & self.env["cement.claim"].browse(
            [row.id for row in self.claims.values()]
        )
        self.assertEqual(found.ids, [self.claims["second"].id])

    def test_for_several_counterparties(self):
        """A claim belongs to the counterparty of its order, whatever is chosen."""
        self._create_member(self.other_client, "buyer", user=self.owner)
        self.owner.cement_current_partner_id = self.other_client
        claim = self._submit()
        self.assertEqual(claim.sudo().partner_id, self.client)
