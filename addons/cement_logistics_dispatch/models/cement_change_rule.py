# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.cement_logistics.tools import lifecycle

from ..tools import change


class CementChangeRule(models.Model):
    """Until when a kind of change may be asked for."""

    _name = "cement.change.rule"
    _description = "Rule of change requests"
    _inherit = "cement.remembered"
    _order = "sequence, id"

    kind = fields.Selection(
        selection=lambda self: self.env["cement.change.request"]._selection_kind(),
        required=True,
    )
    transport = fields.Selection(
        [("road", "Road"), ("rail", "Rail")], help="Empty means both."
    )
    last_state = fields.Selection(
        selection=lambda self: self.env["stock.picking"]._selection_shipment_state(),
        string="Until the status",
        required=True,
        default=lifecycle.PLANNED,
        help="The last status of the shipment in which the client may ask.",
    )
    hours_before = fields.Float(
        string="Hours before loading",
        help="While it is planned: how long before the loading at the latest.",
    )
    answer_hours = fields.Float(
        string="Answer within, h",
        required=True,
        default=24.0,
        help="After this time a request without an answer expires.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _hours_positive = models.Constraint(
        "CHECK(hours_before >= 0 AND answer_hours > 0)",
        "The hours cannot be below zero.",
    )
    _kind_uniq = models.UniqueIndex(
        "(kind, COALESCE(transport, '')) WHERE active IS TRUE",
        "There is a rule for this kind of change already.",
    )

    @api.model
    @ormcache()
    def _get_rules_values(self) -> tuple:
        # sudo: members ask by these rules, which are no secret
        return tuple(
            (rule.kind, rule.last_state, rule.transport or None, rule.hours_before)
            + (rule.answer_hours,)
            for rule in self.sudo().with_context(active_test=True).search([])
        )

    @api.model
    def _get_rules(self) -> list[change.Rule]:
        return [change.Rule(*values[:4]) for values in self._get_rules_values()]

    @api.model
    def _get_answer_hours(self, kind, transport) -> float:
        fitting = [
            values
            for values in self._get_rules_values()
            if values[0] == kind and values[2] in (None, transport)
        ]
        best = min(fitting, key=lambda values: values[2] is None, default=None)
        return best[4] if best else 24.0
