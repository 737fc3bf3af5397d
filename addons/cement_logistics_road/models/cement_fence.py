# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import geo


class CementFence(models.AbstractModel):
    """The ground of a plant or a site: where a truck counts as being there."""

    _name = "cement.fence"
    _description = "Ground of a place"

    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    fence_radius = fields.Integer(
        string="Ground, m",
        default=500,
        help="Radius around the point within which a truck counts as being here. "
        "Positions of mobile operators are exact to 250–4,300 m: under 300 m few of "
        "them would ever fall in.",
    )
    fence_polygon = fields.Text(
        string="Border of the ground",
        help="Corners in place of the circle: latitude and longitude, one pair a line, "
        "or JSON [[latitude, longitude], …].",
    )

    _fence_radius_positive = models.Constraint(
        "CHECK(fence_radius >= 50 AND fence_radius <= 50000)",
        "The ground must have a radius of 50 m to 50 km.",
    )

    @api.constrains("fence_polygon")
    def _check_fence_polygon(self):
        for place in self:
            try:
                geo.parse_polygon(place.fence_polygon)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The border of %(name)s cannot be read: three or more corners, "
                        "latitude and longitude of each (%(detail)s).",
                        name=place.display_name,
                        detail=error,
                    )
                ) from error

    def _get_fence(self) -> geo.Fence | None:
        """Return the fence, or None while nobody has said where the place is."""
        if not self:
            return None
        self.ensure_one()
        corners = geo.parse_polygon(self.fence_polygon)
        latitude, longitude = self.latitude, self.longitude
        if corners and not geo.is_place(latitude, longitude):
            latitude = sum(corner[0] for corner in corners) / len(corners)
            longitude = sum(corner[1] for corner in corners) / len(corners)
        if not geo.is_place(latitude, longitude):
            return None
        return geo.Fence(latitude, longitude, float(self.fence_radius), corners)
