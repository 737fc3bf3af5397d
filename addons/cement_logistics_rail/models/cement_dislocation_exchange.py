# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDislocationImport(models.Model):
    """A report that is read after it has come: with a letter, or while another one
    was at work. Its exchange tells of it all the same."""

    _inherit = "cement.dislocation.import"

    exchange_id = fields.Many2one(
        "cement.rail.exchange",
        string="Letter",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _process(self, data, overruled=False):
        """Override to say of the exchange what has become of its report."""
        result = super()._process(data, overruled)
        # sudo: exchanges are written by this addon only
        exchanges_sudo = self.env["cement.rail.exchange"].sudo()
        waiting = exchanges_sudo.search(
            [("import_id", "in", self.ids), ("state", "=", "queued")]
        )
        (self.exchange_id.sudo() | waiting)._note_outcome()
        return result
