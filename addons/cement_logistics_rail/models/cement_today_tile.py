# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class CementTodayTile(models.Model):
    _inherit = "cement.today.tile"

    @api.model
    def _get_questions(self) -> dict:
        """Override of `cement_sale`: wagons that want a call, and how fresh the news
        of them are."""
        wagons = Domain("is_open", "=", True)
        day_ago = fields.Datetime.now() - timedelta(days=1)
        return {
            **super()._get_questions(),
            "wagons_in_trouble": (
                ("cement.wagon.trip", None, None, "trouble desc, id desc"),
                wagons & Domain("trouble", ">", 0),
            ),
            "wagons_demurrage": (
                ("cement.wagon.trip", None, "idle_money", "idle_money desc, id"),
                wagons & Domain("idle_money", ">", 0),
            ),
            "rail_reports": (
                ("cement.dislocation.import", None, None, "id desc"),
                Domain("received_at", ">=", day_ago)
                & Domain("state", "in", ("accepted", "refused")),
            ),
        }

    @api.model
    def _get_actions(self) -> dict:
        """Override of `cement_sale`: wagons and reports in their lists."""
        return {
            **super()._get_actions(),
            "cement.wagon.trip": "cement_logistics_rail.cement_wagon_trip_action",
            "cement.dislocation.import": (
                "cement_logistics_rail.cement_dislocation_import_action"
            ),
        }

    def _prepare_remark(self):
        """Override of `cement_sale`: money of idle wagons, age of the last report."""
        if self.code == "wagons_demurrage" and self.mass:
            currency = self.env.ref("base.RUB", raise_if_not_found=False)
            return (currency or self.env.company.currency_id).format(self.mass)
        if self.code == "rail_reports":
            state = self.env["cement.dislocation.import"]._get_slice()
            if not state["formed_at"]:
                return self.env._("No report yet")
            age = fields.Datetime.now() - state["formed_at"]
            return self.env._(
                "The last one is of %(hours)s h ago",
                hours=int(age.total_seconds() // 3600),
            )
        return super()._prepare_remark()

    def _prepare_row(self, record) -> dict:
        """Override of `cement_sale`: a wagon or a report."""
        if record._name == "cement.wagon.trip":
            row = {
                "name": record.wagon_number,
                "url": "/odoo/action-cement_logistics_rail.cement_wagon_trip_action/"
                f"{record.id}",
                "text": record.trouble_text or record.station_id.name,
            }
            if self.code == "wagons_demurrage":
                row["text"] = record.station_id.name
                row["value"] = record.currency_id.format(record.idle_money)
            return row
        if record._name == "cement.dislocation.import":
            state = dict(record._fields["state"]._description_selection(self.env))
            return {
                "name": record.name,
                "url": "/odoo/action-cement_logistics_rail."
                f"cement_dislocation_import_action/{record.id}",
                "value": state[record.state],
            }
        return super()._prepare_row(record)
