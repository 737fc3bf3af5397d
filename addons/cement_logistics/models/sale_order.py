# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _portal_shipments(self) -> list[dict]:
        """Override of `cement_portal`: each shipment with its vehicle, its way and
        the page of its own."""
        rows = super()._portal_shipments()
        # sudo: shipments of an order whose access was checked
        shipments = {
            picking.name: picking for picking in self._member_sudo().picking_ids
        }
        known = self.env["stock.picking"].browse(
            shipments[row["number"]].id
            for row in rows
            if shipments[row["number"]].is_cement
        )
        details = {row["number"]: row for row in known._portal_rows()}
        for row in rows:
            detail = details.get(row["number"])
            row["way"] = detail
            if detail:
                row["url"] = detail["url"]
                row["shipment_state"] = detail["state"]
                row["position"] = detail["place"]
                row["eta"] = detail["eta"]
                row["mass"] = detail["mass"]
        return rows
