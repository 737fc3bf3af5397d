# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.cement_base.tools import outside, tokens
from odoo.addons.cement_base.tools.retry import backoff

from ..tools.door import DoorError
from ..tools.loop import Rules

# After so many failures in a row a person is told.
TELL_AFTER = 5


class CementTrackingProvider(models.Model):
    """Who tells us where the trucks are: a service we ask, trackers that push, or a
    dispatcher with a phone."""

    _name = "cement.tracking.provider"
    _description = "Tracking provider"
    _inherit = ["cement.connection", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(selection="_get_kinds", required=True, default="movizor")
    state = fields.Selection(
        [("off", "Switched off"), ("on", "Works"), ("stopped", "Stopped: wrong key")],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Supplier company",
        help="Whose shipments it follows; empty means of every company.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        help="Is told when the provider does not answer, when a truck cannot be "
        "followed and when one is late.",
    )

    # --- the door ---
    address = fields.Char(
        help="With {project} and {method} where they belong. Only https to an address "
        "outside our own network, unless an administrator allows otherwise."
    )
    project = fields.Char()
    allow_local = fields.Boolean(
        groups="base.group_system",
        help="For a service in our own network: http and inner addresses are allowed.",
    )
    tariff = fields.Char(
        default="15",
        help="Of the service: 15, 30, 60, 180 = minutes between positions, 1 = online, "
        "3 = package of a month, 0 = by hand.",
    )
    token_digest = fields.Char(copy=False, groups="base.group_system", index=True)
    has_token = fields.Boolean(
        string="Token is set", compute="_compute_has_token", compute_sudo=True
    )
    push_url = fields.Char(string="Address for trackers", compute="_compute_push_url")
    unit_ids = fields.One2many("cement.tracking.unit", "provider_id", string="Units")

    # --- how often ---
    poll_interval = fields.Integer(
        string="Ask every, min",
        default=5,
        required=True,
        help="One question for all positions and one for all events, however many "
        "trucks there are.",
    )
    state_interval = fields.Integer(
        string="Statuses every, min", default=30, required=True
    )
    per_second = fields.Float(string="At most a second", default=15.0, required=True)
    per_hour = fields.Integer(string="At most an hour", default=5000, required=True)

    # --- what is made of it ---
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        default="Asia/Yekaterinburg",
        required=True,
        help="In which the speeds by hour of the day are meant.",
    )
    near_minutes = fields.Integer(string="An hour away at, min", default=60)
    dwell_minutes = fields.Integer(
        string="Unloads after, min",
        default=15,
        help="A truck that stands at the site so long is being unloaded.",
    )
    stay_minutes = fields.Integer(
        string="Delivered after, min",
        default=10,
        help="A truck that leaves the site sooner has only driven past.",
    )
    on_way_km = fields.Float(string="On the way after, km", default=3.0)
    max_speed = fields.Integer(
        string="No truck is faster than, km/h",
        default=140,
        help="A position that a truck would have to be faster for is a jump of the "
        "mobile network: it waits for the next one to confirm it.",
    )
    road_factor = fields.Float(
        default=1.25, help="By how much a road is longer than the straight line."
    )
    slip_minutes = fields.Integer(
        string="Late after, min",
        default=15,
        help="Behind the end of the promised window.",
    )
    very_late_minutes = fields.Integer(string="Very late after, min", default=120)
    silent_hours = fields.Integer(
        string="Silent after, h",
        default=2,
        required=True,
        help="A truck that told nothing for so long is shown among the troubles.",
    )
    error_share = fields.Float(
        string="Error of the own estimate",
        default=0.15,
        readonly=True,
        help="Share of the time left; learnt from the trips of the last weeks.",
    )
    error_trips = fields.Integer(string="Learnt from trips", readonly=True)

    # --- personal data ---
    keep_days = fields.Integer(
        string="Keep positions, days",
        default=30,
        required=True,
        help="Then positions, phones of the trips and places of the steps are deleted.",
    )
    keep_exchange_days = fields.Integer(
        string="Keep messages, days", default=14, required=True
    )

    # --- how it goes ---
    last_event_id = fields.Char(string="Last event", default="0", copy=False)
    next_state_at = fields.Datetime(copy=False, readonly=True)
    object_ids = fields.One2many("cement.tracked.object", "provider_id")
    exchange_ids = fields.One2many("cement.tracking.exchange", "provider_id")
    live_count = fields.Integer(string="Followed now", compute="_compute_counts")
    trouble_count = fields.Integer(string="Troubles", compute="_compute_counts")
    request_total = fields.Integer(string="Requests", compute="_compute_requests")
    request_hour = fields.Integer(
        string="Requests this hour", compute="_compute_requests"
    )
    health = fields.Selection(
        [("ok", "Good"), ("warn", "Attention"), ("bad", "Bad"), ("off", "Off")],
        compute="_compute_health",
    )

    _token_uniq = models.UniqueIndex("(token_digest) WHERE token_digest IS NOT NULL")
    _settings_fit = models.Constraint(
        "CHECK(poll_interval BETWEEN 1 AND 1440 AND state_interval >= poll_interval "
        "AND per_second > 0 AND per_hour > 0 AND near_minutes > 0 "
        "AND max_speed > 0 AND dwell_minutes > 0 AND stay_minutes > 0 "
        "AND on_way_km >= 0 "
        "AND road_factor >= 1 AND slip_minutes >= 0 "
        "AND very_late_minutes >= slip_minutes AND silent_hours > 0 "
        "AND keep_days > 0 AND keep_exchange_days > 0)",
        "Intervals, limits and times must be positive; statuses are not asked for more "
        "often than positions, and very late comes after late.",
    )

    @api.model
    def _get_kinds(self) -> list[tuple[str, str]]:
        """Return the kinds of providers; addons add theirs with a door each."""
        return [
            ("movizor", self.env._("Movizor (driver's phone)")),
            ("push", self.env._("Trackers that push (Wialon, EGTS)")),
            ("manual", self.env._("By hand")),
        ]

    # === Computes ===

    def _inverse_secret(self):
        """Override: a new key may be tried."""
        self.filtered(
            lambda provider: provider.secret and provider.state == "stopped"
        ).state = "off"
        return super()._inverse_secret()

    @api.depends("token_digest")
    def _compute_has_token(self):
        for provider in self:
            provider.has_token = bool(provider.token_digest)

    def _compute_push_url(self):
        base = self.get_base_url()
        for provider in self:
            is_push = provider.kind == "push"
            provider.push_url = f"{base}/cement/tracking/push" if is_push else False

    @api.depends("object_ids.phase", "object_ids.trouble_rank")
    def _compute_counts(self):
        groups = self.env["cement.tracked.object"]._read_group(
            [("provider_id", "in", self.ids), ("phase", "!=", "ended")],
            ["provider_id"],
            ["__count", "trouble_rank:array_agg"],
        )
        counts = {
            provider.id: (count, sum(bool(rank) for rank in ranks))
            for provider, count, ranks in groups
        }
        for provider in self:
            live, troubles = counts.get(provider.id, (0, 0))
            provider.live_count, provider.trouble_count = live, troubles

    def _compute_requests(self):
        # sudo: counters only
        rows = {
            row.provider_id.id: row
            for row in self.env["cement.tracking.ledger"]
            .sudo()
            .search([("provider_id", "in", self.ids)])
        }
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        for provider in self:
            row = rows.get(provider.id)
            provider.request_total = row.request_total if row else 0
            is_fresh = row and row.hour_at and row.hour_at > hour_ago
            provider.request_hour = row.hour_count if is_fresh else 0

    @api.depends("state", "failure_count", "kind", "trouble_count")
    def _compute_health(self):
        for provider in self:
            if provider.state == "off":
                provider.health = "off"
            elif provider.state == "stopped" or provider.failure_count >= TELL_AFTER:
                provider.health = "bad"
            else:
                provider.health = (
                    "warn" if provider.failure_count or provider.trouble_count else "ok"
                )

    @api.constrains("address", "allow_local", "kind")
    def _check_address(self):
        for provider in self:
            if not provider.address:
                continue
            try:
                outside.parse(
                    provider._get_method_url("balance"), provider._get_schemes()
                )
            except (LookupError, ValueError) as error:
                reason = getattr(error, "reason", "host")
                raise ValidationError(provider._get_door_text(reason)) from error

    # === Actions ===

    def action_switch_on(self):
        """Begin to listen; who is asked must answer a harmless question first."""
        self.ensure_one()
        if self.kind == "push" and not self.has_token:
            raise UserError(
                self.env._("Make a token for the trackers first: nobody could come.")
            )
        if self._door()._is_asked():
            return self.action_check()
        self._switch_on()
        return True

    def action_check(self):
        """Ask something harmless, switch on when it is answered, say how it went."""
        self.ensure_one()
        error = self._try_again()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if error else "success",
                "message": error or self.env._("The provider answers."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_new_token(self):
        """Make a new token and show it once; the one before is void."""
        self.ensure_one()
        self.check_access("write")
        token = tokens.new_token()
        # sudo: only the digest is kept, and nobody reads it
        self.sudo().token_digest = tokens.digest(token)
        self.message_post(body=self.env._("A new token for trackers was made."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Token, shown only now"),
                "message": token,
            },
        }

    def action_open_objects(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_logistics_road.cement_tracked_object_action"
        )
        action["domain"] = [("provider_id", "=", self.id)]
        return action

    def action_open_exchanges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_logistics_road.cement_tracking_exchange_action"
        )
        action["domain"] = [("provider_id", "=", self.id)]
        return action

    def _switch_on(self):
        self.write(self._prepare_switched_on_vals())
        self._trigger_poll()

    def _try_again(self) -> str:
        """Check the provider because a person asks for it, and switch it on.

        :return: what went wrong, kept on the provider too; nothing when all is well.
        :raises UserError: when it may not be asked now.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.has_secret:
            raise UserError(self.env._("Enter the key of the service first."))
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("The provider is being asked just now; try in a minute.")
            )
        # sudo: the ledger belongs to the machine
        wait = self.env["cement.tracking.ledger"].sudo()._forgive(self)
        if wait:
            raise UserError(
                self.env._(
                    "Too many wrong keys this hour: one more and the service blocks "
                    "our address. Try again in %(minutes)s min.",
                    minutes=round(wait / 60) + 1,
                )
            )
        try:
            self.sudo()._door_check()
        except DoorError as error:
            self._note_failure(error)
            return error.text
        self._switch_on()
        self._note_success(fields.Datetime.now())
        return ""

    # === Door ===

    def _door(self):
        """Return the door of the provider's kind."""
        self.ensure_one()
        return self.env[f"cement.tracking.door.{self.kind}"]

    def _door_check(self):
        return self._door()._check(self)

    def _door_start(self, tracked):
        return self._door()._start(self, tracked)

    def _door_stop(self, tracked):
        return self._door()._stop(self, tracked)

    def _door_state(self, tracked):
        return self._door()._state(self, tracked)

    def _door_states(self):
        return self._door()._states(self)

    def _door_positions(self):
        return self._door()._positions(self)

    def _door_events(self, after: int):
        return self._door()._events(self, after)

    def _is_key_wrong(self) -> bool:
        return self.env["cement.tracking.ledger"].sudo()._is_key_wrong(self)

    def _get_method_url(self, method: str) -> str:
        self.ensure_one()
        project = (self.project or "").strip("/ ")
        return (self.address or "").format(project=project, method=method)

    def _get_schemes(self) -> tuple[str, ...]:
        """Return how the address may begin: the key goes over the open network."""
        # sudo: the flag is the administrator's
        return outside.HTTP if self.sudo().allow_local else outside.HTTPS

    def _get_rules(self) -> Rules:
        self.ensure_one()
        return Rules(
            near=self.near_minutes,
            dwell=self.dwell_minutes,
            stay=self.stay_minutes,
            on_way=self.on_way_km * 1000,
            max_speed=self.max_speed,
        )

    @api.model
    def _get_door_text(self, reason: str) -> str:
        """Return in words what went wrong; words of the provider stay as they are."""
        texts = {
            "refused": self.env._("The service refused."),
            "host": self.env._(
                "The address cannot be read. It looks like "
                "https://service/{project}/{method}/."
            ),
            "nonsense": self.env._("The answer of the service makes no sense."),
            "server": self.env._("The service has a fault of its own."),
            "limit": self.env._("The limit of requests is used up; later again."),
            "key": self.env._(
                "The service says that the key is wrong. Nothing is asked until "
                "somebody checks the key and presses Check."
            ),
        }
        return texts.get(reason) or self._describe_outside(reason)

    # === How it goes ===

    def _record_exchange(self, values: dict, error: DoorError | None = None):
        """Keep one message with what came of it."""
        self.ensure_one()
        # sudo: the journal is written for everybody and by nobody
        self.env["cement.tracking.exchange"].sudo().create(
            {
                "provider_id": self.id,
                "tries": self.failure_count + 1,
                "state": "error" if error else "ok",
                "error": error.text if error else False,
                **values,
            }
        )

    def _note_success(self, when):
        # sudo: pushes and buttons of dispatchers note it too
        self.sudo()._note_good(when)

    def _note_failure(self, error: DoorError):
        """Note what went wrong, when to try again, and tell a person in time."""
        self.ensure_one()
        if error.kind == "key":
            self._note_bad(error.text, None)
            self._tell_responsible(error.text)
            return
        is_failure = error.kind != "limit"
        wait = backoff(
            max(1, self.failure_count + is_failure),
            timedelta(minutes=self.poll_interval),
        )
        self._note_bad(error.text, wait, is_failure=is_failure)
        if is_failure and self.failure_count == TELL_AFTER:
            self._tell_responsible(error.text)

    def _tell_responsible(self, text: str):
        if self.user_id:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "cement_logistics_road.mail_activity_type_tracking",
                user_id=self.user_id.id,
                summary=self.env._("Trucks are not seen: %(name)s", name=self.name),
                note=text,
            )

    @api.model
    def _get_language(self) -> str:
        """Return the language of what machines write: Russian if installed."""
        installed = dict(self.env["res.lang"].get_installed())
        return "ru_RU" if "ru_RU" in installed else self.env.lang or "en_US"

    @api.model
    def _trigger_poll(self):
        self.env.ref("cement_logistics_road.ir_cron_poll").sudo()._trigger()

    @api.model
    def _get_keepers(self):
        """Return all providers that keep something, archived ones too."""
        return self.with_context(active_test=False).search([("keep_days", ">", 0)])

    def _forget_people(self, limit):
        """Delete what would tell who drove the trips that ended before *limit*."""
        self.ensure_one()
        over = self.env["cement.tracked.object"].search(
            [
                ("provider_id", "=", self.id),
                ("phase", "=", "ended"),
                ("ended_at", "<", limit),
                ("is_forgotten", "=", False),
            ]
        )
        over.write(
            {"ext_id": False, "driver_id": False, "memory": False, "is_forgotten": True}
        )
        self.env["cement.shipment.event"].search(
            [
                ("picking_id", "in", over.picking_id.ids),
                ("source", "=", "tracker"),
            ]
        ).write({"latitude": 0.0, "longitude": 0.0})
