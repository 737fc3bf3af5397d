# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a client may attach to a claim."""

from typing import Final

from odoo.addons.cement_portal.tools.uploads import Limits

MAX_FILES: Final = 10
LIMITS: Final = Limits(max_bytes=10 * 1024 * 1024, max_pixels=100_000_000)
