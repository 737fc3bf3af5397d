# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, datetime

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from odoo.addons.cement_base.tools.prices import split_price
from odoo.addons.cement_sale.tools import gate

from ..tools import ending, formats
from .row_reader import RowReader

# more words than a person types
MAX_WORDS = 8
# options of one filter that are offered as chips
MAX_OPTIONS = 60

# Filters of the catalogue: name in the address and column of the line.
FILTERS = {
    "plant": "plant_id",
    "product": "product_id",
    "form": "cargo_form_id",
    "method": "delivery_method_id",
    "site": "site_id",
    "contract": "agreement_id",
}
# Sorting by column: name in the address and order of the table.
SORTS = {
    "specification": "specification_number {0}, sequence {0}, id {0}",
    "plant": "plant_id {0}, id {0}",
    "product": "product_id {0}, id {0}",
    "method": "delivery_method_id {0}, id {0}",
    "site": "site_id {0}, id {0}",
    "start": "date_start {0}, id {0}",
    "terms": "prepayment_percent {0}, deferral_days {0}, id {0}",
    "price": "price_unit {0}, id {0}",
    "remaining": "remaining_rank {0}, id {0}",
}
# a line without a limit stands behind every limited one
_NO_LIMIT = 1e9
# What a row of the catalogue shows; see `RowReader`.
_ROW_PATHS = (
    "id",
    "specification_number",
    "specification_id.price_include_vat",
    "agreement_id.code",
    "agreement_id.name",
    "plant_id.name",
    "plant_id.tz",
    "plant_id.cutoff_hour",
    "product_id.default_code",
    *(
        f"product_id.product_tmpl_id.{name}"
        for name in (
            "name",
            "gost",
            "unit_mass",
            "made_to_order",
            "lead_days",
            "vat_category",
        )
    ),
    "cargo_form_id.name",
    "cargo_form_id.kind",
    "delivery_method_id.name",
    "delivery_method_id.transport",
    "delivery_method_id.is_pickup",
    "site_id.name",
    "site_id.address_line",
    "date_start",
    "date_end",
    "prepayment_percent",
    "deferral_days",
    "price_unit",
    "currency_id",
    "volume_agreed",
    "volume_remaining",
    "min_lot",
)
_IS_FAVOURITE = """EXISTS (
    SELECT 1 FROM cement_favourite_product_rel f
     WHERE f.product_product_id = {row}.product_id AND f.res_users_id = %s
)"""


class FirstDays:
    """The first day for which a plant still takes orders, reckoned once for each
    zone and cut-off hour.

    :param now: UTC and naive.
    """

    def __init__(self, now: datetime):
        self._now = pytz.utc.localize(now)
        self._known: dict[tuple, date] = {}

    def get(self, zone: str | None, cutoff_hour: float) -> date:
        key = (zone, cutoff_hour)
        if key not in self._known:
            local = self._now.astimezone(pytz.timezone(zone or "UTC"))
            self._known[key] = gate.first_day(local.replace(tzinfo=None), cutoff_hour)
        return self._known[key]


