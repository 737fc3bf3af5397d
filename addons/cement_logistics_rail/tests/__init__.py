# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import test_absence
from . import test_demo_tales
from . import test_import
from . import test_kernel_arrival
from . import test_kernel_columns
from . import test_kernel_trips
from . import test_letters
from . import test_matching
from . import test_portal_http
from . import test_provider
from . import test_reader
from . import test_reader_cells
from . import test_reader_hostile
from . import test_shipment
from . import test_ways
from . import test_words
from . import test_today
