# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_railway
from . import cement_station
from . import cement_wagon_operation_code
from . import cement_report_heading
from . import cement_demurrage_tariff
from . import cement_rail_settings
from . import cement_dislocation_source
from . import cement_dislocation_source_folder
from . import cement_rail_provider
from . import cement_rail_exchange
from . import cement_dislocation_import
from . import cement_dislocation_apply
from . import cement_dislocation_unchanged
from . import cement_dislocation_result
from . import cement_dislocation_exchange
from . import cement_dislocation_row
from . import cement_wagon
from . import cement_wagon_trip
from . import cement_wagon_trip_actions
from . import cement_wagon_trip_unloading
from . import cement_wagon_trip_tie
from . import cement_wagon_trip_push
from . import cement_wagon_trip_clock
from . import cement_wagon_trip_log
from . import cement_wagon_trip_map
from . import cement_wagon_trip_portal
from . import cement_wagon_operation
from . import cement_wagon_idle
from . import cement_wagon_loose
from . import stock_picking
from . import stock_picking_untie
from . import cement_today_tile
