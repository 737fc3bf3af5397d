# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

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
        help="A driver who has refused is never followed. The mobile operator asks by "
        "SMS all the same before it tells any position.",
    )
    tracking_consent_date = fields.Date(string="Consent of")
    tracking_consent_note = fields.Char(
        string="Paper of the consent", help="Number of the paper, where it is kept."
    )
