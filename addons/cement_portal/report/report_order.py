# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from ..tools import amount_words


class ReportOrder(models.AbstractModel):
    """Values of the printed form of an order.

    The form is opened by number too (`/report/pdf/…/5`), so it checks the right of
    the reader itself, and only then reads names as superuser.
    """

    _name = "report.cement_portal.report_order"
    _description = "Printed form of an order"

    @api.model
    def _get_report_values(self, docids, data=None):
        orders = self.env["sale.order"].browse(docids)
        # sudo: the right to read is checked by the call
        orders_sudo = orders._member_sudo()
        return {
            "doc_ids": docids,
            "doc_model": "sale.order",
            "docs": orders_sudo,
            "fmt": self.env["cement.portal.shell"]._get_formats(),
            "lines": {order.id: order._portal_lines() for order in orders_sudo},
            "words": {order.id: self._get_words(order) for order in orders_sudo},
            "states": dict(orders._selection_cement_state()),
        }

    @api.model
    def _get_words(self, order) -> str:
        """Return the total in words, where the language and currency have them."""
        if order.currency_id.name != "RUB":
            return ""
        if not (self.env.lang or "").startswith("ru") or order.amount_total < 0:
            return ""
        return amount_words.roubles(order.amount_total)
