# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Override of `http_routing` so that our scripts speak the client's
        language too."""
        return [
            *super()._get_translation_frontend_modules_name(),
            "cement_logistics_dispatch",
        ]
