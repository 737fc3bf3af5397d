# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import regulation

STATUSES = [
    ("unchecked", "Not yet checked against the official text"),
    ("published", "As published, not checked against the official text"),
    ("official", "Checked against the official text"),
]
RATINGS = [("6", "6 t"), ("10", "10 t"), ("11.5", "11.5 t")]


def rating_key(rating) -> int:
    """Return the rating of a road as the kernel has it: hundreds of kg."""
    return round(float(rating or 0) * 10)


class CementAxleRegulation(models.Model):
    """An act that limits masses and axle loads, with its days of validity."""

    _name = "cement.axle.regulation"
    _description = "Act on masses and axle loads"
    _inherit = ["cement.remembered"]
    _order = "valid_from desc, id"

    name = fields.Char(required=True, string="Act")
    appendix = fields.Char(help="Which appendices the tables are in.")
    country_id = fields.Many2one(
        "res.country", required=True, default=lambda self: self.env.ref("base.ru")
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day of validity; empty when open.")
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
    active = fields.Boolean(default=True)

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
