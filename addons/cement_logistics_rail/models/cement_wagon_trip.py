# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.tools import format_datetime, formatLang

from odoo.addons.cement_base.tools.storage import leave_room

from ..tools import codes

MOSCOW = "Europe/Moscow"


class CementWagonTrip(models.Model):
    """A wagon's way from one station to another under one waybill.

    The last trip of a wagon is its present state; reports write it in batches by
    SQL, see the package ``store``.
    """

    _name = "cement.wagon.trip"
    _description = "Wagon trip"
    _inherit = ["cement.private.thread", "mail.thread", "mail.activity.mixin"]
    _order = "trouble desc, id desc"
    _rec_name = "wagon_number"
    _rec_names_search = ["wagon_number", "waybill", "first_waybill"]

    wagon_id = fields.Many2one(
        "cement.wagon", required=True, index=True, ondelete="restrict", readonly=True
    )
    wagon_number = fields.Char(
        string="Wagon number", required=True, index=True, readonly=True
    )
    is_current = fields.Boolean(
        string="Last trip of the wagon", default=True, readonly=True
    )
    is_open = fields.Boolean(
        string="Under way",
        default=True,
        readonly=True,
        help="Not finished, and the wagon is not written off.",
    )
    state = fields.Selection(
        [
            ("loading", "Being loaded"),
            ("waiting", "Waits for a train"),
            ("ready", "Ready at the plant"),
            ("moving", "On the way"),
            ("idle", "Stands idle"),
            ("abandoned", "Train abandoned"),
            ("candidate", "At the station, arrival not reported"),
            ("arrived", "Arrived"),
            ("unloaded", "Unloaded"),
            ("empty", "Empty run"),
            ("faulty", "Faulty"),
            ("lost", "Lost from reports"),
            ("written_off", "Written off"),
        ],
        required=True,
        default="moving",
        readonly=True,
    )
    state_since = fields.Datetime(readonly=True)
    load = fields.Selection(
        [("loaded", "Loaded"), ("empty", "Empty")],
        string="Loaded or empty",
        readonly=True,
    )
    # papers
    waybill = fields.Char(index="btree_not_null", readonly=True)
    first_waybill = fields.Char(
        index="btree_not_null",
        readonly=True,
        help="Waybill the trip began with; readdressing gives a new one.",
    )
    uno = fields.Char(string="Waybill id", readonly=True)
    dispatch_ref = fields.Char(string="Dispatch id", readonly=True)
    consignee_okpo = fields.Char(string="OKPO of the consignee", readonly=True)
    consignee_name = fields.Char(string="Consignee", readonly=True)
    cargo_code = fields.Char(readonly=True)
    cargo_name = fields.Char(string="Cargo", readonly=True)
    mass = fields.Float(string="Mass, t", digits=(16, 3), readonly=True)
    # the way
    origin_id = fields.Many2one("cement.station", readonly=True)
    destination_id = fields.Many2one(
        "cement.station", index="btree_not_null", readonly=True
    )
    first_destination_id = fields.Many2one("cement.station", readonly=True)
    started_at = fields.Datetime(string="Trip start", readonly=True)
    railway_date = fields.Date(
        readonly=True, help="Day of the trip start by the railway: it begins at 18:00."
    )
    departed_at = fields.Datetime(string="Departed", readonly=True)
    arrived_at = fields.Datetime(string="Arrival", readonly=True)
    arrival_locked = fields.Boolean(
        string="Arrival set by a person", readonly=True, help="Reports leave it alone."
    )
    unloaded_at = fields.Datetime(string="Unloading", readonly=True)
    is_unload_estimated = fields.Boolean(
        string="Unloading estimated",
        readonly=True,
        help="The wagon had arrived and is not in the reports any more; or it was "
        "seen on its next trip.",
    )
    due_date = fields.Date(string="Carrier's due date", readonly=True)
    distance_total = fields.Integer(string="Way, km", readonly=True)
    distance_left = fields.Integer(string="Left, km", readonly=True)
    distance_known = fields.Boolean(readonly=True)
    # last operation
    last_operation_at = fields.Datetime(string="Operation at", readonly=True)
    operation_code_id = fields.Many2one(
        "cement.wagon.operation.code", string="Operation", readonly=True
    )
    operation_mnemonic = fields.Char(string="Mnemonic", readonly=True)
    station_id = fields.Many2one(
        "cement.station",
        string="Station",
        readonly=True,
        help="Station of the last operation.",
    )
    road_code = fields.Char(string="Railway", readonly=True)
    train_index = fields.Char(string="Train", readonly=True)
    train_number = fields.Char(readonly=True)
    idle_minutes = fields.Integer(readonly=True)
    idle_since = fields.Datetime(readonly=True)
    idle_days = fields.Float(string="Idle, days", digits=(16, 1), readonly=True)
    demurrage_at = fields.Datetime(
        string="Demurrage from",
        readonly=True,
        help="When the free hours at the station of destination end.",
    )
    idle_money = fields.Monetary(string="Demurrage", readonly=True)
    currency_id = fields.Many2one(
        "res.currency",
        default=lambda self: self.env.ref("base.RUB", raise_if_not_found=False),
        readonly=True,
    )
    # arrival
    eta_at = fields.Datetime(string="Our estimate", readonly=True)
    eta_first_at = fields.Datetime(
        string="First estimate",
        readonly=True,
        help="The estimate made at departure; past trips are measured by it.",
    )
    eta_error_hours = fields.Float(
        string="± hours",
        digits=(16, 0),
        readonly=True,
        help="How far eight of ten estimates were off on past trips.",
    )
    eta_source = fields.Char(string="Estimate by", readonly=True)
    # where it comes from
    import_id = fields.Many2one(
        "cement.dislocation.import",
        string="Last change by",
        readonly=True,
        ondelete="set null",
    )
    source_id = fields.Many2one("cement.dislocation.source", readonly=True)
    row_digest = fields.Char(readonly=True)
    # trouble
    lost_since = fields.Datetime(readonly=True)
    is_lost = fields.Boolean(string="Lost", readonly=True)
    is_faulty = fields.Boolean(string="Faulty", readonly=True)
    is_abandoned = fields.Boolean(string="Abandoned", readonly=True)
    is_idle = fields.Boolean(string="Stands idle", readonly=True)
    is_late = fields.Boolean(string="Late", readonly=True)
    late_days = fields.Integer(string="Late, days", readonly=True)
    trouble = fields.Integer(
        string="Trouble score",
        readonly=True,
        help="Lost first, then faulty, idle, late; the longer the higher.",
    )
    trouble_text = fields.Char(
        string="Trouble", compute="_compute_trouble_text", help="What is wrong."
    )
    # tie to the shipment
    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    matched_by = fields.Selection(
        [("waybill", "Waybill"), ("wagon", "Wagon and days"), ("person", "Person")],
        readonly=True,
    )
    tie_memory = fields.Json(
        readonly=True,
        help="What the shipment was before the tie, to be taken back with it.",
    )
    refused_picking_ids = fields.Many2many(
        "stock.picking",
        "cement_wagon_trip_refused_rel",
        "trip_id",
        "picking_id",
        string="Not of this wagon",
        readonly=True,
        help="A person has untied these shipments: reports do not tie them again.",
    )
    is_ignored = fields.Boolean(
        string="Not ours",
        help="A trip without a shipment that nobody needs to look at.",
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
    transfer_trip_id = fields.Many2one(
        "cement.wagon.trip",
        string="Cargo came from",
        readonly=True,
        index="btree_not_null",
        help="Trip of the faulty wagon whose cargo was moved to this one.",
    )
    slice_text = fields.Char(
        string="Data of", compute="_compute_slice", help="Age of the last report."
    )
    slice_stale = fields.Boolean(compute="_compute_slice")
    operation_moscow = fields.Char(
        string="At (Moscow)", compute="_compute_operation_moscow"
    )
    train_index_text = fields.Char(
        string="Train index", compute="_compute_train_index_text"
    )
    operation_ids = fields.One2many(
        "cement.wagon.operation", "trip_id", string="History", readonly=True
    )
    idle_ids = fields.One2many(
        "cement.wagon.idle", "trip_id", string="Stays", readonly=True
    )

    _current_wagon_uniq = models.UniqueIndex("(wagon_id) WHERE is_current IS TRUE")
    # no index on what reports change (station, operation, report, trouble): an update
    # that touches no index is several times cheaper, and the thousands of wagons
    # under way are sorted by trouble in milliseconds
    _open_idx = models.Index("(id DESC) WHERE is_open IS TRUE")
    _unmatched_idx = models.Index("(id) WHERE is_open IS TRUE AND picking_id IS NULL")

    def init(self):
        """Leave room for what each report changes."""
        result = super().init()
        leave_room(self.env.cr, self._table)
        return result

    @api.depends(
        "is_lost",
        "is_faulty",
        "is_abandoned",
        "is_idle",
        "is_late",
        "idle_days",
        "lost_since",
        "is_open",
    )
    @api.depends_context("lang")
    def _compute_trouble_text(self):
        for trip in self:
            texts = [
                (trip.is_lost, self.env._("lost from reports")),
                (
                    trip.is_open and trip.lost_since and not trip.is_lost,
                    self.env._("not in the last report"),
                ),
                (trip.is_faulty, self.env._("faulty")),
                (trip.is_abandoned, self.env._("train abandoned")),
                (
                    trip.is_idle,
                    self.env._(
                        "idle %(days)s d",
                        days=formatLang(self.env, trip.idle_days, digits=1),
                    ),
                ),
                (
                    trip.is_late,
                    self.env._("late %(days)s d", days=trip.late_days),
                ),
            ]
            trip.trouble_text = ", ".join(text for holds, text in texts if holds)

    def _compute_slice(self):
        report = self.env["cement.dislocation.import"]._get_slice()
        moment = report["formed_at"]
        text = self._format_moscow(moment) if moment else ""
        self.slice_text = text and self.env._("data of %(moment)s", moment=text)
        self.slice_stale = report["is_stale"]

    @api.depends("last_operation_at")
    def _compute_operation_moscow(self):
        for trip in self:
            moment = trip.last_operation_at
            trip.operation_moscow = self._format_moscow(moment) if moment else ""

    @api.depends("train_index")
    def _compute_train_index_text(self):
        for trip in self:
            trip.train_index_text = (
                codes.format_train_index(trip.train_index)
                if trip.train_index
                else self.env._("not in a train")
            )

    @api.model
    def _format_moscow(self, moment, pattern="dd.MM.yyyy HH:mm") -> str:
        """Return a UTC moment as people on the railway write it."""
        text = format_datetime(self.env, moment, tz=MOSCOW, dt_format=pattern)
        return self.env._("%(moment)s MSK", moment=text)
