# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Money of one order line, exactly as Odoo will reckon it on the order.

The cart shows amounts before any order exists, and the client must find the
same kopecks on the order: price of the unit rounded to the price precision,
line rounded to the currency, tax rounded a line.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def _round(value: Decimal, step: Decimal = CENT) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum without VAT, its VAT, and both together."""

    untaxed: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.untaxed + self.tax

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.untaxed + other.untaxed, self.tax + other.tax)


ZERO = Amount()


def unit_price(price_per_tonne: float, uom_mass: float) -> Decimal:
    """Return the price of one unit of measure from the price of a tonne.

    :param uom_mass: tonnes in one unit; 1 for a product sold by the tonne.
    """
    return _round(Decimal(str(price_per_tonne)) * Decimal(str(uom_mass)))


def line_amount(
    quantity: Decimal, price: Decimal, rate_percent: float, *, included: bool
) -> Amount:
    """Return the amount of *quantity* units at *price*.

    :param included: whether *price* holds the VAT of *rate_percent* already.
    """
    gross = _round(quantity * price)
    rate = Decimal(str(rate_percent)) / 100
    if included:
        untaxed = _round(gross / (1 + rate))
        return Amount(untaxed, gross - untaxed)
    return Amount(gross, _round(gross * rate))
