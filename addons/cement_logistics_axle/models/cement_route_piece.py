# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cement_axle_regulation import RATINGS
from .cement_road import PAVEMENTS, ROAD_CLASSES


class CementRoutePiece(models.Model):
    """A piece of the way to a site, or of the way of one order or shipment. The
    weakest piece decides what may be loaded."""

    _name = "cement.route.piece"
    _description = "Piece of a route"
    _order = "sequence, id"

    site_id = fields.Many2one("cement.site", index="btree_not_null", ondelete="cascade")
    order_id = fields.Many2one("sale.order", index="btree_not_null", ondelete="cascade")
    picking_id = fields.Many2one(
        "stock.picking", index="btree_not_null", ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    state_id = fields.Many2one(
        "res.country.state",
        string="Region",
        required=True,
        domain="[('country_id.code', '=', 'RU')]",
    )
    zone_id = fields.Many2one(
        "cement.road.zone", domain="[('state_id', '=', state_id)]"
    )
    road_class = fields.Selection(
        ROAD_CLASSES, string="Road", required=True, default="regional"
    )
    section_id = fields.Many2one(
        "cement.road.section", domain="[('state_id', '=', state_id)]"
    )
    pavement = fields.Selection(PAVEMENTS)
    rating = fields.Selection(
        RATINGS, string="Built for", help="Empty: as the roads of the region are."
    )
    note = fields.Char()

    _one_owner = models.Constraint(
        "CHECK(num_nonnulls(site_id, order_id, picking_id) = 1)",
        "A piece belongs to a site, an order or a shipment.",
    )

    @api.constrains("state_id", "zone_id", "section_id")
    def _check_region(self):
        for piece in self:
            places = piece.zone_id.state_id | piece.section_id.state_id
            if places - piece.state_id:
                raise ValidationError(
                    self.env._(
                        "Zone and section must lie in %(region)s.",
                        region=piece.state_id.name,
                    )
                )

    def _prepare_copy_vals(self) -> dict:
        """Return the values of the same piece for another owner."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "state_id": self.state_id.id,
            "zone_id": self.zone_id.id,
            "road_class": self.road_class,
            "section_id": self.section_id.id,
            "pavement": self.pavement,
            "rating": self.rating,
            "note": self.note,
        }


class CementSite(models.Model):
    _inherit = "cement.site"

    route_piece_ids = fields.One2many(
        "cement.route.piece", "site_id", string="Route", groups="base.group_user"
    )
