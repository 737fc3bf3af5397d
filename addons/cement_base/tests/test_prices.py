# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.prices import split_price

prices = st.decimals("0.01", "999999.99", places=2).map(float)
rates = st.sampled_from([0, 10, 20, 22])


class TestPrices(BaseCase):
    def test_known(self):
        self.assertEqual(split_price(5000, 20, included=False), (5000.0, 6000.0))
        self.assertEqual(split_price(5000, 22, included=False), (5000.0, 6100.0))
        self.assertEqual(split_price(6100, 22, included=True), (5000.0, 6100.0))
        # half a kopeck goes up, as the tax rules want
        self.assertEqual(split_price(0.25, 10, included=False), (0.25, 0.28))

    @given(prices, rates, st.booleans())
    @settings(max_examples=300, deadline=None)
    def test_agreed_price_is_kept(self, price, rate, included):
        excl, incl = split_price(price, rate, included=included)
        self.assertEqual(incl if included else excl, price)
        self.assertLessEqual(excl, incl)
        if rate == 0:
            self.assertEqual(excl, incl)

    @given(prices, rates)
    @settings(max_examples=300, deadline=None)
    def test_round_trip(self, price, rate):
        """There and back costs no more than a kopeck."""
        _, incl = split_price(price, rate, included=False)
        back, _ = split_price(incl, rate, included=True)
        self.assertLessEqual(
            abs(Decimal(str(back)) - Decimal(str(price))), Decimal("0.01")
        )
