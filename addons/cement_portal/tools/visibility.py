# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Whether a person may see an order, asked of values instead of the database.

The record rule of orders asks the same of the table; a property test holds both
together.
"""

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_base.tools.access import Scope


def may_see_order(
    scope: Scope,
    user_id: int,
    *,
    partner_id: int,
    agreement_id: int | None,
    site_id: int | None,
    author_id: int | None,
) -> bool:
    """Whether the user with *scope* may see the order so described."""
    if scope.partner_id != partner_id or not scope.can(roles.SEE):
        return False
    if scope.agreement_ids and agreement_id not in scope.agreement_ids:
        return False
    if scope.site_ids and site_id and site_id not in scope.site_ids:
        return False
    return scope.can(roles.SEE_ALL) or author_id == user_id
