# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models

from .cement_axle_regulation import RATINGS, rating_key

ROAD_CLASSES = [
    ("federal", "Federal"),
    ("regional", "Regional and inter-municipal"),
    ("local", "Local"),
]
PAVEMENTS = [
    ("asphalt", "Asphalt and concrete"),
    ("gravel", "Gravel and other light pavement"),
    ("earth", "Earth road"),
]


class CementRoadZone(models.Model):
    """A part of a region with dates of its own: the north, some districts."""

    _name = "cement.road.zone"
    _description = "Zone of a region"
    _order = "state_id, name"

    name = fields.Char(required=True)
    state_id = fields.Many2one(
        "res.country.state", string="Region", required=True, index=True
    )

    _name_uniq = models.UniqueIndex(
        "(state_id, name)", "This region has a zone of this name already."
    )


class CementRoadSection(models.Model):
    """A named road or section, as the appendix of an order names it."""

    _name = "cement.road.section"
    _description = "Road section"
    _order = "state_id, name"

    name = fields.Char(required=True)
    state_id = fields.Many2one(
        "res.country.state", string="Region", required=True, index=True
    )
    road_class = fields.Selection(ROAD_CLASSES)
    pavement = fields.Selection(PAVEMENTS)

    _name_uniq = models.UniqueIndex(
        "(state_id, name)", "This region has a section of this name already."
    )


class CementRoadRating(models.Model):
    """For which axle load the roads of a region are built, unless a route says
    otherwise. The line without a region holds for all the others."""

    _name = "cement.road.rating"
    _description = "Rating of roads by region"
    _inherit = ["cement.remembered"]
    _order = "state_id, road_class"

    state_id = fields.Many2one(
        "res.country.state", string="Region", index=True, help="Empty: all others."
    )
    road_class = fields.Selection(ROAD_CLASSES, required=True, default="regional")
    rating = fields.Selection(RATINGS, string="Built for", required=True, default="10")
    note = fields.Char()

    _once = models.UniqueIndex(
        "(COALESCE(state_id, 0), road_class)",
        "These roads of the region have a rating already.",
    )

    @api.depends("state_id", "road_class")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.state_id.name or self.env._("All other regions")

    @api.model
    def _get_all(self) -> dict[tuple[int, str], int]:
        """Return the ratings as the kernel has them by (region or 0, class)."""
        return {
            (row.state_id.id or 0, row.road_class): rating_key(row.rating)
            for row in self.search([])
        }
