# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.cement_base.tools import tokens

# A form that comes back sooner was not filled in by a person.
MIN_SECONDS = 4
# A page left open longer than a day is asked for anew.
MAX_SECONDS = 24 * 3600
# How many forms one address may send in an hour, and how many letters one
# mailbox gets in a day.
MAX_PER_IP = 8
# An address of the own network stands for many: visitors behind a proxy that does not
# say whom it serves, or the desks of an office.
MAX_PER_PRIVATE_IP = 40
# All addresses together: more is an attack, whatever addresses it comes from.
MAX_PER_HOUR = 120
MAX_PER_EMAIL = 3
CONFIRM_HOURS = 48
# Addresses of senders are personal data: they go after this.
KEEP_DAYS = 30

FIELDS = (
    "inn",
    "kpp",
    "ogrn",
    "name",
    "full_name",
    "zip",
    "city",
    "street",
    "contact_name",
    "contact_function",
    "phone",
    "email",
    "note",
)
MAX_TEXT = 2_000


def _is_private(ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip).is_private
    except ValueError:
        return False


class CementRegistration(models.Model):
    """A form of the public registration page, until its e-mail is confirmed.

    The request reaches a manager only after somebody has opened the letter: made-up
    companies and other people's mailboxes stop here (F188).
    """

    _name = "cement.registration"
    _description = "Registration waiting for its e-mail"
    _order = "id desc"
    _rec_name = "company_name"

    state = fields.Selection(
        [
            ("sham", "Taken for a machine"),
            ("refused", "Refused"),
            ("sent", "Letter sent"),
            ("confirmed", "Confirmed"),
        ],
        required=True,
        index=True,
    )
    company_name = fields.Char(string="Company")
    inn = fields.Char(string="INN")
    email = fields.Char(index=True)
    values = fields.Json(help="What was typed into the form.")
    ip_address = fields.Char(string="IP address")
    reason = fields.Char(string="Why refused")
    token_hash = fields.Char(groups="base.group_system", copy=False)
    lang = fields.Char()
    date_expiry = fields.Datetime()
    partner_id = fields.Many2one(
        "res.partner", string="Request", index="btree_not_null", ondelete="set null"
    )

    _ip_idx = models.Index("(ip_address, create_date)")

    # === The form ===

    @api.model
    def _submit(self, form: dict, *, ip: str, seconds: float | None, trap: str) -> dict:
        """Take a form of the public page.

        What is wrong is told, and the attempt is counted all the same: the answer
        «registered already» must not be had by the thousand.

        :param form: the fields as typed.
        :param seconds: how long the page was open; ``None`` when its stamp is not
            ours.
        :param trap: what stands in the field that people do not see.
        :return: ``{"status": "sent" | "error" | "stale", "error": text}``.
        """
        values = self._clean(form)
        if self._is_over_limit(ip):
            return {
                "status": "error",
                "error": self.env._(
                    "Too many attempts from your network. Try again in an hour or "
                    "call us."
                ),
            }
        if trap or (seconds is not None and seconds < MIN_SECONDS):
            self._record("sham", values, ip)
            # a machine learns nothing: it sees what everybody sees
            return {"status": "sent"}
        if seconds is None or seconds > MAX_SECONDS:
            return {"status": "stale"}
        try:
            with self.env.cr.savepoint():
                self._check(values)
        except UserError as error:
            self._record("refused", values, ip, reason=str(error))
            return {"status": "error", "error": str(error)}
        self._send(values, ip)
        return {"status": "sent"}

    @api.model
    def _clean(self, form: dict) -> dict:
        return {
            name: form[name].replace("\x00", "").strip()[:MAX_TEXT]
            for name in FIELDS
            if isinstance(form.get(name), str)
        }

    @api.model
    def _is_over_limit(self, ip: str) -> bool:
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        limit = MAX_PER_PRIVATE_IP if _is_private(ip) else MAX_PER_IP
        # sudo: the public has no access to the attempts of others
        [(everybody, same)] = self.sudo()._read_group(
            [("create_date", ">", hour_ago)],
            aggregates=["__count", "ip_address:array_agg"],
        )
        return everybody >= MAX_PER_HOUR or (same or []).count(ip) >= limit

    @api.model
    def _check(self, values: dict):
        """Refuse what the manager would refuse anyway.

        :raises UserError: with a text for the person at the form.
        """
        partners = self.env["res.partner"]
        data = partners._cement_clean_registration(values)
        partners._cement_check_not_registered(data["inn"], data["kpp"])
        # sudo: a record that is never saved, to check the requisites by its rules
        probe_sudo = partners.sudo().new(
            {
                "name": data["name"],
                "vat": data["inn"],
                "kpp": data["kpp"],
                "ogrn": data["ogrn"],
            }
        )
        message = probe_sudo._get_requisites_error()
        if message:
            raise UserError(message)

    @api.model
    def _record(self, state, form, ip, **vals):
        # sudo: the public creates attempts by this method only
        return self.sudo().create(
            {
                "state": state,
                "company_name": form.get("name", "")[:200],
                "inn": form.get("inn", "")[:20],
                "email": form.get("email", "")[:200].lower(),
                "ip_address": ip,
                "lang": self.env.lang,
                **vals,
            }
        )

    @api.model
    def _send(self, values: dict, ip: str):
        """Keep the form and send the letter that confirms it.

        A mailbox gets a few letters a day at most: the form must not become a way
        to write to strangers.
        """
        day_ago = fields.Datetime.now() - timedelta(days=1)
        # the mailbox itself, whatever name stands before it
        email = email_normalize(values["email"])
        # sudo: see _is_over_limit
        letters = self.sudo().search_count(
            [
                ("email", "=", email),
                ("state", "=", "sent"),
                ("create_date", ">", day_ago),
            ]
        )
        secret = tokens.new_token()
        registration_sudo = self._record(
            "sent",
            values,
            ip,
            email=email,
            values=values,
            token_hash=tokens.digest(secret),
            date_expiry=fields.Datetime.now() + timedelta(hours=CONFIRM_HOURS),
        )
        if letters >= MAX_PER_EMAIL:
            return
        template = self.env.ref(
            "cement_portal.mail_template_registration_confirm", raise_if_not_found=False
        )
        if template:
            # sudo: strangers may not read templates; queued, so that a slow mail
            # server does not keep the page waiting
            template.sudo().with_context(
                cement_confirm_url=registration_sudo._get_confirm_url(secret)
            ).send_mail(registration_sudo.id)

    def _get_confirm_url(self, secret: str) -> str:
        self.ensure_one()
        return f"{self.get_base_url()}/cement/register/confirm/{self.id}/{secret}"

    # === The letter ===

    @api.model
    def _find(self, registration_id: int, secret: str):
        """Return the registration of a link, as superuser; nothing when the link is
        wrong or too old."""
        # sudo: the secret is compared here and nowhere else
        registration_sudo = self.sudo().browse(registration_id).exists()
        if (
            not registration_sudo
            or not registration_sudo.token_hash
            or not tokens.is_same(registration_sudo.token_hash, tokens.digest(secret))
            or registration_sudo.date_expiry < fields.Datetime.now()
        ):
            return self.sudo().browse()
        return registration_sudo

    @api.model
    def _confirm(self, registration_id: int, secret: str) -> dict:
        """Hand the request over to the manager, once however often it is pressed.

        :return: ``{"status": "confirmed" | "unknown" | "error", "error": text}``.
        """
        registration_sudo = self._find(registration_id, secret)
        if not registration_sudo:
            return {"status": "unknown"}
        registration_sudo.lock_for_update()
        if registration_sudo.state == "confirmed":
            return {"status": "confirmed", "company": registration_sudo.company_name}
        values = {**registration_sudo.values}
        try:
            with self.env.cr.savepoint():
                partner = (
                    self.env["res.partner"]
                    .with_context(lang=registration_sudo.lang or self.env.lang)
                    ._cement_register(values)
                )
        except UserError as error:
            # registered by a colleague while the letter lay in the mailbox
            registration_sudo.write({"state": "refused", "reason": str(error)})
            return {"status": "error", "error": str(error)}
        registration_sudo.write(
            {"state": "confirmed", "partner_id": partner.id, "values": False}
        )
        return {"status": "confirmed", "company": registration_sudo.company_name}

    @api.autovacuum
    def _forget(self):
        """Delete what is not needed any more."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("create_date", "<", limit)]).unlink()
