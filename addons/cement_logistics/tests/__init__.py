# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_backend
from . import test_clock
from . import test_confirmation
from . import test_demo_timeline
from . import test_left_open
from . import test_lifecycle
from . import test_shipment_access
from . import test_shipment_http
from . import test_shipment_link
from . import test_shipment_list
from . import test_shipment_tools
from . import test_storage
from . import test_tours
