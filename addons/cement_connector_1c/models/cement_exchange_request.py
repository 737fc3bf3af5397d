# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models


class CementExchangeRequest(models.Model):
    """One HTTP request of 1C: the evidence when somebody says that it does not go."""

    _name = "cement.exchange.request"
    _description = "Request of 1C"
    _order = "id desc"
    _log_access = False

    backend_id = fields.Many2one(
        "cement.connector.backend", index=True, ondelete="cascade", required=True
    )
    session_id = fields.Many2one(
        "cement.connector.session", index="btree_not_null", ondelete="set null"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    address = fields.Char(string="From")
    step = fields.Char()
    filename = fields.Char()
    bytes_in = fields.Integer(string="Bytes received")
    bytes_out = fields.Integer(string="Bytes sent")
    duration = fields.Integer(string="Took, ms")
    status = fields.Integer(string="HTTP status")
    answer = fields.Char(help="The first lines of the answer.")
    is_failure = fields.Boolean(string="Failed")

    @api.autovacuum
    def _gc_requests(self):
        for backend in self.env["cement.connector.backend"]._get_keepers():
            limit = fields.Datetime.now() - timedelta(days=backend.keep_days)
            self.search(
                [("backend_id", "=", backend.id), ("date", "<", limit)], limit=10000
            ).unlink()
