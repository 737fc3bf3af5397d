# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the planner raises.

Only wrong use of the planner raises. Wrong *data* of one line (a mass that is not a
whole number of packages, no vehicle for it...) never stops the other lines: it comes
back as a ``Finding``.
"""


class PlannerError(ValueError):
    """The call itself cannot be planned: the caller has to be mended."""


class InvalidLine(PlannerError):
    """A line is not of the declared type, or two lines carry one key."""


class InvalidVehicle(PlannerError):
    """A vehicle type is contradictory, or two of them carry one key."""


class InvalidRules(PlannerError):
    """The rule set names an unknown attribute, misses a form or has it twice."""


class InvalidCapacity(PlannerError):
    """The capacity function answered something that is not a ``Capacity``."""


class InvalidOption(PlannerError):
    """An option of ``plan`` is out of its range."""
