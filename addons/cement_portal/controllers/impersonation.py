# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.addons.web.controllers.session import Session
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from ..models.cement_impersonation_log import SESSION_KEY


class CementImpersonation(Controller):
    """The way into the portal as a client, and the way back."""

    @route(
        "/cement/see-as/<int:log_id>/<string:secret>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def cement_see_as(self, log_id, secret, **_kwargs):
        """Follow the link that the back office made a moment ago. It is secret, good
        once and bound to the manager's own session, so no other page can send a
        manager through it."""
        try:
            request.env["cement.impersonation.log"]._open_link(log_id, secret)
        except AccessError as error:
            return request.make_response(
                str(error), [("Content-Type", "text/plain; charset=utf-8")], status=403
            )
        return request.redirect("/my")

    @route(
        "/cement/see-as/return",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
    )
    def cement_see_as_return(self, **_kwargs):
        """Become the manager again."""
        try:
            url = request.env["cement.impersonation.log"]._return()
        except AccessError:
            url = "/my"
        return request.redirect(url)


class CementSession(Session):
    """Logging out ends seeing as the client too, and the log says when."""

    def _close_see_as(self):
        back = request.session.get(SESSION_KEY)
        if not back:
            return
        # core's routes are read-only; the end of the row is written beside them
        with request.env.registry.cursor() as cr:
            request.env(cr=cr, su=True)["cement.impersonation.log"]._close(back)

    @route()
    def destroy(self):
        self._close_see_as()
        return super().destroy()

    @route()
    def logout(self, redirect="/odoo"):
        self._close_see_as()
        return super().logout(redirect=redirect)
