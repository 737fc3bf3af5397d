# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Override of `http_routing` so that our scripts, and the conversation on
        the order page, speak the client's language too."""
        names = super()._get_translation_frontend_modules_name()
        return [*names, "mail", "cement_portal"]
