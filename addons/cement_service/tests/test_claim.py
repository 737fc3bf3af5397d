# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tests.samples import HTML, PDF, SVG

from ..tools import files as claim_files
from .common import CementServiceCommon


@tagged("post_install", "-at_install")
class TestClaim(CementServiceCommon):
    # === Making ===

    def test_a_claim_knows_whose_it_is(self):
        claim = self._submit(files=[("a.jpg", self.jpeg), ("b.pdf", PDF)])
        claim = self._inside(claim)
        self.assertRegex(claim.name, r"^ПР-\d{5}$")
        self.assertEqual(claim.state, "new")
        self.assertEqual(claim.partner_id, self.client)
        self.assertEqual(claim.agreement_id, self.agreement)
        self.assertEqual(claim.site_id, self.site)
        self.assertEqual(claim.company_id, self.supplier)
        self.assertEqual(claim.author_id, self.owner)
        self.assertEqual(claim.responsible_id, self.manager)
        self.assertEqual(claim.activity_ids.user_id, self.manager)
        self.assertEqual(
            claim.photo_ids.sorted("id").mapped("mimetype"),
            ["image/jpeg", "application/pdf"],
        )
        self.assertEqual(set(claim.photo_ids.mapped("res_id")), {claim.id})
        self.assertEqual(self.order.claim_count, 1)
        self.assertEqual(self.buyer_order.claim_count, 0)

    def test_without_an_order(self):
        claim = self._inside(self._submit(order_id=0, kind="documents"))
        # the only contract is the one
        self.assertEqual(claim.agreement_id, self.agreement)
        second = self._create_agreement(self.client, self.supplier2)
        claim = self._inside(self._submit(order_id=0, kind="documents"))
        self.assertFalse(claim.agreement_id)
        self.assertEqual(claim.responsible_id, self.manager)
        claim = self._inside(
            self._submit(order_id=0, kind="documents", agreement_id=second.id)
        )
        self.assertEqual(claim.company_id, self.supplier2)

    def test_limited_to_contracts_one_must_be_named(self):
        second = self._create_agreement(self.client, self.supplier2)
        third = self._create_agreement(self.client)
        limited = self._create_member(
            self.client, "buyer", agreements=self.agreement | second
        ).user_id
        with self.assertRaises(UserError):
            self._submit(limited, order_id=0)
        with self.assertRaises(UserError):
            self._submit(limited, order_id=0, agreement_id=third.id)
        claim = self._submit(limited, order_id=0, agreement_id=second.id)
        self.assertTrue(claim.has_access("read"))

    def test_what_is_missing_is_told_and_nothing_is_stored(self):
        before = self.env["cement.claim"].search_count([])
        for vals in (
            {"kind": "nonsense"},
            {"kind": None},
            {"description": ""},
            {"description": " \n\x00 "},
            {"description": "x" * 4001},
            {"description": {"a": 1}},
            {"kind": "shortage"},
            {"kind": "shortage", "mass": "many"},
            {"kind": "shortage", "mass": "-1"},
            {"kind": "shortage", "mass": "0"},
            {"kind": "shortage", "mass": "20,001"},
            {"kind": "shortage", "mass": "1e5"},
            {"kind": "packaging", "mass": "1"},
            {"order_id": 2**31 - 1},
            {"order_id": -1},
            {"order_id": "1 OR 1=1"},
            {"order_id": self.other_order.id},
            {"order_id": 0, "agreement_id": self.other_agreement.id},
            {"key": "short"},
            {"key": "'; DROP TABLE x"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._submit(**vals)
        self.assertEqual(self.env["cement.claim"].search_count([]), before)

    def test_mass_as_people_type_it(self):
        claim = self._submit(kind="shortage", mass="0,34 т")
        self.assertAlmostEqual(claim.mass, 0.34)
        # a kind without mass forgets what was left in the field
        self.assertEqual(self._submit(kind="late", mass="5").mass, 0)

    def test_hostile_files(self):
        before = self.env["ir.attachment"].search_count([])
        for files in (
            [("photo.jpg", HTML)],
            [("photo.png", SVG)],
            [("ok.jpg", self.jpeg), ("page.pdf", HTML)],
            [("empty.jpg", b"")],
            [("broken.jpg", b"\xff\xd8\xff" + HTML)],
            [("big.pdf", PDF + b"0" * claim_files.LIMITS.max_bytes)],
            [(f"{index}.jpg", self.jpeg) for index in range(11)],
        ):
            with self.subTest(name=files[0][0]), self.assertRaises(UserError):
                self._submit(files=files)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        claim = self._submit(files=[(f"{index}.jpg", self.jpeg) for index in range(10)])
        self.assertEqual(self._inside(claim).photo_count, 10)

    def test_sent_twice_is_one_claim(self):
        key = "a" * 32
        first = self._submit(key=key)
        self.assertEqual(self._submit(key=key), first)
        self.assertEqual(len(self._inside(first).activity_ids), 1)
        # the key of another person is another key
        self.assertNotEqual(self._submit(self.privileged, key=key).id, first.id)
        self.assertNotEqual(self._submit(key="b" * 32).id, first.id)
        # what a second request at the same moment runs into
        claim = self.env["cement.claim"].create(
            {
                "order_id": self.order.id,
                "kind_id": self.env.ref("cement_service.kind_late").id,
                "description": "-",
                "author_id": self.owner.id,
            }
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            claim.client_key = key
            self.env.flush_all()

    # === Life ===

    def test_the_way_to_an_answer(self):
        claim = self._inside(self._submit())
        claim.action_take()
        self.assertEqual(claim.state, "in_work")
        self.assertTrue(claim.date_work)
        with self.assertRaises(ValidationError):
            claim.action_accept()
        claim.invalidate_recordset()
        claim.resolution = "   "
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            claim.action_refuse()
        claim.invalidate_recordset()
        claim.resolution = "We pay for the idle time."
        claim.action_accept()
        self.assertEqual(claim.state, "accepted")
        self.assertTrue(claim.date_decided)
        self.assertFalse(claim.activity_ids)
        message = claim.message_ids[0]
        self.assertIn("We pay for the idle time.", message.body)
        self.assertFalse(message.is_internal)
        self.assertEqual(message.notified_partner_ids, self.owner.partner_id)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            claim.resolution = False
        claim.invalidate_recordset()
        with self.assertRaises(UserError):
            claim.action_refuse()
        claim.action_close()
        self.assertTrue(claim.date_closed)
        self.assertEqual(claim.decision, "accepted")
        self.assertNotIn("idle time", claim.message_ids[0].body)
        with self.assertRaises(UserError):
            claim.write({"state": "new"})
        with self.assertRaises(UserError):
            claim.with_user(self.env.ref("base.user_root")).unlink()

    def test_who_left_is_told_nothing(self):
        claim = self._inside(self._submit(self.privileged))
        self.env["cement.member"].search(
            [("user_id", "=", self.privileged.id)]
        ).active = False
        claim.resolution = "Here is our answer."
        claim.action_take()
        claim.action_close()
        self.assertFalse(claim.message_ids[0].notified_partner_ids)

    def test_a_claim_begins_as_new(self):
        claim = self.env(user=self.manager)["cement.claim"].create(
            {
                "order_id": self.order.id,
                "kind_id": self.env.ref("cement_service.kind_other").id,
                "description": "Told by phone.",
                "state": "closed",
                "name": "X",
            }
        )
        self.assertEqual(claim.state, "new")
        self.assertRegex(claim.name, r"^ПР-")

    def test_order_and_client_belong_together(self):
        claim = self._inside(self._submit())
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            claim.partner_id = self.other_client
        claim.invalidate_recordset()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            claim.agreement_id = self.other_agreement

    # === Pages ===

    def test_list_by_status_and_page(self):
        claims = [self._submit() for _index in range(3)]
        self._inside(claims[0]).write({"resolution": "No.", "state": "refused"})
        model = self.portal_env(self.owner)["cement.claim"]
        partner = self.client.with_env(model.env)
        data = model._portal_list(partner, "", 1, 2)
        self.assertEqual((data["all"], data["open"], data["answered"]), (3, 2, 1))
        self.assertEqual(len(data["rows"]), 2)
        self.assertEqual(model._portal_list(partner, "", 99, 2)["page"], 2)
        [row] = model._portal_list(partner, "answered", 1, 2)["rows"]
        self.assertEqual((row["tone"], row["answer"]), ("block", "No."))

    def test_queries_do_not_grow_with_the_list(self):
        model = self.portal_env(self.owner)["cement.claim"]
        partner = self.client.with_env(model.env)

        def count():
            return self.count_queries(lambda: model._portal_list(partner, "", 1, 50))

        self._submit()
        count()
        few = count()
        for _index in range(10):
            self._submit(files=[("a.jpg", self.jpeg)])
        self.assertLessEqual(count(), few + 1)

    def test_the_order_shows_its_claims(self):
        claim = self._submit()
        order = self.order.with_env(self.portal_env(self.owner))
        page = order._portal_page()
        self.assertEqual([row["id"] for row in page["claims"]], [claim.id])
        self.assertTrue(page["actions"]["claim"]["allowed"])
        page = self.order.with_env(self.portal_env(self.viewer))._portal_page()
        self.assertFalse(page["actions"]["claim"]["allowed"])
        self.assertTrue(page["actions"]["claim"]["reason"])

    def test_roles_that_may_complain(self):
        for user in (self.owner, self.privileged, self.accountant):
            self.assertTrue(self._submit(user))
        self.assertTrue(self._submit(self.buyer, order_id=self.buyer_order.id))
        # the order of a colleague is not in a buyer's sight
        with self.assertRaises(UserError):
            self._submit(self.buyer)
        with self.assertRaises(AccessError):
            self._submit(self.viewer)
        with self.assertRaises(UserError):
            self._submit(self.stranger)
        for vals in ({}, {"order_id": 0}):
            with self.assertRaises(UserError):
                self._submit(self.nobody, **vals)
