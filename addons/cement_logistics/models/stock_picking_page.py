# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from werkzeug.exceptions import NotFound

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.tools import reasons

from ..tools import lifecycle, shipment_line

# A position older than this is shown as stale.
STALE_HOURS = 6
STALE_RAIL_HOURS = 72
# Kilometres from the site at which the goods can hardly have been received.
FAR_KM = 5.0
_ON_THE_MOVE = (lifecycle.LEFT, lifecycle.ON_WAY, lifecycle.NEAR)


class StockPicking(models.Model):
    """The page of one shipment: what it shows and what may be done on it."""

    _inherit = "stock.picking"

    def _shipment_sudo(self):
        """Return the shipments as superuser after the right to read was checked.

        :raises AccessError: when one is not the person's to see.
        """
        self.check_access("read")
        # sudo: read access was checked above; pages show names of plants, drivers
        # and contracts that stand on the shipment
        return self.sudo()

    def _portal_page(self) -> dict:
        """Return what the page of the shipment shows, ready to be rendered.

        :raises AccessError: when the person may not see the shipment.
        """
        self.ensure_one()
        shipment_sudo = self._shipment_sudo()
        receipt = shipment_sudo.confirmation_ids[:1]
        return {
            **self._portal_state(),
            "order": shipment_sudo._portal_order(),
            "lines": shipment_sudo._portal_shipment_lines(),
            "siblings": self._portal_sibling_rows(),
            "documents": self._portal_shipment_documents(),
            "links": self._portal_links(),
            "receipt": receipt._prepare_receipt() if receipt else None,
            "can_confirm": shipment_sudo._can_confirm(),
            **shipment_sudo._portal_page_values(),
        }

    def _portal_state(self) -> dict:
        """Return the part of the page that changes while the vehicle drives."""
        self.ensure_one()
        shipment_sudo = self._shipment_sudo()
        [row] = self._portal_rows()
        actions = self._portal_shipment_actions()
        return {
            "shipment": shipment_sudo,
            "fmt": shipment_sudo._get_cement_formats(),
            "row": row,
            "state_hint": shipment_sudo._portal_state_hint(),
            "steps": shipment_sudo._portal_steps(),
            "way": shipment_sudo._portal_way(),
            "actions": actions,
            "reasons": reasons.group(actions),
        }

    def _portal_steps(self) -> list[dict]:
        """Return the line of steps with their names and times."""
        self.ensure_one()
        labels = dict(self._selection_shipment_state())
        steps = shipment_line.build(
            self.shipment_state or lifecycle.PLANNED,
            [
                shipment_line.Event(event.state, event.date, event.is_estimated)
                for event in self.shipment_event_ids
            ],
            is_rail=self.transport == "rail",
        )
        return [
            {
                "state": step.state,
                "label": labels[step.state],
                "progress": step.progress,
                "when": step.when,
                "is_estimated": step.is_estimated,
                "tone": step.tone,
            }
            for step in steps
        ]

    def _portal_shipment_actions(self) -> list[dict]:
        """Return the buttons of the page; addons add theirs.

        Each: ``key``, ``label``, ``url``, ``allowed``, ``reason`` (why not), and if
        wanted ``icon`` and ``look`` (class of the button).
        """
        self.ensure_one()
        shipment_sudo = self._shipment_sudo()
        if (
            shipment_sudo.shipment_state == lifecycle.CANCELLED
            or shipment_sudo.confirmation_ids
        ):
            return []
        user = self.env.user
        reason = ""
        if not shipment_sudo._can_confirm():
            reason = self.env._("The goods have not left the plant yet.")
        elif not user._is_internal() and not user._cement_can(
            roles.ORDER, shipment_sudo.counterparty_id
        ):
            reason = self.env._("Your role does not include confirming deliveries.")
        return [
            {
                "key": "confirm",
                "label": self.env._("Confirm the delivery"),
                "url": f"/my/shipments/{self.id}/confirm",
                "icon": "check",
                "look": "btn-primary"
                if shipment_sudo.shipment_state
                in (lifecycle.ARRIVED, lifecycle.UNLOADING)
                else "btn-secondary",
                "allowed": not reason,
                "reason": reason,
            }
        ]

    def _portal_state_hint(self) -> str:
        """Return in a sentence what the state means for the client."""
        self.ensure_one()
        if self.is_pickup and self.shipment_state == lifecycle.PLANNED:
            return self.env._("The plant waits for your vehicle.")
        if self.transport == "rail":
            told = {
                lifecycle.PLANNED: self.env._("The wagon is not loaded yet."),
                lifecycle.LOADING: self.env._("The wagon is being loaded."),
                lifecycle.ARRIVED: self.env._("The wagon stands at its station."),
            }.get(self.shipment_state or lifecycle.PLANNED)
            if told:
                return told
        return {
            lifecycle.PLANNED: self.env._("The vehicle is not at the plant yet."),
            lifecycle.LOADING: self.env._("The vehicle is being loaded."),
            lifecycle.LEFT: self.env._("The goods have left the plant."),
            lifecycle.ON_WAY: self.env._("The goods are on their way to you."),
            lifecycle.NEAR: self.env._("The vehicle is about an hour away."),
            lifecycle.ARRIVED: self.env._("The vehicle stands at your gate."),
            lifecycle.UNLOADING: self.env._("The goods are being unloaded."),
            lifecycle.DONE: self.env._("The goods are delivered."),
            lifecycle.CANCELLED: self.env._("The shipment is cancelled."),
        }.get(self.shipment_state or lifecycle.PLANNED, "")

    def _portal_order(self) -> dict:
        """Return the order behind the shipment (as superuser)."""
        self.ensure_one()
        order = self.sale_id
        return {
            "id": order.id,
            "url": f"/my/orders/{order.id}",
            "number": order.name,
            "ref": order.client_order_ref or "",
            "author": order.ordered_by_id.name or "",
            "consignee": order.consignee_id.name or "",
            "unloading": order.unloading_way_id.name or "",
            "contract": order.agreement_id.code or order.agreement_id.name or "",
        }

    def _portal_shipment_lines(self) -> list[dict]:
        """Return what the vehicle carries (as superuser)."""
        self.ensure_one()
        is_done = self.state == "done"
        return [
            {
                "product": move.product_id.name,
                "form": move.product_id.cargo_form_id.name or "",
                "gost": move.product_id.gost or "",
                "lots": ", ".join(move.move_line_ids.lot_id.mapped("name")),
                "planned": move._get_cement_mass(move.product_uom_qty),
                "mass": move._get_cement_mass(
                    move.quantity if is_done else move.product_uom_qty
                ),
            }
            for move in self.move_ids
            if move.state != "cancel" or self.state == "cancel"
        ]

    def _portal_sibling_rows(self) -> list[dict]:
        """Return the other shipments of the same order (partial shipments, F208)."""
        self.ensure_one()
        others = self.search(
            self._portal_shipment_domain()
            & Domain("sale_id", "=", self.sudo().sale_id.id)
            & Domain("id", "!=", self.id),
            order="id",
            limit=40,
        )
        return others._portal_rows()

    def _get_portal_shipment(self):
        """Return the shipment, when the portal has a page for it.

        :raises NotFound: for returns and moves inside the plant.
        """
        self.ensure_one()
        if not self.filtered_domain(self._portal_shipment_domain()):
            raise NotFound()
        return self

    @api.model
    def _get_map_settings(self) -> dict:
        """Return where the map takes its tiles from: nowhere by default, then it
        draws a grid of its own and asks no other host."""
        # sudo: two public settings
        config_sudo = self.env["ir.config_parameter"].sudo()
        url = config_sudo.get_param("cement_logistics.tile_url") or ""
        return {
            "tile_url": url if url.startswith(("https://", "http://", "/")) else "",
            "attribution": config_sudo.get_param("cement_logistics.tile_attribution")
            or "",
        }

    @api.model
    def _portal_shipment_domain(self) -> Domain:
        """Return the domain of what counts as a shipment to a client."""
        return Domain("is_cement", "=", True) & Domain(
            "picking_type_id", "in", self._get_outgoing_type_ids()
        )

    @api.model
    def _get_outgoing_type_ids(self) -> tuple[int, ...]:
        # sudo: the kinds of transfers of the plants; clients do not read them
        types_sudo = self.env["stock.picking.type"].sudo()
        return tuple(
            types_sudo.with_context(active_test=False)
            .search([("code", "=", "outgoing")])
            .ids
        )

    def _is_far_from_site(self) -> bool:
        """Whether somebody has seen the vehicle, not long ago, far from the site."""
        self.ensure_one()
        return (
            self.shipment_state in _ON_THE_MOVE
            and bool(self.position_date)
            and not self._is_position_stale()
            and self.distance_left > FAR_KM
        )

    def _is_position_stale(self) -> bool:
        """Whether nobody has heard for hours of a vehicle that is on its way.

        What has arrived stands where it stands. The railway speaks of a wagon when
        something happens to it: silence of a day or two is no lack of news.
        """
        self.ensure_one()
        if not self.position_date or self.shipment_state not in _ON_THE_MOVE:
            return False
        hours = STALE_RAIL_HOURS if self.transport == "rail" else STALE_HOURS
        return self.position_date < fields.Datetime.now() - timedelta(hours=hours)
