# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementCart(models.Model):
    _inherit = "cement.cart"

    planned_version = fields.Integer(
        default=-1, copy=False, help="The version of which the vehicles were counted."
    )
    planned_vehicles = fields.Integer(copy=False)

    def _prepare_mini(self) -> dict:
        """Return what the mini-cart shows of this cart.

        Vehicles are those counted when the cart was planned last; ``None`` when
        it was changed since.
        """
        self.ensure_one()
        is_fresh = self.planned_version == self.version
        return {
            "id": self.id,
            "name": self.name,
            "lines": self.line_count,
            "mass": self.mass,
            "vehicles": self.planned_vehicles if is_fresh else None,
        }

    def _remember_plan(self, view: dict):
        """Keep the number of vehicles for the mini-cart of other pages."""
        for cart in self.sudo():
            # sudo: members may not write carts; this is no more than a cache
            if (cart.planned_version, cart.planned_vehicles) != (
                cart.version,
                view["totals"]["vehicles"],
            ):
                cart.write(
                    {
                        "planned_version": cart.version,
                        "planned_vehicles": view["totals"]["vehicles"],
                    }
                )
