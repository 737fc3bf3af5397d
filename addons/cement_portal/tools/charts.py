# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Geometry of the charts that the server draws as SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a chart; all measures are in units of the drawing."""

    index: int
    x: float
    y: float
    width: float
    height: float
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that grow from the bottom, with the lines behind them."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    # value of each line and its height
    lines: tuple[tuple[float, float], ...]


def nice_ceiling(value: float) -> float:
    """Return the least of 1, 2, 2.5, 5 times a power of ten not below *value*."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0):
        # the tolerance keeps 1000.0000000001 from a scale twice too high
        if factor * power >= value * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def bars(
    values: Sequence[float],
    *,
    width: float = 720.0,
    height: float = 200.0,
    gap: float = 0.35,
    steps: int = 4,
) -> Chart:
    """Return the drawing of *values* as columns; negative ones count as nothing.

    :param gap: share of a column's place that stays empty.
    :param steps: how many lines lie above the base.
    """
    top = nice_ceiling(max(values, default=0.0))
    place = width / len(values) if values else width
    columns = []
    for index, value in enumerate(values):
        tall = max(value, 0.0) / top * height
        columns.append(
            Bar(
                index=index,
                x=round(place * (index + gap / 2), 2),
                y=round(height - tall, 2),
                width=round(place * (1 - gap), 2),
                height=round(tall, 2),
                value=value,
            )
        )
    lines = tuple(
        (top * step / steps, round(height - height * step / steps, 2))
        for step in range(steps + 1)
    )
    return Chart(width, height, tuple(columns), lines)


def shares(values: Sequence[float]) -> tuple[float, ...]:
    """Return each of *values* as per cent of their sum, one decimal each."""
    total = sum(values)
    if total <= 0:
        return tuple(0.0 for _value in values)
    return tuple(round(value * 100 / total, 1) for value in values)
