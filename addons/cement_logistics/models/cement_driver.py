# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementDriver(models.Model):
    """Who drives. People inside only: partners see the name, never the phone."""

    _name = "cement.driver"
    _description = "Driver"
    _order = "name, id"

    name = fields.Char(required=True)
    phone = fields.Char(help="For the dispatcher and the tracker; no client sees it.")
    carrier_id = fields.Many2one(
        "res.partner", string="Carrier", index="btree_not_null"
    )
    licence = fields.Char(string="Driving licence")
    note = fields.Text()
    active = fields.Boolean(default=True)
