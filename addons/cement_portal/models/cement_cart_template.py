# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import Counter
from datetime import date, timedelta

from odoo import api, fields, models

from odoo.addons.cement_sale.tools.table_import import fold

from ..tools import workbook

# no address may make a table larger than a person fills in
MAX_ROWS = 3_000


class CementCart(models.Model):
    _inherit = "cement.cart"

    @api.model
    def _write_template(self, partner, target) -> int:
        """Write the lines that the member may order into *target* as xlsx, ready to
        be filled in and sent back through :meth:`_import_table`.

        :param target: a binary file open for writing.
        """
        line_model = self.env["cement.specification.line"]
        lines = line_model.search(
            line_model._get_catalogue_domain(partner), limit=MAX_ROWS
        )
        return workbook.write(
            target,
            "",
            self._get_template_columns(),
            self._get_template_rows(lines),
        )

    @api.model
    def _get_template_columns(self) -> list[workbook.Column]:
        """Return the columns; the headings that the import knows come first."""
        return [
            workbook.Column(self.env._("Specification line"), width=20),
            workbook.Column(self.env._("Quantity"), workbook.ENTRY),
            workbook.Column(self.env._("Date"), workbook.DAY),
            workbook.Column(self.env._("Site"), width=30),
            workbook.Column(self.env._("Note"), width=24),
            workbook.Column(self.env._("What it is"), workbook.HINT, 44),
            workbook.Column(self.env._("Plant, way of delivery"), workbook.HINT, 38),
        ]

    def _import_table(self, data) -> dict:
        """Override of `cement_sale`: columns that our own table explains its rows
        with are no columns that were not understood."""
        report = super()._import_table(data)
        hints = {
            fold(column.title)
            for column in self._get_template_columns()
            if column.kind == workbook.HINT
        }
        report["unknown"] = [
            heading for heading in report["unknown"] if fold(heading) not in hints
        ]
        return report

    @api.model
    def _get_template_rows(self, lines):
        # sudo: names of plants and methods behind the member's own lines
        rows = lines.sudo()
        names = [f"{line.specification_number}/{line.sequence}" for line in rows]
        often = Counter(names)
        for line, name in zip(rows, names, strict=True):
            yield (
                # two positions of one number: only the id tells them apart
                name if often[name] == 1 else str(line.id),
                None,
                None,
                line.site_id.name,
                None,
                line.product_id.display_name,
                f"{line.plant_id.name}, {line.delivery_method_id.name}",
            )

    @api.model
    def _parse_grid_start(self, text) -> date:
        """Return the first day of the grid: today's week unless *text* names one
        within two years."""
        today = fields.Date.context_today(self)
        try:
            start = date.fromisoformat(text) if isinstance(text, str) else today
        except ValueError:
            start = today
        if abs((start - today).days) > 730:
            start = today
        return start - timedelta(start.weekday())

    def _get_currency(self):
        """Return the currency of the lines, else the supplier's."""
        self.ensure_one()
        # sudo: the currency behind the member's own lines
        currency = self.sudo().line_ids.specification_line_id.currency_id[:1]
        return currency or self.env.company.currency_id
