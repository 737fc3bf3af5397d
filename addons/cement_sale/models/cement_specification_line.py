# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cement_base.tools import roles

from ..tools import planner


class CementSpecificationLine(models.Model):
    _inherit = "cement.specification.line"

    sale_line_ids = fields.One2many(
        "sale.order.line", "specification_line_id", string="Order lines"
    )
    volume_ordered = fields.Float(
        string="Ordered, t", digits=(16, 3), compute="_compute_volumes", store=True
    )
    volume_shipped = fields.Float(
        string="Shipped, t", digits=(16, 3), compute="_compute_volumes", store=True
    )
    volume_remaining = fields.Float(
        string="Remaining, t",
        digits=(16, 3),
        compute="_compute_volume_remaining",
        store=True,
        help="Agreed less ordered. Empty when the volume is not limited.",
    )
    volume_share = fields.Float(
        string="Ordered, %",
        digits=(16, 1),
        compute="_compute_volume_remaining",
        store=True,
        aggregator="avg",
        help="Share of the agreed volume that is ordered already.",
    )
    cement_order_count = fields.Integer(
        string="Orders", compute="_compute_cement_order_count"
    )

    @api.depends(
        "sale_line_ids.mass", "sale_line_ids.mass_shipped", "sale_line_ids.state"
    )
    def _compute_volumes(self):
        """One grouped query for all lines that an order touched."""
        volumes = {
            line.id: (ordered, shipped)
            for line, ordered, shipped in self.env["sale.order.line"]
            .sudo()
            ._read_group(
                [("specification_line_id", "in", self.ids), ("state", "=", "sale")],
                ["specification_line_id"],
                ["mass:sum", "mass_shipped:sum"],
            )
        }
        for line in self:
            line.volume_ordered, line.volume_shipped = volumes.get(
                line._origin.id, (0.0, 0.0)
            )

    @api.depends("volume_agreed", "volume_ordered")
    def _compute_volume_remaining(self):
        for line in self:
            line.volume_remaining = (
                line.volume_agreed - line.volume_ordered if line.volume_agreed else 0.0
            )
            line.volume_share = (
                100.0 * line.volume_ordered / line.volume_agreed
                if line.volume_agreed
                else 0.0
            )

    def write(self, vals):
        """Override to let no open page order at a price it does not show."""
        changed = self.browse()
        if "price_unit" in vals:
            price = vals["price_unit"] or 0.0
            changed = self.filtered(lambda line: line.price_unit != price)
        result = super().write(vals)
        changed._outdate_drafts()
        return result

    def _outdate_drafts(self):
        """Count the change of a price as one of the drafts that hold the lines: who
        confirms from a page that was opened before is shown the new price first."""
        if not self:
            return
        carts, lines = self.env["cement.cart"], self.env["cement.cart.line"]
        carts.flush_model(["version", "state"])
        lines.flush_model(["cart_id", "specification_line_id"])
        # by hand: `write` would date the carts anew, and the cart touched last is
        # the one that the catalogue adds to
        self.env.cr.execute(
            SQL(
                "UPDATE cement_cart SET version = version + 1 "
                "WHERE state = 'draft' AND id IN (SELECT cart_id "
                "FROM cement_cart_line WHERE specification_line_id IN %s)",
                tuple(self.ids),
            )
        )
        carts.invalidate_model(["version"])

    def _compute_cement_order_count(self):
        counts = dict(
            self.env["sale.order.line"]._read_group(
                [("specification_line_id", "in", self.ids), ("state", "=", "sale")],
                ["specification_line_id"],
                ["order_id:count_distinct"],
            )
        )
        for line in self:
            line.cement_order_count = counts.get(line, 0)

    def action_view_orders(self):
        """Open the orders that draw on the line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_sale.sale_order_action_cement"
        )
        action["domain"] = [("order_line.specification_line_id", "=", self.id)]
        action["context"] = {}
        return action

    def _lock_volumes(self):
        """Wait for the rows and hold them until the end of the transaction.

        `lock_for_update` of core refuses instead of waiting, which would turn the
        second of two members away although there is enough for both.  Here the
        second waits; when the first has taken tonnes meanwhile, PostgreSQL reports
        a serialization failure and Odoo repeats the request with fresh figures.
        The order of ids keeps two carts from locking each other.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT id FROM cement_specification_line WHERE id IN %s "
                "ORDER BY id FOR NO KEY UPDATE",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset(["volume_ordered", "volume_remaining"])

    def _is_open_to(self, user, partner, site) -> bool:
        """Whether *user* may order by this line for *partner* to *site*.

        The one place that decides it, for requests and orders alike. Whoever is not
        known to be allowed is refused: a member without membership, in a role that
        does not order, or outside the limits. People inside the company are limited
        by their groups; for them the line must be the counterparty's.

        :param site: may be empty.
        """
        self.ensure_one()
        if not partner or self.commercial_partner_id != partner:
            return False
        if user._is_internal() or user._is_superuser():
            return True
        scope = user._cement_scope(partner)
        return (
            scope is not None
            and scope.can(roles.ORDER)
            and scope.covers(self.agreement_id.id, site.id or 0)
        )

    def _leads_to(self, site) -> bool:
        """Whether goods of this line may be brought to *site*, which may be empty."""
        self.ensure_one()
        if not site or self.delivery_method_id.is_pickup:
            return True
        if self.site_id:
            return self.site_id == site
        return site._fits_method(self.delivery_method_id)

    def _prepare_demand_facts(self) -> dict:
        """Return the facts of this line for the order gate."""
        self.ensure_one()
        agreement = self.agreement_id
        return {
            "line_active": self.state == "active",
            "line_from": self.date_start or None,
            "line_to": self.date_end or None,
            "specification_number": self.specification_id.name,
            "agreement_number": agreement.code,
            "agreement_active": agreement.active,
            "agreement_from": agreement.start_date or None,
            "agreement_to": agreement.end_date or None,
            "volume_agreed_kg": planner.kg_from_tonnes(self.volume_agreed),
            # more may have been ordered than agreed, by a lifted block
            "volume_remaining_kg": round(self.volume_remaining * 1000),
            "min_lot_kg": planner.kg_from_tonnes(self.min_lot),
            "cutoff_hour": self.plant_id.cutoff_hour,
            "lead_days": self.product_id.lead_days
            if self.product_id.made_to_order
            else 0,
            "site_required": not self.delivery_method_id.is_pickup,
            "price_now": self.price_unit,
        }
