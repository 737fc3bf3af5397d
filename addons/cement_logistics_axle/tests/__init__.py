# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_statics
from . import test_payload
from . import test_regulation
from . import test_season
