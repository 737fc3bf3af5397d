# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import tempfile
from dataclasses import replace
from urllib.parse import urlencode

from werkzeug.utils import send_file

from odoo.fields import Domain
from odoo.http import content_disposition, request, route
from odoo.tools import format_date

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.controllers.main import CementPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools import shipment_query

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CementShipments(CementPortal):
    """The list of shipments with its map, and the page of one."""

    # === List ===

    @route("/my/shipments", type="http", auth="user", website=True, readonly=True)
    def cement_shipments(self, **kwargs):
        partner = self._require(roles.SEE)
        query = self._read_shipment_query(kwargs)
        data = request.env["stock.picking"]._portal_list(partner, query, PAGE_SIZE)
        query = replace(query, page=data["page"])
        values = self._prepare_cement_values(
            "shipments",
            query=query,
            data=data,
            url=self._shipment_list_url,
            pager=self._prepare_shipment_pager(query, data["total"]),
            months=self._get_shipment_months(),
            shipment_forms=request.env._("shipment|shipments"),
            map_settings=request.env["stock.picking"]._get_map_settings(),
        )
        return request.render("cement_logistics.shipments_page", values)

    @route(
        "/my/shipments/export", type="http", auth="user", website=True, readonly=True
    )
    def cement_shipments_export(self, **kwargs):
        """Send the shipments that the list shows now, all pages of them, as xlsx."""
        partner = self._require(roles.SEE)
        query = self._read_shipment_query(kwargs)
        # on disk: the file of many shipments does not fit the memory of a worker;
        # closed by the server once it is sent
        target = tempfile.TemporaryFile(prefix="cement-shipments-")
        request.env["stock.picking"]._portal_export(partner, query, target)
        size = target.tell()
        target.seek(0)
        name = request.env._("Shipments") + f" {request.env.cr.now():%Y-%m-%d}.xlsx"
        response = send_file(
            target,
            environ=request.httprequest.environ,
            mimetype=XLSX,
            max_age=0,
            etag=False,
        )
        response.headers["Content-Disposition"] = content_disposition(name)
        response.headers["Content-Length"] = size
        return response

    @staticmethod
    def _read_shipment_query(params):
        return shipment_query.parse({**params, "page": str(params.get("page", ""))})

    @staticmethod
    def _shipment_list_url(query, path="/my/shipments", **changes) -> str:
        """Return the address of the list with *changes*."""
        params = query.to_params(**changes)
        return f"{path}?{urlencode(params)}" if params else path

    def _prepare_shipment_pager(self, query, total) -> dict:
        """Return core's pager, its pages addressed by the query."""
        pager = portal_pager("/my/shipments", total, page=query.page, step=PAGE_SIZE)
        if not total:
            return pager

        def address(entry):
            return {**entry, "url": self._shipment_list_url(query, page=entry["num"])}

        named = ("page", "page_first", "page_previous", "page_next", "page_last")
        pager.update({name: address(pager[name]) for name in named})
        pager["pages"] = [
            address(entry) if entry["url"] else entry for entry in pager["pages"]
        ]
        return pager

    def _get_shipment_months(self, count: int = 12) -> list[tuple[str, str]]:
        """Return the months that the filter offers, the present one first."""
        today = request.env["cement.portal.shell"]._get_formats().today()
        months = []
        year, month = today.year, today.month
        for _index in range(count):
            first = today.replace(year=year, month=month, day=1)
            label = format_date(request.env, first, date_format="LLLL yyyy")
            months.append((f"{year:04d}-{month:02d}", label.capitalize()))
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return months

    @route("/my/cement/shipments/rows", type="jsonrpc", auth="user", readonly=True)
    def cement_shipment_rows(self, ids=()):
        """Return the cells of rows of the list that move, ``{id: {cell: html}}``."""
        wanted = self._as_ids(ids)[: 2 * PAGE_SIZE]
        shipments = request.env["stock.picking"]
        shipments = shipments.search(
            shipments._portal_shipment_domain() & Domain("id", "in", wanted)
        )
        return {
            row["id"]: {
                "state": self._render_fragment(
                    "cement_logistics.shipment_state_cell", {"row": row}
                ),
                "arrival": self._render_fragment(
                    "cement_logistics.shipment_arrival_cell", {"row": row}
                ),
                "label": row["state_label"],
                "number": row["vehicle"] or row["number"],
            }
            for row in shipments._portal_rows()
        }

    @route("/my/cement/shipments/map", type="jsonrpc", auth="user", readonly=True)
    def cement_shipment_map(self, query=None, ids=None):
        """Return the points of the map: of the list's query, or of a few ids."""
        partner = self._require(roles.SEE)
        shipments = request.env["stock.picking"]
        if ids:
            found = shipments.search(
                shipments._portal_shipment_domain()
                & shipments._get_map_domain()
                & Domain("id", "in", self._as_ids(ids)[:500])
            )
            return found._prepare_map(lambda shipment: f"/my/shipments/{shipment.id}")
        params = query if isinstance(query, dict) else {}
        return shipments._portal_map(partner, self._read_shipment_query(params))

    # === Page ===

    @route(
        "/my/shipments/<int:picking_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def cement_shipment(self, picking_id, **_kwargs):
        self._require(roles.SEE)
        shipment = self._browse_shipment(picking_id)
        return request.render(
            "cement_logistics.shipment_page", self._prepare_shipment_values(shipment)
        )

    def _browse_shipment(self, picking_id):
        """Return a shipment that the person may read.

        :raises NotFound: for what is foreign, missing or no shipment alike.
        """
        shipment = self._browse("stock.picking", picking_id)
        return shipment._get_portal_shipment()

    def _prepare_shipment_values(self, shipment) -> dict:
        return self._prepare_cement_values(
            "shipment",
            **shipment._portal_page(),
            shipments_label=request.env._("Shipments"),
            map_settings=shipment._get_map_settings(),
        )

    @route(
        "/my/cement/shipment/<int:picking_id>/state",
        type="jsonrpc",
        auth="user",
        readonly=True,
    )
    def cement_shipment_state(self, picking_id):
        """Return the parts of the page that follow the vehicle."""
        shipment = self._browse_shipment(picking_id)
        values = shipment._portal_state()
        return {
            "state": values["row"]["state"],
            "label": values["row"]["state_label"],
            "status": self._render_fragment("cement_logistics.shipment_status", values),
            "where": self._render_fragment("cement_logistics.shipment_where", values),
            "way": self._render_fragment("cement_logistics.shipment_way", values),
            "actions": self._render_fragment(
                "cement_logistics.shipment_actions", values
            ),
        }
