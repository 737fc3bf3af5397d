# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.stations import is_esr


class CementStation(models.Model):
    """A railway station with its ESR code."""

    _name = "cement.station"
    _description = "Railway station"
    _order = "name, id"
    _rec_names_search = ["name", "esr_code"]

    name = fields.Char(required=True)
    esr_code = fields.Char(
        string="ESR code",
        required=True,
        help="Six digits of the unified network marking; the last one is a check "
        "digit.",
    )
    railway = fields.Char()
    state_id = fields.Many2one("res.country.state", string="Region")
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    esr_doubtful = fields.Boolean(
        string="Check digit does not fit",
        compute="_compute_esr_doubtful",
        help="A few real stations carry a digit that does not fit, so this is a "
        "warning only.",
    )
    active = fields.Boolean(default=True)

    _esr_code_uniq = models.Constraint(
        "UNIQUE(esr_code)", "There is a station with this ESR code already."
    )

    @api.depends("esr_code")
    def _compute_esr_doubtful(self):
        for station in self:
            station.esr_doubtful = bool(station.esr_code) and not is_esr(
                station.esr_code
            )

    @api.depends("name", "esr_code")
    @api.depends_context("cement_station_name")
    def _compute_display_name(self):
        """Name the station with its code; by its name alone where lists are narrow
        (``cement_station_name`` in the context)."""
        if self.env.context.get("cement_station_name"):
            for station in self:
                station.display_name = station.name
            return
        for station in self:
            station.display_name = (
                f"{station.name} ({station.esr_code})"
                if station.esr_code
                else station.name
            )

    @api.constrains("esr_code")
    def _check_esr_code(self):
        for station in self:
            code = station.esr_code or ""
            if len(code) != 6 or not (code.isascii() and code.isdigit()):
                raise ValidationError(
                    self.env._(
                        "The ESR code of station %(name)s must be six digits.",
                        name=station.name,
                    )
                )
