# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.cement_base.tools import roles

from ..tools import photos
from .shipments import CementShipments

# All photos at their largest, the signature and the rest of the form.
MAX_REQUEST = (photos.MAX_PHOTOS + 1) * photos.MAX_BYTES


class CementTracking(CementShipments):
    """The link for the foreman, and the confirmation of the delivery."""

    # === The public page ===

    @route(
        "/cement/track/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=False,
        save_session=False,
    )
    def cement_track(self, token, **_kwargs):
        """Show one shipment to whoever holds the link; count the opening."""
        link_sudo = request.env["cement.shipment.link"]._find(token)
        values = {"page_name": "track", "no_header": True, "no_footer": True}
        if link_sudo:
            link_sudo._note_opening()
            values.update(
                link_sudo._public_page(),
                token=token,
                map_settings=link_sudo.picking_id._get_map_settings(),
                max_photos=photos.MAX_PHOTOS,
            )
            response = request.render("cement_logistics.track_page", values)
        else:
            response = request.render("cement_logistics.track_closed_page", values)
            response.status_code = 404
        return self._seal(response)

    @staticmethod
    def _seal(response):
        """Keep the address of the page, which is its key, out of search engines,
        caches and the logs of other hosts."""
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        return response

    @route(
        "/cement/track/<string:token>/state",
        type="jsonrpc",
        auth="public",
        readonly=True,
        save_session=False,
    )
    def cement_track_state(self, token):
        """Return the parts of the public page that move."""
        link_sudo = self._find_link(token)
        values = link_sudo._public_page()
        return {
            "state": values["row"]["state"],
            "label": values["row"]["state_label"],
            "is_over": values["is_over"],
            "status": self._render_fragment("cement_logistics.track_status", values),
        }

    @route(
        "/cement/track/<string:token>/map",
        type="jsonrpc",
        auth="public",
        readonly=True,
        save_session=False,
    )
    def cement_track_map(self, token, **_kwargs):
        """Return where the vehicle is; nothing once it has delivered."""
        return self._find_link(token)._public_map()

    @staticmethod
    def _find_link(token):
        link_sudo = request.env["cement.shipment.link"]._find(token)
        if not link_sudo:
            raise NotFound()
        return link_sudo

    # The token in the address is the right, not the session: there is nothing that
    # a foreign page could use, and a form that waited a day for the network must
    # not fail for its age.
    @route(
        "/cement/track/<string:token>/confirm",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        csrf=False,
        readonly=False,
        save_session=False,
        max_content_length=MAX_REQUEST,
    )
    def cement_track_confirm(self, token, **form):
        """Confirm the delivery by the link."""
        link_sudo = request.env["cement.shipment.link"]._find(token)
        if not link_sudo:
            return self._answer_confirmation(
                error=request.env._("This link does not open any more."), status=404
            )
        confirmations = request.env["cement.delivery.confirmation"]
        return self._confirm(
            form,
            lambda vals, signature, files: confirmations._submit(
                link_sudo.picking_id, vals, signature, files, link=link_sudo
            ),
        )

    # === Signed in ===

    @route(
        "/my/shipments/<int:picking_id>/confirm",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_shipment_confirm_page(self, picking_id, **_kwargs):
        """Show the form of the confirmation."""
        self._require(roles.SEE)
        shipment = self._browse_shipment(picking_id)
        values = self._prepare_shipment_values(shipment)
        values["max_photos"] = photos.MAX_PHOTOS
        return request.render("cement_logistics.confirm_page", values)

    @route(
        "/my/shipments/<int:picking_id>/confirm",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
        max_content_length=MAX_REQUEST,
    )
    def cement_shipment_confirm(self, picking_id, **form):
        """Confirm the delivery on behalf of the member."""
        self._require(roles.SEE)
        shipment = self._browse_shipment(picking_id)
        return self._confirm(form, shipment._confirm_as_member)

    def _confirm(self, form, submit):
        """Read the form, have it confirmed and answer the script that sent it."""
        vals = {
            name: self._as_text(form.get(name), 1100)
            for name in (
                "key",
                "receiver",
                "mass",
                "arrived",
                "unloaded",
                "note",
                "is_here",
            )
        }
        try:
            submit(vals, self._read_signature(), self._read_photos())
        except (UserError, AccessError) as error:
            # what a constraint has begun to write must not stay
            request.env.cr.rollback()
            return self._answer_confirmation(error=str(error), status=422)
        return self._answer_confirmation()

    @staticmethod
    def _read_signature() -> bytes:
        upload = request.httprequest.files.get("signature")
        if not upload:
            return b""
        upload.seek(0)
        return upload.read(photos.SIGNATURE_BYTES + 1)

    @staticmethod
    def _read_photos() -> list[bytes]:
        """Return what was uploaded; one file and one byte more than allowed, so that
        too much is told and never read."""
        uploads = request.httprequest.files.getlist("photos")
        contents = []
        for upload in uploads[: photos.MAX_PHOTOS + 1]:
            if upload.filename:
                # a request that is run again finds them read; core rewinds the first
                upload.seek(0)
                contents.append(upload.read(photos.MAX_BYTES + 1))
        return contents

    @staticmethod
    def _answer_confirmation(error="", status=200):
        return request.make_json_response(
            {"error": error} if error else {"ok": True}, status=status
        )

    @route(
        "/my/shipments/<int:picking_id>/confirmation",
        type="http",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_shipment_confirmation(self, picking_id, **_kwargs):
        """Send the printed form; it is printed now when the queue has not yet."""
        self._require(roles.SEE)
        shipment = self._browse_shipment(picking_id)
        # sudo: the receipt of a shipment that the person may read
        confirmation_sudo = shipment._shipment_sudo().confirmation_ids[:1]
        if not confirmation_sudo:
            raise NotFound()
        document = confirmation_sudo._print()
        return request.make_response(
            document.raw,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(document.raw)),
                ("Content-Disposition", content_disposition(document.name)),
            ],
        )

    # === Links of members ===

    @route(
        "/my/cement/shipment/<int:picking_id>/link",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_shipment_link(self, picking_id):
        """Make a link for the foreman, or return the one that there is."""
        self._require(roles.SEE)
        shipment = self._browse_shipment(picking_id)
        request.env["cement.shipment.link"]._make(shipment)
        return self._render_share(shipment)

    @route(
        "/my/cement/shipment/<int:picking_id>/unlink",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_shipment_unlink(self, picking_id):
        """Withdraw the links of the shipment."""
        self._require(roles.SEE)
        shipment = self._browse_shipment(picking_id)
        request.env["cement.shipment.link"]._withdraw(shipment)
        return self._render_share(shipment)

    def _render_share(self, shipment) -> dict:
        links = shipment._portal_links()
        return {
            "url": links["url"],
            "html": self._render_fragment(
                "cement_logistics.shipment_share_body",
                {"links": links, "row": {"id": shipment.id}, "fmt": links["fmt"]},
            ),
        }
