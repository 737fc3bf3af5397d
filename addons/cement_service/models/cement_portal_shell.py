# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import roles


class CementPortalShell(models.AbstractModel):
    _inherit = "cement.portal.shell"

    @api.model
    def _get_cement_nav(self, partner):
        """Add the page of claims."""
        entries = super()._get_cement_nav(partner)
        if partner and self._can(roles.SEE, partner):
            entries.append(
                {
                    "key": "claims",
                    "label": self.env._("Claims"),
                    "url": "/my/claims",
                    "icon": "claim",
                    "sequence": 62,
                    "pages": ("claim",),
                }
            )
        return entries
