# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cement_base.tools import zones

from ..tools import workbook
from ..tools.list_query import ListQuery

# How many records one file takes, and how many are held in memory at a time.
EXPORT_LIMIT = 20_000
EXPORT_BATCH = 1_000


class CementPortalList(models.AbstractModel):
    """A list of the portal: how it is sorted, and sent as a file.

    Everything is asked with the rights of the person.
    """

    _name = "cement.portal.list"
    _description = "List of the portal"

    # {column of the list: path of the field that it is sorted by}
    _portal_sorts: dict[str, str] = {}
    # The field of the state and its states in the order of their steps.
    _portal_step_field: tuple[str, tuple[str, ...]] = ("", ())

    @api.model
    def _portal_domain(self, partner, query: ListQuery) -> Domain:
        """Return the domain of the records of *partner* that *query* asks for."""
        raise NotImplementedError()

    # === Order ===

    @api.model
    def _portal_search(self, domain, query, *, limit=None, offset=0):
        """Return the search for the records of *domain* in the order that *query*
        asks for."""
        search = self._search(domain, limit=limit, offset=offset)
        search.order = self._portal_order_sql(search, query)
        return search

    @api.model
    def _portal_order_sql(self, search, query) -> SQL:
        """Return the ORDER BY of *query*: names as names, states by their step,
        what is empty last in both directions, the newest first among equals."""
        direction = SQL("DESC NULLS LAST") if query.descending else SQL("NULLS LAST")
        return SQL(
            "%s %s, %s DESC",
            self._portal_sort_key(search, query.sort),
            direction,
            SQL.identifier(search.table, "id"),
        )

    @api.model
    def _portal_sort_key(self, search, sort: str) -> SQL:
        """Return what the column *sort* is sorted by."""
        if sort == "state":
            name, steps = self._portal_step_field
            return SQL(
                "array_position(%s::text[], %s::text)",
                list(steps),
                SQL.identifier(search.table, name),
            )
        *steps, name = self._portal_sorts[sort].split(".")
        model, alias = self, search.table
        for step in steps:
            model = model.env[model._fields[step].comodel_name]
            alias = search.left_join(alias, step, model._table, "id", step)
        column = model._field_to_sql(alias, name, search)
        # an empty text stands with what is missing
        is_text = model._fields[name].type == "char"
        return SQL("NULLIF(%s, '')", column) if is_text else column

    # === Export ===

    @api.model
    def _portal_export(self, partner, query, target) -> int:
        """Write the records that *query* finds into *target* as xlsx.

        :param target: a binary file open for writing.
        :return: how many were written, at most ``EXPORT_LIMIT``.
        """
        domain = self._portal_domain(partner, query)
        total = self.search_count(domain)
        search = self._portal_search(domain, query, limit=EXPORT_LIMIT)
        ids = list(search.get_result_ids())
        note = ""
        if total > EXPORT_LIMIT:
            note = self.env._(
                "The first %(limit)s of %(total)s. Narrow the period to get the rest.",
                limit=EXPORT_LIMIT,
                total=total,
            )
        return workbook.write(
            target,
            self._portal_export_title(),
            self._portal_export_columns(),
            self._portal_export_rows(ids),
            note=note,
        )

    @api.model
    def _portal_export_rows(self, ids):
        """Yield the rows of the file, holding one batch in memory at a time."""
        for start in range(0, len(ids), EXPORT_BATCH):
            # what the batch before read is not needed any more
            self.env.invalidate_all()
            yield from self.browse(ids[start : start + EXPORT_BATCH])._portal_cells()

    @api.model
    def _portal_export_title(self) -> str:
        """Return what the sheet is called."""
        raise NotImplementedError()

    @api.model
    def _portal_export_columns(self) -> list[workbook.Column]:
        """Return the columns of the file."""
        raise NotImplementedError()

    def _portal_cells(self):
        """Yield the cells of each record, in the order of the columns."""
        raise NotImplementedError()

    # === Time of the person ===

    @api.model
    def _portal_zone(self):
        return pytz.timezone(self.env.user.tz or zones.MOSCOW)

    @api.model
    def _portal_local(self, moment: datetime | None) -> datetime | None:
        """Return a moment of the database as local time of the person."""
        return zones.local(moment, self._portal_zone().zone) if moment else None
