# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_capacity
from . import test_days
from . import test_hours
from . import test_change_request
from . import test_parting
from . import test_pickup
from . import test_gate
from . import test_access
from . import test_http
from . import test_concurrency
from . import test_tours
from . import test_today
