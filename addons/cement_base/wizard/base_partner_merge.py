# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Override of `base`, which moves members by SQL.

        A person who is a member of both counterparties keeps one membership: core
        would drop all members of the merged one for it. Afterwards the cached
        domains are forgotten.
        """
        members = (
            self.env["cement.member"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", partner_ids)])
        )
        for own in members.grouped("user_id").values():
            kept = own.filtered(lambda member: member.partner_id == dst_partner)
            (own - (kept or own)[:1]).unlink()
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        self.env["cement.member"]._forget_cached()
        return result
