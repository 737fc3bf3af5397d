# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from markupsafe import Markup

from odoo import fields, models


class CementWagonOperation(models.Model):
    """One event of a wagon. Rows are added, never changed.

    The row of the report it came from stays in the report's file.
    """

    _name = "cement.wagon.operation"
    _description = "Wagon operation"
    _order = "date desc, id desc"
    _rec_name = "date"
    _log_access = False

    wagon_id = fields.Many2one(
        "cement.wagon", required=True, ondelete="restrict", readonly=True
    )
    trip_id = fields.Many2one("cement.wagon.trip", ondelete="cascade", readonly=True)
    date = fields.Datetime(string="At", required=True, readonly=True)
    code_id = fields.Many2one(
        "cement.wagon.operation.code",
        string="Operation",
        required=True,
        ondelete="restrict",
        readonly=True,
    )
    station_id = fields.Many2one("cement.station", ondelete="restrict", readonly=True)
    train_index = fields.Char(string="Train", readonly=True)
    train_number = fields.Char(readonly=True)
    distance_left = fields.Integer(string="Left, km", readonly=True)
    received_at = fields.Datetime(string="Received", readonly=True)
    import_id = fields.Many2one(
        "cement.dislocation.import",
        string="Report",
        ondelete="set null",
        readonly=True,
    )
    row_number = fields.Integer(string="Row", readonly=True)

    row_html = fields.Html(string="Row of the report", compute="_compute_row_html")

    # the station may be unknown; two such operations of one minute are one
    _event_uniq = models.UniqueIndex(
        "(wagon_id, date, code_id, COALESCE(station_id, 0))"
    )
    _trip_idx = models.Index("(trip_id, date DESC, id DESC)")

    def _compute_row_html(self):
        """Show the cells as the report gave them: read from its file."""
        for operation in self:
            cells = operation.import_id._get_cells(operation.row_number)
            operation.row_html = Markup("<table class='table table-sm'>%s</table>") % (
                Markup().join(
                    Markup("<tr><th>%s</th><td>%s</td></tr>") % (heading, value)
                    for heading, value in cells.items()
                )
            )

    def action_show_row(self):
        """Open the operation with the row of the report it came from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Row of the report"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
