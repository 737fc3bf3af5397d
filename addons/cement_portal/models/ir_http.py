# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import BadRequest, MethodNotAllowed, abort

from odoo import api, models
from odoo.http import request

from .cement_impersonation_log import SESSION_KEY


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Override of `http_routing` to refuse what PostgreSQL cannot hold: with a
        NUL in a form core's pages fail with a server error. Our own leave it out."""
        result = super()._pre_dispatch(rule, args)
        form = request.httprequest.form if cls._is_form() else {}
        if any("\x00" in text for text in form.values()):
            raise BadRequest(request.env._("The text holds a character that is none."))
        return result

    @classmethod
    def _is_form(cls) -> bool:
        asked = request.httprequest
        return (
            getattr(request, "is_frontend", False)
            and asked.method == "POST"
            and asked.mimetype.startswith(("application/x-www", "multipart/"))
            and not asked.path.startswith("/my/cement/")
        )

    @classmethod
    def _match(cls, path):
        """Override of `http_routing`: whose session ended while a form was being
        sent comes back from the login to the address of the form, which is no page.
        The page that the form stands on opens, and says that nothing was sent."""
        try:
            return super()._match(path)
        except MethodNotAllowed:
            if request.httprequest.method != "GET" or not path.startswith("/my/"):
                raise
        request.session["cement_flash"] = {
            "text": request.env._(
                "Your session had ended, nothing was sent. Check and send again."
            ),
            "kind": "warning",
        }
        return abort(request.redirect(cls._get_page_of_form(path)))

    @staticmethod
    def _get_page_of_form(path: str) -> str:
        """Return the page on which the form with this address stands."""
        if path.startswith("/my/cement/"):
            return "/my"
        return path.rstrip("/").rpartition("/")[0] or "/my"

    @classmethod
    def _serve_fallback(cls):
        """Override of `base`: an address with a NUL is nobody's; core asks the
        database for it and fails."""
        if "\x00" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _authenticate_explicit(cls, auth):
        """Override of `base`: a session in which a manager sees the portal as a
        client goes on only while its row in the log is open."""
        back = request.session.get(SESSION_KEY)
        if back and request.session.uid is not None:
            logs = request.env["cement.impersonation.log"]
            if not logs._is_open(back, request.session.uid):
                request.session.logout(keep_db=True)
                request.env = api.Environment(
                    request.env.cr, None, request.session.context
                )
        return super()._authenticate_explicit(auth)
