# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import figures

DISPATCHER = "cement_base.group_dispatcher"
_CLOCK_SLACK = timedelta(hours=1)
# What a dispatcher may write directly; all else goes through methods.
_BY_PEOPLE = frozenset({"is_ignored"})


class CementWagonTrip(models.Model):
    """What a dispatcher does with a wagon."""

    _inherit = "cement.wagon.trip"

    def action_open_picking(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    def action_open_history(self):
        """Open the operations of the wagon, those of earlier trips included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_logistics_rail.cement_wagon_operation_action"
        )
        return {**action, "domain": [("wagon_id", "=", self.wagon_id.id)]}

    def action_set_arrival(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Arrival of wagon %(wagon)s", wagon=self.wagon_number),
            "res_model": "cement.wagon.trip.arrival",
            "view_mode": "form",
            "target": "new",
            "context": {"default_trip_id": self.id},
        }

    def action_assign(self):
        """Open the dialog that ties this trip to a shipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shipment of wagon %(wagon)s", wagon=self.wagon_number),
            "res_model": "cement.wagon.trip.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_trip_id": self.id},
        }

    def action_match(self):
        """Look for the shipments of these trips again."""
        self._check_dispatcher()
        # sudo: trips are written by reports; the right was checked above
        trips = self.sudo().filtered(lambda trip: not trip.picking_id)
        trips._match_shipments(trips.ids)
        trips._push_to_shipments({})

    def action_ignore(self):
        self._check_dispatcher()
        self.write({"is_ignored": True})

    def action_unignore(self):
        self._check_dispatcher()
        self.write({"is_ignored": False})

    def _assign(self, picking):
        """Tie this trip to *picking* on a person's word; an empty one unties it.

        :raises UserError: when the shipment does not go by rail to a client.
        """
        self.ensure_one()
        self._check_dispatcher()
        # sudo: trips are written by reports; the right was checked above, and the
        # shipment is read in the person's own right
        trip_sudo = self.sudo()
        if not picking:
            trip_sudo._untie()
            return
        picking.check_access("read")
        picking._check_cement()
        if picking.transport != "rail":
            raise UserError(
                self.env._("Shipment %(name)s does not go by rail.", name=picking.name)
            )
        if trip_sudo.picking_id != picking:
            trip_sudo._untie()
            trip_sudo.write(
                {"refused_picking_ids": [fields.Command.unlink(picking.id)]}
            )
            trip_sudo._tie([(self.id, picking.id, "person")])
        target = figures.SHIPMENT_STATES.get(trip_sudo.state)
        milestones = {}
        if target:
            milestones[self.id] = {
                "target": target,
                "date": trip_sudo.state_since or fields.Datetime.now(),
                "is_estimated": False,
            }
        trip_sudo._push_to_shipments(milestones)

    def _transfer_from(self, donor):
        """Take over the shipment of *donor*: its cargo was moved to this wagon.

        :raises UserError: when the donor carries no shipment.
        """
        self.ensure_one()
        (self | donor)._check_dispatcher()
        if not donor.picking_id:
            raise UserError(
                self.env._(
                    "Wagon %(wagon)s carries no shipment.", wagon=donor.wagon_number
                )
            )
        picking = donor.picking_id
        # sudo: trips are written by reports; the right was checked above
        donor_sudo, trip_sudo = donor.sudo(), self.sudo()
        trip_sudo.write({"transfer_trip_id": donor.id})
        donor_sudo.write({"is_ignored": True, "picking_id": False, "tie_memory": False})
        # the wagon on the shipment is the one that carries it now
        picking.sudo().write({"wagon_number": self.wagon_number})
        self._assign(picking)
        body = self.env._(
            "The cargo was moved from wagon %(donor)s to wagon %(acceptor)s.",
            donor=donor.wagon_number,
            acceptor=self.wagon_number,
        )
        (donor_sudo | trip_sudo)._message_log_batch(
            bodies={donor.id: body, self.id: body}
        )

    def _set_arrival(self, moment):
        """Set the arrival by hand: reports leave it alone from now on.

        :raises UserError: the wagon cannot have arrived then.
        """
        self.ensure_one()
        self._check_dispatcher()
        self._check_arrival(moment)
        # sudo: trips are written by reports; the right was checked above
        trip_sudo = self.sudo()
        trip_sudo.write(
            {"arrived_at": moment, "arrival_locked": bool(moment)}
            | (
                {"state": "arrived", "state_since": moment}
                if moment and not self.unloaded_at
                else {}
            )
        )
        trip_sudo._refresh_figures()
        milestones = {}
        if moment:
            milestones[self.id] = {
                "target": "arrived",
                "date": moment,
                "is_estimated": False,
            }
        trip_sudo._push_to_shipments(milestones)

    def _check_arrival(self, moment):
        if not moment:
            return
        if moment > fields.Datetime.now() + _CLOCK_SLACK:
            raise UserError(self.env._("The arrival lies in the future."))
        left = self.departed_at or self.started_at
        if left and moment < left:
            raise UserError(
                self.env._(
                    "The wagon left its first station at %(moment)s only.",
                    moment=self._format_moscow(left),
                )
            )
        if self.unloaded_at and moment > self.unloaded_at:
            raise UserError(
                self.env._(
                    "The wagon was unloaded at %(moment)s already.",
                    moment=self._format_moscow(self.unloaded_at),
                )
            )

    def _check_dispatcher(self):
        """Let dispatchers pass who may write these trips: those of their companies."""
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only a dispatcher may do this."))
        self.check_access("write")

    def write(self, vals):
        """Override to let people change nothing that reports or methods write."""
        mine = set(vals) - _BY_PEOPLE
        if not self.env.su and any(
            not name.startswith(("activity_", "message_")) for name in mine
        ):
            raise AccessError(
                self.env._("Trips of wagons are written by the reports, not by hand.")
            )
        return super().write(vals)
