# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.cement_sale.tools import lifecycle

from ..tools import order_query, status_line, workbook
from .row_reader import RowReader

# The meaning of a status as the kind of its badge.
_KINDS = {
    "done": "ok",
    "attention": "warn",
    "blocked": "block",
    "neutral": "info",
}
# What a row of the list shows; see `RowReader`.
_ROW_PATHS = (
    "id",
    "name",
    "client_order_ref",
    "date_order",
    "load_mass",
    "plant_id.name",
    "site_id.name",
    "delivery_method_id.name",
    "cement_state",
    "cement_state_date",
    "requested_date",
    "promised_date",
    "amount_total",
    "currency_id",
    "ordered_by_id",
    "ordered_by_id.partner_id.name",
    "user_id.partner_id.name",
)
# What an order carries, in the order of its lines.
_PRODUCTS = """ARRAY(
    SELECT l.product_id FROM sale_order_line l
     WHERE l.order_id = {row}.id AND l.specification_line_id IS NOT NULL
     ORDER BY l.sequence, l.id
)"""
_IS_FAVOURITE = """EXISTS (
    SELECT 1 FROM cement_order_favourite_rel f
     WHERE f.sale_order_id = {row}.id AND f.res_users_id = %s
)"""


class SaleOrder(models.Model):
    """The list of orders as the portal shows and exports it.

    Everything is asked with the rights of the person; names of people, to whom
    clients have no access, are read afterwards for the rows that were found.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "cement.portal.list"]

    _portal_step_field = ("cement_state", lifecycle.STATES)
    _portal_sorts = {
        "number": "name",
        "ref": "client_order_ref",
        "date": "date_order",
        "product": "product_text",
        "mass": "load_mass",
        "plant": "plant_id.name",
        "site": "site_id.name",
        "requested": "requested_date",
        "promised": "promised_date",
        "amount": "amount_total",
        "author": "ordered_by_id.partner_id.name",
        "manager": "user_id.partner_id.name",
    }

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
        if query.states:
            domain &= Domain("cement_state", "in", query.states)
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

    # === List ===

    @api.model
    def _portal_list(self, partner, query, page_size: int = 50) -> dict:
        """Return one page of the list, ready to be shown.

        :return: ``rows``, ``total`` (orders found), ``mass``, ``amounts``
            (``[(currency, sum)]``), ``filters`` (what can be chosen), ``page``,
            ``pages``.
        """
        domain = self._portal_domain(partner, query)
        counts = self._portal_counts(self._portal_base_domain(partner))
        found = counts if not query.is_filtered else self._portal_counts(domain)
        total = sum(group["count"] for group in found)
        pages = max(1, -(-total // page_size))
        page = min(query.page, pages)
        search = self._portal_search(
            domain, query, limit=page_size, offset=(page - 1) * page_size
        )
        reader = self._portal_reader()
        for name in ("plant_id", "user_id"):
            reader.add_ids(name, {group[name] for group in counts})
        rows = self._portal_prepare_rows(reader, reader.fetch(search))
        amounts: dict = {}
        for group in found:
            currency = group["currency"]
            amounts[currency] = amounts.get(currency, 0.0) + group["amount"]
        return {
            "rows": rows,
            "total": total,
            "mass": sum(group["mass"] for group in found),
            "amounts": list(amounts.items()),
            "filters": self._portal_filters(counts, reader),
            "page": page,
            "pages": pages,
        }

    @api.model
    def _portal_counts(self, domain) -> list[dict]:
        """Return count, mass and amount of the orders of *domain* by state, plant,
        manager and currency. One query."""
        groups = self._read_group(
            domain,
            ["cement_state", "plant_id", "user_id", "currency_id"],
            ["__count", "load_mass:sum", "amount_total:sum"],
        )
        return [
            {
                "state": state,
                "plant_id": plant.id,
                "user_id": manager.id,
                "currency": currency,
                "count": count,
                "mass": mass or 0.0,
                "amount": amount or 0.0,
            }
            for state, plant, manager, currency, count, mass, amount in groups
        ]

    def _portal_rows(self) -> list[dict]:
        """Return what a row of the list shows, for all orders in two queries."""
        reader = self._portal_reader()
        return self._portal_prepare_rows(reader, reader.fetch())

    def _portal_reader(self) -> RowReader:
        reader = RowReader(self)
        reader.add(*_ROW_PATHS)
        reader.add_list(
            "products", "product.product", "product_tmpl_id.name", _PRODUCTS
        )
        reader.add_sql("is_favourite", _IS_FAVOURITE, self.env.uid)
        self.env["sale.order.line"].flush_model(["order_id", "specification_line_id"])
        return reader

    @api.model
    def _portal_prepare_rows(self, reader: RowReader, found: list[dict]) -> list:
        labels = dict(self._selection_cement_state())
        today = fields.Date.context_today(self)
        fmt = self.env["cement.portal.shell"]._get_formats()
        for values in found:
            names = (
                reader.get_behind("products", key, "product_tmpl_id.name") or ""
                for key in dict.fromkeys(values["products"])
            )
            values["product"] = ", ".join(names)
        return [
            self._prepare_portal_row(values, labels, fmt, today) for values in found
        ]

    @api.model
    def _prepare_portal_row(self, values, labels, fmt, today) -> dict:
        state = values["cement_state"]
        currency = self.env["res.currency"].browse(values["currency_id"])
        day = values["promised_date"] or values["requested_date"]
        return {
            "id": values["id"],
            "url": f"/my/orders/{values['id']}",
            "number": values["name"],
            "ref": values["client_order_ref"] or "",
            "date": values["date_order"],
            "product": values["product"],
            "mass": values["load_mass"] or 0.0,
            "plant": values["plant_id.name"] or "",
            "site": values["site_id.name"] or "",
            "method": values["delivery_method_id.name"] or "",
            "state": state,
            "state_label": labels.get(state, ""),
            "state_date": values["cement_state_date"],
            "tone": status_line.tone(state),
            "kind": _KINDS.get(status_line.tone(state), "muted"),
            "requested": values["requested_date"],
            "promised": values["promised_date"],
            "is_late": bool(day and day < today and status_line.is_waiting(state)),
            "amount": values["amount_total"] or 0.0,
            "currency": currency,
            "author": values["ordered_by_id.partner_id.name"] or "",
            "is_mine": values["ordered_by_id"] == self.env.uid,
            "manager": values["user_id.partner_id.name"] or "",
            "is_favourite": values["is_favourite"],
            # as they stand on the page
            "date_text": fmt.day(values["date_order"]),
            "mass_text": fmt.tonnes(values["load_mass"]),
            "requested_text": fmt.day(values["requested_date"]),
            "promised_text": fmt.day(values["promised_date"]),
            "amount_text": fmt.money(values["amount_total"], currency),
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
    def _portal_filters(self, counts: list[dict], reader: RowReader) -> dict:
        """Return what the filters offer: only what occurs, so that no choice leads
        to an empty list.

        :param counts: see :meth:`_portal_counts`, of all orders of the person.
        :param reader: knows the names of their plants and managers.
        """
        states: dict[str, int] = {}
        for group in counts:
            states[group["state"]] = states.get(group["state"], 0) + group["count"]
        labels = dict(self._selection_cement_state())

        def options(step, path):
            ids = {group[step] for group in counts if group[step]}
            pairs = [(key, reader.get_behind(step, key, path) or "") for key in ids]
            return sorted(pairs, key=lambda pair: (pair[1], pair[0]))

        return {
            "states": [
                {"code": state, "label": labels[state], "count": states[state]}
                for state in lifecycle.STATES
                if state in states
            ],
            "plants": options("plant_id", "name"),
            "managers": options("user_id", "partner_id.name"),
            "under_way": sum(
                states.get(state, 0)
                for state in order_query.STATE_SETS[order_query.UNDER_WAY]
            ),
            "total": sum(states.values()),
        }

    # === Export ===

    @api.model
    def _portal_export_title(self) -> str:
        return self.env._("Orders")

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

    def _portal_cells(self):
        labels = dict(self._selection_cement_state())
        products = self._portal_product_texts()
        # sudo: see the description of the class
        for order in self.sudo():
            yield (
                order.name,
                order.client_order_ref,
                self._portal_local(order.date_order),
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
