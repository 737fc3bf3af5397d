# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json
import logging
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urljoin, urlsplit

import psycopg2
import requests
from requests.adapters import HTTPAdapter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import config

from ..tools import secret_box, ways

_logger = logging.getLogger(__name__)

_READ_SECONDS = 30
_CHUNK = 1 << 16
_REDIRECTS = 3
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
    retry_after: str = ""
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
        ],
        required=True,
        default="off",
        copy=False,
        readonly=True,
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
    sealed_secret = fields.Char(copy=False, groups="base.group_system")
    secret = fields.Char(
        string="Password or token",
        compute="_compute_secret",
        inverse="_inverse_secret",
        help="Kept encrypted and never shown: enter a new one when it is lost.",
    )
    has_secret = fields.Boolean(
        string="Password is set", compute="_compute_has_secret", compute_sudo=True
    )
    allow_local = fields.Boolean(
        string="May be in the own network",
        help="Addresses of this machine and of private networks are refused else.",
    )
    interval_minutes = fields.Integer(string="Ask every, min", default=30)
    timeout_seconds = fields.Integer(string="Give up after, s", default=60)
    wait_minutes = fields.Integer(string="Wait for a report, min", default=15)
    next_at = fields.Datetime(string="Asked next", readonly=True, copy=False)
    last_ok_at = fields.Datetime(string="Last report", readonly=True, copy=False)
    failure_count = fields.Integer(string="Failures in a row", readonly=True)
    last_error = fields.Text(readonly=True, copy=False)
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

    def _compute_secret(self):
        # what is kept is never shown again
        self.secret = False

    @api.depends("sealed_secret")
    def _compute_has_secret(self):
        for provider in self:
            provider.has_secret = bool(provider.sealed_secret)

    def _inverse_secret(self):
        for provider in self.filtered("secret"):
            key = secret_box.load_key(config["data_dir"], create=True)
            # sudo: only the system may read what is kept; who may write the
            # provider may set a new password
            provider.sudo().sealed_secret = secret_box.seal(provider.secret, key)
        self.invalidate_recordset(["secret"], flush=False)

    @api.constrains("url", "allow_local")
    def _check_url(self):
        for provider in self:
            parts = urlsplit(provider.url or "")
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValidationError(
                    self.env._("The address must begin with http:// or https://.")
                )
            if parts.username or parts.password:
                raise ValidationError(
                    self.env._("Login and password have fields of their own.")
                )

    @api.constrains("order_body")
    def _check_order_body(self):
        for provider in self.filtered("order_body"):
            try:
                json.loads(provider.order_body)
            except ValueError as error:
                raise ValidationError(self.env._("The order is no JSON.")) from error

    def action_switch_on(self):
        """Begin to ask, from now on and with no failures counted."""
        self.write(
            {
                "state": "on",
                "failure_count": 0,
                "next_at": fields.Datetime.now(),
                "last_error": False,
                "ticket": False,
            }
        )

    def action_switch_off(self):
        """Ask no more."""
        self.write({"state": "off"})

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
        due = self.search(
            [
                ("state", "=", "on"),
                "|",
                ("next_at", "=", False),
                ("next_at", "<=", fields.Datetime.now()),
            ],
            order="next_at, id",
        )
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
            self._wait_longer(exchange.message, None)
        else:
            self.write(
                {
                    "failure_count": 0,
                    "last_error": False,
                    "last_ok_at": now,
                    "next_at": now + timedelta(minutes=self.interval_minutes),
                }
            )
        return exchange

    def _fail(self, error: AskError, values, began: float):
        """Note a failure and put the next question off."""
        message = self._describe_error(error)
        values.setdefault("seconds", round(time.monotonic() - began, 2))
        values.setdefault("http_status", error.status)
        self._wait_longer(message, error.wait)
        if error.is_final:
            self.state = "stopped"
        return self.source_id._note("failed", message=message, **values)

    def _wait_longer(self, message: str, wait):
        failures = self.failure_count + 1
        minimum = timedelta(minutes=self.interval_minutes if failures > 3 else 1)
        pause = max(ways.backoff(failures, minimum), wait or timedelta())
        self.write(
            {
                "failure_count": failures,
                "last_error": message,
                "next_at": fields.Datetime.now() + pause,
            }
        )

    def _describe_error(self, error: AskError) -> str:
        """Return in words what went wrong."""
        texts = {
            "login": self.env._(
                "The login or password was refused (%(status)s). The address is not "
                "asked again until an administrator enters them and switches it on.",
                status=error.status,
            ),
            "secret": self.env._(
                "The kept password cannot be opened on this server: enter it again."
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
            "slow": self.env._(
                "The answer took longer than %(seconds)s s and was given up.",
                seconds=self.timeout_seconds,
            ),
            "unreachable": self.env._("The address cannot be reached."),
            "cut": self.env._("The answer was cut off."),
            "too_big": self.env._("The answer is bigger than allowed."),
            "redirect": self.env._(
                "The address sends us to another host; that is not followed."
            ),
            "empty": self.env._("The answer was empty."),
            "no_ticket": self.env._("The order was taken without a number."),
            "report_failed": self.env._("The report could not be made there."),
            "report_late": self.env._(
                "The ordered report was not ready in %(minutes)s minutes.",
                minutes=self.wait_minutes,
            ),
            "inside": self.env._(
                "The address lies in the own network, which is not allowed for it."
            ),
            "unknown_host": self.env._("There is no such host."),
            "scheme": self.env._("The address must begin with http:// or https://."),
            "credentials": self.env._("Login and password have fields of their own."),
            "internal": self.env._(
                "An error in the program: the administrator finds the details in the "
                "server's log."
            ),
        }
        return texts.get(error.code, error.code)

    # === HTTP ===

    def _get_auth(self):
        """Return how requests authorises itself, and its headers.

        :raises AskError: the kept password cannot be opened.
        """
        if self.auth == "none":
            return None, {}
        # sudo: only the system may read what is kept
        kept = self.sudo().sealed_secret
        secret = ""
        if kept:
            try:
                secret = secret_box.unseal(
                    kept, secret_box.load_key(config["data_dir"])
                )
            except secret_box.SecretError as error:
                raise AskError("secret", is_final=True) from error
        if self.auth == "bearer":
            return None, {"Authorization": f"Bearer {secret}".encode()}
        # bytes: the library would take Latin-1 for letters and fail at Cyrillic
        return ((self.login or "").encode(), secret.encode()), {}

    def _ask(self, method: str, url: str, body: str | None = None) -> Answer:
        """Send one request; the only place that talks to the address.

        The answer is read within a limit of bytes and of time, so neither a giant
        nor a trickle holds the server up. A redirect is followed only on the same
        host: the login must not go to another.

        :raises AskError: whatever keeps the answer from being one.
        """
        auth, headers = self._get_auth()
        headers["User-Agent"] = "Cement Portal"
        if body is not None:
            headers["Content-Type"] = "application/json"
        deadline = time.monotonic() + self.timeout_seconds
        for _turn in range(_REDIRECTS + 1):
            try:
                address = ways.check_address(url, self.allow_local)
            except ways.AddressError as error:
                raise AskError(
                    error.code, is_final=error.code != "unknown_host"
                ) from error
            try:
                with requests.Session() as session:
                    session.trust_env = False  # no ~/.netrc, no login of others
                    session.mount("http", _PinnedAdapter(url, address))
                    with session.request(
                        method,
                        url,
                        data=body.encode() if body is not None else None,
                        auth=auth,
                        headers=headers,
                        timeout=min(_READ_SECONDS, self._left(deadline)),
                        allow_redirects=False,
                        stream=True,
                    ) as response:
                        if response.is_redirect:
                            target = urljoin(url, response.headers["Location"])
                            if not ways.is_same_place(url, target):
                                raise AskError("redirect", response.status_code, True)
                            url = target
                            continue
                        return self._read(response, deadline)
            except requests.Timeout as error:
                raise AskError("slow") from error
            except requests.exceptions.ChunkedEncodingError as error:
                raise AskError("cut") from error
            except requests.ConnectionError as error:
                raise AskError("unreachable") from error
            except (UnicodeError, ValueError) as error:
                # a redirect to what is no address, a login that is no text
                if isinstance(error, requests.RequestException):
                    raise AskError("unreachable") from error
                raise AskError("redirect", is_final=True) from error
            except requests.RequestException as error:
                _logger.info("Provider %s: %s", self.id, type(error).__name__)
                raise AskError("unreachable") from error
        raise AskError("redirect", is_final=True)

    def _left(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise AskError("slow")
        return left

    def _read(self, response, deadline: float) -> Answer:
        """Return the answer once its status and its size are right."""
        status = response.status_code
        self._left(deadline)
        if status in (401, 403):
            raise AskError("login", status, is_final=True)
        if status == 429 or status == 503:
            raise AskError(
                "busy" if status == 429 else "server",
                status,
                wait=_parse_wait(response.headers.get("Retry-After")),
            )
        if status >= 500:
            raise AskError("server", status)
        if status not in (200, 201, 202):
            raise AskError("status", status)
        limit = self.env["cement.dislocation.source"]._get_file_max()
        parts, size = [], 0
        for part in response.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise AskError("too_big", status)
            self._left(deadline)
        declared = response.headers.get("Content-Length", "")
        if (
            declared.isdigit()
            and "Content-Encoding" not in response.headers
            and size < int(declared)
        ):
            raise AskError("cut", status)
        if not size:
            raise AskError("empty", status)
        found = re.search(
            r'filename="?([^";]{1,120})',
            response.headers.get("Content-Disposition", ""),
        )
        name = re.sub(r"[\\/\x00-\x1f]", "_", found[1]) if found else ""
        return Answer(status, b"".join(parts), filename=name)


class _PinnedAdapter(HTTPAdapter):
    """Connects to the address that was checked, whatever the name says by now."""

    def __init__(self, url: str, address: str):
        self._parts = urlsplit(url)
        self._address = f"[{address}]" if ":" in address else address
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        if self._parts.scheme == "https":
            # the certificate is that of the name
            kwargs.update(
                server_hostname=self._parts.hostname,
                assert_hostname=self._parts.hostname,
            )
        return super().init_poolmanager(*args, **kwargs)

    def send(self, request, *args, **kwargs):
        parts = urlsplit(request.url)
        request.headers["Host"] = parts.netloc
        port = f":{parts.port}" if parts.port else ""
        request.url = parts._replace(netloc=f"{self._address}{port}").geturl()
        return super().send(request, *args, **kwargs)


def _parse_wait(text: str | None):
    """Return what ``Retry-After`` asks for, at most a day."""
    if text and text.strip().isdigit():
        return timedelta(seconds=min(int(text), 86_400))
    return None


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
