# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.http import request
from odoo.tools.misc import OrderedSet

from odoo.addons.bus.websocket import wsrequest

from .cement_impersonation_log import SESSION_KEY


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _prepare_subscribe_data(self, channels, last):
        """Override of `bus`: a manager who sees the portal as a client hears nothing
        of what is sent to the client. A connection asks once and stays open; it
        would outlive the end of the looking, which is asked at each request."""
        if not (request or wsrequest).session.get(SESSION_KEY):
            return super()._prepare_subscribe_data(channels, last)
        data = super()._prepare_subscribe_data([], last)
        return {**data, "channels": OrderedSet()}
