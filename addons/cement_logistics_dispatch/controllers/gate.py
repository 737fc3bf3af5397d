# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from odoo.addons.cement_portal.controllers.main import CementPortal
from odoo.addons.portal.controllers.web import Home

GUARD = "cement_logistics_dispatch.group_gate_guard"


class CementGateHome(Home):
    """A guard without the back office begins at the gate."""

    def _login_redirect(self, uid, redirect=None):
        user = request.env["res.users"].sudo().browse(uid)
        if not redirect and user.share and user.has_group(GUARD):
            redirect = "/cement/gate"
        return super()._login_redirect(uid, redirect=redirect)


class CementGate(CementPortal):
    """The page of the guard: one field for the scanner, one answer."""

    def _render_gate(self, result=None, error="", status=200):
        passes = request.env["cement.loading.pass"]
        values = {
            **passes._gate_page(),
            "result": result,
            "error": error,
            "page_name": "gate",
            "no_header": True,
            "no_footer": True,
        }
        response = request.render("cement_logistics_dispatch.gate_page", values)
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @route(
        "/cement/gate",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=False,
        sitemap=False,
    )
    def cement_gate(self, code="", **_kwargs):
        # not readonly: each scan is kept
        passes = request.env["cement.loading.pass"]
        try:
            passes._check_guard()
        except AccessError:
            return request.redirect("/my")
        code = self._as_text(code, 500)
        return self._render_gate(passes._gate_scan(code) if code else None)

    @route(
        "/cement/gate/move",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
        sitemap=False,
    )
    def cement_gate_move(self, code="", action="", tare="", gross="", **_kwargs):
        """Let a vehicle in or out."""
        passes = request.env["cement.loading.pass"]
        code = self._as_text(code, 500)
        try:
            passes._check_guard()
        except AccessError:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                result = passes._gate_move(
                    code,
                    self._as_text(action, 10),
                    self._as_text(tare, 20),
                    self._as_text(gross, 20),
                )
        except UserError as error:
            return self._render_gate(
                passes._gate_values(
                    passes._find_at_gate_sudo(code), passes._find_verdict(code)
                ),
                str(error),
                422,
            )
        reason = result.get("reason", "")
        return self._render_gate(result, reason, 422 if reason else 200)
