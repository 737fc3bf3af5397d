# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Writing many rows by COPY: many times faster than INSERT."""

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import contextmanager

from psycopg2 import sql

from odoo.tools import SQL


def copy_rows(cr, table: str, columns: Sequence[str], rows: Iterable[Sequence]):
    """Write *rows* into *table*; empty text becomes NULL, as everywhere in Odoo."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    if not text.tell():
        return
    text.seek(0)
    cr.copy_expert(
        sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        ),
        text,
    )


@contextmanager
def temporary_rows(cr, table: str, columns: Sequence[str], rows: Iterable[Sequence]):
    """Give the name of a temporary table that holds *rows* for a while.

    :param table: the one whose *columns* they are.
    """
    name = f"{table}_news"
    cr.execute(
        SQL(
            "CREATE TEMP TABLE %s AS SELECT %s FROM %s WITH NO DATA",
            SQL.identifier(name),
            identifiers(columns),
            SQL.identifier(table),
        )
    )
    copy_rows(cr, name, columns, rows)
    yield SQL.identifier(name)
    cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))


def identifiers(names: Iterable[str]) -> SQL:
    """Return quoted names, a comma between them."""
    return SQL(", ").join(map(SQL.identifier, names))


def take_ids(cr, table: str, count: int) -> list[int]:
    """Return as many fresh ids of a table."""
    if not count:
        return []
    cr.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [table, count],
    )
    return [value for (value,) in cr.fetchall()]
