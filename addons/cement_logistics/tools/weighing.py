# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the scales say, against what was ordered and what arrived. In tonnes;
reckoned in whole kilograms, so that 25.1 - 25.0 is 0.1."""

from typing import Final

# Scales for vehicles show steps of 20 kg: two readings differ by one step.
SCALE_STEP: Final = 0.02

GROSS_BELOW_TARE: Final = "gross_below_tare"
NET_DIFFERS: Final = "net_differs"
NEGATIVE: Final = "negative"


def kilograms(tonnes: float) -> int:
    return round(tonnes * 1000)


def net(gross: float, tare: float) -> float:
    """Return the mass of the goods, t."""
    return (kilograms(gross) - kilograms(tare)) / 1000


def find_fault(gross: float, tare: float, net_mass: float) -> str | None:
    """Return why the three masses cannot be true together, or ``None``.

    Masses that are not known are 0.
    """
    if min(gross, tare, net_mass) < 0:
        return NEGATIVE
    if gross and tare:
        if gross < tare:
            return GROSS_BELOW_TARE
        difference = abs(kilograms(net(gross, tare)) - kilograms(net_mass))
        if net_mass and difference > kilograms(SCALE_STEP):
            return NET_DIFFERS
    return None


def shortage(sent: float, received: float) -> float:
    """Return how much less was received than sent, t; never below zero."""
    return max(kilograms(sent) - kilograms(received), 0) / 1000


def tolerance(sent: float, percent: float) -> float:
    """Return what may be missing without a claim, t."""
    return round(kilograms(sent) * max(percent, 0.0) / 100) / 1000


def is_beyond(sent: float, received: float, percent: float) -> bool:
    """Whether more is missing than the tolerance of *percent* allows."""
    return kilograms(shortage(sent, received)) > kilograms(tolerance(sent, percent))


def share(total: float, parts: list[float]) -> list[float]:
    """Divide *total* as *parts* stand to each other; the last takes the rest, so
    that the shares sum to the total to the kilogram."""
    whole = sum(parts)
    if not parts:
        return []
    if whole <= 0:
        return [total, *([0.0] * (len(parts) - 1))]
    shares = [kilograms(total * part / whole) for part in parts[:-1]]
    return [kg / 1000 for kg in (*shares, kilograms(total) - sum(shares))]
