# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, get_lang

from ..tools import season
from .cement_road import PAVEMENTS

RULE_CLASSES = [
    ("nonfederal", "Regional and local"),
    ("regional", "Regional and inter-municipal"),
    ("local", "Local"),
    ("federal", "Federal"),
    ("all", "All"),
]
# What an order can mean in tonnes; more is kilograms typed for tonnes.
MIN_LIMIT = 0.5
MAX_AXLE_LIMIT = 30.0
MAX_GROSS_LIMIT = 100.0
_CLASSES = {
    "nonfederal": frozenset({season.REGIONAL, season.LOCAL}),
    "all": frozenset(season.ROAD_CLASSES),
}


class CementSeasonRule(models.Model):
    """One rule of an order: where, when, how much."""

    _name = "cement.season.rule"
    _description = "Rule of a seasonal order"
    _inherit = ["cement.season.told"]
    _order = "order_id, date_from, id"

    order_id = fields.Many2one(
        "cement.season.order", required=True, index=True, ondelete="cascade"
    )
    state_id = fields.Many2one(
        related="order_id.state_id", string="Region", store=True, index=True
    )
    status = fields.Selection(related="order_id.status", store=True)
    kind = fields.Selection(
        [("spring", "Closed season"), ("heat", "Summer heat")],
        required=True,
        default="spring",
    )
    zone_id = fields.Many2one(
        "cement.road.zone",
        domain="[('state_id', '=', state_id)]",
        ondelete="restrict",
        help="Empty: the whole region.",
    )
    road_class = fields.Selection(
        RULE_CLASSES, string="Roads", required=True, default="nonfederal"
    )
    section_id = fields.Many2one(
        "cement.road.section",
        domain="[('state_id', '=', state_id)]",
        ondelete="restrict",
        help="Empty: all roads of the class. A named section goes before them.",
    )
    pavement = fields.Selection(PAVEMENTS, help="Empty: any.")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    limit_single = fields.Float(
        string="Single axle, t",
        digits=(16, 3),
        help="Also for every axle when the order names one number only.",
    )
    limit_double = fields.Float(string="Each of two, t", digits=(16, 3))
    limit_triple = fields.Float(string="Each of three, t", digits=(16, 3))
    limit_gross = fields.Float(
        string="Gross, t",
        digits=(16, 3),
        help="What is still allowed; of “15 t and more” enter 14.999.",
    )
    is_open = fields.Boolean(
        string="Left open", help="A corridor: the order does not limit this section."
    )
    hour_from = fields.Float(string="Ban from", default=10.0)
    hour_to = fields.Float(string="Ban until", default=22.0)
    temperature = fields.Float(string="Above, °C", digits=(16, 1), default=32.0)
    exemption_ids = fields.Many2many(
        "cement.season.exemption",
        string="Exempt goods",
        default=lambda self: self._default_exemption_ids(),
    )
    note = fields.Char()

    _limits_not_negative = models.Constraint(
        "CHECK(limit_single >= 0 AND limit_double >= 0 AND limit_triple >= 0 "
        "AND limit_gross >= 0)",
        "A limit cannot be negative.",
    )
    _hours = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from <= 24 AND hour_to >= 0 AND hour_to <= 24)",
        "Hours lie between 0 and 24.",
    )

    @api.model
    def _default_exemption_ids(self):
        return self.env["cement.season.exemption"].search([("is_default", "=", True)])

    @api.depends("date_from", "date_to", "section_id", "zone_id", "state_id")
    def _compute_display_name(self):
        for rule in self:
            where = rule.section_id or rule.zone_id or rule.state_id
            rule.display_name = (
                f"{where.display_name}, {rule._get_dates_text()}"
                if rule.date_from and rule.date_to
                else where.display_name
            )

    def _get_dates_text(self) -> str:
        self.ensure_one()
        return (
            f"{format_date(self.env, self.date_from)} – "
            f"{format_date(self.env, self.date_to)}"
        )

    @api.constrains(
        "date_from",
        "date_to",
        "order_id",
        "kind",
        "zone_id",
        "road_class",
        "section_id",
        "pavement",
        "limit_single",
        "limit_double",
        "limit_triple",
        "limit_gross",
        "is_open",
    )
    def _check_rules(self):
        """Refuse dates and limits that cannot be, and rules that contradict others.

        Confirmed rules are compared with confirmed ones, expected with expected.
        """
        for rule in self:
            rule._check_dates()
            rule._check_limits()
        self._check_clashes()

    def _check_dates(self):
        self.ensure_one()
        problem = season.problem_of_dates(self.date_from, self.date_to)
        if problem == "order":
            raise ValidationError(
                self.env._(
                    "%(dates)s: the rule ends before it begins.",
                    dates=self._get_dates_text(),
                )
            )
        if problem == "year" or self.date_from.year != self.order_id.year:
            raise ValidationError(
                self.env._(
                    "%(dates)s: an order holds within its own year (%(year)s) only.",
                    dates=self._get_dates_text(),
                    year=str(self.order_id.year),
                )
            )
        foreign = (self.zone_id.state_id | self.section_id.state_id) - self.state_id
        if foreign:
            raise ValidationError(
                self.env._(
                    "%(dates)s: zone and section must lie in the region of the order.",
                    dates=self._get_dates_text(),
                )
            )

    def _check_limits(self):
        self.ensure_one()
        self._check_limit_bounds()
        limited = (
            self.limit_single
            or self.limit_double
            or self.limit_triple
            or self.limit_gross
        )
        if self.is_open and not self.section_id:
            raise ValidationError(
                self.env._("Name the section that the order leaves open.")
            )
        if self.kind == "spring" and not limited and not self.is_open:
            raise ValidationError(
                self.env._(
                    "%(dates)s: say how much an axle or the vehicle may weigh.",
                    dates=self._get_dates_text(),
                )
            )
        if (
            self.kind == "spring"
            and not self.limit_single
            and (self.limit_double or self.limit_triple)
        ):
            raise ValidationError(
                self.env._(
                    "%(dates)s: name the limit of a single axle too.",
                    dates=self._get_dates_text(),
                )
            )

    def _check_limit_bounds(self):
        """Refuse masses that no order can mean: the closed season would be none.

        :raises ValidationError: naming the number and what may stand there.
        """
        self.ensure_one()
        for name, most in (
            ("limit_single", MAX_AXLE_LIMIT),
            ("limit_double", MAX_AXLE_LIMIT),
            ("limit_triple", MAX_AXLE_LIMIT),
            ("limit_gross", MAX_GROSS_LIMIT),
        ):
            value = self[name]
            if value and not MIN_LIMIT <= value <= most:
                language = self.env["res.lang"]._lang_get(get_lang(self.env).code)
                raise ValidationError(
                    self.env._(
                        "%(dates)s: “%(field)s” cannot be %(value)s. Enter tonnes, not "
                        "kilograms: from %(least)s to %(most)s.",
                        dates=self._get_dates_text(),
                        field=self._fields[name]._description_string(self.env),
                        value=language.format("%.10g", value, grouping=True),
                        least=language.format("%.1f", MIN_LIMIT),
                        most=language.format("%.0f", most),
                    )
                )

    def _check_clashes(self):
        if not self:
            return
        others = self.search(
            [
                ("state_id", "in", self.state_id.ids),
                ("date_to", ">=", min(self.mapped("date_from"))),
                ("date_from", "<=", max(self.mapped("date_to"))),
                ("order_id.active", "=", True),
                ("order_id.is_example", "=", False),
            ]
        )
        known = {rule: rule._prepare_rule() for rule in others | self}
        for rule in self:
            if not rule.order_id.active or rule.order_id.is_example:
                continue
            for other in others - rule:
                if other.status == rule.status and season.clash(
                    known[rule], known[other]
                ):
                    raise ValidationError(
                        self.env._(
                            "%(rule)s says two things of the same roads: "
                            "%(order)s has a rule for %(other)s already.",
                            rule=rule.display_name,
                            order=other.order_id.display_name,
                            other=other._get_dates_text(),
                        )
                    )

    def _get_season_orders(self):
        return self.order_id

    def _is_season_touched(self, vals_list) -> bool:
        orders = self.order_id | self.order_id.browse(
            [vals["order_id"] for vals in vals_list if vals.get("order_id")]
        )
        return any(order.status == "confirmed" for order in orders)

    def _prepare_rule(self) -> season.Rule:
        """Return the rule as the kernel reads it."""
        self.ensure_one()
        return season.Rule(
            key=self.id,
            region=self.state_id.id,
            date_from=self.date_from,
            date_to=self.date_to,
            kind=self.kind,
            classes=_CLASSES.get(self.road_class, frozenset({self.road_class})),
            zone=self.zone_id.id or None,
            section=self.section_id.id or None,
            pavement=self.pavement or None,
            single_kg=round(self.limit_single * 1000),
            double_kg=round(self.limit_double * 1000),
            triple_kg=round(self.limit_triple * 1000),
            gross_kg=round(self.limit_gross * 1000),
            is_open=self.is_open,
            hour_from=self.hour_from,
            hour_to=self.hour_to,
            temperature=self.temperature,
            exempt=frozenset(self.exemption_ids.ids),
        )
