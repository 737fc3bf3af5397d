# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from markupsafe import Markup

from odoo import api, models

from ..tools import moscow

# What happened to a wagon and is worth a line in its conversation.
_TOLD = frozenset(
    {
        "readdressed",
        "forwarded",
        "faulty",
        "repaired",
        "abandoned",
        "raised",
        "absent",
        "found",
        "resumed",
        "lost",
        "written_off",
    }
)


class CementWagonTrip(models.Model):
    """What happened to a wagon, in its conversation."""

    _inherit = "cement.wagon.trip"

    @api.model
    def _log_events(self, events):
        """Write into the conversations what happened; one batch.

        :param events: ``(trip id, kernel event)``.
        """
        texts = {
            "readdressed": self.env._("Readdressed."),
            "forwarded": self.env._("Sent on under a new waybill."),
            "faulty": self.env._("Moved to faulty wagons."),
            "repaired": self.env._("Out of repair."),
            "abandoned": self.env._("The train was abandoned."),
            "raised": self.env._("The abandoned train goes on."),
            "absent": self.env._("Had arrived, and the report does not name it."),
            "found": self.env._("Back in the reports."),
            "resumed": self.env._(
                "Back in the reports with its load: it has not been unloaded."
            ),
            "lost": self.env._("Gone from the report."),
            "written_off": self.env._("Written off."),
        }
        bodies = {}
        for trip_id, event in events:
            if event.kind not in _TOLD:
                continue
            details = " → ".join(
                str(value)
                for key in ("before", "after", "waybill")
                if event.kind in ("readdressed", "forwarded")
                and (value := dict(event.params).get(key))
            )
            when = moscow.to_utc(event.time)
            line = Markup("<p>%s %s %s</p>") % (
                self._format_moscow(when) if when else "",
                texts[event.kind],
                details,
            )
            bodies[trip_id] = bodies.get(trip_id, Markup()) + line
        if bodies:
            self.sudo().browse(bodies)._message_log_batch(bodies=bodies)
