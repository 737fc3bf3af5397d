# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementTrackingEvent(models.Model):
    """Something the provider told of a trip, kept once whatever order it comes in."""

    _name = "cement.tracking.event"
    _description = "Event of a trip"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "kind"

    object_id = fields.Many2one(
        "cement.tracked.object", required=True, ondelete="cascade", index=True
    )
    provider_id = fields.Many2one(
        "cement.tracking.provider", required=True, ondelete="cascade"
    )
    ext_id = fields.Char(string="Number", required=True)
    date = fields.Datetime(required=True)
    kind = fields.Char(required=True, help="As the provider calls it.")

    # an event of a phone belongs to every trip that the phone is on
    _ext_id_uniq = models.UniqueIndex("(provider_id, ext_id, object_id)")
