# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

ANSWER_LIMIT = 20_000


class CementTrackingExchange(models.Model):
    """One message to or from a provider: the evidence when somebody says that it
    does not go. Keys and tokens are never in it."""

    _name = "cement.tracking.exchange"
    _description = "Message of a tracking provider"
    _order = "id desc"
    _log_access = False
    _rec_name = "method"

    provider_id = fields.Many2one(
        "cement.tracking.provider", required=True, ondelete="cascade", index=True
    )
    object_id = fields.Many2one(
        "cement.tracked.object",
        string="Trip",
        ondelete="set null",
        index="btree_not_null",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    direction = fields.Selection(
        [("out", "To the provider"), ("in", "From the provider")], required=True
    )
    method = fields.Char(required=True)
    request = fields.Text(help="Without the key.")
    answer = fields.Text(help="Its beginning.")
    http_status = fields.Integer(string="HTTP status")
    state = fields.Selection([("ok", "Done"), ("error", "Failed")], required=True)
    error = fields.Char()
    tries = fields.Integer(help="Which try in a row this was.")
    row_count = fields.Integer(string="Rows")
    bad_count = fields.Integer(string="Rows that make no sense")
    duration = fields.Integer(string="Took, ms")

    @api.autovacuum
    def _gc_exchanges(self):
        """Delete all that is older than the provider keeps: phones stand in it."""
        for provider in self.env["cement.tracking.provider"]._get_keepers():
            limit = fields.Datetime.now() - timedelta(days=provider.keep_exchange_days)
            self.env.cr.execute(
                SQL(
                    """DELETE FROM cement_tracking_exchange
                        WHERE provider_id = %s AND date < %s""",
                    provider.id,
                    limit,
                )
            )
        self.invalidate_model()
