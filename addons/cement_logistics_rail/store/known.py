# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the database knows of wagons before a report."""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from ..tools import trip_columns
from ..tools.trips import State


class Known(NamedTuple):
    """A wagon with its present trip; without one the state is none."""

    wagon_id: int
    trip_id: int | None
    state: State | None
    is_tied: bool
    consignee_name: str | None
    cargo_name: str | None
    first_destination_id: int | None
    operation_code_id: int | None
    row_digest: str | None
    eta_first_at: datetime | None


# Read beside what makes the state: columns of the trip under their own names.
_MORE = Known._fields[Known._fields.index("consignee_name") :]


def load_known(cr, wagons, vocabulary: trip_columns.Vocabulary) -> dict[str, Known]:
    """Return what is known of these wagons by number, in one query.

    :param wagons: numbers.
    """
    if not wagons:
        return {}
    columns = (*_MORE, *trip_columns.COLUMNS)
    cr.execute(
        SQL(
            """
            SELECT wagon.name, wagon.id, trip.id, trip.picking_id IS NOT NULL,
                   trip.is_open, trip.distance_known, %s
              FROM cement_wagon wagon
         LEFT JOIN cement_wagon_trip trip
                ON trip.wagon_id = wagon.id AND trip.is_current IS TRUE
             WHERE wagon.name = ANY(%s)
            """,
            SQL(", ").join(SQL.identifier("trip", name) for name in columns),
            list(wagons),
        )
    )
    found = cr.fetchall()
    if not found:
        return {}
    names, ids, trip_ids, tied, is_open, distance, *rest = zip(*found, strict=True)
    more, columns = rest[: len(_MORE)], rest[len(_MORE) :]
    states = trip_columns.load_states(
        names, trip_ids, is_open, distance, columns, vocabulary
    )
    states = [
        state if trip_id else None
        for state, trip_id in zip(states, trip_ids, strict=True)
    ]
    return dict(zip(names, map(Known, ids, trip_ids, states, tied, *more), strict=True))
