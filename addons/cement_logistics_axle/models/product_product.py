# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_section_key(self):
        """Return what may lie together in a section of a body: one powder, or any
        packages."""
        self.ensure_one()
        is_bulk = (self.cargo_kind or "bulk") == "bulk"
        return self.id if is_bulk else "packages"
