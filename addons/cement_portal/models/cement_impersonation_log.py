# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.cement_base.tools import tokens

# Key of the session under which the way back is kept.
SESSION_KEY = "cement_see_as"
# What a session learned about the manager and must not lend to the client's.
_PRIVATE_KEYS = ("identity-check-last", "portal_counters", "cement_flash")
# The link that the back office opens is good for this long, and once.
LINK_SECONDS = 120
DEFAULT_HOURS = 2
HOURS_PARAM = "cement_portal.see_as_hours"


class CementImpersonationLog(models.Model):
    """A manager looks at the portal as one of the client's people (F78).

    The row is the right itself: the session of the browser names it, and every
    request asks whether it is still open.  It stays for ever as the record of who
    looked as whom, when, from where and why.
    """

    _name = "cement.impersonation.log"
    _description = "Portal seen as the client"
    _order = "id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", string="Manager", required=True, index=True, ondelete="restrict"
    )
    target_user_id = fields.Many2one(
        "res.users", string="Seen as", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Counterparty",
        required=True,
        index=True,
        ondelete="restrict",
    )
    reason = fields.Char(required=True)
    ip_address = fields.Char(string="IP address")
    date_from = fields.Datetime(string="From", help="Empty: the link was never opened.")
    date_expiry = fields.Datetime(string="Ends by itself")
    date_to = fields.Datetime(string="Until")
    order_ids = fields.One2many(
        "sale.order", "impersonation_log_id", string="Orders placed"
    )
    order_count = fields.Integer(compute="_compute_order_count")
    # only the hash of the link's secret is kept, and only until it is used
    link_hash = fields.Char(groups="base.group_system", copy=False)

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("impersonation_log_id", "in", self.ids)],
                ["impersonation_log_id"],
                ["__count"],
            )
        )
        for log in self:
            log.order_count = counts.get(log, 0)

    @api.depends("user_id.name", "target_user_id.name")
    def _compute_display_name(self):
        for log in self:
            log.display_name = f"{log.user_id.name} → {log.target_user_id.name}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of seeing as the client is kept."))

    # === Begin ===

    @api.model
    def _check_manager(self, user=None):
        """Refuse everybody but sales managers.

        :raises AccessError: naming what is missing.
        """
        user = user or self.env.user
        if not (
            user._is_internal() and user.has_group("cement_base.group_sales_manager")
        ):
            raise AccessError(
                self.env._("Only a sales manager may see the portal as a client.")
            )

    @api.model
    def _check_target(self, member):
        """Refuse whoever is not a plain portal user acting for a counterparty.

        :raises AccessError: always the same text: it tells nothing about the login.
        """
        # sudo: groups of another user
        user_sudo = member.sudo().user_id
        is_plain = (
            user_sudo.active
            and user_sudo.share
            and user_sudo.has_group("base.group_portal")
            and not user_sudo._is_internal()
            and not user_sudo._is_superuser()
            and not user_sudo._is_public()
            and not user_sudo.has_group("base.group_system")
        )
        if not (is_plain and member.active and member.partner_id.is_counterparty):
            raise AccessError(self.env._("The portal cannot be seen as this person."))

    @api.model
    def _begin(self, member, reason: str) -> str:
        """Record the wish to see the portal as *member*; return the link that does
        it, once and soon.

        The link and not this call changes the session: the back office may be open
        in a frame or called by a program, a browser's own request may not.
        """
        self._check_manager()
        member.check_access("read")
        self._check_target(member)
        reason = (reason or "").strip()
        if len(reason) < 3:
            raise UserError(self.env._("Say why: the client may ask for it."))
        secret = tokens.new_token()
        # sudo: managers read the log and never write it by hand
        log_sudo = self.sudo().create(
            {
                "user_id": self.env.uid,
                "target_user_id": member.user_id.id,
                "partner_id": member.partner_id.id,
                "reason": reason[:250],
                "link_hash": tokens.digest(secret),
            }
        )
        return f"/cement/see-as/{log_sudo.id}/{secret}"

    @api.model
    def _open_link(self, log_id: int, secret: str):
        """Turn the session of the current request into the client's.

        :raises AccessError: when the link is another's, used, old or wrong, or the
            manager or the person may not any more.
        """
        # sudo: the secret is compared here and nowhere else
        log_sudo = self.sudo().browse(log_id).exists()
        now = fields.Datetime.now()
        if (
            not log_sudo
            or not log_sudo.link_hash
            or not tokens.is_same(log_sudo.link_hash, tokens.digest(secret))
            or log_sudo.user_id.id != request.session.uid
            or log_sudo.create_date < now - timedelta(seconds=LINK_SECONDS)
            or request.session.get(SESSION_KEY)
        ):
            raise AccessError(
                self.env._("This link is used or out of date. Press the button again.")
            )
        self._check_manager(log_sudo.user_id)
        self._check_target(log_sudo._get_member())
        hours = float(
            self.env["ir.config_parameter"].sudo().get_param(HOURS_PARAM, DEFAULT_HOURS)
        )
        log_sudo.write(
            {
                "link_hash": False,
                "date_from": now,
                "date_expiry": now + timedelta(hours=hours),
                "ip_address": request.httprequest.remote_addr,
            }
        )
        log_sudo.target_user_id.cement_current_partner_id = log_sudo.partner_id
        log_sudo._switch_session()
        return log_sudo

    def _get_member(self):
        self.ensure_one()
        return self.env["cement.member"].search(
            [
                ("user_id", "=", self.target_user_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            limit=1,
        )

    def _switch_session(self):
        """Put the person into the session and keep the way back.

        A fresh session id is taken and the token of Odoo made for the person, so
        the session is as good as one after a login; the manager's own is gone.
        """
        self.ensure_one()
        session, manager = request.session, self.user_id
        back = {
            "log_id": self.id,
            "uid": manager.id,
            "login": manager.login,
            "name": manager.name,
            "target_uid": self.target_user_id.id,
            "target": self.target_user_id.name,
            "partner": self.partner_id.name,
            "until": fields.Datetime.to_string(self.date_expiry),
            # changes with the password, the login and the account itself
            "seal": self._get_seal(manager),
        }
        self._set_session_user(session, self.target_user_id)
        session[SESSION_KEY] = back

    @api.model
    def _set_session_user(self, session, user):
        for key in _PRIVATE_KEYS:
            session.pop(key, None)
        user_env = self.env(user=user.id)
        session.update(
            {
                "uid": user.id,
                "login": user.login,
                "context": dict(user_env["res.users"].context_get()),
                "session_token": user_env.user._compute_session_token(session.sid),
            }
        )
        # a new id: whoever knew the old one does not follow
        session.should_rotate = True

    def _get_seal(self, user) -> str:
        """Return what the manager's account was like at the beginning."""
        self.ensure_one()
        return user._compute_session_token(f"cement-see-as-{self.id}")

    # === Every request ===

    @api.model
    def _get_current(self) -> dict:
        """Return what the session of the current request knows of being seen as a
        client; empty outside of requests and for everybody else.

        The session lies on the server: no client can claim this.
        """
        if not request:
            return {}
        return request.session.get(SESSION_KEY) or {}

    @api.model
    def _is_open(self, back: dict, uid: int | None) -> bool:
        """Whether the session that *back* describes may go on: the row is open and
        not expired, the manager is who it was and still a sales manager."""
        # sudo: asked before anybody is logged in
        log_sudo = self.sudo().browse(back.get("log_id", 0)).exists()
        if not log_sudo or log_sudo.date_to or not log_sudo.date_from:
            return False
        if log_sudo.date_expiry <= fields.Datetime.now():
            return False
        if (log_sudo.user_id.id, log_sudo.target_user_id.id) != (back["uid"], uid):
            return False
        manager = log_sudo.user_id
        seal = log_sudo._get_seal(manager) if manager.active else ""
        return bool(
            seal
            and tokens.is_same(seal, back.get("seal") or "")
            and manager.has_group("cement_base.group_sales_manager")
        )

    # === End ===

    @api.model
    def _close(self, back: dict):
        """Write down the end."""
        # sudo: see _begin
        log_sudo = self.sudo().browse(back.get("log_id", 0)).exists()
        if log_sudo and not log_sudo.date_to:
            log_sudo.date_to = min(
                fields.Datetime.now(), log_sudo.date_expiry or fields.Datetime.now()
            )

    @api.model
    def _return(self) -> str:
        """Give the session back to the manager and return the page to go to.

        :raises AccessError: when the session is nobody's to give back.
        """
        back = self._get_current()
        if not back:
            raise AccessError(self.env._("You see the portal as yourself."))
        partner_id = self.sudo().browse(back["log_id"]).partner_id.id
        is_open = self._is_open(back, request.session.uid)
        self._close(back)
        request.session.pop(SESSION_KEY, None)
        if not is_open:
            request.session.logout(keep_db=True)
            return "/web/login"
        # sudo: the manager's record, whose seal was compared in _is_open
        self._set_session_user(
            request.session, self.env["res.users"].sudo().browse(back["uid"])
        )
        return f"/odoo/res.partner/{partner_id}"

    @api.autovacuum
    def _close_expired(self):
        """Write the end of those that ran out without a word."""
        for log in self.sudo().search(
            [("date_to", "=", False), ("date_expiry", "<", fields.Datetime.now())]
        ):
            log.date_to = log.date_expiry

    def action_close(self):
        """End a session from the log; the next request of its browser obeys."""
        self._check_manager()
        for log in self.sudo():
            # sudo: see _begin
            if not log.date_to:
                log.date_to = fields.Datetime.now()

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_sale.sale_order_action_cement"
        )
        action["domain"] = [("impersonation_log_id", "=", self.id)]
        action["context"] = {}
        return action


class SaleOrder(models.Model):
    _inherit = "sale.order"

    impersonation_log_id = fields.Many2one(
        "cement.impersonation.log",
        string="Placed by a manager as the client",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )

    def _note_impersonation(self, back: dict):
        """Write on the orders who acted for the client."""
        self.write({"impersonation_log_id": back["log_id"]})
        note = self.env._(
            "Placed by %(manager)s in the name of %(person)s.",
            manager=back["name"],
            person=back["target"],
        )
        self._message_log_batch(bodies={order.id: note for order in self})


class CementCart(models.Model):
    _inherit = "cement.cart"

    def _confirm(self, channel, version=None):
        """Override of `cement_sale`: what a manager orders in the client's place is
        the manager's, and says so."""
        back = self.env["cement.impersonation.log"]._get_current()
        orders = super()._confirm("manager" if back else channel, version)
        if back:
            # sudo: the log is not the client's to see
            orders_sudo = orders.sudo().filtered(
                lambda order: not order.impersonation_log_id
            )
            orders_sudo._note_impersonation(back)
        return orders


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_create(self, values_list):
        """Override of `mail`: whatever is written, changed or cancelled in the
        client's place says so, wherever it is noted."""
        back = self.env["cement.impersonation.log"]._get_current()
        if not back:
            return super()._message_create(values_list)
        note = Markup("<p><small>%s</small></p>") % self.env._(
            "By %(manager)s in the name of %(person)s.",
            manager=back["name"],
            person=back["target"],
        )
        return super()._message_create(
            [
                # what the body holds is HTML already, as the field takes it
                {**values, "body": Markup(values.get("body") or "") + note}
                for values in values_list
            ]
        )
