"""Bin packing of whole packages into vehicles: integers in, integers out."""

from .pack import pack
from .problem import Box, Packing, Problem

__all__ = ["Box", "Packing", "Problem", "pack"]
