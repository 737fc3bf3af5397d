# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from odoo.addons.cement_portal.tools import workbook

from ..tools import lifecycle, shipment_line, shipment_query

# How many vehicles the map shows at most: more are clusters of clusters.
MAP_LIMIT = 3_000

# The article before the name of a product: people know the name.
_ARTICLE = re.compile(r"\[[^\]]*\] ?")


class StockPicking(models.Model):
    """The list of shipments as the portal shows, maps and exports it.

    Everything is asked with the rights of the person; names, to which clients have
    no access, are read afterwards for the rows that were found.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "cement.portal.list"]

    _portal_step_field = ("shipment_state", lifecycle.STATES)
    _portal_sorts = {
        "vehicle": "vehicle_text",
        "product": "product_text",
        "mass": "shipment_mass",
        "waybill": "waybill_number",
        "date": "shipment_day",
        "plant": "plant_id.name",
        "site": "site_id.name",
    }

    # === Search ===

    @api.model
    def _portal_base_domain(self, partner) -> Domain:
        """Return the domain of all shipments of *partner*; the record rule leaves of
        them what the role of the person allows."""
        return (
            Domain("counterparty_id", "=", partner.id) & self._portal_shipment_domain()
        )

    @api.model
    def _portal_domain(self, partner, query) -> Domain:
        """Return the domain of the shipments of *partner* that *query* asks for."""
        domain = self._portal_base_domain(partner)
        if query.text:
            text = escape_psql(query.text)
            domain &= Domain.OR(
                Domain(name, "ilike", text)
                for name in (
                    "vehicle_text",
                    "waybill_number",
                    "product_text",
                    "origin",
                    "name",
                )
            )
        if query.states:
            domain &= Domain("shipment_state", "in", query.states)
        if query.status == shipment_query.LATE:
            domain &= self._get_late_domain()
        if query.transport:
            domain &= Domain("transport", "=", query.transport)
        if query.plant_id:
            domain &= Domain("plant_id", "=", query.plant_id)
        if query.site_id:
            domain &= Domain("site_id", "=", query.site_id)
        first, last = query.days
        if first:
            domain &= Domain("shipment_day", ">=", first)
        if last:
            domain &= Domain("shipment_day", "<=", last)
        return domain

    @api.model
    def _get_late_domain(self) -> Domain:
        """Return the domain of the shipments that are, or will be, too late."""
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        under_way = Domain("shipment_state", "in", lifecycle.UNDER_WAY[:3])
        planned = Domain("shipment_state", "in", shipment_query.STATE_SETS["waiting"])
        # the plant promises hours of its own: a wagon is measured by the carrier's day
        promised = Domain("transport", "!=", "rail")
        past = Domain("promised_to", "<", now)
        slips = Domain("promised_to", "!=", False) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s > %s",
                SQL.identifier(alias, "eta_date"),
                SQL.identifier(alias, "promised_to"),
            )
        )
        return (
            (under_way & promised & (past | slips))
            | (under_way & Domain("due_date", "<", today))
            | (planned & Domain("shipment_day", "<", today))
        )

    def _is_late(self, now, today) -> bool:
        """Whether the shipment belongs to :meth:`_get_late_domain`."""
        self.ensure_one()
        state = self.shipment_state
        if state in lifecycle.UNDER_WAY[:3]:
            promised = self.transport != "rail" and self.promised_to
            if promised and max(now, self.eta_date or now) > promised:
                return True
            return bool(self.due_date and self.due_date < today)
        if state in shipment_query.STATE_SETS["waiting"]:
            return bool(self.shipment_day and self.shipment_day < today)
        return False

    @api.model
    def _portal_order_sql(self, search, query) -> SQL:
        """Override: the default order is what matters now."""
        if query.sort == shipment_query.DEFAULT_SORT:
            return self._portal_now_key(search)
        return super()._portal_order_sql(search, query)

    @api.model
    def _portal_now_key(self, search) -> SQL:
        """Return the ORDER BY of what matters now: under way first, those expected
        soonest before the others; then what leaves next; then the delivered, the
        last first."""
        state = SQL.identifier(search.table, "shipment_state")
        day = SQL.identifier(search.table, "shipment_day")
        waiting = shipment_query.STATE_SETS[shipment_query.WAITING]
        return SQL(
            "CASE WHEN %(state)s IN %(under_way)s THEN 0 "
            "WHEN %(state)s IN %(waiting)s OR %(state)s IS NULL THEN 1 "
            "WHEN %(state)s = 'done' THEN 2 ELSE 3 END, "
            "CASE WHEN %(state)s IN %(under_way)s THEN %(eta)s END NULLS LAST, "
            "CASE WHEN %(state)s IN %(waiting)s THEN %(day)s END NULLS LAST, "
            "%(day)s DESC NULLS LAST, %(id)s DESC",
            state=state,
            day=day,
            eta=SQL.identifier(search.table, "eta_date"),
            id=SQL.identifier(search.table, "id"),
            under_way=lifecycle.UNDER_WAY,
            waiting=waiting,
        )

    @api.model
    def _portal_sort_key(self, search, sort: str) -> SQL:
        """Override: a shipment has arrived, or is expected."""
        if sort == "arrival":
            return SQL(
                "COALESCE(%s, %s)",
                SQL.identifier(search.table, "arrived_date"),
                SQL.identifier(search.table, "eta_date"),
            )
        return super()._portal_sort_key(search, sort)

    # === List ===

    @api.model
    def _portal_list(self, partner, query, page_size: int = 50) -> dict:
        """Return one page of the list, ready to be shown.

        :return: ``rows``, ``total`` (shipments found), ``mass``, ``filters`` (what
            can be chosen), ``page``, ``pages``.
        """
        domain = self._portal_domain(partner, query)
        [(total, mass)] = self._read_group(domain, [], ["__count", "shipment_mass:sum"])
        pages = max(1, -(-total // page_size))
        page = min(query.page, pages)
        search = self._portal_search(
            domain, query, limit=page_size, offset=(page - 1) * page_size
        )
        return {
            "rows": self.browse(search)._portal_rows(),
            "total": total,
            "mass": mass or 0.0,
            "filters": self._portal_filters(partner),
            "page": page,
            "pages": pages,
        }

    def _portal_rows(self) -> list[dict]:
        """Return what a row of the list shows, for all shipments in a few queries."""
        labels = dict(self._selection_shipment_state())
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        # sudo: the shipments were found with the person's rights; what follows are
        # names of plants and sites that stand on them
        shipments_sudo = self.sudo()
        added = shipments_sudo._portal_row_values()
        return [
            {
                **shipment._prepare_portal_row(labels, now, today),
                **added.get(shipment.id, {}),
            }
            for shipment in shipments_sudo
        ]

    def _prepare_portal_row(self, labels, now, today) -> dict:
        self.ensure_one()
        state = self.shipment_state or lifecycle.PLANNED
        is_under_way = state in lifecycle.UNDER_WAY
        site = self.site_id
        order = self.sale_id
        return {
            "id": self.id,
            "url": f"/my/shipments/{self.id}",
            "number": self.name,
            "order": order.name or "",
            "state": state,
            "state_label": labels.get(state, ""),
            "state_date": self.shipment_state_date,
            "tone": shipment_line.tone(state),
            "is_under_way": is_under_way,
            "is_rail": self.transport == "rail",
            "is_pickup": self.is_pickup,
            "clock": self._get_cement_clock(),
            "vehicle": self.vehicle_text or "",
            "trailer": self.trailer_plate or "",
            "vehicle_type": self.vehicle_type_id.name or "",
            "product": _ARTICLE.sub("", self.product_text or ""),
            "mass": self.shipment_mass,
            "ordered": self.ordered_mass,
            "is_weighed": bool(self.net_mass),
            "waybill": self.waybill_number or "",
            "waybill_date": self.waybill_date,
            "day": self.shipment_day,
            "left": self.date_done if self.state == "done" else None,
            "plant": self.plant_id.name or "",
            "site": site.name or "",
            "address": site.address_line or "",
            "arrived": self.arrived_date,
            "eta": self.eta_date if is_under_way and not self.arrived_date else None,
            "eta_source": self.eta_source or "",
            "due": self.due_date,
            "promised_from": self.promised_from,
            "promised_to": self.promised_to,
            "distance": self.distance_left if is_under_way else 0.0,
            "place": (self.position_text or "") if is_under_way else "",
            "position_date": self.position_date if is_under_way else None,
            "is_stale": self._is_position_stale(),
            "is_far": self._is_far_from_site(),
            "has_position": is_under_way and self._has_position(),
            "is_late": self._is_late(now, today),
            "extra": [],
            "idle_days": None,
        }

    def _has_position(self) -> bool:
        """Whether the present position is known; 0/0 lies in the ocean."""
        self.ensure_one()
        return bool(self.latitude or self.longitude)

    @api.model
    def _portal_filters(self, partner) -> dict:
        """Return what the filters offer: only what occurs, so that no choice leads
        to an empty list."""
        groups = self._read_group(
            self._portal_base_domain(partner),
            ["shipment_state", "transport", "plant_id", "site_id"],
            ["__count"],
        )
        states: dict[str, int] = {}
        transports: dict[str, int] = {}
        plants, sites = self.env["cement.plant"], self.env["cement.site"]
        for state, transport, plant, site, count in groups:
            states[state] = states.get(state, 0) + count
            transports[transport] = transports.get(transport, 0) + count
            plants |= plant
            sites |= site
        labels = dict(self._selection_shipment_state())
        late = self.search_count(
            self._portal_base_domain(partner) & self._get_late_domain()
        )

        def by_name(records):
            return sorted(
                ((record.id, record.name) for record in records),
                key=lambda pair: pair[1] or "",
            )

        # sudo: names of plants and sites that stand on the shipments
        return {
            "states": [
                {"code": state, "label": labels[state], "count": states[state]}
                for state in lifecycle.STATES
                if state in states
            ],
            "transports": transports,
            "plants": by_name(plants.sudo()),
            "sites": by_name(sites.sudo()),
            "under_way": sum(states.get(state, 0) for state in lifecycle.UNDER_WAY),
            "waiting": sum(
                states.get(state, 0) for state in shipment_query.STATE_SETS["waiting"]
            ),
            "late": late,
            "total": sum(states.values()),
        }

    # === Map ===

    @api.model
    def _portal_map(self, partner, query) -> dict:
        """Return what the map beside the list shows: of the shipments that *query*
        finds those under way whose position is known, and where they go.

        :return: ``points`` and ``places``, see :meth:`_prepare_map`.
        """
        domain = self._portal_domain(partner, query)
        return self.search(
            domain & self._get_map_domain(), order="id DESC", limit=MAP_LIMIT
        )._prepare_map(lambda shipment: f"/my/shipments/{shipment.id}")

    @api.model
    def _get_map_domain(self) -> Domain:
        return Domain("shipment_state", "in", lifecycle.UNDER_WAY) & (
            Domain("latitude", "!=", 0) | Domain("longitude", "!=", 0)
        )

    def _prepare_map(self, get_url) -> dict:
        """Return the shipments as points of a map.

        :param get_url: gives the address of the page of a shipment.
        :return: ``points`` ``[{id, kind, lat, lon, label, state, state_label, at,
            age, stale, late, accuracy, place, eta, mass, url, site_id}]`` and
            ``places`` ``[{id, kind, lat, lon, label}]`` (where they go).
        """
        # sudo: found with the person's rights; names stand on the shipments
        shipments_sudo = self.sudo()
        labels = dict(self._selection_shipment_state())
        fmt = self.env["cement.portal.shell"]._get_formats()
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        points = []
        for shipment in shipments_sudo:
            state = shipment.shipment_state
            points.append(
                {
                    "id": shipment.id,
                    "kind": "wagon" if shipment.transport == "rail" else "truck",
                    "lat": shipment.latitude,
                    "lon": shipment.longitude,
                    "label": shipment.vehicle_text or shipment.name,
                    "state": state,
                    "state_label": labels.get(state, ""),
                    "at": fields.Datetime.to_string(shipment.position_date) or "",
                    "age": fmt.ago(shipment.position_date)
                    if shipment.position_date
                    else "",
                    "stale": shipment._is_position_stale(),
                    "late": shipment._is_late(now, today),
                    "accuracy": shipment.position_accuracy or 0,
                    "place": shipment.position_text or "",
                    "eta": fmt.moment(shipment.eta_date, shipment._get_cement_clock())
                    if shipment.eta_date
                    else "",
                    "mass": fmt.mass(shipment.shipment_mass),
                    "url": get_url(shipment),
                    "site_id": shipment.site_id.id,
                    "destination": shipment.site_id.name or "",
                }
            )
        places = []
        for site in shipments_sudo.site_id:
            latitude, longitude = site._get_coordinates()
            if latitude or longitude:
                places.append(
                    {
                        "id": site.id,
                        "kind": site.kind,
                        "lat": latitude,
                        "lon": longitude,
                        "label": site.name,
                    }
                )
        return {"points": points, "places": places}

    # === Export ===

    @api.model
    def _portal_export_title(self) -> str:
        return self.env._("Shipments")

    @api.model
    def _portal_export_columns(self) -> list[workbook.Column]:
        # a file is reckoned with: one clock for all of it, that of the person
        zone = self.env["cement.portal.shell"]._get_formats().zone()
        return [
            workbook.Column(self.env._("Status"), width=18),
            workbook.Column(self.env._("Vehicle / wagon"), width=16),
            workbook.Column(self.env._("Trailer"), width=12),
            workbook.Column(self.env._("Product"), width=40),
            workbook.Column(self.env._("Mass, t"), workbook.MASS, 11),
            workbook.Column(self.env._("Ordered, t"), workbook.MASS, 11),
            workbook.Column(self.env._("Waybill"), width=16),
            workbook.Column(self.env._("Date of waybill"), workbook.DAY, 13),
            workbook.Column(self.env._("Day of shipment"), workbook.DAY, 13),
            workbook.Column(self.env._("Plant"), width=22),
            workbook.Column(self.env._("Site"), width=28),
            workbook.Column(self.env._("Address / station"), width=40),
            workbook.Column(self.env._("Place"), width=28),
            workbook.Column(
                self.env._("Position of, %(zone)s", zone=zone), workbook.MOMENT, 20
            ),
            workbook.Column(self.env._("Distance left, km"), workbook.MASS, 12),
            workbook.Column(
                self.env._("Expected, %(zone)s", zone=zone), workbook.MOMENT, 20
            ),
            workbook.Column(
                self.env._("Arrived, %(zone)s", zone=zone), workbook.MOMENT, 20
            ),
            workbook.Column(self.env._("Order"), width=14),
            workbook.Column(self.env._("Shipment"), width=18),
        ]

    def _portal_cells(self):
        for row in self._portal_rows():
            yield (
                row["state_label"],
                row["vehicle"],
                row["trailer"],
                row["product"],
                row["mass"],
                row["ordered"],
                row["waybill"],
                row["waybill_date"],
                row["day"],
                row["plant"],
                row["site"],
                row["address"],
                row["place"],
                self._portal_local(row["position_date"]),
                row["distance"] or None,
                self._portal_local(row["eta"]),
                self._portal_local(row["arrived"]),
                row["order"],
                row["number"],
            )


class CementSite(models.Model):
    _inherit = "cement.site"

    def _get_coordinates(self) -> tuple[float, float]:
        """Return latitude and longitude: of the address, else of the station."""
        self.ensure_one()
        if self.latitude or self.longitude:
            return self.latitude, self.longitude
        return self.station_id.latitude, self.station_id.longitude
