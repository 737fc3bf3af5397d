# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re
import uuid

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.tools import reasons

from ..tools import change, hours

_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
TEXT_LIMIT = 1000
ROWS_LIMIT = 200

_TONES = {
    change.NEW: "info",
    change.ACCEPTED: "ok",
    change.DECLINED: "block",
    change.EXPIRED: "warn",
    change.WITHDRAWN: "muted",
}


class CementChangeRequest(models.Model):
    """The request as the client makes it and sees it."""

    _inherit = "cement.change.request"

    # === Making ===

    @api.model
    def _submit(self, order, vals: dict):
        """Ask for a change on behalf of a member.

        :param order: an order that the person may read.
        :param vals: as typed: ``kind``, ``picking_id``, ``line_id``, ``quantity``,
            ``day``, ``site_id``, ``unloading_way_id``, ``from``, ``to``,
            ``hold_until``, ``reason``, and ``key``: the client's own, so that
            sending twice makes one request.
        :return: the request, in the rights of the member.
        :raises UserError: saying what to mend; nothing is stored then.
        """
        key = self._parse_key(vals.get("key"))
        if key:
            # sudo: only own requests are looked for
            made = self.sudo().search(
                [("author_id", "=", self.env.uid), ("client_key", "=", key)], limit=1
            )
            if made:
                return made.sudo(False)
        order_sudo = order._check_change_right()
        order_sudo._cement_lock()
        picking = self._find_picking(order_sudo, vals.get("picking_id"))
        kind = vals.get("kind")
        if kind not in change.KINDS:
            raise UserError(self.env._("Choose what is to be changed."))
        if order_sudo.state != "sale":
            raise UserError(self.env._("The order is closed: nothing is changed."))
        denial = self._get_denial(order_sudo, picking, kind, is_answer=False)
        if denial:
            raise UserError(denial)
        if self.sudo().search_count(
            [
                ("order_id", "=", order_sudo.id),
                ("picking_id", "=", picking.id),
                ("kind", "=", kind),
                ("state", "=", change.NEW),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "There is a request of this kind without an answer already: wait "
                    "for it or withdraw it."
                )
            )
        record_vals = {
            "order_id": order_sudo.id,
            "picking_id": picking.id,
            "kind": kind,
            "reason": self._parse_reason(vals.get("reason")),
            "author_id": self.env.uid,
            "client_key": key,
            "expires_at": self._get_expiry(order_sudo, kind),
            **getattr(self, f"_parse_{kind}")(order_sudo, vals),
        }
        line = order_sudo.order_line.browse(record_vals.get("order_line_id") or [])
        record_vals["before_text"] = self._get_before_text(order_sudo, kind, line)
        record_vals["after_text"] = self._get_after_text(record_vals)
        try:
            with self.env.cr.savepoint():
                # sudo: members have no right to create; all is checked above
                request_sudo = (
                    self.sudo()
                    .with_context(mail_create_nosubscribe=True)
                    .create(record_vals)
                )
        except UniqueViolation as error:
            # the same came at the same moment by another request: run again, this
            # transaction cannot see it
            raise ConcurrencyError("change asked for twice") from error
        order_sudo.message_post(
            body=self.env._(
                "The client asks for a change (%(name)s): %(before)s → %(after)s. "
                "%(reason)s",
                name=request_sudo.name,
                before=record_vals["before_text"] or "—",
                after=record_vals["after_text"],
                reason=record_vals["reason"],
            ),
            author_id=self.env.user.partner_id.id,
        )
        request_sudo._announce()
        return request_sudo.sudo(False)

    @api.model
    def _parse_key(self, key):
        if not key:
            return False
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise UserError(self.env._("Reload the page and send the request again."))
        return key

    @api.model
    def _find_picking(self, order_sudo, picking_id):
        """Return the shipment that is meant: the one named, else the first that is
        under way or planned."""
        pickings = order_sudo.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
            and picking.state != "cancel"
        )
        if picking_id:
            chosen = pickings.filtered(lambda picking: picking.id == picking_id)
            if not chosen:
                raise UserError(self.env._("This shipment is not of the order."))
            return chosen
        waiting = pickings.filtered(lambda picking: picking.state != "done")
        return (waiting or pickings)[:1]

    @api.model
    def _parse_reason(self, value) -> str:
        text = value.replace("\x00", "").strip() if isinstance(value, str) else ""
        if not text:
            raise UserError(self.env._("Write in a few words why."))
        if len(text) > TEXT_LIMIT:
            raise UserError(
                self.env._(
                    "The text is too long: at most %(limit)s characters.",
                    limit=TEXT_LIMIT,
                )
            )
        return text

    @api.model
    def _parse_quantity(self, order_sudo, vals) -> dict:
        lines = order_sudo.order_line.filtered("specification_line_id")
        line_id = vals.get("line_id")
        line = lines.filtered(lambda line: line.id == line_id) if line_id else lines[:1]
        if not line or (len(lines) > 1 and not line_id):
            raise UserError(self.env._("Choose the product."))
        mass = self.env["cement.cart"]._parse_quantity(vals.get("quantity"))
        if round(mass * 1000) == round(line.mass * 1000):
            raise UserError(self.env._("This is what is ordered already."))
        return {"order_line_id": line.id, "new_quantity": mass}

    @api.model
    def _parse_future_day(self, order_sudo, value, *, needed=True):
        day = self.env["cement.cart"]._parse_day(value)
        if not day and not needed:
            return False
        if not day:
            raise UserError(self.env._("Choose the day."))
        first = order_sudo._portal_first_day()
        if day < first:
            fmt = self.env["cement.portal.shell"]._get_formats()
            raise UserError(
                self.env._("The first possible day is %(day)s.", day=fmt.day(first))
            )
        return day

    @api.model
    def _parse_day(self, order_sudo, vals) -> dict:
        day = self._parse_future_day(order_sudo, vals.get("day"))
        if day == (order_sudo.promised_date or order_sudo.requested_date):
            raise UserError(self.env._("This is the day of the order already."))
        return {"new_day": day}

    @api.model
    def _parse_site(self, order_sudo, vals) -> dict:
        sites = order_sudo.sudo(False)._portal_sites(
            order_sudo.order_line.specification_line_id
        )
        site = sites.filtered(lambda site: site.id == vals.get("site_id"))
        if not site:
            raise UserError(self.env._("Choose one of your sites."))
        if site.id == order_sudo.site_id.id:
            raise UserError(self.env._("This is the site of the order already."))
        return {"new_site_id": site.id}

    @api.model
    def _parse_unloading(self, order_sudo, vals) -> dict:
        # sudo: vocabulary
        way = (
            self.env["cement.unloading.way"]
            .sudo()
            .search([("id", "=", vals.get("unloading_way_id") or 0)])
        )
        if not way:
            raise UserError(self.env._("Choose the way of unloading."))
        if way == order_sudo.unloading_way_id:
            raise UserError(self.env._("This is so already."))
        return {"new_unloading_way_id": way.id}

    @api.model
    def _parse_hours(self, order_sudo, vals) -> dict:
        carts = self.env["cement.cart"]
        start = carts._parse_hour(vals.get("from")) or 0.0
        stop = carts._parse_hour(vals.get("to")) or 0.0
        if stop and start >= stop:
            raise UserError(self.env._("The hours must begin before they end."))
        if (start, stop) == (order_sudo.desired_from, order_sudo.desired_to):
            raise UserError(self.env._("This is so already."))
        return {"new_from": start, "new_to": stop}

    @api.model
    def _parse_hold(self, order_sudo, vals) -> dict:
        if order_sudo.is_on_hold:
            raise UserError(self.env._("The order is on hold already."))
        day = self._parse_future_day(order_sudo, vals.get("hold_until"), needed=False)
        return {"hold_until": day}

    @api.model
    def _parse_cancel(self, _order_sudo, _vals) -> dict:
        return {}

    # === Withdrawing ===

    def _withdraw(self):
        """Take the request back on behalf of a member.

        :raises UserError: when it has its answer already.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the right to the order is checked on the next line
        request_sudo = self.sudo()
        request_sudo.order_id.sudo(False)._member_sudo(roles.ORDER)
        request_sudo._lock()
        request_sudo._check_open()
        request_sudo._close(change.WITHDRAWN)

    # === Pages ===

    @api.model
    def _get_options(self, order, picking=None) -> list[dict]:
        """Return the kinds of changes with the reason of those that are closed."""
        # sudo: the shipment of an order that the person may read
        order_sudo = order.sudo()
        picking = picking or self._find_picking(order_sudo, None)
        method = order_sudo.delivery_method_id
        options = []
        for kind, label in self._selection_kind():
            if method.is_pickup and kind in (
                change.SITE,
                change.UNLOADING,
                change.HOURS,
            ):
                continue
            denial = self._get_denial(order_sudo, picking, kind, is_answer=False)
            options.append(
                {"kind": kind, "label": label, "allowed": not denial, "reason": denial}
            )
        return options

    @api.model
    def _portal_form(self, order, picking_id=None) -> dict:
        """Return what the form offers."""
        order_sudo = order._member_sudo()
        picking = self._find_picking(order_sudo, picking_id)
        pickings = order_sudo.picking_ids.filtered(
            lambda entry: entry.picking_type_code == "outgoing"
            and entry.state not in ("done", "cancel")
        )
        # sudo: vocabulary
        ways = self.env["cement.unloading.way"].sudo().search([], limit=100)
        fitting = order_sudo.vehicle_type_id.unloading_way_ids
        options = self._get_options(order, picking)
        return {
            "fmt": order_sudo._get_cement_formats(),
            "order": order_sudo,
            "picking": picking,
            "pickings": pickings if len(pickings) > 1 else pickings.browse(),
            "options": [option for option in options if option["allowed"]],
            "closed": reasons.group(options),
            "denial": order._portal_change_reason(),
            "lines": order_sudo.order_line.filtered("specification_line_id"),
            "sites": order._portal_sites(order_sudo.order_line.specification_line_id)
            if order_sudo.site_id
            else [],
            "ways": ways & fitting if fitting else ways,
            "first_day": order._portal_first_day(),
            "hours": {
                "from": hours.hour_text(order_sudo.desired_from)
                if order_sudo.desired_from
                else "",
                "to": hours.hour_text(order_sudo.desired_to)
                if order_sudo.desired_to
                else "",
            },
            "key": uuid.uuid4().hex,
            "text_limit": TEXT_LIMIT,
        }

    @api.model
    def _portal_rows_of(self, order) -> list[dict]:
        """Return the requests on *order* that the person may see."""
        return self.search([("order_id", "=", order.id)])._portal_rows()

    @api.model
    def _portal_list(self, partner, status: str) -> dict:
        """Return the requests of *partner* that the person may see."""
        base = Domain("partner_id", "=", partner.id)
        counts = dict(self._read_group(base, ["is_open"], ["__count"]))
        domain = base
        if status:
            domain &= Domain("is_open", "=", status == "open")
        return {
            "rows": self.search(domain, limit=ROWS_LIMIT)._portal_rows(),
            "all": sum(counts.values()),
            "open": counts.get(True, 0),
            "answered": counts.get(False, 0),
        }

    def _portal_rows(self) -> list[dict]:
        kinds = dict(self._selection_kind())
        states = dict(self._selection_state())
        rows = []
        # sudo: names of orders and people on requests that the person may read
        for request in self.sudo():
            rows.append(
                {
                    "id": request.id,
                    "number": request.name,
                    "order": request.order_id.name,
                    "order_url": f"/my/orders/{request.order_id.id}",
                    "shipment": request.picking_id.name or "",
                    "kind": kinds[request.kind],
                    "before": request.before_text or "",
                    "after": request.after_text or "",
                    "reason": request.reason,
                    "clock": request.order_id._get_cement_clock(),
                    "date": request.create_date,
                    "author": request.author_id.name or "",
                    "state": request.state,
                    "state_label": states[request.state],
                    "tone": _TONES[request.state],
                    "answer": request.answer or "",
                    "answered_at": request.answered_at,
                    "expires_at": request.expires_at,
                    "can_withdraw": request.state == change.NEW
                    and not request.order_id.sudo(False)._portal_role_reason(),
                }
            )
        return rows
