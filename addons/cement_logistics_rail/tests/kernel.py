# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Base of the kernels' tests: no database, fixed time."""

from odoo.tests import BaseCase as KernelCase

__all__ = ["KernelCase"]
