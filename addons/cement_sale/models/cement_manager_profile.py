# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models

from odoo.addons.cement_base.tools import assignment

from ..tools import lifecycle


class CementManagerProfile(models.Model):
    _inherit = "cement.manager.profile"

    @api.model
    def _get_loads(self, users) -> dict[int, int]:
        """Override of `cement_base` to count the orders under way."""
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", users.ids),
                    ("is_cement", "=", True),
                    ("cement_state", "in", lifecycle.UNDER_WAY),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        return {user.id: count for user, count in groups}

    @api.model
    def _assign(self, partner, needs: dict) -> dict:
        """Choose the managers of several orders of one counterparty.

        :param needs: ``{key: (region id or None, product category ids)}``.
        :return: ``{key: (user id or False, reason in words)}``.
        """
        candidates = self._get_candidates(fields.Date.context_today(self))
        history = self._get_history_user(partner)
        leader = self._get_leader()
        answers = {
            need: assignment.assign(
                candidates,
                region=need[0],
                categories=need[1],
                history_user_id=history.id or None,
                leader_user_id=leader.id or None,
            )
            for need in set(needs.values())
        }
        texts = self._get_reason_texts()
        return {
            key: (answers[need].user_id or False, texts[answers[need].reason])
            for key, need in needs.items()
        }

    @api.model
    def _get_history_user(self, partner):
        """Return the manager with whom *partner* works: the attached one, else the
        one of the last order."""
        if partner.cement_manager_id:
            return partner.cement_manager_id
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("counterparty_id", "=", partner.id),
                    ("is_cement", "=", True),
                    ("user_id", "!=", False),
                ],
                order="id desc",
                limit=1,
            )
            .user_id
        )

    @api.model
    def _get_reason_texts(self) -> dict[str, str]:
        return {
            assignment.HISTORY: self.env._("already works with this client"),
            assignment.REGION_EXPERTISE: self.env._(
                "region and product, lightest load"
            ),
            assignment.REGION: self.env._("region, lightest load"),
            assignment.EXPERTISE: self.env._("product, lightest load"),
            assignment.LEADER: self.env._("leader of the team: nobody else fits"),
            assignment.NOBODY: self.env._("nobody fits, to be assigned by hand"),
        }
