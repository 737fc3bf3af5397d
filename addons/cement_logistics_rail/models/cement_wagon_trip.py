# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime, formatLang

from ..tools import codes, eta, figures, matching, moscow, trouble
from ..tools.trips import State

DISPATCHER = "cement_base.group_dispatcher"
MOSCOW = "Europe/Moscow"
TRANSFER_TOLERANCE = 0.15  # tonnes: scales of two wagons
# What happened to a wagon and is worth a line in its conversation.
_TOLD = frozenset(
    {
        "readdressed",
        "forwarded",
        "faulty",
        "repaired",
        "abandoned",
        "raised",
        "found",
        "lost",
        "written_off",
    }
)
# What a dispatcher may write directly; all else goes through methods.
_BY_PEOPLE = frozenset({"is_ignored"})
_IS_LOADED = {"loaded": True, "empty": False}


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
        help="The wagon had arrived and was gone in the next report.",
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

    @api.depends(
        "is_lost", "is_faulty", "is_abandoned", "is_idle", "is_late", "idle_days"
    )
    @api.depends_context("lang")
    def _compute_trouble_text(self):
        for trip in self:
            texts = [
                (trip.is_lost, self.env._("lost from reports")),
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

    def action_open_picking(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    def action_open_history(self):
        """Open the operations of the wagon, those of earlier trips included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_logistics_rail.cement_wagon_operation_action"
        )
        return {**action, "domain": [("wagon_id", "=", self.wagon_id.id)]}

    def action_set_arrival(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Arrival of wagon %(wagon)s", wagon=self.wagon_number),
            "res_model": "cement.wagon.trip.arrival",
            "view_mode": "form",
            "target": "new",
            "context": {"default_trip_id": self.id},
        }

    # === Tie to the shipment ===

    @api.model
    def _match_shipments(self, trip_ids) -> list[int]:
        """Tie trips without a shipment to the shipments that are theirs for certain.

        :return: the trips that were tied.
        """
        shipments = self._load_match_shipments() if trip_ids else []
        if not shipments:
            return []
        trips = self._load_match_trips(trip_ids)
        days = self.env["cement.rail.settings"]._get().match_days
        pairs = matching.match(trips, shipments, days)
        self._tie(
            [(pair.trip, pair.shipment, pair.by) for pair in pairs],
        )
        return [pair.trip for pair in pairs]

    @api.model
    def _load_match_trips(self, trip_ids) -> list:
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT trip.id, trip.wagon_number, trip.waybill, trip.first_waybill,
                   COALESCE(trip.railway_date, trip.last_operation_at::date),
                   trip.destination_id, station.group_id, trip.mass
              FROM cement_wagon_trip trip
         LEFT JOIN cement_station station ON station.id = trip.destination_id
             WHERE trip.id = ANY(%s) AND trip.picking_id IS NULL
               AND trip.is_current IS TRUE AND trip.is_ignored IS NOT TRUE
               AND trip.load IS DISTINCT FROM 'empty'
            """,
            [list(trip_ids)],
        )
        return [
            matching.Trip(
                id=trip_id,
                wagon=wagon,
                waybills=frozenset(filter(None, (waybill, first))),
                day=day,
                place=_place(station, group),
                mass=float(mass or 0),
            )
            for (
                trip_id,
                wagon,
                waybill,
                first,
                day,
                station,
                group,
                mass,
            ) in self.env.cr.fetchall()
        ]

    @api.model
    def _load_match_shipments(self, picking_ids=None) -> list:
        """Return the shipments by rail that wait for their wagon."""
        pickings = self.env["stock.picking"]
        pickings.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT picking.id, picking.wagon_number, picking.waybill_number,
                       COALESCE(picking.waybill_date, picking.scheduled_date::date),
                       site.station_id, station.group_id, picking.net_mass
                  FROM stock_picking picking
             LEFT JOIN cement_site site ON site.id = picking.site_id
             LEFT JOIN cement_station station ON station.id = site.station_id
                 WHERE picking.is_cement IS TRUE AND picking.transport = 'rail'
                   AND picking.state != 'cancel'
                   AND (picking.shipment_state IS NULL
                        OR picking.shipment_state NOT IN ('done', 'cancelled'))
                   AND NOT EXISTS (
                       SELECT FROM cement_wagon_trip trip
                        WHERE trip.picking_id = picking.id AND trip.is_open IS TRUE)
                   AND %s
                """,
                SQL("picking.id = ANY(%s)", list(picking_ids))
                if picking_ids is not None
                else SQL("TRUE"),
            )
        )
        return [
            matching.Shipment(
                id=picking_id,
                wagon=codes.normalise_wagon(wagon) if wagon else None,
                waybill=codes.normalise_waybill(waybill) if waybill else None,
                day=day,
                place=_place(station, group),
                mass=float(mass or 0),
            )
            for (
                picking_id,
                wagon,
                waybill,
                day,
                station,
                group,
                mass,
            ) in self.env.cr.fetchall()
        ]

    @api.model
    def _tie(self, pairs):
        """Tie trips to shipments and fill the shipments' papers in.

        :param pairs: ``(trip id, picking id, by)``.
        """
        if not pairs:
            return
        trip_ids, picking_ids, by = (
            list(column) for column in zip(*pairs, strict=True)
        )
        self.env.flush_all()
        # by SQL: a first report ties thousands of trips
        self.env.cr.execute(
            """
            UPDATE cement_wagon_trip trip
               SET picking_id = picking.id, matched_by = pair.by,
                   sale_id = picking.sale_id,
                   counterparty_id = picking.counterparty_id,
                   plant_id = picking.plant_id, company_id = picking.company_id
              FROM unnest(%s::int[], %s::int[], %s::varchar[])
                   AS pair (trip_id, picking_id, by)
              JOIN stock_picking picking ON picking.id = pair.picking_id
             WHERE trip.id = pair.trip_id
            """,
            [trip_ids, picking_ids, by],
        )
        self.env.cr.execute(
            """
            UPDATE cement_wagon_idle stay
               SET counterparty_id = trip.counterparty_id, company_id = trip.company_id
              FROM cement_wagon_trip trip
             WHERE trip.id = stay.trip_id AND trip.id = ANY(%s)
            """,
            [trip_ids],
        )
        self.invalidate_model()
        self.env["cement.wagon.idle"].invalidate_model()
        # sudo: a dispatcher of reports may not edit every transfer; the papers are
        # what the railway says
        pickings = self.env["stock.picking"].sudo().browse(picking_ids)
        pickings.invalidate_recordset(["trip_ids"])
        for trip, picking in zip(self.sudo().browse(trip_ids), pickings, strict=True):
            vals = {}
            if not picking.wagon_number:
                vals["wagon_number"] = trip.wagon_number
            if not picking.waybill_number and trip.first_waybill:
                vals["waybill_number"] = trip.first_waybill
            if not picking.waybill_date and trip.started_at:
                vals["waybill_date"] = moscow.from_utc(trip.started_at).date()
            if vals:
                picking.write(vals)

    def _get_suggestions(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the shipments that may be this trip's: ids with reasons."""
        self.ensure_one()
        trips = self._load_match_trips(self.ids)
        if not trips:
            return []
        days = self.env["cement.rail.settings"]._get().match_days
        return matching.suggest(trips[0], self._load_match_shipments(), days)

    def action_assign(self):
        """Open the dialog that ties this trip to a shipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shipment of wagon %(wagon)s", wagon=self.wagon_number),
            "res_model": "cement.wagon.trip.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_trip_id": self.id},
        }

    def action_match(self):
        """Look for the shipments of these trips again."""
        self._check_dispatcher()
        # sudo: trips are written by reports; the right was checked above
        trips = self.sudo().filtered(lambda trip: not trip.picking_id)
        trips._match_shipments(trips.ids)
        trips._push_to_shipments({})

    def action_ignore(self):
        self._check_dispatcher()
        self.write({"is_ignored": True})

    def action_unignore(self):
        self._check_dispatcher()
        self.write({"is_ignored": False})

    def _assign(self, picking):
        """Tie this trip to *picking* on a person's word; an empty one unties it.

        :raises UserError: when the shipment does not go by rail to a client.
        """
        self.ensure_one()
        self._check_dispatcher()
        # sudo: trips are written by reports; the right was checked above, and the
        # shipment is read in the person's own right
        trip_sudo = self.sudo()
        if not picking:
            trip_sudo.write({"picking_id": False, "matched_by": False})
            return
        picking.check_access("read")
        picking._check_cement()
        if picking.transport != "rail":
            raise UserError(
                self.env._("Shipment %(name)s does not go by rail.", name=picking.name)
            )
        trip_sudo._tie([(self.id, picking.id, "person")])
        target = figures.SHIPMENT_STATES.get(trip_sudo.state)
        milestones = {}
        if target:
            milestones[self.id] = {
                "target": target,
                "date": trip_sudo.state_since or fields.Datetime.now(),
                "is_estimated": False,
            }
        trip_sudo._push_to_shipments(milestones)

    def _transfer_from(self, donor):
        """Take over the shipment of *donor*: its cargo was moved to this wagon.

        :raises UserError: when the donor carries no shipment.
        """
        self.ensure_one()
        (self | donor)._check_dispatcher()
        if not donor.picking_id:
            raise UserError(
                self.env._(
                    "Wagon %(wagon)s carries no shipment.", wagon=donor.wagon_number
                )
            )
        picking = donor.picking_id
        # sudo: trips are written by reports; the right was checked above
        donor_sudo, trip_sudo = donor.sudo(), self.sudo()
        trip_sudo.write({"transfer_trip_id": donor.id})
        donor_sudo.write({"is_ignored": True, "picking_id": False})
        # the wagon on the shipment is the one that carries it now
        picking.sudo().write({"wagon_number": self.wagon_number})
        self._assign(picking)
        body = self.env._(
            "The cargo was moved from wagon %(donor)s to wagon %(acceptor)s.",
            donor=donor.wagon_number,
            acceptor=self.wagon_number,
        )
        (donor_sudo | trip_sudo)._message_log_batch(
            bodies={donor.id: body, self.id: body}
        )

    def _find_donor(self):
        """Return the trip whose cargo this wagon probably carries, for a person to
        confirm: transshipment of a faulty wagon."""
        self.ensure_one()
        if self.picking_id or not self.origin_id:
            return self.browse()
        donors = self.search(
            [
                ("picking_id", "!=", False),
                ("id", "!=", self.id),
                ("station_id", "=", self.origin_id.id),
                ("is_current", "=", True),
                ("state", "in", ("faulty", "lost", "idle", "empty", "unloaded")),
            ],
            limit=20,
        )
        for donor in donors:
            same_due = donor.due_date == self.due_date
            if same_due and abs(donor.mass - self.mass) <= TRANSFER_TOLERANCE:
                return donor
        return self.browse()

    def _set_arrival(self, moment):
        """Set the arrival by hand: reports leave it alone from now on."""
        self.ensure_one()
        self._check_dispatcher()
        # sudo: trips are written by reports; the right was checked above
        trip_sudo = self.sudo()
        trip_sudo.write(
            {"arrived_at": moment, "arrival_locked": bool(moment)}
            | ({"state": "arrived", "state_since": moment} if moment else {})
        )
        trip_sudo._refresh_figures()
        milestones = {}
        if moment:
            milestones[self.id] = {
                "target": "arrived",
                "date": moment,
                "is_estimated": False,
            }
        trip_sudo._push_to_shipments(milestones)

    def _check_dispatcher(self):
        """Let dispatchers pass who may write these trips: those of their companies."""
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only a dispatcher may do this."))
        self.check_access("write")

    def write(self, vals):
        """Override to let people change nothing that reports or methods write."""
        mine = set(vals) - _BY_PEOPLE
        if not self.env.su and any(
            not name.startswith(("activity_", "message_")) for name in mine
        ):
            raise AccessError(
                self.env._("Trips of wagons are written by the reports, not by hand.")
            )
        return super().write(vals)

    # === To the shipment ===

    def _push_to_shipments(self, milestones: dict):
        """Write what is known of these wagons to their shipments, in one go.

        :param milestones: ``{trip id: {target, date, is_estimated}}`` of trips whose
            state has changed.
        """
        if not self:
            return
        self.flush_model()
        self.env["cement.station"].flush_model(["name", "latitude", "longitude"])
        self.env.cr.execute(
            """
            SELECT trip.id, trip.picking_id, station.latitude, station.longitude,
                   station.name, trip.last_operation_at, trip.distance_known,
                   trip.distance_left, trip.eta_at, trip.eta_source, trip.due_date
              FROM cement_wagon_trip trip
         LEFT JOIN cement_station station ON station.id = trip.station_id
             WHERE trip.id = ANY(%s) AND trip.picking_id IS NOT NULL
          ORDER BY trip.is_open DESC, trip.id
            """,
            [self.ids],
        )
        rows = self.env.cr.fetchall()
        sources = self._get_eta_sources()
        positions = {}
        steps = {}
        for row in rows:
            trip_id, picking_id, latitude, longitude, station, moment = row[:6]
            known, left, eta_at, eta_source, due_date = row[6:]
            if trip_id in milestones:
                step = milestones[trip_id]
                key = (step["target"], step["is_estimated"])
                steps.setdefault(key, {})[picking_id] = step["date"]
            if picking_id in positions:
                continue  # the wagon that carries it now has spoken
            positions[picking_id] = {
                "latitude": float(latitude or 0),
                "longitude": float(longitude or 0),
                "position_date": moment,
                "position_text": station,
                "distance_left": left if known else 0,
                "eta_date": eta_at,
                "eta_source": sources.get(eta_source),
                "due_date": due_date,
            }
        if not positions:
            return
        # sudo: reports come by mail too, and a dispatcher may not edit every transfer
        pickings = self.env["stock.picking"].sudo().browse(positions)
        pickings._cement_update_positions(positions)
        for (target, is_estimated), dates in sorted(steps.items()):
            pickings.browse(dates)._cement_set_shipment_state(
                target, "rail", date=dates, is_estimated=is_estimated
            )

    @api.model
    def _get_eta_sources(self) -> dict[str, str]:
        """Return the words that are kept with a shipment, in the language of the
        company: whoever took the report in, clients and dispatchers read them."""
        language = self.env.company.partner_id.lang or self.env.lang
        env = self.with_context(lang=language).env
        return {
            "arrived": env._("Railway report"),
            "profile": env._("Our estimate by past trips"),
            "default": env._("Our estimate by the distance left"),
            "no_km": env._("Our estimate, distance unknown"),
        }

    # === Messages ===

    @api.model
    def _log_events(self, events):
        """Write into the conversations what happened; one batch.

        :param events: ``(trip id, kernel event)``.
        """
        texts = {
            "readdressed": self.env._("Readdressed."),
            "forwarded": self.env._("Sent on under a new waybill."),
            "faulty": self.env._("Moved to faulty wagons."),
            "repaired": self.env._("Out of repair."),
            "abandoned": self.env._("The train was abandoned."),
            "raised": self.env._("The abandoned train goes on."),
            "found": self.env._("Back in the reports."),
            "lost": self.env._("Gone from the report."),
            "written_off": self.env._("Written off."),
        }
        bodies = {}
        for trip_id, event in events:
            if event.kind not in _TOLD:
                continue
            details = " → ".join(
                str(value)
                for key in ("before", "after", "waybill")
                if event.kind in ("readdressed", "forwarded")
                and (value := dict(event.params).get(key))
            )
            when = moscow.to_utc(event.time)
            line = Markup("<p>%s %s %s</p>") % (
                self._format_moscow(when) if when else "",
                texts[event.kind],
                details,
            )
            bodies[trip_id] = bodies.get(trip_id, Markup()) + line
        if bodies:
            self.sudo().browse(bodies)._message_log_batch(bodies=bodies)

    @api.model
    def _format_moscow(self, moment, pattern="dd.MM.yyyy HH:mm") -> str:
        """Return a UTC moment as people on the railway write it."""
        text = format_datetime(self.env, moment, tz=MOSCOW, dt_format=pattern)
        return self.env._("%(moment)s MSK", moment=text)

    # === Clock ===

    def _refresh_figures(self):
        """Reckon anew what changes with the clock: idle days, money, lateness."""
        if not self:
            return
        now = fields.Datetime.now()
        tariffs = self.env["cement.demurrage.tariff"]._get_tariffs()
        for trip in self:
            values = figures.get_figures(
                State(
                    status=trip.state,
                    loaded=_IS_LOADED.get(trip.load),
                    operation_time=moscow.from_utc(trip.last_operation_at),
                    status_since=moscow.from_utc(trip.state_since),
                    arrived=moscow.from_utc(trip.arrived_at),
                    unloaded_at=moscow.from_utc(trip.unloaded_at),
                    lost_since=moscow.from_utc(trip.lost_since),
                    due_date=trip.due_date or None,
                ),
                trip.is_open,
                moscow.from_utc(now),
                tariffs,
            )._asdict()
            for name in ("idle_since", "demurrage_at"):
                values[name] = moscow.to_utc(values[name])
            # only what differs: the ORM writes these together at the end
            trip.update(
                {
                    name: value or False if name.endswith(("_at", "_since")) else value
                    for name, value in values.items()
                    if (trip[name] or None) != (value or None)
                }
            )

    def _refresh_estimates(self, settings):
        """Move on estimates that are past: the wagon stands, and so does its report.

        From now on the whole way left is before it.
        """
        now = fields.Datetime.now()
        profile = eta.Profile.load(settings.eta_profile or {})
        past = self.filtered(
            lambda trip: trip.eta_at and trip.eta_at < now and not trip.arrived_at
        )
        for trip in past:
            estimate = eta.estimate(
                profile,
                km_left=trip.distance_left if trip.distance_known else None,
                operation_time=now,
                idle_minutes=0,
                in_train=bool(trip.train_index),
                arrived=False,
                now=now,
            )
            trip.update(
                {
                    "eta_at": estimate.arrival.replace(second=0, microsecond=0),
                    "eta_error_hours": estimate.error_hours,
                    "eta_source": estimate.source,
                }
            )
        past._push_to_shipments({})

    @api.model
    def _cron_refresh(self):
        """Let idle days, money and troubles grow with the clock; end what is lost
        for too long."""
        settings = self.env["cement.rail.settings"]._get()
        limit = fields.Datetime.now() - timedelta(days=settings.lost_days)
        self.search([("is_open", "=", True), ("lost_since", "<", limit)]).write(
            {"is_open": False, "trouble": 0}
        )
        trips = self.search([("is_open", "=", True)])
        trips._refresh_figures()
        trips._refresh_estimates(settings)
        self.env["cement.wagon.idle"].search(
            [("date_to", "=", False), ("trip_id.is_open", "=", True)]
        )._refresh_open()
        self._warn_demurrage(settings)
        self._warn_stale()

    @api.model
    def _warn_demurrage(self, settings):
        """Give the dispatcher a task before the free hours of a wagon end."""
        now = fields.Datetime.now()
        trips = self.search(
            [
                ("is_open", "=", True),
                ("picking_id", "!=", False),
                ("demurrage_at", ">", now),
                ("demurrage_at", "<=", now + timedelta(hours=settings.warn_hours)),
                ("unloaded_at", "=", False),
            ]
        )
        kind = self.env.ref("cement_logistics_rail.mail_activity_demurrage")
        warned = self.env["mail.activity"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", trips.ids),
                ("activity_type_id", "=", kind.id),
            ],
            ["res_id"],
        )
        trips -= self.browse(warned.mapped("res_id"))
        user = self._get_dispatcher()
        for trip in trips:
            trip.activity_schedule(
                activity_type_id=kind.id,
                date_deadline=fields.Date.context_today(trip),
                summary=self.env._("Demurrage begins soon"),
                note=self.env._(
                    "Wagon %(wagon)s at %(station)s: free hours end at %(moment)s.",
                    wagon=trip.wagon_number,
                    station=trip.station_id.name or "",
                    moment=self._format_moscow(trip.demurrage_at),
                ),
                user_id=user.id,
            )

    @api.model
    def _warn_stale(self):
        """Give the dispatcher one task while no fresh report comes."""
        record = self.env["cement.dislocation.import"]
        if not record._get_slice()["is_stale"]:
            return
        last = record.search([("state", "=", "accepted")], limit=1)
        kind = self.env.ref("cement_logistics_rail.mail_activity_stale")
        if not last.activity_ids.filtered(lambda item: item.activity_type_id == kind):
            last.activity_schedule(
                activity_type_id=kind.id,
                summary=self.env._("No fresh dislocation report"),
                user_id=self._get_dispatcher().id,
            )

    @api.model
    def _get_dispatcher(self):
        """Return who gets the tasks of the railway."""
        settings = self.env["cement.rail.settings"]._get()
        group = self.env.ref(DISPATCHER)
        return (
            settings.dispatcher_id
            or group.user_ids.filtered("active")[:1]
            or self.env.user
        )

    @api.model
    def _cron_learn(self):
        """Learn speeds and the error of estimates from the trips of the past."""
        self.env.cr.execute(
            """
            SELECT operation.trip_id, operation.date, operation.distance_left
              FROM cement_wagon_operation operation
              JOIN cement_wagon_trip trip ON trip.id = operation.trip_id
             WHERE trip.arrived_at > %s AND operation.distance_left IS NOT NULL
          ORDER BY operation.trip_id, operation.date
             LIMIT 200000
            """,
            [fields.Datetime.now() - timedelta(days=180)],
        )
        legs = []
        before = None
        for row in self.env.cr.fetchall():
            if before and before[0] == row[0] and before[2] > row[2]:
                minutes = int((row[1] - before[1]).total_seconds() // 60)
                legs.append(eta.Leg(before[2], row[2], minutes, ""))
            before = row
        past = self.search_fetch(
            [("arrived_at", "!=", False), ("eta_first_at", "!=", False)],
            ["arrived_at", "eta_first_at"],
            order="arrived_at desc",
            limit=500,
        )
        report = eta.errors((trip.eta_first_at, trip.arrived_at) for trip in past)
        settings = self.env["cement.rail.settings"].sudo().search([], limit=1)
        settings.write(
            {
                "eta_profile": eta.Profile.learn(legs).dump() if legs else False,
                "eta_error_hours": report.p80_hours or 0,
                "eta_trip_count": report.count,
            }
        )

    # === Map ===

    @api.model
    @api.readonly
    def get_map_points(self) -> dict:
        """Return all wagons under way with a place, as the map draws them.

        :return: ``points``, ``settings`` (tiles) and ``slice`` (age of the data).
        """
        self.check_access("read")
        trips = self.search_fetch(
            [("is_open", "=", True), ("station_id.latitude", "!=", 0)],
            [
                "wagon_number",
                "state",
                "station_id",
                "operation_code_id",
                "last_operation_at",
                "destination_id",
                "distance_left",
                "distance_known",
                "idle_days",
                "trouble",
                "counterparty_id",
                "is_lost",
                "is_faulty",
                "is_abandoned",
                "is_idle",
                "is_late",
                "late_days",
            ],
            limit=10000,
        )
        states = dict(self._fields["state"]._description_selection(self.env))
        points = [
            {
                "id": trip.id,
                "number": trip.wagon_number,
                "lat": trip.station_id.latitude,
                "lon": trip.station_id.longitude,
                "station": trip.station_id.name,
                "state": states.get(trip.state, trip.state),
                "operation": trip.operation_code_id.name or "",
                "at": self._format_moscow(trip.last_operation_at)
                if trip.last_operation_at
                else "",
                "to": trip.destination_id.name or "",
                "left": trip.distance_left if trip.distance_known else None,
                "client": trip.counterparty_id.name or "",
                "trouble": trip.trouble_text,
                "level": _get_level(trip.trouble),
            }
            for trip in trips
        ]
        return {
            "points": points,
            "without_place": self.search_count(
                [
                    ("is_open", "=", True),
                    "|",
                    ("station_id", "=", False),
                    ("station_id.latitude", "=", 0),
                ]
            ),
            "settings": self.env["stock.picking"]._get_map_settings(),
            "slice": self.get_slice(),
        }

    @api.model
    @api.readonly
    def get_slice(self) -> dict:
        """Return the age of the data for the lists: ``text`` and ``stale``."""
        self.check_access("read")
        report = self.env["cement.dislocation.import"]._get_slice()
        moment = report["formed_at"]
        if not moment:
            return {"text": self.env._("No report yet"), "stale": True}
        return {
            "text": self.env._(
                "data of %(moment)s", moment=self._format_moscow(moment)
            ),
            "stale": report["is_stale"],
        }


def _place(station_id, group_id) -> str | None:
    """Return what two stations of one place have in common."""
    if group_id:
        return f"group {group_id}"
    return str(station_id) if station_id else None


def _get_level(score) -> str:
    """Return how loudly a wagon is drawn."""
    if score >= trouble.FAULTY:
        return "block"
    return "warn" if score else "ok"
