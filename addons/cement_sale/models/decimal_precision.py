# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class DecimalPrecision(models.Model):
    _inherit = "decimal.precision"

    @api.model
    def _cement_ensure_digits(self, name: str, digits: int):
        """Keep at least *digits* decimals of *name*.

        Masses are weighed to the kilogram: the two decimals of core would turn
        23,917 t into 23,92 t on the order.
        """
        precision = self.search([("name", "=", name), ("digits", "<", digits)])
        precision.digits = digits
