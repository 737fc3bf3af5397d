# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_axle_access
from . import test_axle_calendar
from . import test_axle_cart
from . import test_axle_gate
from . import test_axle_orders
from . import test_axle_shipment
from . import test_axle_told
from . import test_axle_unknown
from . import test_payload
from . import test_regulation
from . import test_season
from . import test_sections
from . import test_sections_cart
from . import test_standing
from . import test_statics
