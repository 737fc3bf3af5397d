# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cement_tile_url = fields.Char(
        string="Tile server of the map",
        config_parameter="cement_logistics.tile_url",
        help="Address with {z}, {x} and {y}. Empty: the map draws a grid of its own "
        "and asks no other host.",
    )
    cement_tile_attribution = fields.Char(
        string="Named on the map", config_parameter="cement_logistics.tile_attribution"
    )
    cement_load_tolerance = fields.Float(
        related="company_id.cement_load_tolerance", readonly=False
    )
    cement_shortage_tolerance = fields.Float(
        related="company_id.cement_shortage_tolerance", readonly=False
    )
    cement_link_days = fields.Integer(
        related="company_id.cement_link_days", readonly=False
    )
