# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Override of `base`, which moves members by SQL: forget whose they were."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        self.env["cement.member"]._clear_access_cache()
        return result
