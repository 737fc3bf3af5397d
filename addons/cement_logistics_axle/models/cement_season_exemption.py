# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementSeasonExemption(models.Model):
    """Goods that orders let pass in the closed season. Cement is none of them."""

    _name = "cement.season.exemption"
    _description = "Goods exempt from seasonal limits"
    _inherit = ["cement.remembered"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    is_default = fields.Boolean(
        string="In every order",
        default=True,
        help="New rules take it over; an order may leave it out.",
    )
    sequence = fields.Integer(default=10)
    source = fields.Char()
    active = fields.Boolean(default=True)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    season_exemption_id = fields.Many2one(
        "cement.season.exemption",
        string="Exempt in the closed season as",
        help="Limestone flour may go as feed or fertiliser; cement never.",
    )
