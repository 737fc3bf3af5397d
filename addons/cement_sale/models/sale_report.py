# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .cement_cart import CHANNELS


class SaleReport(models.Model):
    _inherit = "sale.report"

    channel = fields.Selection(CHANNELS, readonly=True)
    is_online = fields.Boolean(string="Placed online", readonly=True)
    is_mobile = fields.Boolean(string="Placed from a phone", readonly=True)
    is_cement = fields.Boolean(string="By specification", readonly=True)
    cement_state = fields.Selection(
        selection="_selection_cement_state", string="Client status", readonly=True
    )
    plant_id = fields.Many2one("cement.plant", readonly=True)
    region_id = fields.Many2one(
        "res.country.state", string="Region of delivery", readonly=True
    )
    mass = fields.Float(string="Mass, t", readonly=True)
    mass_online = fields.Float(string="Mass online, t", readonly=True)
    mass_unmet = fields.Float(string="Unmet demand, t", readonly=True)
    online_share = fields.Float(
        string="Tonnes online, %",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Tonnes placed in the portal and through the API, of all tonnes.",
    )
    order_online_share = fields.Float(
        string="Orders online, %", digits=(16, 1), readonly=True, aggregator="avg"
    )
    mobile_share = fields.Float(
        string="Orders from a phone, %", digits=(16, 1), readonly=True, aggregator="avg"
    )

    def _read_group_select(self, aggregate_spec, query):
        """Override to weigh the shares: by tonnes, and by orders and not lines."""
        field_name = aggregate_spec.partition(":")[0]

        def column(name):
            return self._field_to_sql(self._table, name, query)

        if field_name == "online_share":
            return SQL(
                "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
                column("mass_online"),
                column("mass"),
            )
        flag = {"order_online_share": "is_online", "mobile_share": "is_mobile"}
        if field_name in flag:
            return SQL(
                "100.0 * COUNT(DISTINCT CASE WHEN %s THEN %s END) "
                "/ NULLIF(COUNT(DISTINCT %s), 0)",
                column(flag[field_name]),
                column("order_reference"),
                column("order_reference"),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _selection_cement_state(self):
        return self.env["sale.order"]._selection_cement_state()

    def _select_additional_fields(self):
        """Override of `sale` to add channel, plant, region and tonnes."""
        online = "s.channel IN ('portal_desktop', 'portal_mobile', 'api')"
        return {
            **super()._select_additional_fields(),
            "channel": "s.channel",
            "is_online": f"({online})",
            "is_mobile": "(s.channel = 'portal_mobile')",
            "is_cement": "s.is_cement",
            "cement_state": "s.cement_state",
            "plant_id": "s.plant_id",
            "region_id": "s.region_id",
            "mass": "SUM(COALESCE(l.mass, 0))",
            "mass_online": f"SUM(CASE WHEN {online} "
            "THEN COALESCE(l.mass, 0) ELSE 0 END)",
            "mass_unmet": "SUM(COALESCE(l.mass_unmet, 0))",
            # of a single row; groups are weighed in `_read_group_select`
            "online_share": f"(CASE WHEN {online} THEN 100.0 ELSE 0.0 END)",
            "order_online_share": f"(CASE WHEN {online} THEN 100.0 ELSE 0.0 END)",
            "mobile_share": "(CASE WHEN s.channel = 'portal_mobile' THEN 100.0 "
            "ELSE 0.0 END)",
        }

    def _group_by_sale(self):
        """Override of `sale`: see :meth:`_select_additional_fields`."""
        return f"""{super()._group_by_sale()},
            s.channel,
            s.is_cement,
            s.cement_state,
            s.plant_id,
            s.region_id"""
