# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from odoo.addons.cement_logistics.tests.common import (
    CementLogisticsCommon,
    make_signature,
)
from odoo.addons.cement_portal.tests.samples import make_photo


@tagged("post_install", "-at_install")
class TestShortageClaim(CementLogisticsCommon):
    """What is missing at the client's scales becomes a claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave()

    def _claims(self):
        return self.env["cement.claim"].search([("picking_id", "=", self.shipment.id)])

    def test_shortage_above_tolerance(self):
        self._confirm(mass="19.5", files=[make_photo()], note="Seal 2 was broken")
        claim = self._claims()
        self.assertEqual(len(claim), 1)
        self.assertEqual(claim.kind_id.code, "shortage")
        self.assertEqual(claim.state, "new")
        self.assertEqual(claim.mass, 0.5)
        self.assertEqual(claim.order_id, self.order)
        self.assertEqual(claim.partner_id, self.client)
        self.assertEqual(claim.site_id, self.site)
        self.assertEqual(claim.author_id, self.owner)
        self.assertEqual(len(claim.photo_ids), 1)
        self.assertIn("Seal 2 was broken", claim.description)
        self.assertIn("A 123 BC 96", claim.description)

    def test_within_tolerance_there_is_none(self):
        self._confirm(mass="19.91")
        self.assertFalse(self._claims())

    def test_one_claim_a_shipment(self):
        self._confirm(mass="19.5")
        self.env["stock.picking"]._cement_claim_shortages()
        self.assertEqual(len(self._claims()), 1)

    def test_by_a_member_who_sees_it(self):
        vals = {"key": "k" * 20, "receiver": "I. Foreman", "mass": "19"}
        shipment = self.as_user(self.privileged)
        shipment._confirm_as_member(vals, make_signature(), [])
        claim = self._claims()
        self.assertEqual(claim.author_id, self.privileged)
        page = shipment._portal_page()
        self.assertEqual(page["claim"]["number"], claim.name)
        own = self.portal_env(self.owner)["cement.claim"].search([])
        self.assertIn(claim.id, own.ids)
        foreign = self.portal_env(self.stranger)["cement.claim"].search([])
        self.assertNotIn(claim.id, foreign.ids)
