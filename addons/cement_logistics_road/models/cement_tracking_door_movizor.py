# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import time
from datetime import timedelta
from urllib.parse import urlencode

from odoo import api, fields, models

from odoo.addons.cement_base.tools import outside
from odoo.addons.cement_base.tools.secret_box import SecretError

from ..tools import movizor, secret
from ..tools.bucket import Limits
from ..tools.door import DoorError, Reading
from .cement_tracking_exchange import ANSWER_LIMIT

# Seconds and bytes that one answer may take.
TIMEOUT = 10.0
MAX_ANSWER = 4 << 20
_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "application/json",
}
# A limit that is over so soon is waited for; a longer one is left to the next poll.
PATIENCE = 2.0
# The service stops by itself so long after the expected end, should we not.
OFF_AFTER = timedelta(days=2)
OFF_AT_LEAST = timedelta(days=4)


class CementTrackingDoorMovizor(models.AbstractModel):
    """Movizor, API v2: the driver's mobile phone is followed.

    Facts: logistics sheet, section 8. The driver agrees by SMS, so hours may pass
    without a position. Limits: 15 requests a second, 5,000 an hour; the fifth wrong key
    of an hour blocks our address, so one wrong key stops the provider.
    """

    _name = "cement.tracking.door.movizor"
    _inherit = "cement.tracking.door"
    _description = "Movizor"

    @api.model
    def _is_asked(self):
        return True

    @api.model
    def _needs_consent(self):
        return True

    @api.model
    def _get_ext_id(self, provider, picking):
        return movizor.phone(picking.driver_id.phone)

    @api.model
    def _get_absent_reason(self, provider, picking):
        if not picking.driver_id:
            return self.env._("No driver is entered.")
        if picking.driver_id.phone:
            return self.env._("The driver's phone is no Russian mobile number.")
        return self.env._("The driver has no phone.")

    # === Messages ===

    @api.model
    def _check(self, provider):
        self._ask(provider, "balance")

    @api.model
    def _start(self, provider, tracked):
        params = self._prepare_params(provider, tracked)
        try:
            self._ask(provider, "object_add", params, tracked)
        except DoorError as error:
            if error.kind != "refused":
                raise
            # ours already, from the last trip? then it only has to wake up
            if not self._is_ours(provider, tracked):
                raise
            params.append(("activate", "1"))
            self._ask(provider, "object_edit", params, tracked)

    @api.model
    def _is_ours(self, provider, tracked) -> bool:
        try:
            reading = self._state(provider, tracked)
        except DoorError as error:
            if error.kind == "refused":
                return False
            raise
        return any(row.ext_id == tracked.ext_id for row in reading.rows)

    @api.model
    def _stop(self, provider, tracked):
        try:
            self._ask(provider, "object_delete", [("phone", tracked.ext_id)], tracked)
        except DoorError as error:
            if error.code.upper() not in movizor.ABSENT_CODES:
                raise

    @api.model
    def _state(self, provider, tracked):
        params = [("phone", tracked.ext_id)]
        return self._ask(
            provider, "object_get", params, tracked, reader=movizor.read_states
        )

    @api.model
    def _states(self, provider):
        return self._ask(provider, "object_list", reader=movizor.read_states)

    @api.model
    def _positions(self, provider):
        return self._ask(provider, "pos_objects", reader=movizor.read_positions)

    @api.model
    def _events(self, provider, after):
        params = [("req_limit", str(movizor.PAGE)), ("afterid", str(after))]
        reading = self._ask(provider, "events", params, reader=movizor.read_events)
        # some versions give the last page whatever was asked for
        rows = [event for event in reading.rows if event.number > after]
        return Reading(rows, reading.bad)

    @api.model
    def _prepare_params(self, provider, tracked) -> list:
        """Return the trip in the words of the service: from the plant to the site."""
        picking = tracked.picking_id
        points = []
        for place, at in (
            (picking.plant_id, None),
            (picking.site_id, picking.promised_to or picking.promised_from),
        ):
            fence = place._get_fence()
            if fence:
                points.append((place.name, fence.latitude, fence.longitude, at))
        now = fields.Datetime.now()
        off_at = max(
            (picking.promised_to or now) + OFF_AFTER,
            now + OFF_AT_LEAST,
        )
        return movizor.object_params(
            tracked.ext_id,
            title=f"{picking.vehicle_plate or ''} {picking.name}".strip(),
            tariff=provider.tariff or "",
            off_at=off_at,
            destinations=tuple(points),
            metadata={"shipment": picking.name, "vehicle": picking.vehicle_plate or ""},
        )

    # === Transport ===

    @api.model
    def _ask(self, provider, method, params=(), tracked=None, reader=None):
        """Ask one thing and record what came of it.

        :return: the data of the answer, read by *reader* when there is one.
        :raises DoorError: with a text for people.
        """
        if provider._is_key_wrong():
            raise DoorError(provider._get_door_text("key"), "key")
        try:
            key = provider._get_secret().strip()
        except SecretError as error:
            raise DoorError(provider._get_door_text("secret"), "key") from error
        self._wait_for_limit(provider)
        exchange = {
            "object_id": tracked.id if tracked else False,
            "direction": "out",
            "method": method,
            "request": "\n".join(f"{name}={value}" for name, value in params),
        }
        begun = time.monotonic()
        try:
            # redirects are not followed: the key must not travel to another host
            reply = outside.ask(
                "POST",
                provider._get_method_url(method),
                urlencode([("key", key), *params]).encode(),
                _HEADERS,
                timeout=TIMEOUT,
                largest=MAX_ANSWER,
                schemes=provider._get_schemes(),
                allow_local=provider.allow_local,
            )
            exchange["http_status"] = reply.status
            exchange["answer"] = secret.mask(
                reply.body[:ANSWER_LIMIT].decode(errors="replace").replace("\x00", ""),
                key,
            )
            data = movizor.read_envelope(reply.status, reply.body)
            result = reader(data) if reader else data
        except outside.OutsideError as error:
            failure = DoorError(provider._get_door_text(error.reason), "unreachable")
        except DoorError as error:
            text = secret.mask(provider._get_door_text(error.text), key)
            if error.kind == "key":
                self.env["cement.tracking.ledger"]._wrong_key(provider)
                text = f"{provider._get_door_text('key')} ({text})"
            failure = DoorError(text, error.kind, error.code)
        else:
            if isinstance(result, Reading):
                exchange.update(row_count=len(result.rows), bad_count=result.bad)
            exchange["duration"] = round((time.monotonic() - begun) * 1000)
            provider._record_exchange(exchange)
            return result
        exchange["duration"] = round((time.monotonic() - begun) * 1000)
        provider._record_exchange(exchange, failure)
        raise failure

    @api.model
    def _wait_for_limit(self, provider):
        """Wait for the limits of the service, or refuse when that would be long.

        :raises DoorError: ``limit``.
        """
        ledger = self.env["cement.tracking.ledger"]
        limits = Limits(provider.per_second, provider.per_hour)
        waited = 0.0
        while wait := ledger._take(provider, limits):
            waited += wait
            if waited > PATIENCE:
                raise DoorError(provider._get_door_text("limit"), "limit")
            time.sleep(wait)
