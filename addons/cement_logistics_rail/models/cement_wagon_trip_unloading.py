# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cement_logistics.tools import lifecycle

_TASK = "cement_logistics_rail.mail_activity_unloading"


class CementWagonTrip(models.Model):
    """Unloading that no report tells of: the wagon had arrived and is named no more.

    It stops the clock of demurrage, but ends no shipment: that is for the dispatcher
    or the client to say, or for a report that shows the wagon empty or on its way.
    """

    _inherit = "cement.wagon.trip"

    def _ask_unloading(self):
        """Give the dispatcher a task: has the wagon been unloaded?"""
        self._give_tasks(
            _TASK,
            self.env._("Has the wagon been unloaded?"),
            lambda trip: self.env._(
                "Wagon %(wagon)s had arrived at %(station)s and has not been in the "
                "reports since %(moment)s.",
                wagon=trip.wagon_number,
                station=trip.station_id.name or "",
                moment=self._format_moscow(trip.unloaded_at),
            ),
        )

    def _is_unloading_doubtful(self) -> bool:
        self.ensure_one()
        return self.is_current and self.is_unload_estimated

    def _settle_unloading(self):
        """Take the tasks away where it is known by now."""
        tasks = self._get_tasks(self.env.ref(_TASK))
        known = self.browse(tasks.mapped("res_id")).filtered(
            lambda trip: not trip._is_unloading_doubtful()
        )
        # sudo: the task is the dispatcher's, a client or a report may have answered
        tasks.filtered(lambda task: task.res_id in known.ids).sudo().unlink()

    def _accept_unloading(self):
        """Take the estimated unloading for true from now on (as superuser)."""
        trips = self.filtered(lambda trip: trip._is_unloading_doubtful())
        trips.write({"is_unload_estimated": False})
        trips._settle_unloading()

    def action_confirm_unloading(self):
        """The wagon has been unloaded: so its shipment has come to its end."""
        self._check_dispatcher()
        self._check_doubtful()
        # sudo: trips are written by reports; the right was checked above
        trips_sudo = self.sudo()
        trips_sudo._accept_unloading()
        # the fact is the dispatcher's word, its moment stays what it was
        trips_sudo.picking_id._cement_set_shipment_state(
            lifecycle.DONE,
            "dispatcher",
            date={trip.picking_id.id: trip.unloaded_at for trip in trips_sudo},
            is_estimated=True,
        )

    def action_deny_unloading(self):
        """The wagon stands at its station, loaded: its clock goes on."""
        self._check_dispatcher()
        self._check_doubtful()
        # sudo: trips are written by reports; the right was checked above
        trips_sudo = self.sudo()
        for trip in trips_sudo:
            trip.write(
                {
                    "state": "arrived",
                    "state_since": trip.arrived_at,
                    "is_open": True,
                    "unloaded_at": False,
                    "is_unload_estimated": False,
                    "lost_since": False,
                }
            )
        stays = trips_sudo.idle_ids.filtered(
            lambda stay: stay.kind == "station"
            and stay.date_from == stay.trip_id.arrived_at
        )
        stays.write({"date_to": False})
        stays._refresh_open()
        trips_sudo._refresh_figures()
        trips_sudo._settle_unloading()

    def _check_doubtful(self):
        for trip in self:
            if not trip._is_unloading_doubtful():
                raise UserError(
                    self.env._(
                        "There is no doubt about the unloading of wagon %(wagon)s.",
                        wagon=trip.wagon_number,
                    )
                )
