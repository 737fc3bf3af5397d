# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.controllers.main import CementPortal

from ..models.cement_change_request_portal import TEXT_LIMIT


class CementChanges(CementPortal):
    """Change requests: the list, the form, taking one back."""

    @route("/my/changes", type="http", auth="user", website=True, readonly=True)
    def cement_changes(self, status="", **_kwargs):
        partner = self._require(roles.SEE)
        status = status if status in ("open", "answered") else ""
        values = self._prepare_cement_values(
            "changes",
            data=request.env["cement.change.request"]._portal_list(partner, status),
            status=status,
        )
        return request.render("cement_logistics_dispatch.changes_page", values)

    @route("/my/cement/changes/rows", type="jsonrpc", auth="user", readonly=True)
    def cement_changes_rows(self, status=""):
        """Return the list of an open page as it is now."""
        partner = self._require(roles.SEE)
        status = status if status in ("open", "answered") else ""
        data = request.env["cement.change.request"]._portal_list(partner, status)
        return self._render_fragment(
            "cement_logistics_dispatch.changes_list", {"data": data, "status": status}
        )

    @route(
        "/my/orders/<int:order_id>/change",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def cement_change_form(self, order_id, picking_id=None, kind="", **_kwargs):
        order = self._browse("sale.order", order_id)
        return self._render_change_form(
            order,
            {"picking_id": self._as_id(picking_id), "kind": self._as_text(kind, 12)},
        )

    def _render_change_form(self, order, typed, error="", status=200):
        try:
            data = request.env["cement.change.request"]._portal_form(
                order, typed.get("picking_id")
            )
        except UserError:
            data = request.env["cement.change.request"]._portal_form(order)
        values = self._prepare_cement_values(
            "change",
            data=data,
            fmt=data["fmt"],
            typed=typed,
            error=error,
            orders_label=request.env._("Orders"),
        )
        response = request.render("cement_logistics_dispatch.change_form_page", values)
        response.status_code = status
        return response

    @route(
        "/my/orders/<int:order_id>/change",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
    )
    def cement_change_submit(self, order_id, **form):
        order = self._browse("sale.order", order_id)
        typed = {
            "kind": self._as_text(form.get("kind"), 12),
            "picking_id": self._as_id(form.get("picking_id")),
            "line_id": self._as_id(form.get("line_id")),
            "quantity": self._as_text(form.get("quantity"), 20),
            "day": self._as_text(form.get("day"), 10),
            "site_id": self._as_id(form.get("site_id")),
            "unloading_way_id": self._as_id(form.get("unloading_way_id")),
            "from": self._as_text(form.get("from"), 8),
            "to": self._as_text(form.get("to"), 8),
            "hold_until": self._as_text(form.get("hold_until"), 10),
            # one more than allowed, so that a longer text is told
            "reason": self._as_text(form.get("reason"), TEXT_LIMIT + 1),
            "key": self._as_text(form.get("key"), 64),
        }
        try:
            with request.env.cr.savepoint():
                request.env["cement.change.request"]._submit(order, typed)
        except UserError as error:
            return self._render_change_form(order, typed, str(error), status=422)
        self._flash(
            request.env._("The request is sent. The answer of the plant comes here.")
        )
        return request.redirect(f"/my/orders/{order.id}#changes")

    @route(
        "/my/cement/changes/<int:change_id>/withdraw",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_change_withdraw(self, change_id):
        self._browse("cement.change.request", change_id)._withdraw()
        return {"ok": True}
