# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LooseMany2one(fields.Many2one):
    """A Many2one without a foreign key in the database.

    A report of 5,000 wagons writes 5,000 operations and as many trips; PostgreSQL
    looks each foreign key of each row up, which took three quarters of the time of
    writing. What these fields point to are vocabularies and reports; deleting one
    that is used is refused here, in the models below.
    """

    def update_db_foreign_key(self, model, column):
        """Do not add a foreign key; drop the one of an earlier version."""
        name = f"{model._table}_{self.name}_fkey"
        model.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(model._table),
                SQL.identifier(name),
            )
        )


class CementWagonOperation(models.Model):
    _inherit = "cement.wagon.operation"

    wagon_id = LooseMany2one()
    trip_id = LooseMany2one()
    code_id = LooseMany2one()
    station_id = LooseMany2one()
    import_id = LooseMany2one()


class CementWagonIdle(models.Model):
    _inherit = "cement.wagon.idle"

    # a wagon with stays has a trip, which holds it
    wagon_id = LooseMany2one()
    station_id = LooseMany2one()
    currency_id = LooseMany2one()

    def init(self):
        """Leave room in each page: a report lengthens or ends most of the stays."""
        result = super().init()
        self.env.cr.execute("ALTER TABLE cement_wagon_idle SET (fillfactor = 50)")
        return result


class CementWagonTrip(models.Model):
    _inherit = "cement.wagon.trip"

    origin_id = LooseMany2one()
    destination_id = LooseMany2one()
    first_destination_id = LooseMany2one()
    operation_code_id = LooseMany2one()
    station_id = LooseMany2one()
    currency_id = LooseMany2one()
    import_id = LooseMany2one()
    source_id = LooseMany2one()

    def init(self):
        """Leave room in each page: an update that changes no indexed column then
        stays in its page and touches none of the indexes."""
        result = super().init()
        self.env.cr.execute("ALTER TABLE cement_wagon_trip SET (fillfactor = 50)")
        return result

    def unlink(self):
        """Override to delete the history with the trip: no foreign key does."""
        # sudo: nobody deletes operations by hand
        self.env["cement.wagon.operation"].sudo().search(
            [("trip_id", "in", self.ids)]
        ).unlink()
        return super().unlink()


# model, fields of trips and operations that may point to it
_USED = {
    "cement.station": (
        ("cement_wagon_trip", "origin_id"),
        ("cement_wagon_trip", "destination_id"),
        ("cement_wagon_trip", "first_destination_id"),
        ("cement_wagon_trip", "station_id"),
        ("cement_wagon_operation", "station_id"),
        ("cement_wagon_idle", "station_id"),
    ),
    "cement.wagon.operation.code": (
        ("cement_wagon_trip", "operation_code_id"),
        ("cement_wagon_operation", "code_id"),
    ),
    "cement.dislocation.source": (("cement_wagon_trip", "source_id"),),
    "cement.dislocation.import": (
        ("cement_wagon_trip", "import_id"),
        ("cement_wagon_operation", "import_id"),
    ),
    "cement.wagon": (("cement_wagon_operation", "wagon_id"),),
}


class CementWagonUsed(models.AbstractModel):
    """What trips and operations point to is archived, not deleted."""

    _name = "cement.wagon.used"
    _description = "Pointed to by wagon trips"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for table, column in _USED[self._name]:
            self.env.cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE %s = ANY(%s) LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    list(self.ids),
                )
            )
            if self.env.cr.fetchone():
                raise UserError(
                    self.env._(
                        "Trips or operations of wagons point to this. Archive it "
                        "instead of deleting it."
                    )
                )


class CementStation(models.Model):
    _name = "cement.station"
    _inherit = ["cement.station", "cement.wagon.used"]


class CementWagonOperationCode(models.Model):
    _name = "cement.wagon.operation.code"
    _inherit = ["cement.wagon.operation.code", "cement.wagon.used"]


class CementDislocationSource(models.Model):
    _name = "cement.dislocation.source"
    _inherit = ["cement.dislocation.source", "cement.wagon.used"]


class CementDislocationImport(models.Model):
    _name = "cement.dislocation.import"
    _inherit = ["cement.dislocation.import", "cement.wagon.used"]


class CementWagon(models.Model):
    _name = "cement.wagon"
    _inherit = ["cement.wagon", "cement.wagon.used"]
