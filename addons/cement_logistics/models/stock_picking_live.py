# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models

NOTIFICATION = "cement.shipment"
# A message of the bus travels in pieces of 8,000 bytes; this stays within one.
SHIPMENTS_A_MESSAGE = 100
# What an open page shows and a person or 1C may change.
_SHOWN_FIELDS = frozenset(
    {
        "vehicle_plate",
        "trailer_plate",
        "wagon_number",
        "waybill_number",
        "gross_mass",
        "tare_mass",
        "net_mass",
        "seals",
        "promised_from",
        "promised_to",
    }
)


class StockPicking(models.Model):
    """Open pages follow the shipment: a message goes to those who may see it."""

    _inherit = "stock.picking"

    def write(self, vals):
        """Override of `stock` to show papers and masses at once."""
        result = super().write(vals)
        if _SHOWN_FIELDS & vals.keys():
            self._cement_announce_shipments()
        return result

    def _cement_announce_shipments(self):
        """Override to send the message: ids only, the page asks for the rest with
        its rights. Who may see the order may see its shipments."""
        super()._cement_announce_shipments()
        # sudo: to whom the shipments belong, to send to them and no more
        shipments_sudo = self.sudo()
        shipments_sudo.fetch(["is_cement", "sale_id"])
        shipments_sudo = shipments_sudo.filtered("is_cement")
        if not shipments_sudo:
            return
        by_order = shipments_sudo.grouped("sale_id")
        by_order = {order.id: shipments.ids for order, shipments in by_order.items()}
        for user, order_ids in shipments_sudo.sale_id._portal_watchers().items():
            ids = [number for order_id in order_ids for number in by_order[order_id]]
            _send(user, ids)
        # sudo: the dispatchers' channel; the message holds ids only
        _send(self.env.ref("cement_base.group_dispatcher").sudo(), shipments_sudo.ids)


def _send(channel, ids):
    for start in range(0, len(ids), SHIPMENTS_A_MESSAGE):
        channel._bus_send(
            NOTIFICATION, {"ids": ids[start : start + SHIPMENTS_A_MESSAGE]}
        )
