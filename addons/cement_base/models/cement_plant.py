# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class CementPlant(models.Model):
    """A plant (завод): a place of making that belongs to one supplier company."""

    _name = "cement.plant"
    _description = "Plant"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Supplier company",
        required=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one("res.partner", string="Address")
    state_id = fields.Many2one("res.country.state", string="Region")
    warehouse_ids = fields.One2many("stock.warehouse", "plant_id", string="Warehouses")
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default="Europe/Moscow",
        help="Cut-off and loading hours of the plant are read in this zone.",
    )
    cutoff_hour = fields.Float(
        string="Cut-off hour",
        default=16.0,
        help="An order for the next day is taken until this hour of the day "
        "before, in the plant's time zone.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code, company_id)", "This company has a plant with this code already."
    )

    @api.constrains("cutoff_hour")
    def _check_cutoff_hour(self):
        for plant in self:
            if not 0 <= plant.cutoff_hour <= 24:
                raise ValidationError(
                    self.env._("The cut-off hour must lie between 0:00 and 24:00.")
                )
