# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_access_portal_pages
from . import test_cart_http
from . import test_cart_look
from . import test_catalogue
from . import test_impersonation
from . import test_list_query
from . import test_order_list
from . import test_order_page
from . import test_order_routes
from . import test_order_tools
from . import test_order_tours
from . import test_people_page
from . import test_places
from . import test_portal_tools
from . import test_portal_tours
from . import test_registration
from . import test_uploads
