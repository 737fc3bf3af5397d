# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.http import request
from odoo.tools import lazy


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _prepare_environment(self, values):
        """Override of `http_routing` to give every page the formats (``fmt``) and
        the shell (``cement_shell``), reckoned only where a template asks for them.

        Not in `_prepare_frontend_environment`: the login page is none of them.
        """
        ir_qweb = super()._prepare_environment(values)
        if request and not ir_qweb.env.context.get("minimal_qcontext"):
            shell = ir_qweb.env["cement.portal.shell"]
            values.setdefault("fmt", shell._get_formats())
            values.setdefault("cement_accent", lazy(shell._get_accent))
            values.setdefault("cement_shell", lazy(shell._get_shell))
        return ir_qweb
