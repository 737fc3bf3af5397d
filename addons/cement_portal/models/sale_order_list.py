# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from odoo.addons.cement_sale.tools import lifecycle

from ..tools import order_query, status_line, workbook

# How many orders one file takes, and how many are held in memory at a time.
EXPORT_LIMIT = 20_000
EXPORT_BATCH = 1_000

# Columns that are sorted by as they are stored.
_STORED_SORTS = {
    "number": "name",
    "ref": "client_order_ref",
    "date": "date_order",
    "product": "product_text",
    "mass": "load_mass",
    "requested": "requested_date",
    "promised": "promised_date",
    "amount": "amount_total",
}
# Columns that are sorted by the name of another record: field, table, column.
_NAMED_SORTS = {
    "plant": ("plant_id", "cement_plant"),
    "site": ("site_id", "cement_site"),
    "author": ("ordered_by_id", "res_users"),
    "manager": ("user_id", "res_users"),
}
_ROW_FIELDS = (
    "name",
    "client_order_ref",
    "date_order",
    "load_mass",
    "plant_id",
    "site_id",
    "cement_state",
    "cement_state_date",
    "requested_date",
    "promised_date",
    "amount_total",
    "currency_id",
    "ordered_by_id",
    "user_id",
    "vehicle_type_id",
    "delivery_method_id",
)


