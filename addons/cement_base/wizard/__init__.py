# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from . import base_partner_merge
from . import cement_member_invite
from . import cement_registration_refuse
