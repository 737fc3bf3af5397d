# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import planner


class CementConsolidationRule(models.Model):
    """What must agree for lines to share a vehicle (условия сборного груза)."""

    _name = "cement.consolidation.rule"
    _description = "Consolidation rule"
    _inherit = "cement.remembered"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    cargo_kinds = fields.Char(
        required=True,
        help="Kinds of cargo form the rule holds for, parted by commas: bulk, "
        "big_bag, pallet, bag. A kind stands in one rule at most.",
    )
    cargo_kind_names = fields.Char(string="Cargo", compute="_compute_cargo_kind_names")
    same_product = fields.Boolean(string="Product")
    same_specification = fields.Boolean(string="Specification", default=True)
    same_warehouse = fields.Boolean(string="Warehouse", default=True)
    same_consignee = fields.Boolean(string="Consignee", default=True)
    same_site = fields.Boolean(string="Site or station", default=True)
    same_form = fields.Boolean(string="Cargo form", default=True)
    same_packaging_rule = fields.Boolean(string="Packaging", default=True)
    same_method = fields.Boolean(string="Delivery method", default=True)
    same_day = fields.Boolean(string="Day", default=True)
    same_unloading = fields.Boolean(string="Unloading way", default=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.depends("cargo_kinds")
    @api.depends_context("lang")
    def _compute_cargo_kind_names(self):
        """The kinds in words, as people know them from the cargo forms."""
        kinds = self.env["cement.cargo.form"]._fields["kind"]
        names = dict(kinds._description_selection(self.env))
        for rule in self:
            codes = [code.strip() for code in (rule.cargo_kinds or "").split(",")]
            rule.cargo_kind_names = ", ".join(
                names.get(code, code) for code in codes if code
            )

    @api.constrains("cargo_kinds", "active")
    def _check_rules(self):
        """The rules together must still be a rule set the planner accepts."""
        try:
            self._get_rule_set()
        except planner.PlannerError as error:
            raise ValidationError(
                self.env._(
                    "Each kind of cargo form (bulk, big_bag, pallet, bag) must stand "
                    "in one rule at most: %(detail)s",
                    detail=error,
                )
            ) from error

    @api.model
    def _get_attributes(self) -> list[str]:
        """Return the planner's attributes that a rule may ask for."""
        return [
            name.removeprefix("same_")
            for name in self._fields
            if name.startswith("same_")
        ]

    @api.model
    @ormcache("self.env.lang")
    def _get_rule_set(self) -> planner.RuleSet:
        """Return the rules in force, kept until one changes."""
        attributes = self._get_attributes()
        rules = [
            rule._prepare_planner_rule(attributes) for rule in self.sudo().search([])
        ]
        covered = frozenset().union(*(rule.forms for rule in rules))
        # a form that no record speaks of keeps the planner's own rule
        rules += [
            replace(rule, forms=rule.forms - covered)
            for rule in planner.DEFAULT_RULES.rules
            if rule.forms - covered
        ]
        return planner.RuleSet(rules)

    def _prepare_planner_rule(self, attributes) -> planner.ConsolidationRule:
        self.ensure_one()
        return planner.ConsolidationRule(
            name=str(self.id),
            label=self.name,
            forms=frozenset(kind.strip() for kind in self.cargo_kinds.split(",")),
            attributes=tuple(name for name in attributes if self[f"same_{name}"]),
        )
