# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_driver
from . import cement_portal_shell
from . import cement_shipment_event
from . import res_users
from . import stock_picking
from . import stock_picking_list
from . import stock_picking_page
