# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_claim
from . import test_claim_access
from . import test_claim_http
from . import test_claim_tools
from . import test_claim_tour
