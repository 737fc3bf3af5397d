# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import escape_psql, plaintext2html

from odoo.addons.cement_base.tools import roles

from ..tools import ending, order_query

ORDERS_SHOWN = 6
SITES_SHOWN = 5
CONTRACTS_SHOWN = 12
FOUND_SHOWN = 8
MIN_SEARCH = 2

_UNDER_WAY = order_query.STATE_SETS[order_query.UNDER_WAY]


class CementPortalShell(models.AbstractModel):
    _inherit = "cement.portal.shell"

    # === Home ===

    @api.model
    def _get_home(self, partner) -> dict:
        """Return what the home page answers, within the rights of the person.

        The number of queries depends on no table's size.
        """
        if not partner:
            return {"has_partner": False}
        blocks = sorted(
            self._prepare_home_blocks(partner), key=lambda block: block["sequence"]
        )
        return {
            "has_partner": True,
            "obstacles": self._get_order_obstacles(partner),
            "under_way": self._get_under_way(partner),
            "contracts": self._get_contracts(partner),
            "sites": self._get_home_sites(partner),
            "ending_soon": self._get_ending_soon(partner),
            "drafts": self._get_home_drafts(partner),
            "blocks_top": [block for block in blocks if block["place"] == "top"],
            "blocks_main": [block for block in blocks if block["place"] == "main"],
            "blocks_side": [block for block in blocks if block["place"] == "side"],
        }

    @api.model
    def _get_order_obstacles(self, partner) -> list[dict]:
        """Return what keeps *partner* from ordering now: ``message``, ``remedy``
        and, if there is a page for it, ``url`` and ``action``.

        Empty means: go on. Finance adds its own.
        """
        if not self._can(roles.ORDER, partner):
            return [
                {
                    "message": self.env._(
                        "Your role sees orders but does not make them."
                    ),
                    "remedy": self.env._(
                        "The owner of your company's account can change it."
                    ),
                    "is_role": True,
                }
            ]
        line_model = self.env["cement.specification.line"]
        if not line_model.search_count(
            line_model._get_catalogue_domain(partner), limit=1
        ):
            return [
                {
                    "message": self.env._("No specification is in force today."),
                    "remedy": self.env._(
                        "Write to your manager: a new one has to be agreed."
                    ),
                }
            ]
        return []

    @api.model
    def _get_under_way_domain(self, partner) -> Domain:
        return (
            Domain("counterparty_id", "=", partner.id)
            & Domain("is_cement", "=", True)
            & Domain("cement_state", "in", _UNDER_WAY)
        )

    @api.model
    def _get_under_way(self, partner) -> dict:
        """Return count, tonnes and next day of the orders under way, and the first
        of them."""
        order_model = self.env["sale.order"]
        domain = self._get_under_way_domain(partner)
        [(count, mass)] = order_model._read_group(
            domain, [], ["__count", "load_mass:sum"]
        )
        orders = order_model.search(
            domain, order="requested_date, id", limit=ORDERS_SHOWN
        )
        labels = dict(order_model._selection_cement_state())
        # sudo: names of plants and vehicles of orders that the person may see
        rows = [
            {
                "id": order.id,
                "name": order.name,
                "state": order.cement_state,
                "state_label": labels.get(order.cement_state, ""),
                "mass": order.load_mass,
                "plant": order.plant_id.name or "",
                "site": order.site_id.name or "",
                "product": ", ".join(order.order_line.product_id.mapped("name")),
                "vehicle": order.vehicle_type_id.name or "",
                "requested": order.requested_date,
                "promised": order.promised_date,
            }
            for order in orders.sudo()
        ]
        today = fields.Date.context_today(self)
        days = [row["promised"] or row["requested"] for row in rows]
        return {
            "count": count,
            "mass": mass or 0.0,
            "next_day": min(
                (day for day in days if day and day >= today), default=None
            ),
            "rows": rows,
        }

    @api.model
    def _get_contracts(self, partner) -> list[dict]:
        """Return the contracts that the person may use, those in force first."""
        today = fields.Date.context_today(self)
        agreements = self.env["agreement"].search(
            [("commercial_partner_id", "=", partner.id)],
            order="end_date desc, id desc",
            limit=CONTRACTS_SHOWN,
        )
        # sudo: the name of the supplier company
        rows = [
            {
                "id": agreement.id,
                "code": agreement.code or agreement.name,
                "name": agreement.name,
                "company": agreement.company_id.name,
                "since": agreement.start_date,
                "until": agreement.end_date,
                "is_valid": agreement._is_valid_on(today),
                "days_left": (agreement.end_date - today).days
                if agreement.end_date
                else None,
                "currency": agreement.currency_id,
                "specifications": agreement.specification_count,
            }
            for agreement in agreements.sudo()
        ]
        return sorted(rows, key=lambda row: not row["is_valid"])

    @api.model
    def _get_home_sites(self, partner) -> dict:
        domain = [("partner_id", "=", partner.id)]
        sites = self.env["cement.site"].search(domain, limit=SITES_SHOWN + 1)
        return {
            "rows": [
                {
                    "id": site.id,
                    "name": site.name,
                    "address": site.address_line or "",
                    "is_station": site.kind == "station",
                }
                for site in sites[:SITES_SHOWN]
            ],
            "has_more": len(sites) > SITES_SHOWN,
        }

    @api.model
    def _get_ending_soon(self, partner) -> list[dict]:
        """Return a few lines of which volume or term runs out."""
        line_model = self.env["cement.specification.line"]
        soon = fields.Date.context_today(self) + timedelta(ending.SOON_DAYS - 1)
        lines = line_model.search(
            line_model._get_catalogue_domain(partner)
            & (
                Domain("date_end", "<=", soon)
                | Domain("remaining_rank", "<=", ending.SOON_TONNES)
            ),
            order="date_end, id",
            limit=4,
        )
        return [row for row in lines._prepare_rows() if row["ends"]]

    @api.model
    def _get_home_drafts(self, partner) -> list[dict]:
        if not self._can(roles.ORDER, partner):
            return []
        drafts = self.env["cement.cart"].search(
            [
                ("partner_id", "=", partner.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "draft"),
            ],
            limit=3,
        )
        return [cart._prepare_mini() for cart in drafts if cart.line_count]

    # === Search ===

    @api.model
    def _search_everywhere(self, partner, text: str) -> list[dict]:
        """Return what is found by *text* in the person's own data.

        Sections: ``label``, ``icon``, ``items`` (``url``, ``title``, ``text``,
        ``side``) and ``more``, the page that shows all. Addons add theirs.
        """
        if not partner or len(text) < MIN_SEARCH:
            return []
        sections = [
            self._search_catalogue(partner, text),
            self._search_orders(partner, text),
            self._search_sites(partner, text),
            self._search_carts(partner, text),
        ]
        return [section for section in sections if section and section["items"]]

    @api.model
    def _search_catalogue(self, partner, text: str) -> dict:
        fmt = self._get_formats()
        line_model = self.env["cement.specification.line"]
        lines = line_model.search(
            line_model._get_catalogue_domain(partner, text), limit=FOUND_SHOWN
        )
        return {
            "label": self.env._("Catalogue"),
            "icon": "catalogue",
            "items": [
                {
                    "url": f"/my/catalog/{row['id']}",
                    "title": row["product"],
                    "text": " · ".join(
                        filter(None, (row["plant"], row["method"], row["site"]))
                    ),
                    "side": fmt.money(row["price_incl"], row["currency"]),
                }
                for row in lines._prepare_rows()
            ],
            "more": "/my/catalog",
        }

    @api.model
    def _search_orders(self, partner, text: str) -> dict:
        fmt = self._get_formats()
        pattern = escape_psql(text)
        orders = self.env["sale.order"].search(
            Domain("counterparty_id", "=", partner.id)
            & Domain("is_cement", "=", True)
            & Domain.OR(
                Domain(name, "ilike", pattern)
                for name in (
                    "name",
                    "client_order_ref",
                    "order_line.product_id.name",
                    "site_id.name",
                )
            ),
            order="id desc",
            limit=FOUND_SHOWN,
        )
        labels = dict(orders._selection_cement_state())
        # sudo: names behind orders that the person may see
        return {
            "label": self.env._("Orders"),
            "icon": "orders",
            "items": [
                {
                    "url": f"/my/orders/{order.id}",
                    "title": order.name,
                    "text": " · ".join(
                        filter(
                            None,
                            (
                                ", ".join(order.order_line.product_id.mapped("name")),
                                order.site_id.name,
                                labels.get(order.cement_state),
                            ),
                        )
                    ),
                    "side": fmt.tonnes(order.load_mass),
                }
                for order in orders.sudo()
            ],
            "more": "/my/orders",
        }

    @api.model
    def _search_sites(self, partner, text: str) -> dict:
        pattern = escape_psql(text)
        sites = self.env["cement.site"].search(
            Domain("partner_id", "=", partner.id)
            & (
                Domain("name", "ilike", pattern)
                | Domain("address_line", "ilike", pattern)
            ),
            limit=FOUND_SHOWN,
        )
        return {
            "label": self.env._("Sites"),
            "icon": "place",
            "items": [
                {
                    "url": f"/my/catalog?site={site.id}",
                    "title": site.name,
                    "text": site.address_line or "",
                    "side": "",
                }
                for site in sites
            ],
            "more": "",
        }

    @api.model
    def _search_carts(self, partner, text: str) -> dict | None:
        if not self._can(roles.ORDER, partner):
            return None
        fmt = self._get_formats()
        pattern = escape_psql(text)
        carts = self.env["cement.cart"].search(
            Domain("partner_id", "=", partner.id)
            & Domain("state", "=", "draft")
            & (
                Domain("name", "ilike", pattern)
                | Domain("client_ref", "ilike", pattern)
            ),
            limit=FOUND_SHOWN,
        )
        return {
            "label": self.env._("Carts"),
            "icon": "cart",
            "items": [
                {
                    "url": f"/my/carts/{cart.id}",
                    "title": cart.name,
                    "text": fmt.lines(cart.line_count),
                    "side": fmt.tonnes(cart.mass),
                }
                for cart in carts
            ],
            "more": "/my/carts",
        }

    # === Message ===

    @api.model
    def _send_message(self, partner, text: str, page: str):
        """Write *text* to the manager of *partner*, on the client's own record.

        :raises UserError: when nobody looks after the client.
        """
        # sudo: portal users may write neither to partners nor to managers
        manager_sudo = self._get_manager_user(partner)
        if not partner or not manager_sudo:
            raise UserError(
                self.env._("You have no manager yet. Call the sales department.")
            )
        partner.sudo().message_post(
            body=Markup("%s<p><small>%s</small></p>")
            % (
                plaintext2html(text),
                self.env._("Written on the page %(page)s", page=page),
            ),
            subject=self.env._("Message of %(client)s", client=partner.sudo().name),
            author_id=self.env.user.partner_id.id,
            email_from=self.env.user.email_formatted,
            partner_ids=manager_sudo.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
