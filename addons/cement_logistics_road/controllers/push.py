# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..tools import push

BEARER = "Bearer "


class TrackingPushDispatcher(http.HttpDispatcher):
    """HTTP whose body is JSON, whatever its type says: gateways call it a form.

    Errors are answered in JSON too: they end in the log of a gateway.
    """

    routing_type = "cement_push"
    mimetypes = ("*/*",)

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)  # of the path only
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        if isinstance(exc, RequestEntityTooLarge):
            return _answer(413, {"error": "size", "message": "Слишком много за раз."})
        return _answer(500, {"error": "fault", "message": "Сбой портала, повторите."})


def _answer(status: int, values: dict):
    return http.Response(
        json.dumps(values, ensure_ascii=False),
        status=status,
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


class TrackingPush(http.Controller):
    @http.route(
        ["/cement/tracking/push", "/cement/tracking/push/<string:token>"],
        type="cement_push",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=2 * push.MAX_BYTES,
    )
    def push(self, token=""):
        """Take a batch of positions; the token stands in a header, else the path."""
        headers = request.httprequest.headers
        authorization = headers.get("Authorization", "")
        if authorization.startswith(BEARER):
            token = authorization[len(BEARER) :]
        token = headers.get("X-Token") or token
        # cached: a request that is tried again after a conflict has its body still
        body = request.httprequest.get_data(cache=True, parse_form_data=False)
        # a gateway has no user of Odoo: the door checks its token
        door = request.env(user=SUPERUSER_ID, su=True)["cement.tracking.door.push"]
        language = door.env["cement.tracking.provider"]._get_language()
        status, values = door.with_context(lang=language)._receive(
            token.strip(), body, request.httprequest.remote_addr or ""
        )
        return _answer(status, values)
