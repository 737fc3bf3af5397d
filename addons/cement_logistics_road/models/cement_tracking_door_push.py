# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import time
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cement_base.tools import tokens

from ..tools import push, secret
from ..tools.bucket import Limits
from .cement_tracking_exchange import ANSWER_LIMIT

# One row a minute tells that more comes than the limit allows.
LIMIT_RECORDED_EVERY = timedelta(minutes=1)


class CementTrackingDoorPush(models.AbstractModel):
    """Trackers of vehicles and gateways that push positions to us.

    The vehicle is followed by its unit; nobody asks the driver's phone. Positions of
    vehicles without a trip under way are not kept.
    """

    _name = "cement.tracking.door.push"
    _inherit = "cement.tracking.door"
    _description = "Trackers that push"

    @api.model
    def _get_ext_id(self, provider, picking):
        key = push.plate(picking.vehicle_plate)
        if not key:
            return ""
        unit = self.env["cement.tracking.unit"].search(
            [("provider_id", "=", provider.id), ("plate_key", "=", key)], limit=1
        )
        return unit.ext_id or ""

    @api.model
    def _get_absent_reason(self, provider, picking):
        if not picking.vehicle_plate:
            return self.env._("No plate is entered.")
        return self.env._("No tracker belongs to this plate.")

    # === What comes in ===

    @api.model
    def _receive(self, token: str, body: bytes, address: str) -> tuple[int, dict]:
        """Take a batch of messages.

        :return: HTTP status and what to answer. 401, 429, 413 and 400 say why; a
            message that cannot be used is counted, not refused: the gateway would
            send the whole batch again for ever.
        """
        begun = time.monotonic()
        provider = self._find_provider(token)
        if not provider:
            return 401, {"error": "token", "message": "Токен не подходит."}
        status, answer, reading = self._take(provider, body)
        limited = status == 429
        if limited and self._is_limit_recorded(provider):
            return status, answer
        provider._record_exchange(
            {
                "direction": "in",
                "method": "push",
                "request": not limited
                and secret.mask(
                    body[:ANSWER_LIMIT].decode(errors="replace").replace("\x00", ""),
                    token,
                ),
                "answer": str(answer),
                "http_status": status,
                "state": "ok" if status == 200 else "error",
                "error": answer.get("message") if status != 200 else False,
                "row_count": len(reading.rows) if reading else 0,
                "bad_count": reading.bad if reading else 0,
                "duration": round((time.monotonic() - begun) * 1000),
            }
        )
        return status, answer

    @api.model
    def _is_limit_recorded(self, provider) -> bool:
        """Whether the journal says already that too much comes just now.

        A gateway that has gone mad must not fill the table with its refusals.
        """
        since = fields.Datetime.now() - LIMIT_RECORDED_EVERY
        # sudo: see _record_exchange
        return bool(
            self.env["cement.tracking.exchange"]
            .sudo()
            .search_count(
                [
                    ("provider_id", "=", provider.id),
                    ("date", ">", since),
                    ("http_status", "=", 429),
                ],
                limit=1,
            )
        )

    @api.model
    def _find_provider(self, token: str):
        """Return the provider of the token, as superuser: the token is the right."""
        providers_sudo = self.env["cement.tracking.provider"].sudo()
        if not token or len(token) > 200:
            return providers_sudo.browse()
        digest = tokens.digest(token)
        provider_sudo = providers_sudo.search(
            [
                ("kind", "=", "push"),
                ("state", "=", "on"),
                ("token_digest", "=", digest),
            ],
            limit=1,
        )
        kept = provider_sudo.token_digest or tokens.digest("")
        same = tokens.is_same(digest, kept)
        return provider_sudo if same else providers_sudo.browse()

    @api.model
    def _take(self, provider, body: bytes):
        limits = Limits(provider.per_second, provider.per_hour)
        if self.env["cement.tracking.ledger"]._take(provider, limits):
            message = "Слишком часто: пришлите позже, пачкой."
            return 429, {"error": "limit", "message": message}, None
        if len(body) > push.MAX_BYTES:
            message = f"Не больше {push.MAX_BYTES >> 10} КБ за раз."
            return 413, {"error": "size", "message": message}, None
        now = fields.Datetime.now()
        try:
            reading = push.read_body(body, now)
        except push.PushError as error:
            texts = {
                "json": "Это не JSON.",
                "shape": "Нужно сообщение или список сообщений.",
                "empty": "Сообщений нет.",
                "many": f"Не больше {push.MAX_MESSAGES} сообщений за раз.",
            }
            status = 413 if error.reason == "many" else 400
            answer = {"error": error.reason, "message": texts[error.reason]}
            return status, answer, None
        taken = provider._take_positions(reading.rows)
        provider._note_success(now)
        answer = {
            "accepted": taken["new"],
            "known": taken["known"],
            "without_trip": taken["without_trip"],
            "unreadable": reading.bad,
        }
        return 200, answer, reading
