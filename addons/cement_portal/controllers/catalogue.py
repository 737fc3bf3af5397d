# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.cement_base.tools import roles
from odoo.addons.portal.controllers.portal import pager

from ..models.cement_specification_line import FILTERS, SORTS
from .main import CementPortal

PAGE_SIZE = 40


class CementCatalogue(CementPortal):
    """The rows of the specifications that the member may order."""

    @route(
        ["/my/catalog", "/my/catalog/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_catalogue(self, page=1, **kwargs):
        partner = self._require(roles.SEE)
        asked = self._parse_catalogue(kwargs)
        found = request.env["cement.specification.line"]._get_catalogue(
            partner,
            filters=asked["filters"],
            search=asked["search"],
            sort=asked["sort"],
            page=self._as_id(page) or 1,
            step=PAGE_SIZE,
        )
        args = self._get_catalogue_args(asked)
        values = self._prepare_cement_values(
            "catalogue",
            **asked,
            total=found["total"],
            rows=found["rows"],
            facets=found["facets"],
            args=args,
            sorts=SORTS,
            pager=pager(
                "/my/catalog",
                found["total"],
                page=found["page"],
                step=PAGE_SIZE,
                url_args=args,
            ),
            url_with=lambda **changes: self._get_catalogue_url({**args, **changes}),
            bare_url=self._get_catalogue_url({"cart": asked["cart"]}),
            has_filters=bool(args.keys() - {"cart"}),
            can_order=self._can(roles.ORDER),
            targets=request.env["cement.cart"]._get_targets(partner, asked["cart"])
            if self._can(roles.ORDER)
            else None,
            sites=request.env["cement.site"]._get_choices(partner),
        )
        return request.render("cement_portal.catalogue", values)

    def _parse_catalogue(self, kwargs: dict) -> dict:
        """Return search, sort and filters of the address; senseless ones fall out."""
        filters = {name: self._as_id(kwargs.get(name)) for name in FILTERS}
        filters["favourite"] = kwargs.get("favourite") == "1"
        sort = self._as_text(kwargs.get("sort"), 30)
        return {
            "search": self._as_text(kwargs.get("search")),
            "sort": sort if sort.removeprefix("-") in SORTS else "",
            "cart": self._as_target(kwargs.get("cart")),
            "filters": filters,
        }

    def _as_target(self, value) -> str:
        """Return to which cart is added: its id, ``new``, or nothing."""
        return "new" if value == "new" else str(self._as_id(value) or "")

    @staticmethod
    def _get_catalogue_args(asked: dict) -> dict:
        args = {
            "cart": asked["cart"],
            "search": asked["search"],
            "sort": asked["sort"],
            **{name: value for name, value in asked["filters"].items()},
        }
        args["favourite"] = "1" if args["favourite"] else ""
        return {name: value for name, value in args.items() if value}

    @staticmethod
    def _get_catalogue_url(args: dict) -> str:
        query = urlencode({name: value for name, value in args.items() if value})
        return f"/my/catalog?{query}" if query else "/my/catalog"

    @route(
        "/my/catalog/<int:line_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_catalogue_card(self, line_id, **_kwargs):
        self._require(roles.SEE)
        line = self._browse("cement.specification.line", line_id)
        values = self._prepare_cement_values(
            "catalogue", card=line._prepare_card(), can_order=self._can(roles.ORDER)
        )
        return request.render("cement_portal.catalogue_card_page", values)

    @route(
        "/my/cement/catalogue/card",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_catalogue_card_part(self, line_id=None, **_kwargs):
        self._require(roles.SEE)
        line = self._browse("cement.specification.line", line_id)
        return self._render_fragment(
            "cement_portal.catalogue_card", {"card": line._prepare_card()}
        )

    @route(
        "/my/cement/catalogue/add",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_catalogue_add(
        self,
        line_id=None,
        quantity=None,
        day=None,
        site_id=None,
        target=None,
        **_kwargs,
    ):
        """Add one row to the cart chosen on the page, by default the one that was
        touched last."""
        partner = self._require(roles.ORDER)
        carts = request.env["cement.cart"]
        cart = carts._get_target(partner, self._as_target(target))
        report = cart._add_rows(
            [
                {
                    "specification_line_id": line_id,
                    "quantity": quantity,
                    "day": day,
                    "site_id": site_id,
                }
            ]
        )
        if report["errors"]:
            raise UserError(report["errors"][0]["reason"].capitalize())
        return {
            "cart_id": cart.id,
            "line_ids": report["line_ids"],
            "mini": self._render_mini(cart),
            "target": self._render_fragment(
                "cement_portal.catalogue_target",
                {
                    "targets": carts._get_targets(partner, str(cart.id)),
                    "fmt": request.env["cement.portal.shell"]._get_formats(),
                },
            ),
            "message": request.env._(
                "Added to “%(cart)s”: %(lines)s t",
                cart=cart.name,
                lines=self._format_mass(cart.line_ids.browse(report["line_ids"])),
            ),
        }

    @staticmethod
    def _format_mass(lines) -> str:
        fmt = request.env["cement.portal.shell"]._get_formats()
        # sudo: lines that this very request has made
        return fmt.number(sum(lines.sudo().mapped("quantity")), 3, trim=True)

    def _render_mini(self, cart) -> str:
        """Return the mini-cart after a change; small carts are planned for it."""
        mini = cart._prepare_mini(plan=True)
        return self._render_fragment("cement_portal.mini_cart", {"mini": mini})

    @route(
        "/my/cement/catalogue/favourite",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_catalogue_favourite(self, line_id=None, **_kwargs):
        """Put the product of a line among the favourites, or take it out."""
        self._require(roles.SEE)
        line = self._browse("cement.specification.line", line_id)
        return request.env.user._toggle_cement_favourite(line.product_id)

    @route(
        "/my/cement/product/<int:line_id>/image",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_product_image(self, line_id, **_kwargs):
        """Serve the picture of the product of a line that the person may see."""
        line = self._browse("cement.specification.line", line_id)
        # sudo: the line was found by the person's own right
        stream = request.env["ir.binary"]._get_image_stream_from(
            line.sudo().product_id, "image_512", width=512, height=512
        )
        return stream.get_response(max_age=3600)
