# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import bucket, door, eta, geo, loop, movizor, push, secret
