# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route
from odoo.tools.image import image_process

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.controllers.main import CementPortal
from odoo.addons.cement_portal.tools import uploads
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.cement_claim import TEXT_LIMIT
from ..tools import files as claim_files

PAGE_SIZE = 30
PREVIEW = 480
# All files at their largest, and the rest of the form.
MAX_REQUEST = (claim_files.MAX_FILES + 1) * claim_files.LIMITS.max_bytes


class CementClaims(CementPortal):
    """Claims: the list, the form, the page of one, its photos."""

    # === List ===

    @route(
        ["/my/claims", "/my/claims/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_claims(self, page=1, status="", **_kwargs):
        partner = self._require(roles.SEE)
        status = self._as_text(status, 10)
        status = status if status in ("open", "answered") else ""
        data = request.env["cement.claim"]._portal_list(
            partner, status, self._as_id(page) or 1, PAGE_SIZE
        )
        values = self._prepare_cement_values(
            "claims",
            data=data,
            status=status,
            pager=portal_pager(
                "/my/claims",
                data["total"],
                page=data["page"],
                step=PAGE_SIZE,
                url_args={"status": status} if status else None,
            ),
            sees_all=self._can(roles.SEE_ALL),
        )
        return request.render("cement_service.claims_page", values)

    # === Form ===

    @route("/my/claims/new", type="http", auth="user", website=True, readonly=True)
    def cement_claim_new(self, order_id=None, **_kwargs):
        self._require(roles.SEE)
        order = self._browse("sale.order", order_id) if order_id else None
        return self._render_claim_form(order, {})

    def _render_claim_form(self, order, typed, error="", status=200):
        """Return the form with what was typed; files are chosen anew."""
        data = request.env["cement.claim"]._portal_form(order)
        values = self._prepare_cement_values(
            "claim",
            data=data,
            typed=typed,
            error=error,
            claims_label=request.env._("Claims"),
        )
        response = request.render("cement_service.claim_form_page", values)
        response.status_code = status
        return response

    @route(
        "/my/claims/submit",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
        max_content_length=MAX_REQUEST,
    )
    def cement_claim_submit(self, **form):
        """Make the claim; scripts ask with ``answer=json`` and stay on the page."""
        self._require(roles.SEE)
        typed = {
            "order_id": self._as_id(form.get("order_id")),
            "agreement_id": self._as_id(form.get("agreement_id")),
            "kind": self._as_text(form.get("kind"), 30),
            "mass": self._as_text(form.get("mass"), 30),
            # one more than allowed, so that a longer text is told
            "description": self._as_text(form.get("description"), TEXT_LIMIT + 1),
            "key": self._as_text(form.get("key"), 64),
        }
        wants_json = form.get("answer") == "json"
        try:
            claim = request.env["cement.claim"]._submit(typed, self._read_files())
        except UserError as error:
            if wants_json:
                return request.make_json_response({"error": str(error)})
            order = (
                request.env["sale.order"].search([("id", "=", typed["order_id"])])
                if form.get("order_fixed")
                else None
            )
            return self._render_claim_form(order, typed, str(error), status=422)
        url = f"/my/claims/{claim.id}"
        self._flash(request.env._("The claim is sent. The answer comes here."))
        if wants_json:
            return request.make_json_response({"url": url})
        return request.redirect(url)

    @staticmethod
    def _read_files() -> list[tuple[str, bytes]]:
        """Return name and content of what was uploaded; one file and one byte more
        than allowed are read, so that the model can refuse them."""
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ]
        files = []
        for upload in uploads[: claim_files.MAX_FILES + 1]:
            # a request that is run again begins at the first byte
            upload.seek(0)
            files.append(
                (upload.filename, upload.read(claim_files.LIMITS.max_bytes + 1))
            )
        return files

    # === Page ===

    @route(
        "/my/claims/<int:claim_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_claim(self, claim_id, **_kwargs):
        self._require(roles.SEE)
        claim = self._browse("cement.claim", claim_id)
        values = self._prepare_cement_values(
            "claim",
            claims_label=request.env._("Claims"),
            **claim._portal_page(),
        )
        return request.render("cement_service.claim_page", values)

    @route(
        "/my/claims/<int:claim_id>/files/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_claim_file(self, claim_id, attachment_id, size="", **_kwargs):
        """Send one of the client's files to those who may read the claim."""
        self._require(roles.SEE)
        claim = self._browse("cement.claim", claim_id)
        file_sudo = claim._get_photo_sudo(self._as_id(attachment_id))
        if not file_sudo:
            raise NotFound()
        is_shown = file_sudo.mimetype in uploads.SHOWN
        content = file_sudo.raw
        if size == "small" and is_shown:
            content = self._shrink(content)
        return request.make_response(
            content,
            headers={
                # the type was told by the content when the file came
                "Content-Type": file_sudo.mimetype,
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Content-Disposition": content_disposition(
                    file_sudo.name, "inline" if is_shown else "attachment"
                ),
                "Cache-Control": "private, max-age=86400",
            }.items(),
        )

    @staticmethod
    def _shrink(content: bytes) -> bytes:
        try:
            return image_process(content, size=(PREVIEW, PREVIEW))
        except (UserError, OSError, ValueError, SyntaxError):
            # the head of the picture is sound, the rest is not: as it is then
            return content
