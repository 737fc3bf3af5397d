# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Roles of the people who act for a counterparty, and what each may do."""

from typing import Final

OWNER: Final = "owner"
PRIVILEGED: Final = "privileged"
BUYER: Final = "buyer"
ACCOUNTANT: Final = "accountant"
VIEWER: Final = "viewer"

# Capabilities.  SEE: catalogue and own orders; SEE_ALL: the orders of every
# colleague; ORDER: carts and confirmation; EDIT_ALL: change and cancel the
# orders of colleagues; FINANCE: debt, limit, documents; PEOPLE: members.
SEE: Final = "see"
SEE_ALL: Final = "see_all"
ORDER: Final = "order"
EDIT_ALL: Final = "edit_all"
FINANCE: Final = "finance"
PEOPLE: Final = "people"

ROLE_CAPABILITIES: Final[dict[str, frozenset[str]]] = {
    OWNER: frozenset({SEE, SEE_ALL, ORDER, EDIT_ALL, FINANCE, PEOPLE}),
    PRIVILEGED: frozenset({SEE, SEE_ALL, ORDER, EDIT_ALL, FINANCE}),
    BUYER: frozenset({SEE, ORDER}),
    ACCOUNTANT: frozenset({SEE, SEE_ALL, FINANCE}),
    VIEWER: frozenset({SEE, SEE_ALL}),
}


def can(role: str, capability: str) -> bool:
    """Whether *role* includes *capability*; an unknown role includes nothing."""
    return capability in ROLE_CAPABILITIES.get(role, frozenset())
