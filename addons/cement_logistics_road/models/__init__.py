# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_driver
from . import cement_fence
from . import cement_tracking_door
from . import cement_tracking_door_movizor
from . import cement_tracking_door_push
from . import cement_tracking_event
from . import cement_tracking_exchange
from . import cement_tracking_ledger
from . import cement_tracking_position
from . import cement_tracking_provider
from . import cement_tracked_object
from . import cement_tracking_poll
from . import cement_tracking_speed
from . import cement_tracking_unit
from . import cement_plant
from . import cement_site
from . import stock_picking
from . import stock_picking_portal
