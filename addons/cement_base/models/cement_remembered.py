# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class CementRemembered(models.AbstractModel):
    """Records that change seldom and are asked often: what was made of them is kept
    by the registry (`ormcache`) until one of them changes."""

    _name = "cement.remembered"
    _description = "Remembered until it changes"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._forget_cached()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._forget_cached()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_cached()
        return result

    @api.model
    def _forget_cached(self):
        """Forget what is kept, on every node.

        Now, for the rest of this transaction, and once more after it: another
        thread may have kept the old state in between.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
