# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import logging
import time

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.cement_base.tools import tokens

from ..tools import protocol, secret
from ..tools.commerceml.reader import ReadError
from ..tools.door import Call, DoorError, Reply
from .cement_connector_backend import MEGABYTE

_logger = logging.getLogger(__name__)

KINDS = ("catalog", "sale")
_PASSED_BY = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".html", ".txt", ".pdf")


class CementConnectorDoor(models.AbstractModel):
    """The one door 1C comes through: steps of the protocol to answers.

    Facts: 1C sheet, sections 1.1 to 1.5 and 1.9. Every answer is text with status
    200, except 401 when a login fails; nothing is read before the session or the
    password was checked. Texts are Russian: they end in the log of the client's 1C.
    """

    _name = "cement.connector.door"
    _description = "Door of 1C"

    @api.model
    def _serve(self, call: Call) -> Reply:
        """Answer one request; whatever goes wrong becomes ``failure`` and a reason."""
        begun = time.monotonic()
        session = self.env["cement.connector.session"]
        backend = self.env["cement.connector.backend"]
        try:
            with self.env.cr.savepoint():
                if call.mode == "checkauth":
                    backend, reply = self._check_auth(call)
                else:
                    session = session._find(call.session_token, call.address_token)
                    backend = session.backend_id
                    reply = self._dispatch(call, session)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # Odoo tries the request again
        except (DoorError, ReadError, protocol.FileNameError) as error:
            reply = self._fail(str(error))
        except Exception:
            _logger.exception("1C exchange: %s", call.title)
            reply = self._fail("внутренняя ошибка портала, подробности в его журнале")
        self._log(call, reply, backend, session, begun)
        return reply

    @api.model
    def _fail(self, text: str) -> Reply:
        return Reply(text=protocol.failure(text))

    @api.model
    def _log(self, call, reply, backend, session, begun):
        took = round((time.monotonic() - begun) * 1000)
        _logger.info(
            "1C exchange: %s %s %s bytes -> %s %s, %s ms",
            call.title,
            call.filename[:80],
            call.body.size,
            reply.status,
            reply.first_line,
            took,
        )
        if not backend:
            return  # strangers do not fill the table
        first = reply.first_line
        if call.mode == "checkauth":
            first = first.partition(" ")[0]  # the token is nobody's business
        self.env["cement.exchange.request"].create(
            {
                "backend_id": backend.id,
                "session_id": session.id,
                "address": call.address,
                "step": call.title,
                "filename": call.filename[:200],
                "bytes_in": call.body.size,
                "bytes_out": len(reply.content),
                "duration": took,
                "status": reply.status,
                "answer": first,
                "is_failure": first.startswith(protocol.FAILURE),
            }
        )

    # === Login ===

    @api.model
    def _check_auth(self, call: Call) -> tuple:
        """Answer ``checkauth``: the same refusal for every reason."""
        attempts = self.env["cement.connector.attempt"]
        backend = self.env["cement.connector.backend"]
        address = call.address or "-"
        if attempts._is_blocked(address):
            return backend, self._refuse("слишком много неудачных попыток, подождите")
        login, password = call.credentials or ("", "")
        backend = self._find_backend(call, login)
        kept = backend.secret_hash if backend else None
        known = secret.check_secret(password, kept)
        if not known or not tokens.is_same(login, backend.login):
            if call.credentials:
                attempts._count_failure(address)
            return backend.browse(), self._refuse("неверное имя или пароль")
        attempts._forget(address)
        token = self.env["cement.connector.session"]._open(backend, call.type, address)
        return backend, Reply(text=protocol.checkauth_answer(token))

    @api.model
    def _find_backend(self, call: Call, login: str):
        """Return the backend of the address, else of the login; none is fine too."""
        domain = [("state", "=", "enabled")]
        if call.address_token:
            domain.append(("token", "=", call.address_token))
        else:
            domain.append(("login", "=", login))
        return self.env["cement.connector.backend"].search(domain, limit=1)

    @api.model
    def _refuse(self, text: str) -> Reply:
        return Reply(
            text=protocol.failure(text),
            status=401,
            headers={"WWW-Authenticate": 'Basic realm="1C"'},
        )

    # === Steps ===

    @api.model
    def _get_steps(self) -> dict[tuple[str, str], str]:
        """Return the methods of the steps by type and mode; addons extend it."""
        steps = {("sale", "query"): "_step_query", ("sale", "success"): "_step_success"}
        for kind in KINDS:
            steps[kind, "init"] = "_step_init"
            steps[kind, "file"] = "_step_file"
            steps[kind, "import"] = "_step_import"
        # the Bitrix module ends a full export with these; nothing is ever removed
        steps["catalog", "deactivate"] = "_step_nothing"
        steps["catalog", "complete"] = "_step_nothing"
        return steps

    @api.model
    def _dispatch(self, call: Call, session) -> Reply:
        if not session:
            raise DoorError("сеанс не найден или истёк: начните с checkauth")
        step = self._get_steps().get((call.type, call.mode))
        if not step:
            raise DoorError(f"неизвестный запрос {call.title}")
        return getattr(self, step)(call, session)

    @api.model
    def _step_init(self, call: Call, session) -> Reply:
        """Tell the limits; what was sent and not processed in this session is void."""
        session.record_ids.filtered(
            lambda record: record.state == "receiving"
        ).state = "superseded"
        return Reply(
            text=protocol.init_answer(
                file_limit=session.backend_id.file_limit * MEGABYTE,
                token=call.session_token,
                version=call.version if protocol.version_tuple(call.version) else "",
            )
        )

    @api.model
    def _step_file(self, call: Call, session) -> Reply:
        """Take a fragment of a file."""
        name = protocol.sanitise_filename(call.filename)
        if call.type == "catalog" and not session.backend_id.import_catalog:
            raise DoorError("приём товаров выключен в настройках портала")
        if name.lower().endswith(_PASSED_BY):
            return Reply(text=protocol.success())  # pictures are not kept
        record = self.env["cement.exchange.record"]._receive(
            session, call.type, name, call.body.take()
        )
        # nodes that do not wait for the import never ask for it
        delay = 0 if record.is_complete else session.backend_id.import_delay
        session._enqueue(delay)
        return Reply(text=protocol.success())

    @api.model
    def _step_import(self, call: Call, session) -> Reply:
        """Process a file, as far as it goes in one answer."""
        name = protocol.sanitise_filename(call.filename)
        return Reply(
            text=self.env["cement.exchange.record"]._answer_import(session, name)
        )

    @api.model
    def _step_query(self, call: Call, session) -> Reply:
        """Give the orders."""
        return self.env["cement.connector.offer"]._answer_query(session)

    @api.model
    def _step_success(self, call: Call, session) -> Reply:
        """1C has taken what the last query of this session gave."""
        self.env["cement.connector.offer"]._confirm_session(session)
        return Reply(text=protocol.success())

    @api.model
    def _step_nothing(self, call: Call, session) -> Reply:
        return Reply(text=protocol.success())
