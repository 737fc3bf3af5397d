# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

# more than one client has; a choice of more would be a list to search in
MAX_CHOICES = 300


class CementSite(models.Model):
    _inherit = "cement.site"

    @api.model
    def _get_choices(self, partner) -> list[dict]:
        """Return the sites of *partner* that the member may order to."""
        sites = self.search_fetch(
            [("partner_id", "=", partner.id)],
            ["name", "address_line", "kind"],
            limit=MAX_CHOICES,
        )
        return [
            {
                "id": site.id,
                "name": site.name,
                "address": site.address_line or "",
                "transport": "rail" if site.kind == "station" else "road",
            }
            for site in sites
        ]
