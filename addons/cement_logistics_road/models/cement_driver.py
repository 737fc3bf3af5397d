# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import pytz

from odoo import fields, models


class CementDriver(models.Model):
    _inherit = "cement.driver"

    tracking_consent = fields.Selection(
        [
            ("unknown", "Not asked"),
            ("given", "Given"),
            ("refused", "Refused"),
        ],
        string="Consent to be followed",
        default="unknown",
        required=True,
        help="A driver who has refused is never followed: a trip under way ends at "
        "once. The mobile operator asks by SMS all the same before it tells any "
        "position; who refuses there is not asked again.",
    )
    tracking_consent_date = fields.Date(string="Consent of")
    tracking_consent_note = fields.Char(
        string="Paper of the consent", help="Number of the paper, where it is kept."
    )

    def write(self, vals):
        """Override to follow nobody any longer who refuses."""
        consent = vals.get("tracking_consent")
        changed = self.filtered(lambda row: consent and row.tracking_consent != consent)
        refusing = changed if consent == "refused" else self.browse()
        if changed:
            today = fields.Date.context_today(self)
            day = False if consent == "unknown" else today
            vals = {"tracking_consent_date": day, **vals}
        result = super().write(vals)
        if refusing and not self.env.context.get("cement_told_by_sms"):
            # sudo: who keeps the drivers need not keep the trips
            refusing.sudo()._cement_stop_following()
        return result

    def _cement_stop_following(self):
        """End the trips under way, and forget where they are."""
        trips = self.env["cement.tracked.object"].search(
            [("driver_id", "in", self.ids), ("phase", "in", ("to_start", "live"))]
        )
        trips.filtered(lambda row: not row.refused_at).write(
            {"refused_at": fields.Datetime.now()}
        )
        trips.picking_id._cement_stop_tracking()
        trips.picking_id._cement_forget_position()

    def _cement_note_sms(self, consent: str, provider, when):
        """Keep what the driver answered to the SMS of the operator.

        The trip it was asked for stays among the troubles, told by its status: the
        service locates nobody who has refused.
        """
        day = pytz.utc.localize(when).astimezone(pytz.timezone(provider.tz)).date()
        for driver in self:
            if consent == "refused":
                text = self.env._("Refused by SMS, %(name)s", name=provider.name)
            else:
                text = self.env._("Given by SMS, %(name)s", name=provider.name)
            before = driver.tracking_consent_note or ""
            driver.with_context(cement_told_by_sms=True).write(
                {
                    "tracking_consent": consent,
                    "tracking_consent_date": day,
                    "tracking_consent_note": "; ".join(filter(None, (text, before))),
                }
            )
