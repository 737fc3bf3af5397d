# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What tests of the first screen share, in each addon that adds tiles to it."""


class TodayCase:
    """Tiles as a person sees them, and a dispatcher of another company.

    For classes that descend from ``CementCommon``.
    """

    def _tiles(self, user, codes):
        self.env.flush_all()
        self.env.invalidate_all()
        tiles = self.env["cement.today.tile"].with_user(user)
        tiles = tiles.with_context(allowed_company_ids=user.company_ids.ids)
        return {tile.code: tile for tile in tiles.search([("code", "in", codes)])}

    def _other_dispatcher(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        return self._create_internal_user(
            "elsewhere@today", "cement_base.group_dispatcher", companies=company
        )