class SaleOrder(models.Model):
    """The list of orders as the portal shows and exports it.

    Everything is asked with the rights of the person; names of people, to whom
    clients have no access, are read afterwards for the rows that were found.
    """

    _inherit = "sale.order"

    # === Search ===

    @api.model
    def _portal_base_domain(self, partner) -> Domain:
        """Return the domain of all orders of *partner*; the record rule leaves of
        them what the role of the person allows."""
        return Domain("counterparty_id", "=", partner.id) & Domain(
            "is_cement", "=", True
        )

    @api.model
    def _portal_domain(self, partner, query: order_query.OrderQuery) -> Domain:
        """Return the domain of the orders of *partner* that *query* asks for."""
        domain = self._portal_base_domain(partner)
        if query.text:
            text = escape_psql(query.text)
            domain &= Domain.OR(
                Domain(name, "ilike", text)
                for name in ("name", "client_order_ref", "product_text")
            )
        if query.status:
            domain &= Domain("cement_state", "in", self._portal_states(query.status))
        if query.plant_id:
            domain &= Domain("plant_id", "=", query.plant_id)
        if query.manager_id:
            domain &= Domain("user_id", "=", query.manager_id)
        if query.mine:
            domain &= Domain("ordered_by_id", "=", self.env.uid)
        if query.favourite:
            domain &= Domain("favourite_user_ids", "in", [self.env.uid])
        return domain & self._portal_days_domain(*query.days)

    @api.model
    def _portal_states(self, status: str) -> list[str]:
        """Return the states meant by the filter *status*."""
        if status == order_query.UNDER_WAY:
            return list(lifecycle.UNDER_WAY)
        if status == order_query.FINISHED:
            return sorted(lifecycle.FINAL)
        return [status]

    @api.model
    def _portal_days_domain(self, date_from, date_to) -> Domain:
        """Return the domain of the orders made between two days of the person's
        time zone, both included."""
        domain = Domain.TRUE
        if date_from:
            domain &= Domain("date_order", ">=", self._portal_midnight(date_from))
        if date_to:
            after = date_to + timedelta(days=1)
            domain &= Domain("date_order", "<", self._portal_midnight(after))
        return domain

    @api.model
    def _portal_midnight(self, day) -> datetime:
        """Return the beginning of *day* of the person, as the database keeps it."""
        local = self._portal_zone().localize(datetime.combine(day, time()))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _portal_zone(self):
        return pytz.timezone(self.env.user.tz or "Europe/Moscow")

    @api.model
    def _portal_search(self, domain, query, *, limit=None, offset=0):
        """Return the orders of *domain* in the order that *query* asks for."""
        search = self._search(domain, limit=limit, offset=offset)
        search.order = self._portal_order_sql(search, query)
        return self._fetch_query(
            search, [self._fields[name] for name in _ROW_FIELDS if name in self._fields]
        )

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
        if sort == "state":
            return SQL(
                "array_position(%s::text[], %s::text)",
                list(lifecycle.STATES),
                SQL.identifier(search.table, "cement_state"),
            )
        if sort in _STORED_SORTS:
            name = _STORED_SORTS[sort]
            # an empty text stands with what is missing
            if self._fields[name].type == "char":
                return SQL("NULLIF(%s, '')", SQL.identifier(search.table, name))
            return SQL.identifier(search.table, name)
        name, table = _NAMED_SORTS[sort]
        alias = search.left_join(search.table, name, table, "id", name)
        if table == "res_users":
            alias = search.left_join(alias, "partner_id", "res_partner", "id", "person")
            return SQL.identifier(alias, "name")
        model = self.env[self._fields[name].comodel_name]
        return model._field_to_sql(alias, "name", search)

    # === List ===

    @api.model
    def _portal_list(self, partner, query, page_size: int = 50) -> dict:
        """Return one page of the list, ready to be shown.

        :return: ``rows``, ``total`` (orders found), ``mass``, ``amounts``
            (``[(currency, sum)]``), ``filters`` (what can be chosen), ``page``,
            ``pages``.
        """
        domain = self._portal_domain(partner, query)
        groups = self._read_group(
            domain, ["currency_id"], ["__count", "load_mass:sum", "amount_total:sum"]
        )
        total = sum(group[1] for group in groups)
        pages = max(1, -(-total // page_size))
        page = min(query.page, pages)
        orders = self._portal_search(
            domain, query, limit=page_size, offset=(page - 1) * page_size
        )
        return {
            "rows": orders._portal_rows(),
            "total": total,
            "mass": sum(group[2] or 0.0 for group in groups),
            "amounts": [(group[0], group[3] or 0.0) for group in groups],
            "filters": self._portal_filters(partner, query),
            "page": page,
            "pages": pages,
        }

    def _portal_rows(self) -> list[dict]:
        """Return what a row of the list shows, for all orders in a few queries."""
        products = self._portal_product_texts()
        favourites = self._portal_favourites()
        labels = dict(self._selection_cement_state())
        today = fields.Date.context_today(self)
        # sudo: the orders were found with the person's rights; what follows are
        # names of people and plants that stand on them
        return [
            order._prepare_portal_row(
                labels, products.get(order.id, ""), order.id in favourites, today
            )
            for order in self.sudo()
        ]

    def _prepare_portal_row(self, labels, product, is_favourite, today) -> dict:
        self.ensure_one()
        state = self.cement_state
        day = self.promised_date or self.requested_date
        return {
            "id": self.id,
            "url": f"/my/orders/{self.id}",
            "number": self.name,
            "ref": self.client_order_ref or "",
            "date": self.date_order,
            "product": product,
            "mass": self.load_mass,
            "plant": self.plant_id.name or "",
            "site": self.site_id.name or "",
            "method": self.delivery_method_id.name or "",
            "state": state,
            "state_label": labels.get(state, ""),
            "state_date": self.cement_state_date,
            "tone": status_line.tone(state),
            "requested": self.requested_date,
            "promised": self.promised_date,
            "is_late": bool(day and day < today and status_line.is_waiting(state)),
            "amount": self.amount_total,
            "currency": self.currency_id,
            "author": self.ordered_by_id.name or "",
            "is_mine": self.ordered_by_id.id == self.env.uid,
            "manager": self.user_id.name or "",
            "is_favourite": is_favourite,
        }

    def _portal_product_texts(self) -> dict[int, str]:
        """Return ``{order id: what it carries}``, in one query for all orders."""
        groups = self.env["sale.order.line"]._read_group(
            [("order_id", "in", self.ids), ("specification_line_id", "!=", False)],
            ["order_id"],
            ["product_id:recordset"],
        )
        # sudo: products that left the specifications stay on their orders
        return {
            order.id: ", ".join(products.sudo().mapped("name"))
            for order, products in groups
        }

    def _portal_favourites(self) -> set[int]:
        """Return the ids of those that the person marked."""
        if not self:
            return set()
        return set(
            self.search(
                [
                    ("id", "in", self.ids),
                    ("favourite_user_ids", "in", [self.env.uid]),
                ]
            ).ids
        )

    @api.model
    def _portal_filters(self, partner, query) -> dict:
        """Return what the filters offer: only what occurs, so that no choice leads
        to an empty list. One query."""
        groups = self._read_group(
            self._portal_base_domain(partner),
            ["cement_state", "plant_id", "user_id"],
            ["__count"],
        )
        states: dict[str, int] = {}
        plants, managers = self.env["cement.plant"], self.env["res.users"]
        for state, plant, manager, count in groups:
            states[state] = states.get(state, 0) + count
            plants |= plant
            managers |= manager
        labels = dict(self._selection_cement_state())
        # sudo: names of plants and of the managers who stand on the orders
        return {
            "states": [
                {"code": state, "label": labels[state], "count": states[state]}
                for state in lifecycle.STATES
                if state in states
            ],
            "plants": sorted(
                ((plant.id, plant.name) for plant in plants.sudo()),
                key=lambda pair: pair[1],
            ),
            "managers": sorted(
                ((manager.id, manager.name) for manager in managers.sudo()),
                key=lambda pair: pair[1],
            ),
            "under_way": sum(
                count for state, count in states.items() if state in lifecycle.UNDER_WAY
            ),
            "total": sum(states.values()),
        }

    # === Export ===

    @api.model
    def _portal_export(self, partner, query, target) -> int:
        """Write the orders that *query* finds into *target* as xlsx.

        :param target: a binary file open for writing.
        :return: how many orders were written, at most ``EXPORT_LIMIT``.
        """
        domain = self._portal_domain(partner, query)
        total = self.search_count(domain)
        ids = self._portal_search(domain, query, limit=EXPORT_LIMIT).ids
        note = ""
        if total > EXPORT_LIMIT:
            note = self.env._(
                "The first %(limit)s of %(total)s orders. Narrow the period to get "
                "the rest.",
                limit=EXPORT_LIMIT,
                total=total,
            )
        return workbook.write(
            target,
            self.env._("Orders"),
            self._portal_export_columns(),
            self._portal_export_rows(ids),
            note=note,
        )

    @api.model
    def _portal_export_columns(self) -> list[workbook.Column]:
        return [
            workbook.Column(self.env._("No."), width=12),
            workbook.Column(self.env._("Own No."), width=14),
            workbook.Column(self.env._("Ordered on"), workbook.MOMENT, 17),
            workbook.Column(self.env._("Status"), width=20),
            workbook.Column(self.env._("Products"), width=40),
            workbook.Column(self.env._("Mass, t"), workbook.MASS, 11),
            workbook.Column(self.env._("Plant"), width=22),
            workbook.Column(self.env._("Method"), width=22),
            workbook.Column(self.env._("Site"), width=28),
            workbook.Column(self.env._("Consignee"), width=28),
            workbook.Column(self.env._("Vehicle"), width=22),
            workbook.Column(self.env._("Requested day"), workbook.DAY, 13),
            workbook.Column(self.env._("Promised day"), workbook.DAY, 13),
            workbook.Column(self.env._("Without VAT"), workbook.MONEY, 15),
            workbook.Column(self.env._("With VAT"), workbook.MONEY, 15),
            workbook.Column(self.env._("Currency"), width=9),
            workbook.Column(self.env._("Contract"), width=18),
            workbook.Column(self.env._("Ordered by"), width=24),
            workbook.Column(self.env._("Manager"), width=24),
        ]

    @api.model
    def _portal_export_rows(self, ids):
        """Yield the rows of the file, holding one batch in memory at a time."""
        labels = dict(self._selection_cement_state())
        zone = self._portal_zone()
        for start in range(0, len(ids), EXPORT_BATCH):
            # what the batch before read is not needed any more
            self.env.invalidate_all()
            orders = self.browse(ids[start : start + EXPORT_BATCH])
            products = orders._portal_product_texts()
            # sudo: see _portal_rows
            for order in orders.sudo():
                made = pytz.utc.localize(order.date_order).astimezone(zone)
                yield (
                    order.name,
                    order.client_order_ref,
                    made.replace(tzinfo=None),
                    labels.get(order.cement_state),
                    products.get(order.id),
                    order.load_mass,
                    order.plant_id.name,
                    order.delivery_method_id.name,
                    order.site_id.name,
                    order.consignee_id.name,
                    order.vehicle_type_id.name,
                    order.requested_date,
                    order.promised_date,
                    order.amount_untaxed,
                    order.amount_total,
                    order.currency_id.name,
                    order.agreement_id.code,
                    order.ordered_by_id.name,
                    order.user_id.name,
                )
