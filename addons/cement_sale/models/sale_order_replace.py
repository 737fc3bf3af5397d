# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cement_base.tools import roles

from ..tools import lifecycle


class SaleOrder(models.Model):
    """Other goods, another contract or another way of receipt for an order that
    is still open (F159).

    Those decide plant, warehouse, price and vehicle, so the order is not patched:
    it is cancelled and made anew, in one transaction, through the whole gate.
    """

    _inherit = "sale.order"

    replaced_order_id = fields.Many2one(
        "sale.order",
        string="Instead of",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The order that the client gave up for this one.",
    )

    def _get_replace_options(self) -> dict:
        """Return what the dialog offers.

        :return: ``{"lines": [...], "choices": [...]}``; *lines* are the positions
            of the order, *choices* the specification lines the member may order
            today, each with ``id`` and ``label``.
        """
        self.ensure_one()
        order_sudo = self._member_sudo(roles.ORDER)
        specification_line = self.env["cement.specification.line"]
        today = fields.Date.context_today(self)
        choices = specification_line.search(
            specification_line._get_orderable_domain(today)
            & Domain("commercial_partner_id", "=", order_sudo.counterparty_id.id)
        ).sudo()  # sudo: names of plants; the search was the member's own
        return {
            "lines": [
                {
                    "id": line.id,
                    "product": line.product_id.name,
                    "mass": line.mass,
                    "specification_line_id": line.specification_line_id.id,
                }
                for line in order_sudo.order_line
                if line.specification_line_id
            ],
            "choices": [
                {
                    "id": line.id,
                    "label": ", ".join(
                        (
                            line.product_id.name,
                            line.plant_id.name,
                            line.delivery_method_id.name,
                            line.agreement_id.code,
                        )
                    ),
                    "site_id": line.site_id.id,
                }
                for line in choices
            ],
        }

    def _cement_replace(self, rows: list[dict], channel: str):
        """Cancel the order and make what *rows* ask for instead of it.

        Day, site and unloading that a row leaves out are those of the order.

        :param rows: as for :meth:`cement.cart._add_rows`.
        :return: the new orders.
        :raises UserError: when the status forbids it, a row cannot be read or the
            gate refuses; the order is then as it was.
        """
        self.ensure_one()
        order_sudo = self._member_sudo(roles.ORDER)
        order_sudo._cement_lock()
        if not order_sudo.can_edit:
            raise UserError(order_sudo.edit_reason)
        if not rows:
            raise UserError(self.env._("Choose what to order instead."))
        partner = self.env["res.partner"].browse(order_sudo.counterparty_id.id)
        with self.env.cr.savepoint():
            # first: its tonnes go back to the specification
            order_sudo._cement_set_state(
                lifecycle.CANCELLED, "portal", note=self.env._("Ordered anew")
            )
            cart = self.env["cement.cart"]._create_draft(
                partner, self.env._("Instead of %(order)s", order=order_sudo.name)
            )
            report = cart._add_rows(
                [{**order_sudo._prepare_replace_row(), **row} for row in rows]
            )
            if report["errors"]:
                raise UserError(
                    "\n".join(error["reason"] for error in report["errors"])
                )
            orders = cart._confirm(channel)
            # sudo: members have no write access to orders
            orders.sudo().replaced_order_id = order_sudo
        order_sudo.message_post(
            body=self.env._(
                "Ordered anew: %(orders)s",
                orders=", ".join(orders.sudo().mapped("name")),
            ),
            author_id=self.env.user.partner_id.id,
        )
        return orders

    def _prepare_replace_row(self) -> dict:
        self.ensure_one()
        return {
            "day": self.requested_date,
            "site_id": self.site_id.id,
            "unloading_way_id": self.unloading_way_id.id,
        }
