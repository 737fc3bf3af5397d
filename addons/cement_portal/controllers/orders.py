# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.cement_base.tools import roles
from odoo.addons.sale_stock.controllers.portal import SaleStockPortal

from ..tools.order_query import OrderQuery
from .main import CementPortal

PAGE_SIZE = 50
REPORT = "cement_portal.action_report_order"


class CementOrders(CementPortal, SaleStockPortal):
    """The list of orders and the page of one.

    Access is the record rule's alone. Core lets whoever has an order's
    ``access_token`` see and sign it; letters with such links are passed on, and
    these orders hold agreed prices. So for orders by specification a token opens
    nothing: the link leads to the login and then to the page, by right. Orders of
    other applications keep core's ways.
    """

    # === List ===

    @route()
    def portal_my_quotes(self, **_kwargs):
        """Override of `sale`: there is one list of orders."""
        return request.redirect("/my/orders")

    @route()
    def portal_my_orders(self, **kwargs):
        """Override of `sale`: the orders of the counterparty, by role."""
        partner = self._get_partner()
        if not partner and not request.env.user.share:
            return request.redirect("/odoo")
        partner = self._require(roles.SEE)
        query = OrderQuery.parse(kwargs)
        data = request.env["sale.order"]._portal_list(partner, query, PAGE_SIZE)
        query = replace(query, page=data["page"])
        values = self._prepare_cement_values(
            "orders",
            query=query,
            data=data,
            url=partial(self._list_url, path="/my/orders"),
            pager=self._prepare_list_pager(
                "/my/orders", query, data["total"], PAGE_SIZE
            ),
            sees_all=self._can(roles.SEE_ALL),
            months=self._get_months(),
        )
        return request.render("cement_portal.orders_page", values)

    @route("/my/orders/export", type="http", auth="user", website=True, readonly=True)
    def cement_orders_export(self, **kwargs):
        """Send the orders that the list shows now, all pages of them, as xlsx."""
        partner = self._require(roles.SEE)
        return self._send_list("sale.order", partner, OrderQuery.parse(kwargs))

    # === Page ===

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Override of `portal`: a token opens no order by specification."""
        if model_name == "sale.order" and access_token:
            # sudo: only whether the token counts for this order
            order_sudo = request.env["sale.order"].sudo().browse(document_id).exists()
            if order_sudo.is_cement:
                access_token = None
        return super()._document_check_access(
            model_name, document_id, access_token=access_token
        )

    def _stock_picking_check_access(self, picking_id, access_token=None):
        """Override of `sale_stock`: as :meth:`_document_check_access`."""
        # sudo: see _document_check_access
        picking_sudo = request.env["stock.picking"].sudo().browse(picking_id).exists()
        if picking_sudo.sale_id.is_cement:
            access_token = None
        return super()._stock_picking_check_access(picking_id, access_token)

    @route()
    def portal_order_page(self, order_id, report_type=None, download=False, **kwargs):
        """Override of `sale`: the page of an order by specification."""
        # sudo: only which of the two pages is meant
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if order_sudo and not order_sudo.is_cement:
            return super().portal_order_page(
                order_id, report_type=report_type, download=download, **kwargs
            )
        if request.env.user._is_public():
            path = f"/my/orders/{order_id}"
            return request.redirect(f"/web/login?{urlencode({'redirect': path})}")
        order = self._browse("sale.order", order_id)
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=order,
                report_type=report_type,
                report_ref=REPORT,
                download=download,
            )
        return request.render(
            "cement_portal.order_page", self._prepare_order_values(order)
        )

    def _prepare_order_values(self, order) -> dict:
        page = order._portal_page()
        allowed = {key: action["allowed"] for key, action in page["actions"].items()}
        return self._prepare_cement_values(
            "order",
            **page,
            object=page["order"],
            orders_label=request.env._("Orders"),
            edit_form=order._portal_edit_form() if allowed["edit"] else None,
            replace_form=order._get_replace_options() if allowed["replace"] else None,
            repeat_sites=order._portal_repeat_sites() if allowed["repeat"] else [],
            cancel_facts=order._portal_cancel_facts() if allowed["cancel"] else None,
        )

    @route()
    def portal_quote_accept(self, order_id, access_token=None, **kwargs):
        """Override of `sale`: who may not order may not accept either."""
        if self._may_decide(order_id):
            return super().portal_quote_accept(
                order_id, access_token=access_token, **kwargs
            )
        return {"error": request.env._("Invalid order.")}

    @route()
    def portal_quote_decline(self, order_id, access_token=None, **kwargs):
        """Override of `sale`: as :meth:`portal_quote_accept`."""
        if self._may_decide(order_id):
            return super().portal_quote_decline(
                order_id, access_token=access_token, **kwargs
            )
        return request.redirect("/my")

    def _may_decide(self, order_id) -> bool:
        """Whether the offer may be accepted or declined by the current user."""
        # sudo: only whether the order is by specification
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if not order_sudo.is_cement:
            return True
        try:
            order_sudo.sudo(False)._member_sudo(roles.ORDER)
        except (AccessError, MissingError):
            return False
        return True

    # === Live state ===

    @route(
        "/my/cement/order/<int:order_id>/state",
        type="jsonrpc",
        auth="user",
        readonly=True,
    )
    def cement_order_state(self, order_id):
        """Return the parts of the page that follow the status."""
        order = self._browse("sale.order", order_id)
        values = order._portal_state()
        return {
            "state": values["state"],
            "label": values["state_label"],
            "status": self._render_fragment("cement_portal.order_status", values),
            "actions": self._render_fragment("cement_portal.order_actions", values),
            "days": self._render_fragment("cement_portal.order_days", values),
        }

    @route("/my/cement/orders/rows", type="jsonrpc", auth="user", readonly=True)
    def cement_order_rows(self, ids=()):
        """Return the present status of rows of the list, ``{id: html}``."""
        wanted = self._as_ids(ids)[: 2 * PAGE_SIZE]
        orders = request.env["sale.order"].search(
            [("id", "in", wanted), ("is_cement", "=", True)]
        )
        return {
            row["id"]: self._render_fragment("cement_portal.order_badge", {"row": row})
            for row in orders._portal_rows()
        }

    # === Actions ===

    @route(
        "/my/cement/order/<int:order_id>/edit",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_order_edit(self, order_id, changes=None):
        """Change quantity, day, site or unloading; the whole gate is asked.

        Tonnes added at another price than the order's are asked about first: then
        the answer is ``prices``, which the page sends back once agreed with.
        """
        order = self._browse("sale.order", order_id)
        changes = self._clean_changes(changes)
        questions = order._get_price_questions(changes)
        if questions:
            return {"ok": False, "prices": questions}
        order._cement_edit(changes)
        self._flash(request.env._("The order is changed. Your manager knows."))
        return {"ok": True}

    def _clean_changes(self, changes) -> dict:
        """Return of *changes* what an order knows."""
        if not isinstance(changes, dict):
            return {}
        clean = {
            name: changes[name]
            for name in ("requested_date", "site_id", "unloading_way_id")
            if isinstance(changes.get(name), str | int)
        }
        for name in ("quantities", "prices"):
            if isinstance(changes.get(name), dict):
                clean[name] = {
                    line_id: value
                    for line_id, value in list(changes[name].items())[:1000]
                    if isinstance(value, str | int | float)
                }
        return clean

    @route(
        "/my/cement/order/<int:order_id>/replace",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_order_replace(self, order_id, rows):
        """Cancel the order and order something else instead, at one go."""
        order = self._browse("sale.order", order_id)
        rows = [
            {
                "specification_line_id": row.get("specification_line_id"),
                "quantity": row.get("quantity"),
            }
            for row in (rows if isinstance(rows, list) else [])[:200]
            if isinstance(row, dict)
        ]
        orders = order._cement_replace(rows, self._channel())
        self._flash(request.env._("Ordered anew. The former order is cancelled."))
        return {"url": f"/my/orders/{orders[:1].id}"}

    @route(
        "/my/cement/order/<int:order_id>/repeat",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_order_repeat(self, order_id, site_id=None, day=None):
        """Put the order into a new cart for a site and a day."""
        order = self._browse("sale.order", order_id)
        return self._tell_repeat(
            order._portal_repeat(self._as_id(site_id), self._as_text(day, 10))
        )

    def _tell_repeat(self, report: dict) -> dict:
        """Say on the page of the cart what goes by another line than before."""
        if report["notes"]:
            self._flash("\n".join(report["notes"][:5]), "warning")
        return report

    @route(
        "/my/cement/order/<int:order_id>/copy",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_order_copy(self, order_id):
        """Put the order into a new cart as it is, the day left open."""
        order = self._browse("sale.order", order_id)
        # sudo: the number of an order that the person may read
        name = request.env._("Copy of %(order)s", order=order.sudo().name)
        return self._tell_repeat(order._portal_repeat(name=name))

    @route(
        "/my/cement/order/<int:order_id>/cancel",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_order_cancel(self, order_id, reason=""):
        """Cancel the order; what was drawn on the specification comes back."""
        self._browse("sale.order", order_id)._cement_cancel(self._as_text(reason, 200))
        return {"ok": True}

    @route(
        "/my/cement/order/<int:order_id>/favourite",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_order_favourite(self, order_id):
        """Mark the order as a favourite, or take the mark off."""
        return {
            "is_favourite": self._browse("sale.order", order_id)._toggle_favourite()
        }


class CementDocuments(CementPortal):
    """Files shared with the client."""

    @route("/my/documents", type="http", auth="user", website=True, readonly=True)
    def cement_documents(self, kind="", q="", **_kwargs):
        partner = self._require(roles.SEE)
        kind, text = self._as_text(kind, 20), self._as_text(q, 100)
        values = self._prepare_cement_values(
            "documents",
            data=request.env["ir.attachment"]._portal_documents(partner, kind, text),
            kind=kind,
            text=text,
        )
        return request.render("cement_portal.documents_page", values)

    @route(
        "/my/documents/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_document(self, attachment_id, **_kwargs):
        """Send a shared file; a foreign, internal or missing one is not found."""
        partner = self._require(roles.SEE)
        file_sudo = request.env["ir.attachment"]._portal_document_sudo(
            partner, self._as_id(attachment_id)
        )
        if not file_sudo:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        # as a file and never in the page: it may hold anything
        return stream.get_response(as_attachment=True)
