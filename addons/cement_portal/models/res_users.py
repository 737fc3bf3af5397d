# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    cement_favourite_product_ids = fields.Many2many(
        "product.product",
        "cement_favourite_product_rel",
        string="Favourite products",
        copy=False,
    )

    def _toggle_cement_favourite(self, product) -> bool:
        """Put *product* among the favourites, or take it out.

        :return: whether it is a favourite now.
        """
        self.ensure_one()
        # sudo: portal users may not write users; this is their own list
        user_sudo = self.sudo()
        is_favourite = product.id not in user_sudo.cement_favourite_product_ids.ids
        command = "link" if is_favourite else "unlink"
        user_sudo.cement_favourite_product_ids = [
            getattr(fields.Command, command)(product.id)
        ]
        return is_favourite
