# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import pytz

from odoo import api, fields, models

from ..tools import movizor


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

    # one man may have several cards: what he has refused goes by his phone
    phone_key = fields.Char(
        compute="_compute_phone_key", store=True, index="btree_not_null"
    )

    @api.depends("phone")
    def _compute_phone_key(self):
        for driver in self:
            digits = "".join(filter(str.isdecimal, driver.phone or ""))
            driver.phone_key = movizor.phone(driver.phone) or digits or False

    @api.onchange("phone")
    def _onchange_phone(self):
        """Warn of a second card of the same man."""
        others = self._get_same_phone() - self._origin
        if not others:
            return None
        return {
            "warning": {
                "title": self.env._("This phone has a card already"),
                "message": self.env._(
                    "%(names)s: whoever refuses to be followed on one card is followed "
                    "by none.",
                    names=", ".join(others.mapped("name")),
                ),
            }
        }

    def _get_same_phone(self):
        """Return all cards of the phones of these drivers, archived ones too."""
        keys = [key for key in self.mapped("phone_key") if key]
        if not keys:
            return self.browse()
        return self.with_context(active_test=False).search([("phone_key", "in", keys)])

    def _has_refused(self) -> bool:
        """Whether any of these drivers has refused to be followed, on whatever card."""
        # sudo: the cards of a man are not a question of who asks
        drivers_sudo = self.sudo()
        drivers_sudo |= drivers_sudo._get_same_phone()
        return "refused" in drivers_sudo.mapped("tracking_consent")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a card that begins with a refusal ends the trips of the others."""
        drivers = super().create(vals_list)
        refusing = drivers.filtered(lambda row: row.tracking_consent == "refused")
        if refusing:
            # sudo: see write
            refusing.sudo()._cement_stop_following()
        return drivers

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
        if vals.get("phone"):
            # the number of somebody who has refused
            refusing |= self.filtered(lambda row: row._has_refused())
        if refusing and not self.env.context.get("cement_told_by_sms"):
            # sudo: who keeps the drivers need not keep the trips
            refusing.sudo()._cement_stop_following()
        return result

    def _cement_stop_following(self):
        """End the trips under way, and forget where they are."""
        drivers = self | self._get_same_phone()
        trips = self.env["cement.tracked.object"].search(
            [("driver_id", "in", drivers.ids), ("phase", "in", ("to_start", "live"))]
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
        # the SMS went to the phone: the answer is that of all its cards
        for driver in self | self._get_same_phone():
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
