# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The law of the road as pure functions: no Odoo in here, no clock, no database.

Masses are integer kilograms, lengths integer millimetres; what lies between is
reckoned in exact fractions, so that a limit of 10,000 kg is met at 10,000 kg and
broken at 10,001.

- :mod:`.statics`: what each axle carries;
- :mod:`.groups`: which axles count together;
- :mod:`.regulation`: what the dated act allows them;
- :mod:`.season`: what the order of the region takes away on a day;
- :mod:`.sections`: how much of it into which section of the body;
- :mod:`.payload`: the most that may be loaded, and what binds;
- :mod:`.standing`: which check still keeps a shipment from leaving;
- :mod:`.changes`: what a new order of a region does to orders taken before;
- :mod:`.law`: all of it for vehicles, routes and days, remembered.
"""

from . import (
    changes,
    groups,
    law,
    payload,
    reasons,
    regulation,
    season,
    sections,
    standing,
    statics,
)
