# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Bin packing of whole packages into vehicles: integers in, integers out."""

from .pack import pack
from .problem import Box, Packing, Problem

__all__ = ["Box", "Packing", "Problem", "pack"]
