# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class StockPicking(models.Model):
    """The day of a shipment that a person changes is a promise like any other."""

    _inherit = "stock.picking"

    def _cement_promise_day(self, day):
        """Override of `cement_logistics`: passes for another day are void."""
        # sudo: people of the warehouse do not read orders; the order checks the right
        self.sudo().sale_id.sudo(self.env.su)._cement_promise_day(day)
