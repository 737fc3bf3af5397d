# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_axle_regulation
from . import cement_axle_limits
from . import cement_road
from . import cement_season_exemption
from . import product_product
from . import cement_season_told
from . import cement_season_order
from . import cement_season_rule
from . import cement_vehicle_type
from . import cement_route_piece
from . import cement_axle_law
from . import cement_axle_check
from . import cement_cart
from . import cement_order_gate
from . import sale_order
from . import stock_picking
from . import cement_season_calendar
from . import cement_season_touched
from . import cement_site_portal
