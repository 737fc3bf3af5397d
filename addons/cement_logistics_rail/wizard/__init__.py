# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import cement_dislocation_accept
from . import cement_dislocation_upload
from . import cement_station_import
from . import cement_wagon_trip_arrival
from . import cement_wagon_trip_assign
