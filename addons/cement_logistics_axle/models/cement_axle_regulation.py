# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import regulation

STATUSES = [
    ("unchecked", "Not yet checked against the official text"),
    ("published", "As published, not checked against the official text"),
    ("official", "Checked against the official text"),
]
# So many days before the law runs out somebody is told.
GAP_NOTICE_DAYS = 60
RATINGS = [("6", "6 t"), ("10", "10 t"), ("11.5", "11.5 t")]


def rating_key(rating) -> int:
    """Return the rating of a road as the kernel has it: hundreds of kg."""
    return round(float(rating or 0) * 10)


class CementAxleRegulation(models.Model):
    """An act that limits masses and axle loads, with its days of validity."""

    _name = "cement.axle.regulation"
    _description = "Act on masses and axle loads"
    _inherit = ["mail.thread", "mail.activity.mixin", "cement.remembered"]
    _order = "valid_from desc, id"

    name = fields.Char(required=True, string="Act")
    appendix = fields.Char(help="Which appendices the tables are in.")
    country_id = fields.Many2one(
        "res.country", required=True, default=lambda self: self.env.ref("base.ru")
    )
    valid_from = fields.Date(required=True, tracking=True)
    valid_to = fields.Date(help="Last day of validity; empty when open.", tracking=True)
    source = fields.Text(help="Where the figures were read.")
    warn_percent = fields.Float(
        string="Warn above, %",
        digits=(16, 1),
        help="Excess over a limit from which people are warned.",
    )
    block_percent = fields.Float(
        string="Block above, %",
        digits=(16, 1),
        default=10.0,
        help="Excess from which a vehicle is not let go without a reason.",
    )
    mass_limit_ids = fields.One2many("cement.axle.mass.limit", "regulation_id")
    axle_limit_ids = fields.One2many("cement.axle.limit", "regulation_id")
    fine_ids = fields.One2many("cement.axle.fine", "regulation_id")
    unchecked_count = fields.Integer(
        string="Figures not checked", compute="_compute_unchecked_count"
    )
    active = fields.Boolean(default=True, tracking=True)

    _valid_order = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_from <= valid_to)",
        "An act must begin before it ends.",
    )
    _percent_order = models.Constraint(
        "CHECK(warn_percent >= 0 AND warn_percent <= block_percent)",
        "The warning must come before the block.",
    )

    @api.depends("mass_limit_ids.status", "axle_limit_ids.status", "fine_ids.status")
    def _compute_unchecked_count(self):
        for act in self:
            act.unchecked_count = sum(
                len(rows.filtered(lambda row: row.status != "official"))
                for rows in (act.mass_limit_ids, act.axle_limit_ids, act.fine_ids)
            )

    @api.constrains("valid_from", "valid_to", "country_id", "active")
    def _check_overlap(self):
        """Two acts in force on one day would give two answers."""
        for act in self.filtered("active"):
            others = self.search(
                [
                    ("id", "!=", act.id),
                    ("country_id", "=", act.country_id.id),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", act.valid_from),
                    *([("valid_from", "<=", act.valid_to)] if act.valid_to else []),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(act)s” and “%(other)s” would be in force on the same day.",
                        act=act.name,
                        other=others.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        """Keep the acts that checks were made by."""
        # sudo: who may delete acts may not read every check
        checks_sudo = self.env["cement.axle.check"].sudo()
        cited = checks_sudo.search(
            [
                "|",
                ("regulation_id", "in", self.ids),
                ("act", "in", self.mapped("name")),
            ],
            limit=1,
        )
        if cited:
            raise UserError(
                self.env._(
                    "The calculation %(check)s was made by “%(act)s”: evidence needs "
                    "its act. Give it a last day, or archive it.",
                    check=cited.name,
                    act=cited.act,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        acts = super().create(vals_list)
        acts._tell_gap()
        return acts

    def write(self, vals):
        result = super().write(vals)
        if {"active", "valid_from", "valid_to"} & vals.keys():
            self._tell_gap()
        return result

    @api.model
    def _cron_tell_gap(self):
        """Say in time that the law runs out."""
        self._tell_gap()

    @api.model
    def _get_gap(self) -> date | None:
        """Return the first of the coming days on which no act holds."""
        acts = self.sudo().search([("active", "=", True)])
        return regulation.first_gap(
            [act._prepare_regulation() for act in acts],
            fields.Date.context_today(self),
            GAP_NOTICE_DAYS,
        )

    @api.model
    def _tell_gap(self):
        """Leave an administrator, else a dispatcher, one activity while a day without
        an act is near, and take it back when it no longer is."""
        gap = self._get_gap()
        # sudo: jobs tell, and whoever changes an act
        last = (
            self.sudo()
            .with_context(active_test=False)
            .search([], order="active DESC, valid_to DESC", limit=1)
        )
        kind = "cement_logistics_axle.activity_type_no_act"
        told = last.env["mail.activity"].search(
            [
                ("activity_type_id", "=", last.env.ref(kind).id),
                ("automated", "=", True),
                ("res_model", "=", self._name),
            ]
        )
        today = fields.Date.context_today(self)
        if gap and told.filtered(
            lambda one: one.date_deadline == gap or one.date_deadline <= gap <= today
        ):
            return
        told.unlink()
        if not gap or not last:
            return
        law = self.env["cement.axle.law"]
        user = law._get_person("cement_base.group_cement_admin") or law._get_person(
            "cement_base.group_dispatcher"
        )
        if not user:
            return
        last = last.with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        )
        last.activity_schedule(
            kind,
            date_deadline=gap,
            user_id=user.id,
            summary=last.env._("No act on masses and axle loads from this day on"),
            note=last.env._(
                "Enter the act that follows, or the new last day of this one. Without "
                "an act orders are taken with a warning, and vehicles leave with a "
                "reason only."
            ),
        )

    def _prepare_regulation(self) -> regulation.Regulation:
        """Return the act as the kernel reads it."""
        self.ensure_one()
        return regulation.Regulation(
            self.id,
            self.name,
            [
                regulation.MassLimit(
                    row.kind, row.axle_count, round(row.limit * 1000), row.id
                )
                for row in self.mass_limit_ids
            ],
            [
                regulation.AxleLimit(
                    int(row.group_size),
                    row.tyres,
                    round(row.spacing_to * 1000) or None,
                    rating_key(row.rating),
                    round(row.limit * 1000),
                    air=row.is_air,
                    key=row.id,
                )
                for row in self.axle_limit_ids
            ],
            valid_from=self.valid_from,
            valid_to=self.valid_to or None,
            country=self.country_id.code,
        )

    def action_view_unchecked(self):
        """Open the axle limits that nobody has checked yet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Figures not checked"),
            "res_model": "cement.axle.limit",
            "view_mode": "list",
            "domain": [("regulation_id", "=", self.id)],
            "context": {"search_default_not_official": 1},
        }
