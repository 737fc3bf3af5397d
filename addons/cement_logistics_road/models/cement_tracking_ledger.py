# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import bucket

# The service blocks the address at the fifth wrong key of an hour.
MAX_WRONG_KEYS = 4
HOUR = timedelta(hours=1)
_TRIES = 6
_COLUMNS = (
    "tokens",
    "filled_at",
    "hour_at",
    "hour_count",
    "request_total",
    "wrong_key_at",
    "wrong_hour_at",
    "wrong_hour_count",
)


class CementTrackingLedger(models.Model):
    """What was asked of a provider, over all workers and whatever becomes of their
    transactions.

    Written with a cursor of its own: a request that went out has gone out, also when
    the transaction around it is rolled back.
    """

    _name = "cement.tracking.ledger"
    _description = "Requests to a tracking provider"
    _log_access = False
    _rec_name = "provider_id"

    provider_id = fields.Many2one(
        "cement.tracking.provider", required=True, ondelete="cascade"
    )
    tokens = fields.Float(digits=(16, 6))
    filled_at = fields.Datetime()
    hour_at = fields.Datetime()
    hour_count = fields.Integer()
    request_total = fields.Integer()
    wrong_key_at = fields.Datetime(help="The key was wrong; nothing is asked since.")
    wrong_hour_at = fields.Datetime()
    wrong_hour_count = fields.Integer()

    _provider_uniq = models.UniqueIndex("(provider_id)")

    @api.model
    def _take(self, provider, limits: bucket.Limits) -> float:
        """Count one request.

        :return: seconds to wait, 0 when it may go now.
        """

        def change(row):
            before = bucket.Bucket(
                row["tokens"] or 0.0,
                row["filled_at"],
                row["hour_at"],
                row["hour_count"] or 0,
            )
            after, wait = bucket.take(before, limits, _now())
            row.update(
                tokens=after.tokens,
                filled_at=after.filled_at,
                hour_at=after.hour_at,
                hour_count=after.hour_count,
            )
            if not wait:
                row["request_total"] = (row["request_total"] or 0) + 1
            return wait

        return self._change(provider, change)

    @api.model
    def _wrong_key(self, provider):
        """Remember that the key was wrong: nothing is asked until a person acts."""

        def change(row):
            now = _now()
            begun = row["wrong_hour_at"]
            fresh = not begun or now - begun >= HOUR
            row["wrong_key_at"] = now
            row["wrong_hour_at"] = now if fresh else begun
            row["wrong_hour_count"] = 1 if fresh else row["wrong_hour_count"] + 1

        self._change(provider, change)

    @api.model
    def _forgive(self, provider) -> float:
        """Let a person try again after a wrong key.

        :return: seconds to wait when too many keys were wrong this hour, else 0.
        """

        def change(row):
            now = _now()
            free_at = row["wrong_hour_at"] + HOUR if row["wrong_hour_at"] else now
            if now < free_at and (row["wrong_hour_count"] or 0) >= MAX_WRONG_KEYS:
                return (free_at - now).total_seconds()
            row["wrong_key_at"] = None
            return 0.0

        return self._change(provider, change)

    @api.model
    def _is_key_wrong(self, provider) -> bool:
        return self._change(provider, lambda row: bool(row["wrong_key_at"]))

    @api.model
    def _change(self, provider, change: Callable[[dict], object]):
        """Run *change* on the row of the provider and commit at once.

        Workers that meet here wait for one another and read afresh.
        """
        for attempt in range(_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    row = self._lock_row(cr, provider.id)
                    before = dict(row)
                    result = change(row)
                    if row != before:
                        self._write_row(cr, provider.id, row)
                break
            except SerializationFailure:
                if attempt == _TRIES - 1:
                    raise
        self.invalidate_model()
        return result

    @api.model
    def _lock_row(self, cr, provider_id: int) -> dict:
        columns = SQL(", ").join(SQL.identifier(name) for name in _COLUMNS)
        select = SQL(
            "SELECT %s FROM cement_tracking_ledger WHERE provider_id = %s FOR UPDATE",
            columns,
            provider_id,
        )
        cr.execute(select)
        row = cr.fetchone()
        if row is None:
            cr.execute(
                SQL(
                    "INSERT INTO cement_tracking_ledger (provider_id) VALUES (%s) "
                    "ON CONFLICT (provider_id) DO NOTHING",
                    provider_id,
                )
            )
            cr.execute(select)
            row = cr.fetchone() or (None,) * len(_COLUMNS)
        return dict(zip(_COLUMNS, row, strict=True))

    @api.model
    def _write_row(self, cr, provider_id: int, row: dict):
        values = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), row[name]) for name in _COLUMNS
        )
        cr.execute(
            SQL(
                "UPDATE cement_tracking_ledger SET %s WHERE provider_id = %s",
                values,
                provider_id,
            )
        )


def _now() -> datetime:
    """Return naive UTC with its fractions: requests are counted by the second."""
    return datetime.now(UTC).replace(tzinfo=None)
