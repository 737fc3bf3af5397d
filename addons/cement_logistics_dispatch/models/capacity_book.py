# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections import defaultdict
from datetime import timedelta

from odoo.addons.cement_sale.tools import lifecycle

from ..tools import capacity


class CapacityBook:
    """The days of some plants with what is promised on them, read at once.

    :param plants: the plants, as superuser.
    :param start: first day, *stop*: last day.
    :param exclude: orders that are not counted: they are the ones asked about.
    :param promised: count promises only, not the wishes that wait for an answer.
    """

    def __init__(self, plants, start, stop, exclude=None, promised=False):
        self.env = plants.env
        self.calendars = plants._get_calendars()
        self.points = plants._get_points()
        self._loads = self._read_loads(plants, start, stop, exclude, promised)

    def _read_loads(self, plants, start, stop, exclude, promised):
        """Return ``{(plant id, day): [loads]}``; vehicles of a kind of a day count
        with their mean mass."""
        domain = [
            ("plant_id", "in", plants.ids),
            ("due_date", ">=", start),
            ("due_date", "<=", stop),
            ("is_cement", "=", True),
            ("is_on_hold", "=", False),
            ("state", "=", "sale"),
            ("cement_state", "!=", lifecycle.CANCELLED),
        ]
        if promised:
            domain.append(("promised_date", "!=", False))
        if exclude:
            domain.append(("id", "not in", exclude.ids))
        # sudo: members do not read the orders of other clients; figures only
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                domain,
                ["plant_id", "due_date:day", "delivery_method_id", "loading_form_id"],
                ["load_mass:sum", "__count"],
            )
        )
        loads = defaultdict(list)
        for plant, day, method, form, mass, count in groups:
            load = capacity.Load(
                round(mass * 1000 / count), form.id or None, method.transport or "road"
            )
            loads[plant.id, day] += [load] * count
        return loads

    def day(self, plant_id, day) -> capacity.DayLoad:
        """Return the day as it stands; each call gives a new one."""
        return capacity.fill_day(
            day,
            self.calendars[plant_id],
            self.points[plant_id],
            self._loads.get((plant_id, day), ()),
        )

    def days_of(self, plant_id):
        """Return the function ``day -> DayLoad`` of a plant."""
        return lambda day: self.day(plant_id, day)

    @classmethod
    def around(cls, plants, days, horizon, exclude=None):
        """Return the book for *days* and the *horizon* after them."""
        return cls(plants, min(days), max(days) + timedelta(horizon + 1), exclude)
