# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import codes


class CementWagon(models.Model):
    """A railway wagon as the reports know it."""

    _name = "cement.wagon"
    _description = "Wagon"
    _order = "name, id"

    name = fields.Char(string="Number", required=True)
    number_doubtful = fields.Boolean(
        string="Check digit does not fit",
        compute="_compute_number_doubtful",
        help="The number was probably mistyped.",
    )
    kind_code = fields.Char(help="Kind as reports write it: 93 is a cement hopper.")
    kind = fields.Char()
    model = fields.Char()
    payload = fields.Float(string="Payload, t", digits=(16, 3))
    tare = fields.Float(string="Tare, t", digits=(16, 3))
    built_year = fields.Integer(string="Year built")
    owner_name = fields.Char(string="Owner")
    owner_code = fields.Char(help="Owner code of the report; 20 is the railway itself.")
    is_written_off = fields.Boolean(string="Written off", readonly=True)
    trip_id = fields.Many2one(
        "cement.wagon.trip",
        string="Present trip",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    trip_state = fields.Selection(related="trip_id.state", string="State")
    trip_ids = fields.One2many("cement.wagon.trip", "wagon_id", string="Trips")
    note = fields.Text()
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "There is a wagon with this number already."
    )

    @api.depends("name")
    def _compute_number_doubtful(self):
        for wagon in self:
            wagon.number_doubtful = bool(wagon.name) and not codes.is_wagon(wagon.name)

    @api.constrains("name")
    def _check_name(self):
        for wagon in self:
            number = wagon.name or ""
            if len(number) != 8 or not (number.isascii() and number.isdigit()):
                raise ValidationError(
                    self.env._(
                        "A wagon number has eight digits: %(number)s", number=number
                    )
                )
