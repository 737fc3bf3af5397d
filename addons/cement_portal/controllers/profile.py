# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

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
