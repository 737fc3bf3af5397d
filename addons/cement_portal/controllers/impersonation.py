# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from urllib.parse import urlencode

from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from odoo.addons.web.controllers.session import Session

from ..models.cement_impersonation_log import SESSION_KEY

# Key of the session under which a logout leaves the row to be closed.
END_KEY = "cement_see_as_end"


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

    @route("/cement/see-as/end", type="http", auth="public", readonly=False)
    def cement_see_as_end(self, redirect="/", **_kwargs):
        """Write the end down after a logout; the session says of which row."""
        log_id = request.session.pop(END_KEY, None)
        if log_id:
            request.env["cement.impersonation.log"]._close({"log_id": log_id})
        return request.redirect(redirect)

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

    @route()
    def logout(self, redirect="/odoo"):
        back = request.session.get(SESSION_KEY)
        response = super().logout(redirect=redirect)
        if not back:
            return response
        # core's route is read-only, so the next one writes the end down
        request.session[END_KEY] = back["log_id"]
        return request.redirect(
            f"/cement/see-as/end?{urlencode({'redirect': redirect})}", 303
        )
