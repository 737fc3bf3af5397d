# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields, models

from odoo.addons.cement_logistics.tools import lifecycle

from ..tools import door, eta

UNDER_WAY = (lifecycle.LEFT, lifecycle.ON_WAY, lifecycle.NEAR)


class StockPicking(models.Model):
    """What a partner sees of a truck: the road, the hour and the delay; never whose
    phone tells it."""

    _inherit = "stock.picking"

    def _portal_way(self):
        """Override of `cement_logistics` to tell the way of a truck.

        Called as superuser after the right to read was checked. Only while the trip
        lasts: afterwards the steps of the shipment tell all that may be told.
        """
        way = super()._portal_way()
        self.ensure_one()
        if way or self.transport != "road" or self.is_pickup:
            return way
        if self.shipment_state not in (lifecycle.LOADING, *lifecycle.UNDER_WAY):
            return way
        trip = self.tracked_object_id
        rows = self._portal_road_rows(trip)
        if not rows:
            return way
        return {"label": self.env._("On the road"), "rows": rows, "events": []}

    def _portal_road_rows(self, trip) -> list[tuple[str, str]]:
        """Return label and text of what is known of the way."""
        self.ensure_one()
        fmt = self._get_cement_formats()
        rows = []
        left, total = self.distance_left, trip.distance_total if trip else 0.0
        if self.shipment_state in UNDER_WAY and self.position_date and left:
            text = self.env._("%(left)s km left", left=fmt.number(left, 0))
            if total > left:
                text = self.env._(
                    "%(gone)s of %(total)s km behind, %(left)s km left",
                    gone=fmt.number(total - left, 0),
                    total=fmt.number(total, 0),
                    left=fmt.number(left, 0),
                )
            rows.append((self.env._("Road"), text))
        if self.shipment_state in UNDER_WAY and self.eta_date:
            rows.append((self.env._("Expected"), fmt.moment(self.eta_date)))
            if self.eta_source:
                rows.append((self.env._("Reckoned from"), self.eta_source))
        slip = self._portal_slip_text(trip)
        if slip:
            rows.append((self.env._("To the promise"), slip))
        if self.position_date:
            rows.append((self.env._("Position"), fmt.ago(self.position_date)))
        elif trip and trip.phase in ("to_start", "live"):
            rows.append((self.env._("Position"), self._portal_wait_text(trip)))
        return rows

    def _portal_wait_text(self, trip) -> str:
        """Return why there is no position yet, without saying anything of a person."""
        if trip.status in door.TROUBLES:
            return self.env._("This truck is not followed; the dispatcher knows.")
        return self.env._("The tracker is being connected.")

    def _portal_slip_text(self, trip) -> str:
        """Return in words how the expected hour stands to the promised window."""
        self.ensure_one()
        if self.shipment_state not in UNDER_WAY or not trip or not self.eta_date:
            return ""
        if trip.slip_level in (eta.LATE, eta.VERY_LATE) and self.promised_to:
            late = self.eta_date - self.promised_to
            return self.env._(
                "%(time)s later than promised; the dispatcher knows",
                time=self._portal_duration(late),
            )
        if trip.slip_level == eta.EARLY and self.promised_from:
            early = self.promised_from - self.eta_date
            return self.env._(
                "%(time)s earlier than promised", time=self._portal_duration(early)
            )
        return self.env._("in time") if self.promised_to else ""

    def _portal_duration(self, span: timedelta) -> str:
        minutes = max(0, round(span.total_seconds() / 60))
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        return self.env._("%(minutes)s min", minutes=minutes)

    def _portal_row_values(self):
        """Override of `cement_logistics` to show delays in the list, in one query."""
        values = super()._portal_row_values()
        late = (
            self.env["cement.tracked.object"]
            # sudo: called as superuser for pages; delays only, no person
            .sudo()
            .search_fetch(
                [
                    ("picking_id", "in", self.ids),
                    ("phase", "=", "live"),
                    ("slip_level", "in", (eta.LATE, eta.VERY_LATE)),
                ],
                ["picking_id", "slip_level"],
            )
        )
        now = fields.Datetime.now()
        for trip in late:
            picking = trip.picking_id
            if picking.shipment_state not in UNDER_WAY or not picking.promised_to:
                continue
            span = (picking.eta_date or now) - picking.promised_to
            tone = "block" if trip.slip_level == eta.VERY_LATE else "warn"
            text = self._portal_duration(span)
            row = values.setdefault(picking.id, {})
            row.setdefault("extra", []).append((self.env._("Late by"), text, tone))
        return values
