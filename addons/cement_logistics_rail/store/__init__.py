# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From the kernel's states and changes to the tables of wagons and back: a fixed
number of statements, however many wagons a report names."""

from .known import Known, load_known
from .vocabulary import Codes, Places
from .writer import Writer

__all__ = ["Codes", "Known", "Places", "Writer", "load_known"]
