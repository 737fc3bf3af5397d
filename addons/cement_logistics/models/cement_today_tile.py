# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.fields import Domain

from ..tools import lifecycle


class CementTodayTile(models.Model):
    _inherit = "cement.today.tile"

    @api.model
    def _get_questions(self) -> dict:
        """Override of `cement_sale`: what is on its way."""
        shipments = Domain("is_cement", "=", True) & Domain(
            "picking_type_code", "=", "outgoing"
        )
        shape = ("stock.picking", None, "shipment_mass", "shipment_day, id")
        return {
            **super()._get_questions(),
            "shipments_left_open": (
                shape,
                shipments
                & Domain("shipment_state", "in", lifecycle.GONE)
                & Domain("state", "not in", ("done", "cancel")),
            ),
            "shipments_late": (
                shape,
                shipments
                & Domain("shipment_state", "in", lifecycle.UNDER_WAY)
                & Domain("is_late", "=", True),
            ),
        }

    @api.model
    def _get_actions(self) -> dict:
        """Override of `cement_sale`: shipments in their list."""
        return {
            **super()._get_actions(),
            "stock.picking": "cement_logistics.stock_picking_action_shipment",
        }

    def _prepare_row(self, record) -> dict:
        """Override of `cement_sale`: a shipment."""
        if record._name != "stock.picking":
            return super()._prepare_row(record)
        return {
            "name": record.name,
            "url": "/odoo/action-cement_logistics.stock_picking_action_shipment/"
            f"{record.id}",
            "text": record.partner_id.commercial_partner_id.name,
            "value": record.shipment_mass_text,
            "day": record.shipment_day,
        }
