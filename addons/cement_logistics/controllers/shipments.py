# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from dataclasses import replace
from functools import partial

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.controllers.main import CementPortal

from ..tools.shipment_query import ShipmentQuery

PAGE_SIZE = 50


class CementShipments(CementPortal):
    """The list of shipments with its map, and the page of one."""

    # === List ===

    @route("/my/shipments", type="http", auth="user", website=True, readonly=True)
    def cement_shipments(self, **kwargs):
        partner = self._require(roles.SEE)
        query = ShipmentQuery.parse(kwargs)
        data = request.env["stock.picking"]._portal_list(partner, query, PAGE_SIZE)
        query = replace(query, page=data["page"])
        values = self._prepare_cement_values(
            "shipments",
            query=query,
            data=data,
            url=partial(self._list_url, path="/my/shipments"),
            pager=self._prepare_list_pager(
                "/my/shipments", query, data["total"], PAGE_SIZE
            ),
            months=self._get_months(),
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
        return self._send_list("stock.picking", partner, ShipmentQuery.parse(kwargs))

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
        return shipments._portal_map(partner, ShipmentQuery.parse(params))

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
