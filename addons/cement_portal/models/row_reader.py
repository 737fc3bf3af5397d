# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tools import SQL
from odoo.tools.query import Query


class RowReader:
    """Rows of a page with the names behind them, in two queries.

    Through records the same costs a query for each table that a row points at, and
    all columns of each. One query that joins them all costs PostgreSQL more to plan
    than to run. So: the rows, then at once what they point at.

    The records were found with the rights of the person; what is read here are
    plain values that stand on them.

    :param records: what the rows are made of, in the order of the page.
    """

    def __init__(self, records):
        # sudo: see the description of the class
        self._model = records.sudo().browse()
        self._env = self._model.env
        self._ids = list(records._ids)
        self._table = self._model._table
        self._columns: dict[str, SQL] = {}
        # {many2one of the row: {path behind it: None}}, in the order of asking
        self._behind: dict[str, dict[str, None]] = {}
        # ids of which the names are wanted though no row points at them
        self._more_ids: dict[str, set[int]] = {}
        self._values: dict = {}
        self._comodels: dict[str, str] = {}
        self._lists: set[str] = set()

    def add(self, *paths: str):
        """Add columns by their dotted paths (`plant_id.name`); such is also the key
        of the value in the rows. The first step must be stored with the row."""
        for path in paths:
            first, _dot, rest = path.partition(".")
            self._columns[first] = self._model._field_to_sql(self._table, first)
            if rest:
                self._behind.setdefault(first, {})[rest] = None
                self._comodels[first] = self._model._fields[first].comodel_name

    def add_sql(self, name: str, template: str, *args):
        """Add a column by its SQL, in which ``{row}`` is the table of the rows."""
        self._columns[name] = SQL(template.replace("{row}", f'"{self._table}"'), *args)

    def add_list(self, name: str, model: str, path: str, template: str):
        """Add a column of many ids of *model* by its SQL (see :meth:`add_sql`), of
        which *path* is wanted; see :meth:`get_behind`."""
        self.add_sql(name, template)
        self._behind.setdefault(name, {})[path] = None
        self._comodels[name] = model
        self._lists.add(name)

    def add_ids(self, step: str, ids):
        """Ask for what stands behind *ids* of the many2one *step* too, see
        :meth:`get_behind`."""
        self._more_ids.setdefault(step, set()).update(ids)

    def fetch(self, query: Query | None = None) -> list[dict]:
        """Return the rows, as they were asked for.

        :param query: what the person's search found, in its order; without it the
            records that the reader was made for.
        """
        names = ["id", *(name for name in self._columns if name != "id")]
        columns = [SQL.identifier(self._table, "id")]
        columns += [self._columns[name] for name in names[1:]]
        if query is None and self._ids:
            identity = SQL.identifier(self._table, "id")
            query = Query(self._env, self._table)
            query.add_where(SQL("%s = ANY(%s)", identity, self._ids))
            query.order = SQL("array_position(%s, %s)", self._ids, identity)
        rows = []
        if query is not None and not query.is_empty():
            answer = self._env.execute_query(query.select(*columns))
            rows = [dict(zip(names, values, strict=True)) for values in answer]
        self._read_behind(rows)
        return rows

    def get_behind(self, step: str, record_id: int, path: str):
        """Return what stands behind an id of :meth:`add_ids` or :meth:`add_list`;
        ``None``: nothing."""
        of_row = self._values.get((step, record_id))
        return of_row and of_row[list(self._behind[step]).index(path)]

    def _read_behind(self, rows: list[dict]):
        """Add to *rows* what stands behind their many2one, in one query."""
        parts = []
        for step, paths in self._behind.items():
            ids = set(self._more_ids.get(step, ()))
            for row in rows:
                ids.update(row[step] if step in self._lists else (row[step],))
            ids = sorted(filter(None, ids))
            if ids:
                comodel = self._env[self._comodels[step]]
                parts.append(self._select_behind(step, comodel, ids, paths))
        values = self._values
        if parts:
            answer = self._env.execute_query(SQL(" UNION ALL ").join(parts))
            values.update({(step, key): texts for step, key, texts in answer})
        for step, paths in self._behind.items():
            if step in self._lists:
                continue
            nothing = [None] * len(paths)
            for row in rows:
                of_row = values.get((step, row[step]), nothing)
                for path, value in zip(paths, of_row, strict=True):
                    row[f"{step}.{path}"] = value

    @staticmethod
    def _select_behind(step, model, ids, paths) -> SQL:
        query = Query(model.env, model._table)
        columns = [_get_column(model, query, path) for path in paths]
        identity = SQL.identifier(model._table, "id")
        query.add_where(SQL("%s = ANY(%s)", identity, ids))
        return query.select(
            SQL("%s", step),
            identity,
            SQL("json_build_array(%s)", SQL(", ").join(columns)),
        )


def _get_column(model, query: Query, path: str) -> SQL:
    """Return the column of a dotted path, the tables on the way being joined."""
    alias = model._table
    *steps, name = path.split(".")
    for step in steps:
        target = query.make_alias(alias, step)
        column = model._field_to_sql(alias, step, query)
        model = model.env[model._fields[step].comodel_name]
        query.add_join(
            "LEFT JOIN",
            target,
            model._table,
            SQL("%s = %s", column, SQL.identifier(target, "id")),
        )
        alias = target
    return model._field_to_sql(alias, name, query)
