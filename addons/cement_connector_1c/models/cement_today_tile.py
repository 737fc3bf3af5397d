# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class CementTodayTile(models.Model):
    _inherit = "cement.today.tile"

    @api.model
    def _get_questions(self) -> dict:
        """Override of `cement_sale`: what did not go through."""
        week_ago = fields.Datetime.now() - timedelta(days=7)
        return {
            **super()._get_questions(),
            "exchange_errors": (
                ("cement.exchange.record", None, None, "id desc"),
                Domain("state", "in", ("failed", "partial"))
                & Domain("create_date", ">=", week_ago),
            ),
        }

    @api.model
    def _get_actions(self) -> dict:
        """Override of `cement_sale`: exchanges in their list."""
        return {
            **super()._get_actions(),
            "cement.exchange.record": (
                "cement_connector_1c.cement_exchange_record_action"
            ),
        }

    def _prepare_row(self, record) -> dict:
        """Override of `cement_sale`: an exchange."""
        if record._name != "cement.exchange.record":
            return super()._prepare_row(record)
        return {
            "name": record.name,
            "url": "/odoo/action-cement_connector_1c.cement_exchange_record_action/"
            f"{record.id}",
            "text": record.message,
            "day": record.create_date.date(),
        }
