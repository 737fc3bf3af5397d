# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from ..tools import figures, moscow


class CementWagonIdle(models.Model):
    """A stay of a wagon at a station: from an operation to the one that moved it."""

    _name = "cement.wagon.idle"
    _description = "Idle wagon"
    _order = "date_from desc, id desc"
    _log_access = False

    trip_id = fields.Many2one("cement.wagon.trip", required=True, ondelete="cascade")
    wagon_id = fields.Many2one(
        "cement.wagon", required=True, index=True, ondelete="cascade"
    )
    station_id = fields.Many2one("cement.station", index="btree_not_null")
    date_from = fields.Datetime(string="From", required=True)
    date_to = fields.Datetime(string="To")
    days = fields.Float(string="Idle, days", digits=(16, 1), readonly=True)
    amount = fields.Monetary(string="Demurrage", readonly=True)
    currency_id = fields.Many2one(
        "res.currency",
        default=lambda self: self.env.ref("base.RUB", raise_if_not_found=False),
    )
    kind = fields.Selection(
        [("way", "On the way"), ("station", "At the station of destination")],
        required=True,
        default="way",
    )
    counterparty_id = fields.Many2one(
        related="trip_id.counterparty_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="trip_id.company_id", store=True, index="btree_not_null"
    )

    _stay_uniq = models.UniqueIndex("(trip_id, kind, date_from)")

    def _refresh_open(self):
        """Reckon days and money of these stays; an open one lasts until now."""
        now = fields.Datetime.now()
        tariffs = self.env["cement.demurrage.tariff"]._get_tariffs()
        for stay in self:
            days, amount = figures.get_stay(
                moscow.from_utc(stay.date_from),
                moscow.from_utc(stay.date_to or now),
                stay.kind,
                tariffs,
            )
            stay.update({"days": days, "amount": amount})
