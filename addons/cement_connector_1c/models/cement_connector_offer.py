# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import uuid

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.batch import Candidate, plan_batch
from ..tools.commerceml.rules import validate_order
from ..tools.commerceml.writer import write_orders
from ..tools.door import Reply
from .cement_connector_binding import payload_hash


class CementConnectorOffer(models.Model):
    """An order on its way to 1C, one row an order.

    Two phases: ``query`` offers and reserves for the session, only ``success`` of
    that session confirms, and exactly what it was given. What is not confirmed is
    offered again. An order that 1C cannot take goes to quarantine, so that it does
    not hold the others back.
    """

    _name = "cement.connector.offer"
    _description = "Order for 1C"
    _order = "id"

    backend_id = fields.Many2one(
        "cement.connector.backend", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    guid = fields.Char(
        string="Identifier",
        required=True,
        default=lambda self: str(uuid.uuid4()),
        copy=False,
    )
    state = fields.Selection(
        [
            ("pending", "Waits"),
            ("offered", "Offered"),
            ("confirmed", "In 1C"),
            ("quarantine", "Put aside"),
            ("withdrawn", "Withdrawn"),
        ],
        default="pending",
        required=True,
    )
    batch_tries = fields.Integer(string="Offered together", readonly=True)
    single_tries = fields.Integer(string="Offered alone", readonly=True)
    offered_at = fields.Datetime(readonly=True)
    confirmed_at = fields.Datetime(string="Taken by 1C", readonly=True)
    payload_hash = fields.Char(readonly=True)
    is_changed = fields.Boolean(
        string="Changed since offered",
        readonly=True,
        help="The order was changed after it was offered, so it is offered once more.",
    )
    problems = fields.Text(string="Why put aside", readonly=True)
    reservation_ids = fields.One2many("cement.connector.reservation", "offer_id")

    _order_uniq = models.UniqueIndex("(order_id)", "This order is offered already.")
    _open_idx = models.Index("(backend_id, id) WHERE state IN ('pending', 'offered')")

    @api.depends("order_id")
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = offer.order_id.name

    # === Into the queue and out of it ===

    @api.model
    def _offer_orders(self, orders):
        """Queue orders for the backend of their company; twice is once."""
        # sudo: members and managers who confirm orders know nothing of the connector
        offers_sudo = self.sudo()
        known = offers_sudo.search([("order_id", "in", orders.ids)]).order_id
        vals_list = []
        for company, company_orders in (orders - known).grouped("company_id").items():
            backend = self.env["cement.connector.backend"]._get_for_company(company)
            if backend:
                vals_list += [
                    {"backend_id": backend.id, "order_id": order.id}
                    for order in company_orders
                ]
        return offers_sudo.create(vals_list)

    @api.model
    def _touch_orders(self, orders):
        """Queue orders again that were changed after they were handed over."""
        # sudo: as above
        offers_sudo = self.sudo().search([("order_id", "in", orders.ids)])
        if not offers_sudo:
            return
        offers_sudo.is_changed = True
        again = offers_sudo.filtered(
            lambda offer: offer.state in ("confirmed", "quarantine")
        )
        again._release()

    @api.model
    def _withdraw_orders(self, orders):
        """A cancelled order 1C never saw is not sent; one it saw is sent cancelled."""
        # sudo: as above
        offers_sudo = self.sudo().search([("order_id", "in", orders.ids)])
        unseen = offers_sudo.filtered(lambda offer: not offer.offered_at)
        unseen.state = "withdrawn"
        self._touch_orders((offers_sudo - unseen).order_id)

    def _release(self):
        self.write(
            {"state": "pending", "batch_tries": 0, "single_tries": 0, "problems": False}
        )

    def action_release(self):
        """Offer again what was put aside; somebody has mended it."""
        self.check_access("read")
        # sudo: whoever sees the queue may offer again, and nothing else
        self.sudo().filtered(lambda offer: offer.state != "confirmed")._release()

    def action_offer_again(self):
        """Offer again what 1C has taken: somebody has deleted it there."""
        self.check_access("read")
        # sudo: as above
        self.sudo()._release()

    @api.model
    def _collect_missing(self, backend):
        """Queue orders that were confirmed while the exchange was switched off."""
        orders = self.env["sale.order"].search(
            self._get_missing_domain(backend), order="id", limit=1000
        )
        if orders:
            self._offer_orders(orders)

    @api.model
    def _get_missing_domain(self, backend) -> Domain:
        domain = (
            Domain("is_cement", "=", True)
            & Domain("state", "=", "sale")
            & Domain("cement_state", "=", "new")
            & Domain("onec_offer_ids", "=", False)
        )
        if not backend.every_company:
            domain &= Domain("company_id", "=", backend.company_id.id)
        if backend.export_from:
            domain &= Domain("date_order", ">=", backend.export_from)
        return domain

    # === Offering ===

    @api.model
    def _get_open_domain(self, backend) -> Domain:
        return Domain("backend_id", "=", backend.id) & Domain(
            "state", "in", ("pending", "offered")
        )

    @api.model
    def _answer_query(self, session) -> Reply:
        """Return the orders for this session and reserve them for it."""
        backend = session.backend_id
        self._collect_missing(backend)
        offers, alone, docs = self._choose(backend)
        session.reservation_ids.unlink()
        self.env["cement.exchange.record"]._supersede_offered(backend)
        body = write_orders(
            [docs[offer.order_id.id] for offer in offers],
            generated_at=backend._to_local(fields.Datetime.now()),
            encoding=backend.encoding,
            profile=backend._get_profile(),
        )
        if offers:
            record = self.env["cement.exchange.record"]._create_offered(
                session, body, len(offers)
            )
            offers._reserve(session, record, alone, docs)
        charset = "windows-1251" if backend.encoding == "windows-1251" else "utf-8"
        return Reply(body=body, charset=charset)

    @api.model
    def _choose(self, backend) -> tuple:
        """Return the offers of the next batch, whether one by one, and the documents.

        Orders that break a rule of the exchange go to quarantine on the way.
        """
        docs: dict = {}
        while True:
            rows = self._lock_open(backend)
            plan = plan_batch(
                [
                    Candidate(key=row_id, batch_tries=batch, single_tries=single)
                    for row_id, batch, single in rows
                ],
                backend._get_batch_rules(),
            )
            if plan.quarantine:
                self.browse(plan.quarantine)._put_aside_refused()
                # the culprit is out: the others begin anew
                others = self.search(self._get_open_domain(backend))
                others.write({"batch_tries": 0, "single_tries": 0})
                continue
            offers = self.browse(plan.offer)
            fresh = offers.filtered(lambda offer: offer.order_id.id not in docs)
            docs.update(
                self.env["cement.connector.order.mapper"]._prepare_docs(backend, fresh)
            )
            if not offers._put_aside_broken(docs):
                return offers, plan.alone, docs

    @api.model
    def _lock_open(self, backend) -> list[tuple]:
        """Return the open rows, oldest first, held until the end of the transaction.

        Two queries at once wait for each other here.
        """
        self.flush_model()
        # a conflict is no error: Odoo tries the request again
        self.env.cr.execute(
            SQL(
                """SELECT id, COALESCE(batch_tries, 0), COALESCE(single_tries, 0)
                     FROM cement_connector_offer
                    WHERE backend_id = %s AND state IN ('pending', 'offered')
                    ORDER BY id FOR NO KEY UPDATE""",
                backend.id,
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchall()

    def _put_aside_refused(self):
        for offer in self:
            offer._put_aside(
                self.env._(
                    "1C was offered this order alone %(count)s times and never "
                    "confirmed it. The reason is in the log of 1C.",
                    count=offer.single_tries,
                )
            )

    def _put_aside_broken(self, docs: dict) -> bool:
        """Put aside the orders that break a rule; tell whether there were any."""
        mapper = self.env["cement.connector.order.mapper"]
        found = False
        for offer in self:
            doc = docs[offer.order_id.id]
            if doc is None:
                found = True
                offer._put_aside(self.env._("Internal error, see the server log."))
                continue
            problems = validate_order(doc, offer.backend_id._get_profile())
            problems += mapper._get_own_problems(offer.order_id, doc)
            if problems:
                found = True
                offer._put_aside("\n".join(mapper._describe(p) for p in problems))
        return found

    def _put_aside(self, reason: str):
        self.ensure_one()
        self.write({"state": "quarantine", "problems": reason})
        self.backend_id._warn(
            self.env._("Orders that 1C cannot take"),
            self.env._(
                "Order %(order)s was put aside: %(reason)s",
                order=self.order_id.name,
                reason=reason,
            ),
        )

    def _reserve(self, session, record, alone: bool, docs: dict):
        now = fields.Datetime.now()
        reservations = []
        for offer in self:
            digest = payload_hash(docs[offer.order_id.id])
            offer.write(
                {
                    "state": "offered",
                    "offered_at": now,
                    "payload_hash": digest,
                    "is_changed": False,
                    "batch_tries": offer.batch_tries + (not alone),
                    "single_tries": offer.single_tries + alone,
                }
            )
            reservations.append(
                {
                    "session_id": session.id,
                    "offer_id": offer.id,
                    "record_id": record.id,
                    "payload_hash": digest,
                }
            )
        self.env["cement.connector.reservation"].create(reservations)

    @api.model
    def _confirm_session(self, session):
        """Confirm exactly what the last query of this session was given."""
        now = fields.Datetime.now()
        reservations = session.reservation_ids
        for reservation in reservations:
            offer = reservation.offer_id
            vals = {"batch_tries": 0, "single_tries": 0, "confirmed_at": now}
            if offer.payload_hash == reservation.payload_hash and not offer.is_changed:
                vals.update(state="confirmed", problems=False)
            elif offer.state != "withdrawn":
                # changed meanwhile: 1C has the former shape and gets the new one
                vals.update(state="pending")
            offer.write(vals)
        reservations.record_id._finish_offered()
        reservations.unlink()


class CementConnectorReservation(models.Model):
    """An order given to a session by its last query."""

    _name = "cement.connector.reservation"
    _description = "Order given to a session of 1C"

    session_id = fields.Many2one(
        "cement.connector.session", required=True, index=True, ondelete="cascade"
    )
    offer_id = fields.Many2one(
        "cement.connector.offer", required=True, index=True, ondelete="cascade"
    )
    record_id = fields.Many2one("cement.exchange.record", ondelete="set null")
    payload_hash = fields.Char(required=True)

    _offer_uniq = models.UniqueIndex("(session_id, offer_id)")
