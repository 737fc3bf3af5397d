# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from odoo.addons.cement_logistics.tools import lifecycle


class StockPicking(models.Model):
    _inherit = "stock.picking"

    trip_ids = fields.One2many(
        "cement.wagon.trip",
        "picking_id",
        string="Wagon trips",
        readonly=True,
        groups="cement_base.group_dispatcher,cement_base.group_sales_manager",
    )

    def _cement_after_shipment_state(self, target, source):
        """Override of `cement_logistics`: who says that the shipment has come to its
        end, says that its wagon was unloaded."""
        result = super()._cement_after_shipment_state(target, source)
        if target == lifecycle.DONE:
            # sudo: clients and the accounting system have no right on trips
            self.sudo().trip_ids._accept_unloading()
        return result

    # === Pages of the partner ===

    def _get_trips_sudo(self) -> dict:
        """Return the wagon trip of each of these shipments, by shipment id.

        Of several (the cargo was moved to another wagon) the last one.
        """
        # sudo: partners have no right on trips; the caller has checked that the
        # person may see these shipments
        trips_sudo = (
            self.env["cement.wagon.trip"]
            .sudo()
            .search([("picking_id", "in", self.ids)], order="is_open, id")
        )
        return {trip.picking_id.id: trip for trip in trips_sudo}

    def _portal_row_values(self):
        """Override of `cement_logistics` to show what the railway says of wagons."""
        result = super()._portal_row_values()
        rail = self.filtered(lambda picking: picking.transport == "rail")
        if not rail:
            return result
        fmt = self.env["cement.portal.shell"]._get_formats()
        for picking_id, trip in rail._get_trips_sudo().items():
            values = result.setdefault(picking_id, {})
            extra = [*values.get("extra", []), *trip._portal_extra(fmt)]
            result[picking_id] = {
                **values,
                "extra": extra,
                "idle_days": trip.idle_days if trip.idle_since else None,
            }
        return result

    def _portal_way(self):
        """Override of `cement_logistics` to show the wagon's way."""
        self.ensure_one()
        way = super()._portal_way()
        if self.transport != "rail":
            return way
        trip = self._get_trips_sudo().get(self.id)
        if not trip:
            return way
        return trip._portal_way(self.env["cement.portal.shell"]._get_formats())
