# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import time

from odoo.http import request, route
from odoo.tools import hash_sign, verify_hash_signed

from ..models.cement_registration import FIELDS, MAX_SECONDS
from .main import CementPortal

SCOPE = "cement_portal.registration"
# The name of a field that people do not see and machines fill in.
TRAP = "website_url"


class CementRegistrationPage(CementPortal):
    """The public door: a company asks for access by its INN (F186 to F188)."""

    @route(
        "/cement/register",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def cement_register(self, **_kwargs):
        return self._render_register_form({})

    @route(
        "/cement/register",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        readonly=False,
        max_content_length=200_000,
    )
    def cement_register_submit(self, **form):
        answer = request.env["cement.registration"]._submit(
            form,
            ip=request.httprequest.remote_addr or "",
            seconds=self._get_seconds(form.get("stamp")),
            trap=self._as_text(form.get(TRAP), 200),
        )
        if answer["status"] == "sent":
            # a redirect, so that reloading does not send the form again
            request.session["cement_register_email"] = self._as_text(
                form.get("email"), 200
            )
            return request.redirect("/cement/register/sent")
        return self._render_register_form(form, answer)

    @route(
        "/cement/register/sent",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def cement_register_sent(self, **_kwargs):
        return request.render(
            "cement_portal.register_sent_page",
            {"email": request.session.get("cement_register_email", "")},
        )

    @route(
        "/cement/register/confirm/<int:registration_id>/<string:secret>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def cement_register_confirm_page(self, registration_id, secret, **_kwargs):
        """Show a button: programs that check the links of letters must not confirm
        for the person."""
        registration_sudo = request.env["cement.registration"]._find(
            self._as_id(registration_id), secret
        )
        return self._render_confirm(
            {
                "status": "ask" if registration_sudo else "unknown",
                "company": registration_sudo.company_name,
            }
        )

    @route(
        "/cement/register/confirm/<int:registration_id>/<string:secret>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        readonly=False,
    )
    def cement_register_confirm(self, registration_id, secret, **_kwargs):
        """Hand the request over to the manager and say thank you."""
        answer = request.env["cement.registration"]._confirm(
            self._as_id(registration_id), secret
        )
        return self._render_confirm(answer)

    # === Parts ===

    def _render_register_form(self, form, answer=None):
        values = {name: self._as_text(form.get(name), 2_000) for name in FIELDS}
        answer = answer or {}
        return request.render(
            "cement_portal.register_page",
            {
                "values": values,
                "error": answer.get("error", ""),
                "is_stale": answer.get("status") == "stale",
                "stamp": hash_sign(
                    # sudo: the secret of the database signs, nobody sees it
                    request.env["ir.config_parameter"].sudo().env,
                    SCOPE,
                    {"at": time.time()},
                    expiration_hours=48,
                ),
                "trap": TRAP,
            },
        )

    def _render_confirm(self, answer):
        response = request.render("cement_portal.register_confirm_page", answer)
        # the address holds the secret: it must not travel on in a referer
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _get_seconds(self, stamp) -> float | None:
        """Return how long the page was open; ``None`` for a stamp that is not ours
        or far too old."""
        if not isinstance(stamp, str):
            return None
        try:
            # sudo: see _render_register_form
            content = verify_hash_signed(request.env(su=True), SCOPE, stamp[:1_000])
        except (ValueError, TypeError):
            return None
        if not isinstance(content, dict) or "at" not in content:
            return None
        seconds = time.time() - content["at"]
        return seconds if 0 <= seconds <= MAX_SECONDS else None
