# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the cart says must be what the order says, to the kopeck."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ..tools import amounts
from .common import CementSaleCommon

# tonnes with three decimals, kopecks, VAT category, price holds the VAT
_LINES = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=80_000),
        st.integers(min_value=1, max_value=3_000_000),
        st.sampled_from(["standard", "reduced", "zero", "none"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def _line(quantity, price, rate, included=False):
    return amounts.Line(Decimal(quantity), Decimal(price), rate, included)


class TestAmounts(TestCase):
    def test_unit_price(self):
        self.assertEqual(amounts.unit_price(5000.0, 1.0), Decimal("5000.00"))
        self.assertEqual(amounts.unit_price(5500.5, 0.05), Decimal("275.03"))
        # half a kopeck goes up
        self.assertEqual(amounts.unit_price(0.1, 0.05), Decimal("0.01"))

    def test_nothing(self):
        self.assertEqual(amounts.order_amount([]), amounts.ZERO)
        self.assertEqual(amounts.ZERO.total, 0)

    def test_tax_excluded(self):
        amount = amounts.order_amount([_line("23.917", "5000", 22)])
        self.assertEqual(amount.untaxed, Decimal("119585.00"))
        self.assertEqual(amount.tax, Decimal("26308.70"))
        self.assertEqual(amount.total, Decimal("145893.70"))

    def test_tax_included_keeps_the_total(self):
        amount = amounts.order_amount([_line("3", "100", 22, True)])
        self.assertEqual(amount.total, Decimal("300.00"))
        self.assertEqual(amount.tax, Decimal("54.10"))

    def test_the_two_ways_of_rounding_differ(self):
        lines = [_line("12.12", "12.12", 23)] * 2
        self.assertEqual(amounts.order_amount(lines).untaxed, Decimal("293.79"))
        self.assertEqual(
            amounts.order_amount(lines, per_line=True).untaxed, Decimal("293.78")
        )

    def test_currency_without_cents(self):
        amount = amounts.order_amount([_line("1.5", "101", 10)], step=Decimal("1"))
        self.assertEqual((amount.untaxed, amount.tax), (Decimal("152"), Decimal("15")))

    @given(
        st.integers(1, 10**7), st.integers(1, 10**7), st.sampled_from([0, 10, 20, 22])
    )
    def test_base_and_tax_make_the_total(self, kilograms, kopecks, rate):
        quantity, price = Decimal(kilograms) / 1000, Decimal(kopecks) / 100
        included = amounts.order_amount([_line(quantity, price, rate, True)])
        self.assertEqual(included.total, included.untaxed + included.tax)
        self.assertLessEqual(abs(included.total - quantity * price), Decimal("0.005"))


@tagged("post_install", "-at_install")
class TestAmountsOfOrders(CementSaleCommon):
    """Compared with what Odoo itself reckons on real orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rates = cls.env["cement.vat.rate"]._get_rates(cls.day)
        cls.rates = {
            (category, included): (
                rate.rate,
                rate._get_tax(cls.supplier, included),
            )
            for category, rate in rates.items()
            for included in (False, True)
        }

    def _compare(self, lines, per_line):
        self.supplier.tax_calculation_rounding_method = (
            "round_per_line" if per_line else "round_globally"
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.supplier.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.cement.id,
                            "product_uom_qty": kilograms / 1000,
                            "price_unit": kopecks / 100,
                            "tax_ids": [
                                Command.set(self.rates[category, included][1].ids)
                            ],
                        }
                    )
                    for kilograms, kopecks, category, included in lines
                ],
            }
        )
        amount = amounts.order_amount(
            [
                _line(
                    Decimal(kilograms) / 1000,
                    Decimal(kopecks) / 100,
                    self.rates[category, included][0],
                    included,
                )
                for kilograms, kopecks, category, included in lines
            ],
            per_line=per_line,
        )
        self.assertEqual(
            (float(amount.untaxed), float(amount.tax), float(amount.total)),
            (
                round(order.amount_untaxed, 2),
                round(order.amount_tax, 2),
                round(order.amount_total, 2),
            ),
        )

    @settings(max_examples=30)
    @given(_LINES)
    def test_rounded_globally(self, lines):
        self._compare(lines, per_line=False)

    @settings(max_examples=20)
    @given(_LINES)
    def test_rounded_per_line(self, lines):
        self._compare(lines, per_line=True)

    def test_quantities_keep_the_kilogram(self):
        order = self._create_order(17.347)
        self.assertEqual(order.order_line.product_uom_qty, 17.347)
        self.assertEqual(order.load_mass, 17.347)
