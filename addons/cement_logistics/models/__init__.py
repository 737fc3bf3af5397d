# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_delivery_confirmation
from . import cement_driver
from . import cement_portal_shell
from . import cement_shipment_event
from . import cement_shipment_link
from . import res_company
from . import res_config_settings
from . import res_users
from . import stock_picking
from . import stock_picking_backend
from . import stock_picking_lifecycle
from . import stock_picking_list
from . import stock_picking_live
from . import stock_picking_open
from . import stock_picking_page
from . import sale_order
from . import ir_attachment
from . import ir_http
from . import cement_today_tile
