# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models, tools

from ..tools import reader
from .report_words import DIALECTS, FIELDS, UNITS


class CementReportHeading(models.Model):
    """A heading of a dislocation report and the field it stands for."""

    _name = "cement.report.heading"
    _description = "Heading of a dislocation report"
    _order = "field, sequence, heading, id"
    _rec_name = "heading"
    _rec_names_search = ["heading"]

    heading = fields.Char(
        required=True, help="As the report writes it; case and spaces do not matter."
    )
    field = fields.Selection(
        FIELDS, string="Means", required=True, index=True, help="What stands below it."
    )
    match = fields.Selection(
        [("exact", "Whole heading"), ("part", "Part of the heading")],
        required=True,
        default="exact",
    )
    unit = fields.Selection(
        UNITS, help="Unit of the column where the heading fixes it: kg, t."
    )
    dialect = fields.Selection(
        DIALECTS,
        string="Kind of report",
        help="Kind of report it was met in; empty: it means the same in all.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _heading_uniq = models.Constraint(
        "UNIQUE(heading, field)", "There is such a heading already."
    )

    @api.model
    @tools.ormcache()
    def _get_heading_map(self):
        """Return the headings as the reader wants them; kept until one changes."""
        # sudo: the same for everybody, as the cache is
        return reader.HeadingMap.build(
            (
                heading.heading,
                heading.field,
                heading.unit or "",
                heading.dialect or "",
                heading.sequence,
            )
            for heading in self.sudo().search([])
        )

    @api.model
    def _get_meanings(self) -> dict[str, str]:
        """Return what the fields of the reader are called, in the person's language."""
        return dict(self._fields["field"]._description_selection(self.env))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_clear_cache(self):
        self.env.registry.clear_cache()
