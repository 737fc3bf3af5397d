# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ..tools import access, roles


class ResUsers(models.Model):
    _inherit = "res.users"

    cement_member_ids = fields.One2many(
        "cement.member", "user_id", string="Memberships"
    )
    cement_current_partner_id = fields.Many2one(
        "res.partner",
        string="Current counterparty",
        help="The counterparty for which the person acts at the moment.",
    )

    @ormcache("self.id")
    def _cement_scopes_values(self) -> tuple:
        """Return the memberships as plain values, for the cache."""
        # sudo: the rules that guard memberships are made from this very list. The
        # caller's context is dropped: it is the client's to choose, the answer is
        # kept for everybody. An archived contract still limits: without it the
        # limit would be empty, which means every contract.
        members = (
            self.env["cement.member"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("user_id", "=", self.id),
                    ("active", "=", True),
                    ("partner_id.active", "=", True),
                    ("partner_id.is_counterparty", "=", True),
                ]
            )
        )
        return tuple(
            (
                member.partner_id.id,
                member.role,
                tuple(sorted(member.agreement_ids.ids)),
                tuple(sorted(member.site_ids.ids)),
            )
            for member in members
        )

    def _cement_scopes(self) -> tuple[access.Scope, ...]:
        """Return what this person may do, one scope a counterparty."""
        self.ensure_one()
        return tuple(access.Scope(*values) for values in self._cement_scopes_values())

    def _cement_scope(self, partner) -> access.Scope | None:
        """Return the scope of this person for *partner*, if there is one."""
        return next(
            (
                scope
                for scope in self._cement_scopes()
                if scope.partner_id == partner.id
            ),
            None,
        )

    def _cement_can(self, capability: str, partner=None) -> bool:
        """Whether the person has *capability* for *partner* (default: the current
        counterparty)."""
        self.ensure_one()
        partner = self._get_cement_partner() if partner is None else partner
        scope = self._cement_scope(partner)
        return bool(scope) and scope.can(capability)

    def _get_cement_partner(self):
        """Return the counterparty for which the person acts at the moment.

        The chosen one while the person still belongs to it, else the first.
        """
        self.ensure_one()
        allowed = [scope.partner_id for scope in self._cement_scopes()]
        # sudo: a person may read the id of the counterparty it chose itself
        current = self.sudo().cement_current_partner_id
        # never in superuser mode, though env.user is: what pages reach through the
        # partner must stay within the rules
        chosen = current if current.id in allowed else current.browse(allowed[:1])
        return chosen.sudo(False)

    def _cement_switch_partner(self, partner_id: int):
        """Act for another counterparty from now on.

        :raises AccessError: when the person does not belong to it.
        """
        self.ensure_one()
        if partner_id not in [scope.partner_id for scope in self._cement_scopes()]:
            raise AccessError(self.env._("You are not a member of this counterparty."))
        # sudo: portal users may not write users; the value was checked above
        self.sudo().cement_current_partner_id = partner_id

    # === Guards: whose rows an outsider may see ===

    @api.model
    def _get_cement_guards(self) -> dict[str, access.GuardFields]:
        """Return the guarded models and the columns that say whose a row is.

        Addons add theirs by override; the record rule of each model calls
        :meth:`cement_guard_domain`.
        """
        return {
            "agreement": access.GuardFields("commercial_partner_id", agreement="id"),
            "cement.specification": access.GuardFields(
                "commercial_partner_id",
                agreement="agreement_id",
                extra=(("state", "!=", "draft"),),
            ),
            "cement.specification.line": access.GuardFields(
                "commercial_partner_id",
                agreement="agreement_id",
                site="site_id",
                extra=(("state", "!=", "draft"),),
            ),
            "cement.site": access.GuardFields("partner_id", site="id"),
            "cement.member": access.GuardFields("partner_id", capability=roles.PEOPLE),
        }

    @api.private
    def cement_guard_domain(self, model_name: str) -> list:
        """Return the rows of *model_name* that this user may see.

        Called by global record rules, so no other addon's portal rule can widen
        it. People inside the company are not limited here.
        """
        self.ensure_one()
        if self._is_internal() or self._is_superuser():
            return list(access.EVERYTHING)
        special = getattr(
            self, f"_get_cement_guard_{model_name.replace('.', '_')}", None
        )
        if special:
            return special()
        guard = self._get_cement_guards().get(model_name)
        if guard is None:
            return list(access.NOTHING)
        return access.guard_domain(self._cement_scopes(), guard, self.id)

    def _get_cement_guard(self, model_name: str) -> list:
        return access.guard_domain(
            self._cement_scopes(), self._get_cement_guards()[model_name], self.id
        )

    def _get_cement_guard_cement_member(self) -> list:
        """Everybody sees the own membership, owners those of their people."""
        return [
            "|",
            ("user_id", "=", self.id),
            *self._get_cement_guard("cement.member"),
        ]

    def _get_cement_guard_product_product(self) -> list:
        """Only products of the person's own specifications."""
        lines = self._get_cement_guard("cement.specification.line")
        return [("specification_line_ids", "any", lines)]

    def _get_cement_guard_product_template(self) -> list:
        lines = self._get_cement_guard("cement.specification.line")
        return [
            (
                "product_variant_ids",
                "any",
                [("specification_line_ids", "any", lines)],
            )
        ]

    def _get_cement_guard_res_partner(self) -> list:
        """The person, its own addresses and the counterparties it acts for.

        Colleagues are not here: the People page shows them to owners by itself.
        """
        # sudo: called while the rule of partners is being made
        own_id = self.sudo().partner_id.id
        partner_ids = [scope.partner_id for scope in self._cement_scopes()]
        return [
            "|",
            ("id", "in", [own_id, *partner_ids]),
            ("parent_id", "=", own_id),
        ]

    def _get_cement_guard_res_users(self) -> list:
        """Only the own login: core shows the logins of all colleagues."""
        return [("id", "=", self.id)]
