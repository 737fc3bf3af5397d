# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementWagonTrip(models.Model):
    """A wagon's way from one station to another under one waybill."""

    _name = "cement.wagon.trip"
    _description = "Wagon trip"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "trouble desc, last_operation_at desc, id desc"
    _rec_name = "wagon_number"
    _rec_names_search = ["wagon_number", "waybill", "first_waybill"]

    wagon_id = fields.Many2one(
        "cement.wagon", required=True, index=True, ondelete="restrict", readonly=True
    )
    wagon_number = fields.Char(required=True, index=True, readonly=True)
    is_open = fields.Boolean(string="Present", default=True, index=True, readonly=True)
    is_empty = fields.Boolean(string="Empty run", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waits for a train"),
            ("ready", "Ready at the plant"),
            ("moving", "On the way"),
            ("idle", "Stands idle"),
            ("abandoned", "Train abandoned"),
            ("candidate", "At the station, arrival not reported"),
            ("arrived", "Arrived"),
            ("unloaded", "Unloaded"),
            ("empty", "Empty run"),
            ("lost", "Lost from reports"),
            ("finished", "Finished"),
        ],
        required=True,
        default="moving",
        index=True,
        readonly=True,
    )
    waybill = fields.Char(string="Waybill", index="btree_not_null", readonly=True)
    first_waybill = fields.Char(
        index="btree_not_null",
        readonly=True,
        help="Waybill the trip began with; readdressing gives a new one.",
    )
    uno = fields.Char(string="Waybill id", readonly=True)
    origin_id = fields.Many2one("cement.station", readonly=True)
    destination_id = fields.Many2one(
        "cement.station", index="btree_not_null", readonly=True
    )
    first_destination_id = fields.Many2one("cement.station", readonly=True)
    consignee_okpo = fields.Char(string="Consignee OKPO", readonly=True)
    consignee_name = fields.Char(string="Consignee", readonly=True)
    cargo_code = fields.Char(readonly=True)
    cargo_name = fields.Char(string="Cargo", readonly=True)
    mass = fields.Float(string="Mass, t", digits=(16, 3), readonly=True)
    started_at = fields.Datetime(string="Trip start", readonly=True)
    railway_date = fields.Date(
        readonly=True, help="Day of the trip start by the railway: it begins at 18:00."
    )
    departed_at = fields.Datetime(string="Departed", readonly=True)
    arrived_at = fields.Datetime(string="Arrived", readonly=True)
    is_arrival_estimated = fields.Boolean(readonly=True)
    ended_at = fields.Datetime(string="Ended", readonly=True)
    is_end_estimated = fields.Boolean(readonly=True)
    due_date = fields.Date(string="Carrier's due date", readonly=True)
    distance_total = fields.Integer(string="Way, km", readonly=True)
    distance_left = fields.Integer(string="Left, km", readonly=True)
    distance_known = fields.Boolean(readonly=True)
    last_operation_at = fields.Datetime(string="Operation at", readonly=True)
    operation_code_id = fields.Many2one(
        "cement.wagon.operation.code", string="Operation", readonly=True
    )
    station_id = fields.Many2one(
        "cement.station",
        string="Station",
        index="btree_not_null",
        readonly=True,
        help="Station of the last operation.",
    )
    train_index = fields.Char(string="Train", readonly=True)
    idle_since = fields.Datetime(readonly=True)
    idle_days = fields.Float(digits=(16, 1), readonly=True)
    idle_money = fields.Monetary(string="Demurrage", readonly=True)
    demurrage_at = fields.Datetime(string="Demurrage from", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.RUB"), readonly=True
    )
    eta_at = fields.Datetime(string="Our estimate", readonly=True)
    eta_error_days = fields.Float(
        string="Error of the estimate, days", digits=(16, 1), readonly=True
    )
    eta_source = fields.Char(readonly=True)
    last_report_at = fields.Datetime(string="Data of", readonly=True)
    import_id = fields.Many2one(
        "cement.dislocation.import", readonly=True, index="btree_not_null"
    )
    row_digest = fields.Char(readonly=True)
    is_lost = fields.Boolean(string="Lost", readonly=True)
    is_faulty = fields.Boolean(string="Faulty", readonly=True)
    is_abandoned = fields.Boolean(string="Abandoned", readonly=True)
    is_late = fields.Boolean(string="Late", readonly=True)
    late_days = fields.Integer(readonly=True)
    trouble = fields.Integer(
        default=0,
        readonly=True,
        help="Lost first, then faulty, idle, late; the longer the higher.",
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Shipment", index="btree_not_null", ondelete="set null"
    )
    sale_id = fields.Many2one(
        related="picking_id.sale_id", store=True, index="btree_not_null"
    )
    counterparty_id = fields.Many2one(
        related="picking_id.counterparty_id", store=True, index="btree_not_null"
    )
    plant_id = fields.Many2one(related="picking_id.plant_id", store=True)
    company_id = fields.Many2one(
        related="picking_id.company_id", store=True, index="btree_not_null"
    )
    operation_ids = fields.One2many(
        "cement.wagon.operation", "trip_id", string="History", readonly=True
    )
    idle_ids = fields.One2many("cement.wagon.idle", "trip_id", readonly=True)

    _open_wagon_uniq = models.UniqueIndex("(wagon_id) WHERE is_open")
    _open_trouble_idx = models.Index("(trouble DESC, id) WHERE is_open")
