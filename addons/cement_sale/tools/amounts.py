# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Money of an order, exactly as Odoo will reckon it.

The cart shows amounts before any order exists, and the client must find the
same kopecks on the order.  Odoo knows two ways (a setting of the company):
*globally*, where bases and taxes of all lines are summed and rounded once a
tax, and *per line*, where each line is rounded by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def _round(value: Decimal, step: Decimal = CENT) -> Decimal:
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


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


@dataclass(frozen=True, slots=True)
class Line:
    """One order line: *quantity* units at *price*.

    :param included: whether *price* holds the VAT of *rate_percent* already.
    """

    quantity: Decimal
    price: Decimal
    rate_percent: float
    included: bool


def unit_price(price_per_tonne: float, uom_mass: float) -> Decimal:
    """Return the price of one unit of measure from the price of a tonne.

    :param uom_mass: tonnes in one unit; 1 for a product sold by the tonne.
    """
    return _round(Decimal(str(price_per_tonne)) * Decimal(str(uom_mass)))


def order_amount(
    lines: Iterable[Line], *, per_line: bool = False, step: Decimal = CENT
) -> Amount:
    """Return the amount of an order of *lines*.

    :param per_line: whether the supplier company rounds each line by itself.
    :param step: smallest unit of the currency.
    """
    bases = taxes = Decimal(0)
    by_tax: dict[tuple, Decimal] = defaultdict(Decimal)
    all_included = True
    for line in lines:
        base, tax = _raw(line, per_line, step)
        bases += base
        taxes += tax
        by_tax[line.rate_percent, line.included] += tax
        all_included &= line.included
    tax = sum((_round(raw, step) for raw in by_tax.values()), Decimal(0))
    if all_included:
        # what was agreed with VAT stays to the kopeck, the base is the rest
        return Amount(_round(bases + taxes, step) - tax, tax)
    return Amount(_round(bases, step), tax)


def _raw(line: Line, per_line: bool, step: Decimal) -> tuple[Decimal, Decimal]:
    """Return base and tax of *line*, rounded only where Odoo rounds a line."""
    gross = line.quantity * line.price
    rate = Decimal(str(line.rate_percent)) / 100
    if per_line:
        gross = _round(gross, step)
    tax = gross * rate / (1 + rate) if line.included else gross * rate
    if per_line:
        tax = _round(tax, step)
    return (gross - tax if line.included else gross), tax
