# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What may be uploaded as a power of attorney."""

from typing import Final

from odoo.addons.cement_portal.tools.uploads import Limits

LIMITS: Final = Limits(
    max_bytes=5 * 1024 * 1024,
    max_pixels=60_000_000,
    types=frozenset({"application/pdf", "image/jpeg", "image/png"}),
)
