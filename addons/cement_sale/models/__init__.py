# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_consolidation_rule
from . import cement_table_heading
from . import cement_order_event
from . import cement_gate_override
from . import cement_order_gate
from . import cement_specification_line
from . import cement_manager_profile
from . import cement_site
from . import decimal_precision
from . import product_template
from . import res_users
from . import cement_cart
from . import cement_cart_line
from . import cement_cart_plan
from . import cement_cart_stamp
from . import cement_cart_confirm
from . import cement_cart_import
from . import cement_cart_repeat
from . import cement_cart_backend
from . import sale_order
from . import sale_order_gate
from . import sale_order_lifecycle
from . import sale_order_replace
from . import sale_order_line
from . import sale_order_backend
from . import sale_report
from . import cement_today_tile
