# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementWagon(models.Model):
    """A railway wagon as the reports know it."""

    _name = "cement.wagon"
    _description = "Wagon"
    _order = "name, id"

    name = fields.Char(string="Number", required=True)
    number_doubtful = fields.Boolean(
        string="Check digit does not fit",
        readonly=True,
        help="The number was probably mistyped; the wagon is followed all the same.",
    )
    kind_code = fields.Char(help="Kind as reports write it: 93 is a cement hopper.")
    kind = fields.Char()
    model = fields.Char()
    payload = fields.Float(string="Payload, t", digits=(16, 3))
    tare = fields.Float(string="Tare, t", digits=(16, 3))
    built_year = fields.Integer(string="Year built")
    owner_name = fields.Char(string="Owner")
    owner_code = fields.Char(help="Owner code of the report; 20 is the railway itself.")
    is_faulty = fields.Boolean(string="Faulty", readonly=True)
    faulty_since = fields.Datetime(readonly=True)
    is_written_off = fields.Boolean(string="Written off", readonly=True)
    trip_id = fields.Many2one(
        "cement.wagon.trip",
        string="Present trip",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    trip_ids = fields.One2many("cement.wagon.trip", "wagon_id", string="Trips")
    last_report_at = fields.Datetime(string="Last seen in a report of", readonly=True)
    note = fields.Text()
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "There is a wagon with this number already."
    )
