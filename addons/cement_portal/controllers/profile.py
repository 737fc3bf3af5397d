# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import Forbidden

from odoo.http import request, route

from odoo.addons.cement_base.tools import roles

from .main import CementPortal


class CementProfile(CementPortal):
    """Everything about the counterparty in one place, and its statistics."""

    @route("/my/profile", type="http", auth="user", website=True, readonly=True)
    def cement_profile(self, **_kwargs):
        partner = self._require(roles.SEE)
        values = self._prepare_cement_values("profile", **partner._portal_profile())
        if values["can_add_sites"]:
            values["regions"] = request.env["cement.site"]._portal_regions()
        return request.render("cement_portal.profile_page", values)

    # === Core's address book ===

    @route()
    def my_addresses(self, **query_params):
        """Override of `portal`: the addresses of a client are its sites."""
        if request.env.user._cement_scopes():
            return request.redirect("/my/profile")
        return super().my_addresses(**query_params)

    @route()
    def portal_address(self, partner_id=None, **query_params):
        """Override of `portal`: members keep no address book beneath their
        company, they change their own contact only."""
        if self._is_foreign_address(partner_id):
            return request.redirect("/my/profile")
        return super().portal_address(partner_id=partner_id, **query_params)

    @route()
    def portal_address_submit(self, partner_id=None, **form_data):
        """Override of `portal`: see :meth:`portal_address`."""
        if self._is_foreign_address(partner_id):
            raise Forbidden(
                request.env._(
                    "Addresses are added as sites on the page of the company."
                )
            )
        return super().portal_address_submit(partner_id=partner_id, **form_data)

    @route()
    def address_archive(self, partner_id):
        """Override of `portal`: see :meth:`portal_address`."""
        if self._is_foreign_address(partner_id):
            raise Forbidden(request.env._("This address is not yours to remove."))
        return super().address_archive(partner_id)

    def _is_foreign_address(self, partner_id) -> bool:
        """Whether a member means any contact but the own."""
        user = request.env.user
        own_id = user.partner_id.id
        return bool(user._cement_scopes()) and self._as_id(partner_id) != own_id

    @route(
        "/my/cement/site/<int:site_id>/save",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_site_save(self, site_id, values=None):
        """Change contact, hours and note of a site."""
        site = self._browse("cement.site", site_id)
        site._portal_update(values if isinstance(values, dict) else {})
        return {"html": self._render_site(site)}

    @route("/my/cement/site/add", type="jsonrpc", auth="user", readonly=False)
    def cement_site_add(self, values=None):
        """Add an address or a station."""
        site = request.env["cement.site"]._portal_create(
            self._get_partner(), values if isinstance(values, dict) else {}
        )
        return {"id": site.id, "html": self._render_site(site)}

    def _render_site(self, site) -> str:
        return self._render_fragment(
            "cement_portal.site_card",
            {"site": site._portal_cards()[0], "can_edit_sites": True},
        )

    @route(
        "/my/cement/site/<int:site_id>/photo",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_site_photo(self, site_id, **_kwargs):
        """Serve the photo of the gate of a site that the person may see."""
        site = self._browse("cement.site", site_id)
        # sudo: the site was found by the person's own right
        stream = request.env["ir.binary"]._get_image_stream_from(
            site.sudo(), "image_1920", width=960, height=720
        )
        return stream.get_response(max_age=3600)

    @route("/my/cement/stations", type="jsonrpc", auth="user", readonly=True)
    def cement_stations(self, text=""):
        """Return the stations of the directory that fit what was typed."""
        return request.env["cement.site"]._portal_stations(self._as_text(text, 50))

    @route("/my/statistics", type="http", auth="user", website=True, readonly=True)
    def cement_statistics(self, **_kwargs):
        partner = self._require(roles.SEE_ALL)
        values = self._prepare_cement_values(
            "statistics", **partner._portal_statistics()
        )
        return request.render("cement_portal.statistics_page", values)
