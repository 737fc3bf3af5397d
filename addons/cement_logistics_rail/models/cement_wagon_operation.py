# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementWagonOperation(models.Model):
    """One event of a wagon. Rows are added, never changed."""

    _name = "cement.wagon.operation"
    _description = "Wagon operation"
    _order = "date desc, id desc"
    _log_access = False

    wagon_id = fields.Many2one(
        "cement.wagon", required=True, ondelete="restrict", readonly=True
    )
    trip_id = fields.Many2one("cement.wagon.trip", ondelete="cascade", readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    code_id = fields.Many2one(
        "cement.wagon.operation.code",
        string="Operation",
        required=True,
        ondelete="restrict",
        readonly=True,
    )
    station_id = fields.Many2one("cement.station", ondelete="restrict", readonly=True)
    train_index = fields.Char(readonly=True)
    train_number = fields.Char(readonly=True)
    distance_left = fields.Integer(string="Left, km", readonly=True)
    received_at = fields.Datetime(readonly=True)
    import_id = fields.Many2one(
        "cement.dislocation.import", ondelete="set null", readonly=True
    )

    # station may be unknown; two such operations of one minute are one
    _event_uniq = models.UniqueIndex(
        "(wagon_id, date, code_id, COALESCE(station_id, 0))"
    )
    _trip_idx = models.Index("(trip_id, date DESC, id DESC)")
