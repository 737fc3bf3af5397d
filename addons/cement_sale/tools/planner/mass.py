# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Tonnes at the edge, integer kilograms inside."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

KG_PER_TONNE = 1000


def kg_from_tonnes(tonnes: Decimal | float | str) -> int:
    """Return the mass in whole kilograms, half a kilogram rounded up.

    A float goes through ``repr``, so that 27.55 means the 27.55 that was typed and
    not the binary neighbour that would lose a kilogram.

    :raises ValueError: when the value is not a finite number.
    """
    try:
        value = tonnes if isinstance(tonnes, Decimal) else Decimal(str(tonnes).strip())
    except InvalidOperation:
        raise ValueError(f"not a mass in tonnes: {tonnes!r}") from None
    if not value.is_finite():
        raise ValueError(f"not a mass in tonnes: {tonnes!r}")
    return int((value * KG_PER_TONNE).to_integral_value(rounding=ROUND_HALF_UP))


def tonnes_from_kg(kg: int) -> Decimal:
    """Return the mass in tonnes, exactly, with three decimals (27550 -> 27.550)."""
    return Decimal(kg).scaleb(-3)
