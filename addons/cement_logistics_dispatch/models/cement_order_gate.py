# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from odoo.addons.cement_sale.tools.findings import BLOCK, WARN, Finding

from ..tools import capacity
from .capacity_book import CapacityBook

_SEVERITY = {"warn": WARN, "block": BLOCK}


class CementOrderGate(models.AbstractModel):
    """Two questions more: does the plant work on that day, and has it room?"""

    _inherit = "cement.order.gate"

    @api.model
    def _get_checks(self):
        """Override of `cement_sale` to look at the days of the plant."""
        return [*super()._get_checks(), "_check_plant_days"]

    @api.model
    def _get_liftable_codes(self):
        return super()._get_liftable_codes() | {"plant_closed", "plant_full"}

    @api.model
    def _get_day_codes(self):
        """Override of `cement_sale`: these, too, are about days."""
        return super()._get_day_codes() | {"plant_closed", "plant_full"}

    @api.model
    def _check_plant_days(self, context):
        """Yield a finding for each day of a plant that is closed or full.

        A handful of queries, whatever the number of lines.
        """
        demands = self._group_plant_days(context)
        if not demands:
            return
        plants = self.env["cement.plant"].sudo().browse({key[0] for key in demands})
        checked = plants.filtered(
            lambda plant: (plant.calendar_check, plant.capacity_check)
            != ("none", "none")
        )
        if not checked:
            return
        orders = self.env["sale.order"].sudo()
        for record in context.records.values():
            if record._name == "sale.order.line":
                orders |= record.order_id
        book = CapacityBook.around(
            checked,
            [day for _plant_id, day in demands],
            max(checked.mapped("promise_horizon")),
            exclude=orders,
        )
        for (plant_id, day), (keys, loads) in demands.items():
            plant = plants.browse(plant_id)
            if plant in checked:
                yield from self._check_plant_day(plant, day, keys, loads, book)

    @api.model
    def _check_plant_day(self, plant, day, keys, loads, book):
        params = {"plant": plant.name, "day": day}
        get_day = book.days_of(plant.id)
        if not book.calendars[plant.id].is_open(day):
            if plant.calendar_check != "none":
                first = book.calendars[plant.id].first_open(day, plant.promise_horizon)
                yield Finding(
                    "plant_closed",
                    _SEVERITY[plant.calendar_check],
                    {**params, "first": first},
                    tuple(keys),
                )
            return
        if plant.capacity_check == "none" or not loads:
            return
        if capacity.fits(loads, get_day(day)):
            return
        first = capacity.first_day(
            loads, day + timedelta(1), get_day, plant.promise_horizon - 1
        )
        yield Finding(
            "plant_full",
            _SEVERITY[plant.capacity_check],
            {**params, "first": first or False},
            tuple(keys),
        )

    @api.model
    def _group_plant_days(self, context) -> dict:
        """Return ``{(plant id, day): (demand keys, loads)}`` of what has a day.

        What the plant has promised already is its own matter.
        """
        found = defaultdict(lambda: ([], []))
        days = {}
        for demand in context.demands:
            record = context.records.get(demand.key)
            if not record or not demand.day:
                continue
            if record._name == "sale.order.line" and record.order_id.promised_date:
                continue
            plant_id = record.specification_line_id.plant_id.id
            days[demand.key] = (plant_id, demand.day)
            found[plant_id, demand.day][0].append(demand.key)
        for load in context.loads:
            first = load.parts[0][0] if load.parts else None
            if first not in days:
                continue
            record = context.records[first]
            found[days[first]][1].append(
                capacity.Load(
                    load.mass_kg,
                    record.product_id.cargo_form_id.id or None,
                    record.specification_line_id.delivery_method_id.transport or "road",
                )
            )
        return found

    @api.model
    def _get_texts(self, p):
        texts = super()._get_texts(p)
        plant, day, first = p.get("plant", ""), p.get("day", ""), p.get("first", "")
        known = first and first != "…"
        texts["plant_closed"] = (
            self.env._("%(plant)s does not work on %(day)s.", plant=plant, day=day),
            self.env._("The first working day is %(first)s.", first=first)
            if known
            else self.env._("Choose another day."),
        )
        texts["plant_full"] = (
            self.env._(
                "%(plant)s: the loading of %(day)s is taken.", plant=plant, day=day
            ),
            self.env._("The first day with room is %(first)s.", first=first)
            if known
            else self.env._("No single day has room for all: spread over several."),
        )
        return texts
