# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from odoo.addons.cement_sale.tools import lifecycle

# What a document of 1C tells about an order.
_TOLD = {
    "order_line",
    "partner_id",
    "agreement_id",
    "delivery_method_id",
    "site_id",
    "consignee_id",
    "requested_date",
    "vehicle_type_id",
    "client_order_ref",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    onec_offer_ids = fields.One2many(
        "cement.connector.offer", "order_id", groups="base.group_user"
    )
    onec_number = fields.Char(
        string="Number in 1C", readonly=True, copy=False, index="btree_not_null"
    )
    onec_date = fields.Datetime(string="Date in 1C", readonly=True, copy=False)
    onec_posted = fields.Boolean(string="Posted in 1C", readonly=True, copy=False)
    onec_amount = fields.Monetary(string="Sum in 1C", readonly=True, copy=False)
    onec_payment_number = fields.Char(
        string="Payment in 1C",
        readonly=True,
        copy=False,
        help="1C names it only when the order is paid in full.",
    )
    onec_payment_date = fields.Datetime(
        string="Paid in full on", readonly=True, copy=False
    )
    onec_shipment_number = fields.Char(
        string="Shipment in 1C",
        readonly=True,
        copy=False,
        help="1C names it only when the order is shipped in full.",
    )
    onec_shipment_date = fields.Datetime(
        string="Shipped in full on", readonly=True, copy=False
    )
    onec_synced_at = fields.Datetime(
        string="As 1C had it on",
        readonly=True,
        copy=False,
        help="When 1C last told about this order.",
    )

    def _cement_after_confirm(self):
        """Override of `cement_sale` to queue the orders for 1C."""
        result = super()._cement_after_confirm()
        if not self.env.context.get("cement_no_export"):
            self.env["cement.connector.offer"]._offer_orders(self)
        return result

    def write(self, vals):
        """Override to hand an order over again that was changed, whoever did it."""
        result = super().write(vals)
        if _TOLD & vals.keys() and not self.env.context.get("cement_no_export"):
            confirmed = self.filtered(lambda o: o.is_cement and o.state == "sale")
            if confirmed:
                self.env["cement.connector.offer"]._touch_orders(confirmed)
        return result

    def _cement_set_state(self, target, source, date=None, note=None, force=False):
        """Override of `cement_sale` to let 1C know of a cancellation, unless the
        news came from 1C itself."""
        moved = super()._cement_set_state(target, source, date, note, force)
        if target == lifecycle.CANCELLED and source != "onec":
            self.env["cement.connector.offer"]._withdraw_orders(moved)
        return moved
