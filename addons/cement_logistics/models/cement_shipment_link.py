# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.cement_base.tools import roles

from ..tools import lifecycle
from .stock_picking import PROMISE_GROUPS

# 32 characters of 6 bits: nobody guesses them.
TOKEN_BYTES = 24
# Live links of one shipment: a foreman, a second one, the driver of the loader.
LINKS_LIMIT = 10


class CementShipmentLink(models.Model):
    """A link with which anybody who holds it follows one shipment for a while.

    It shows the state, the vehicle, tonnes, arrival and, until delivery, the map;
    and lets the foreman confirm the delivery. Nothing else.
    """

    _name = "cement.shipment.link"
    _description = "Tracking link of a shipment"
    _order = "id desc"
    _rec_name = "picking_id"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        required=True,
        ondelete="cascade",
        index=True,
    )
    token = fields.Char(
        required=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(TOKEN_BYTES),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Made by",
        required=True,
        default=lambda self: self.env.uid,
        readonly=True,
    )
    expiry_date = fields.Datetime(string="Opens until", required=True)
    revoked_date = fields.Datetime(string="Withdrawn on", readonly=True)
    opened_count = fields.Integer(string="Opened", readonly=True)
    opened_date = fields.Datetime(string="Opened last", readonly=True)
    is_live = fields.Boolean(compute="_compute_is_live")

    _token_uniq = models.UniqueIndex("(token)", "This token is taken.")

    @api.depends("expiry_date", "revoked_date")
    def _compute_is_live(self):
        now = fields.Datetime.now()
        for link in self:
            link.is_live = not link.revoked_date and link.expiry_date > now

    @api.model
    def _make(self, shipment):
        """Return a live link of the current user for *shipment*, as superuser: the
        one that there is, else a new one.

        :raises AccessError: when the role does not include ordering.
        :raises UserError: when there is nothing to follow (any more).
        """
        shipment_sudo = self._check_member(shipment)
        if shipment_sudo.shipment_state in lifecycle.FINAL:
            raise UserError(
                self.env._("The shipment is over: there is nothing to follow.")
            )
        # sudo: members have no access to links; the shipment was checked
        links_sudo = self.sudo().search(
            [("picking_id", "=", shipment.id), ("revoked_date", "=", False)]
        )
        live_sudo = links_sudo.filtered("is_live")
        own = live_sudo.filtered(lambda link: link.user_id == self.env.user)[:1]
        if own:
            return own
        if len(live_sudo) >= LINKS_LIMIT:
            raise UserError(
                self.env._("There are %(count)s links already.", count=len(live_sudo))
            )
        days = shipment_sudo.company_id.cement_link_days
        start = fields.Datetime.now()
        if shipment_sudo.eta_date:
            start = max(start, shipment_sudo.eta_date)
        return self.sudo().create(
            {
                "picking_id": shipment.id,
                "user_id": self.env.uid,
                "expiry_date": start + timedelta(days=days),
            }
        )

    @api.model
    def _check_member(self, shipment):
        """Return *shipment* as superuser when the person may give links to it."""
        shipment_sudo = shipment._shipment_sudo()
        user = self.env.user
        if user._is_internal():
            return shipment_sudo
        if not user._cement_can(roles.ORDER, shipment_sudo.counterparty_id):
            raise AccessError(
                self.env._("Your role does not include links for the foreman.")
            )
        return shipment_sudo

    @api.model
    def _withdraw(self, shipment):
        """Close all links of *shipment* on behalf of a member.

        :return: how many were closed.
        """
        self._check_member(shipment)
        # sudo: see _make
        links_sudo = self.sudo().search(
            [("picking_id", "=", shipment.id), ("revoked_date", "=", False)]
        )
        links_sudo.revoked_date = fields.Datetime.now()
        return len(links_sudo)

    def action_withdraw(self):
        """Close the links (back office).

        :raises AccessError: for who is neither a dispatcher nor a manager.
        """
        if not (self.env.su or self.env.user.has_groups(PROMISE_GROUPS)):
            raise AccessError(
                self.env._("Only a dispatcher or a manager withdraws links.")
            )
        self.check_access("read")
        # sudo: nobody writes links by hand, how long they open included
        self.sudo().filtered("is_live").revoked_date = fields.Datetime.now()

    @api.model
    def _find(self, token):
        """Return the live link with *token* as superuser, or nothing: wrong, expired
        and withdrawn ones are alike."""
        if not isinstance(token, str) or not 20 <= len(token) <= 64:
            return self.sudo().browse()
        # sudo: the token is the right
        link_sudo = self.sudo().search([("token", "=", token)], limit=1)
        is_open = link_sudo.is_live and (
            link_sudo.picking_id.shipment_state != lifecycle.CANCELLED
        )
        return link_sudo if is_open else link_sudo.browse()

    def _note_opening(self):
        """Count an opening, none of two at a time being lost."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "UPDATE cement_shipment_link SET opened_count = "
                "COALESCE(opened_count, 0) + 1, opened_date = %s WHERE id = %s",
                fields.Datetime.now(),
                self.id,
            )
        )
        self.invalidate_recordset(["opened_count", "opened_date"], flush=False)

    def _get_url(self) -> str:
        """Return the address of the public page."""
        self.ensure_one()
        return f"{self.get_base_url()}/cement/track/{self.token}"

    def _public_page(self) -> dict:
        """Return all that the holder of the link may see."""
        self.ensure_one()
        shipment = self.picking_id
        [row] = shipment._portal_rows()
        is_over = row["state"] in lifecycle.FINAL
        confirmation = shipment.confirmation_ids[:1]
        return {
            "fmt": shipment._get_cement_formats(),
            "row": {
                key: row[key]
                for key in (
                    "state",
                    "state_label",
                    "tone",
                    "vehicle",
                    "trailer",
                    "mass",
                    "site",
                    "is_rail",
                    "is_under_way",
                    "arrived",
                )
            }
            | {
                # after delivery nobody follows the vehicle any more
                "eta": None if is_over else row["eta"],
                "distance": 0.0 if is_over else row["distance"],
                "place": "" if is_over else row["place"],
                "position_date": None if is_over else row["position_date"],
                "is_stale": row["is_stale"],
                "is_far": row["is_far"],
                "has_position": not is_over and row["has_position"],
                "is_late": row["is_late"],
            },
            "steps": shipment._portal_steps(),
            "state_hint": shipment._portal_state_hint(),
            "is_over": is_over,
            "expiry_date": self.expiry_date,
            "can_confirm": shipment._can_confirm(),
            # who received, and what was missing, is the client's to know
            "confirmed": confirmation.create_date if confirmation else None,
        }

    def _public_map(self) -> dict:
        """Return the one point of the map; nothing once the goods are delivered."""
        self.ensure_one()
        shipment = self.picking_id.filtered_domain(self.picking_id._get_map_domain())
        data = shipment._prepare_map(lambda _shipment: "")
        hidden = ("url", "mass", "site_id")
        return {
            "points": [
                {key: value for key, value in point.items() if key not in hidden}
                for point in data["points"]
            ],
            "places": data["places"],
        }


class StockPicking(models.Model):
    _inherit = "stock.picking"

    link_ids = fields.One2many(
        "cement.shipment.link", "picking_id", string="Tracking links"
    )

    def _portal_links(self) -> dict:
        """Return what the card of links shows: whether the person may make one, and
        the live one of its own."""
        self.ensure_one()
        shipment_sudo = self._shipment_sudo()
        links_sudo = shipment_sudo.link_ids.filtered("is_live")
        own = links_sudo.filtered(lambda link: link.user_id == self.env.user)[:1]
        user = self.env.user
        can = user._is_internal() or user._cement_can(
            roles.ORDER, shipment_sudo.counterparty_id
        )
        return {
            "fmt": shipment_sudo._get_cement_formats(),
            "can": can and shipment_sudo.shipment_state not in lifecycle.FINAL,
            "can_withdraw": bool(can and links_sudo),
            "url": own._get_url() if own else "",
            "expiry_date": own.expiry_date if own else None,
            "count": len(links_sudo),
            "opened": sum(links_sudo.mapped("opened_count")),
            "opened_date": max(
                links_sudo.filtered("opened_date").mapped("opened_date"), default=None
            ),
        }
