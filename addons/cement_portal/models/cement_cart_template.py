# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import xlsxwriter

from odoo import api, fields, models

# no address may make a table larger than a person fills in
MAX_ROWS = 3_000


class CementCart(models.Model):
    _inherit = "cement.cart"

    @api.model
    def _make_template(self, partner) -> bytes:
        """Return a workbook with the lines that the member may order, ready to be
        filled in and sent back through :meth:`_import_table`."""
        line_model = self.env["cement.specification.line"]
        lines = line_model.search(
            line_model._get_catalogue_domain(partner), limit=MAX_ROWS
        )
        # sudo: names of plants and methods behind the member's own lines
        rows = lines.sudo()
        output = BytesIO()
        # text that begins with = or @ stays text: names come from outside
        book = xlsxwriter.Workbook(
            output, {"in_memory": True, "strings_to_formulas": False}
        )
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        grey = book.add_format({"font_color": "#59646c"})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        mass = book.add_format({"num_format": "0.###"})
        # the headings that the import knows come first
        headings = (
            (self.env._("Specification line"), 20),
            (self.env._("Quantity"), 14),
            (self.env._("Date"), 14),
            (self.env._("Site"), 30),
            (self.env._("Note"), 24),
            (self.env._("What it is"), 44),
            (self.env._("Plant, way of delivery"), 38),
        )
        for column, (text, width) in enumerate(headings):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, bold)
        names = [f"{line.specification_number}/{line.sequence}" for line in rows]
        often = Counter(names)
        for number, (line, name) in enumerate(zip(rows, names, strict=True), start=1):
            # two positions of one number: only the id tells them apart
            sheet.write_string(number, 0, name if often[name] == 1 else str(line.id))
            sheet.write_blank(number, 1, None, mass)
            sheet.write_blank(number, 2, None, day)
            sheet.write_string(number, 3, line.site_id.name or "")
            sheet.write_string(number, 5, line.product_id.display_name or "", grey)
            sheet.write_string(
                number, 6, f"{line.plant_id.name}, {line.delivery_method_id.name}", grey
            )
        sheet.freeze_panes(1, 0)
        book.close()
        return output.getvalue()

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
