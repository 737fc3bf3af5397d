# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from ..tools.door import Reading


class CementTrackingDoor(models.AbstractModel):
    """The narrow door to a provider: one method a message.

    This one is for providers that nobody can ask: a person, or a tracker that speaks
    by itself. A provider of another kind is an AbstractModel
    ``cement.tracking.door.<kind>`` that inherits it, plus the kind in
    ``cement.tracking.provider._get_kinds``.

    Every method raises ``DoorError``, never anything else, when the provider does not
    do what was asked, and records the exchange.
    """

    _name = "cement.tracking.door"
    _description = "Door of a tracking provider"

    @api.model
    def _is_asked(self) -> bool:
        """Whether the provider is asked (polled), or speaks by itself."""
        return False

    @api.model
    def _needs_consent(self) -> bool:
        """Whether the driver must consent before anything is told of the trip."""
        return False

    @api.model
    def _get_ext_id(self, provider, picking) -> str:
        """Return under which name the provider knows the vehicle of the shipment, or
        nothing when it does not."""
        return ""

    @api.model
    def _get_absent_reason(self, provider, picking) -> str:
        """Return in words why the provider cannot follow the shipment."""
        return ""

    @api.model
    def _check(self, provider):
        """Ask for something harmless, to see that the address and the key are good."""

    @api.model
    def _start(self, provider, tracked):
        """Ask to follow the vehicle of the trip."""

    @api.model
    def _stop(self, provider, tracked):
        """Ask to follow it no longer; one that is not followed is fine."""

    @api.model
    def _state(self, provider, tracked) -> Reading:
        """Ask for the status of one trip."""
        return Reading()

    @api.model
    def _states(self, provider) -> Reading:
        """Ask for the statuses of the fleet, in one call."""
        return Reading()

    @api.model
    def _positions(self, provider) -> Reading:
        """Ask for the last positions of the fleet, in one call."""
        return Reading()

    @api.model
    def _events(self, provider, after: int) -> Reading:
        """Ask for what happened after the event number *after*, in one call."""
        return Reading()


class CementTrackingDoorManual(models.AbstractModel):
    """A dispatcher who types what the driver said on the phone."""

    _name = "cement.tracking.door.manual"
    _inherit = "cement.tracking.door"
    _description = "Positions by hand"
