# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestVolumes(CementSaleCommon):
    """Agreed, ordered, shipped, remaining."""

    def _volumes(self):
        line = self.line_bulk
        return (line.volume_ordered, line.volume_shipped, line.volume_remaining)

    def test_way_of_an_order(self):
        self.assertEqual(self._volumes(), (0, 0, 1000))
        cart = self._create_cart([(self.line_bulk, 70)])
        self.assertEqual(self._volumes(), (0, 0, 1000), "a draft holds nothing")
        orders = cart._confirm("portal_desktop").sudo().with_env(self.env)
        self.assertEqual(self._volumes(), (70, 0, 930))
        first = orders[0]
        mass = first.load_mass
        first.with_env(self.portal_env(self.owner))._cement_edit(
            {"quantities": {first.order_line.id: mass - 1}}
        )
        self.assertEqual(self._volumes(), (69, 0, 931))
        first.action_cancel()
        self.assertAlmostEqual(self._volumes()[0], 70 - mass, 3)
        second = orders[1]
        picking = second.picking_ids
        picking.move_ids.write({"quantity": second.load_mass, "picked": True})
        picking.button_validate()
        self.assertAlmostEqual(self._volumes()[1], second.load_mass, 3)

    def test_less_was_shipped_than_ordered(self):
        order = self._create_order(20)
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 18.5, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self._volumes(), (20, 18.5, 980))

    def test_packages_are_counted_in_tonnes(self):
        self.line_pallet.volume_agreed = 30
        self._create_order(6, line=self.line_pallet)
        self.assertEqual(self.line_pallet.volume_ordered, 6)
        self.assertEqual(self.line_pallet.volume_remaining, 24)
        self.assertEqual(self.line_pallet.volume_share, 20)

    def test_not_limited(self):
        self._create_order(6, line=self.line_pallet)
        self.assertEqual(self.line_pallet.volume_remaining, 0)
        self.assertEqual(self.line_pallet.volume_share, 0)

    def test_last_tonnes(self):
        self.line_bulk.volume_agreed = 20
        self._create_order(20)
        self.assertEqual(self._volumes(), (20, 0, 0))
        cart = self._create_cart([(self.line_bulk, 0.001)])
        self.assertIn("volume_exceeded", self.codes(cart._get_findings()))

    def test_archived_and_other_states(self):
        quotation = self._create_quotation(50)
        self.assertEqual(self._volumes()[0], 0)
        quotation.action_confirm()
        self.assertEqual(self._volumes()[0], 50)
        quotation.action_cancel()
        self.assertEqual(self._volumes()[0], 0)

    def test_orders_of_the_line(self):
        order = self._create_order(20)
        self.assertEqual(self.line_bulk.cement_order_count, 1)
        action = self.line_bulk.action_view_orders()
        self.assertEqual(self.env["sale.order"].search(action["domain"]), order)

    def test_unmet_demand(self):
        """F90: what was asked for and refused."""
        order = self._create_order(20)
        line = order.order_line
        self.assertEqual(line.mass_unmet, 0)
        order._cement_set_state("reserve_refused", "onec")
        self.assertEqual(line.mass_unmet, 20)
        order._cement_set_state("reserve_partial", "onec")
        line.mass_reserved = 12.5
        self.assertEqual(line.mass_unmet, 7.5)
        order._cement_set_state("reserve_allowed", "onec")
        self.assertEqual(line.mass_unmet, 0)

    def test_other_unit_of_measure(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        quotation = self._create_quotation(20)
        line = quotation.order_line
        line.write({"product_uom_id": kilogram.id, "product_uom_qty": 25_000})
        self.assertEqual(line.mass, 25)
        self.assertEqual(line.price_unit, 5)
        self.assertEqual(quotation.amount_untaxed, 125_000)
        quotation.action_confirm()
        self.assertEqual(self._volumes()[0], 25)
