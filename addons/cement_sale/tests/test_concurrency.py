# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""People who order at the same moment."""

import time

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .concurrency import AGREED, ConcurrencyCase


@tagged("post_install", "-at_install")
class TestConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self._env() as env:
            env["cement.specification.line"].browse(self.line).volume_agreed = AGREED

    def _confirm(self, cart_id):
        def work(env):
            return env["cement.cart"].browse(cart_id)._confirm("portal_desktop").ids

        return work

    def _assert_ordered(self, mass, orders):
        with self._env() as env:
            line = env["cement.specification.line"].browse(self.line)
            self.assertEqual(line.volume_ordered, mass)
            self.assertEqual(line.volume_remaining, line.volume_agreed - mass)
            self.assertEqual(
                env["sale.order"].search_count(
                    [("counterparty_id", "=", self.client), ("state", "=", "sale")]
                ),
                orders,
            )

    def test_last_tonnes(self):
        """Of two members who take the last tonnes at once exactly one succeeds."""
        with self._env() as env:
            env["cement.specification.line"].browse(self.line).volume_agreed = 30
        carts = [self._create_cart(20, user) for user in (0, 1)]
        results = self._at_once(
            *(
                (uid, self._confirm(cart))
                for uid, cart in zip(self.users, carts, strict=True)
            )
        )
        failed = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(failed), 1, results)
        self.assertIsInstance(failed[0], UserError, failed)
        self.assertIn("10 t left", str(failed[0]))
        self._assert_ordered(20, 1)
        with self._env() as env:
            states = env["cement.cart"].browse(carts).mapped("state")
        self.assertEqual(sorted(states), ["confirmed", "draft"])

    def test_same_request_twice_at_once(self):
        cart = self._create_cart(50)
        results = self._at_once(
            (self.users[0], self._confirm(cart)), (self.users[1], self._confirm(cart))
        )
        self.assertIsInstance(results[0], list, results)
        self.assertEqual(sorted(results[0]), sorted(results[1]))
        self._assert_ordered(50, len(results[0]))

    def test_enough_for_both(self):
        """The second waits, is repeated with fresh figures, and succeeds."""
        carts = [self._create_cart(40, user) for user in (0, 1)]
        results = self._at_once(
            *(
                (uid, self._confirm(cart))
                for uid, cart in zip(self.users, carts, strict=True)
            )
        )
        for result in results:
            self.assertIsInstance(result, list, results)
        self.assertFalse(set(results[0]) & set(results[1]))
        self._assert_ordered(80, len(results[0]) + len(results[1]))

    def test_edit_and_confirm_at_once(self):
        """A member who makes an order larger competes like everybody else."""
        with self._env() as env:
            env["cement.specification.line"].browse(self.line).volume_agreed = 30
        first = self._create_cart(15)
        with self._env(self.users[0]) as env:
            order = env["cement.cart"].browse(first)._confirm("portal_desktop")
            order_id, line_id = order.id, order.sudo().order_line.id
        second = self._create_cart(10, 1)

        def edit(env):
            order = env["sale.order"].browse(order_id)
            order._cement_edit({"quantities": {line_id: 24}})
            return [order_id]

        results = self._at_once(
            (self.users[0], edit), (self.users[1], self._confirm(second))
        )
        failed = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(failed), 1, results)
        self.assertIsInstance(failed[0], UserError, failed)
        with self._env() as env:
            line = env["cement.specification.line"].browse(self.line)
            self.assertLessEqual(line.volume_ordered, 30)

    def test_last_owners_remove_each_other_at_once(self):
        """One of them stays: somebody must administer the counterparty."""

        with self._env() as env:
            members = env["cement.member"].search([("partner_id", "=", self.client)])
            ids = {member.user_id.id: member.id for member in members}

        def remove(other):
            def work(env):
                env["cement.member"].browse(ids[other])._revoke()
                time.sleep(0.2)

            return work

        first, second = self.users
        results = self._at_once((first, remove(second)), (second, remove(first)))
        refused = [result for result in results if isinstance(result, Exception)]
        with self._env() as env:
            members = (
                env["cement.member"]
                .with_context(active_test=False)
                .search([("partner_id", "=", self.client)])
            )
            owners = members.filtered("active")
            members.active = True
        self.assertEqual(len(owners), 1, results)
        self.assertEqual(len(refused), 1, results)
        self.assertIsInstance(refused[0], (UserError, AccessError), results)

    def test_the_first_vat_tax_of_a_company_at_once(self):
        """Two first orders of a company make one tax, not two."""
        with self._env() as env:
            day = fields.Date.today()
            category = next(iter(env["cement.vat.rate"]._get_rates(day)))
            rate = env["cement.vat.rate"]._get_rate(category, day)
            company_id = env.ref("base.main_company").id
            kept = rate.with_context(active_test=False).tax_ids
            kept.cement_vat_rate_id = False

        def make(env):
            tax = env["cement.vat.rate"].browse(rate.id)
            company = env["res.company"].browse(company_id)
            tax = tax.sudo()._get_tax(company, price_include=False)
            time.sleep(0.2)
            return tax.id

        try:
            results = self._at_once((SUPERUSER_ID, make), (SUPERUSER_ID, make))
            self.assertEqual(results[0], results[1], results)
            with self._env() as env:
                made = env["account.tax"].search([("cement_vat_rate_id", "=", rate.id)])
                self.assertEqual(made.ids, [results[0]])
        finally:
            with self._env() as env:
                made = env["account.tax"].search([("cement_vat_rate_id", "=", rate.id)])
                made.unlink()
                kept.with_env(env).cement_vat_rate_id = rate.id
