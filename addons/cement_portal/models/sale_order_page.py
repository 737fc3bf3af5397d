# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.cement_base.tools import roles, zones
from odoo.addons.cement_sale.tools import lifecycle

from ..tools import reasons, status_line

# How many orders of one request the page names.
SIBLINGS_LIMIT = 60


class SaleOrder(models.Model):
    """The page of one order: what it shows and what may be done on it."""

    _inherit = "sale.order"

    def _portal_page(self) -> dict:
        """Return what the page of the order shows, ready to be rendered.

        :raises AccessError: when the person may not see the order.
        """
        self.ensure_one()
        # sudo: read access is checked by the call; the page shows names of people,
        # plants and contracts that stand on the order
        order_sudo = self._member_sudo()
        return {
            "order": order_sudo,
            **self._portal_state(),
            "load": order_sudo._portal_load(),
            "lines": order_sudo._portal_lines(),
            "specifications": order_sudo._portal_specifications(),
            "siblings": self._portal_siblings(),
            "shipments": self._portal_shipments(),
            "documents": self._portal_documents(),
            "manager": order_sudo._portal_manager(),
        }

    def _portal_state(self) -> dict:
        """Return the part of the page that follows the status: the line of steps
        and the actions."""
        self.ensure_one()
        order_sudo = self._member_sudo()
        labels = dict(self._selection_cement_state())
        state = order_sudo.cement_state
        today = fields.Date.context_today(self)
        day = order_sudo.promised_date or order_sudo.requested_date
        actions = self._portal_actions()
        return {
            "order": order_sudo,
            "fmt": order_sudo._get_cement_formats(),
            "state": state,
            "state_label": labels.get(state, ""),
            "state_hint": self._portal_state_hint(order_sudo),
            "tone": status_line.tone(state),
            "steps": order_sudo._portal_steps(labels),
            "actions": {action["key"]: action for action in actions},
            "reasons": reasons.group(actions),
            "replaced": order_sudo.replaced_order_id,
            "replacements": self.search([("replaced_order_id", "=", self.id)]),
            "is_favourite": bool(self._portal_favourites()),
            "is_late": bool(day and day < today and status_line.is_waiting(state)),
        }

    def _get_cement_clock(self) -> zones.Clock:
        """Return by whose clock the hours of the order are told (as superuser)."""
        self.ensure_one()
        method = self.delivery_method_id
        return zones.choose(
            is_rail=method.transport == "rail",
            is_pickup=method.is_pickup,
            site=self.site_id.tz,
            plant=self.plant_id.tz,
        )

    def _get_cement_formats(self):
        """Return the formats of a page about this order (as superuser)."""
        return self.env["cement.portal.shell"]._get_formats(self._get_cement_clock())

    def _portal_steps(self, labels) -> list[dict]:
        """Return the line of steps with their names and times."""
        self.ensure_one()
        steps = status_line.build(
            self.cement_state,
            [
                status_line.Event(event.state, event.date, event.source)
                for event in self.status_event_ids
            ],
        )
        return [
            {
                "code": step.code,
                "label": labels[step.state]
                if step.code != status_line.RESERVE
                or step.progress not in (status_line.FUTURE, status_line.SKIPPED)
                else self.env._("Reserve"),
                "progress": step.progress,
                "when": step.when,
                "tone": step.tone,
            }
            for step in steps
        ]

    @api.model
    def _portal_state_hint(self, order_sudo) -> str:
        """Return in a sentence what the status means for the client (F202 to F204)."""
        reserved = sum(order_sudo.order_line.mapped("mass_reserved"))
        return {
            lifecycle.NEW: self.env._("The order is with your manager."),
            lifecycle.PROCESSING: self.env._(
                "The manager is working on the order. It can still be changed."
            ),
            lifecycle.RESERVE_ALLOWED: self.env._(
                "The goods are set aside: pay and collect."
            ),
            lifecycle.RESERVE_PARTIAL: self.env._(
                "%(mass)s t are set aside; the rest is not in stock. Your manager "
                "will offer a day for it.",
                mass=f"{reserved:g}".replace(".", ","),
            )
            if reserved
            else self.env._(
                "Only a part is set aside; the rest is not in stock. Your manager "
                "will offer a day for it."
            ),
            lifecycle.RESERVE_REFUSED: self.env._(
                "The goods are not in stock: the order cannot be shipped. Write to "
                "your manager or choose another day."
            ),
            lifecycle.ASSEMBLING: self.env._(
                "The load is being made ready. The order cannot be changed any more."
            ),
            lifecycle.SHIPPING: self.env._("The vehicle is being loaded."),
            lifecycle.SHIPPED: self.env._("The vehicle is on its way to you."),
            lifecycle.DELIVERED: self.env._("The goods have arrived."),
            lifecycle.CLOSED: self.env._("The order is complete."),
            lifecycle.CANCELLED: self.env._("The order is cancelled."),
        }.get(order_sudo.cement_state, "")

    # === Conversation ===

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """Override of `portal`: who may read an order by specification may write in
        its conversation (F119), and nobody else.

        Core asks for the right to write the order, or for a token; members have no
        such right, and a token that travels in letters opens nothing here.
        """
        order = self.browse(thread_id)
        # sudo: only which kind of order it is
        if self.env.user._is_internal() or not order.sudo().exists().is_cement:
            return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)
        return order if order.sudo(False).has_access("read") else self.browse()

    # === Parts of the page ===

    def _portal_load(self) -> dict:
        """Return the vehicle and how full it is."""
        self.ensure_one()
        capacity = self.load_capacity or self.vehicle_type_id.payload or 0.0
        mass = self.load_mass
        # a load above the payload fills the vehicle and no more
        fill = min(mass / capacity, 1.0) if capacity else 0.0
        return {
            "vehicle_name": self.vehicle_type_id.name or "",
            "vehicle_code": self.vehicle_type_id.code or "",
            "transport": self.delivery_method_id.transport or "road",
            "capacity": capacity,
            "mass": mass,
            "free": max(capacity - mass, 0.0),
            "fill": fill,
            "percent": round(fill * 100, 1),
            "is_over": bool(capacity) and round(mass * 1000) > round(capacity * 1000),
        }

    def _portal_lines(self) -> list[dict]:
        """Return the lines with their prices a tonne, without and with VAT."""
        self.ensure_one()
        return [
            {
                "id": line.id,
                "product": line.product_id.name,
                "article": line.product_id.default_code or "",
                "form": line.product_id.cargo_form_id.name or "",
                "gost": line.product_id.gost or "",
                "specification": line.specification_line_id.specification_id.name or "",
                "packaging": line.specification_line_id.packaging_rule or "",
                "mass": line.mass,
                "mass_reserved": line.mass_reserved,
                "mass_shipped": line.mass_shipped,
                "step": line.product_id.unit_mass
                if line.product_id.cargo_kind != "bulk"
                else 0.0,
                "packages": line.product_uom_qty
                if line.product_id.cargo_kind != "bulk"
                else 0.0,
                "uom": line.product_uom_id.name,
                "price_excl": line.price_subtotal / line.mass if line.mass else 0.0,
                "price_incl": line.price_total / line.mass if line.mass else 0.0,
                "untaxed": line.price_subtotal,
                "tax": line.price_tax,
                "total": line.price_total,
                "rate": sum(line.tax_ids.mapped("amount")),
            }
            for line in self.order_line
            if not line.display_type
        ]

    def _portal_specifications(self):
        """Return the specifications behind the lines."""
        return self.order_line.specification_line_id.specification_id

    def _portal_siblings(self) -> list[dict]:
        """Return the other orders of the same request that the person may see."""
        self.ensure_one()
        cart_sudo = self.sudo().cement_cart_id
        if not cart_sudo:
            return []
        orders = self.search(
            [("cement_cart_id", "=", cart_sudo.id)],
            order="load_index, id",
            limit=SIBLINGS_LIMIT,
        )
        labels = dict(self._selection_cement_state())
        # sudo: names on orders that were found with the person's rights
        return [
            {
                "id": order.id,
                "url": f"/my/orders/{order.id}",
                "number": order.name,
                "index": order.load_index,
                "mass": order.load_mass,
                "day": order.promised_date or order.requested_date,
                "site": order.site_id.name or "",
                "state": order.cement_state,
                "state_label": labels.get(order.cement_state, ""),
                "tone": status_line.tone(order.cement_state),
                "is_self": order.id == self.id,
            }
            for order in orders.sudo()
        ]

    def _portal_shipments(self) -> list[dict]:
        """Return the shipments of the order; addons that know vehicles and
        waybills add to each.

        :return: ``number``, ``state`` (``done``, ``assigned``, ``waiting``),
            ``date``, ``mass``, ``warehouse``.
        """
        self.ensure_one()
        # sudo: shipments of an order whose access was checked
        pickings = self._member_sudo().picking_ids.filtered(
            lambda picking: picking.state not in ("draft", "cancel")
            and picking.picking_type_code == "outgoing"
        )
        states = {"done": "done", "assigned": "assigned"}
        return [
            {
                "number": picking.name,
                "state": states.get(picking.state, "waiting"),
                "date": picking.date_done or picking.scheduled_date,
                "mass": sum(
                    move.quantity * move.product_id.uom_mass
                    if picking.state == "done"
                    else move.product_uom_qty * move.product_id.uom_mass
                    for move in picking.move_ids
                ),
                "warehouse": picking.picking_type_id.warehouse_id.name or "",
                "documents": picking._portal_shipment_documents(),
            }
            for picking in pickings
        ]

    def _portal_documents(self) -> list[dict]:
        """Return the files of the order that are shared with the client."""
        self.ensure_one()
        return self.env["ir.attachment"]._portal_files(
            Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id),
            self.sudo().counterparty_id,
        )

    def _portal_manager(self) -> dict | None:
        """Return the manager of the order, and why this one."""
        self.ensure_one()
        manager = self.user_id
        if not manager or manager.share:
            return None
        contact = manager.partner_id
        return {
            "name": manager.name,
            "function": contact.function or "",
            "phone": contact.phone or "",
            "email": contact.email or "",
            "reason": self.manager_reason or "",
        }

    # === Actions ===

    def _portal_actions(self) -> list[dict]:
        """Return the actions of the page; those that are not allowed now carry the
        reason in words.

        The same checks stand behind the buttons: what is greyed here is refused
        there.
        """
        self.ensure_one()
        order_sudo = self._member_sudo()
        role_reason = self._portal_role_reason()
        repeat_reason = self._portal_repeat_reason()
        edit_reason = role_reason or order_sudo.edit_reason or ""
        cancel_reason = role_reason or order_sudo.cancel_reason or ""
        return [
            _action("edit", self.env._("Change"), edit_reason),
            _action("replace", self.env._("Other goods or contract"), edit_reason),
            _action("repeat", self.env._("Repeat"), repeat_reason),
            _action("copy", self.env._("Copy"), repeat_reason),
            _action("cancel", self.env._("Cancel order"), cancel_reason),
            _action("print", self.env._("Print"), ""),
        ]

    def _portal_role_reason(self) -> str:
        """Return why the person may not change this order, or nothing."""
        try:
            self._member_sudo(roles.ORDER)
        except AccessError as error:
            return str(error)
        return ""

    def _portal_repeat_reason(self) -> str:
        """Return why the person may not order the same once more, or nothing."""
        try:
            # sudo: the counterparty of an order that the person may read
            self.env["cement.cart"]._check_capability(
                self.sudo().counterparty_id, roles.ORDER
            )
        except AccessError as error:
            return str(error)
        return ""

    def _portal_edit_form(self) -> dict:
        """Return what the dialog of changes offers: sites and ways of unloading."""
        self.ensure_one()
        order_sudo = self._member_sudo()
        return {
            "sites": self._portal_sites(order_sudo.order_line.specification_line_id),
            # any way may be chosen; the site and the gate say which fit
            "unloadings": self.env["cement.unloading.way"].search([], limit=100),
        }

    def _portal_sites(self, agreed_sudo):
        """Return the sites to which all the agreed lines may be delivered, of
        those that the person may use."""
        domain = Domain("partner_id", "=", self.sudo().counterparty_id.id)
        for line in agreed_sudo:
            domain &= line._get_site_domain()
        return self.env["cement.site"].search(domain)

    def _portal_repeat_sites(self):
        """Return the sites to which the same can be ordered today, of those that the
        person may use; none for what is picked up at the plant."""
        self.ensure_one()
        order_sudo = self._member_sudo()
        if order_sudo.delivery_method_id.is_pickup:
            return self.env["cement.site"]
        choices = self.env["cement.cart"]._get_repeat_choices(
            order_sudo.counterparty_id, order_sudo.order_line.specification_line_id
        )
        domain = Domain("partner_id", "=", order_sudo.counterparty_id.id)
        for agreed in choices.values():
            # what is in no specification today is said when it is repeated
            if agreed:
                domain &= Domain.OR(line._get_site_domain() for line in agreed)
        return self.env["cement.site"].search(domain)

    def _portal_cancel_facts(self) -> dict:
        """Return the consequence of cancelling, in numbers."""
        self.ensure_one()
        order_sudo = self._member_sudo()
        return {
            "mass": order_sudo.load_mass,
            "amount": order_sudo.amount_total,
            "currency": order_sudo.currency_id,
            "reserved": sum(order_sudo.order_line.mapped("mass_reserved")),
            "volumes": [
                {
                    "specification": line.specification_line_id.specification_id.name,
                    "product": line.product_id.name,
                    "mass": line.mass,
                    "remaining": line.specification_line_id.volume_remaining,
                }
                for line in order_sudo.order_line
                if line.specification_line_id.volume_agreed
            ],
        }

    def _portal_repeat(self, site_id=None, day=None, name=None) -> dict:
        """Put the order into a new cart of the person, through all checks (F14).

        :param site_id: another site; by default that of the order.
        :param day: the day wanted; none by default, the cart asks for it.
        :return: ``{"url": of the cart or False, "added": n, "errors": [reason],
            "notes": [text]}``, notes on what goes by another specification line than
            before; when nothing could be added no cart is left behind.
        :raises AccessError: when the role does not include ordering.
        :raises UserError: when the site is not among those of the person.
        """
        self.ensure_one()
        order_sudo = self._member_sudo()
        carts = self.env["cement.cart"]
        cart = carts._create_draft(
            order_sudo.counterparty_id,
            name or self.env._("Repeat of %(order)s", order=order_sudo.name),
        )
        report = cart._add_from_orders(self, site_id=site_id, day=day)
        errors = [error["reason"] for error in report["errors"]]
        if not report["added"]:
            cart._discard()
            return {"url": False, "added": 0, "errors": errors, "notes": []}
        return {
            "url": f"/my/carts/{cart.id}",
            "added": report["added"],
            "errors": errors,
            "notes": report["notes"],
        }


def _action(key: str, label: str, reason: str) -> dict:
    return {"key": key, "label": label, "allowed": not reason, "reason": reason}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _portal_shipment_documents(self) -> list[dict]:
        """Return the documents of a shipment that are shared with the client, as
        `ir.attachment._portal_files` does; addons that make waybills add theirs."""
        self.ensure_one()
        return self.env["ir.attachment"]._portal_files(
            Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id),
            self.sale_id.counterparty_id,
        )
