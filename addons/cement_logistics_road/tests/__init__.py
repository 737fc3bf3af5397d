# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_access
from . import test_bucket
from . import test_eta
from . import test_geo
from . import test_loop
from . import test_movizor
from . import test_movizor_live
from . import test_poll
from . import test_push
from . import test_push_http
from . import test_shipment
from . import test_transport
from . import test_views
