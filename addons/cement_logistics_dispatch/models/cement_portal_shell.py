# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import roles


class CementPortalShell(models.AbstractModel):
    _inherit = "cement.portal.shell"

    @api.model
    def _get_cement_nav(self, partner):
        """Add the pages of change requests and, for those who collect goods
        themselves, of the pick-up."""
        entries = super()._get_cement_nav(partner)
        if not partner or not self._can(roles.SEE, partner):
            return entries
        if self._picks_up(partner):
            entries.append(
                {
                    "key": "pickup",
                    "label": self.env._("Pick-up"),
                    "url": "/my/pickup",
                    "icon": "factory",
                    "sequence": 36,
                }
            )
        entries.append(
            {
                "key": "changes",
                "label": self.env._("Changes"),
                "url": "/my/changes",
                "icon": "edit",
                "sequence": 38,
                "pages": ("change",),
            }
        )
        return entries

    @api.model
    def _picks_up(self, partner) -> bool:
        """Whether *partner* has a line to be collected by road."""
        # sudo: only whether there is one
        return bool(
            self.env["cement.specification.line"]
            .sudo()
            .search_count(
                [
                    ("commercial_partner_id", "=", partner.id),
                    ("state", "=", "active"),
                    ("delivery_method_id.is_pickup", "=", True),
                    ("delivery_method_id.transport", "=", "road"),
                ],
                limit=1,
            )
        )
