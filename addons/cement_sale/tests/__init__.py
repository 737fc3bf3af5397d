# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_access
from . import test_amounts
from . import test_backend
from . import test_backend_ui
from . import test_cart
from . import test_cart_import
from . import test_concurrency
from . import test_confirm
from . import test_findings
from . import test_gate
from . import test_gate_paths
from . import test_lifecycle
from . import test_managers
from . import test_order_lifecycle
from . import test_order_replace
from . import test_plan
from . import test_planner
from . import test_planner_properties
from . import test_queries
from . import test_reports
from . import test_table_import
from . import test_volumes
