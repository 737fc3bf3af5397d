# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import capacity_book
from . import cement_plant
from . import cement_loading_point
from . import cement_loading_slot
from . import cement_loading_pass
from . import cement_loading_pass_gate
from . import cement_loading_pass_portal
from . import cement_change_rule
from . import cement_change_request
from . import cement_change_request_portal
from . import cement_order_gate
from . import cement_cart
from . import sale_order
from . import stock_picking
from . import stock_picking_day
from . import cement_dispatch_board
from . import cement_portal_shell
from . import ir_http
from . import res_company
from . import res_users
from . import cement_today_tile
