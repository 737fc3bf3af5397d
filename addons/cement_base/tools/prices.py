# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Prices with and without VAT, in exact decimal arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def split_price(
    price: float, rate_percent: float, *, included: bool
) -> tuple[float, float]:
    """Return ``(without VAT, with VAT)`` of an agreed *price*.

    :param price: agreed price of one unit, in the contract's currency.
    :param rate_percent: VAT rate in percent, 22 for 22 %.
    :param included: whether the agreed price holds the tax already.

    Both figures are rounded half up to kopecks, the agreed one is kept as is.
    """
    agreed = Decimal(str(price)).quantize(_CENT, ROUND_HALF_UP)
    factor = 1 + Decimal(str(rate_percent)) / 100
    if included:
        return float((agreed / factor).quantize(_CENT, ROUND_HALF_UP)), float(agreed)
    return float(agreed), float((agreed * factor).quantize(_CENT, ROUND_HALF_UP))
