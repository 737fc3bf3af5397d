# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import roles


class CementPortalShell(models.AbstractModel):
    _inherit = "cement.portal.shell"

    @api.model
    def _get_cement_nav(self, partner):
        """Add the pages of orders, documents, statistics and people."""
        entries = super()._get_cement_nav(partner)
        if not partner or not self._can(roles.SEE, partner):
            return entries
        entries += [
            {
                "key": "orders",
                "label": self.env._("Orders"),
                "url": "/my/orders",
                "icon": "orders",
                "sequence": 30,
                "phone": 3,
                "pages": ("order",),
            },
            {
                "key": "documents",
                "label": self.env._("Documents"),
                "url": "/my/documents",
                "icon": "documents",
                "sequence": 60,
            },
            {
                "key": "profile",
                "label": self.env._("Company"),
                "url": "/my/profile",
                "icon": "factory",
                "sequence": 80,
            },
        ]
        if self._can(roles.SEE_ALL, partner):
            entries.append(
                {
                    "key": "statistics",
                    "label": self.env._("Statistics"),
                    "url": "/my/statistics",
                    "icon": "chart",
                    "sequence": 65,
                }
            )
        if self._can(roles.PEOPLE, partner):
            entries.append(
                {
                    "key": "people",
                    "label": self.env._("People"),
                    "url": "/my/people",
                    "icon": "people",
                    "sequence": 70,
                }
            )
        return entries
