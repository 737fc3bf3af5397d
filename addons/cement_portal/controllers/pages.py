# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import UserError
from odoo.http import request, route

from .main import CementPortal


class CementPages(CementPortal):
    """Home, search, help: what belongs to the shell."""

    @route()
    def home(self, **kw):
        """Override of `portal`: the home page by the rights of the person."""
        partner = self._get_partner()
        shell = request.env["cement.portal.shell"]
        values = self._prepare_cement_values(
            "home", is_home_page=True, **shell._get_home(partner)
        )
        return request.render("cement_portal.home", values)

    @route("/my/search", type="http", auth="user", website=True, readonly=True)
    def cement_search(self, search="", **_kwargs):
        text = self._as_text(search)
        shell = request.env["cement.portal.shell"]
        partner = self._get_partner()
        values = self._prepare_cement_values(
            "search",
            search_everywhere=text,
            sections=shell._search_everywhere(partner, text) if text else [],
        )
        return request.render("cement_portal.search", values)

    @route("/my/help", type="http", auth="user", website=True, readonly=True)
    def cement_help(self, **_kwargs):
        return request.render("cement_portal.help", self._prepare_cement_values("help"))

    @route(
        "/my/cement/message",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_message(self, text="", page="", **_kwargs):
        """Write to the manager of the counterparty."""
        text = self._as_text(text, 4000)
        if not text:
            raise UserError(request.env._("Write a few words first."))
        request.env["cement.portal.shell"]._send_message(
            self._get_partner(), text, self._as_text(page, 200)
        )
        return True
