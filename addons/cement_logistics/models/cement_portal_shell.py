# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.models.home import FOUND_SHOWN

from ..tools import lifecycle, shipment_query

GROWTH_DAYS = 90


class CementPortalShell(models.AbstractModel):
    _inherit = "cement.portal.shell"

    @api.model
    def _get_cement_nav(self, partner):
        """Override of `cement_portal` to add the shipments."""
        entries = super()._get_cement_nav(partner)
        if partner and self._can(roles.SEE, partner):
            entries.append(
                {
                    "key": "shipments",
                    "label": self.env._("Shipments"),
                    "url": "/my/shipments",
                    "icon": "truck",
                    "sequence": 35,
                    "phone": 3.5,
                    "pages": ("shipment",),
                }
            )
        return entries

    # === Home ===

    @api.model
    def _prepare_home_blocks(self, partner):
        """Override of `cement_portal`: where is my cargo, and what could go better."""
        blocks = super()._prepare_home_blocks(partner)
        if not partner or not self._can(roles.SEE, partner):
            return blocks
        blocks.append(
            {
                "sequence": 5,
                "place": "top",
                "template": "cement_logistics.home_cargo",
                "values": self._get_cargo(partner),
            }
        )
        if self._can(roles.SEE_ALL, partner):
            growth = self._get_growth(partner)
            if growth["count"]:
                blocks.append(
                    {
                        "sequence": 60,
                        "place": "side",
                        "template": "cement_logistics.home_growth",
                        "values": growth,
                    }
                )
        return blocks

    @api.model
    def _get_cargo(self, partner) -> dict:
        """Return how many vehicles and wagons are under way, and what comes next."""
        shipments = self.env["stock.picking"]
        base = shipments._portal_base_domain(partner)
        on_way = base & Domain("shipment_state", "in", lifecycle.UNDER_WAY)
        counts, mass = {}, 0.0
        for transport, count, tonnes in shipments._read_group(
            on_way, ["transport"], ["__count", "shipment_mass:sum"]
        ):
            counts[transport] = count
            mass += tonnes or 0.0
        following = shipments.search(
            on_way
            & Domain("arrived_date", "=", False)
            & Domain("eta_date", ">=", fields.Datetime.now()),
            order="eta_date, id",
            limit=1,
        )
        late = shipments.search_count(on_way & shipments._get_late_domain())
        planned = 0
        if not counts:
            waiting = shipment_query.STATE_SETS[shipment_query.WAITING]
            planned = shipments.search_count(
                base & Domain("shipment_state", "in", waiting)
            )
        # sudo: the name of the site of a shipment that the person may see
        following_sudo = following.sudo()
        return {
            "count": sum(counts.values()),
            "trucks": sum(counts.values()) - counts.get("rail", 0),
            "wagons": counts.get("rail", 0),
            "truck_forms": self.env._("truck|trucks"),
            "wagon_forms": self.env._("wagon|wagons"),
            "mass": mass,
            "late": late,
            "planned": planned,
            "next_eta": following_sudo.eta_date,
            "next_clock": following_sudo._get_cement_clock() if following else None,
            "next_site": following_sudo.site_id.name or "",
        }

    @api.model
    def _get_growth(self, partner) -> dict:
        """Return what the delivered shipments of late say (F83): figures with the
        number of cases behind them, and nothing where nothing was measured."""
        shipments = self.env["stock.picking"]
        since = fields.Datetime.now() - timedelta(days=GROWTH_DAYS)
        domain = (
            shipments._portal_base_domain(partner)
            & Domain("shipment_state", "=", lifecycle.DONE)
            & Domain("arrived_date", ">=", since)
        )
        groups = shipments._read_group(
            domain,
            ["site_id"],
            ["__count", "hours_on_site:sum", "shortage_mass:sum"],
        )
        measured = dict(
            shipments._read_group(
                domain & Domain("hours_on_site", ">", 0), ["site_id"], ["__count"]
            )
        )
        [(timed,)] = shipments._read_group(
            domain & Domain("promised_to", "!=", False), [], ["__count"]
        )
        [(late, late_hours)] = shipments._read_group(
            domain & Domain("late_hours", ">", 0), [], ["__count", "late_hours:avg"]
        )
        [(confirmed,)] = shipments._read_group(
            domain & Domain("is_confirmed", "=", True), [], ["__count"]
        )
        [(short,)] = shipments._read_group(
            domain & Domain("shortage_mass", ">", 0), [], ["__count"]
        )
        hours = sum(group[2] or 0.0 for group in groups)
        cases = sum(measured.values())
        by_site = sorted(
            (
                ((group[2] or 0.0) / measured[group[0]], group[0])
                for group in groups
                if measured.get(group[0])
            ),
            key=lambda pair: -pair[0],
        )
        # sudo: the name of a site on the person's own shipments
        slowest = by_site[0] if len(by_site) > 1 else None
        return {
            "days": GROWTH_DAYS,
            "count": sum(group[1] for group in groups),
            "timed": timed,
            "late": late,
            "late_hours": late_hours or 0.0,
            "measured": cases,
            "hours": hours / cases if cases else 0.0,
            "slowest_site": slowest[1].sudo().name if slowest else "",
            "slowest_hours": slowest[0] if slowest else 0.0,
            "confirmed": confirmed,
            "short": short,
            "shortage": sum(group[3] or 0.0 for group in groups),
        }

    # === Search ===

    @api.model
    def _search_everywhere(self, partner, text):
        """Override of `cement_portal` to find vehicles, wagons and waybills."""
        sections = super()._search_everywhere(partner, text)
        if not partner or len(text) < 2:
            return sections
        pattern = escape_psql(text)
        shipments = self.env["stock.picking"].search(
            self.env["stock.picking"]._portal_base_domain(partner)
            & Domain.OR(
                Domain(name, "ilike", pattern)
                for name in ("vehicle_text", "waybill_number")
            ),
            order="shipment_day DESC, id DESC",
            limit=FOUND_SHOWN,
        )
        if shipments:
            fmt = self._get_formats()
            sections.append(
                {
                    "label": self.env._("Shipments"),
                    "icon": "truck",
                    "items": [
                        {
                            "url": row["url"],
                            "title": row["vehicle"] or row["number"],
                            "text": " · ".join(
                                filter(
                                    None,
                                    (row["product"], row["site"], row["state_label"]),
                                )
                            ),
                            "side": fmt.tonnes(row["mass"]),
                        }
                        for row in shipments._portal_rows()
                    ],
                    "more": "/my/shipments",
                }
            )
        return sections
