# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import eta

# Hours on the road in one hour of the day before a learnt speed is believed.
ENOUGH_HOURS = 20.0
LEARN_DAYS = 30
ENOUGH_TRIPS = 20


class CementTrackingSpeed(models.Model):
    """How fast loaded trucks get on at which hour of the day, stops included."""

    _name = "cement.tracking.speed"
    _description = "Speed by hour of the day"
    _order = "hour"
    _rec_name = "hour"

    hour = fields.Integer(required=True)
    speed = fields.Float(
        string="Speed, km/h",
        compute="_compute_speed",
        store=True,
        digits=(16, 1),
        help="What the estimate takes: entered, else learnt, else usual.",
    )
    entered_speed = fields.Float(string="Entered, km/h", digits=(16, 1))
    learnt_speed = fields.Float(string="Learnt, km/h", digits=(16, 1), readonly=True)
    learnt_hours = fields.Float(
        string="Hours on the road", digits=(16, 1), readonly=True
    )

    _hour_uniq = models.Constraint("UNIQUE(hour)", "This hour is there already.")
    _hour_fits = models.Constraint(
        "CHECK(hour BETWEEN 0 AND 23 AND entered_speed >= 0 AND entered_speed <= 120)",
        "An hour is 0 to 23, a speed 0 to 120 km/h.",
    )

    @api.depends("hour", "entered_speed", "learnt_speed", "learnt_hours")
    def _compute_speed(self):
        for row in self:
            learnt = row.learnt_speed if row.learnt_hours >= ENOUGH_HOURS else 0.0
            row.speed = row.entered_speed or learnt or eta.DEFAULT_SPEEDS[row.hour % 24]

    @api.model
    def _get_speeds(self) -> tuple[float, ...]:
        """Return the speeds of the 24 hours."""
        known = {row.hour: row.speed for row in self.search([], limit=24)}
        return tuple(known.get(hour) or eta.DEFAULT_SPEEDS[hour] for hour in range(24))

    @api.model
    def _cron_learn(self):
        """Learn speeds and the error of the estimates from the last weeks."""
        since = fields.Datetime.now() - timedelta(days=LEARN_DAYS)
        providers = self.env["cement.tracking.provider"]._get_keepers()
        found: dict[int, list[float]] = {}
        for provider in providers:
            for hour, metres, hours in self._read_driven(provider, since):
                sums = found.setdefault(int(hour), [0.0, 0.0])
                sums[0] += float(metres) / 1000 * provider.road_factor
                sums[1] += float(hours)
            provider._learn_error(since)
        for row in self.search([], limit=24):
            distance, hours = found.get(row.hour, (0.0, 0.0))
            row.learnt_hours = hours
            row.learnt_speed = min(90.0, distance / hours) if hours else 0.0

    @api.model
    def _read_driven(self, provider, since) -> list:
        """Return hour of the day, metres and hours driven by the provider's trucks.

        Pieces of over two hours or under a minute tell nothing of the speed, and
        those over the speed of a truck are jumps of the fix.
        """
        return self.env.execute_query(
            SQL(
                """
                WITH piece AS (
                    SELECT p.date,
                           EXTRACT(EPOCH FROM p.date - LAG(p.date) OVER trip) / 3600
                               AS hours,
                           2 * 6371000 * ASIN(LEAST(1, SQRT(
                               POWER(SIN(RADIANS(p.latitude
                                   - LAG(p.latitude) OVER trip) / 2), 2)
                               + COS(RADIANS(p.latitude))
                               * COS(RADIANS(LAG(p.latitude) OVER trip))
                               * POWER(SIN(RADIANS(p.longitude
                                   - LAG(p.longitude) OVER trip) / 2), 2)
                           ))) AS metres
                      FROM cement_tracking_position p
                      JOIN cement_tracked_object o ON o.id = p.object_id
                     WHERE o.provider_id = %(provider)s AND p.date >= %(since)s
                       AND (o.arrived_at IS NULL OR p.date <= o.arrived_at)
                    WINDOW trip AS (PARTITION BY p.object_id ORDER BY p.date)
                )
                SELECT EXTRACT(HOUR FROM
                           date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::int AS hour,
                       SUM(metres), SUM(hours)
                  FROM piece
                 WHERE hours BETWEEN 1.0 / 60 AND 2
                   AND metres > 500 AND metres / 1000 / hours < 120
                 GROUP BY 1
                """,
                provider=provider.id,
                since=since,
                tz=provider.tz,
            )
        )


class CementTrackingProvider(models.Model):
    _inherit = "cement.tracking.provider"

    def _learn_error(self, since):
        """Learn by what share of the way the first estimates were wrong."""
        self.ensure_one()
        [(count, share)] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), AVG(
                              ABS(EXTRACT(EPOCH FROM arrived_at - eta_first))
                              / EXTRACT(EPOCH FROM arrived_at - eta_first_at))
                     FROM cement_tracked_object
                    WHERE provider_id = %s AND arrived_at >= %s
                      AND eta_first IS NOT NULL
                      AND arrived_at > eta_first_at + INTERVAL '20 minutes'""",
                self.id,
                since,
            )
        )
        if count >= ENOUGH_TRIPS:
            self.write(
                {
                    "error_share": min(1.0, max(0.02, float(share))),
                    "error_trips": count,
                }
            )