class CementSpecificationLine(models.Model):
    """The line as a row of the client's catalogue."""

    _inherit = "cement.specification.line"

    # stored for sorting and search: one table answers a page of the catalogue
    specification_number = fields.Char(
        related="specification_id.name", string="Specification no.", store=True
    )
    prepayment_percent = fields.Float(
        related="specification_id.prepayment_percent", store=True
    )
    deferral_days = fields.Integer(related="specification_id.deferral_days", store=True)
    remaining_rank = fields.Float(compute="_compute_remaining_rank", store=True)
    search_text = fields.Char(compute="_compute_search_text", store=True)

    @api.depends("volume_agreed", "volume_remaining")
    def _compute_remaining_rank(self):
        for line in self:
            line.remaining_rank = (
                line.volume_remaining if line.volume_agreed else _NO_LIMIT
            )

    @api.depends(
        "specification_id.name",
        "agreement_id.code",
        "product_id.name",
        "product_id.default_code",
        "product_id.gost",
        "product_id.cement_grade",
        "cargo_form_id.name",
        "plant_id.name",
        "delivery_method_id.name",
        "site_id.name",
        "site_id.address_line",
        "site_id.station_id.esr_code",
        "consignee_id.name",
    )
    def _compute_search_text(self):
        """All words by which people look for a line, in every language used."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        parts: dict = {line: {} for line in self}
        for code in codes:
            for line in self.with_context(lang=code):
                parts[line.with_context(lang=self.env.lang)].update(
                    dict.fromkeys(line._get_search_words())
                )
        for line in self:
            line.search_text = " ".join(parts[line]).lower()

    def _get_search_words(self) -> list[str]:
        self.ensure_one()
        product = self.product_id
        site = self.site_id
        return [
            str(word)
            for word in (
                self.specification_id.name,
                self.agreement_id.code,
                product.default_code,
                product.name,
                product.gost,
                product.cement_grade,
                self.cargo_form_id.name,
                self.plant_id.name,
                self.delivery_method_id.name,
                site.name,
                site.address_line,
                site.station_id.esr_code,
                self.consignee_id.name,
            )
            if word
        ]

    # === Catalogue ===

    @api.model
    def _get_catalogue(
        self, partner, *, filters, search="", sort="", page=1, step=40
    ) -> dict:
        """Return one page of what *partner*'s member may order today.

        The number of queries depends neither on the rows nor on the size of the
        catalogue.

        :param filters: ``{name of FILTERS: id}``, and ``favourite``.
        :param sort: a name of SORTS, with ``-`` before it to turn it round.
        :return: ``total``, ``rows`` (see :meth:`_prepare_row`), ``facets``.
        """
        base = self._get_catalogue_domain(partner, search)
        counts = self._get_facet_counts(base, filters)
        total = counts["total"]
        page = max(1, min(page, -(-total // step) or 1))
        found = self._search(
            base & self._get_filter_domain(filters),
            order=self._get_catalogue_order(sort),
            limit=step,
            offset=(page - 1) * step,
        )
        reader = self._get_row_reader()
        for name, column in FILTERS.items():
            reader.add_ids(column, counts[name])
        rows = reader.fetch(found)
        return {
            "total": total,
            "page": page,
            "rows": self._read_rows(rows),
            "facets": self._get_facets(counts, filters, reader),
        }

    @api.model
    def _get_catalogue_domain(self, partner, search="") -> Domain:
        today = fields.Date.context_today(self)
        domain = self._get_orderable_domain(today) & Domain(
            "commercial_partner_id", "=", partner.id
        )
        return domain & self._get_search_domain(search)

    @api.model
    def _get_search_domain(self, search: str) -> Domain:
        """Every word must be somewhere in the line."""
        return Domain.AND(
            Domain("search_text", "ilike", escape_psql(word.lower()))
            for word in (search or "").split()[:MAX_WORDS]
        )

    @api.model
    def _get_filter_domain(self, filters: dict, *, without: str = "") -> Domain:
        domain = Domain.AND(
            Domain(column, "=", filters[name])
            for name, column in FILTERS.items()
            if filters.get(name) and name != without
        )
        if filters.get("favourite"):
            favourites = self.env.user.sudo().cement_favourite_product_ids
            domain &= Domain("product_id", "in", favourites.ids)
        return domain

    @api.model
    def _get_catalogue_order(self, sort: str) -> str:
        name = sort.removeprefix("-")
        direction = "desc" if sort.startswith("-") else "asc"
        return SORTS.get(name, SORTS["specification"]).format(direction)

    @api.model
    def _get_facet_counts(self, base: Domain, filters: dict) -> dict:
        """Return ``{name of the filter: {id: lines behind it}}`` as the other filters
        leave them, and the ``total`` as all of them leave it. One query."""
        search = self._search(base)
        columns = [SQL.identifier(search.table, name) for name in FILTERS.values()]
        self.flush_model([*FILTERS.values()])
        chosen = {
            name: SQL("%s = %s", column, filters[name])
            for name, column in zip(FILTERS, columns, strict=True)
            if filters.get(name)
        }
        if filters.get("favourite"):
            chosen["favourite"] = SQL(
                "%s = ANY(%s)",
                SQL.identifier(search.table, "product_id"),
                self.env.user.sudo().cement_favourite_product_ids.ids,
            )

        def count(without=""):
            parts = [part for name, part in chosen.items() if name != without]
            where = SQL(" AND ").join(parts) if parts else SQL("TRUE")
            return SQL("COUNT(*) FILTER (WHERE %s)", where)

        search.groupby = SQL(
            "GROUPING SETS (%s, ())", SQL(", ").join(SQL("(%s)", c) for c in columns)
        )
        rows = self.env.execute_query(
            search.select(
                SQL("GROUPING(%s)", SQL(", ").join(columns)),
                SQL("COALESCE(%s)", SQL(", ").join(columns)),
                *(count(name) for name in FILTERS),
                count(),
            )
        )
        result: dict = {name: {} for name in FILTERS} | {"total": 0}
        everything = 2 ** len(columns) - 1
        # a bit is set for each column by which a row is not grouped, the first
        # column being the highest
        by_mask = {
            everything ^ (1 << (len(columns) - 1 - place)): (name, place)
            for place, name in enumerate(FILTERS)
        }
        for mask, key, *numbers in rows:
            if mask == everything:
                result["total"] = numbers[-1]
                continue
            name, place = by_mask[mask]
            if key and (numbers[place] or key == filters.get(name)):
                result[name][key] = numbers[place]
        for name in FILTERS:
            # more than a person looks through: those with the most behind them
            result[name] = dict(
                sorted(
                    result[name].items(),
                    key=lambda item, n=name: (item[0] != filters.get(n), -item[1]),
                )[:MAX_OPTIONS]
            )
        return result

    @api.model
    def _get_facets(self, counts: dict, filters: dict, reader: RowReader) -> list[dict]:
        """Return the options of each filter.

        :param counts: see :meth:`_get_facet_counts`.
        :param reader: knows the names of what the person's lines point at.
        """
        labels = self._get_facet_labels()
        facets = []
        for name, column in FILTERS.items():
            options = [
                {
                    "id": key,
                    "label": self._get_option_label(reader, column, key),
                    "count": count,
                    "active": key == filters.get(name),
                }
                for key, count in counts[name].items()
            ]
            active = next((item for item in options if item["active"]), None)
            if len(options) > 1 or active:
                facets.append(
                    {
                        "name": name,
                        "label": labels[name],
                        "options": sorted(options, key=lambda item: item["label"]),
                        "active": active,
                    }
                )
        return facets

    @api.model
    def _get_option_label(self, reader: RowReader, column: str, key: int) -> str:
        if column != "product_id":
            return reader.get_behind(column, key, "name") or ""
        label = reader.get_behind(column, key, "product_tmpl_id.name") or ""
        code = reader.get_behind(column, key, "default_code")
        return f"[{code}] {label}" if code else label

    @api.model
    def _get_facet_labels(self) -> dict[str, str]:
        return {
            "plant": self.env._("Plant"),
            "product": self.env._("Product"),
            "form": self.env._("Cargo form"),
            "method": self.env._("Way of delivery"),
            "site": self.env._("Address / station"),
            "contract": self.env._("Contract"),
        }

    # === Rows ===

    def _prepare_rows(self) -> list[dict]:
        """Return the lines as rows of the catalogue, with a fixed number of
        queries."""
        return self._read_rows(self._get_row_reader().fetch())

    def _get_row_reader(self) -> RowReader:
        # what stands behind the lines (plant, VAT rate) is not all readable by
        # members; the lines were found by the member's own right
        reader = RowReader(self)
        reader.add(*_ROW_PATHS)
        reader.add_sql("is_favourite", _IS_FAVOURITE, self.env.uid)
        return reader

    @api.model
    def _read_rows(self, found: list[dict]) -> list[dict]:
        """Return the rows of the catalogue.

        :param found: what the reader of :meth:`_get_row_reader` has read.
        """
        today = fields.Date.context_today(self)
        rates = self.env["cement.vat.rate"]._get_percents(today)
        context = {
            "today": today,
            "rates": rates,
            "first_days": FirstDays(fields.Datetime.now()),
            "terms": {},
            "fmt": self.env["cement.portal.shell"]._get_formats(),
        }
        return [self._prepare_row(values, context) for values in found]

    @api.model
    def _prepare_row(self, values: dict, context: dict) -> dict:
        product = {
            name: values[f"product_id.product_tmpl_id.{name}"]
            for name in ("name", "gost", "unit_mass", "made_to_order", "lead_days")
        }
        site_id = values["site_id"] or False
        is_pickup = bool(values["delivery_method_id.is_pickup"])
        agreed = values["volume_agreed"] or 0.0
        remaining = values["volume_remaining"] or 0.0
        until = values["date_end"] or False
        ends = ending.reasons(
            agreed=agreed,
            remaining=remaining,
            until=until or None,
            today=context["today"],
        )
        price_excl, price_incl = split_price(
            values["price_unit"],
            context["rates"].get(
                values["product_id.product_tmpl_id.vat_category"], 0.0
            ),
            included=bool(values["specification_id.price_include_vat"]),
        )
        terms_of = (values["prepayment_percent"] or 0.0, values["deferral_days"] or 0)
        if terms_of not in context["terms"]:
            context["terms"][terms_of] = self.env["cement.specification"]._get_terms(
                *terms_of
            )
        currency = self.env["res.currency"].browse(values["currency_id"])
        first_day = context["first_days"].get(
            values["plant_id.tz"], values["plant_id.cutoff_hour"] or 0.0
        )
        fmt = context["fmt"]
        return {
            "id": values["id"],
            "specification": values["specification_number"],
            "contract": values["agreement_id.code"] or "",
            "plant": values["plant_id.name"],
            "product_id": values["product_id"],
            "product": product["name"],
            "article": values["product_id.default_code"] or "",
            "gost": product["gost"] or "",
            "form": values["cargo_form_id.name"] or "",
            "form_kind": values["cargo_form_id.kind"] or False,
            "unit_mass": product["unit_mass"] or 0.0,
            "method": values["delivery_method_id.name"],
            "transport": values["delivery_method_id.transport"],
            "is_pickup": is_pickup,
            "site_id": site_id,
            "site": values["site_id.name"] or "",
            "address": values["site_id.address_line"] or "",
            "site_open": not site_id and not is_pickup,
            "date_start": values["date_start"] or False,
            "date_end": until,
            "days_left": formats.days_left(until or None, context["today"]),
            "terms": context["terms"][terms_of],
            "price_excl": price_excl,
            "price_incl": price_incl,
            "currency": currency,
            "agreed": agreed,
            "remaining": remaining,
            "share_left": max(0, min(100, round(100 * remaining / agreed)))
            if agreed
            else 0,
            "ends": ends,
            "is_used_up": ending.USED_UP in ends,
            "min_lot": values["min_lot"] or 0.0,
            "made_to_order": bool(product["made_to_order"]),
            "lead_days": product["lead_days"] or 0,
            "is_favourite": values["is_favourite"],
            "first_day": first_day,
            # as they stand on the page
            "price_incl_text": fmt.money(price_incl, currency),
            "price_excl_text": fmt.money(price_excl, currency),
            "remaining_text": fmt.tonnes(remaining),
            "start_text": fmt.day(values["date_start"]),
            "end_iso": fmt.iso(until) or None,
            "end_text": fmt.day(until) if until else None,
            "first_iso": fmt.iso(first_day),
            "first_text": fmt.day(first_day),
            "min_lot_text": fmt.mass(values["min_lot"]) if values["min_lot"] else None,
        }

    def _get_first_day(self, now: datetime) -> date:
        """Return the first day for which the plant still takes orders.

        :param now: UTC and naive.
        """
        self.ensure_one()
        return FirstDays(now).get(self.plant_id.tz, self.plant_id.cutoff_hour)

    def _prepare_card(self) -> dict:
        """Return everything that the product card shows of this line."""
        self.ensure_one()
        # sudo: see _prepare_rows
        line_sudo = self.sudo()
        product = line_sudo.product_id
        return {
            **self._prepare_rows()[0],
            "has_image": bool(product.image_256),
            "grade": product.cement_grade or "",
            "density": product.density,
            "transport_note": product.transport_note or "",
            "packaging": line_sudo.packaging_rule or "",
            "description": product.description_sale or "",
            "warehouse": line_sudo.warehouse_id.name or "",
            "consignee": line_sudo.consignee_id.name or "",
            "retail_price": line_sudo.retail_price,
            "stock": line_sudo.display_stock,
            "next_batch_date": product.next_batch_date,
            "ordered": line_sudo.volume_ordered,
            "vehicles": line_sudo.vehicle_type_ids.mapped("name"),
        }
