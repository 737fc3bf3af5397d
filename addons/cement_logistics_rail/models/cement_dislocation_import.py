# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import gc
import hashlib
import logging
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import codes, guards, moscow, reader
from .report_words import DIALECTS

_logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
DISPATCHER = "cement_base.group_dispatcher"
_LOCK = "cement.dislocation.import"
_TRIES_MAX = 20
_KEEP_PAUSES = (0.1, 0.3, 1.0)  # seconds


class CementDislocationImport(models.Model):
    """A dislocation report with all that became of it.

    Whatever comes is kept: taken, refused with the reason, or known already.
    """

    _name = "cement.dislocation.import"
    _description = "Dislocation report"
    _inherit = ["cement.private.thread", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Content", readonly=True, ondelete="set null"
    )
    digest = fields.Char(string="Checksum (SHA-256)", readonly=True, index=True)
    external_key = fields.Char(
        readonly=True,
        help="Names the message of the source: the same one is not taken twice.",
    )
    size = fields.Integer(string="Bytes", readonly=True)
    source_id = fields.Many2one(
        "cement.dislocation.source",
        string="Source",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    formed_at = fields.Datetime(
        string="Data of",
        readonly=True,
        help="Moment the report is about, by its own words; else the newest operation.",
    )
    received_at = fields.Datetime(
        string="Received", readonly=True, default=fields.Datetime.now
    )
    accepted_at = fields.Datetime(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Brought by",
        readonly=True,
        default=lambda self: self.env.uid,
    )
    dialect = fields.Selection(DIALECTS, string="Kind of report", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Waits"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("duplicate", "Known already"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    reason_code = fields.Char(readonly=True)
    reason = fields.Text(string="Why refused", readonly=True)
    warning = fields.Text(string="Remarks", readonly=True)
    can_accept = fields.Boolean(
        compute="_compute_can_accept",
        help="Refused by a check that a person may overrule; a file that cannot be "
        "read stays refused.",
    )
    is_overrulable = fields.Boolean(readonly=True)
    accept_reason = fields.Char(string="Accepted nevertheless because", readonly=True)
    accepted_by_id = fields.Many2one("res.users", readonly=True)
    original_id = fields.Many2one(
        "cement.dislocation.import",
        string="Same content as",
        readonly=True,
        ondelete="set null",
    )
    tries = fields.Integer(readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    new_count = fields.Integer(string="New trips", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    operation_count = fields.Integer(string="New operations", readonly=True)
    refused_count = fields.Integer(string="Rows not taken", readonly=True)
    lost_count = fields.Integer(string="Wagons gone", readonly=True)
    matched_count = fields.Integer(string="Tied to shipments", readonly=True)
    seconds = fields.Float(digits=(16, 2), readonly=True)
    matched_headings = fields.Text(string="Columns read", readonly=True)
    unknown_headings = fields.Text(string="Unknown columns", readonly=True)
    row_ids = fields.One2many(
        "cement.dislocation.row", "import_id", string="Remarks on rows", readonly=True
    )

    _accepted_digest_uniq = models.UniqueIndex(
        "(digest) WHERE state = 'accepted'", "This report has been accepted already."
    )
    _external_key_uniq = models.UniqueIndex(
        "(external_key) WHERE external_key IS NOT NULL"
    )
    _accepted_idx = models.Index("(formed_at DESC) WHERE state = 'accepted'")

    @api.depends("state", "is_overrulable")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        allowed = self.env.user.has_group(DISPATCHER)
        for record in self:
            record.can_accept = (
                allowed and record.is_overrulable and record.state == "refused"
            )

    # === Receiving ===

    @api.model
    def _receive(self, data, filename, source=None, external_key=None, is_now=True):
        """Take a report in, whatever it is.

        :param bytes data: the file as it came.
        :param external_key: names the message at the source; the same message
            gives the same record again.
        :param is_now: whether to read it at once; else the job reads it that takes
            in what waits.
        :return: the record; its state says what became of the file. A file with
            the content of an accepted one becomes a record ``duplicate``.
        """
        self = self._with_language()
        if external_key:
            known = self.search([("external_key", "=", external_key)], limit=1)
            if known:
                return known
        limit = self.env["cement.rail.settings"]._get().file_max * MEGABYTE
        digest = hashlib.sha256(data).hexdigest()
        record = self.create(
            {
                "name": filename or self.env._("Report"),
                "digest": digest,
                "external_key": external_key,
                "size": len(data),
                "source_id": source.id if source else False,
            }
        )
        if len(data) > limit:
            # bigger files are not kept: a hundred of them would fill the disk
            record._refuse_unread("too_big", limit_mb=limit // MEGABYTE)
            return record
        record._keep(data)
        if is_now and record._lock():
            record._process(data)
            return record
        if is_now:
            record.warning = self.env._(
                "Another report is being taken in; this one is next, within a minute."
            )
        self.env.ref("cement_logistics_rail.ir_cron_dislocation_waiting")._trigger()
        return record

    def _keep(self, data: bytes):
        vals = {
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "raw": data,
            # not its real kind: Odoo would look into the text for a search index
            "mimetype": "application/octet-stream",
        }
        for pause in _KEEP_PAUSES:
            try:
                with self.env.cr.savepoint():
                    self.attachment_id = self.env["ir.attachment"].create(vals)
                return
            except UserError:
                # another process is just writing the very same file
                time.sleep(pause)
        self.attachment_id = self.env["ir.attachment"].create(vals)

    def _lock(self) -> bool:
        """Whether no other transaction takes in a report at this moment."""
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK]
        )
        return self.env.cr.fetchone()[0]

    def _process(self, data: bytes, overruled: bool = False):
        """Read, check and write, or refuse: nothing is written by halves.

        :param overruled: a person has accepted what the checks refuse.
        """
        self.ensure_one()
        begun = time.monotonic()
        self = self._with_language()
        original = self.search(
            [
                ("digest", "=", self.digest),
                ("state", "=", "accepted"),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if original:
            self.write({"state": "duplicate", "original_id": original.id})
            return
        try:
            with self.env.cr.savepoint(), _without_collection():
                self._read_and_apply(data, overruled)
        except reader.ReportError as error:
            self._refuse_unread(error.code, **error.params)
        except (psycopg2.IntegrityError, TransactionRollbackError):
            # another transaction has written what this one, begun before, does not
            # see: it is read again in a transaction of its own
            self.env.invalidate_all(flush=False)
            self._wait()
        except psycopg2.OperationalError:
            raise
        except Exception:
            _logger.exception("Dislocation report %s", self.id)
            self.env.invalidate_all(flush=False)
            self._refuse_unread("internal")
        self.seconds = time.monotonic() - begun

    def _wait(self):
        """Leave the report to the job that takes in what waits, a few times."""
        self.tries += 1
        if self.tries > _TRIES_MAX:
            _logger.error("Dislocation report %s meets itself again", self.id)
            self._refuse_unread("internal")
            return
        self.write(
            {
                "state": "draft",
                "warning": self.env._(
                    "Another report is being taken in; this one is next, within a "
                    "minute."
                ),
            }
        )
        self.env.ref("cement_logistics_rail.ir_cron_dislocation_waiting")._trigger()

    def _with_language(self):
        """Speak to the dispatcher in reports that no person has brought in."""
        if self.env.uid != SUPERUSER_ID:
            return self
        dispatcher = self.env["cement.wagon.trip"]._get_dispatcher()
        return self.with_context(lang=dispatcher.lang or self.env.lang)

    def _read_and_apply(self, data: bytes, overruled: bool, outline=None):
        """Read the report, check it and write what it says.

        :param outline: what is known of the file already, see ``reader.outline``.
        """
        settings = self.env["cement.rail.settings"]._get()
        book = reader.open_report(
            data,
            filename=self.name,
            headings=self.env["cement.report.heading"]._get_heading_map(),
            limits=reader.Limits(max_bytes=settings.file_max * MEGABYTE),
            outlined=outline,
        )
        present = self._load_present()
        known = {digest: wagon for wagon, digest in present.items()}
        now = moscow.from_utc(fields.Datetime.now())
        rows = book.parse(known, now)
        guards.refuse_future(
            rows,
            # what stands above a history may be the first day of its period
            book.formed_at if book.kind != guards.HISTORY else None,
            now,
            settings.future_hours,
        )
        guards.note_contradictions(rows)
        # a row that cannot be taken still tells that its wagon is not lost
        wagons = {row.wagon for row in rows if row.wagon}
        wagons.update(known[digest] for digest in book.unchanged)
        self._describe(book)
        active = self._get_active_wagons()
        refusals = self._check(book, rows, wagons, active, settings)
        hard = [refusal for refusal in refusals if refusal.hard]
        if hard and not overruled:
            self._refuse(hard)
            return
        # arrived wagons that are absent already: they may have been unloaded
        active |= self._get_absent_wagons()
        self._apply(book, rows, wagons, active, settings)
        self._accept_with(refusals, overruled)

    def _accept_with(self, refusals, overruled):
        remarks = [self._describe_refusal(refusal) for refusal in refusals]
        self.write(
            {
                "state": "accepted",
                "accepted_at": fields.Datetime.now(),
                "warning": "\n".join(remarks) or False,
            }
        )

    @api.model
    def _load_present(self) -> dict[str, bytes]:
        """Return the digest of the last row of each wagon."""
        self.env["cement.wagon.trip"].flush_model(["row_digest", "is_current"])
        self.env.cr.execute(
            """
            SELECT wagon_number, row_digest FROM cement_wagon_trip
             WHERE is_current IS TRUE AND row_digest IS NOT NULL
            """
        )
        return {
            number: bytes.fromhex(digest) for number, digest in self.env.cr.fetchall()
        }

    def _describe(self, book):
        """Note what the reader understood of the file."""
        unknown = book.unknown_headings
        meaning = self.env["cement.report.heading"]._get_meanings()
        self.write(
            {
                "dialect": book.dialect,
                "formed_at": moscow.to_utc(book.formed_at),
                "row_count": len(book.lines),
                "matched_headings": "\n".join(
                    f"{column.heading}: {meaning.get(column.field, column.field)}"
                    for column in book.columns
                ),
                "unknown_headings": "\n".join(unknown) or False,
            }
        )

    # === Checks ===

    def _check(self, book, rows, wagons, active, settings) -> list:
        """Return what speaks against the report, before anything is touched.

        :param wagons: those of the report.
        :param active: those under way that the source reported before.
        """
        times = [row.operation_time for row in rows if row.operation_time]
        last = self._get_last_accepted()
        facts = guards.Facts(
            formed_at=book.formed_at,
            newest_operation=max(times, default=None),
            now=moscow.from_utc(fields.Datetime.now()),
            wagons=wagons,
            previous_wagons=active if book.kind == "snapshot" else set(),
            last_formed_at=moscow.from_utc(last.formed_at),
            consignees={
                row.consignee_okpo: row.consignee_name or ""
                for row in rows
                if row.usable and row.consignee_okpo
            },
            known_consignees=self._get_known_consignees(settings),
            kind=book.kind,
        )
        if not self.formed_at:
            self.formed_at = moscow.to_utc(facts.newest_operation)
        rules = guards.Rules(
            max_loss=settings.loss_percent / 100,
            future_minutes=settings.future_hours * 60,
        )
        return guards.check(facts, rules)

    def _get_last_accepted(self):
        return self.search(
            [
                ("state", "=", "accepted"),
                ("source_id", "=", self.source_id.id),
                ("formed_at", "!=", False),
            ],
            order="formed_at desc",
            limit=1,
        )

    def _get_active_wagons(self) -> set[str]:
        """Return the wagons under way that this source reported before."""
        return self._get_wagons(SQL("lost_since IS NULL"))

    def _get_absent_wagons(self) -> set[str]:
        """Return the arrived wagons of this source that its last report did not
        name."""
        return self._get_wagons(SQL("lost_since IS NOT NULL AND state = 'arrived'"))

    def _get_wagons(self, condition: SQL) -> set[str]:
        """Return the wagons with an open trip of this source that fits."""
        self.env["cement.wagon.trip"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT wagon_number FROM cement_wagon_trip
                 WHERE is_current IS TRUE AND is_open IS TRUE AND %s
                   AND source_id IS NOT DISTINCT FROM %s
                """,
                condition,
                self.source_id.id or None,
            )
        )
        return {number for (number,) in self.env.cr.fetchall()}

    @api.model
    def _get_known_consignees(self, settings) -> set[str]:
        """Return the OKPO of all partners; empty means that none is checked."""
        if not settings.check_consignees:
            return set()
        partners = self.env["res.partner"].search_fetch(
            [("okpo", "not in", (False, ""))], ["okpo"]
        )
        return {codes.okpo_key(partner.okpo) for partner in partners}

    def _refuse(self, refusals):
        self.write(
            {
                "state": "refused",
                "is_overrulable": True,
                "reason_code": refusals[0].code,
                "reason": "\n".join(self._describe_refusal(item) for item in refusals),
            }
        )

    def _refuse_unread(self, code, **params):
        """Refuse a file that cannot be read: nobody can accept it as it is."""
        self.write(
            {
                "state": "refused",
                "is_overrulable": False,
                "reason_code": code,
                "reason": self._describe_unread(code, params),
            }
        )

    @api.model
    def _describe_refusal(self, refusal) -> str:
        """Return in words what a check found."""
        params = dict(refusal.params)
        texts = {
            "older_than_last": self.env._(
                "The report (%(formed)s) is older than the last accepted one of its "
                "source (%(last)s).",
                formed=_moscow_text(params.get("formed_at")),
                last=_moscow_text(params.get("last_formed_at")),
            ),
            "rows_lost": self.env._(
                "%(lost)s of %(before)s wagons under way are missing (%(percent)s %%): "
                "this is probably half a file.",
                lost=params.get("lost"),
                before=params.get("before"),
                percent=round(params.get("percent") or 0),
            ),
            "unknown_consignee": self.env._(
                "Unknown consignee, OKPO %(okpo)s %(name)s: perhaps the file of "
                "another firm. If it is yours, enter the OKPO at the partner.",
                okpo=_join(params.get("okpo")),
                name=_join(params.get("names")),
            ),
            "stale": self.env._(
                "The report was formed long ago: %(formed)s Moscow time.",
                formed=_moscow_text(params.get("formed_at")),
            ),
            "too_soon": self.env._(
                "The report before it of the same source is of %(last)s, this one of "
                "%(formed)s Moscow time: minutes lie between them.",
                formed=_moscow_text(params.get("formed_at")),
                last=_moscow_text(params.get("last_formed_at")),
            ),
            "from_future": self.env._(
                "The report is dated in the future: %(formed)s Moscow time.",
                formed=_moscow_text(params.get("formed_at")),
            ),
        }
        return texts.get(refusal.code) or refusal.code

    @api.model
    def _describe_unread(self, code, params) -> str:
        """Return in words why a file cannot be read."""
        texts = {
            "too_big": self.env._(
                "The file is bigger than %(limit)s MB and was not read.",
                limit=params.get("limit_mb"),
            ),
            "empty": self.env._("The file is empty."),
            "not_a_report": self.env._(
                "This is no table: an xlsx, xls, csv or JSON file is expected."
            ),
            "bomb": self.env._(
                "Unpacked, the file is far too big. It was not read further."
            ),
            "too_many_rows": self.env._(
                "The table has more than %(limit)s rows.", limit=params.get("limit")
            ),
            "too_many_columns": self.env._(
                "The table has more than %(limit)s columns.", limit=params.get("limit")
            ),
            "too_deep": self.env._("The JSON is nested too deeply."),
            "encrypted": self.env._("The file is protected by a password."),
            "broken": self.env._("The file is damaged or cut off."),
            "no_wagon_heading": self.env._(
                "No column with wagon numbers was found. Columns seen: %(headings)s",
                headings=_join((params.get("found") or [])[:20]) or "-",
            ),
            "no_rows": self.env._("There are headings, but not one row below them."),
            "too_slow": self.env._("Reading took too long and was given up."),
            "internal": self.env._(
                "An error in the program: nothing was taken over. The administrator "
                "finds the details in the server's log."
            ),
        }
        return texts.get(code) or code

    # === Actions of people ===

    def action_accept(self):
        """Open the dialog that asks why a refused report is accepted."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept nevertheless"),
            "res_model": "cement.dislocation.accept",
            "view_mode": "form",
            "target": "new",
            "context": {"default_import_id": self.id},
        }

    def _accept(self, reason: str):
        """Take in a report that the checks refused, on a person's word.

        :raises AccessError: the person is no dispatcher.
        :raises UserError: without a reason, or when the file cannot be read.
        """
        self.ensure_one()
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(
                self.env._("Only a dispatcher may accept a refused report.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the report is right."))
        if not self.can_accept:
            raise UserError(self.env._("This report cannot be accepted as it is."))
        if not self._lock():
            raise UserError(
                self.env._("Another report is being taken in. Try in a minute.")
            )
        # sudo: records of reports are written by this model only, never by hand
        record_sudo = self.sudo()
        record_sudo.write(
            {
                "accept_reason": reason.strip(),
                "accepted_by_id": self.env.uid,
                "reason_code": False,
            }
        )
        record_sudo._process(record_sudo.attachment_id.raw or b"", overruled=True)

    def action_retry(self):
        """Read a refused file again: headings or settings have been mended."""
        self.ensure_one()
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only a dispatcher may read a report again."))
        if self.state != "refused" or not self.attachment_id:
            raise UserError(self.env._("Only a kept, refused report is read again."))
        if not self._lock():
            raise UserError(
                self.env._("Another report is being taken in. Try in a minute.")
            )
        # sudo: records of reports are written by this model only, never by hand
        record_sudo = self.sudo()
        record_sudo.write({"state": "draft", "reason": False, "reason_code": False})
        record_sudo._process(record_sudo.attachment_id.raw or b"")

    @api.model
    def _cron_process_waiting(self):
        """Take in the reports that came while another was at work, oldest first."""
        waiting = self.search([("state", "=", "draft")], order="id", limit=20)
        for record in waiting:
            if not record._lock():
                break
            record._process_waiting()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _process_waiting(self):
        """Take in a report that waited for another one."""
        self.ensure_one()
        self.warning = False
        self._process(self.attachment_id.raw or b"", bool(self.accept_reason))

    def _get_cells(self, number: int) -> dict[str, str]:
        """Return the cells of a row by heading, read from the kept file."""
        if not self or not number:
            return {}
        self.check_access("read")
        # sudo: the file of a report that the person may read
        data = self.sudo().attachment_id.raw
        if not data:
            return {}
        try:
            book = reader.open_report(
                data,
                filename=self.name,
                headings=self.env["cement.report.heading"]._get_heading_map(),
                limits=reader.Limits(),
            )
        except reader.ReportError:
            return {}
        return {
            heading: str(cell)
            for heading, cell in (book.raw(number) or {}).items()
            if cell not in (None, "")
        }

    # === Age of the data ===

    @api.model
    def _get_slice(self) -> dict:
        """Return how old the present state of the wagons is.

        :return: ``formed_at`` (UTC or none) of the newest accepted report and
            whether it is stale.
        """
        # sudo: pages of partners show the moment and nothing else of the report
        last = self.sudo().search(
            [("state", "=", "accepted"), ("formed_at", "!=", False)],
            order="formed_at desc",
            limit=1,
        )
        settings = self.env["cement.rail.settings"]._get()
        limit = fields.Datetime.now() - timedelta(hours=settings.stale_hours)
        return {
            "formed_at": last.formed_at,
            "is_stale": bool(last) and last.formed_at < limit,
        }


@contextmanager
def _without_collection():
    """Keep Python from looking for cycles among the hundred thousands of cells and
    rows of a report, over and over while they grow: there are none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _join(values) -> str:
    if isinstance(values, str):
        return values
    return ", ".join(str(value) for value in values or ())


def _moscow_text(moment) -> str:
    return f"{moment:%d.%m.%Y %H:%M}" if moment else ""
