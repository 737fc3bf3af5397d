# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.tools import ormcache

# the sign of the Bank of Russia, where Odoo still writes an abbreviation
_SYMBOLS = {"RUB": "₽"}


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @ormcache("self.id", cache="stable")
    def _get_cement_sign(self) -> tuple[str, bool]:
        """Return the sign of the currency and whether it stands before a sum.

        Kept for all pages: core forgets this cache when a currency changes.
        """
        # sudo: everybody reads currencies, and the answer is the same for all
        currency = self.sudo()
        sign = _SYMBOLS.get(currency.name) or currency.symbol or currency.name
        return sign, currency.position == "before"
