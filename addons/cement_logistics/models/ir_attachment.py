# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.fields import Domain


class IrAttachment(models.Model):
    """Papers of the way: of the shipment itself, and of the lots that it carries
    (one quality certificate for all vehicles of a lot)."""

    _inherit = "ir.attachment"

    cement_kind = fields.Selection(
        selection_add=[
            ("delivery", "Delivery confirmation"),
            ("photo", "Photo of the unloading"),
            ("other",),
        ],
        ondelete={"delivery": "set null", "photo": "set null"},
    )

    @api.model
    def _portal_documents_domain(self, partner) -> Domain:
        """Override of `cement_portal` to add the papers of shipments and lots."""
        return super()._portal_documents_domain(
            partner
        ) | self._portal_shipment_files_domain(partner)

    @api.model
    def _portal_shipment_files_domain(self, partner) -> Domain:
        shipments = self.env["stock.picking"]
        shipments = shipments._search(shipments._portal_base_domain(partner))
        # sudo: lots behind shipments that were chosen with the person's rights
        lots = (
            self.env["stock.move.line"]
            .sudo()
            ._search([("picking_id", "in", shipments), ("lot_id", "!=", False)])
            .subselect("lot_id")
        )
        return (
            Domain("res_model", "=", "stock.picking")
            & Domain("res_id", "in", shipments)
            | Domain("res_model", "=", "stock.lot") & Domain("res_id", "in", lots)
        ) & self._portal_kinds_domain(partner)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _portal_shipment_documents(self) -> list[dict]:
        """Override of `cement_portal` to add the certificates of the lots."""
        # sudo: lots of a shipment whose access the caller has checked
        shipment_sudo = self.sudo()
        lots = shipment_sudo.move_line_ids.lot_id
        if not lots:
            return super()._portal_shipment_documents()
        return self.env["ir.attachment"]._portal_files(
            Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
            | Domain("res_model", "=", "stock.lot") & Domain("res_id", "in", lots.ids),
            shipment_sudo.counterparty_id,
        )


class StockLot(models.Model):
    """The quality certificate of a lot is shared once for all its shipments."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "cement.shared.files"]
