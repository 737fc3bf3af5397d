# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import logging

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..tools import protocol
from ..tools.door import Body, Call, Reply

_logger = logging.getLogger(__name__)

MAX_BODY = 256 << 20


class ExchangeDispatcher(http.HttpDispatcher):
    """HTTP as 1C needs it: the body is bytes whatever its type says, and every
    failure is a short text.

    The dispatcher of pages would take a body that calls itself a form to pieces
    before the controller sees it, and would answer errors with HTML, which 1C
    writes to its log as it is.
    """

    routing_type = "onec"
    mimetypes = ("*/*",)

    def dispatch(self, endpoint, args):
        httprequest = self.request.httprequest
        # cached: a request that is tried again after a conflict has its body still
        body = Body(lambda: httprequest.get_data(cache=True, parse_form_data=False))
        self.request.params = dict(args)  # of the path only, nobody can name others
        query = httprequest.args.to_dict()
        return self.request.registry["ir.http"]._dispatch(
            _BoundEndpoint(endpoint, body=body, query=query)
        )

    def handle_error(self, exc):
        if isinstance(exc, RequestEntityTooLarge):
            text = "Слишком большой запрос: уменьшите размер порции на узле обмена."
        else:
            text = "Сбой на стороне портала, повторите обмен позже."
        _logger.info("1C exchange: %s: %s", type(exc).__name__, exc)
        return _response(Reply(text=protocol.failure(text)))


class _BoundEndpoint:
    """The endpoint with body and query at hand; it looks like the endpoint itself."""

    def __init__(self, endpoint, **values) -> None:
        self._endpoint = endpoint
        self._values = values
        self.routing = endpoint.routing
        self.func = endpoint.func

    def __call__(self, **params):
        return self._endpoint(**params, **self._values)


def _response(reply: Reply):
    return http.Response(
        reply.content,
        status=reply.status,
        content_type=reply.content_type,
        headers={**reply.headers, "Cache-Control": "no-store"},
    )


class ExchangeController(http.Controller):
    @http.route(
        ["/1c/exchange", "/1c/exchange/<string:address_token>"],
        type="onec",
        auth="none",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAX_BODY,
    )
    def exchange(self, body, query, address_token=""):
        """Answer one step of the exchange."""
        httprequest = request.httprequest
        call = Call(
            type=str(query.get("type") or ""),
            mode=str(query.get("mode") or ""),
            filename=str(query.get("filename") or ""),
            version=str(query.get("version") or "")[:10],
            address_token=address_token[:64],
            session_token=protocol.parse_token(
                httprequest.cookies.get(protocol.COOKIE_NAME),
                str(query.get("sessid") or ""),
            ),
            credentials=protocol.parse_basic(httprequest.headers.get("Authorization")),
            body=body,
            address=httprequest.remote_addr or "",
        )
        # 1C has no user of Odoo: the door checks its own credentials
        door = request.env(user=SUPERUSER_ID, su=True)["cement.connector.door"]
        language = door.env["cement.connector.backend"]._get_language()
        return _response(door.with_context(lang=language)._serve(call))
