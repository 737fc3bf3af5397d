# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Who of the sales managers takes an order (rules F23 to F25).

History first: the manager with whom the client already works stays.  Then the
managers of the region who know the product, the least loaded of them.  Then
those of the region, then those who know the product, then the team leader.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

HISTORY: Final = "history"
REGION_EXPERTISE: Final = "region_expertise"
REGION: Final = "region"
EXPERTISE: Final = "expertise"
LEADER: Final = "leader"
NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager as a candidate.

    :param load: orders the manager has under way; fewer is better.
    :param categories: product categories the manager knows; empty means all.
    :param regions: regions the manager serves; empty means none in particular.
    """

    user_id: int
    regions: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    load: int = 0

    def knows(self, categories: frozenset[int]) -> bool:
        """Whether all *categories* of the order are within the expertise."""
        return not self.categories or categories <= self.categories

    def serves(self, region: int | None) -> bool:
        return region is not None and region in self.regions


@dataclass(frozen=True, slots=True)
class Assignment:
    """The answer: who and why (*reason* is one of the constants above)."""

    user_id: int | None
    reason: str


def assign(
    managers: Iterable[Manager],
    *,
    region: int | None,
    categories: frozenset[int],
    history_user_id: int | None = None,
    leader_user_id: int | None = None,
) -> Assignment:
    """Choose the manager of an order.

    :param managers: managers at work (absent ones left out by the caller).
    :param region: region of the delivery or of the client.
    :param categories: product categories of the order.
    :param history_user_id: manager with whom the client worked last; counts
        only while at work and knowing the product.
    :param leader_user_id: leader of the sales team.
    """
    managers = sorted(managers, key=lambda manager: (manager.load, manager.user_id))
    for manager in managers:
        if manager.user_id == history_user_id and manager.knows(categories):
            return Assignment(manager.user_id, HISTORY)
    tests = (
        (REGION_EXPERTISE, lambda m: m.serves(region) and m.knows(categories)),
        (REGION, lambda m: m.serves(region)),
        # A manager without named categories knows everything in principle, which
        # is no expertise: only a named one counts here.
        (EXPERTISE, lambda m: bool(m.categories) and m.knows(categories)),
    )
    for reason, fits in tests:
        for manager in managers:
            if fits(manager):
                return Assignment(manager.user_id, reason)
    if leader_user_id:
        return Assignment(leader_user_id, LEADER)
    return Assignment(None, NOBODY)
