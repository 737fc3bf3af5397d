# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementRailSettings(models.Model):
    """Thresholds of the railway side; one record."""

    _name = "cement.rail.settings"
    _description = "Settings of the railway side"

    name = fields.Char(default="Rail", required=True, translate=True)
    loss_percent = fields.Integer(
        string="Rows that may be gone, %",
        default=30,
        help="A report that lacks more of the wagons of the last one is refused: it "
        "is probably half a file.",
    )
    stale_hours = fields.Integer(
        string="Report is stale after, h",
        default=12,
        help="Screens and the dispatcher are warned when the last report is older.",
    )
    lost_days = fields.Integer(
        string="Look for lost wagons, days",
        default=7,
        help="A wagon gone from the reports stays in sight as lost for so long.",
    )
    absent_hours = fields.Integer(
        string="Unloaded when absent for, h",
        default=2,
        help="An arrived wagon that a report does not name any more is taken for "
        "unloaded when a second one, at least so much later, does not name it either.",
    )
    future_hours = fields.Integer(
        string="Clocks may be ahead by, h",
        default=24,
        help="A report of a later moment is refused, and so are rows that tell of "
        "operations later than that after their report.",
    )
    idle_hours = fields.Integer(
        string="Long idle after, h",
        default=12,
        help="A loaded wagon without an operation for so long stands idle.",
    )
    warn_hours = fields.Integer(
        string="Warn before demurrage, h",
        default=12,
        help="The dispatcher gets a task so long before the free hours end.",
    )
    match_days = fields.Integer(
        string="Days between shipment and trip",
        default=5,
        help="A wagon and a shipment belong together only when their days are no "
        "further apart.",
    )
    check_consignees = fields.Boolean(
        string="Refuse unknown consignees",
        default=True,
        help="A report with a consignee whose OKPO no partner has is refused: it may "
        "be the file of another firm. Without a single OKPO nothing is checked.",
    )
    max_age_days = fields.Integer(
        string="Forget operations older than, days",
        default=60,
        help="A wagon that has not moved for so long is not under way any more.",
    )
    dispatcher_id = fields.Many2one(
        "res.users",
        string="Tasks go to",
        domain="[('share', '=', False)]",
        help="Who is warned of demurrage and stale data; empty: any dispatcher.",
    )
    eta_profile = fields.Json(readonly=True, help="Learnt speeds of past trips.")
    eta_error_hours = fields.Float(string="Error of estimates, h", readonly=True)
    eta_trip_count = fields.Integer(string="Trips measured", readonly=True)
    file_max = fields.Integer(
        string="Largest report, MB", default=64, help="Bigger files are refused unread."
    )

    _sane = models.Constraint(
        "CHECK(loss_percent BETWEEN 0 AND 100 AND stale_hours > 0 AND lost_days >= 0 "
        "AND idle_hours > 0 AND max_age_days > 0 AND warn_hours >= 0 "
        "AND absent_hours >= 0 AND future_hours BETWEEN 1 AND 168 "
        "AND match_days >= 0 AND file_max > 0)",
        "Thresholds must be positive, percents within 0 to 100.",
    )

    @api.model
    def _get(self):
        """Return the settings.

        Where somebody deleted them, the defaults hold until they are saved again.
        """
        # sudo: thresholds are no secret, but only dispatchers have an access right
        return self.sudo().search([], limit=1) or self.sudo().new({})
