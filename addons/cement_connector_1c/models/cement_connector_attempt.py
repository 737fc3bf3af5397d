# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MAX_FAILURES = 5
WINDOW = timedelta(minutes=10)


class CementConnectorAttempt(models.Model):
    """Failed logins by address: a guesser waits, the real 1C elsewhere does not."""

    _name = "cement.connector.attempt"
    _description = "Failed login of 1C"
    _order = "last_at desc"

    address = fields.Char(required=True)
    failures = fields.Integer(default=0)
    last_at = fields.Datetime(required=True, default=fields.Datetime.now)

    _address_uniq = models.UniqueIndex("(address)")

    @api.model
    def _is_blocked(self, address: str) -> bool:
        """Tell whether the address has failed too often lately."""
        attempt = self.search([("address", "=", address)], limit=1)
        return bool(attempt) and (
            attempt.failures >= MAX_FAILURES
            and attempt.last_at > fields.Datetime.now() - WINDOW
        )

    @api.model
    def _count_failure(self, address: str):
        """Remember one more failure of the address."""
        now = fields.Datetime.now()
        # one statement: two failures at once are two failures
        self.env.cr.execute(
            SQL(
                """INSERT INTO cement_connector_attempt AS a
                          (address, failures, last_at)
                   VALUES (%(address)s, 1, %(now)s)
                   ON CONFLICT (address) DO UPDATE SET
                       failures = CASE WHEN a.last_at < %(old)s THEN 1
                                       ELSE a.failures + 1 END,
                       last_at = %(now)s""",
                address=address,
                now=now,
                old=now - WINDOW,
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, address: str):
        """Forget the failures after a good login."""
        self.search([("address", "=", address)]).unlink()

    @api.autovacuum
    def _gc_attempts(self):
        limit = fields.Datetime.now() - WINDOW
        self.search([("last_at", "<", limit)]).unlink()
