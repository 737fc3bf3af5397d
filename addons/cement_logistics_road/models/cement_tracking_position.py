# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.door import Position


class CementTrackingPosition(models.Model):
    """Where a truck was. Personal data of the driver: kept for the days that the
    provider's settings say, then deleted."""

    _name = "cement.tracking.position"
    _description = "Position of a truck"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "place"

    object_id = fields.Many2one(
        "cement.tracked.object", required=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, index=True)
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    accuracy = fields.Integer(string="Accuracy, m")
    place = fields.Char()
    speed = fields.Integer(string="Speed, km/h")
    source = fields.Selection(
        [("provider", "Tracker"), ("manual", "By hand")],
        required=True,
        default="provider",
    )

    # the same position told twice is one; serves the history of a trip too
    _object_date_uniq = models.UniqueIndex("(object_id, date)")

    @api.model
    def _store(self, rows: list[tuple[int, Position]]) -> set:
        """Keep positions of trips in one statement.

        :return: ``(trip id, time)`` of those that were not known yet.
        """
        if not rows:
            return set()
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, 'provider')",
                object_id,
                position.at,
                position.latitude,
                position.longitude,
                round(position.accuracy) if position.accuracy else None,
                position.place or None,
                round(position.speed) if position.speed is not None else None,
            )
            for object_id, position in rows
        ]
        found = self.env.execute_query(
            SQL(
                """INSERT INTO cement_tracking_position
                          (object_id, date, latitude, longitude, accuracy, place,
                           speed, source)
                   VALUES %s
                   ON CONFLICT (object_id, date) DO NOTHING
                   RETURNING object_id, date""",
                SQL(", ").join(values),
            )
        )
        self.invalidate_model()
        return set(found)

    @api.autovacuum
    def _gc_positions(self):
        """Delete what may be kept no longer, of trips that are over and of others."""
        now = fields.Datetime.now()
        for provider in self.env["cement.tracking.provider"]._get_keepers():
            limit = now - timedelta(days=provider.keep_days)
            self.env.execute_query(
                SQL(
                    """DELETE FROM cement_tracking_position p
                        USING cement_tracked_object o
                        WHERE p.object_id = o.id AND o.provider_id = %s
                          AND p.date < %s
                    RETURNING p.id""",
                    provider.id,
                    limit,
                )
            )
            self.invalidate_model()
            provider._forget_people(limit)
