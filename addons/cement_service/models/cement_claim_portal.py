# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re
import uuid

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Command, Domain

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_portal.tools import uploads
from odoo.addons.cement_sale.tools.table_import import parse_quantity

from ..tools import files as claim_files
from ..tools import lifecycle
from .cement_claim import TEXT_LIMIT

_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
# How many orders the form offers, newest first; older ones are reached from
# their own page.
ORDERS_LIMIT = 40
KINDS_LIMIT = 50
# A claim without an order may be about many of them.
MAX_MASS = 10_000


class CementClaim(models.Model):
    """The claim as the client makes it and sees it."""

    _inherit = "cement.claim"

    # === Rights ===

    @api.model
    def _get_claim_denial(self, partner) -> str:
        """Return why the current user may not complain for *partner*, or nothing.

        Whoever orders or pays may complain; who only looks on may not.
        """
        user = self.env.user
        if any(
            user._cement_can(capability, partner)
            for capability in (roles.ORDER, roles.FINANCE)
        ):
            return ""
        return self.env._(
            "Your role does not include claims. Ask the owner of your company's "
            "account."
        )

    def _member_sudo(self):
        """Return the claims as superuser after the right to read was checked."""
        self.check_access("read")
        # sudo: read access was checked above
        return self.sudo()

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """Override of `portal`: no token opens the conversation, only the right to
        read the claim."""
        if self.env.user._is_internal():
            return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)
        claim = self.browse(thread_id).sudo(False)
        return claim if claim.exists() and claim.has_access(mode) else self.browse()

    def _get_access_action(self, access_uid=None, force_website=False):
        """Override of `mail`: links in letters lead clients to their own page."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        # sudo: only whether the person is an outsider
        if force_website or user.sudo().share:
            return {
                "type": "ir.actions.act_url",
                "url": f"/my/claims/{self.id}",
                "target": "self",
                "res_id": self.id,
            }
        return super()._get_access_action(
            access_uid=access_uid, force_website=force_website
        )

    # === Making a claim ===

    @api.model
    def _submit(self, vals: dict, files=()):
        """Make a claim on behalf of a member.

        :param vals: ``order_id`` or ``agreement_id`` (both may be missing),
            ``kind`` (code), ``mass`` (t, as typed), ``description``, and ``key``: the
            client's own, so that sending twice makes one claim.
        :param files: pairs of name and bytes.
        :return: the claim, in the rights of the member.
        :raises AccessError: when the role does not include claims.
        :raises UserError: saying what to mend; nothing is stored then.
        """
        key = self._parse_key(vals.get("key"))
        made = self._find_by_key(key)
        if made:
            return made
        order = self._find_order(vals.get("order_id"))
        if order:
            # sudo: the counterparty of an order that the person may read
            partner = order.sudo().counterparty_id
        else:
            partner = self.env.user._get_cement_partner()
        denial = self._get_claim_denial(partner)
        if denial:
            raise AccessError(denial)
        kind_sudo = self._find_kind(vals.get("kind"))
        record_vals = {
            "partner_id": partner.id,
            "order_id": order.id,
            "kind_id": kind_sudo.id,
            "mass": self._parse_mass(vals.get("mass"), kind_sudo, order),
            "description": self._parse_description(vals.get("description")),
            "author_id": self.env.uid,
            "client_key": key,
        }
        if not order:
            agreement = self._find_agreement(vals.get("agreement_id"), partner)
            record_vals["agreement_id"] = agreement.id
        attachments = self._prepare_files(files, kind_sudo)
        try:
            with self.env.cr.savepoint():
                # sudo: members have no right to create; everything is checked above
                claim_sudo = (
                    self.sudo()
                    .with_context(mail_create_nosubscribe=True)
                    .create(record_vals)
                )
        except UniqueViolation as error:
            # The same claim came at the same moment by another request: run again,
            # this transaction cannot see it.
            raise ConcurrencyError("claim made twice") from error
        if attachments:
            claim_sudo._attach_photos(attachments)
        return claim_sudo.sudo(False)

    @api.model
    def _parse_key(self, key):
        if not key:
            return False
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise UserError(self.env._("Reload the page and send the claim again."))
        return key

    @api.model
    def _find_by_key(self, key):
        """Return the claim that the current user made with *key*."""
        if not key:
            return self.browse()
        # sudo: the key is not for reading; only own claims are looked for
        claim_sudo = self.sudo().search(
            [("author_id", "=", self.env.uid), ("client_key", "=", key)], limit=1
        )
        return claim_sudo.sudo(False)

    @api.model
    def _find_order(self, order_id):
        """Return the order with this id among those that the person may read."""
        if not order_id:
            return self.env["sale.order"]
        order = self.env["sale.order"]
        if isinstance(order_id, int) and order_id > 0:
            order = order.sudo(False).search(
                [("id", "=", order_id), ("is_cement", "=", True)], limit=1
            )
        if not order:
            raise UserError(self.env._("This order is not among yours."))
        return order

    @api.model
    def _find_kind(self, code):
        # sudo: members read no vocabulary of the service; the form shows names
        kind_sudo = self.env["cement.claim.kind"].sudo()
        if isinstance(code, str) and code:
            kind_sudo = kind_sudo.search([("code", "=", code)], limit=1)
        if not kind_sudo:
            raise UserError(self.env._("Choose what the claim is about."))
        return kind_sudo

    @api.model
    def _find_agreement(self, agreement_id, partner):
        """Return the contract of a claim without an order.

        A person limited to contracts must name one: the claim would be out of its
        sight otherwise.
        """
        offered = self._get_agreements(partner)
        if agreement_id:
            agreement = offered.filtered(lambda agr: agr.id == agreement_id)
            if not agreement:
                raise UserError(self.env._("This contract is not among yours."))
            return agreement
        if len(offered) == 1:
            return offered
        scope = self.env.user._cement_scope(partner)
        if scope and scope.agreement_ids:
            raise UserError(self.env._("Choose the order or the contract."))
        return offered.browse()

    @api.model
    def _get_agreements(self, partner):
        return (
            self.env["agreement"]
            .sudo(False)
            .search([("commercial_partner_id", "=", partner.id)])
        )

    @api.model
    def _parse_mass(self, value, kind, order) -> float:
        if not kind.needs_mass:
            return 0.0
        text = str(value or "").strip()[:30]
        if not text:
            raise UserError(self.env._("Write how many tonnes the claim is about."))
        try:
            mass = float(parse_quantity(text))
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is not a mass in tonnes.", value=text)
            ) from None
        # sudo: the load of an order that the person may read
        limit = order.sudo().load_mass or MAX_MASS
        if mass <= 0 or round(mass * 1000) > round(limit * 1000):
            fmt = self.env["cement.portal.shell"]._get_formats()
            raise UserError(
                self.env._(
                    "The mass must be above zero and at most %(limit)s.",
                    limit=fmt.mass(limit),
                )
            )
        return mass

    @api.model
    def _parse_description(self, value) -> str:
        text = value.replace("\x00", "").strip() if isinstance(value, str) else ""
        if not text:
            raise UserError(self.env._("Write in a few words what happened."))
        if len(text) > TEXT_LIMIT:
            raise UserError(
                self.env._(
                    "The text is too long: at most %(limit)s characters.",
                    limit=TEXT_LIMIT,
                )
            )
        return text

    # === Files ===

    @api.model
    def _prepare_files(self, files, kind) -> list[dict]:
        """Return the values of the attachments, all of them or an error."""
        if len(files) > claim_files.MAX_FILES:
            raise UserError(
                self.env._(
                    "At most %(limit)s files: choose the ones that show it best.",
                    limit=claim_files.MAX_FILES,
                )
            )
        if kind.needs_photo and not files:
            raise UserError(
                self.env._("Attach a photo: without it nothing is decided.")
            )
        prepared = []
        for index, (name, content) in enumerate(files, start=1):
            fault = uploads.find_fault(content, claim_files.LIMITS)
            if fault:
                raise UserError(self._get_file_error(str(name or index)[:60], fault))
            mimetype = uploads.sniff(content)
            prepared.append(
                {
                    "name": uploads.clean_name(name, mimetype, index),
                    "raw": content,
                    "mimetype": mimetype,
                }
            )
        return prepared

    @api.model
    def _get_file_error(self, name, fault) -> str:
        return {
            uploads.EMPTY: self.env._("The file “%(name)s” is empty.", name=name),
            uploads.TOO_BIG: self.env._(
                "The file “%(name)s” is larger than 10 MB.", name=name
            ),
            uploads.UNKNOWN: self.env._(
                "The file “%(name)s” is neither a photo (JPEG, PNG, WebP, GIF, HEIC) "
                "nor a PDF.",
                name=name,
            ),
            uploads.DAMAGED: self.env._(
                "The picture “%(name)s” cannot be opened: take it again.", name=name
            ),
        }[fault]

    def _attach_photos(self, attachments):
        """Store checked files with the claim (as superuser)."""
        self.ensure_one()
        records = self.env["ir.attachment"].create(
            [
                {**vals, "res_model": self._name, "res_id": self.id}
                for vals in attachments
            ]
        )
        self.photo_ids = [Command.link(record.id) for record in records]

    def _get_photo_sudo(self, attachment_id: int):
        """Return one of the client's files of this claim, or nothing."""
        claim_sudo = self._member_sudo()
        return claim_sudo.photo_ids.filtered(lambda file: file.id == attachment_id)

    # === Pages ===

    @api.model
    def _portal_form(self, order=None) -> dict:
        """Return what the form offers the current user.

        :param order: the order that the claim is about, when it is known.
        """
        partner = self.env.user._get_cement_partner()
        if order:
            # sudo: the counterparty of an order that the person may read
            partner = order.sudo().counterparty_id
        scope = self.env.user._cement_scope(partner)
        # sudo: see _find_kind
        kinds_sudo = self.env["cement.claim.kind"].sudo().search([], limit=KINDS_LIMIT)
        return {
            "denial": self._get_claim_denial(partner),
            "order": self._portal_order(order) if order else None,
            "orders": [] if order else self._portal_orders(partner),
            "agreements": []
            if order
            else [
                (agreement.id, agreement.code or agreement.name)
                for agreement in self._get_agreements(partner)
            ],
            "must_choose": bool(scope and scope.agreement_ids),
            "kinds": [
                {
                    "code": kind.code,
                    "name": kind.name,
                    "needs_mass": kind.needs_mass,
                    "needs_photo": kind.needs_photo,
                    "hint": kind.hint or "",
                }
                for kind in kinds_sudo
            ],
            "key": uuid.uuid4().hex,
            "max_files": claim_files.MAX_FILES,
            "max_bytes": claim_files.LIMITS.max_bytes,
            "text_limit": TEXT_LIMIT,
        }

    @api.model
    def _portal_order(self, order) -> dict:
        """Return the facts of an order that the person may read."""
        # sudo: names of product and site on an order whose access was checked
        order_sudo = order.sudo()
        return {
            "id": order.id,
            "number": order_sudo.name,
            "product": order_sudo.product_text or "",
            "mass": order_sudo.load_mass,
            "site": order_sudo.site_id.name or "",
            "day": order_sudo.promised_date or order_sudo.requested_date,
            "state_label": dict(order_sudo._selection_cement_state()).get(
                order_sudo.cement_state, ""
            ),
        }

    @api.model
    def _portal_orders(self, partner) -> list[dict]:
        orders = self.env["sale.order"].search(
            [("counterparty_id", "=", partner.id), ("is_cement", "=", True)],
            order="id DESC",
            limit=ORDERS_LIMIT,
        )
        return [self._portal_order(order) for order in orders]

    @api.model
    def _portal_list(self, partner, status: str, page: int, size: int) -> dict:
        """Return a page of the claims of *partner* that the person may see.

        :param status: ``open``, ``answered`` or nothing.
        """
        base = Domain("partner_id", "=", partner.id)
        counts = dict(self._read_group(base, ["state"], ["__count"]))
        groups = {"open": lifecycle.OPEN, "answered": lifecycle.ANSWERED}
        states = groups.get(status, lifecycle.STATES)
        total = sum(counts.get(state, 0) for state in states)
        pages = max(1, -(-total // size))
        page = min(max(page, 1), pages)
        claims = self.search(
            base & Domain("state", "in", states), limit=size, offset=(page - 1) * size
        )
        return {
            "rows": claims._portal_rows(),
            "total": total,
            "all": sum(counts.values()),
            "open": sum(counts.get(state, 0) for state in lifecycle.OPEN),
            "answered": sum(counts.get(state, 0) for state in lifecycle.ANSWERED),
            "page": page,
            "denial": self._get_claim_denial(partner),
        }

    def _portal_rows(self) -> list[dict]:
        """Return what a row of the list shows of each claim."""
        labels = dict(self._selection_state())
        readable = set(self.order_id._filtered_access("read").ids)
        return [
            {
                "id": claim.id,
                "url": f"/my/claims/{claim.id}",
                "number": claim.name,
                "date": claim.date,
                "order": claim.order_id.name or "",
                "order_url": f"/my/orders/{claim.order_id.id}"
                if claim.order_id.id in readable
                else "",
                "kind": claim.kind_id.name,
                "mass": claim.mass,
                "state": claim.state,
                "state_label": labels[claim.state],
                "tone": lifecycle.tone(claim.state),
                "answer_tone": lifecycle.tone(claim.decision or claim.state),
                "answer": claim.resolution or "",
                "author": claim.author_id.name or "",
                "files": len(claim.photo_ids),
            }
            for claim in self._member_sudo()
        ]

    def _portal_page(self) -> dict:
        """Return what the page of one claim shows."""
        self.ensure_one()
        claim_sudo = self._member_sudo()
        [row] = self._portal_rows()
        manager = claim_sudo.responsible_id.filtered(lambda user: not user.share)
        labels = dict(self._selection_state())
        decided = claim_sudo.decision
        # name, time, and whether the claim is past it: a step may be left out
        step = lifecycle.STEPS[claim_sudo.state]
        steps = [
            (label, when, bool(when) or number < step)
            for number, (label, when) in enumerate(
                (
                    (labels[lifecycle.NEW], claim_sudo.date),
                    (labels[lifecycle.IN_WORK], claim_sudo.date_work),
                    (
                        labels[decided] if decided else self.env._("Decision"),
                        claim_sudo.date_decided,
                    ),
                    (labels[lifecycle.CLOSED], claim_sudo.date_closed),
                )
            )
        ]
        return {
            "claim": row,
            "object": claim_sudo,
            "description": claim_sudo.description,
            "order": self._portal_order(claim_sudo.order_id)
            if row["order_url"]
            else None,
            "contract": claim_sudo.agreement_id.code
            or claim_sudo.agreement_id.name
            or "",
            "site": claim_sudo.site_id.name or "",
            "supplier": claim_sudo.company_id.name or "",
            "steps": steps,
            "photos": [
                {
                    "id": file.id,
                    "name": file.name,
                    "size": file.file_size,
                    "url": f"/my/claims/{self.id}/files/{file.id}",
                    "is_shown": file.mimetype in uploads.SHOWN,
                }
                for file in claim_sudo.photo_ids.sorted("id")
            ],
            "manager": {
                "name": manager.name,
                "phone": manager.partner_id.phone or "",
                "email": manager.partner_id.email or "",
            }
            if manager
            else None,
        }
