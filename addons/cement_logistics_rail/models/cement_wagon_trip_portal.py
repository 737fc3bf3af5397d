# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models

from odoo.addons.cement_base.tools import roles

_HISTORY_MAX = 200


class CementWagonTrip(models.Model):
    """What of a trip its shipment's owner sees."""

    _inherit = "cement.wagon.trip"

    def _portal_extra(self, fmt) -> list[tuple[str, str, str]]:
        """Return the lines of the list: idle days, lateness, loss."""
        self.ensure_one()
        lines = []
        if self.idle_since and self.idle_days >= 1 and not self.unloaded_at:
            tone = "block" if self.idle_money else "warn"
            lines.append((self.env._("Idle"), self._portal_idle(fmt), tone))
        if self.is_lost:
            lines.append(
                (
                    self.env._("Wagon"),
                    self.env._("not in the last report of the railway"),
                    "warn",
                )
            )
        return lines

    def _portal_idle(self, fmt) -> str:
        """Return idle days: «2,5 сут., 3 400,00 ₽»; what they cost for those who may
        see money."""
        days = self.env._("%(days)s d", days=fmt.number(self.idle_days, 1, trim=True))
        if not self.idle_money or not self._portal_can_finance():
            return days
        return f"{days}, {fmt.money(self.idle_money, self.currency_id)}"

    def _portal_can_finance(self) -> bool:
        """Whether the person may see what the shipment's owner has to pay."""
        user = self.env.user
        return not user.share or user._cement_can(roles.FINANCE, self.counterparty_id)

    def _portal_way(self, fmt) -> dict:
        """Return what the page of the shipment shows of the railway."""
        self.ensure_one()
        operation = self.operation_code_id.name or self.operation_mnemonic or ""
        report = self.env["cement.dislocation.import"]._get_slice()
        rows = [
            (self.env._("Wagon"), self.wagon_number),
            (self.env._("Waybill"), self._portal_waybill()),
            (self.env._("Last operation"), operation),
            (self.env._("Station of the operation"), self.station_id.display_name),
            (
                self.env._("Time of the operation"),
                self._portal_moment(self.last_operation_at),
            ),
            (self.env._("Way"), self._portal_distance(fmt)),
            (self.env._("Departed"), self._portal_moment(self.departed_at)),
            (self.env._("Arrived"), self._portal_moment(self.arrived_at)),
            (self.env._("Idle"), self._portal_idle(fmt) if self.idle_since else ""),
            (self.env._("Demurrage from"), self._portal_demurrage()),
            (self.env._("Due by the carrier's rules"), self._portal_due(fmt)),
            (self.env._("Our estimate"), self._portal_estimate()),
            (self.env._("Remark"), self._portal_remark()),
            (self.env._("Data of"), self._portal_slice(report)),
        ]
        return {
            "label": self.env._("Wagon %(number)s", number=self.wagon_number),
            "rows": [(label, value) for label, value in rows if value],
            "events": self._portal_history(),
        }

    def _portal_moment(self, moment) -> str:
        return self._format_moscow(moment) if moment else ""

    def _portal_waybill(self) -> str:
        if not self.first_waybill or self.first_waybill == self.waybill:
            return self.waybill or ""
        return self.env._(
            "%(waybill)s (first %(first)s)",
            waybill=self.waybill or "-",
            first=self.first_waybill,
        )

    def _portal_distance(self, fmt) -> str:
        if not self.distance_known or self.arrived_at:
            return ""
        left = fmt.number(self.distance_left, 0)
        if not self.distance_total:
            return self.env._("%(left)s km left", left=left)
        return self.env._(
            "%(left)s of %(total)s km left",
            left=left,
            total=fmt.number(self.distance_total, 0),
        )

    def _portal_demurrage(self) -> str:
        if not self.demurrage_at or self.unloaded_at:
            return ""
        return self._portal_moment(self.demurrage_at)

    def _portal_due(self, fmt) -> str:
        if not self.due_date:
            return ""
        text = fmt.day(self.due_date)
        if self.late_days > 0:
            return self.env._(
                "%(day)s, late by %(days)s d", day=text, days=self.late_days
            )
        return text

    def _portal_estimate(self) -> str:
        """Return the expected arrival with its error on past trips."""
        if self.arrived_at or not self.eta_at or not self.is_open:
            return ""
        moment = self._portal_moment(self.eta_at)
        hours = round(self.eta_error_hours)
        if not hours:
            return moment
        if hours < 48:
            return self.env._("%(moment)s ± %(hours)s h", moment=moment, hours=hours)
        return self.env._(
            "%(moment)s ± %(days)s d", moment=moment, days=round(hours / 24)
        )

    def _portal_remark(self) -> str:
        if self.is_lost:
            return self.env._(
                "The wagon is missing in the last report of the railway; the data is "
                "the last known."
            )
        if self.is_faulty:
            return self.env._("The wagon is being repaired.")
        if self.is_abandoned:
            return self.env._("The train waits on the way.")
        if self._is_unloading_doubtful():
            return self.env._(
                "The wagon is not in the reports of the railway any more: it has "
                "probably been unloaded."
            )
        if self.is_unload_estimated:
            return self.env._("Unloading is concluded from what came after.")
        return ""

    def _portal_slice(self, report) -> str:
        moment = report["formed_at"]
        if not moment:
            return ""
        text = self._format_moscow(moment)
        if report["is_stale"]:
            return self.env._("%(moment)s (no fresh report)", moment=text)
        return text

    def _portal_history(self) -> list[dict]:
        """Return the operations, newest first, as the page draws them."""
        operations = self.operation_ids.search_fetch(
            [("trip_id", "=", self.id)],
            ["date", "code_id", "station_id"],
            limit=_HISTORY_MAX,
        )
        return [
            {
                "when": operation.date,
                # the railway's time is Moscow's, wherever the reader is
                "when_text": self._format_moscow(operation.date, "dd.MM HH:mm"),
                "text": operation.code_id.name or "",
                "place": operation.station_id.name or "",
            }
            for operation in operations
        ]
