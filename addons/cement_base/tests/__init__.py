# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_access
from . import test_access_domain
from . import test_access_http
from . import test_assignment
from . import test_home
from . import test_member
from . import test_outside
from . import test_partner
from . import test_prices
from . import test_product
from . import test_registration
from . import test_requisites
from . import test_site
from . import test_specification
from . import test_stations
from . import test_vat_rate
from . import test_views
from . import test_zones
