# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which orders the next ``mode=query`` offers (1C sheet, section 7, poison orders).

1C takes a batch in one transaction: one bad order holds all others back. So a batch
that was offered several times without ``success`` is taken apart: its orders go one
by one, the oldest first, and one that fails alone goes to quarantine.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An order to hand over, with the offers made so far that had no success."""

    key: int
    batch_tries: int = 0
    single_tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRules:
    """Settings of the backend."""

    size: int = 100
    batch_tries: int = 3
    single_tries: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """Keys to offer now, whether one by one, and keys to put aside."""

    offer: tuple[int, ...] = ()
    alone: bool = False
    quarantine: tuple[int, ...] = ()


def plan_batch(
    candidates: Sequence[Candidate], rules: BatchRules | None = None
) -> BatchPlan:
    """Return the next batch from candidates given oldest first."""
    rules = rules or BatchRules()
    bad = tuple(c.key for c in candidates if c.single_tries >= rules.single_tries)
    if bad:
        # The culprit is found: the others may travel together again.
        rest = [c for c in candidates if c.key not in set(bad)]
        return BatchPlan(offer=tuple(c.key for c in rest[: rules.size]), quarantine=bad)
    suspects = [c for c in candidates if c.batch_tries >= rules.batch_tries]
    if suspects:
        return BatchPlan(offer=(suspects[0].key,), alone=True)
    return BatchPlan(offer=tuple(c.key for c in candidates[: rules.size]))
