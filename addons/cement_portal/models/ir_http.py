# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import BadRequest

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
