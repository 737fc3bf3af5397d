# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models

from ..tools import assignment


class CementManagerProfile(models.Model):
    """What a sales manager is responsible for: regions and products."""

    _name = "cement.manager.profile"
    _description = "Sales manager's responsibility"
    _order = "sequence, id"

    user_id = fields.Many2one(
        "res.users",
        string="Manager",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    state_ids = fields.Many2many("res.country.state", string="Regions")
    categ_ids = fields.Many2many(
        "product.category",
        string="Product expertise",
        help="Empty means every product.",
    )
    team_id = fields.Many2one("crm.team", string="Sales team")
    absent_from = fields.Date()
    absent_to = fields.Date()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _user_uniq = models.Constraint(
        "UNIQUE(user_id)", "This manager has a profile already."
    )

    @api.depends("user_id.name")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = profile.user_id.name

    @api.model
    def _get_candidates(self, day) -> list[assignment.Manager]:
        """Return the managers at work on *day* with their present load."""
        profiles = self.sudo().search([("user_id.active", "=", True)])
        profiles = profiles.filtered(lambda profile: not profile._is_absent(day))
        loads = self._get_loads(profiles.user_id)
        return [
            assignment.Manager(
                user_id=profile.user_id.id,
                regions=frozenset(profile.state_ids.ids),
                categories=frozenset(profile.categ_ids.ids),
                load=loads.get(profile.user_id.id, 0),
            )
            for profile in profiles
        ]

    def _is_absent(self, day) -> bool:
        self.ensure_one()
        return bool(
            self.absent_from
            and self.absent_from <= day
            and (not self.absent_to or day <= self.absent_to)
        )

    @api.model
    def _get_loads(self, users) -> dict[int, int]:
        """Return ``{user id: orders under way}``; an addon that knows orders
        overrides it."""
        return {}

    @api.model
    def _get_leader(self):
        """Return the leader of the first sales team that has one."""
        team = self.env["crm.team"].sudo().search([("user_id", "!=", False)], limit=1)
        return team.user_id
