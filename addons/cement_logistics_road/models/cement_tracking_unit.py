# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models

from ..tools import push


class CementTrackingUnit(models.Model):
    """Which vehicle a provider means by which number of its own."""

    _name = "cement.tracking.unit"
    _description = "Tracker of a vehicle"
    _order = "plate, id"
    _rec_name = "plate"

    provider_id = fields.Many2one(
        "cement.tracking.provider",
        string="Provider",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('kind', '=', 'push')]",
    )
    ext_id = fields.Char(
        string="Unit", required=True, help="As the provider names it in its messages."
    )
    plate = fields.Char(required=True, help="Of the truck, as in the shipment.")
    plate_key = fields.Char(compute="_compute_plate_key", store=True, index=True)
    carrier_id = fields.Many2one("res.partner", string="Carrier")
    active = fields.Boolean(default=True)

    _ext_id_uniq = models.UniqueIndex(
        "(provider_id, ext_id) WHERE active IS TRUE",
        "This unit of the provider belongs to a vehicle already.",
    )

    @api.depends("plate")
    def _compute_plate_key(self):
        for unit in self:
            unit.plate_key = push.plate(unit.plate)
