# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, email_normalize, escape_psql

from ..tools import roles

ROLES = [
    (roles.OWNER, "Owner"),
    (roles.PRIVILEGED, "Privileged"),
    (roles.BUYER, "Buyer"),
    (roles.ACCOUNTANT, "Accountant"),
    (roles.VIEWER, "Viewer"),
]


# letters that the people of one counterparty may cause in a day, unless the
# parameter cement_base.invitations_a_day says otherwise
INVITATIONS_A_DAY = 30


class CementMember(models.Model):
    """A person (сотрудник) who acts for a counterparty in the portal.

    One user may hold several memberships, one a counterparty.  Every change
    takes effect at once: the cached access domains are dropped.
    """

    _name = "cement.member"
    _description = "Member of a counterparty"
    _inherit = ["cement.remembered", "cement.private.thread", "mail.thread"]
    _order = "partner_id, role, id"

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade", string="Person"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Counterparty",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_counterparty', '=', True)]",
        tracking=True,
    )
    role = fields.Selection(
        ROLES,
        required=True,
        default=roles.BUYER,
        tracking=True,
        help="Owner: everything, people too. Privileged: all orders of the "
        "counterparty and its finances. Buyer: own orders. Accountant: sees orders "
        "and finances. Viewer: sees orders.",
    )
    agreement_ids = fields.Many2many(
        "agreement",
        string="Contracts",
        # a deleted contract must not turn a limit into "all contracts"
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Empty means all contracts.",
    )
    site_ids = fields.Many2many(
        "cement.site",
        string="Sites",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty means all sites.",
    )
    invited_by_id = fields.Many2one("res.users", readonly=True)
    login_date = fields.Datetime(related="user_id.login_date", string="Last seen")
    active = fields.Boolean(default=True, tracking=True)

    _member_uniq = models.Constraint(
        "UNIQUE(user_id, partner_id)",
        "This person is a member of the counterparty already.",
    )

    @api.depends("user_id.name", "partner_id.name")
    def _compute_display_name(self):
        for member in self:
            member.display_name = f"{member.user_id.name} ({member.partner_id.name})"

    @api.constrains("partner_id", "agreement_ids", "site_ids")
    def _check_limits(self):
        for member in self.with_context(active_test=False):
            foreign_agreement = member.agreement_ids.filtered(
                lambda a, m=member: a.commercial_partner_id != m.partner_id
            )
            foreign_site = member.site_ids.filtered(
                lambda s, m=member: s.partner_id != m.partner_id
            )
            if foreign_agreement or foreign_site:
                raise ValidationError(
                    self.env._(
                        "The limits of %(member)s name contracts or sites of another "
                        "counterparty.",
                        member=member.user_id.name,
                    )
                )

    @api.constrains("user_id")
    def _check_portal_user(self):
        for member in self:
            if not member.user_id.share:
                raise ValidationError(
                    self.env._(
                        "%(user)s works inside the company and cannot be a member of "
                        "a counterparty.",
                        user=member.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._sync_companies()
        return members

    def write(self, vals):
        result = super().write(vals)
        if {"user_id", "partner_id", "active"} & vals.keys():
            self._sync_companies()
        return result

    def _sync_companies(self):
        """Let the members into the supplier companies of their contracts.

        Odoo's own company rules hide the records of companies that a user does
        not belong to, so a contract with a second plant must open its company.
        """
        # sudo: portal users may not change users; the companies follow contracts
        for user, members in self.sudo().grouped("user_id").items():
            companies = members.partner_id.agreement_ids.company_id - user.company_ids
            if companies:
                user.write(
                    {"company_ids": [Command.link(company.id) for company in companies]}
                )

    # === Actions of the portal's People page ===

    @api.model
    def _check_people_access(self, partner):
        """Refuse anybody but an owner of *partner* or a manager in the backend.

        :raises AccessError: when the current user may not administer people.
        """
        user = self.env.user
        if self.env.su or user.has_group("cement_base.group_sales_manager"):
            return
        if not user._cement_can(roles.PEOPLE, partner):
            raise AccessError(
                self.env._("Only an owner may manage the people of a counterparty.")
            )

    @api.model
    def _invite(self, partner, email, name, role, agreement_ids=(), site_ids=()):
        """Give a person access to *partner* by e-mail and return the membership.

        A person without a user gets one and a letter with the link to set a
        password; a known portal user is only added. A former membership comes back.

        :param agreement_ids: contracts to which the person is limited; empty: all.
        :param site_ids: sites to which the person is limited; empty: all.

        :raises AccessError: when the current user may not administer people.
        :raises UserError: when the address is not usable.
        """
        self._check_people_access(partner)
        self._check_role(role)
        self._check_own_limits(partner, agreement_ids, site_ids)
        login = email_normalize(email or "")
        if not login:
            raise UserError(
                self.env._("“%(email)s” is not an e-mail address.", email=email or "")
            )
        # sudo: an owner may not create users; the address and role were checked
        user_sudo = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search([("login", "=ilike", escape_psql(login))], limit=1)
        )
        # A closed login stays closed: it may belong to other counterparties too.
        if user_sudo and not (user_sudo.share and user_sudo.active):
            raise UserError(
                self.env._(
                    "This address cannot be invited. Please ask your manager for help."
                )
            )
        is_new = not user_sudo
        self._count_invitation(partner)
        if is_new:
            user_sudo = self._create_portal_user(partner, login, name)
        else:
            self._check_upsert(partner, user_sudo)
        member = self._upsert(partner, user_sudo, role, agreement_ids, site_ids)
        member._notify_invited(is_new)
        return member

    @api.model
    def _create_portal_user(self, partner, login, name):
        # sudo: see _invite
        return (
            self.env["res.users"]
            .sudo()
            .with_context(no_reset_password=True, mail_create_nosubscribe=True)
            .create(self._prepare_portal_user_vals(partner, login, name))
        )

    @api.model
    def _prepare_portal_user_vals(self, partner, login, name) -> dict:
        company = partner.sudo().agreement_ids.company_id[:1] or self.env.company
        # sudo: see _invite
        partner_sudo = partner.sudo()
        contact = partner_sudo.child_ids.filtered(
            lambda child: child.email_normalized == login and not child.user_ids
        )[:1] or partner_sudo.create(
            {
                "name": (name or "").strip() or login,
                "email": login,
                "parent_id": partner.id,
                "lang": self.env.lang or partner_sudo.lang,
            }
        )
        return {
            "login": login,
            "partner_id": contact.id,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        }

    @api.model
    def _upsert(self, partner, user, role, agreement_ids, site_ids):
        vals = {
            "role": role,
            "agreement_ids": [Command.set(list(agreement_ids))],
            "site_ids": [Command.set(list(site_ids))],
            "invited_by_id": self.env.uid,
            "active": True,
        }
        # sudo: the portal has no write access to memberships, _invite checked it
        member_sudo = (
            self.sudo()
            .with_context(active_test=False)
            .search([("partner_id", "=", partner.id), ("user_id", "=", user.id)])
        )
        if member_sudo:
            member_sudo.write(vals)
            return member_sudo
        return self.sudo().create(
            {**vals, "partner_id": partner.id, "user_id": user.id}
        )

    def _notify_invited(self, is_new: bool):
        """Queue the letter about the access.

        It is queued and not sent at once, so that a silent mail server does not
        cost the owner the invitation.

        :param is_new: whether the person still has to choose a password.
        """
        xmlid = "mail_template_invitation" if is_new else "mail_template_member_added"
        template = self.env.ref(f"cement_base.{xmlid}", raise_if_not_found=False)
        for member in self.sudo():
            if is_new:
                member.user_id.partner_id.signup_prepare(signup_type="signup")
            if template:
                template.sudo().send_mail(member.id)

    @api.model
    def _count_invitation(self, partner):
        """Count a letter that a member causes; people inside are not bounded.

        :raises UserError: when the counterparty has sent enough for the day.
        """
        if not self.env.user.share:
            return
        # sudo: the bound and its counter are nobody's to read or write by hand
        limit = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("cement_base.invitations_a_day", INVITATIONS_A_DAY)
        )
        today = fields.Date.today()
        partner_sudo = partner.sudo()
        is_today = partner_sudo.invitation_day == today
        count = partner_sudo.invitation_count if is_today else 0
        if count >= limit:
            raise UserError(
                self.env._(
                    "Your company has sent %(limit)s invitations today. Go on "
                    "tomorrow, or ask your manager.",
                    limit=limit,
                )
            )
        partner_sudo.write({"invitation_day": today, "invitation_count": count + 1})

    def action_resend_invitation(self):
        """Send the letter with the link once more."""
        for member in self:
            self._check_people_access(member.sudo().partner_id)
            self._count_invitation(member.sudo().partner_id)
            member._notify_invited(is_new=not member.sudo().login_date)

    def _set_access(self, role, agreement_ids=(), site_ids=()):
        """Change role and limits; the next page of the person obeys them."""
        for member in self.sudo():
            self._check_people_access(member.partner_id)
            self._check_within_own_limits(member)
            self._check_own_limits(member.partner_id, agreement_ids, site_ids)
        self._check_role(role)
        if role != roles.OWNER:
            self._check_other_owner()
        # sudo: the portal has no write access to memberships, checked above
        self.sudo().write(
            {
                "role": role,
                "agreement_ids": [Command.set(list(agreement_ids))],
                "site_ids": [Command.set(list(site_ids))],
            }
        )

    def _revoke(self):
        """Take the access away. The user stays: it may act for others."""
        for member in self.sudo():
            self._check_people_access(member.partner_id)
            self._check_within_own_limits(member)
        self._check_other_owner()
        # sudo: see _set_access
        self.sudo().write({"active": False})

    @api.model
    def _get_own_limits(self, partner):
        """Return the scope of the current user for *partner*; ``None`` for people
        who are not limited by one."""
        user = self.env.user
        if self.env.su or user.has_group("cement_base.group_sales_manager"):
            return None
        return user._cement_scope(partner)

    @api.model
    def _check_own_limits(self, partner, agreement_ids, site_ids):
        """Nobody gives away more than he has: an owner limited to some contracts
        or sites invites people within them only.

        :raises AccessError: when the limits asked for are wider than the own.
        """
        scope = self._get_own_limits(partner)
        if scope is None:
            return
        for own, given in (
            (scope.agreement_ids, agreement_ids),
            (scope.site_ids, site_ids),
        ):
            if own and (not given or not set(given) <= set(own)):
                raise AccessError(
                    self.env._("You may give access within your own limits only.")
                )

    @api.model
    def _check_within_own_limits(self, member):
        """The access of a person who sees more than oneself is not one's to change."""
        if member.user_id == self.env.user:
            # narrowing the own access is allowed, _check_own_limits keeps it there
            return
        member = member.with_context(active_test=False)
        self._check_own_limits(
            member.partner_id, member.agreement_ids.ids, member.site_ids.ids
        )

    @api.model
    def _check_upsert(self, partner, user):
        """An invitation of a present member changes its access: same checks."""
        member_sudo = self.sudo().search(
            [("partner_id", "=", partner.id), ("user_id", "=", user.id)]
        )
        if member_sudo:
            raise UserError(
                self.env._(
                    "%(name)s has access already. Change it in the list of people.",
                    name=member_sudo.user_id.name,
                )
            )

    @api.model
    def _check_role(self, role):
        if role not in roles.ROLE_CAPABILITIES:
            raise UserError(self.env._("There is no role “%(role)s”.", role=role))

    def _lock_owners(self):
        """Hold the owners of these counterparties: of two who remove each other at
        once the second fails on a row, is tried again by Odoo and is refused."""
        if not self:
            return
        self.flush_model(["partner_id", "role", "active"])
        self.env.execute_query(
            SQL(
                "SELECT id FROM cement_member WHERE partner_id IN %s AND role = %s "
                "AND active ORDER BY id FOR UPDATE",
                tuple(self.partner_id.ids),
                roles.OWNER,
            )
        )

    def _check_other_owner(self):
        """A counterparty without an owner could not administer itself any more."""
        owners_sudo = self.sudo().filtered(lambda member: member.role == roles.OWNER)
        owners_sudo._lock_owners()
        for member in owners_sudo:
            others = self.sudo().search_count(
                [
                    ("partner_id", "=", member.partner_id.id),
                    ("role", "=", roles.OWNER),
                    ("id", "not in", self.ids),
                ],
                limit=1,
            )
            if not others:
                raise UserError(
                    self.env._(
                        "%(name)s is the last owner of %(partner)s. Make somebody "
                        "else an owner first.",
                        name=member.user_id.name,
                        partner=member.partner_id.name,
                    )
                )
