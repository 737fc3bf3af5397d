# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json
import logging
import os
import re
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlsplit

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cement_base.tools import outside
from odoo.addons.cement_base.tools.retry import backoff
from odoo.addons.cement_base.tools.secret_box import SecretError

from ..tools import ways

_logger = logging.getLogger(__name__)

_REDIRECTS = 3
_LONGEST_PAUSE = timedelta(hours=6)
# no waiting mends these
_FINAL = frozenset({"scheme", "credentials", "host", "local", "redirect"})
_WAIT_SECONDS = 15
_STATUS_BYTES = 20_000  # a longer answer is the report itself
_READY = frozenset({"done", "ready", "success", "ok", "completed"})
_BROKEN = frozenset({"error", "failed", "fail", "rejected", "cancelled"})
_TICKET_KEYS = ("id", "report_id", "uuid", "task_id", "ticket")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered."""

    status: int
    body: bytes
    filename: str = ""


class AskError(Exception):
    """The address did not answer as it should.

    :param code: names the text; ``is_final`` when asking again is of no use until a
        person has done something.
    """

    def __init__(self, code: str, status: int = 0, is_final: bool = False, wait=None):
        super().__init__(code)
        self.code = code
        self.status = status
        self.is_final = is_final
        self.wait = wait


class CementRailProvider(models.Model):
    """An address that gives dislocation reports, asked at intervals.

    HTTP goes through one method, :meth:`_ask`. Failures are waited out, longer each
    time; a refused login stops the asking until a person switches it on again.
    """

    _name = "cement.rail.provider"
    _description = "Address of dislocation reports"
    _inherit = "cement.connection"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    source_id = fields.Many2one(
        "cement.dislocation.source",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '=', 'poll')]",
    )
    state = fields.Selection(
        [
            ("off", "Switched off"),
            ("on", "Asked"),
            ("stopped", "Stopped: needs a person"),
        ]
    )
    # an address may hold a key
    url = fields.Char(
        string="Address", required=True, groups="cement_base.group_cement_admin"
    )
    protocol = fields.Selection(
        [
            ("file", "The address gives the report"),
            ("order", "A report is ordered, then fetched when it is done"),
        ],
        required=True,
        default="file",
    )
    order_body = fields.Text(
        string="Order (JSON)",
        help="Sent when a report is ordered, for example the OKPO of the consignee.",
    )
    auth = fields.Selection(
        [
            ("none", "None"),
            ("basic", "Login and password"),
            ("bearer", "Token"),
        ],
        string="Authorisation",
        required=True,
        default="basic",
    )
    login = fields.Char(copy=False, groups="cement_base.group_cement_admin")
    interval_minutes = fields.Integer(string="Ask every, min", default=30)
    timeout_seconds = fields.Integer(string="Give up after, s", default=60)
    wait_minutes = fields.Integer(string="Wait for a report, min", default=15)
    last_ok_at = fields.Datetime(string="Last report")
    ticket = fields.Char(string="Ordered report", readonly=True, copy=False)
    ticket_at = fields.Datetime(readonly=True, copy=False)
    exchange_ids = fields.One2many(
        "cement.rail.exchange", "provider_id", string="Exchanges"
    )

    _sane = models.Constraint(
        "CHECK(interval_minutes >= 1 AND timeout_seconds BETWEEN 1 AND 600 "
        "AND wait_minutes >= 1)",
        "Intervals must be positive, the time to wait for an answer at most 600 s.",
    )

    @api.constrains("url", "allow_local")
    def _check_url(self):
        for provider in self:
            try:
                outside.parse(provider.url or "")
            except outside.AddressError as error:
                raise ValidationError(self._describe_outside(error.reason)) from error

    @api.constrains("order_body")
    def _check_order_body(self):
        for provider in self.filtered("order_body"):
            try:
                json.loads(provider.order_body)
            except ValueError as error:
                raise ValidationError(self.env._("The order is no JSON.")) from error

    def _prepare_switched_on_vals(self) -> dict:
        return {**super()._prepare_switched_on_vals(), "ticket": False}

    def action_ask_now(self):
        """Ask once, now, and say what came."""
        self.ensure_one()
        if not self.env.user.has_group("cement_base.group_cement_admin"):
            raise AccessError(self.env._("Only an administrator may do this."))
        if not self.try_lock_for_update():
            raise UserError(self.env._("The address is being asked at this moment."))
        # sudo: exchanges and reports are written by the ways in only
        exchange = self.sudo()._step()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cement.rail.exchange",
            "res_id": exchange.id,
            "view_mode": "form",
        }

    # === Asking ===

    @api.model
    def _cron_poll(self):
        """Ask the addresses whose time has come, a transaction each."""
        due = self.search(self._get_due_domain(), order="next_at, id")
        for provider in due:
            if not provider.try_lock_for_update():
                continue
            provider._step_safely()
            if not self.env["ir.cron"]._commit_progress(1):
                break
        soon = self.search(
            [("state", "=", "on"), ("next_at", "!=", False)], order="next_at", limit=1
        )
        if soon and soon.next_at < fields.Datetime.now() + timedelta(minutes=1):
            # an ordered report is ready sooner than the next turn
            cron = self.env.ref("cement_logistics_rail.ir_cron_rail_poll")
            cron._trigger(at=soon.next_at)

    def _step_safely(self):
        """Ask once; whatever goes wrong here, the other addresses are asked too."""
        try:
            with self.env.cr.savepoint():
                return self._step()
        except psycopg2.OperationalError:
            raise  # another transaction was quicker: the next turn begins anew
        except Exception:
            _logger.exception("Address %s of dislocation reports", self.id)
            self.env.invalidate_all()
            values = {"provider_id": self.id}
            return self._fail(AskError("internal"), values, time.monotonic())

    def _step(self):
        """Ask once: order a report, look whether it is done, or fetch it.

        :return: the exchange; it is written whatever happens.
        """
        self.ensure_one()
        began = time.monotonic()
        address = self._get_address()
        # what follows the question mark may hold a key
        values = {"provider_id": self.id, "address": address.partition("?")[0]}
        try:
            answer = self._fetch(address)
        except AskError as error:
            return self._fail(error, values, began)
        values.update(
            http_status=answer.status, seconds=round(time.monotonic() - began, 2)
        )
        if self.protocol == "order":
            if not self.ticket:
                return self._note_ordered(answer, values)
            waiting = self._note_waiting(answer, values)
            if waiting:
                return waiting
        return self._take_answer(answer, values)

    def _get_address(self) -> str:
        if self.protocol == "order" and self.ticket:
            return f"{self.url.rstrip('/')}/{quote(self.ticket, safe='')}"
        return self.url

    def _fetch(self, address: str) -> Answer:
        is_order = self.protocol == "order" and not self.ticket
        body = (self.order_body or "{}") if is_order else None
        return self._ask("POST" if is_order else "GET", address, body)

    def _note_ordered(self, answer: Answer, values):
        """Remember the number under which the ordered report is fetched."""
        ticket = _find_ticket(answer.body)
        if not ticket:
            error = AskError("no_ticket", answer.status)
            return self._fail(error, values, time.monotonic())
        now = fields.Datetime.now()
        self.write(
            {
                "ticket": ticket,
                "ticket_at": now,
                "next_at": now + timedelta(seconds=_WAIT_SECONDS),
            }
        )
        return self.source_id._note(
            "wait",
            name=ticket,
            message=self.env._("The report is ordered."),
            size=len(answer.body),
            **values,
        )

    def _note_waiting(self, answer: Answer, values):
        """Return the exchange that says so when the report is not done yet."""
        status = _find_status(answer.body)
        if not status or status in _READY:
            return None
        ticket = self.ticket
        now = fields.Datetime.now()
        waited = now - (self.ticket_at or now)
        if status in _BROKEN or waited > timedelta(minutes=self.wait_minutes):
            self.ticket = False
            code = "report_failed" if status in _BROKEN else "report_late"
            return self._fail(AskError(code, answer.status), values, time.monotonic())
        self.next_at = now + timedelta(seconds=_WAIT_SECONDS)
        return self.source_id._note(
            "wait",
            name=ticket,
            message=self.env._("The report is not ready yet."),
            size=len(answer.body),
            **values,
        )

    def _take_answer(self, answer: Answer, values):
        """Hand the report over; one that is refused counts as a failure."""
        key = f"poll:{self.id}:{self.ticket or time.time_ns()}"
        name = answer.filename or f"{urlsplit(self.url).hostname}.json"
        if answer.body[:2] == b"PK" and not name.lower().endswith(".xlsx"):
            name += ".xlsx"
        exchange = self.source_id._take(answer.body, name, key, **values)
        self.ticket = False
        now = fields.Datetime.now()
        if exchange.state == "refused" and not exchange.import_id.is_overrulable:
            # nonsense instead of a report: asked again, but not at once
            self._note_bad(exchange.message, self._get_pause())
        else:
            self._note_good(now, next_at=now + timedelta(minutes=self.interval_minutes))
        return exchange

    def _fail(self, error: AskError, values, began: float):
        """Note a failure and put the next question off."""
        message = self._describe_error(error)
        values.setdefault("seconds", round(time.monotonic() - began, 2))
        values.setdefault("http_status", error.status)
        pause = max(self._get_pause(), error.wait or timedelta())
        self._note_bad(message, None if error.is_final else pause)
        return self.source_id._note("failed", message=message, **values)

    def _get_pause(self) -> timedelta:
        """Return how long to wait after one failure more."""
        failures = self.failure_count + 1
        pause = backoff(failures, most=_LONGEST_PAUSE)
        if failures > 3:
            pause = max(pause, timedelta(minutes=self.interval_minutes))
        return pause

    def _describe_error(self, error: AskError) -> str:
        """Return in words what went wrong."""
        texts = {
            "login": self.env._(
                "The login or password was refused (%(status)s). The address is not "
                "asked again until an administrator enters them and switches it on.",
                status=error.status,
            ),
            "server": self.env._(
                "The address answered with an error of its own (%(status)s).",
                status=error.status,
            ),
            "status": self.env._(
                "The address answered %(status)s instead of a report.",
                status=error.status,
            ),
            "busy": self.env._("The address asks us to come more rarely."),
            "empty": self.env._("The answer was empty."),
            "no_ticket": self.env._("The order was taken without a number."),
            "report_failed": self.env._("The report could not be made there."),
            "report_late": self.env._(
                "The ordered report was not ready in %(minutes)s minutes.",
                minutes=self.wait_minutes,
            ),
            "internal": self.env._(
                "An error in the program: the administrator finds the details in the "
                "server's log."
            ),
        }
        return texts.get(error.code) or self._describe_outside(error.code)

    # === HTTP ===

    def _get_headers(self) -> dict[str, str | bytes]:
        """Return the headers by which we show who asks.

        :raises AskError: the kept password cannot be opened.
        """
        if self.auth == "none":
            return {}
        try:
            secret = self._get_secret()
        except SecretError as error:
            raise AskError("secret", is_final=True) from error
        # as UTF-8: letters outside Latin-1 stop nothing
        if self.auth == "bearer":
            return {"Authorization": f"Bearer {secret}".encode()}
        both = b64encode(f"{self.login or ''}:{secret}".encode())
        return {"Authorization": b"Basic " + both}

    def _ask(self, method: str, url: str, body: str | None = None) -> Answer:
        """Send one request; the only place that talks to the address.

        :raises AskError: whatever keeps the answer from being one.
        """
        headers = self._get_headers()
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            reply = outside.ask(
                method,
                url,
                body.encode() if body is not None else None,
                headers,
                timeout=self.timeout_seconds,
                largest=self.env["cement.dislocation.source"]._get_file_max(),
                allow_local=self.allow_local,
                redirects=_REDIRECTS,
            )
        except outside.OutsideError as error:
            _check_status(error.status)
            raise AskError(
                error.reason, error.status, is_final=error.reason in _FINAL
            ) from error
        return _check_reply(reply)


def _check_status(status: int):
    """Refuse to go on with a login that was refused, whatever else was answered.

    :raises AskError: ``login``.
    """
    if status in (401, 403):
        raise AskError("login", status, is_final=True)


def _check_reply(reply: outside.Reply) -> Answer:
    """Return the answer when its status is right and it is not empty.

    :raises AskError: what the status says.
    """
    status = reply.status
    _check_status(status)
    if status in (429, 503):
        code = "busy" if status == 429 else "server"
        raise AskError(code, status, wait=_parse_wait(reply.headers.get("retry-after")))
    if status >= 500:
        raise AskError("server", status)
    if status not in (200, 201, 202):
        raise AskError("status", status)
    if not reply.body:
        raise AskError("empty", status)
    found = re.search(
        r'filename="?([^";]{1,120})', reply.headers.get("content-disposition", "")
    )
    # a header is read as Latin-1, whatever it was
    raw = found[1].encode("latin-1", "replace") if found else b""
    name = ways.clean_name(os.fsdecode(raw))
    return Answer(status, reply.body, filename=re.sub(r"[\\/]", "_", name))


def _parse_wait(text: str | None):
    """Return what ``Retry-After`` asks for, at most a day."""
    found = re.fullmatch(r"\s*([0-9]{1,9})\s*", text or "")
    return timedelta(seconds=min(int(found[1]), 86_400)) if found else None


def _find_status(body: bytes) -> str:
    """Return the status of an answer that is no report; empty when it is one."""
    if len(body) > _STATUS_BYTES or body.lstrip()[:1] != b"{":
        return ""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    # an answer with rows is the report, whatever it calls its state
    if any(isinstance(item, list) for item in value.values()):
        return ""
    inner = value.get("data")
    if isinstance(inner, dict) and any(
        isinstance(item, list | dict) for item in inner.values()
    ):
        return ""
    status = value.get("status")
    return status.lower()[:30] if isinstance(status, str) else ""


def _find_ticket(body: bytes) -> str:
    """Return the number of an ordered report; empty when there is none."""
    if len(body) > 100_000:
        return ""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for _depth in range(3):
        if not isinstance(value, dict):
            return ""
        for key in _TICKET_KEYS:
            ticket = value.get(key)
            if isinstance(ticket, str | int) and str(ticket).strip():
                return str(ticket)[:100]
        value = value.get("data")
    return ""
