# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, format_time

from ..tools import passes


class CementTodayTile(models.Model):
    _inherit = "cement.today.tile"

    @api.model
    def _get_questions(self) -> dict:
        """Override of `cement_sale`: who waits for an answer, who comes today."""
        today = fields.Date.context_today(self)
        questions = super()._get_questions()
        return {
            **questions,
            "change_requests": (
                ("cement.change.request", None, None, "expires_at, id"),
                Domain("is_open", "=", True),
            ),
            "passes_today": (
                ("cement.loading.pass", None, None, "start, id"),
                Domain("day", "=", today)
                & Domain("state", "in", (passes.BOOKED, passes.INSIDE)),
            ),
            "orders_without_day": (
                questions["late"][0],
                self._get_waiting_domain() & Domain("promised_date", "=", False),
            ),
        }

    @api.model
    def _get_actions(self) -> dict:
        """Override of `cement_sale`: requests and passes in their lists."""
        return {
            **super()._get_actions(),
            "cement.change.request": (
                "cement_logistics_dispatch.cement_change_request_action"
            ),
            "cement.loading.pass": (
                "cement_logistics_dispatch.cement_loading_pass_action"
            ),
        }

    def _prepare_row(self, record) -> dict:
        """Override of `cement_sale`: a request with its hour, a pass with its slot."""
        if record._name == "cement.change.request":
            until = record.expires_at
            return {
                "name": record.name,
                "url": "/odoo/action-cement_logistics_dispatch."
                f"cement_change_request_action/{record.id}",
                "text": record.partner_id.name,
                "value": self.env._(
                    "until %(moment)s",
                    moment=format_datetime(self.env, until, dt_format="dd.MM HH:mm"),
                )
                if until
                else "",
            }
        if record._name == "cement.loading.pass":
            tz = record.plant_id.sudo().tz or "UTC"
            return {
                "name": record.vehicle_plate,
                "url": "/odoo/action-cement_logistics_dispatch."
                f"cement_loading_pass_action/{record.id}",
                "text": record.partner_id.name,
                "value": format_time(self.env, record.start, tz, "HH:mm"),
            }
        return super()._prepare_row(record)
