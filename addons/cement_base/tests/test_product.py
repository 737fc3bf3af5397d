# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import CementCommon


@tagged("post_install", "-at_install")
class TestProduct(CementCommon):
    def test_uom_mass(self):
        self.assertEqual(self.cement.uom_mass, 1.0)
        kg = self._create_product(uom_id=self.env.ref("uom.product_uom_kgm").id)
        self.assertEqual(kg.uom_mass, 0.001)
        big_bag = self._create_product("big_bag")
        self.assertEqual(big_bag.uom_mass, 1.0)
        bag = self._create_product("bag")
        self.assertEqual(bag.uom_mass, 0.05)
        bag.unit_mass = 0.025
        self.assertEqual(bag.uom_mass, 0.025)
        weighed = self._create_product("bag", unit_mass=0.0, weight=40)
        self.assertEqual(weighed.uom_mass, 0.04)

    def test_retail_price_is_per_tonne(self):
        agreement = self._create_agreement(self._create_counterparty())
        bag = self._create_product("bag", list_price=400)
        line = self._create_specification(agreement, [{"product_id": bag.id}]).line_ids
        self.assertEqual(line.retail_price, 8000)
        line.retail_price = 7999
        self.assertEqual(line.retail_price, 7999)

    def _put_in_stock(self, product, quantity, warehouse=None):
        warehouse = warehouse or self.warehouse
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def test_display_stock(self):
        """Clients see the stock of the line's warehouse up to the limit (F190)."""
        agreement = self._create_agreement(self._create_counterparty())
        bag = self._create_product("bag")
        lines = self._create_specification(agreement, [{}, {"product_id": bag.id}])
        lines = lines.line_ids
        self._put_in_stock(self.cement, 500)
        self._put_in_stock(self.cement, 9000, self.warehouse2)
        self._put_in_stock(bag, 100)
        self.assertEqual(lines.mapped("display_stock"), [500, 5])
        self.cement.display_stock_limit = 120
        self.assertEqual(lines.mapped("display_stock"), [120, 5])

    def test_display_stock_from_turnover(self):
        self.cement.display_stock_days = 9
        picking_type = self.warehouse.out_type_id
        move = self.env["stock.move"].create(
            {
                "product_id": self.cement.id,
                "product_uom": self.tonne.id,
                "product_uom_qty": 180,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "picking_type_id": picking_type.id,
                "company_id": self.supplier.id,
            }
        )
        self._put_in_stock(self.cement, 200)
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        move.date = fields.Datetime.now() - timedelta(days=3)
        self.env["product.template"]._cron_update_display_stock()
        # 180 t in 90 days are 2 t a day
        self.assertEqual(self.cement.display_stock_limit, 18)
