# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a person asks of the list of shipments; see `list_query` of the portal."""

from dataclasses import dataclass
from typing import ClassVar, Final

from odoo.addons.cement_portal.tools.list_query import ListQuery, choice, record_id

from . import lifecycle

# What matters now: under way first, then what leaves next, then the delivered.
DEFAULT_SORT: Final = "now"
# Named sets of states beside the states themselves.
UNDER_WAY: Final = "under_way"
WAITING: Final = "waiting"
LATE: Final = "late"

STATE_SETS: Final[dict[str, tuple[str, ...]]] = {
    UNDER_WAY: lifecycle.UNDER_WAY,
    WAITING: (lifecycle.PLANNED, lifecycle.LOADING),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentQuery(ListQuery):
    """The text is looked for in plate, wagon, waybill, products and order numbers;
    the days are those of shipment.

    :param status: a state, ``under_way``, ``waiting``, ``late`` or nothing.
    """

    SORTS: ClassVar = (
        "state",
        "vehicle",
        "product",
        "mass",
        "waybill",
        "date",
        "site",
        "arrival",
        "plant",
    )
    LARGEST_FIRST: ClassVar = frozenset({"mass", "date"})

    status: str = choice("status", {*lifecycle.STATES, *STATE_SETS, LATE})
    transport: str = choice("by", {"road", "rail"})
    plant_id: int = record_id("plant")
    site_id: int = record_id("site")
    sort: str = DEFAULT_SORT

    @property
    def states(self) -> tuple[str, ...]:
        """The states that the query asks for; empty means any."""
        if self.status in ("", LATE):
            return ()
        return STATE_SETS.get(self.status, (self.status,))
