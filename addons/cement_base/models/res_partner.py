# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize, plaintext2html

from ..tools import requisites, roles

# Longest text taken from the public registration form, by field.
_REGISTRATION_FIELDS = {
    "name": 200,
    "full_name": 500,
    "kpp": 9,
    "ogrn": 15,
    "street": 300,
    "city": 100,
    "zip": 10,
    "phone": 40,
    "contact_name": 100,
    "contact_function": 100,
    "note": 2000,
}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "cement.private.thread"]

    is_counterparty = fields.Boolean(
        string="Counterparty",
        help="A buyer with contracts: its employees may use the portal.",
    )
    is_consignee = fields.Boolean(string="Consignee")
    legal_form = fields.Selection(
        [
            ("company", "Legal entity"),
            ("sole", "Sole proprietor"),
            ("person", "Private person"),
        ],
        help="Decides which requisites are asked for and how 1C looks the "
        "counterparty up.",
    )
    full_name = fields.Char(help="Official name as in the state register.")
    invitation_day = fields.Date(
        string="Last invitation", copy=False, groups="base.group_system"
    )
    invitation_count = fields.Integer(
        string="Invitations that day", copy=False, groups="base.group_system"
    )
    kpp = fields.Char(
        string="KPP", help="Code of the reason of registration, nine characters."
    )
    ogrn = fields.Char(string="OGRN", help="State register number, 13 or 15 digits.")
    okpo = fields.Char(string="OKPO")
    cement_manager_id = fields.Many2one(
        "res.users",
        string="Attached manager",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="The manager whose contacts the client sees on every portal page.",
    )
    registration_state = fields.Selection(
        [
            ("none", "Not registered in the portal"),
            ("pending", "Waiting for approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        string="Registration",
        default="none",
        readonly=True,
        copy=False,
    )
    registration_refusal = fields.Char(
        string="Why refused", readonly=True, copy=False, groups="base.group_user"
    )
    # core shows its portal users the whole partner, the managers' notes included
    comment = fields.Html(groups="base.group_user")
    agreement_ids = fields.One2many(
        "agreement", "commercial_partner_id", string="Contracts"
    )
    cement_site_ids = fields.One2many("cement.site", "partner_id", string="Sites")
    cement_member_ids = fields.One2many(
        "cement.member", "partner_id", string="Portal members"
    )

    _counterparty_requisites_uniq = models.UniqueIndex(
        "(vat, COALESCE(kpp, '')) WHERE is_counterparty IS TRUE AND active IS TRUE "
        "AND parent_id IS NULL AND vat IS NOT NULL",
        "There is a counterparty with this INN and KPP already.",
    )

    # two forms sent at once make one request
    _pending_requisites_uniq = models.UniqueIndex(
        "(vat, COALESCE(kpp, '')) WHERE registration_state = 'pending' "
        "AND active IS TRUE AND parent_id IS NULL",
        "A registration of this INN is waiting for approval already.",
    )

    @api.model
    def _commercial_fields(self):
        """Override of `base` to share the requisites with the contacts."""
        return [*super()._commercial_fields(), "kpp", "ogrn", "okpo"]

    @api.constrains("vat", "kpp", "ogrn", "is_counterparty", "country_id")
    def _check_requisites(self):
        """Refuse requisites whose check digits do not fit.

        Only counterparties are checked: other partners may be foreign or made
        by other applications.
        """
        for partner in self:
            if not partner.is_counterparty or partner.parent_id:
                continue
            message = partner._get_requisites_error()
            if message:
                raise ValidationError(message)

    def _get_requisites_error(self) -> str | None:
        """Return what is wrong with the requisites, or ``None``."""
        self.ensure_one()
        if self.country_id and self.country_id.code != "RU":
            return None
        if self.vat and not requisites.is_inn(self.vat):
            return self.env._(
                "INN %(inn)s is not right: check the digits (10 for a company, 12 "
                "for a sole proprietor).",
                inn=self.vat,
            )
        if self.kpp and not requisites.is_kpp(self.kpp):
            return self.env._(
                "KPP %(kpp)s is not right: nine characters are expected.",
                kpp=self.kpp,
            )
        if self.ogrn and not requisites.is_ogrn(self.ogrn):
            return self.env._(
                "OGRN %(ogrn)s is not right: 13 digits for a company, 15 for a sole "
                "proprietor, the last one is a check digit.",
                ogrn=self.ogrn,
            )
        return None

    @api.model
    def _get_counterparty_domain(self, inn: str, kpp: str | None = None) -> Domain:
        """Return the domain of the counterparties with these requisites."""
        domain = Domain(
            [("vat", "=", requisites.clean(inn)), ("parent_id", "=", False)]
        )
        if kpp:
            domain &= Domain("kpp", "in", [requisites.clean(kpp), False])
        return domain

    def _get_frontend_writable_fields(self):
        """Override of `portal`: the portal never writes requisites or the link to
        a manager; a counterparty changes them by asking its manager."""
        return super()._get_frontend_writable_fields() - {
            "is_counterparty",
            "cement_manager_id",
            "registration_state",
            "kpp",
            "ogrn",
            "vat",
        }

    # === Registration of a new counterparty (F186 to F188) ===

    @api.model
    def _cement_register(self, vals: dict):
        """Take the request of a company that wants to buy, and return its partner.

        Nothing is opened: no user, no contract. A manager looks at the request and
        approves or refuses it. Called by the public page, so everything in *vals*
        is what a stranger typed.

        :param vals: ``inn``, ``email`` and ``name`` (required), and ``kpp``,
            ``ogrn``, ``full_name``, ``phone``, ``street``, ``city``, ``zip``,
            ``contact_name``, ``contact_function``, ``note``.
        :raises UserError: when the INN is known already, or something is missing or
            wrong; the message is for the person at the form.
        """
        data = self._cement_clean_registration(vals)
        self._cement_check_not_registered(data["inn"], data["kpp"])
        # sudo: the public user creates the request and nothing else
        partner_sudo = self.sudo().create(self._cement_prepare_registration(data))
        # by itself: commands on partners are run as the visitor, sudo or not
        self.sudo().create(
            {
                "parent_id": partner_sudo.id,
                "type": "contact",
                "name": data["contact_name"] or data["email"],
                "function": data["contact_function"],
                "email": data["email"],
                "phone": data["phone"],
            }
        )
        message = partner_sudo._get_requisites_error()
        if message:
            raise UserError(message)
        partner_sudo._cement_announce_registration()
        return partner_sudo.sudo(self.env.su)

    @api.model
    def _cement_clean_registration(self, vals: dict) -> dict:
        """Return *vals* cleaned and cut to size.

        :raises UserError: naming the first thing that is missing or wrong.
        """
        data = {
            name: " ".join(str(vals.get(name) or "").split())[:size]
            for name, size in _REGISTRATION_FIELDS.items()
            if name != "note"
        }
        data["note"] = str(vals.get("note") or "").strip()[
            : _REGISTRATION_FIELDS["note"]
        ]
        data["inn"] = requisites.clean(str(vals.get("inn") or ""))
        data["kpp"] = requisites.clean(data["kpp"]).upper()
        data["ogrn"] = requisites.clean(data["ogrn"])
        data["email"] = email_normalize(str(vals.get("email") or ""))
        if not data["inn"]:
            raise UserError(self.env._("Enter the INN of your company."))
        if not requisites.is_inn(data["inn"]):
            raise UserError(
                self.env._(
                    "INN %(inn)s is not right: check the digits (10 for a company, 12 "
                    "for a sole proprietor).",
                    inn=data["inn"][:20],
                )
            )
        if not data["name"]:
            raise UserError(self.env._("Enter the name of your company."))
        if not data["email"]:
            raise UserError(
                self.env._("Enter your e-mail: the invitation is sent there.")
            )
        return data

    @api.model
    def _cement_check_not_registered(self, inn: str, kpp: str):
        """Refuse an INN that is registered: only its owner or the manager may let
        people in (F187).

        :raises UserError: telling whom to ask.
        """
        # sudo: a stranger learns that the INN is taken and nothing more
        known_sudo = self.sudo().search(
            Domain("vat", "=", inn)
            & Domain("parent_id", "=", False)
            & (
                Domain("is_counterparty", "=", True)
                | Domain("registration_state", "=", "pending")
            )
        )
        if not known_sudo:
            return
        if known_sudo.filtered("is_counterparty"):
            raise UserError(
                self.env._(
                    "A counterparty with INN %(inn)s is registered already. Ask its "
                    "owner in the portal or your manager to give you access.",
                    inn=inn,
                )
            )
        raise UserError(
            self.env._(
                "A registration of INN %(inn)s is waiting for approval already. The "
                "manager will write to the address given in it.",
                inn=inn,
            )
        )

    @api.model
    def _cement_prepare_registration(self, data: dict) -> dict:
        is_company = requisites.is_company_inn(data["inn"])
        return {
            "name": data["name"],
            "full_name": data["full_name"] or data["name"],
            "is_company": True,
            "legal_form": "company" if is_company else "sole",
            "vat": data["inn"],
            "kpp": data["kpp"] or False,
            "ogrn": data["ogrn"] or False,
            "email": data["email"],
            "phone": data["phone"],
            "street": data["street"],
            "city": data["city"],
            "zip": data["zip"],
            "country_id": self.env.ref("base.ru").id,
            "lang": self.env.lang,
            "registration_state": "pending",
            "comment": plaintext2html(data["note"]) if data["note"] else False,
        }

    def _cement_announce_registration(self):
        """Give the request to somebody: a queue that nobody watches is no queue."""
        responsible = self._cement_get_registration_responsible()
        # in the language of who reads it; the public page has its own
        speaking = self.with_context(lang=responsible.lang or self.env.lang)
        for partner in self:
            partner.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=speaking.env._("New registration: check and approve"),
                user_id=responsible.id,
            )

    @api.model
    def _cement_get_registration_responsible(self):
        """Return who looks at registrations: the leader of sales, else an
        administrator of the portal."""
        leader = self.env["cement.manager.profile"]._get_leader()
        # sudo: strangers may not read groups
        group_sudo = self.env.ref("cement_base.group_cement_admin").sudo()
        admins = group_sudo.all_user_ids.filtered("active").sorted("id")
        return leader or admins[:1] or self.env.ref("base.user_admin")

    def action_cement_approve(self):
        """Make the applicant a counterparty and invite its owner.

        The letter goes to the address of the request, so whoever cannot read it
        gets nothing.
        """
        self._cement_check_registrar()
        for partner in self:
            if partner.registration_state != "pending":
                raise UserError(
                    self.env._(
                        "%(name)s is not waiting for approval.", name=partner.name
                    )
                )
            partner.write(
                {
                    "is_counterparty": True,
                    "registration_state": "approved",
                    "cement_manager_id": partner.cement_manager_id.id or self.env.uid,
                }
            )
            contact = partner.child_ids.filtered("email")[:1] or partner
            self.env["cement.member"]._invite(
                partner, contact.email, contact.name, roles.OWNER
            )
            partner.activity_feedback(["mail.mail_activity_data_todo"])

    def action_cement_refuse(self):
        """Ask for the reason; see :meth:`_cement_refuse`."""
        self._cement_check_registrar()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_base.cement_registration_refuse_action"
        )
        action["context"] = {"default_partner_ids": self.ids}
        return action

    def _cement_refuse(self, reason: str):
        """Refuse the requests and tell the applicants why. The partner is archived,
        so that the same INN may apply again."""
        self._cement_check_registrar()
        if any(partner.registration_state != "pending" for partner in self):
            raise UserError(self.env._("Only waiting registrations can be refused."))
        self.write({"registration_state": "refused", "registration_refusal": reason})
        template = self.env.ref(
            "cement_base.mail_template_registration_refused", raise_if_not_found=False
        )
        for partner in self:
            if template:
                template.send_mail(partner.id)
            partner.activity_feedback(["mail.mail_activity_data_todo"])
        self.action_archive()

    @api.model
    def _cement_check_registrar(self):
        if not (
            self.env.su or self.env.user.has_group("cement_base.group_sales_manager")
        ):
            raise AccessError(
                self.env._("Only a sales manager may decide on registrations.")
            )

    def write(self, vals):
        """Override of `base` to let changed managers and members be seen at once."""
        result = super().write(vals)
        if {"active", "is_counterparty"} & vals.keys():
            self.env["cement.member"]._forget_cached()
        return result
