# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.controllers.main import CementPortal

from ..tools import files

PASS_REPORT = "cement_logistics_dispatch.action_report_pass"
WAYBILL_REPORT = "cement_logistics_dispatch.action_report_waybill"
# lines of one waybill
MAX_LINES = 200


class CementPickup(CementPortal):
    """Collecting goods from the plant: waybill, slot, pass."""

    @route("/my/pickup", type="http", auth="user", website=True, readonly=True)
    def cement_pickup_list(self, **_kwargs):
        partner = self._require(roles.SEE)
        values = self._prepare_cement_values(
            "pickup",
            rows=request.env["cement.loading.pass"]._portal_pickup_list(partner),
        )
        return request.render("cement_logistics_dispatch.pickup_list_page", values)

    def _get_picking(self, picking_id):
        """Return a shipment whose order the person may read.

        :raises NotFound: for a foreign, missing or senseless one alike.
        """
        picking_id = self._as_id(picking_id)
        # sudo: only of which order it is; that is looked for with the person's rights
        picking_sudo = request.env["stock.picking"].sudo().browse(picking_id).exists()
        order_sudo = picking_sudo.sale_id
        if (
            not order_sudo
            or not picking_sudo.is_pickup
            or picking_sudo.transport != "road"
            or not request.env["sale.order"].search_count(
                [("id", "=", order_sudo.id), ("is_cement", "=", True)]
            )
        ):
            raise NotFound()
        return picking_sudo.sudo(False)

    @route(
        "/my/pickup/<int:picking_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def cement_pickup(self, picking_id, **_kwargs):
        self._require(roles.SEE)
        return self._render_pickup(self._get_picking(picking_id), {})

    def _render_pickup(self, picking, typed, error="", status=200):
        data = request.env["cement.loading.pass"]._portal_form(picking)
        values = self._prepare_cement_values(
            "pickup",
            data=data,
            fmt=data["fmt"],
            typed=typed,
            error=error,
            pickup_label=request.env._("Pick-up"),
        )
        response = request.render("cement_logistics_dispatch.pickup_page", values)
        response.status_code = status
        return response

    @route(
        "/my/pickup/<int:picking_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
        max_content_length=2 * files.LIMITS.max_bytes,
    )
    def cement_pickup_book(self, picking_id, **form):
        """Book a place, or move the booking."""
        self._require(roles.ORDER)
        picking = self._get_picking(picking_id)
        typed = {
            name: self._as_text(form.get(name), 100)
            for name in (
                "plate",
                "trailer",
                "driver",
                "phone",
                "attorney_number",
                "attorney_date",
                "attorney_until",
            )
        }
        typed["slot_id"] = self._as_id(form.get("slot_id"))
        upload = request.httprequest.files.get("attorney")
        if upload and upload.filename:
            # a request that is run again begins at the first byte
            upload.seek(0)
            upload = (upload.filename, upload.read(files.LIMITS.max_bytes + 1))
        else:
            upload = None
        try:
            with request.env.cr.savepoint():
                request.env["cement.loading.pass"]._submit(picking, typed, upload)
        except UserError as error:
            return self._render_pickup(picking, typed, str(error), status=422)
        self._flash(request.env._("The place is booked. Show the pass at the gate."))
        return request.redirect(f"/my/pickup/{picking.id}")

    @route(
        "/my/pickup/<int:picking_id>/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
    )
    def cement_pickup_cancel(self, picking_id, **_kwargs):
        self._require(roles.ORDER)
        picking = self._get_picking(picking_id)
        try:
            # sudo: the pass of a shipment whose order the person may read
            picking.sudo().pass_id.sudo(False)._member_cancel()
        except UserError as error:
            self._flash(str(error), "danger")
        else:
            self._flash(
                request.env._("The pass is cancelled, the place is free again.")
            )
        return request.redirect(f"/my/pickup/{picking.id}")

    @route(
        "/my/pickup/<int:picking_id>/waybill",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=False,
    )
    def cement_pickup_waybill(self, picking_id, mass="", withdraw="", **form):
        """Make a waybill for a part or the whole, or take it back."""
        self._require(roles.ORDER)
        picking = self._get_picking(picking_id)
        # sudo: the order of the shipment, to come back to
        order_id = picking.sudo().sale_id.id
        try:
            with request.env.cr.savepoint():
                if withdraw:
                    picking._withdraw_waybill()
                    self._flash(request.env._("The waybill is taken back."))
                    return request.redirect(f"/my/orders/{order_id}#pickup")
                target = picking._make_waybill(
                    self._as_masses(form) or self._as_text(mass, 30)
                )
        except UserError as error:
            self._flash(str(error), "danger")
            return request.redirect(f"/my/pickup/{picking.id}")
        self._flash(
            request.env._(
                "Waybill %(number)s is made. Now book an hour.",
                number=target.waybill_number,
            )
        )
        return request.redirect(f"/my/pickup/{target.id}")

    def _as_masses(self, form) -> dict:
        """Return the masses by line as the form of several products sends them:
        ``mass_17`` for line 17. Senseless names are left out."""
        return {
            line_id: self._as_text(value, 30)
            for name, value in list(form.items())[:MAX_LINES]
            if name.startswith("mass_") and (line_id := self._as_id(name[5:]))
        }

    @route(
        "/my/pickup/<int:picking_id>/waybill.pdf",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_pickup_waybill_pdf(self, picking_id, **_kwargs):
        self._require(roles.SEE)
        # sudo: read access to the order was checked on the same line
        picking_sudo = self._get_picking(picking_id).sudo()
        if not picking_sudo.waybill_number:
            raise NotFound()
        return self._send_pdf(
            WAYBILL_REPORT, picking_sudo, f"{picking_sudo.waybill_number}.pdf"
        )

    def _send_pdf(self, report, record_sudo, name):
        # sudo: the record was checked by the caller
        content, kind = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(report, record_sudo.ids)
        )
        mimetype = "application/pdf" if kind == "pdf" else "text/html"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(name, "inline")),
            ],
        )


class CementPassPage(CementPickup):
    """The pass itself: whoever holds the code may show it, and it says no more
    than the gate must know."""

    def _get_pass_sudo(self, code):
        entry_sudo = request.env["cement.loading.pass"]._find_by_code_sudo(code)
        if not entry_sudo:
            raise NotFound()
        return entry_sudo

    @route(
        "/cement/pass/<string:code>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def cement_pass(self, code, **_kwargs):
        entry_sudo = self._get_pass_sudo(code)
        user = request.env.user
        if user.has_group("cement_logistics_dispatch.group_gate_guard"):
            # the guard's phone has read the code with its camera
            return request.redirect(f"/cement/gate?code={code}")
        values = {
            "facts": entry_sudo._portal_facts(),
            "qr": entry_sudo._get_qr(),
            "page_name": "pass",
            "no_header": True,
            "no_footer": True,
        }
        response = request.render("cement_logistics_dispatch.pass_page", values)
        # the address is the key: it is not handed on
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    @route(
        "/cement/pass/<string:code>/state",
        type="jsonrpc",
        auth="public",
        readonly=True,
    )
    def cement_pass_state(self, code):
        """Return what of the page moves: the verdict and the place in the queue."""
        facts = self._get_pass_sudo(code)._portal_facts()
        return self._render_fragment(
            "cement_logistics_dispatch.pass_state", {"facts": facts}
        )

    @route(
        "/cement/pass/<string:code>/pdf",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def cement_pass_pdf(self, code, **_kwargs):
        entry_sudo = self._get_pass_sudo(code)
        return self._send_pdf(PASS_REPORT, entry_sudo, f"{entry_sudo.name}.pdf")
