# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class CementSeasonTold(models.AbstractModel):
    """What the closed season is made of. When it changes, orders that were taken
    before are looked at again, and a dispatcher is told which it touches."""

    _name = "cement.season.told"
    _description = "Part of the closed season"
    _inherit = ["cement.remembered"]

    def _get_season_orders(self):
        """Return the seasonal orders these records are of."""
        raise NotImplementedError

    def _is_season_touched(self, vals_list) -> bool:
        """Whether these values, or the records as they stand, are in force."""
        raise NotImplementedError

    def _get_law_to_compare(self, vals_list):
        """Return the law before a change that somebody has to be told of; ``None``
        when nothing in force changes, or an outer change tells."""
        told = self.env.context.get("cement_season_telling")
        if told or not self._is_season_touched(vals_list):
            return None
        return self.env["cement.axle.law"]._get_law()

    @api.model_create_multi
    def create(self, vals_list):
        law = self._get_law_to_compare(vals_list)
        told = self.with_context(cement_season_telling=True) if law else self
        records = super(CementSeasonTold, told).create(vals_list).with_env(self.env)
        if law:
            records._get_season_orders()._tell_touched(law)
        return records

    def write(self, vals):
        law = self._get_law_to_compare([vals])
        told = self.with_context(cement_season_telling=True) if law else self
        result = super(CementSeasonTold, told).write(vals)
        if law:
            self._get_season_orders()._tell_touched(law)
        return result

    def unlink(self):
        law = self._get_law_to_compare([])
        orders = self._get_season_orders()
        result = super().unlink()
        if law:
            orders.exists()._tell_touched(law)
        return result
