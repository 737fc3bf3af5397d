# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Runs of equal vehicles told once: «38 × 25,8 т» instead of 38 equal drawings."""

from collections.abc import Iterable


def _signature(load: dict) -> tuple:
    """Return what makes two vehicles look alike to a person."""
    return (
        load["vehicle"],
        load["capacity"],
        load["capacity_reason"],
        load.get("loading"),
        load["mass"],
        tuple((part["product"], part["mass"]) for part in load["parts"]),
    )


def fold(loads: Iterable[dict]) -> list[dict]:
    """Return the *loads* with runs of alike neighbours told once.

    Each result is the first load of its run with ``count``, ``last_number``,
    ``run_mass`` and ``run_total`` beside its own values.
    """
    runs: list[dict] = []
    previous = None
    for load in loads:
        signature = _signature(load)
        if runs and signature == previous:
            run = runs[-1]
            run["count"] += 1
            run["last_number"] = load["number"]
            run["run_mass"] += load["mass"]
            run["run_total"] += load["total"]
        else:
            runs.append(
                {
                    **load,
                    "count": 1,
                    "last_number": load["number"],
                    "run_mass": load["mass"],
                    "run_total": load["total"],
                }
            )
        previous = signature
    return runs
