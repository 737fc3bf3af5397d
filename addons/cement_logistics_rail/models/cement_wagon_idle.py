# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementWagonIdle(models.Model):
    """A stay of a wagon at a station: from an operation to the one that moved it."""

    _name = "cement.wagon.idle"
    _description = "Idle wagon"
    _order = "date_from desc, id desc"

    trip_id = fields.Many2one(
        "cement.wagon.trip", required=True, index=True, ondelete="cascade"
    )
    wagon_id = fields.Many2one("cement.wagon", required=True, index=True)
    station_id = fields.Many2one("cement.station", index="btree_not_null")
    date_from = fields.Datetime(string="From", required=True)
    date_to = fields.Datetime(string="To")
    days = fields.Float(digits=(16, 1), readonly=True)
    amount = fields.Monetary(string="Demurrage", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.RUB")
    )
    kind = fields.Selection(
        [("way", "On the way"), ("station", "At the client's station")],
        required=True,
        default="way",
    )
    counterparty_id = fields.Many2one(
        related="trip_id.counterparty_id", store=True, index="btree_not_null"
    )

    _open_uniq = models.UniqueIndex("(trip_id) WHERE date_to IS NULL")
