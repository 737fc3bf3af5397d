# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cement_base.models.cement_member import ROLES
from odoo.addons.cement_base.tools import roles


class CementMember(models.Model):
    """The page of people: an owner sees who may do what, and changes it."""

    _inherit = "cement.member"

    @api.model
    def _portal_people(self, partner) -> dict:
        """Return the people of *partner* and what an invitation offers.

        :raises AccessError: when the current user may not administer people.
        """
        self._check_people_access(partner)
        members = self.search([("partner_id", "=", partner.id)], order="role, id")
        # sudo: names, addresses and last logins of colleagues, for their owner only
        people = members.sudo()._prepare_portal_people()
        return {
            "people": sorted(people, key=lambda person: person["rank"]),
            "roles": self._portal_roles(),
            "agreements": self.env["agreement"].search(
                [("commercial_partner_id", "=", partner.id)]
            ),
            "sites": self.env["cement.site"].search([("partner_id", "=", partner.id)]),
        }

    def _prepare_portal_people(self) -> list[dict]:
        labels = dict(self._fields["role"]._description_selection(self.env))
        order = [role for role, _label in ROLES]
        owners = sum(member.role == roles.OWNER for member in self)
        return [
            {
                "id": member.id,
                "name": member.user_id.name,
                "email": member.user_id.email or member.user_id.login,
                "function": member.user_id.partner_id.function or "",
                "role": member.role,
                "role_label": labels[member.role],
                "rank": (order.index(member.role), member.user_id.name.casefold()),
                "agreement_ids": member.agreement_ids.ids,
                "agreements": [
                    agreement.code or agreement.name
                    for agreement in member.agreement_ids
                ],
                "site_ids": member.site_ids.ids,
                "sites": member.site_ids.mapped("name"),
                "seen": member.login_date,
                "is_self": member.user_id == self.env.user,
                "is_last_owner": member.role == roles.OWNER and owners == 1,
            }
            for member in self
        ]

    @api.model
    def _portal_roles(self) -> list[dict]:
        """Return the roles with what each may do, in words (F197)."""
        labels = dict(self._fields["role"]._description_selection(self.env))
        texts = {
            roles.OWNER: self.env._(
                "Everything: orders of all colleagues, finances, and the people "
                "themselves."
            ),
            roles.PRIVILEGED: self.env._(
                "Sees and changes the orders of all colleagues, sees finances. Does "
                "not manage people."
            ),
            roles.BUYER: self.env._("Orders and sees the own orders only."),
            roles.ACCOUNTANT: self.env._(
                "Sees all orders, debts and documents of payment. Does not order."
            ),
            roles.VIEWER: self.env._(
                "Sees all orders. Does not order, sees no finances."
            ),
        }
        return [
            {"code": role, "label": labels[role], "text": texts[role]}
            for role, _label in ROLES
        ]

    @api.model
    def _portal_find(self, partner, member_id: int):
        """Return the membership with this id among the people of *partner*.

        :raises UserError: when there is none, or it is not the person's to see.
        """
        self._check_people_access(partner)
        member = self.search(
            [("id", "=", member_id), ("partner_id", "=", partner.id)], limit=1
        )
        if not member:
            raise UserError(self.env._("This person is not in the list any more."))
        return member

    @api.model
    def _portal_limits(self, partner, agreement_ids, site_ids) -> tuple[list, list]:
        """Return the limits that were chosen, when all of them exist for the
        person.

        :raises UserError: when one does not: leaving it out would widen the access.
        """
        agreements = self.env["agreement"].search(
            [("id", "in", agreement_ids), ("commercial_partner_id", "=", partner.id)]
        )
        sites = self.env["cement.site"].search(
            [("id", "in", site_ids), ("partner_id", "=", partner.id)]
        )
        if set(agreements.ids) != set(agreement_ids) or set(sites.ids) != set(site_ids):
            raise UserError(
                self.env._("A contract or site that was chosen is not among yours.")
            )
        return agreements.ids, sites.ids

    def _restore(self):
        """Give a removed access back as it was (the «undo» of the page), without a
        letter.

        :raises AccessError: when the current user may not administer people.
        """
        for member in self.sudo():
            self._check_people_access(member.partner_id)
            self._check_within_own_limits(member)
        # sudo: the portal has no write access to memberships, checked above
        self.sudo().write({"active": True})

    @api.model
    def _portal_restore(self, partner, member_id: int):
        """Find a removed membership of *partner* and restore it."""
        self._check_people_access(partner)
        # sudo: removed memberships are hidden from everybody; access was checked
        member_sudo = (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "=", member_id), ("partner_id", "=", partner.id)])
        )
        if not member_sudo:
            raise UserError(self.env._("This person is not in the list any more."))
        member_sudo.sudo(self.env.su)._restore()

    def action_see_as_client(self):
        """Ask for the reason, then open the portal as this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_portal.cement_impersonation_start_action"
        )
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_member_id": self.id,
        }
        return action
