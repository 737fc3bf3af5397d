# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cement_base.tools import tokens

from ..tools import secret

LIFE = timedelta(hours=24)


class CementConnectorSession(models.Model):
    """One conversation of 1C, from ``checkauth`` on.

    1C opens a session for each part of a run. Files and offered orders belong to the
    session, so a run that broke off leaves nothing the next one could trip over.
    """

    _name = "cement.connector.session"
    _description = "Session of 1C"
    _order = "id desc"

    backend_id = fields.Many2one(
        "cement.connector.backend", required=True, index=True, ondelete="cascade"
    )
    token_digest = fields.Char(required=True, groups="base.group_system")
    kind = fields.Char(string="Type")
    address = fields.Char()
    started_at = fields.Datetime(required=True, default=fields.Datetime.now)
    expires_at = fields.Datetime(required=True, index=True)
    record_ids = fields.One2many("cement.exchange.record", "session_id")
    reservation_ids = fields.One2many("cement.connector.reservation", "session_id")

    _token_uniq = models.UniqueIndex("(token_digest)")

    @api.depends("backend_id", "started_at")
    def _compute_display_name(self):
        for session in self:
            session.display_name = f"{session.backend_id.name} #{session.id}"

    @api.model
    def _open(self, backend, kind: str, address: str) -> str:
        """Create a session and return its token; only the digest is kept."""
        token = secret.new_token()
        self.create(
            {
                "backend_id": backend.id,
                "token_digest": tokens.digest(token),
                "kind": kind[:20],
                "address": address,
                "expires_at": fields.Datetime.now() + LIFE,
            }
        )
        return token

    @api.model
    def _find(self, token: str, address_token: str = ""):
        """Return the living session of a token, or none.

        The key in the address, when it is used, must be that of the same backend.
        """
        if not token:
            return self.browse()
        session = self.search(
            [
                ("token_digest", "=", tokens.digest(token)),
                ("expires_at", ">", fields.Datetime.now()),
                ("backend_id.state", "=", "enabled"),
                ("backend_id.active", "=", True),
            ]
        )
        if address_token and session:
            if not tokens.is_same(session.backend_id.token, address_token):
                return self.browse()
        return session

    # === Files ===

    def _find_record(self, name: str):
        """Return the newest file of this name in the session, or none."""
        self.ensure_one()
        return self.env["cement.exchange.record"].search(
            [
                ("session_id", "=", self.id),
                ("direction", "=", "in"),
                ("name", "=", name),
            ],
            order="id desc",
            limit=1,
        )

    def _get_unfinished(self):
        """Return the files that are complete or old enough to be processed."""
        return self.record_ids.filtered(
            lambda record: record.direction == "in" and record._is_ready()
        ).sorted("id")

    def _enqueue(self, delay: int = 0):
        """Process the files in the background, whether or not 1C asks for it."""
        for session in self:
            session.with_delay(
                eta=delay or None,
                channel="root.cement_1c",
                identity_key=f"cement_1c_session_{session.id}",
                description=self.env._(
                    "1C: files of session %(number)s", number=session.id
                ),
            )._job_process()

    def _job_process(self):
        """Process what is ready, a bounded piece at a time."""
        self.ensure_one()
        for record in self._get_unfinished():
            if not record._process_step(seconds=60):
                self._enqueue()
                return
        if self.record_ids.filtered(lambda r: r.direction == "in" and not r._is_over()):
            self._enqueue(self.backend_id.import_delay or 1)

    @api.model
    def _cron_process_leftovers(self):
        """Process files that nobody asked for and no job has taken."""
        records = self.env["cement.exchange.record"].search(
            self.env["cement.exchange.record"]._get_unfinished_domain(), order="id"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(records))
        for record in records:
            left = 1
            while record._is_ready() and not record._process_step(seconds=30):
                left = self.env["ir.cron"]._commit_progress()
                if not left:
                    break
            if not self.env["ir.cron"]._commit_progress(processed=1) or not left:
                break

    @api.autovacuum
    def _gc_sessions(self):
        limit = fields.Datetime.now() - LIFE
        old = self.search([("expires_at", "<", limit)], limit=1000)
        old.filtered(lambda session: not session._get_unfinished()).unlink()
