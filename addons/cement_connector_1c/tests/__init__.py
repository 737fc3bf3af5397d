# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_access
from . import test_background
from . import test_commerceml_protocol
from . import test_commerceml_reader
from . import test_commerceml_writer
from . import test_door
from . import test_exchange_http
from . import test_import_catalog
from . import test_import_document
from . import test_import_registration
from . import test_offer
from . import test_order_mapper
from . import test_views
