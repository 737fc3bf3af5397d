# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_portal_shell
from . import cement_specification_line
from . import cement_cart
from . import cement_cart_look
from . import ir_http_translations
from . import ir_qweb
from . import res_users
from . import cement_site_choice
from . import cement_cart_template
from . import home
from . import cement_impersonation_log
from . import cement_member
from . import cement_registration
from . import cement_shared_files
from . import cement_site
from . import ir_attachment
from . import ir_http
from . import ir_websocket
from . import portal_shell_orders
from . import res_currency
from . import res_partner
from . import cement_portal_list
from . import sale_order_list
from . import sale_order_live
from . import sale_order_page
