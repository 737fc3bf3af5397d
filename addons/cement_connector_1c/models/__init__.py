# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import uom_uom
from . import cement_connector_backend
from . import cement_connector_attempt
from . import cement_connector_session
from . import cement_connector_binding
from . import cement_connector_status_map
from . import cement_connector_offer
from . import cement_exchange_request
from . import cement_exchange_record
from . import cement_exchange_line
from . import cement_connector_order_mapper
from . import cement_connector_importer
from . import cement_connector_import_classifier
from . import cement_connector_import_product
from . import cement_connector_import_offer
from . import cement_connector_import_party
from . import cement_connector_import_registration
from . import cement_connector_import_document
from . import cement_connector_door
from . import sale_order
from . import cement_today_tile
