# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools import amounts
from ..tools.findings import BLOCK


class CementCart(models.Model):
    """Confirming: one transaction, one batched create, one order a vehicle."""

    _inherit = "cement.cart"

    def _confirm(self, channel: str, version: int | None = None):
        """Make the orders of this cart and return them.

        Pressing twice, reloading or repeating the request gives the same orders:
        the row of the cart is held from the first line on, and a cart that is
        confirmed answers with what it made.

        :param channel: how the order came, one of ``CHANNELS``.
        :param version: the version of the cart that the person saw; when the cart
            was changed since, nothing is ordered.
        :raises UserError: naming every block, when the gate refuses.
        """
        cart_sudo = self._member_sudo()
        cart_sudo._lock()
        if cart_sudo.state == "confirmed":
            return cart_sudo.order_ids.sudo(self.env.su)
        if cart_sudo.state != "draft":
            raise UserError(self.env._("This request was cancelled."))
        if version is not None and version != cart_sudo.version:
            raise UserError(
                self.env._(
                    "The request was changed in another window. Look at it once more "
                    "and confirm again."
                )
            )
        if not cart_sudo.line_ids:
            raise UserError(self.env._("The request is empty: add a line first."))
        cart_sudo.line_ids.specification_line_id._lock_volumes()
        plan = cart_sudo._plan()
        self.env["cement.order.gate"]._raise_blocked(
            [finding for finding in plan.findings if finding.severity == BLOCK]
        )
        if not plan.loads:
            raise UserError(self.env._("Nothing in the request can be loaded."))
        # the channel first: a half-way crash leaves a draft as it was
        cart_sudo.channel = channel
        orders_sudo = cart_sudo._create_orders(plan)
        orders_sudo._cement_confirm_checked()
        cart_sudo.write(
            {
                "state": "confirmed",
                "confirmed_at": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        cart_sudo._notify_confirmed(orders_sudo)
        orders_sudo._cement_after_confirm()
        return orders_sudo.sudo(self.env.su)

    def _lock(self):
        """Wait for the cart's row and hold it (see `_lock_volumes` for why core's
        lock, which refuses instead, does not fit)."""
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM cement_cart WHERE id IN %s FOR UPDATE", tuple(self.ids))
        )
        self.invalidate_recordset()

    def _create_orders(self, plan):
        """Create the orders of all *plan* loads, a batch for each company."""
        lines = {line.id: line for line in self.line_ids}
        common = self._prepare_common_facts(plan, lines)
        vals_by_company = defaultdict(list)
        names = self.env["sale.order"]._next_cement_names(len(plan.loads))
        for load, name in zip(plan.loads, names, strict=True):
            first = lines[load.parts[0].line_key]
            vals_by_company[first.specification_line_id.company_id].append(
                {"name": name, **self._prepare_order_vals(load, lines, common)}
            )
        orders = self.env["sale.order"]
        for company, vals_list in vals_by_company.items():
            orders |= (
                orders.with_company(company)
                .with_context(
                    # one letter for the whole request instead of one an order
                    mail_auto_subscribe_no_notify=True,
                    mail_create_nosubscribe=True,
                    tracking_disable=True,
                )
                .create(vals_list)
            )
        return orders.sorted("load_index").with_context(clean_context=True)

    def _prepare_common_facts(self, plan, lines) -> dict:
        """Return what orders share, looked up once: managers and taxes."""
        return {
            "managers": self._assign_managers(plan, lines),
            "taxes": self._get_taxes(lines.values()),
        }

    def _get_taxes(self, lines) -> dict:
        """Return ``{(company, day, VAT category, included): tax}``."""
        keys = {line._get_tax_key() for line in lines}
        rates = self._get_rate_records(day for _company, day, _category, _incl in keys)
        nothing = self.env["cement.vat.rate"]
        return {
            key: rates.get((key[1], key[2]), nothing)._get_tax(key[0], key[3])
            for key in keys
        }

    def _assign_managers(self, plan, lines) -> dict:
        """Return ``{load index: (user, reason)}``."""
        needs = {}
        for load in plan.loads:
            of_load = [lines[part.line_key] for part in load.parts]
            region = of_load[0].site_id.state_id or self.partner_id.state_id
            categories = {line.product_id.categ_id.id for line in of_load}
            needs[load.index] = (region.id or None, frozenset(categories))
        return self.env["cement.manager.profile"]._assign(self.partner_id, needs)

    def _prepare_order_vals(self, load, lines, common) -> dict:
        """Return the values of the order of one *load*."""
        first = lines[load.parts[0].line_key]
        agreed = first.specification_line_id
        consignee = first._get_consignee()
        manager_id, reason = common["managers"][load.index]
        agreement = agreed.agreement_id
        return {
            "partner_id": self.partner_id.id,
            "partner_invoice_id": self.partner_id.id,
            "partner_shipping_id": consignee.id,
            "company_id": agreed.company_id.id,
            "warehouse_id": agreed.warehouse_id.id,
            "pricelist_id": False,
            "fiscal_position_id": False,
            "payment_term_id": agreement.payment_term_id.id,
            "require_signature": False,
            "require_payment": False,
            "client_order_ref": self.client_ref,
            "user_id": manager_id,
            "manager_reason": reason,
            "cement_cart_id": self.id,
            "load_index": load.index,
            "agreement_id": agreement.id,
            "plant_id": agreed.plant_id.id,
            "delivery_method_id": agreed.delivery_method_id.id,
            "site_id": first.site_id.id,
            "consignee_id": consignee.id,
            "unloading_way_id": first.unloading_way_id.id,
            "vehicle_type_id": load.vehicle_key,
            "load_capacity": load.capacity_kg / 1000,
            "accounting_category_id": first.product_id.accounting_category_id.id,
            "requested_date": first.day,
            "channel": self.channel,
            "ordered_by_id": self.env.uid,
            "order_line": [
                Command.create(
                    self._prepare_order_line_vals(
                        lines[part.line_key], part.mass_kg, common, sequence
                    )
                )
                for sequence, part in enumerate(load.parts, start=1)
            ],
        }

    def _prepare_order_line_vals(self, line, mass_kg, common, sequence) -> dict:
        agreed = line.specification_line_id
        product = line.product_id
        price = float(amounts.unit_price(agreed.price_unit, product.uom_mass))
        tax = common["taxes"][line._get_tax_key()]
        return {
            "sequence": sequence,
            "product_id": product.id,
            "name": product.display_name,
            "product_uom_qty": float(line._get_uom_quantity(mass_kg)),
            "product_uom_id": product.uom_id.id,
            "price_unit": price,
            "technical_price_unit": price,
            "discount": 0.0,
            "tax_ids": [Command.set(tax.ids)],
            "specification_line_id": agreed.id,
            "cart_line_id": line.id,
        }

    def _notify_confirmed(self, orders):
        """Write to the managers once for the whole request (F138)."""
        managers = orders.user_id.partner_id - self.env.user.partner_id
        if not managers:
            return
        self.message_post(
            body=Markup("<p>%s</p>")
            % self.env._(
                "%(client)s has ordered %(mass)s t in %(count)s vehicles: %(names)s",
                client=self.partner_id.name,
                mass=f"{sum(orders.mapped('load_mass')):g}",
                count=len(orders),
                names=", ".join(orders[:20].mapped("name")),
            ),
            subject=self.env._("New order of %(client)s", client=self.partner_id.name),
            partner_ids=managers.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )


class CementCartLine(models.Model):
    _inherit = "cement.cart.line"

    def _get_tax_key(self) -> tuple:
        """Return what decides the tax: company, day, VAT category, price basis."""
        self.ensure_one()
        agreed = self.specification_line_id
        return (
            agreed.company_id,
            self.day,
            self.product_id.vat_category,
            agreed.specification_id.price_include_vat,
        )
