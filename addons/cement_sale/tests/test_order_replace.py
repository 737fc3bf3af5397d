# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestOrderReplace(CementSaleCommon):
    """Another product instead of the one ordered, or nothing changes at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(mass=20.0, user=cls.owner)

    def _as_owner(self):
        return self.order.with_env(self.portal_env(self.owner))

    def test_other_product(self):
        order = self.order
        new = (
            self._as_owner()
            ._cement_replace(
                [{"specification_line_id": self.line_big_bag.id, "quantity": 10}],
                "portal_desktop",
            )
            .sudo()
        )
        self.assertEqual(order.cement_state, "cancelled")
        self.assertEqual(order.state, "cancel")
        self.assertEqual(new.replaced_order_id, order)
        self.assertEqual(new.order_line.specification_line_id, self.line_big_bag)
        self.assertEqual(new.requested_date, order.requested_date)
        self.assertEqual(new.site_id, order.site_id)
        self.assertEqual(new.cement_state, "new")

    def test_volume_goes_back_first(self):
        """The same tonnes can be ordered again although nothing else is left."""
        line = self.order.order_line.specification_line_id
        line.volume_agreed = 20
        self.assertEqual(line.volume_remaining, 0)
        new = self._as_owner()._cement_replace(
            [{"specification_line_id": line.id, "quantity": 20}], "portal_desktop"
        )
        self.assertEqual(sum(new.sudo().mapped("load_mass")), 20)
        self.assertEqual(line.volume_remaining, 0)

    def test_refused_changes_nothing(self):
        line = self.order.order_line.specification_line_id
        line.volume_agreed = 20
        for row in (
            {"specification_line_id": line.id, "quantity": 21},
            {"specification_line_id": 0, "quantity": 5},
            {"specification_line_id": line.id, "quantity": "-1"},
        ):
            with self.subTest(row=row), self.assertRaises(UserError):
                self._as_owner()._cement_replace([row], "portal_desktop")
            self.order.invalidate_recordset()
            self.assertEqual(self.order.cement_state, "new")
            self.assertEqual(self.order.state, "sale")
            self.assertFalse(
                self.env["sale.order"].search_count(
                    [("replaced_order_id", "=", self.order.id)]
                )
            )

    def test_not_while_assembled(self):
        self.order.sudo()._cement_set_state("assembling", "onec")
        with self.assertRaises(UserError):
            self._as_owner()._cement_replace(
                [{"specification_line_id": self.line_bulk.id, "quantity": 5}],
                "portal_desktop",
            )

    def test_not_by_others(self):
        viewer = self._create_member(self.client, "viewer").user_id
        stranger = self._create_member(self._create_counterparty(), "owner").user_id
        rows = [{"specification_line_id": self.line_bulk.id, "quantity": 5}]
        for user in (viewer, stranger):
            order = self.order.with_env(self.portal_env(user))
            with self.assertRaises(AccessError):
                order._cement_replace(rows, "portal_desktop")
            with self.assertRaises(AccessError):
                order._get_replace_options()

    def test_options_are_the_members_own(self):
        options = self._as_owner()._get_replace_options()
        ids = {choice["id"] for choice in options["choices"]}
        self.assertIn(self.line_big_bag.id, ids)
        foreign = self.env["cement.specification.line"].search(
            [("commercial_partner_id", "!=", self.client.id)]
        )
        self.assertFalse(ids & set(foreign.ids))
        self.assertEqual(options["lines"][0]["mass"], 20)
