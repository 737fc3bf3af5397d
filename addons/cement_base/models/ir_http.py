# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.http import request

_COOKIE = "cids"  # of the web client: which companies are shown
_STAFF = (
    "cement_base.group_sales_manager",
    "cement_base.group_dispatcher",
    "cement_base.group_accountant",
)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Override of `web` to begin with the goods of all suppliers.

        The web client begins with one company: the morning's lists would keep
        silent about the wagons and orders of the others. Whoever has chosen
        companies keeps the choice.
        """
        if request and _COOKIE not in request.httprequest.cookies:
            companies = self._get_companies_at_once()
            if len(companies) > 1:
                request.future_response.set_cookie(
                    _COOKIE, "-".join(map(str, companies.ids))
                )
        return super().session_info()

    def _get_companies_at_once(self):
        """Return the companies that the person sees first, the own one in front."""
        user = self.env.user
        if not user._is_internal() or not any(user.has_group(name) for name in _STAFF):
            return self.env["res.company"]
        return user.company_id | user.company_ids
