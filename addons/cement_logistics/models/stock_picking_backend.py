# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import lifecycle
from .stock_picking_list import MAP_LIMIT


class StockPicking(models.Model):
    """What the dispatcher works with, and what the delivered shipments say."""

    _inherit = "stock.picking"

    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Will come, or leave, after the promised time.",
    )
    shipment_mass_text = fields.Char(
        string="Mass", compute="_compute_shipment_mass_text"
    )
    is_confirmed = fields.Boolean(
        string="Confirmed by the client", compute="_compute_outcome", store=True
    )
    hours_on_site = fields.Float(
        string="Time on site, h",
        compute="_compute_outcome",
        store=True,
        aggregator="avg",
    )
    shortage_mass = fields.Float(
        string="Shortage, t", digits=(16, 3), compute="_compute_outcome", store=True
    )
    late_hours = fields.Float(
        string="Late by, h",
        compute="_compute_late_hours",
        store=True,
        aggregator="avg",
        help="Arrival after the promised time; 0 when in time.",
    )

    @api.depends(
        "shipment_state",
        "transport",
        "eta_date",
        "promised_to",
        "due_date",
        "shipment_day",
    )
    def _compute_is_late(self):
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        for picking in self:
            picking.is_late = picking.is_cement and picking._is_late(now, today)

    @api.depends("shipment_mass")
    @api.depends_context("lang")
    def _compute_shipment_mass_text(self):
        fmt = self.env["cement.portal.shell"]._get_formats()
        for picking in self:
            picking.shipment_mass_text = fmt.mass(picking.shipment_mass)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._portal_shipment_domain() & self._get_late_domain()
        return late if True in value else ~late

    @api.depends("confirmation_ids.hours_on_site", "confirmation_ids.shortage_mass")
    def _compute_outcome(self):
        for picking in self:
            receipt = picking.confirmation_ids[:1]
            picking.is_confirmed = bool(receipt)
            picking.hours_on_site = receipt.hours_on_site
            picking.shortage_mass = receipt.shortage_mass

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: where unloading was not measured its time is 0, which
        is no time of unloading."""
        if aggregate_spec == "hours_on_site:avg":
            hours = self._field_to_sql(self._table, "hours_on_site", query)
            return SQL("AVG(NULLIF(%s, 0))", hours)
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("arrived_date", "promised_to")
    def _compute_late_hours(self):
        for picking in self:
            late = 0.0
            if picking.arrived_date and picking.promised_to:
                late = (picking.arrived_date - picking.promised_to).total_seconds()
            picking.late_hours = max(late, 0.0) / 3600

    @api.model
    @api.readonly
    def get_cement_map(self) -> dict:
        """Return everything under way whose position is known, for the map of the
        back office, with the rights of the caller."""
        shipments = self.search(
            self._portal_shipment_domain() & self._get_map_domain(),
            order="id DESC",
            limit=MAP_LIMIT,
        )
        settings = self._get_map_settings()
        return {
            **shipments._prepare_map(lambda _shipment: ""),
            "tiles": settings["tile_url"],
            "attribution": settings["attribution"],
        }

    @api.model
    def _get_no_position_domain(self) -> Domain:
        """Return the domain of what is under way and nobody knows where."""
        return Domain("shipment_state", "in", lifecycle.UNDER_WAY[:3]) & Domain(
            "position_date", "=", False
        )

    def action_view_cement_order(self):
        """Open the order behind the shipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_id.id,
            "view_mode": "form",
        }

    def action_view_transfer(self):
        """Open the transfer itself: moves, lots, returns."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("stock.view_picking_form").id, "form")],
        }
