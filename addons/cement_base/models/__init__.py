# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import mail_thread
from . import cement_private_thread
from . import cement_remembered
from . import cement_connection
from . import cement_accounting_category
from . import cement_cargo_form
from . import cement_delivery_method
from . import cement_unloading_way
from . import cement_plant
from . import cement_station
from . import cement_vehicle_type
from . import cement_vehicle_axle
from . import cement_vat_rate
from . import account_tax
from . import res_partner
from . import stock_warehouse
from . import cement_site
from . import product_template
from . import product_product
from . import agreement
from . import cement_specification
from . import cement_specification_line
from . import cement_member
from . import res_users
from . import cement_manager_profile
from . import ir_http
