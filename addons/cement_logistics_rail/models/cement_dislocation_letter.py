# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationImport(models.Model):
    """A report that came with a letter, and is read after it."""

    _inherit = "cement.dislocation.import"

    exchange_id = fields.Many2one(
        "cement.rail.exchange",
        string="Letter",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _process(self, data, overruled=False):
        """Override to say of the letter what has become of its report."""
        result = super()._process(data, overruled)
        # sudo: letters are written by this addon only
        self.exchange_id.sudo()._note_outcome()
        return result
