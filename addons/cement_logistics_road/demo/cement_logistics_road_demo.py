# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class CementLogisticsRoadDemo(models.AbstractModel):
    """Puts the demo's trucks on the road; called by the demo data only."""

    _name = "cement.logistics.road.demo"
    _description = "Demo trucks"

    @api.model
    def _load(self):
        """Give the plants their places and follow the trucks under way."""
