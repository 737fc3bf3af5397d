# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..tools import zones

# Columns that say on which weekdays the site takes goods, Monday first.
ACCESS_DAYS = (
    "access_monday",
    "access_tuesday",
    "access_wednesday",
    "access_thursday",
    "access_friday",
    "access_saturday",
    "access_sunday",
)


class CementSite(models.Model):
    """Where the goods go: an address or a railway station, with what a driver
    and a planner must know about it."""

    _name = "cement.site"
    _description = "Delivery site"
    _inherit = ["cement.private.thread", "mail.thread"]
    _order = "name, id"
    _rec_names_search = ["name", "city", "street", "station_id.esr_code"]

    name = fields.Char(required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Counterparty",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_counterparty', '=', True)]",
    )
    kind = fields.Selection(
        [("address", "Address"), ("station", "Railway station")],
        required=True,
        default="address",
    )
    street = fields.Char()
    city = fields.Char()
    zip = fields.Char()
    state_id = fields.Many2one(
        "res.country.state",
        string="Region",
        compute="_compute_state_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        compute="_compute_tz",
        store=True,
        readonly=False,
        help="Hours of arrival and unloading are told in this zone. It follows from "
        "the region; correct it where a region lies in several zones.",
    )
    station_id = fields.Many2one("cement.station", ondelete="restrict")
    address_line = fields.Char(
        string="Address / station", compute="_compute_address_line", store=True
    )
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    consignee_id = fields.Many2one(
        "res.partner",
        string="Consignee",
        help="Who receives the goods, when it is not the counterparty.",
    )
    contact_name = fields.Char()
    contact_phone = fields.Char()
    access_hour_from = fields.Float(default=0.0)
    access_hour_to = fields.Float(default=24.0)
    access_monday = fields.Boolean(default=True)
    access_tuesday = fields.Boolean(default=True)
    access_wednesday = fields.Boolean(default=True)
    access_thursday = fields.Boolean(default=True)
    access_friday = fields.Boolean(default=True)
    access_saturday = fields.Boolean(default=True)
    access_sunday = fields.Boolean(default=True)
    unloading_way_ids = fields.Many2many(
        "cement.unloading.way", string="Unloading ways", help="Empty means any."
    )
    silo_height = fields.Float(
        string="Silo height, m",
        digits=(16, 1),
        help="The driver needs hose and pressure for it.",
    )
    vehicle_type_ids = fields.Many2many(
        "cement.vehicle.type",
        string="Vehicles that fit",
        help="Empty means that any vehicle can enter.",
    )
    max_vehicle_mass = fields.Float(
        string="Gross mass allowed, t",
        digits=(16, 1),
        help="Heaviest loaded vehicle that may enter (bridge, yard); 0 = no limit.",
    )
    note = fields.Text(help="How to get there, whom to call, where to turn.")
    image_1920 = fields.Image(string="Photo of the gate", max_width=1920)
    active = fields.Boolean(default=True)

    _access_hours = models.Constraint(
        "CHECK(access_hour_from >= 0 AND access_hour_to <= 24 "
        "AND access_hour_from < access_hour_to)",
        "Access hours must begin before they end, within one day.",
    )
    _limits_not_negative = models.Constraint(
        "CHECK(max_vehicle_mass >= 0 AND silo_height >= 0)",
        "Mass and height cannot be negative.",
    )

    @api.depends("station_id.state_id")
    def _compute_state_id(self):
        for site in self:
            site.state_id = site.station_id.state_id or site.state_id

    @api.depends("state_id")
    def _compute_tz(self):
        for site in self:
            # sudo: the vocabulary of regions
            region = site.state_id.sudo()
            site.tz = zones.of_region(region.country_id.code, region.code) or site.tz

    @api.depends("kind", "street", "city", "zip", "station_id.display_name")
    def _compute_address_line(self):
        for site in self:
            if site.kind == "station":
                site.address_line = site.station_id.display_name or ""
                continue
            parts = (site.zip, site.city, site.street)
            site.address_line = ", ".join(part for part in parts if part)

    @api.constrains("kind", "station_id")
    def _check_station(self):
        for site in self:
            if site.kind == "station" and not site.station_id:
                raise ValidationError(
                    self.env._(
                        "Choose the railway station of the site %(site)s.",
                        site=site.name,
                    )
                )

    def _is_open_on(self, day) -> bool:
        """Whether the site takes deliveries on the weekday of *day*."""
        self.ensure_one()
        return bool(self[ACCESS_DAYS[day.weekday()]])

    def _fits_method(self, method) -> bool:
        """Whether goods can get here by *method*: rail to stations, road to
        addresses; what is picked up goes anywhere."""
        self.ensure_one()
        if method.is_pickup:
            return True
        return (self.kind == "station") == (method.transport == "rail")
