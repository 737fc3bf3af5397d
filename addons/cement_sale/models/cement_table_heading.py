# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models

from ..tools.table_import import fold


class CementTableHeading(models.Model):
    """A column heading that clients use in their order tables."""

    _name = "cement.table.heading"
    _description = "Column heading of order tables"
    _order = "field_name, name"

    name = fields.Char(required=True)
    field_name = fields.Selection(
        [
            ("specification_line", "Specification line"),
            ("article", "Article"),
            ("quantity", "Quantity, t"),
            ("day", "Day"),
            ("site", "Site"),
            ("note", "Note"),
        ],
        required=True,
        string="Meaning",
    )

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "This heading has a meaning already."
    )

    @api.model
    def _get_headings(self) -> dict[str, str]:
        """Return ``{folded heading: field}`` for the table reader."""
        return {
            fold(heading.name): heading.field_name for heading in self.sudo().search([])
        }
