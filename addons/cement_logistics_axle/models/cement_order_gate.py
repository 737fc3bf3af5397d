# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_sale.tools import findings as fnd
from odoo.addons.cement_sale.tools import planner

# What may differ between two findings of one overload.
fnd.declare("axle_sections", ("products", True), {"index", "products"})
fnd.declare(
    "axle_overload",
    ("over", True),
    {"over", "percent", "mass", "limit", "index", "why", "help"},
)


class CementOrderGate(models.AbstractModel):
    """The check of axle loads for orders that exist: made or changed by a manager,
    repeated, come from 1C. Carts are planned within the law from the beginning."""

    _inherit = "cement.order.gate"

    @api.model
    def _get_checks(self) -> list[str]:
        return [*super()._get_checks(), "_check_axles"]

    @api.model
    def _get_liftable_codes(self) -> set[str]:
        return super()._get_liftable_codes() | {"axle_overload", "axle_sections"}

    @api.model
    def _check_loads(self, context):
        """Override: what an order may carry by the law of its day is for the check of
        axles, which knows thresholds and can be lifted."""
        lawful = {
            line.id
            for order in self._get_orders(context)
            if order._is_axle_checked()
            and planner.kg_from_tonnes(order.load_mass)
            <= planner.kg_from_tonnes(order.vehicle_type_id.payload)
            for line in order.order_line
        }
        return [
            finding
            for finding in super()._check_loads(context)
            if finding.code != "vehicle_overload" or not lawful.issuperset(finding.keys)
        ]

    @api.model
    def _get_orders(self, context):
        """Return the orders behind the demands; none when they are of a cart."""
        orders = self.env["sale.order"]
        for record in context.records.values():
            if record._name != "sale.order.line":
                return orders
            orders |= record.order_id
        return orders

    @api.model
    def _check_axles(self, context):
        found = []
        for index, order in enumerate(self._get_orders(context)):
            found.append(order._get_axle_finding(index))
            found.append(order._get_section_finding(index))
        return [finding for finding in found if finding]

    @api.model
    def _get_day_findings(self, order, day):
        """Override of `cement_sale`: the law of that day, not of the day it has."""
        finding = order.with_context(cement_axle_day=day)._get_axle_finding(0)
        return [*super()._get_day_findings(order, day), *([finding] if finding else [])]

    @api.model
    def _get_texts(self, p):
        texts = super()._get_texts(p)
        get = {"label": "", "vehicle": "", "why": "", "help": "", "rule": ""} | p

        def value(name):
            return get.get(name, "")

        return {
            **texts,
            "axle_overload": (
                self.env._(
                    "%(vehicle)s: %(mass)s on %(day)s, the law allows %(limit)s "
                    "(%(percent)s%% over: %(why)s).",
                    vehicle=value("vehicle"),
                    mass=value("mass"),
                    day=value("day"),
                    limit=value("limit"),
                    percent=value("percent"),
                    why=value("why"),
                ),
                value("help"),
            ),
            "axle_unknown": (
                self.env._(
                    "%(vehicle)s, %(day)s: %(why)s, so nobody can say whether the load "
                    "is lawful.",
                    vehicle=value("vehicle"),
                    day=value("day"),
                    why=value("why"),
                ),
                self.env._(
                    "The plant checks the load before it leaves. Acts are entered by "
                    "the administrator."
                ),
            ),
            "axle_sections": (
                self.env._(
                    "%(vehicle)s: %(products)s products do not go into %(sections)s "
                    "sections, each in sections of its own.",
                    vehicle=value("vehicle"),
                    products=value("products"),
                    sections=value("sections"),
                ),
                self.env._(
                    "Order the products in vehicles of their own, or change the masses."
                ),
            ),
            "axle_season": (
                self.env._(
                    "%(label)s: on %(day)s “%(vehicle)s” may carry %(limit)s instead "
                    "of %(normal)s: %(rule)s. The load is parted, vehicles: %(count)s.",
                    label=value("label"),
                    day=value("day"),
                    vehicle=value("vehicle"),
                    limit=value("limit"),
                    normal=value("normal"),
                    rule=value("rule"),
                    count=value("count"),
                ),
                value("help"),
            ),
            "axle_wish": (
                self.env._(
                    "%(label)s: the vehicle you wished may carry %(limit)s on %(day)s "
                    "(%(rule)s), so it does not go in one.",
                    label=value("label"),
                    limit=value("limit"),
                    day=value("day"),
                    rule=value("rule"),
                ),
                value("help"),
            ),
            "axle_no_vehicle": (
                self.env._(
                    "%(label)s: no vehicle may go there on %(day)s: %(why)s.",
                    label=value("label"),
                    day=value("day"),
                    why=value("why"),
                ),
                self.env._("Choose another day, or ask for delivery by rail."),
            ),
        }
