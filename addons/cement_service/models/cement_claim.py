# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import lifecycle

TEXT_LIMIT = 4000


class CementClaim(models.Model):
    """What a client complains about: an order, or the supply as a whole.

    Clients read what the guard leaves them and write nothing: a claim is made by
    :meth:`_submit`, talked over in its conversation, answered by ``resolution``.
    """

    _name = "cement.claim"
    _description = "Claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date DESC, id DESC"
    # whoever may read a claim may write in its conversation
    _mail_post_access = "read"

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    date = fields.Datetime(
        string="Made on",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_counterparty", "=", True)],
        tracking=True,
        compute="_compute_from_order",
        store=True,
        readonly=False,
        precompute=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Order",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_cement', '=', True), ('state', '!=', 'draft'), "
        "('counterparty_id', '=?', partner_id)]",
        tracking=True,
    )
    # stored copies: the portal's record rule compares them
    agreement_id = fields.Many2one(
        "agreement",
        string="Contract",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id)]",
        compute="_compute_from_order",
        store=True,
        readonly=False,
        precompute=True,
    )
    site_id = fields.Many2one(
        "cement.site",
        string="Site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        compute="_compute_from_order",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Supplier",
        index=True,
        compute="_compute_company_id",
        store=True,
        precompute=True,
    )
    plant_id = fields.Many2one(
        related="order_id.plant_id", string="Plant", store=True, index="btree_not_null"
    )
    kind_id = fields.Many2one(
        "cement.claim.kind",
        string="Kind",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    needs_mass = fields.Boolean(related="kind_id.needs_mass")
    mass = fields.Float(
        string="Mass, t",
        digits=(16, 3),
        help="How many tonnes the claim is about: missing, damaged or late.",
    )
    description = fields.Text(
        required=True, help="What happened, in the client's words."
    )
    state = fields.Selection(
        selection="_selection_state",
        string="Status",
        default=lifecycle.NEW,
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        # columns of the board in the order of the way, empty ones too
        group_expand=True,
    )
    # closing keeps what was decided
    decision = fields.Selection(
        selection="_selection_decision", readonly=True, copy=False
    )
    date_work = fields.Datetime(string="Taken to work", readonly=True, copy=False)
    date_decided = fields.Datetime(string="Decided on", readonly=True, copy=False)
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    resolution = fields.Text(
        string="Answer",
        copy=False,
        help="Shown to the client; needed to accept, refuse or close the claim.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        domain=[("share", "=", False)],
        compute="_compute_responsible_id",
        store=True,
        readonly=False,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users",
        string="Made by",
        index="btree_not_null",
        copy=False,
        help="The person of the client who made the claim.",
    )
    # the client's own files; what people inside attach is not among them
    photo_ids = fields.Many2many(
        "ir.attachment",
        "cement_claim_photo_rel",
        "claim_id",
        "attachment_id",
        string="Photos and papers",
        copy=False,
        bypass_search_access=True,
        groups="base.group_user",
    )
    photo_count = fields.Integer(
        compute="_compute_photo_count", groups="base.group_user"
    )
    client_key = fields.Char(copy=False, readonly=True, groups="base.group_system")

    _name_uniq = models.UniqueIndex("(name)", "This number is taken by another claim.")
    _client_key_uniq = models.UniqueIndex(
        "(author_id, client_key) WHERE client_key IS NOT NULL",
        "This claim has been made already.",
    )
    # the list of a counterparty and of one of its people, newest first
    _partner_idx = models.Index("(partner_id, date DESC, id DESC)")

    @api.model
    def _selection_state(self):
        return [
            (lifecycle.NEW, self.env._("New")),
            (lifecycle.IN_WORK, self.env._("In work")),
            (lifecycle.ACCEPTED, self.env._("Accepted")),
            (lifecycle.REFUSED, self.env._("Refused")),
            (lifecycle.CLOSED, self.env._("Closed")),
        ]

    @api.model
    def _selection_decision(self):
        return [
            entry
            for entry in self._selection_state()
            if entry[0] in lifecycle.DECISIONS
        ]

    # === Computes ===

    @api.depends("order_id")
    def _compute_from_order(self):
        """An order says whose it is, by which contract and for which site."""
        for claim in self:
            order = claim.order_id
            claim.partner_id = order.counterparty_id or claim.partner_id
            claim.agreement_id = order.agreement_id if order else claim.agreement_id
            claim.site_id = order.site_id if order else claim.site_id

    @api.depends("order_id.company_id", "agreement_id.company_id")
    def _compute_company_id(self):
        for claim in self:
            claim.company_id = (
                claim.order_id.company_id or claim.agreement_id.company_id
            )

    @api.depends("order_id", "partner_id")
    def _compute_responsible_id(self):
        """The manager of the order, else the one who looks after the client."""
        shell = self.env["cement.portal.shell"]
        for claim in self:
            manager = claim.order_id.user_id.filtered(
                lambda user: user.active and not user.share
            )
            if not manager and claim.partner_id:
                manager = shell._get_manager_user(claim.partner_id)
            claim.responsible_id = manager[:1] or claim.responsible_id

    @api.depends("photo_ids")
    def _compute_photo_count(self):
        for claim in self:
            claim.photo_count = len(claim.photo_ids)

    # === Rules ===

    @api.constrains("state", "resolution")
    def _check_resolution(self):
        for claim in self:
            text = (claim.resolution or "").strip()
            if lifecycle.needs_answer(claim.state) and not text:
                raise ValidationError(
                    self.env._(
                        "Write the answer to the client on claim %(claim)s first: it "
                        "is shown with the status.",
                        claim=claim.name,
                    )
                )

    @api.constrains("partner_id", "order_id", "agreement_id", "site_id")
    def _check_same_client(self):
        for claim in self:
            partner = claim.partner_id
            if (
                (claim.order_id and claim.order_id.counterparty_id != partner)
                or (
                    claim.agreement_id
                    and claim.agreement_id.commercial_partner_id != partner
                )
                or (claim.site_id and claim.site_id.partner_id != partner)
            ):
                raise ValidationError(
                    self.env._(
                        "The order, the contract and the site of claim %(claim)s must "
                        "be those of the client.",
                        claim=claim.name,
                    )
                )

    @api.constrains("mass")
    def _check_mass(self):
        if any(claim.mass < 0 for claim in self):
            raise ValidationError(self.env._("The mass cannot be below zero."))

    @api.model_create_multi
    def create(self, vals_list):
        """Number the claims; each begins as a new one."""
        # sudo: not everybody who makes a claim may read sequences
        sequences = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequences.next_by_code("cement.claim") or "/"
            vals["state"] = lifecycle.NEW
        claims = super().create(vals_list)
        claims._assign_work()
        return claims

    def write(self, vals):
        """Move forward only; each step keeps its time and tells the client."""
        target = vals.get("state")
        if not target:
            return super().write(vals)
        self._check_move(target)
        date_field = lifecycle.DATE_FIELDS.get(target)
        if date_field:
            vals = {date_field: fields.Datetime.now(), **vals}
        if target in lifecycle.DECISIONS:
            vals = {**vals, "decision": target}
        result = super().write(vals)
        if lifecycle.needs_answer(target):
            self.activity_feedback(["mail.mail_activity_data_todo"])
            self._tell_client()
        return result

    def _check_move(self, target):
        labels = dict(self._selection_state())
        for claim in self:
            if not lifecycle.can_move(claim.state, target):
                raise UserError(
                    self.env._(
                        "Claim %(claim)s cannot go from “%(state)s” to “%(target)s”.",
                        claim=claim.name,
                        state=labels.get(claim.state),
                        target=labels.get(target, target),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        if any(claim.state != lifecycle.NEW for claim in self):
            raise UserError(
                self.env._("A claim that was taken to work stays: close it instead.")
            )

    # === Buttons ===

    def action_take(self):
        """Take the claims to work; those of nobody become the user's."""
        self.filtered(
            lambda claim: not claim.responsible_id
        ).responsible_id = self.env.user
        self.write({"state": lifecycle.IN_WORK})

    def action_accept(self):
        """Agree with the client."""
        self.write({"state": lifecycle.ACCEPTED})

    def action_refuse(self):
        """Disagree, for the reason in the answer."""
        self.write({"state": lifecycle.REFUSED})

    def action_close(self):
        """Done: whatever was promised is fulfilled."""
        self.write({"state": lifecycle.CLOSED})

    # === Who is told ===

    def _assign_work(self):
        """Give the responsible an activity."""
        for claim in self:
            manager = claim.responsible_id
            if not manager:
                continue
            lang = manager.lang or self.env.lang
            claim.with_context(lang=lang).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env["cement.claim"]
                .with_context(lang=lang)
                ._get_activity_summary(claim),
            )

    @api.model
    def _get_activity_summary(self, claim) -> str:
        kind = claim.kind_id.with_env(self.env).name
        return self.env._(
            "Claim of %(client)s: %(kind)s", client=claim.partner_id.name, kind=kind
        )

    def _tell_client(self):
        """Write the decision into the conversation, and to the person who made the
        claim while this person may still read it."""
        for claim in self:
            author = claim.author_id
            # sudo: the contact of a client's person
            told = author.sudo().partner_id if claim._may_be_read_by(author) else []
            speech = claim.with_context(lang=author.lang or self.env.lang)
            speech.message_post(
                body=speech._get_decision_text(),
                partner_ids=[partner.id for partner in told],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _may_be_read_by(self, user) -> bool:
        self.ensure_one()
        if not user.active:
            return False
        # the companies chosen by the manager are not those of the client
        context = {"allowed_company_ids": user.sudo().company_ids.ids}
        return self.with_user(user).with_context(**context).has_access("read")

    def _get_decision_text(self) -> str:
        self.ensure_one()
        if self.state == lifecycle.CLOSED and self.decision:
            # the answer was told with the decision
            return self.env._("Claim %(claim)s is closed.", claim=self.name)
        labels = dict(self._selection_state())
        return self.env._(
            "Claim %(claim)s: %(state)s. %(answer)s",
            claim=self.name,
            state=labels[self.state],
            answer=self.resolution,
        )
