# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.http import request

from .cement_impersonation_log import SESSION_KEY


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

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
