# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import hashlib
import io
import logging
import shutil
import tempfile
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError
from odoo.fields import Domain

from ..tools import protocol
from ..tools.archive import ArchiveError, ArchiveLimits, is_zip, iter_members
from ..tools.commerceml.decode import ROOT
from ..tools.commerceml.reader import Limits, ReadError, read
from ..tools.door import DoorError
from .cement_connector_backend import MEGABYTE

_logger = logging.getLogger(__name__)

MANAGER = "cement_connector_1c.group_exchange_manager"
BREATH = 1  # seconds between two answers that say «not yet»
CHUNK = 50  # elements between two looks at the clock
LINES_MAX = 2000  # rows kept of one file; counters go on
JOIN_MAX = 64 * MEGABYTE
REMARKS_MAX = 5
FILES_MAX = 2000  # in one session
OVER = ("done", "partial", "failed", "ignored", "superseded")
_END_TAGS = tuple(f"{ROOT}>".encode(codec) for codec in ("utf-8", "windows-1251"))


class CementExchangeRecord(models.Model):
    """One message between the portal and 1C with all that became of it.

    Coming in: a file, sent in fragments, processed element by element; it remembers
    how far it got, so a big one is taken in several steps. Going out: a batch of
    orders, done when 1C says ``success``.
    """

    _name = "cement.exchange.record"
    _description = "Exchange with 1C"
    _order = "id desc"

    backend_id = fields.Many2one(
        "cement.connector.backend", required=True, index=True, ondelete="restrict"
    )
    session_id = fields.Many2one(
        "cement.connector.session", index="btree_not_null", ondelete="set null"
    )
    direction = fields.Selection([("in", "From 1C"), ("out", "To 1C")], required=True)
    kind = fields.Selection([("sale", "Orders"), ("catalog", "Goods")], required=True)
    name = fields.Char(string="File", required=True)
    external_key = fields.Char(
        required=True,
        readonly=True,
        help="Names the message once and for all: the same one is not taken twice.",
    )
    state = fields.Selection(
        [
            ("receiving", "Being received"),
            ("processing", "Being processed"),
            ("offered", "Offered"),
            ("done", "Done"),
            ("partial", "Done with errors"),
            ("failed", "Failed"),
            ("superseded", "Not confirmed"),
            ("ignored", "Not needed"),
        ],
        required=True,
        default="receiving",
        index=True,
    )
    tries = fields.Integer(readonly=True)
    position = fields.Integer(
        string="Elements read", readonly=True, help="Where the next step goes on."
    )
    size = fields.Integer(string="Bytes", readonly=True)
    checksum = fields.Char(string="Checksum (SHA-256)", readonly=True)
    message = fields.Text(string="Result", readonly=True)
    fragment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Content",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
    )
    last_fragment_at = fields.Datetime(readonly=True)
    is_complete = fields.Boolean(readonly=True, help="The root element is closed.")
    started_at = fields.Datetime(string="Processing began", readonly=True)
    finished_at = fields.Datetime(readonly=True)
    created_count = fields.Integer(string="Created", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    skipped_count = fields.Integer(string="Left out", readonly=True)
    warning_count = fields.Integer(string="Warnings", readonly=True)
    failed_count = fields.Integer(string="Errors", readonly=True)
    line_ids = fields.One2many("cement.exchange.line", "record_id", readonly=True)

    _external_key_uniq = models.UniqueIndex("(backend_id, external_key)")

    # === Receiving ===

    @api.model
    def _receive(self, session, kind: str, name: str, data: bytes):
        """Append a fragment to the file of this name in this session.

        Fragments are stored apart and inside the transaction: a request that is tried
        again after a conflict does not append twice, and every node of the portal
        sees them.

        :raises DoorError: too big or too many
        """
        record = session._find_record(name)
        if not record or record.state != "receiving":
            # processed in this session already: 1C sends the file anew
            if len(session.record_ids) >= FILES_MAX:
                raise DoorError("слишком много файлов в одном сеансе")
            record = self.create(self._prepare_received_vals(session, kind, name))
        backend = session.backend_id
        if record.size + len(data) > backend.file_max * MEGABYTE:
            raise DoorError(
                f"файл больше {backend.file_max} МБ: уменьшите порцию выгрузки"
            )
        index = len(record.fragment_ids) + 1
        if data:
            self.env["ir.attachment"].create(
                {
                    "name": f"{name}.{index:05d}",
                    "res_model": self._name,
                    "res_id": record.id,
                    "raw": data,
                    "mimetype": "application/octet-stream",
                }
            )
            record.invalidate_recordset(["fragment_ids"])
        tail = record._read_tail(data)
        record.write(
            {
                "size": record.size + len(data),
                "last_fragment_at": fields.Datetime.now(),
                "is_complete": tail.rstrip().endswith(_END_TAGS),
            }
        )
        return record

    @api.model
    def _prepare_received_vals(self, session, kind: str, name: str) -> dict:
        known = self.search_count(
            [("session_id", "=", session.id), ("name", "=", name)]
        )
        suffix = f":{known}" if known else ""
        return {
            "backend_id": session.backend_id.id,
            "session_id": session.id,
            "direction": "in",
            "kind": kind,
            "name": name,
            "external_key": f"in:{session.id}:{name}{suffix}",
            "last_fragment_at": fields.Datetime.now(),
        }

    def _read_tail(self, data: bytes) -> bytes:
        """Return the last bytes of the file, across its last two fragments."""
        if len(data) >= 100 or len(self.fragment_ids) < 2:
            return data[-100:]
        before = self.fragment_ids.sorted("id")[-2]
        return (before.raw or b"")[-100:] + data

    def _is_over(self) -> bool:
        self.ensure_one()
        return self.state in OVER

    def _is_ready(self) -> bool:
        """Tell whether the file may be processed without being asked to."""
        self.ensure_one()
        if self.state == "processing":
            return True
        if self.state != "receiving":
            return False
        delay = timedelta(seconds=self.backend_id.import_delay)
        rested = self.last_fragment_at + delay <= fields.Datetime.now()
        return self.is_complete or rested

    @api.model
    def _get_unfinished_domain(self) -> Domain:
        """Return the domain of files that nobody works on for some minutes."""
        limit = fields.Datetime.now() - timedelta(minutes=3)
        return (
            Domain("direction", "=", "in")
            & Domain("state", "in", ("receiving", "processing"))
            & Domain("last_fragment_at", "<", limit)
            & Domain("write_date", "<", limit)
        )

    # === Being asked ===

    @api.model
    def _answer_import(self, session, name: str) -> str:
        """Return the answer to ``mode=import``: work a while, then say how far.

        :raises DoorError: the file was never sent
        """
        record = session._find_record(name)
        if not record:
            record = self._unpack_for(session, name)
        if not record:
            raise DoorError(f"файл {name} не передавался в этом сеансе")
        if not record._is_over():
            begun = time.monotonic()
            over = record._process_step(session.backend_id.import_seconds)
            if not over and time.monotonic() - begun < BREATH:
                # a job is at work: 1C would ask again without a pause
                time.sleep(BREATH)
        return record._get_answer()

    def _get_answer(self) -> str:
        self.ensure_one()
        if self.state == "failed":
            return protocol.failure(self.message or "")
        if not self._is_over():
            return protocol.progress(f"обработано элементов: {self.position}")
        if self.state != "partial":
            return protocol.success()
        remarks = [
            f"{line.name or line.guid or line.number}: {line.message}"
            for line in self.line_ids.filtered(lambda row: row.state == "failed")
        ]
        head = f"принято с ошибками: {self.failed_count}"
        return protocol.success(head, *remarks[:REMARKS_MAX])

    @api.model
    def _unpack_for(self, session, name: str):
        """Unpack the archives of the session, when 1C packed in spite of zip=no.

        :return: the file of this name, or none
        """
        archives = session.record_ids.filtered(
            lambda record: record.state == "receiving" and record._is_archive()
        )
        for archive in archives:
            archive._unpack()
        return session._find_record(name)

    def _is_archive(self) -> bool:
        self.ensure_one()
        first = self.fragment_ids.sorted("id")[:1]
        return bool(first) and is_zip((first.raw or b"")[:2])

    def _unpack(self):
        """Make a file of each member of this archive.

        :raises DoorError: broken, or hostile
        """
        self.ensure_one()
        limits = ArchiveLimits(total_bytes=self.backend_id.file_max * MEGABYTE)
        try:
            # an archive is read from its end, fragments only from their beginning
            with tempfile.TemporaryFile() as whole:
                shutil.copyfileobj(self._open_content(), whole, MEGABYTE)
                for name, stream in iter_members(whole, limits):
                    if not name.lower().endswith(".xml"):
                        continue
                    while data := stream.read(8 * MEGABYTE):
                        self._receive(self.session_id, self.kind, name, data)
        except ArchiveError as error:
            raise DoorError(f"архив не принят: {error}") from error
        self.write({"state": "ignored", "message": self.env._("Unpacked.")})

    # === Processing ===

    def _open_content(self) -> io.BufferedReader:
        """Return the whole file as one stream, whatever it was cut into."""
        self.ensure_one()
        return io.BufferedReader(_Chain(self.fragment_ids.sorted("id")))

    def _process_step(self, seconds: float) -> bool:
        """Process elements for about so long; tell whether the file is over.

        Whoever comes while another is at work leaves at once: the answer is the
        same ``progress``.
        """
        self.ensure_one()
        try:
            self.lock_for_update()
        except LockError:
            return False
        if self._is_over():
            return True
        if self._is_archive():
            self._unpack()
            return True
        backend = self.backend_id
        record = self.with_company(backend.company_id)
        record = record.with_context(
            lang=backend._get_language(), cement_no_export=True, mail_create_nolog=True
        )
        record._begin()
        try:
            over = record._process_elements(seconds)
        except ReadError as error:
            _logger.info("1C exchange: %s: %s", self.name, error)
            record._fail(record._describe_error(error))
            return True
        if over:
            record._finish()
        return over

    def _begin(self):
        vals = {"state": "processing"}
        if not self.started_at:
            digest = hashlib.sha256()
            stream = self._open_content()
            while data := stream.read(MEGABYTE):
                digest.update(data)
            vals.update(
                started_at=fields.Datetime.now(),
                checksum=digest.hexdigest(),
                tries=self.tries + 1,
            )
        self.write(vals)

    def _process_elements(self, seconds: float) -> bool:
        importer = self.env["cement.connector.importer"]
        context = importer._get_context(self)
        limits = Limits(total_bytes=self.backend_id.file_max * MEGABYTE)
        chunk: list = []
        number = done = self.position
        deadline = None
        elements = read(self._open_content(), limits, skip=done)
        for number, element in enumerate(elements, start=1):
            # sections and price types say how to read what follows, so they are
            # looked at again in every step
            importer._observe(context, element)
            if number <= done:
                continue
            # the way back to where the last step stopped costs no time of this one
            deadline = deadline or time.monotonic() + seconds
            chunk.append((number, element))
            if len(chunk) >= CHUNK:
                importer._import_chunk(context, chunk)
                self.position = number
                chunk = []
                if time.monotonic() > deadline:
                    return False
        importer._import_chunk(context, chunk)
        self.position = number
        importer._close(context)
        return True

    def _add_counts(self, counts: dict[str, int]):
        """Add to the counters, in one write."""
        self.write(
            {
                f"{state}_count": self[f"{state}_count"] + amount
                for state, amount in counts.items()
            }
        )

    def _finish(self):
        state = "partial" if self.failed_count else "done"
        self.write({"state": state, "finished_at": fields.Datetime.now()})
        self._join_content()
        if self.failed_count:
            self.backend_id._warn(
                self.env._("Rows of 1C that could not be taken"),
                self.env._(
                    "File %(file)s: %(count)s rows failed. See the exchange log.",
                    file=self.name,
                    count=self.failed_count,
                ),
            )

    @api.model
    def _describe_error(self, error: ReadError) -> str:
        """Return in words why a file cannot be read; 1C gets it as the answer."""
        texts = {
            "empty": self.env._("The file is empty."),
            "not_commerceml": self.env._("This is not a CommerceML file."),
            "encoding": self.env._("The file is damaged: its encoding breaks off."),
            "broken": self.env._("The file is damaged: the XML is not complete."),
            "doctype": self.env._("A document type declaration is not accepted."),
        }
        too_much = self.env._("The file is larger or deeper than is accepted.")
        return texts.get(error.code, too_much)

    def _fail(self, message: str):
        self.write(
            {
                "state": "failed",
                "message": message,
                "finished_at": fields.Datetime.now(),
            }
        )
        self.backend_id._warn(
            self.env._("A file of 1C could not be read"), f"{self.name}: {message}"
        )

    def _join_content(self):
        """Make one attachment of the fragments, so that a person can open it."""
        fragments = self.fragment_ids.sorted("id")
        if len(fragments) == 1:
            fragments.name = self.name
        elif len(fragments) > 1 and self.size <= JOIN_MAX:
            data = self._open_content().read()
            fragments.unlink()
            self.env["ir.attachment"].create(
                {
                    "name": self.name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "raw": data,
                    "mimetype": "application/xml",
                }
            )
        self.invalidate_recordset(["fragment_ids"])

    def action_process_again(self):
        """Process the file from its beginning; what is right already stays."""
        self._check_manager()
        # sudo: nobody writes exchanges by hand, the right was checked above
        for record in self.sudo().filtered(
            lambda r: r.direction == "in" and r.fragment_ids
        ):
            record.line_ids.unlink()
            record.write(
                {
                    "state": "receiving",
                    "position": 0,
                    "started_at": False,
                    "finished_at": False,
                    "message": False,
                    **dict.fromkeys(
                        (
                            "created_count",
                            "updated_count",
                            "unchanged_count",
                            "skipped_count",
                            "warning_count",
                            "failed_count",
                        ),
                        0,
                    ),
                }
            )
            record._process_step(seconds=30)

    @api.model
    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only those who set the exchange up may do this.")
            )

    # === Orders that were offered ===

    @api.model
    def _create_offered(self, session, body: bytes, count: int):
        """Keep what a query answered."""
        number = self.search_count([("session_id", "=", session.id)]) + 1
        name = f"orders-{session.id}-{number}.xml"
        record = self.create(
            {
                "backend_id": session.backend_id.id,
                "session_id": session.id,
                "direction": "out",
                "kind": "sale",
                "name": name,
                "external_key": f"out:{session.id}:{number}",
                "state": "offered",
                "tries": 1,
                "size": len(body),
                "checksum": hashlib.sha256(body).hexdigest(),
                "position": count,
                "started_at": fields.Datetime.now(),
            }
        )
        self.env["ir.attachment"].create(
            {
                "name": name,
                "res_model": self._name,
                "res_id": record.id,
                "raw": body,
                "mimetype": "application/xml",
            }
        )
        return record

    @api.model
    def _supersede_offered(self, backend):
        """What was offered before and never confirmed is offered anew."""
        self.search(
            [
                ("backend_id", "=", backend.id),
                ("direction", "=", "out"),
                ("state", "=", "offered"),
                # a parallel session may still confirm its own
                ("create_date", "<", fields.Datetime.now() - timedelta(minutes=5)),
            ]
        ).state = "superseded"

    def _finish_offered(self):
        self.write({"state": "done", "finished_at": fields.Datetime.now()})

    # === Housekeeping ===

    @api.ondelete(at_uninstall=False)
    def _unlink_content(self):
        self.fragment_ids.unlink()

    @api.autovacuum
    def _gc_records(self):
        for backend in self.env["cement.connector.backend"]._get_keepers():
            limit = fields.Datetime.now() - timedelta(days=backend.keep_days)
            self.search(
                [
                    ("backend_id", "=", backend.id),
                    ("state", "in", OVER),
                    ("create_date", "<", limit),
                ],
                limit=500,
            ).unlink()


class _Chain(io.RawIOBase):
    """Attachments one after the other as a stream; one is open at a time."""

    def __init__(self, attachments) -> None:
        super().__init__()
        self._rest = list(attachments)
        self._current: io.IOBase | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer) -> int:
        while True:
            if self._current is None:
                if not self._rest:
                    return 0
                self._current = _open_attachment(self._rest.pop(0))
            data = self._current.read(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            self._current.close()
            self._current = None


def _open_attachment(attachment) -> io.IOBase:
    if attachment.store_fname:
        return open(attachment._full_path(attachment.store_fname), "rb")
    return io.BytesIO(attachment.raw or b"")
