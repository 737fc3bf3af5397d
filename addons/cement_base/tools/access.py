# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From what a person may act for to the domains that guard the tables.

A person holds one scope per counterparty.  A table is described by the names
of the columns that say whose a row is (:class:`GuardFields`).  The domain that
follows is flat: stored columns against lists of ids, no walk along relations,
so that PostgreSQL answers it from indexes at any size.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from . import roles

NOTHING: list = [(0, "=", 1)]
EVERYTHING: list = [(1, "=", 1)]


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may do for one counterparty.

    Empty *agreement_ids* or *site_ids* mean no limit of that kind.
    """

    partner_id: int
    role: str
    agreement_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()

    def can(self, capability: str) -> bool:
        return roles.can(self.role, capability)

    def covers(self, agreement_id: int, site_id: int) -> bool:
        """Whether contract and site are within the limits of the person.

        :param site_id: 0 when no site is meant, which no limit forbids.
        """
        if self.agreement_ids and agreement_id not in self.agreement_ids:
            return False
        return not (self.site_ids and site_id and site_id not in self.site_ids)


@dataclass(frozen=True, slots=True)
class GuardFields:
    """Columns of a table that say whose a row is.

    :param partner: column with the counterparty.
    :param agreement: column with the contract, where the table has one.
    :param site: column with the delivery site; rows without a site are seen by
        everybody who sees the contract.
    :param author: column with the user who made the row; where it is given,
        roles without ``see_all`` see their own rows only.
    :param capability: what the role must include to see the table at all.
    :param extra: leaves that hold for every outsider (for example: only
        active specifications).
    """

    partner: str
    agreement: str | None = None
    site: str | None = None
    author: str | None = None
    capability: str = roles.SEE
    extra: tuple[tuple, ...] = field(default=())


def guard_domain(scopes: Iterable[Scope], guard: GuardFields, user_id: int) -> list:
    """Return the domain of the rows that the person with *scopes* may see.

    Without a scope that includes the capability nothing is seen: deny is the
    default.
    """
    branches = [
        _and(_scope_leaves(scope, guard, user_id))
        for scope in scopes
        if scope.can(guard.capability)
    ]
    if not branches:
        return list(NOTHING)
    domain = ["|"] * (len(branches) - 1)
    for branch in branches:
        domain += branch
    if guard.extra:
        domain = ["&"] * len(guard.extra) + list(guard.extra) + domain
    return domain


def _scope_leaves(scope: Scope, guard: GuardFields, user_id: int) -> list:
    """Return the conditions of one scope, each a complete sub-domain."""
    leaves: list[list] = [[(guard.partner, "=", scope.partner_id)]]
    if guard.agreement and scope.agreement_ids:
        leaves.append([(guard.agreement, "in", list(scope.agreement_ids))])
    if guard.site and scope.site_ids:
        leaves.append(
            [
                "|",
                (guard.site, "=", False),
                (guard.site, "in", list(scope.site_ids)),
            ]
        )
    if guard.author and not scope.can(roles.SEE_ALL):
        leaves.append([(guard.author, "=", user_id)])
    return leaves


def _and(leaves: list[list]) -> list:
    domain = ["&"] * (len(leaves) - 1)
    for leaf in leaves:
        domain += leaf
    return domain
