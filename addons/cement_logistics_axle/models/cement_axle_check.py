# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hmac

from odoo.addons.cement_sale.tools import planner

from ..tools import payload
from ..tools.standing import Checked, standing

VERDICTS = [
    (payload.OK, "Within the limits"),
    (payload.WARN, "Above a limit, below the threshold"),
    (payload.UNKNOWN, "Not known: the law has no answer"),
    (payload.BLOCK, "Overloaded"),
]


class CementAxleCheck(models.Model):
    """The plant's evidence that a vehicle was loaded within the law, or who let it
    go: figures, act, orders and result as they stood. Never changed."""

    _name = "cement.axle.check"
    _description = "Check of axle loads"
    _order = "id desc"

    name = fields.Char(string="Number", required=True, readonly=True)
    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    date = fields.Datetime(string="Checked on", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Checked by", required=True, readonly=True
    )
    day = fields.Date(string="Day of the way", required=True, readonly=True)
    vehicle_type_id = fields.Many2one(
        "cement.vehicle.type", required=True, readonly=True, ondelete="restrict"
    )
    plates = fields.Char(readonly=True)
    is_weighed = fields.Boolean(
        string="From the scales",
        readonly=True,
        help="Else reckoned from what was ordered.",
    )
    payload = fields.Float(string="Payload, t", digits=(16, 3), readonly=True)
    tare = fields.Float(string="Tare, t", digits=(16, 3), readonly=True)
    gross = fields.Float(string="Gross, t", digits=(16, 3), readonly=True)
    legal_max = fields.Float(
        string="Legal maximum, t",
        digits=(16, 3),
        readonly=True,
        help="Empty when no act says how much.",
    )
    is_by_gross = fields.Boolean(
        string="Gross mass only",
        readonly=True,
        help="The axles of the vehicle type are only counted: their loads were not "
        "reckoned.",
    )
    verdict = fields.Selection(VERDICTS, required=True, readonly=True)
    excess_percent = fields.Float(string="Excess, %", digits=(16, 2), readonly=True)
    worst = fields.Char(string="What binds", readonly=True)
    act = fields.Char(readonly=True)
    regulation_id = fields.Many2one(
        "cement.axle.regulation", readonly=True, index=True, ondelete="restrict"
    )
    route = fields.Text(readonly=True)
    inputs = fields.Json(readonly=True)
    results = fields.Json(readonly=True)
    digest = fields.Char(
        string="Fingerprint",
        readonly=True,
        help="Made of figures and results with the secret of this database (HMAC): "
        "whoever changes the table without that secret is found out. Whoever rules the "
        "server knows it; a copy of the database may have another one.",
    )
    is_genuine = fields.Boolean(
        string="Unchanged", compute="_compute_is_genuine", help="The fingerprint fits."
    )
    lift_reason = fields.Text(string="Let go because", readonly=True)
    lifted_by_id = fields.Many2one("res.users", string="Let go by", readonly=True)
    result_html = fields.Html(compute="_compute_result_html", sanitize=False)

    _name_uniq = models.Constraint("UNIQUE(name)", "This number was given already.")

    @api.depends("digest", "inputs", "results")
    def _compute_is_genuine(self):
        for check in self:
            check.is_genuine = check.digest == self._get_digest(
                check.inputs, check.results
            )

    @api.depends("results")
    def _compute_result_html(self):
        law = self.env["cement.axle.law"]
        for check in self:
            check.result_html = self.env["ir.qweb"]._render(
                "cement_logistics_axle.check_table",
                {"results": check.results, "tonnes": law._format_tonnes},
            )

    @api.model
    def _get_digest(self, inputs: dict, results: dict) -> str:
        """Return the fingerprint of a calculation, the same for the same figures."""
        text = json.dumps([inputs, results], sort_keys=True, ensure_ascii=False)
        # sudo: the secret of the database, which does not leave this method
        return hmac(self.sudo().env, "cement.axle.check", text)

    def _get_unexcused(self):
        """Return the checks that keep vehicles from leaving: overloaded, or nobody
        knows, and nobody has let them go."""
        return self.filtered(
            lambda check: check.verdict in (payload.BLOCK, payload.UNKNOWN)
            and not check.lift_reason
        )

    def _get_standing(self, present_kg: int | None = None):
        """Return which of these checks of one shipment still keeps it from leaving;
        none when it may go.

        :param present_kg: what is on board now, when that cannot be checked.
        """
        checks = self.sorted("id", reverse=True)
        place = standing(
            [
                Checked(
                    check.verdict,
                    planner.kg_from_tonnes(check.payload),
                    planner.kg_from_tonnes(check.legal_max),
                    is_excused=bool(check.lift_reason),
                    by_gross=check.is_by_gross,
                )
                for check in checks
            ],
            present_kg,
        )
        return checks[place] if place is not None else self.browse()

    def write(self, vals):
        """Evidence is not changed, by nobody.

        :raises UserError: always.
        """
        if self:
            raise UserError(
                self.env._("A check of axle loads cannot be changed: make a new one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        raise UserError(self.env._("Checks of axle loads are kept as evidence."))
