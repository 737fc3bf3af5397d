# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_logistics_rail_demo
from . import cement_rail_provider_demo
