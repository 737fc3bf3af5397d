# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import config

from ..tools import secret_box


class CementConnection(models.AbstractModel):
    """A service outside that is asked: its secret, and how it goes with it.

    Failures in a row are waited out, longer each time. What no waiting mends, such
    as a wrong key, stops the asking until a person switches it on again.
    """

    _name = "cement.connection"
    _description = "Connection to a service outside"

    # a kind of connection says it in its own words
    state = fields.Selection(
        [
            ("off", "Switched off"),
            ("on", "Works"),
            ("stopped", "Stopped: needs a person"),
        ],
        required=True,
        default="off",
        copy=False,
        readonly=True,
    )
    sealed_secret = fields.Char(copy=False, groups="base.group_system")
    secret = fields.Char(
        string="Password or key",
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="cement_base.group_cement_admin",
        help="Kept encrypted and never shown: enter a new one when it is lost.",
    )
    has_secret = fields.Boolean(
        string="Password is set", compute="_compute_has_secret", compute_sudo=True
    )
    allow_local = fields.Boolean(
        string="May be in the own network",
        help="Addresses of this machine and of private networks are refused else.",
    )
    next_at = fields.Datetime(string="Asked next", readonly=True, copy=False)
    last_ok_at = fields.Datetime(string="Last good answer", readonly=True, copy=False)
    failure_count = fields.Integer(
        string="Failures in a row", readonly=True, copy=False
    )
    last_error = fields.Text(readonly=True, copy=False)

    # === Secret ===

    def _compute_secret(self):
        # what is kept is never shown again
        self.secret = False

    @api.depends("sealed_secret")
    def _compute_has_secret(self):
        for connection in self:
            connection.has_secret = bool(connection.sealed_secret)

    def _inverse_secret(self):
        for connection in self.filtered("secret"):
            # sudo: only the system may read what is kept; who may write the
            # connection may set a new secret
            connection.sudo().sealed_secret = self._seal(connection.secret)
        self.invalidate_recordset(["secret"], flush=False)

    @api.model
    def _seal(self, secret: str) -> str:
        """Return the secret as it is kept."""
        return secret_box.seal(
            secret, secret_box.load_key(config["data_dir"], create=True)
        )

    def _get_secret(self) -> str:
        """Return what was entered, to be sent on; nothing when there is none.

        :raises SecretError: it cannot be opened on this server.
        """
        self.ensure_one()
        # sudo: only the system may read what is kept
        kept = self.sudo().sealed_secret
        if not kept:
            return ""
        return secret_box.unseal(kept, secret_box.load_key(config["data_dir"]))

    # === How it goes ===

    @api.model
    def _get_due_domain(self) -> Domain:
        """Return the domain of the connections whose time has come."""
        return Domain("state", "=", "on") & (
            Domain("next_at", "=", False)
            | Domain("next_at", "<=", fields.Datetime.now())
        )

    def action_switch_on(self):
        """Begin to ask, from now on and with no failures counted."""
        self.write(self._prepare_switched_on_vals())

    def action_switch_off(self):
        """Ask no more."""
        self.write({"state": "off", "next_at": False})

    def _prepare_switched_on_vals(self) -> dict:
        return {
            "state": "on",
            "failure_count": 0,
            "last_error": False,
            "next_at": fields.Datetime.now(),
        }

    def _note_good(self, when, **values):
        """Note a good answer and write *values* with it."""
        self.ensure_one()
        if self.failure_count or self.last_error:
            values.update(failure_count=0, last_error=False)
        self.write({"last_ok_at": when, **values})

    def _note_bad(self, text: str, wait: timedelta | None, *, is_failure: bool = True):
        """Note what went wrong.

        :param wait: how long until it is tried again; ``None``: a person must act.
        :param is_failure: whether it counts as a failure of the service.
        """
        self.ensure_one()
        values = {"failure_count": self.failure_count + is_failure, "last_error": text}
        if wait is None:
            values.update(state="stopped", next_at=False)
        else:
            values["next_at"] = fields.Datetime.now() + wait
        self.write(values)

    @api.model
    def _describe_outside(self, reason: str) -> str:
        """Return in words why nothing useful came, see :class:`OutsideError`."""
        texts = {
            "scheme": self.env._(
                "The address must begin with https://, or with http:// where that is "
                "allowed."
            ),
            "credentials": self.env._("The address must not hold a login."),
            "host": self.env._("The address cannot be read."),
            "unknown": self.env._("The address was not found: there is no such host."),
            "local": self.env._("The address leads into our own network."),
            "unreachable": self.env._("The service cannot be reached."),
            "tls": self.env._("The service shows no valid certificate."),
            "timeout": self.env._("The service did not answer in time."),
            "broken": self.env._("The connection broke off, the answer was cut off."),
            "big": self.env._("The answer of the service is bigger than allowed."),
            "redirect": self.env._(
                "The address sends us to another host; that is not followed."
            ),
            "secret": self.env._(
                "The kept password cannot be opened on this server: enter it again."
            ),
        }
        return texts.get(reason, reason)
