# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_claim_kind
from . import cement_claim
from . import cement_claim_portal
from . import cement_portal_shell
from . import ir_http
from . import res_users
from . import sale_order
