# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import main
from . import catalogue
from . import carts
from . import pages
from . import impersonation
from . import orders
from . import people
from . import profile
from . import registration
