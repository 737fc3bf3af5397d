# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, datetime

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.cement_sale.tools import gate

from ..tools import ending, formats

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
        domain = base & self._get_filter_domain(filters)
        total = self.search_count(domain)
        page = max(1, min(page, -(-total // step) or 1))
        lines = self.search(
            domain,
            order=self._get_catalogue_order(sort),
            limit=step,
            offset=(page - 1) * step,
        )
        return {
            "total": total,
            "page": page,
            "rows": lines._prepare_rows(),
            "facets": self._get_facets(base, filters),
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
    def _get_facets(self, base: Domain, filters: dict) -> list[dict]:
        """Return the options of each filter with the count of lines behind them,
        as the other filters leave them."""
        labels = self._get_facet_labels()
        facets = []
        for name, column in FILTERS.items():
            groups = self._read_group(
                base & self._get_filter_domain(filters, without=name),
                [column],
                ["__count"],
                limit=MAX_OPTIONS,
            )
            # sudo: names of what the member's own lines point at
            options = [
                {
                    "id": record.id,
                    "label": record.sudo().display_name,
                    "count": count,
                    "active": record.id == filters.get(name),
                }
                for record, count in groups
                if record
            ]
            if len(options) > 1 or any(option["active"] for option in options):
                facets.append(
                    {
                        "name": name,
                        "label": labels[name],
                        "options": sorted(options, key=lambda item: item["label"]),
                        "active": next(
                            (item for item in options if item["active"]), None
                        ),
                    }
                )
        return facets

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
        # sudo: the lines were found by the member's own right; what stands behind
        # them (plant, warehouse, VAT rate) is not all readable by members
        lines_sudo = self.sudo()
        lines_sudo.fetch()
        today = fields.Date.context_today(self)
        prices = lines_sudo._get_prices(today)
        favourites = set(self.env.user.sudo().cement_favourite_product_ids.ids)
        now = fields.Datetime.now()
        return [
            line._prepare_row(prices[line.id], favourites, today, now)
            for line in lines_sudo
        ]

    def _prepare_row(self, price, favourites, today: date, now: datetime) -> dict:
        self.ensure_one()
        product = self.product_id
        site = self.site_id
        method = self.delivery_method_id
        ends = ending.reasons(
            agreed=self.volume_agreed,
            remaining=self.volume_remaining,
            until=self.date_end or None,
            today=today,
        )
        return {
            "id": self.id,
            "specification": self.specification_number,
            "contract": self.agreement_id.code or "",
            "plant": self.plant_id.name,
            "product_id": product.id,
            "product": product.name,
            "article": product.default_code or "",
            "gost": product.gost or "",
            "form": self.cargo_form_id.name or "",
            "form_kind": product.cargo_kind,
            "unit_mass": product.unit_mass,
            "method": method.name,
            "transport": method.transport,
            "is_pickup": method.is_pickup,
            "site_id": site.id,
            "site": site.name or "",
            "address": site.address_line or "",
            "site_open": not site and not method.is_pickup,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "days_left": formats.days_left(self.date_end or None, today),
            "terms": self.terms_text,
            "price_excl": price[0],
            "price_incl": price[1],
            "currency": self.currency_id,
            "agreed": self.volume_agreed,
            "remaining": self.volume_remaining,
            "ends": ends,
            "is_used_up": ending.USED_UP in ends,
            "min_lot": self.min_lot,
            "made_to_order": product.made_to_order,
            "lead_days": product.lead_days,
            "is_favourite": product.id in favourites,
            "first_day": self._get_first_day(now),
        }

    def _get_first_day(self, now: datetime) -> date:
        """Return the first day for which the plant still takes orders.

        :param now: UTC and naive.
        """
        self.ensure_one()
        zone = pytz.timezone(self.plant_id.tz or "UTC")
        local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
        return gate.first_day(local, self.plant_id.cutoff_hour)

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
