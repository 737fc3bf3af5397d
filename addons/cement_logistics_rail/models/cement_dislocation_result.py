# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementDislocationImport(models.Model):
    """What became of a report, in one sentence."""

    _inherit = "cement.dislocation.import"

    result_text = fields.Char(compute="_compute_result_text")

    @api.depends("state", "new_count", "changed_count", "unchanged_count")
    @api.depends_context("lang")
    def _compute_result_text(self):
        for record in self:
            record.result_text = record.state == "accepted" and self.env._(
                "Accepted: %(changed)s changed, %(new)s new, %(unchanged)s unchanged.",
                changed=record.changed_count,
                new=record.new_count,
                unchanged=record.unchanged_count,
            )
