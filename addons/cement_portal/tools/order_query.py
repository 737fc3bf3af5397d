# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a person asks of the list of orders; see :mod:`.list_query`."""

from dataclasses import dataclass
from typing import ClassVar, Final

from odoo.addons.cement_sale.tools import lifecycle

from .list_query import ListQuery, choice, flag, record_id

# Named sets of states beside the states themselves.
UNDER_WAY: Final = "under_way"
STATE_SETS: Final[dict[str, tuple[str, ...]]] = {
    # on the way to the client: neither delivered nor ended
    UNDER_WAY: tuple(
        state for state in lifecycle.UNDER_WAY if state != lifecycle.DELIVERED
    ),
    "finished": tuple(sorted(lifecycle.FINAL)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery(ListQuery):
    """The text is looked for in the number, the client's own number and the
    products; the days are those of ordering.

    :param mine: only what the person ordered; ``favourite``: only what is marked.
    """

    SORTS: ClassVar = (
        "number",
        "ref",
        "date",
        "product",
        "mass",
        "plant",
        "state",
        "requested",
        "promised",
        "amount",
        "author",
        "manager",
        "site",
    )
    LARGEST_FIRST: ClassVar = frozenset(
        {"number", "date", "mass", "requested", "promised", "amount"}
    )

    status: str = choice("status", {*lifecycle.STATES, *STATE_SETS})
    plant_id: int = record_id("plant")
    manager_id: int = record_id("manager")
    mine: bool = flag("mine")
    favourite: bool = flag("fav")
    sort: str = "date"
    descending: bool = True

    @property
    def states(self) -> tuple[str, ...]:
        """The states that the query asks for; empty means any."""
        return STATE_SETS.get(self.status, (self.status,)) if self.status else ()
